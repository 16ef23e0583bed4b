//! Commands: done, not done twice, not done on something else than was seen, refused with who and why.

use serde_json::{Value, json};

use crate::client::Served;

fn revision(served: &Served, person: &str) -> u64 {
    served.get(&format!("/api/v1/person/{person}")).body["revision"].as_u64().unwrap()
}

#[test]
fn a_person_is_entered_and_acts_with_a_token() {
    let served = Served::new();
    let entered = served.post("/api/v1/person", &json!({"name": "鈴木 一郎", "roles": ["operator"]}));
    assert_eq!((entered.status, entered.headers["etag"].as_str()), (201, "\"1\""));
    let id = entered.body["record"]["id"].as_str().unwrap().to_owned();
    assert_eq!(entered.headers["location"], format!("/api/v1/person/{id}"));
    assert_eq!(entered.body["repeated"], false);

    let granted = served.post(&format!("/api/v1/person/{id}/grant"), &json!({"role": "auditor"}));
    assert_eq!((granted.status, &granted.body["revision"]), (200, &json!(2)));
    let shown = served.get(&entered.headers["location"]);
    assert_eq!(shown.headers["etag"], "\"2\"");
    assert_eq!(shown.body["facts"]["roles"], json!(["operator", "auditor"]));

    let token = served.token_of(&id, "write");
    let me = served.send("GET", "/api/v1/me", &[("authorization", &format!("bearer {token}"))], b"");
    assert_eq!((me.status, &me.body["name"], &me.body["person"]), (200, &json!("鈴木 一郎"), &json!(id)));
    let by_name = served.get("/api/v1/person/%E9%88%B4%E6%9C%A8%20%E4%B8%80%E9%83%8E");
    assert_eq!(by_name.body["id"], json!(id), "found by name, too");

    let withdrawn = shown_token(&served, &id);
    let gone = served.post(&format!("/api/v1/person/{id}/withdraw-token"), &json!({"token": withdrawn}));
    assert_eq!(gone.status, 200, "{gone:?}");
    let me = served.send("GET", "/api/v1/me", &[("authorization", &format!("Bearer {token}"))], b"");
    assert_eq!(me.body["code"], "token-unknown");

    let renamed = served.post(&format!("/api/v1/person/{id}/rename"), &json!({"name": "鈴木 二郎"}));
    assert_eq!(renamed.status, 200);
    let erased = served.post(&format!("/api/v1/person/{id}/erase-name"), &json!({}));
    assert_eq!(erased.status, 200);
    let ended = served.post(&format!("/api/v1/person/{id}/deactivate"), &json!({"reason": "left"}));
    assert_eq!(ended.status, 200);
    assert_eq!(served.get(&format!("/api/v1/person/{id}")).body["state"], "inactive");
}

fn shown_token(served: &Served, person: &str) -> Value {
    served.get(&format!("/api/v1/person/{person}")).body["lists"]["tokens"][0]["token"].clone()
}

#[test]
fn a_request_that_is_sent_again_is_not_done_again() {
    let served = Served::new();
    let body = json!({"name": "佐藤", "roles": ["approver"]});
    let send = |key: &str, body: &Value| {
        served.post_as(&served.token, "/api/v1/person", &[("idempotency-key", key)], body)
    };
    let first = send("k-1", &body);
    let again = send("k-1", &body);
    assert_eq!((first.status, again.status), (201, 201));
    assert_eq!((&first.body["repeated"], &again.body["repeated"]), (&json!(false), &json!(true)));
    assert_eq!(first.body["record"], again.body["record"]);
    let other = send("k-1", &json!({"name": "高橋", "roles": ["approver"]}));
    assert_eq!((other.status, &other.body["code"]), (422, &json!("key-reused")));
    assert_eq!(send("k-2", &body).body["repeated"], false);
    let people = served.get("/api/v1/person?open=false");
    assert_eq!(people.body["records"].as_array().unwrap().len(), 3);

    // A token is given once: the repetition cannot give another one.
    let path = format!("/api/v1/person/{}/issue-token", served.person);
    let wanted = json!({"purpose": "x", "scope": "read", "days": 1});
    let issue = || served.post_as(&served.token, &path, &[("idempotency-key", "t-1")], &wanted);
    assert!(issue().body["token"].is_string());
    let again = issue();
    assert_eq!((&again.body["token"], &again.body["repeated"]), (&Value::Null, &json!(true)));
}

#[test]
fn what_was_changed_since_it_was_seen_is_not_overwritten() {
    let served = Served::new();
    let id = served.register("佐藤", &["operator"]);
    let grant = |tag: &str, role: &str| {
        let path = format!("/api/v1/person/{id}/grant");
        served.post_as(&served.token, &path, &[("if-match", tag)], &json!({"role": role}))
    };
    assert_eq!(grant("\"1\"", "auditor").status, 200);
    let late = grant("\"1\"", "approver");
    assert_eq!((late.status, &late.body["code"]), (412, &json!("revision-differs")));
    assert_eq!((&late.body["params"]["expected"], &late.body["params"]["found"]), (&json!(1), &json!(2)));
    assert_eq!(revision(&served, &id), 2, "nothing was written");
    assert_eq!(grant("*", "approver").status, 200);
    assert_eq!(grant("3", "manager").body["code"], "header-invalid");
}

#[test]
fn who_may_not_is_refused_in_their_language_and_the_refusal_is_kept() {
    let served = Served::new();
    let auditor = served.register("監査", &["auditor"]);
    let token = served.token_of(&auditor, "write");
    let body = json!({"name": "x", "roles": ["operator"]});
    let refused = served.post_as(&token, "/api/v1/person", &[("accept-language", "ja")], &body);
    assert_eq!((refused.status, &refused.body["code"]), (403, &json!("forbidden")));
    assert_eq!(refused.body["reason"]["code"], "role-missing");
    assert_eq!(refused.body["reason"]["params"]["roles"], "admin");
    assert_eq!(refused.body["title"], "あなたには許可されていません");
    let english = served.post_as(&token, "/api/v1/person", &[], &body);
    assert_eq!(english.body["title"], "Not permitted to you");
    assert_ne!(english.body["detail"], refused.body["detail"]);

    let reading = served.token_of(&served.person, "read");
    let refused = served.post_as(&reading, "/api/v1/person", &[], &body);
    assert_eq!((refused.status, &refused.body["reason"]["code"]), (403, &json!("token-reads-only")));

    // A gate is not a matter of roles.
    let path = format!("/api/v1/person/{}/revoke", served.person);
    let last = served.post(&path, &json!({"role": "admin"}));
    assert_eq!((last.status, &last.body["reason"]["code"]), (422, &json!("last-administrator")));
    assert_eq!(last.body["record"], "山田 花子");

    let kept = served.get("/api/v1/ledger/refusals");
    let codes: Vec<_> = kept.body["refusals"]
        .as_array()
        .unwrap()
        .iter()
        .map(|refusal| refusal["reason"]["code"].clone())
        .collect();
    assert_eq!(codes, ["last-administrator", "token-reads-only", "role-missing", "role-missing"]);
    assert_eq!(kept.body["refusals"][3]["person"], json!(auditor));
}

#[test]
fn many_at_once_lose_nothing_of_each_other() {
    let served = Served::new();
    std::thread::scope(|scope| {
        for worker in 0..6 {
            let served = &served;
            scope.spawn(move || {
                for number in 0..8 {
                    served.register(&format!("{worker}-{number}"), &["operator"]);
                }
            });
        }
    });
    let verified = served.get("/api/v1/ledger/verification?states=true");
    assert_eq!((&verified.body["whole"], &verified.body["entries"]), (&json!(true), &json!(50)));
    assert_eq!(verified.body["differences"], json!([]));
    let people = served.get("/api/v1/person?limit=1000");
    assert_eq!(people.body["records"].as_array().unwrap().len(), 49);
}

#[test]
fn one_record_at_once_is_changed_by_one_and_the_others_are_told() {
    let served = Served::new();
    let id = served.register("佐藤", &["operator"]);
    let statuses: Vec<u16> = std::thread::scope(|scope| {
        let workers: Vec<_> = ["admin", "manager", "approver", "auditor", "partner"]
            .into_iter()
            .map(|role| {
                let (served, path) = (&served, format!("/api/v1/person/{id}/grant"));
                scope.spawn(move || served.post(&path, &json!({"role": role})).status)
            })
            .collect();
        workers.into_iter().map(|worker| worker.join().unwrap()).collect()
    });
    let done = statuses.iter().filter(|status| **status == 200).count();
    assert!(done >= 1 && statuses.iter().all(|status| matches!(status, 200 | 409)), "{statuses:?}");
    assert_eq!(revision(&served, &id), 1 + done as u64, "each was done as a whole or not at all");
}
