//! What pages say of steps is what the commands do: a step that is not offered because of the state is refused, and every step of which
//! something is said is a command.

use serde_json::Value;
use shindan_app::records::Records;
use shindan_app::records::standing::{Against, standing};
use shindan_domain::ledger::{Kind, Stream};
use shindan_server::desk;

use super::fill_with;
use super::served::Served;
use crate::forms::body::body;
use crate::forms::field::Shape;
use crate::forms::target::Target;

/// Records of a kind that are looked at.
const EACH: usize = 12;

#[test]
fn a_step_that_the_state_does_not_allow_is_refused() {
    let served = Served::demo();
    let bearers = ["operator", "approver", "manager"];
    let bearers = bearers.map(|name| (name, format!("Bearer {}", served.token(name))));
    let ask = |bearer: &str, method: &str, path: &str, body: &[u8]| {
        let headers = [("authorization", bearer), ("content-type", "application/json")];
        let answer = served.send(method, path, &headers, body);
        (answer.status, serde_json::from_slice::<Value>(&answer.body).unwrap_or_default())
    };
    let (mut seen, mut wrong) = (0, Vec::new());
    for kind in Kind::ALL.iter().copied() {
        let list = ask(&bearers[0].1, "GET", &format!("/api/v1/{kind}?open=false&limit={EACH}"), b"").1;
        let ids = list["records"].as_array().into_iter().flatten().filter_map(|one| one["id"].as_str());
        for id in ids.map(str::to_owned).collect::<Vec<_>>() {
            for (name, bearer) in &bearers {
                let said = {
                    let records = Records::open(&served.data()).unwrap();
                    let now = shindan_app::clock::now();
                    let who = records.enter(&served.token(name), now).unwrap();
                    standing(&records, &who, Stream::new(kind, id.parse::<uuid::Uuid>().unwrap()), now)
                        .unwrap()
                };
                for (command, against) in said {
                    let Some(known) = desk::command(kind, Some(command)) else {
                        wrong.push(format!("{kind} {command}: there is no such command"));
                        continue;
                    };
                    let Some(against) = against else { continue };
                    let target = Target::Step(kind, id.clone(), command.to_owned());
                    let fields = target.fields();
                    let typed = fill_with(&fields, &mut |shape| match shape {
                        Shape::Record(kind) | Shape::Id(kind) | Shape::Records(kind) => {
                            let list =
                                ask(bearer, "GET", &format!("/api/v1/{kind}?open=false&limit=1"), b"").1;
                            list["records"][0]["id"].as_str().map(str::to_owned)
                        }
                        _ => None,
                    });
                    let body = body(&fields, &typed).unwrap().to_string();
                    let path = format!("/api/v1/{kind}/{id}/{}", known.name.unwrap_or_default());
                    let (status, answer) = ask(bearer, "POST", &path, body.as_bytes());
                    seen += 1;
                    if status < 400 {
                        let state = matches!(against, Against::State(_));
                        wrong.push(format!("{name}: {kind} {command} was done (state: {state}): {answer}"));
                    }
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert!(seen > 300, "{seen}");
}
