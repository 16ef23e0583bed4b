//! Whatever is not answered with a result.

use serde_json::json;
use shindan_server::Limits;

use crate::client::Served;

#[test]
fn what_cannot_be_understood_is_said_to_be() {
    let served = Served::new();
    let bearer = format!("Bearer {}", served.token);
    let code = |method: &str, path: &str, headers: &[(&str, &str)], body: &[u8]| {
        let mut all = vec![("authorization", bearer.as_str())];
        all.extend_from_slice(headers);
        let answer = served.send(method, path, &all, body);
        (answer.status, answer.body["code"].as_str().unwrap().to_owned())
    };
    let json = [("content-type", "application/json; charset=utf-8")];
    let told = |status: u16, code: &str| (status, code.to_owned());
    assert_eq!(code("GET", "/", &[], b""), told(404, "path-unknown"));
    assert_eq!(code("GET", "/api/v2/person", &[], b""), told(404, "path-unknown"));
    assert_eq!(code("GET", "/api/v1/unicorn", &[], b""), told(404, "path-unknown"));
    assert_eq!(code("POST", "/api/v1/person/x/fly", &json, b"{}"), told(404, "path-unknown"));
    assert_eq!(code("POST", "/api/v1/case", &json, b"{\"x\":1}").0 / 100, 4);
    assert_eq!(code("DELETE", "/api/v1/person", &[], b""), told(405, "method-unknown"));
    assert_eq!(code("PUT", "/api/v1/person/x", &json, b"{}"), told(405, "method-unknown"));
    assert_eq!(code("GET", "/api/v1/person/nobody", &[], b""), told(404, "record-unknown"));
    assert_eq!(
        code("POST", "/api/v1/person/nobody/grant", &json, b"{\"role\":\"admin\"}"),
        told(404, "record-unknown")
    );
    for query in [
        "limit=0",
        "limit=1001",
        "limit=x",
        "sort=size",
        "open=perhaps",
        "colour=red",
        "limit=1&limit=2",
        "relation=subject",
        "relation=friend&target=x",
        "target=x",
        "cursor=zzz",
    ] {
        assert_eq!(
            code("GET", &format!("/api/v1/person?{query}"), &[], b""),
            told(400, "query-invalid"),
            "{query}"
        );
    }
    let body = |text: &str| code("POST", "/api/v1/person", &json, text.as_bytes());
    assert_eq!(body("{"), told(400, "body-invalid"));
    assert_eq!(body("[]"), told(400, "body-invalid"));
    assert_eq!(body("{\"name\":\"x\"}"), told(400, "body-invalid"));
    assert_eq!(body("{\"name\":\"x\",\"roles\":[\"king\"]}"), told(400, "body-invalid"));
    assert_eq!(body("{\"name\":\"x\",\"roles\":[\"admin\"],\"more\":1}"), told(400, "body-invalid"));
    assert_eq!(body("{\"name\":\"  \",\"roles\":[\"admin\"]}"), told(422, "refused"));
    assert_eq!(body("{\"name\":\"x\",\"roles\":[]}"), told(422, "refused"));
    let plain = [("content-type", "text/plain")];
    assert_eq!(code("POST", "/api/v1/person", &plain, b"{\"name\":\"x\"}"), told(415, "media-type"));
    let days = format!("/api/v1/person/{}/issue-token", served.person);
    let token = b"{\"purpose\":\"x\",\"scope\":\"read\",\"days\":0}";
    assert_eq!(code("POST", &days, &json, token), told(400, "value-invalid"));
    let people = served.get("/api/v1/person?open=false");
    assert_eq!(people.body["records"].as_array().unwrap().len(), 1, "nothing of it was done");
}

#[test]
fn several_of_one_name_are_ambiguous() {
    let served = Served::new();
    served.register("佐藤", &["operator"]);
    served.register("佐藤", &["auditor"]);
    let answer = served.get("/api/v1/person/%E4%BD%90%E8%97%A4");
    assert_eq!((answer.status, &answer.body["code"]), (409, &json!("record-ambiguous")));
}

#[test]
fn bodies_have_a_limit() {
    let served = Served::within(Limits { body: 1000, ..Limits::default() });
    let large = json!({"name": "x".repeat(2000), "roles": ["admin"]});
    let answer = served.post("/api/v1/person", &large);
    assert_eq!((answer.status, &answer.body["code"]), (413, &json!("body-too-large")));
    // The same without saying how long it is.
    let mut stream = served.connect();
    let head = format!(
        "POST /api/v1/person HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {}\r\ncontent-type: application/json\r\n\
         transfer-encoding: chunked\r\n\r\n7d0\r\n{}\r\n0\r\n\r\n",
        served.token,
        "x".repeat(2000)
    );
    std::io::Write::write_all(&mut stream, head.as_bytes()).unwrap();
    assert_eq!(crate::client::read_answer(&mut stream).body["code"], "body-too-large");
    assert_eq!(served.post("/api/v1/person", &json!({"name": "x", "roles": ["admin"]})).status, 201);
}

/// Something is wrong inside: the answer says nothing of it, and is the same whatever it is.
#[test]
fn a_fault_inside_tells_nothing() {
    let served = Served::new();
    let id = served.register("佐藤", &["operator"]);
    let file = rusqlite::Connection::open(served.folder.join("ledger/shindan.db")).unwrap();
    file.execute("UPDATE record SET state = ?1 WHERE title <> 'admin, operator'", [b"secret".as_slice()])
        .unwrap();
    let answer = served.get(&format!("/api/v1/person/{id}"));
    let constant = json!({
        "type": "urn:shindan:problem:internal", "title": "Internal Server Error", "status": 500, "code": "internal",
    });
    assert_eq!((answer.status, answer.body), (500, constant));
    assert_eq!(served.get("/api/v1/me").status, 200, "and it goes on");
}

#[test]
fn a_ledger_that_others_use_is_waited_for() {
    let served = Served::new();
    let file = rusqlite::Connection::open(served.folder.join("ledger/shindan.db")).unwrap();
    file.execute_batch("BEGIN IMMEDIATE").unwrap();
    std::thread::scope(|scope| {
        let waiting = scope.spawn(|| served.register("佐藤", &["operator"]));
        assert_eq!(served.get("/api/v1/person").status, 200, "reading goes on");
        std::thread::sleep(std::time::Duration::from_millis(100));
        file.execute_batch("ROLLBACK").unwrap();
        waiting.join().unwrap();
    });
}

#[test]
fn a_token_made_without_the_second_factor_that_a_role_needs_is_refused_with_what_to_do() {
    let served = Served::new();
    let (manager, approver) = (served.register("企画", &["manager"]), served.register("承認", &["approver"]));
    let (manager, approver) = (served.token_of(&manager, "write"), served.token_of(&approver, "write"));
    let asked = json!({"title": "二要素認証", "reason": "規程", "second_factor": {"roles": ["operator"]}});
    let proposed = served.post_as(&manager, "/api/v1/policy", &[], &asked);
    assert_eq!(proposed.status, 201, "{proposed:?}");
    let id = proposed.body["record"]["id"].as_str().unwrap();
    assert_eq!(served.get("/api/v1/person").status, 200);
    let approved = served.post_as(&approver, &format!("/api/v1/policy/{id}/approve"), &[], &json!({}));
    assert_eq!(approved.status, 200, "{approved:?}");
    let refused = served.get("/api/v1/person");
    assert_eq!((refused.status, &refused.body["code"]), (403, &json!("forbidden")), "{refused:?}");
    assert_eq!(refused.body["reason"]["code"], json!("token-without-second-factor"));
    assert!(refused.body["detail"].as_str().unwrap().contains("authenticator app"), "{refused:?}");
    let wanted = json!({"purpose": "test", "scope": "read", "days": 1});
    let own = served.post(&format!("/api/v1/person/{}/issue-token", served.person), &wanted);
    assert_eq!(own.status, 403, "it makes no other: {own:?}");
    assert_eq!(served.get_as(&approver, "/api/v1/person").status, 200, "whose role needs none");
}
