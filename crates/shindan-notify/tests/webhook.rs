//! What a webhook on loopback hears.
#![allow(clippy::unwrap_used)]

use std::sync::atomic::AtomicBool;

use shindan_fetch::Surroundings;
use shindan_mirror::{Fault, Mirror, Page};
use shindan_notify::{Client, Message, NotifyError, Secret, Webhook, web_client};

fn client() -> Client {
    let surroundings = Surroundings {
        now: Box::new(|| "2026-11-27T06:00:00Z".parse().unwrap()),
        sleep: Box::new(|_| {}),
        chance: Box::new(|| 1.0),
    };
    web_client(None, Vec::new(), surroundings).unwrap()
}

fn message() -> Message {
    Message {
        id: "digest-1".to_owned(),
        at: "2026-11-27T06:00:00Z".parse().unwrap(),
        subject: "新着 3 件".to_owned(),
        text: "CVE-2026-0001\n\"quoted\"".to_owned(),
    }
}

#[test]
fn a_webhook_hears_json_and_the_number_of_the_message() {
    let mirror = Mirror::start(vec![Page::new("/hush", &b"ok"[..])]).unwrap();
    let client = client();
    let webhook = Webhook::new(&client, Secret::new(&mirror.url("/hush")));
    webhook.send(&message(), &AtomicBool::new(false)).unwrap();
    let heard = &mirror.seen("/hush")[0];
    assert_eq!(heard.header("idempotency-key"), Some("digest-1"));
    let body: serde_json::Value = serde_json::from_slice(&heard.body).unwrap();
    assert_eq!(body["subject"], "新着 3 件");
    assert_eq!(body["text"], "新着 3 件\n\nCVE-2026-0001\n\"quoted\"");
    assert_eq!(body["at"], "2026-11-27T06:00:00Z");
    assert!(!format!("{webhook:?} {}", webhook.shown()).contains("hush"));
}

#[test]
fn a_webhook_that_does_not_hear_is_an_error() {
    let mirror = Mirror::start(vec![Page::new("/hush", &b"ok"[..])]).unwrap();
    let client = client();
    let webhook = Webhook::new(&client, Secret::new(&mirror.url("/hush")));
    for (fault, code, passes) in [
        (Fault::Status(500), "status", true),
        (Fault::Status(403), "status", false),
        (Fault::Refuse, "cut", true),
    ] {
        mirror.always("/hush", fault);
        let error = webhook.send(&message(), &AtomicBool::new(false)).unwrap_err();
        assert_eq!((error.code(), error.passes()), (code, passes), "{error}");
        assert!(!format!("{error} {error:?}").contains("hush"));
    }
    let bent = Message { subject: "a\nb".to_owned(), ..message() };
    assert_eq!(webhook.send(&bent, &AtomicBool::new(false)), Err(NotifyError::Subject));
    let stopped = webhook.send(&message(), &AtomicBool::new(true)).unwrap_err();
    assert_eq!(stopped.code(), "cancelled");
}
