//! What a fetch that succeeds leaves: the file, the evidence, and as little traffic as possible.
#![allow(clippy::unwrap_used)]

mod play;

use std::time::Duration;

use play::{OLD, Play};
use shindan_fetch::{Request, Validators};
use shindan_mirror::{Fault, Page};

fn long() -> Vec<u8> {
    (0..200_000_u32).map(|number| b'a' + u8::try_from(number % 23).unwrap()).collect()
}

#[test]
fn a_file_comes_with_its_evidence() {
    let page = Page::new("/a.json", &b"abc"[..])
        .content_type("application/json")
        .last_modified("Thu, 26 Nov 2026 00:00:00 GMT")
        .etag(Some("\"v1\""));
    let mut play = Play::new(vec![page]);
    play.mirror.date("Fri, 27 Nov 2026 06:05:00 GMT");
    let fetched = play.get(&play.request("/a.json")).unwrap();
    assert_eq!(fetched.status, 200);
    assert_eq!(fetched.sha256, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    assert_eq!((fetched.bytes, fetched.length_stated, fetched.not_modified), (3, true, false));
    assert_eq!(fetched.validators.etag.as_deref(), Some("\"v1\""));
    assert_eq!(fetched.validators.last_modified.as_deref(), Some("Thu, 26 Nov 2026 00:00:00 GMT"));
    assert_eq!(fetched.content_type.as_deref(), Some("application/json"));
    assert_eq!(fetched.date, Some("2026-11-27T06:05:00Z".parse().unwrap()));
    assert_eq!(fetched.skew_seconds, Some(300), "the server is five minutes ahead");
    assert_eq!(fetched.fetched_at, play::NOW.parse().unwrap());
    assert_eq!((fetched.attempts, fetched.failed_before.len()), (1, 0));
    assert_eq!(std::fs::read(play.file()).unwrap(), b"abc");
    assert_eq!(play.names(), ["file"]);
    assert_eq!(play.progress, [(0, Some(3)), (3, Some(3))]);

    let seen = &play.mirror.seen("/a.json")[0];
    assert_eq!(seen.method, "GET");
    assert_eq!(seen.header("user-agent"), Some("shindan-test/1 (+https://example.org/)"));
    assert_eq!(seen.header("accept-encoding"), Some("identity"));
    for absent in ["cookie", "referer", "range", "if-none-match", "if-modified-since"] {
        assert_eq!(seen.header(absent), None);
    }
}

#[test]
fn a_clock_that_is_wrong_is_told_and_one_that_is_unreadable_is_not_guessed() {
    let mut play = Play::new(vec![Page::new("/a", &b"abc"[..])]);
    play.mirror.fault("/a", 1, Fault::Date("Thu, 26 Nov 2026 06:00:00 GMT".to_owned()));
    play.mirror.fault("/a", 2, Fault::Date("yesterday".to_owned()));
    assert_eq!(play.get(&play.request("/a")).unwrap().skew_seconds, Some(-86_400));
    let unreadable = play.get(&play.request("/a")).unwrap();
    assert_eq!((unreadable.date, unreadable.skew_seconds), (None, None));
}

#[test]
fn what_is_known_is_not_fetched_again() {
    let old = Page::new("/a", OLD).last_modified("Thu, 26 Nov 2026 00:00:00 GMT");
    let mut play = Play::new(vec![old]);
    let first = play.get(&play.request("/a")).unwrap();
    let request = Request { known: Some(first.validators.clone()), ..play.request("/a") };
    let second = play.get(&request).unwrap();
    assert_eq!((second.status, second.not_modified), (304, true));
    assert_eq!((&second.sha256, second.bytes), (&first.sha256, first.bytes));
    assert_eq!(second.validators, first.validators);
    play.old_file_stands();
    assert_eq!(play.names(), ["file"]);

    // A 304 without validators leaves those that are known.
    play.mirror.fault("/a", 3, Fault::NotModified);
    assert_eq!(play.get(&request).unwrap().validators, first.validators);

    // The source published something.
    play.mirror.put(Page::new("/a", &b"new"[..]));
    let new = play.get(&request).unwrap();
    assert_eq!((new.status, new.not_modified), (200, false));
    assert_eq!(std::fs::read(play.file()).unwrap(), b"new");

    // The file is gone: what was known about it is of no use.
    std::fs::remove_file(play.file()).unwrap();
    let request = Request { known: Some(new.validators), ..play.request("/a") };
    assert_eq!(play.get(&request).unwrap().status, 200);
    assert_eq!(play.mirror.seen("/a").last().unwrap().header("if-none-match"), None);
}

#[test]
fn by_date_alone_it_works_as_well() {
    let date = "Thu, 26 Nov 2026 00:00:00 GMT";
    let mut play = Play::new(vec![Page::new("/a", OLD).etag(None).last_modified(date)]);
    let known = Validators { etag: None, last_modified: Some(date.to_owned()) };
    let fetched = play.get(&Request { known: Some(known), ..play.request("/a") }).unwrap();
    assert!(fetched.not_modified);
    assert_eq!(play.mirror.seen("/a")[0].header("if-modified-since"), Some(date));
}

#[test]
fn a_cut_download_is_taken_up_between_attempts() {
    let mut play = Play::new(vec![Page::new("/long", long())]);
    play.mirror.fault("/long", 1, Fault::CutAfter(150_000));
    play.mirror.fault("/long", 2, Fault::CutAfter(30_000));
    let fetched = play.get(&play.request("/long")).unwrap();
    assert_eq!((fetched.status, fetched.bytes, fetched.attempts), (206, 200_000, 3));
    assert_eq!(std::fs::read(play.file()).unwrap(), long());
    let mut whole = Play::new(vec![Page::new("/long", long())]);
    assert_eq!(whole.get(&whole.request("/long")).unwrap().sha256, fetched.sha256);
    let seen = play.mirror.seen("/long");
    assert_eq!(seen[1].header("range"), Some("bytes=150000-"));
    assert_eq!(seen[2].header("range"), Some("bytes=180000-"));
    assert!(seen[1].header("if-range").is_some_and(|tag| tag.starts_with('"')));
}

#[test]
fn a_cut_download_is_taken_up_days_later() {
    let mut play = Play::new(vec![Page::new("/long", long())]);
    let request = Request { partial: Some(play.part()), ..play.request("/long") };
    for nth in 1..=3 {
        play.mirror.fault("/long", nth, Fault::CutAfter(1000));
    }
    assert_eq!(play.get(&request).unwrap_err().code(), "cut");
    play.old_file_stands();
    assert_eq!(play.names(), ["file", "file.part", "file.part.about.json"]);
    let fetched = play.get(&request).unwrap();
    assert_eq!((fetched.status, fetched.attempts), (206, 1));
    assert_eq!(play.mirror.seen("/long")[3].header("range"), Some("bytes=3000-"));
    assert_eq!(std::fs::read(play.file()).unwrap(), long());
    assert_eq!(play.names(), ["file"]);
}

/// A part of another file, of an unknown one, or one that the source has changed, is never glued to the rest.
#[test]
fn a_part_that_may_be_of_something_else_is_begun_anew() {
    let cut = |play: &mut Play| {
        let request = Request { partial: Some(play.part()), ..play.request("/long") };
        for nth in 1..=3 {
            play.mirror.fault("/long", nth, Fault::CutAfter(1000));
        }
        assert_eq!(play.get(&request).unwrap_err().code(), "cut");
        request
    };
    let whole = |play: &mut Play, request: &Request, expected: &[u8]| {
        assert_eq!(play.get(request).unwrap().status, 200);
        assert_eq!(std::fs::read(play.file()).unwrap(), expected);
        assert_eq!(play.names(), ["file"]);
    };
    let pages = || vec![Page::new("/long", long()), Page::new("/other", &b"other"[..])];

    let mut play = Play::new(pages());
    let request = cut(&mut play);
    play.mirror.put(Page::new("/long", &b"the source changed"[..]));
    whole(&mut play, &request, b"the source changed");

    let mut play = Play::new(pages());
    let request = cut(&mut play);
    let other = Request { url: play.mirror.url("/other"), ..request };
    whole(&mut play, &other, b"other");
    assert_eq!(play.mirror.seen("/other")[0].header("range"), None);

    for about in [None, Some("{"), Some("{\"address\":\"\",\"validators\":{}}")] {
        let mut play = Play::new(pages());
        let request = cut(&mut play);
        let path = play.folder.path().join("file.part.about.json");
        match about {
            Some(text) => std::fs::write(path, text).unwrap(),
            None => std::fs::remove_file(path).unwrap(),
        }
        whole(&mut play, &request, &long());
    }

    let mut play = Play::new(pages());
    let request = cut(&mut play);
    play.mirror.fault("/long", 4, Fault::IgnoreRange);
    whole(&mut play, &request, &long());
}

#[test]
fn another_part_than_the_one_asked_for_is_thrown_away() {
    for wrong in
        ["bytes 0-199999/200000", "bytes 3000-199998/200000", "bytes 3000-199999/*", "pages 1-2/3", ""]
    {
        let mut play = Play::new(vec![Page::new("/long", long())]);
        play.mirror.fault("/long", 1, Fault::CutAfter(3000));
        play.mirror.fault("/long", 2, Fault::Range(wrong.to_owned()));
        let fetched = play.get(&play.request("/long")).unwrap();
        assert_eq!(fetched.failed_before, ["cut", "other-part"], "{wrong}");
        assert_eq!((fetched.status, fetched.bytes), (200, 200_000));
        assert_eq!(std::fs::read(play.file()).unwrap(), long());
    }
}

#[test]
fn without_a_strong_validator_nothing_is_glued() {
    for page in [
        Page::new("/long", long()).etag(None),
        Page::new("/long", long()).etag(Some("W/\"1\"")).last_modified("Thu, 26 Nov 2026 00:00:00 GMT"),
    ] {
        let mut play = Play::new(vec![page]);
        let request = Request { partial: Some(play.part()), ..play.request("/long") };
        play.mirror.fault("/long", 1, Fault::CutAfter(1000));
        assert_eq!(play.get(&request).unwrap().status, 200);
        assert_eq!(play.mirror.seen("/long")[1].header("range"), None);
        assert_eq!(std::fs::read(play.file()).unwrap(), long());

        for nth in 3..=5 {
            play.mirror.fault("/long", nth, Fault::CutAfter(1000));
        }
        assert_eq!(play.get(&request).unwrap_err().code(), "cut");
        assert_eq!(play.names(), ["file"], "a part that cannot be taken up is not kept");
    }
}

#[test]
fn a_source_that_publishes_in_the_middle_does_not_mix_two_files() {
    let mut grown = long();
    grown.extend_from_slice(b"more");
    let play = Play::new(vec![Page::new("/feed", long())]);
    play.mirror.fault("/feed", 1, Fault::CutAfter(100_000));
    let publish = |done: u64, _: Option<u64>| {
        if done > 0 {
            play.mirror.put(Page::new("/feed", grown.clone()));
        }
    };
    let fetched = play.get_while(&play.request("/feed"), &mut { publish }).unwrap();
    assert_eq!((fetched.status, fetched.bytes, fetched.attempts), (200, 200_004, 2));
    assert!(play.mirror.seen("/feed")[1].header("range").is_some_and(|range| range.starts_with("bytes=")));
    assert_eq!(std::fs::read(play.file()).unwrap(), grown);
}

#[test]
fn a_feed_that_grows_is_fetched_as_it_is_each_time() {
    let mut play = Play::new(vec![Page::new("/feed", &b"one"[..])]);
    play.mirror.always("/feed", Fault::Grow(b"+".to_vec()));
    let mut known = None;
    for bytes in 3..6 {
        let fetched = play.get(&Request { known, ..play.request("/feed") }).unwrap();
        assert_eq!((fetched.bytes, fetched.not_modified), (bytes, false));
        known = Some(fetched.validators);
    }
}

#[test]
fn a_slow_source_is_waited_for_as_long_as_something_comes() {
    let mut play = Play::new(vec![Page::new("/a", &b"abcdefgh"[..])]);
    play.mirror.always("/a", Fault::Slow { piece: 1, rest: Duration::from_millis(60) });
    assert_eq!(play.get(&play.request("/a")).unwrap().bytes, 8, "longer in all than it may be silent");
}

#[test]
fn an_end_that_was_not_announced_is_told() {
    let mut play = Play::new(vec![Page::new("/a", &b"abc"[..])]);
    play.mirror.always("/a", Fault::NoLength);
    let fetched = play.get(&play.request("/a")).unwrap();
    assert_eq!((fetched.bytes, fetched.length_stated), (3, false));
}
