//! `scheduler`, the schedule of `serve` and `notify` through the real executable: what is due is looked at by the schedule, people hear
//! of it by mail and webhook, and what did not reach them is no success. Sources and mail server are on this machine.

#![allow(clippy::disallowed_methods, clippy::expect_used, clippy::panic, clippy::unwrap_used)]

mod common;

use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use common::{Folder, Said, follows, run, text};
use shindan_mirror::{MailFault, Mailbox, Mirror, Page};

const FEED: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
  xmlns:dc="http://purl.org/dc/elements/1.1/" xml:lang="ja">
 <channel rdf:about="https://www.example.jp/rss/alerts.rdf"><title>例の注意喚起</title></channel>
 <item rdf:about="https://www.example.jp/at/2026/at260031.html">
  <title>例のVPN機器の脆弱性（CVE-2026-11111）に関する注意喚起</title>
  <link>https://www.example.jp/at/2026/at260031.html</link>
  <dc:date>2026-11-25T10:00:00+09:00</dc:date>
 </item>
</rdf:RDF>
"#;

struct Office {
    folder: Folder,
    mirror: Mirror,
}

impl Office {
    fn new() -> Office {
        let pages = vec![Page::new("/alerts.rdf", FEED), Page::new("/hush", &b"ok"[..])];
        let office = Office { folder: Folder::new(), mirror: Mirror::start(pages).unwrap() };
        let (data, token) = (office.folder.join("data"), office.token());
        let setup = ["setup", "--prefix", "MED", "--name", "運用 太郎", "--role", "operator"];
        run(setup.iter().chain(&["--data-dir", text(&data), "--token-to", text(&token)])).ends(0);
        for (name, path) in [("jpcert", "/alerts.rdf"), ("gone", "/gone.rdf")] {
            let address = office.mirror.url(path);
            let add = ["sources", "add", "--name", name, "--title", name, "--kind", "jpcert-rss"];
            office.say(&[&add[..], &["--address", &address, "--interval", "12"]].concat()).ends(0);
        }
        office
    }

    fn token(&self) -> PathBuf {
        self.folder.join("token")
    }

    #[track_caller]
    fn say(&self, arguments: &[&str]) -> Said {
        let (data, token) = (self.folder.join("data"), self.token());
        run(arguments.iter().chain(&["--data-dir", text(&data), "--token-file", text(&token)]))
    }

    /// Writes the settings of notifications and says where.
    fn settings(&self, content: &str) -> PathBuf {
        let path = self.folder.join("notify.toml");
        std::fs::write(&path, content).unwrap();
        path
    }

    fn checks(&self) -> Vec<String> {
        let listed = self.say(&["sources", "checks", "--all", "--format", "json"]).ends(0).json();
        let checks = listed["records"].as_array().unwrap().iter();
        checks.map(|check| check["number"].as_str().unwrap().to_owned()).collect()
    }
}

#[test]
fn the_scheduler_looks_at_what_is_due_and_at_nothing_twice() {
    let office = Office::new();
    let first = office.say(&["scheduler", "run", "--once", "--lang", "en"]).ends(3);
    assert!(first.stdout.contains("jpcert") && first.stdout.contains("gone"), "{}", first.stdout);
    let checks = office.checks();
    assert_eq!(checks.len(), 2);
    let shown = office.say(&["sources", "checked", &checks[0], "--format", "json"]).ends(0);
    assert!(shown.stdout.contains("\"schedule\""), "{}", shown.stdout);
    // One is looked at, the other one failed and is left alone for a while.
    office.say(&["scheduler", "run", "--once"]).ends(0);
    assert_eq!(office.checks().len(), 2);
}

#[test]
fn people_hear_of_it_by_mail_and_webhook() {
    let (office, mailbox) = (Office::new(), Mailbox::start().unwrap());
    std::fs::write(office.folder.join("hook"), office.mirror.url("/hush")).unwrap();
    let settings = office.settings(&format!(
        "[mail]\nhost = \"127.0.0.1\"\nport = {}\nsecurity = \"clear-text\"\nfrom = \"shindan@hospital.example\"\n\
         [to.tanto]\nmail = \"tanto@hospital.example\"\n[to.chat]\nwebhook-file = '{}'\n",
        mailbox.address().port(),
        office.folder.join("hook").display()
    ));
    for name in ["tanto", "chat", "nobody"] {
        office.say(&["notify", "add", "--name", name, "--interval", "1", "--topic", "notices"]).ends(0);
    }
    let settings = text(&settings);
    let nothing = office.say(&["notify", "send", "--settings", settings, "--lang", "en"]).ends(0);
    assert!(nothing.stdout.contains("Nobody has to hear"), "{}", nothing.stdout);
    office.say(&["sync", "jpcert"]).ends(0);
    // A digest comes after its interval: nothing yet.
    office.say(&["notify", "send", "--settings", settings]).ends(0);
    assert_eq!(mailbox.letters(), []);
    office.say(&["notify", "list"]).ends(0);
    // What repeats to fail is told at once.
    for name in ["tanto", "chat", "nobody"] {
        office.say(&["notify", "end", name, "--reason", "よりよい設定にする"]).ends(0);
        let add = ["notify", "add", "--name", name, "--topic", "failed-checks", "--language", "ja"];
        office.say(&add).ends(0);
    }
    office.say(&["sync", "gone"]).ends(3);
    office.say(&["sync", "gone"]).ends(3);
    mailbox.fault(Some(MailFault::Code(shindan_mirror::At::To, 450)));
    let told = office.say(&["notify", "send", "--settings", settings, "--format", "json"]).ends(3).json();
    follows("notified-1.json", &told);
    let told = told["told"].as_array().unwrap();
    let failure = |name: &str| told.iter().find(|one| one["receiver"] == name).unwrap()["failure"].clone();
    assert_eq!(failure("chat"), serde_json::Value::Null);
    assert_eq!(failure("tanto"), "delivery-later");
    assert_eq!(failure("nobody"), "delivery-settings");
    let heard = office.mirror.seen("/hush");
    let body = String::from_utf8(heard[0].body.clone()).unwrap();
    assert!(heard.len() == 1 && body.contains("gone") && body.contains("緊急"), "{body}");
    let listed = office.say(&["notify", "list"]).ends(0);
    assert!(listed.stdout.contains("通知が届いていない"), "{}", listed.stdout);
    // Not again at once, neither to whom it reached nor to whom it did not.
    office.say(&["notify", "send", "--settings", settings]).ends(0);
    assert_eq!((office.mirror.seen("/hush").len(), mailbox.letters().len()), (1, 0));
}

#[test]
fn settings_that_cannot_be_used_are_told_without_their_secrets() {
    let office = Office::new();
    let open =
        "[mail]\nhost = \"mail.hospital.example\"\nsecurity = \"clear-text\"\nfrom = \"a@b.example\"\n";
    for (content, part) in [
        ("[mail", "notify.toml"),
        (open, "clear text"),
        ("[to.a]\nmail = \"a@b.example\"\n", "mail server"),
        ("[to.a]\nwebhook-file = \"/nowhere/hook\"\n", "/nowhere/hook"),
        ("[to.a]\nwebhook-env = \"SHINDAN_TEST_NOT_SET\"\n", "SHINDAN_TEST_NOT_SET"),
        ("[mail]\npassword = \"hush\"\n", "password"),
    ] {
        let settings = office.settings(content);
        let said = office.say(&["notify", "send", "--settings", text(&settings), "--lang", "en"]).ends(2);
        assert!(said.stderr.contains(part) && !said.stderr.contains("hush"), "{content}: {}", said.stderr);
    }
}

/// The server looks at what is due while it serves, and ends when it is told to.
#[test]
#[cfg(unix)]
fn the_server_looks_at_sources_and_ends_when_asked() {
    let office = Office::new();
    let (data, token) = (office.folder.join("data"), office.token());
    let mut serving = Command::new(env!("CARGO_BIN_EXE_shindan"))
        .args(["serve", "--listen", "127.0.0.1:0", "--data-dir", text(&data)])
        .args(["--schedule-token", text(&token), "--lang", "en"])
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let begin = Instant::now();
    while office.checks().len() < 2 && begin.elapsed() < Duration::from_secs(60) {
        std::thread::sleep(Duration::from_millis(200));
    }
    assert_eq!(office.checks().len(), 2);
    let id = serving.id().to_string();
    assert!(Command::new("kill").args(["-TERM", &id]).status().unwrap().success());
    let asked = Instant::now();
    let ended = loop {
        if let Some(ended) = serving.try_wait().unwrap() {
            break ended;
        }
        if asked.elapsed() > Duration::from_secs(60) {
            serving.kill().unwrap();
            panic!("it did not end");
        }
        std::thread::sleep(Duration::from_millis(50));
    };
    assert!(ended.success(), "{ended}");
    // The next one doubles nothing.
    office.say(&["scheduler", "run", "--once"]).ends(0);
    assert_eq!(office.checks().len(), 2);
}
