//! The roles that pages name are those that the use cases ask for: every command is asked for by an auditor.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use shindan_domain::ledger::Kind;
use shindan_domain::people::Action;

use super::served::Served;
use super::{fill_with, targets};
use crate::forms::body::body;
use crate::forms::field::Shape;
use crate::forms::permits::roles;
use crate::forms::target::Target;

struct Asking<'s> {
    served: &'s Served,
    bearer: String,
    known: BTreeMap<Kind, Option<String>>,
    file: String,
}

impl Asking<'_> {
    fn rest(&self, method: &str, path: &str, media: &str, body: &[u8]) -> (u16, Value) {
        let headers = [("authorization", self.bearer.as_str()), ("content-type", media)];
        let answer = self.served.send(method, path, &headers, body);
        (answer.status, serde_json::from_slice(&answer.body).unwrap_or_default())
    }

    /// A record of the kind that there is.
    fn record(&mut self, kind: Kind) -> Option<String> {
        if let Some(known) = self.known.get(&kind) {
            return known.clone();
        }
        let list = self.rest("GET", &format!("/api/v1/{kind}?open=false&limit=1"), "application/json", b"").1;
        let id = list["records"][0]["id"].as_str().map(str::to_owned);
        self.known.insert(kind, id.clone());
        id
    }
}

#[test]
fn an_auditor_is_refused_by_every_command_with_the_roles_that_pages_name() {
    let served = Served::demo();
    let bearer = format!("Bearer {}", served.token("auditor"));
    let mut asking = Asking { served: &served, bearer, known: BTreeMap::new(), file: String::new() };
    let sent = asking.rest("POST", "/api/v1/uploads?name=x.txt", "application/octet-stream", b"x").1;
    asking.file = sent["sha256"].as_str().unwrap_or_default().to_owned();
    let (mut asked, mut wrong, mut unclear) = (0, Vec::new(), Vec::new());
    for target in targets() {
        if target.needs().contains(&Action::Read) {
            continue;
        }
        let address = match &target {
            Target::Step(kind, _, command) => {
                asking.record(*kind).map(|id| format!("/api/v1/{kind}/{id}/{command}"))
            }
            Target::New(kind) => Some(format!("/api/v1/{kind}")),
            Target::Task(name) => Some(format!("/api/v1/{name}")),
        };
        let Some(address) = address else {
            unclear.push(format!("{}: no such record", target.key()));
            continue;
        };
        let fields = target.fields();
        let file = asking.file.clone();
        let typed = fill_with(&fields, &mut |shape| match shape {
            Shape::Record(kind) | Shape::Records(kind) | Shape::Id(kind) => asking.record(*kind),
            Shape::File | Shape::Files => Some(file.clone()),
            _ => None,
        });
        let body = body(&fields, &typed).unwrap().to_string();
        let (status, answer) = asking.rest("POST", &address, "application/json", body.as_bytes());
        let reason = &answer["reason"];
        if reason["code"] != "role-missing" {
            unclear.push(format!("{}: {status} {}", target.key(), answer["detail"]));
            continue;
        }
        asked += 1;
        let named = roles(target.needs());
        let told = reason["params"]["roles"].as_str().unwrap_or_default();
        // Where several kinds of steps lead there, the first that fails is told.
        if !told.split(", ").all(|told| named.iter().any(|role| role.as_str() == told)) {
            wrong.push(format!("{}: pages name {named:?}, refused with {told}", target.key()));
        }
        let exact = target.needs().len() > 1 || json!(told.split(", ").count()) == json!(named.len());
        if !exact {
            wrong.push(format!("{}: pages name {named:?}, refused with {told}", target.key()));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert!(asked > 150, "{asked} were asked; not clear: {unclear:#?}");
}
