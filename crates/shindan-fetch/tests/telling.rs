//! What is told to a webhook is heard once or is an error, and the path of its address, a secret, is in no message.
#![allow(clippy::unwrap_used, clippy::panic)]

mod play;

use play::{Play, settings};
use shindan_fetch::{Post, Settings};
use shindan_mirror::{Fault, Page};

const PATH: &str = "/services/T00/hush";

fn post(play: &Play) -> Post {
    let headers = vec![("Authorization".to_owned(), "Bearer hush".to_owned())];
    Post { url: play.mirror.url(PATH), headers, body: "{\"text\":\"緊急\"}".as_bytes().to_vec() }
}

#[test]
fn a_webhook_hears_the_text_with_its_headers() {
    let play = Play::new(vec![Page::new(PATH, &b"ok"[..])]);
    let posted = play.post(&post(&play)).unwrap();
    assert_eq!((posted.status, posted.attempts), (200, 1));
    let heard = &play.mirror.seen(PATH)[0];
    assert_eq!(heard.method, "POST");
    assert_eq!(heard.header("content-type"), Some("application/json"));
    assert_eq!(heard.header("authorization"), Some("Bearer hush"));
    assert_eq!(heard.body, "{\"text\":\"緊急\"}".as_bytes());
}

#[test]
fn what_passes_is_tried_again_and_what_does_not_is_not() {
    for (fault, code, attempts) in [
        (Fault::Status(500), "status", 3),
        (Fault::TooMany(None), "rate-limited", 3),
        (Fault::Refuse, "cut", 3),
        (Fault::Status(404), "status", 1),
        (Fault::Redirect("/elsewhere".to_owned()), "status", 1),
        (Fault::Garbage, "protocol", 1),
    ] {
        let play = Play::new(vec![Page::new(PATH, &b"ok"[..]), Page::new("/elsewhere", &b"ok"[..])]);
        play.mirror.always(PATH, fault.clone());
        let error = play.post(&post(&play)).unwrap_err();
        assert_eq!((error.code(), play.asked(PATH)), (code, attempts), "{fault:?}: {error}");
        assert_eq!(play.asked("/elsewhere"), 0, "no redirect is followed");
        assert!(!format!("{error} {error:?}").contains("hush"), "{error:?}");
    }
    let play = Play::new(vec![Page::new(PATH, &b"ok"[..])]);
    play.mirror.fault(PATH, 1, Fault::Unavailable(None));
    let posted = play.post(&post(&play)).unwrap();
    assert_eq!((posted.attempts, posted.failed_before), (2, vec!["status"]));
}

#[test]
fn nothing_is_told_in_clear_text_beyond_this_computer() {
    let clear_text_hosts = ["mirror.hospital.example".to_owned()].into();
    let play = Play::with(Settings { clear_text_hosts, ..settings() }, Vec::new());
    for (url, code) in [
        ("http://mirror.hospital.example/hush", "address-clear-text"),
        ("http://hooks.example.org/hush", "address-clear-text"),
        ("https://user:hush@hooks.example.org/", "address-credentials"),
        ("hush", "address-unreadable"),
    ] {
        let error = play.post(&Post { url: url.to_owned(), ..Post::default() }).unwrap_err();
        assert_eq!(error.code(), code, "{url}");
        assert!(!error.to_string().contains("hush"), "{error}");
    }
    let told = format!("{:?}", post(&play));
    assert!(!told.contains("hush") && told.contains("Authorization"), "{told}");
}
