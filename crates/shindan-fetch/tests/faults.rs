//! Everything that goes wrong with a source becomes the error that says so, and the old file stands.
#![allow(clippy::unwrap_used, clippy::panic)]

mod play;

use std::sync::atomic::Ordering;
use std::time::Duration;

use play::{Play, settings};
use shindan_fetch::{
    AddressFault, Client, Expected, FetchError, Request, Settings, SettingsError, Surroundings,
};
use shindan_mirror::{Fault, Page};

const DATA: &[u8] = b"{\"vulnerabilities\":[]}";

fn page() -> Vec<Page> {
    vec![Page::new("/a.json", DATA)]
}

#[test]
fn each_fault_has_its_error_and_its_number_of_attempts() {
    let html = Fault::Html;
    let slow = Fault::Slow { piece: 1, rest: Duration::from_millis(700) };
    for (fault, code, attempts) in [
        (Fault::Status(400), "status", 1),
        (Fault::Status(401), "status", 1),
        (Fault::Status(403), "status", 1),
        (Fault::Status(404), "status", 1),
        (Fault::Status(410), "status", 1),
        (Fault::Status(204), "status", 1),
        (Fault::Status(418), "status", 1),
        (Fault::Status(500), "status", 3),
        (Fault::Status(502), "status", 3),
        (Fault::Status(503), "status", 3),
        (Fault::TooMany(None), "rate-limited", 3),
        (Fault::NotModified, "status", 1),
        (Fault::CutAfter(5), "cut", 3),
        (Fault::Length(1000), "cut", 3),
        (Fault::Refuse, "cut", 3),
        (Fault::Garbage, "protocol", 1),
        (Fault::Range("bytes 5-21/22".to_owned()), "status", 1),
        (html, "html", 1),
        (slow, "timeout", 3),
        (Fault::Redirect("/a.json".to_owned()), "redirect-loop", 1),
        (Fault::Redirect("http://user:secret@127.0.0.1/".to_owned()), "address-credentials", 1),
        (Fault::Redirect("http://example.org/".to_owned()), "address-clear-text", 1),
        (Fault::Redirect("file:///etc/passwd".to_owned()), "address-unreadable", 1),
        (Fault::Redirect("ftp://127.0.0.1/".to_owned()), "address-scheme", 1),
    ] {
        let mut play = Play::new(page());
        play.mirror.always("/a.json", fault.clone());
        let error = play.refused(&play.request("/a.json"));
        assert_eq!((error.code(), play.asked("/a.json")), (code, attempts), "{fault:?}: {error}");
        assert!(!error.to_string().contains("secret"), "{error}");
    }
}

#[test]
fn a_source_that_is_not_there_is_told_from_one_without_a_name() {
    let mut play = Play::new(page());
    let port = {
        let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        free.local_addr().unwrap().port()
    };
    let gone = Request { url: format!("http://127.0.0.1:{port}/"), ..Request::default() };
    assert_eq!(play.refused(&gone).code(), "connect");
    // The name is reserved for names that do not exist (RFC 6761), so that no network is asked in earnest.
    let nameless = Request { url: "https://source.invalid/".to_owned(), ..Request::default() };
    let error = play.refused(&nameless);
    assert!(matches!(error, FetchError::Dns { .. } | FetchError::Timeout { .. }), "{error}");
}

#[test]
fn a_server_without_tls_is_no_server_over_tls() {
    let mut play = Play::new(page());
    let url = play.mirror.url("/a.json").replace("http://", "https://");
    let error = play.refused(&Request { url, ..Request::default() });
    assert_eq!(error.code(), "tls", "{error}");
}

#[test]
fn redirects_are_followed_but_not_for_ever() {
    let mut play = Play::new(page());
    for hop in 1..=5 {
        let next = if hop == 5 { "/a.json".to_owned() } else { format!("hop{}?n={hop}", hop + 1) };
        play.mirror.always(&format!("/hop{hop}"), Fault::Redirect(next));
    }
    let fetched = play.get(&play.request("/hop1")).unwrap();
    assert_eq!(fetched.final_url.as_str(), play.mirror.url("/a.json"));
    assert_eq!(std::fs::read(play.file()).unwrap(), DATA);

    let mut play = Play::new(page());
    for hop in 0..=5 {
        play.mirror.always(&format!("/hop{hop}"), Fault::Redirect(format!("/hop{}", hop + 1)));
    }
    assert_eq!(play.refused(&play.request("/hop0")).code(), "too-many-redirects");
    assert_eq!(play.asked("/hop6"), 0);
}

#[test]
fn a_key_is_not_carried_to_another_host() {
    let other = shindan_mirror::Mirror::start(page()).unwrap();
    let mut play = Play::new(page());
    play.mirror.always("/away", Fault::Redirect(other.url("/a.json")));
    play.mirror.always("/here", Fault::Redirect("/a.json".to_owned()));
    for path in ["/away", "/here"] {
        let mut request = play.request(path);
        request.headers = vec![("apiKey".to_owned(), "secret".to_owned())];
        play.get(&request).unwrap();
        assert_eq!(play.mirror.seen(path)[0].header("apikey"), Some("secret"));
    }
    assert_eq!(other.seen("/a.json")[0].header("apikey"), None);
    assert_eq!(play.mirror.seen("/a.json")[0].header("apikey"), Some("secret"));
}

#[test]
fn no_secret_stands_in_an_error() {
    let mut play = Play::new(page());
    play.mirror.always("/a.json", Fault::Status(403));
    let mut request = play.request("/a.json?apiKey=geheim&resultsPerPage=1#geheim");
    request.headers = vec![("X-Token".to_owned(), "geheim".to_owned())];
    let error = play.refused(&request);
    assert!(error.to_string().ends_with("/a.json?apiKey=…&resultsPerPage=1: status 403"), "{error}");
    for text in [format!("{error:?}"), format!("{request:?}")] {
        assert!(!text.contains("geheim"), "{text}");
    }
    assert_eq!(play.mirror.all_seen()[0].target, "/a.json?apiKey=geheim&resultsPerPage=1");

    request.url = "https://u:geheim@example.org/".to_owned();
    let error = play.refused(&request);
    assert!(matches!(error, FetchError::Address { fault: AddressFault::Credentials, .. }));
    assert!(!format!("{error:?} {error}").contains("geheim"), "{error:?}");
}

#[test]
fn a_header_that_would_change_the_question_is_refused() {
    for (name, value) in
        [("Range", "bytes=0-1"), ("host", "x"), ("x y", "z"), ("x", "a\r\nHost: b"), ("If-None-Match", "*")]
    {
        let mut play = Play::new(page());
        let mut request = play.request("/a.json");
        request.headers = vec![(name.to_owned(), value.to_owned())];
        assert_eq!(play.refused(&request), FetchError::Header { name: name.to_owned() });
        assert_eq!(play.mirror.all_seen(), []);
    }
}

#[test]
fn the_source_says_how_long_to_stay_away() {
    for fault in [
        Fault::TooMany(Some("7".to_owned())),
        Fault::Unavailable(Some("Fri, 27 Nov 2026 06:00:07 GMT".to_owned())),
    ] {
        let mut play = Play::new(page());
        play.mirror.fault("/a.json", 1, fault);
        let fetched = play.get(&play.request("/a.json")).unwrap();
        assert_eq!(play.waited(), Duration::from_secs(7));
        assert_eq!((fetched.attempts, fetched.failed_before.len()), (2, 1));
    }
    // Less than our own wait does not shorten it.
    let mut play = Play::new(page());
    play.mirror.fault("/a.json", 1, Fault::TooMany(Some("0".to_owned())));
    play.get(&play.request("/a.json")).unwrap();
    assert_eq!(play.waited(), Duration::from_secs(2));
    // Nobody sits there for an hour, and nobody comes back sooner.
    let mut play = Play::new(page());
    play.mirror.always("/a.json", Fault::TooMany(Some("3600".to_owned())));
    let error = play.refused(&play.request("/a.json"));
    assert_eq!(error.retry_after(), Some(Duration::from_secs(3600)));
    assert_eq!((play.asked("/a.json"), play.waited()), (1, Duration::ZERO));
}

#[test]
fn waits_double_and_what_failed_before_is_told() {
    let mut play = Play::with(Settings { attempts: 4, ..settings() }, page());
    play.mirror.fault("/a.json", 1, Fault::Status(500));
    play.mirror.fault("/a.json", 2, Fault::CutAfter(0));
    play.mirror.fault("/a.json", 3, Fault::TooMany(None));
    let fetched = play.get(&play.request("/a.json")).unwrap();
    assert_eq!(fetched.failed_before, ["status", "cut", "rate-limited"]);
    assert_eq!(play.waited(), Duration::from_secs(2 + 4 + 8));
    assert_eq!(fetched.fetched_at, "2026-11-27T06:00:14Z".parse().unwrap());
}

#[test]
fn one_host_is_not_asked_faster_than_agreed() {
    let mut play = Play::with(Settings { pause: Duration::from_secs(6), ..settings() }, page());
    for _ in 0..3 {
        play.get(&play.request("/a.json")).unwrap();
    }
    assert_eq!(play.waited(), Duration::from_secs(12));
}

#[test]
fn a_source_may_want_more_time_and_say_so_with_other_statuses() {
    let mut play = Play::with(settings(), page());
    let slow = Request { pause: Duration::from_secs(6), ..play.request("/a.json") };
    play.get(&slow).unwrap();
    play.get(&slow).unwrap();
    assert_eq!(play.waited(), Duration::from_secs(6));
    // 403 is an end for most sources, and "not so fast" for some.
    let mut play = Play::with(settings(), page());
    play.mirror.fault("/a.json", 1, Fault::Status(403));
    assert_eq!(play.refused(&play.request("/a.json")).code(), "status");
    let mut play = Play::with(settings(), page());
    play.mirror.fault("/a.json", 1, Fault::Status(403));
    let busy = Request { busy: &[403], ..play.request("/a.json") };
    assert_eq!(play.get(&busy).unwrap().failed_before, ["rate-limited"]);
    assert_eq!(play.waited(), Duration::from_secs(30), "it did not say how long");
}

#[test]
fn a_key_is_sent_to_its_host_alone_and_shown_nowhere() {
    let keys: std::collections::BTreeMap<_, _> = [("nvd", ("apiKey", "geheim".to_owned()))].into();
    let with_key = Settings { keys: keys.clone(), ..settings() };
    assert!(!format!("{with_key:?}").contains("geheim"));
    let mut play = Play::with(with_key, page());
    let other = shindan_mirror::Mirror::start(page()).unwrap();
    play.mirror.always("/away.json", Fault::Redirect(other.url("/a.json")));
    play.get(&Request { key: Some("nvd"), ..play.request("/a.json") }).unwrap();
    play.get(&Request { key: Some("nvd"), ..play.request("/away.json") }).unwrap();
    play.get(&play.request("/a.json")).unwrap();
    play.get(&Request { key: Some("another"), ..play.request("/a.json") }).unwrap();
    let sent = |seen: Vec<shindan_mirror::Seen>| -> Vec<bool> {
        seen.iter().map(|seen| seen.header("apikey") == Some("geheim")).collect()
    };
    assert_eq!(sent(play.mirror.all_seen()), [true, true, false, false]);
    assert_eq!(sent(other.all_seen()), [false], "another host does not get it");
    for wrong in ["", "two words", "a\r\nb", "鍵"] {
        let keys = [("nvd", ("apiKey", wrong.to_owned()))].into();
        let error = Client::new(Settings { keys, ..settings() }, quiet()).unwrap_err();
        assert_eq!(error.code(), "key");
        assert!(wrong.is_empty() || !error.to_string().contains(wrong), "{error}");
    }
}

#[test]
fn too_large_is_refused_with_and_without_a_length() {
    let large = vec![b'x'; 5000];
    for fault in [None, Some(Fault::NoLength)] {
        let mut play = Play::new(vec![Page::new("/large", large.clone())]);
        if let Some(fault) = fault {
            play.mirror.always("/large", fault);
        }
        let mut request = play.request("/large");
        request.partial = Some(play.part());
        request.largest = Some(4999);
        let error = play.refused(&request);
        assert!(matches!(error, FetchError::TooLarge { limit: 4999, .. }), "{error}");
        assert_eq!(play.asked("/large"), 1);
        request.largest = Some(5000);
        assert_eq!(play.get(&request).unwrap().bytes, 5000);
    }
}

#[test]
fn an_empty_file_or_a_web_page_is_an_answer_only_where_it_is_expected() {
    let mut play = Play::new(vec![Page::new("/empty", Vec::new()), Page::new("/page", &b"<html>"[..])]);
    for (path, code) in [("/empty", "empty"), ("/page", "html")] {
        let mut request = play.request(path);
        assert_eq!(play.refused(&request).code(), code);
        request.partial = Some(play.part());
        assert_eq!(play.refused(&request).code(), code);
    }
    for path in ["/empty", "/page"] {
        let request = Request { expected: Expected::Anything, ..play.request(path) };
        play.get(&request).unwrap();
    }
    assert_eq!(std::fs::read(play.file()).unwrap(), b"<html>");
}

#[test]
fn a_wish_to_stop_is_heard_before_during_and_between() {
    let mut play = Play::new(page());
    play.cancelled.store(true, Ordering::SeqCst);
    assert_eq!(play.refused(&play.request("/a.json")), FetchError::Cancelled);
    assert_eq!(play.asked("/a.json"), 0);

    let large = Page::new("/large", vec![b'x'; 900_000]);
    let play = Play::new(vec![large]);
    let client = Client::new(settings(), quiet()).unwrap();
    let stop = &play.cancelled;
    let error = client
        .get(
            &play.request("/large"),
            &play.file(),
            &mut |done, _| stop.store(done > 0, Ordering::SeqCst),
            stop,
        )
        .unwrap_err();
    assert_eq!(error, FetchError::Cancelled);
    play.old_file_stands();
    assert_eq!(play.names(), ["file"]);

    let play = Play::new(page());
    play.mirror.always("/a.json", Fault::Status(500));
    let stop = std::sync::Arc::clone(&play.cancelled);
    let surroundings =
        Surroundings { sleep: Box::new(move |_| stop.store(true, Ordering::SeqCst)), ..quiet() };
    let client = Client::new(settings(), surroundings).unwrap();
    let error =
        client.get(&play.request("/a.json"), &play.file(), &mut |_, _| {}, &play.cancelled).unwrap_err();
    assert_eq!((error, play.asked("/a.json")), (FetchError::Cancelled, 1));
}

fn quiet() -> Surroundings {
    Surroundings {
        now: Box::new(|| play::NOW.parse().unwrap()),
        sleep: Box::new(|_| {}),
        chance: Box::new(|| f64::NAN),
    }
}

#[test]
fn a_folder_that_is_not_there_is_our_fault_and_not_the_sources() {
    let play = Play::new(page());
    let client = Client::new(settings(), quiet()).unwrap();
    let into = play.folder.path().join("none").join("file");
    let error = client.get(&play.request("/a.json"), &into, &mut |_, _| {}, &play.cancelled).unwrap_err();
    assert_eq!((error.code(), play.asked("/a.json")), ("file", 0));
}

#[test]
fn settings_that_cannot_be_meant_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let empty = folder.path().join("empty.pem");
    std::fs::write(&empty, "no certificate").unwrap();
    let refused = |settings| Client::new(settings, quiet()).unwrap_err();
    let proxy = Settings { proxy: Some("http://u:geheim@".to_owned()), ..settings() };
    assert!(!format!("{proxy:?}").contains("geheim"));
    let error = refused(proxy);
    assert_eq!(error, SettingsError::Proxy);
    assert!(!format!("{error:?} {error}").contains("geheim"));
    assert_eq!(refused(Settings { ca_files: vec![empty], ..settings() }).code(), "ca-empty");
    let gone = folder.path().join("gone.pem");
    assert_eq!(refused(Settings { ca_files: vec![gone], ..settings() }).code(), "ca-unreadable");
    assert_eq!(refused(Settings { attempts: 0, ..settings() }).code(), "zero");
    assert_eq!(refused(Settings { largest: 0, ..settings() }).code(), "zero");
    for user_agent in ["", " ", "a\r\nb", "診断"] {
        let settings = Settings { user_agent: user_agent.to_owned(), ..settings() };
        assert_eq!(refused(settings), SettingsError::UserAgent);
    }
}

#[test]
fn a_proxy_is_asked_for_others_and_never_for_this_computer() {
    let proxy = shindan_mirror::Mirror::start(Vec::new()).unwrap();
    let settings = Settings {
        proxy: Some(proxy.url("")),
        clear_text_hosts: ["source.invalid".to_owned()].into(),
        attempts: 1,
        ..settings()
    };
    let mut play = Play::with(settings, page());
    play.get(&play.request("/a.json")).unwrap();
    assert_eq!(proxy.all_seen(), []);
    std::fs::write(play.file(), play::OLD).unwrap();
    let away = Request { url: "https://source.invalid/a.json".to_owned(), ..Request::default() };
    let error = play.refused(&away);
    assert_eq!(error.code(), "proxy", "{error:?}");
    let seen = proxy.all_seen();
    assert_eq!((seen[0].method.as_str(), seen[0].target.as_str()), ("CONNECT", "source.invalid:443"));
}
