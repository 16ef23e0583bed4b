//! `setup`, `user`, `token`, `ledger`, `backup` and `restore` through the real executable.

#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used)]

mod common;

use std::path::{Path, PathBuf};

use common::{Folder, Said, run, text};
use serde_json::Value;

/// An installation with its administrator.
struct Hospital {
    folder: Folder,
    administrator: PathBuf,
}

impl Hospital {
    fn new() -> Hospital {
        let folder = Folder::new();
        let administrator = folder.join("administrator.token");
        let data = folder.join("data");
        run([
            "setup",
            "--data-dir",
            text(&data),
            "--prefix",
            "MED",
            "--name",
            "管理 花子",
            "--token-to",
            text(&administrator),
        ])
        .ends(0);
        Hospital { folder, administrator }
    }

    fn data(&self) -> PathBuf {
        self.folder.join("data")
    }

    #[track_caller]
    fn with(&self, token: &Path, arguments: &[&str]) -> Said {
        let data = self.data();
        let base = ["--data-dir", text(&data), "--token-file", text(token)];
        run(arguments.iter().chain(&base))
    }

    #[track_caller]
    fn administrator(&self, arguments: &[&str]) -> Said {
        self.with(&self.administrator, arguments)
    }

    /// A person with a role and a token.
    fn person(&self, name: &str, role: &str) -> PathBuf {
        self.administrator(&["user", "add", "--name", name, "--role", role]).ends(0);
        let token = self.folder.join(&format!("{role}.token"));
        self.administrator(&["token", "issue", name, "--purpose", "test", "--token-to", text(&token)])
            .ends(0);
        token
    }
}

fn reason(said: &Said) -> String {
    said.json()["reason"]["code"].as_str().expect("a code").to_owned()
}

#[test]
fn what_is_set_up_is_not_set_up_again_and_no_token_is_overwritten() {
    let hospital = Hospital::new();
    let data = hospital.data();
    let again = ["setup", "--data-dir", text(&data), "--prefix", "MED", "--name", "誰か"];
    run(again).ends(2).complains(&["既に記録があります"]);
    let token = text(&hospital.administrator).to_owned();
    hospital
        .administrator(&["token", "issue", "--purpose", "x", "--token-to", &token])
        .ends(2)
        .complains(&["既にあります"]);
    run(["setup", "--data-dir", text(&hospital.folder.join("other")), "--prefix", "x y", "--name", "誰か"])
        .ends(2);
}

#[test]
fn every_change_needs_a_token_that_is_valid() {
    let hospital = Hospital::new();
    let data = hospital.data();
    let add = ["user", "add", "--name", "甲", "--role", "operator", "--data-dir", text(&data)];
    run(add).ends(5).complains(&["--token-file"]);
    let wrong = hospital.folder.write("wrong.token", "shindan_00");
    hospital
        .with(&wrong, &["user", "add", "--name", "甲", "--role", "operator"])
        .ends(5)
        .complains(&["使えません"]);
    run(["user", "list", "--data-dir", text(&hospital.folder.join("none"))])
        .ends(2)
        .complains(&["shindan setup"]);
}

#[test]
fn roles_and_scopes_hold_and_refusals_are_kept_with_who_and_why() {
    let hospital = Hospital::new();
    let operator = hospital.person("運用 太郎", "operator");
    let add = ["user", "add", "--name", "甲", "--role", "admin", "--format", "json"];
    assert_eq!(reason(&hospital.with(&operator, &add).ends(5)), "role-missing");

    let reader = hospital.folder.join("reader.token");
    hospital
        .administrator(&[
            "token",
            "issue",
            "--purpose",
            "監視",
            "--scope",
            "read",
            "--token-to",
            text(&reader),
        ])
        .ends(0);
    assert_eq!(reason(&hospital.with(&reader, &add).ends(5)), "token-reads-only");
    // A token that only reads cannot make itself one that writes.
    assert_eq!(
        reason(&hospital.with(&reader, &["token", "issue", "--purpose", "x", "--format", "json"]).ends(5)),
        "token-reads-only"
    );

    let refusals = hospital.with(&reader, &["ledger", "refusals", "--format", "json"]).ends(0);
    let lines: Vec<Value> = refusals.stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines.len(), 3);
    assert_eq!(lines[2]["person"]["name"], "運用 太郎");
    assert_eq!(lines[2]["reason"]["params"]["roles"], "admin");
}

#[test]
fn the_last_administrator_stays_one() {
    let hospital = Hospital::new();
    let revoke = ["user", "revoke", "管理 花子", "admin", "--format", "json"];
    assert_eq!(reason(&hospital.administrator(&revoke).ends(5)), "last-administrator");
    let leave = ["user", "deactivate", "管理 花子", "--reason", "退職", "--format", "json"];
    assert_eq!(reason(&hospital.administrator(&leave).ends(5)), "last-administrator");
    hospital.person("管理 次郎", "admin");
    hospital.administrator(&leave).ends(0);
    hospital.administrator(&["user", "list"]).ends(5);
}

#[test]
fn a_key_is_done_once_and_what_somebody_else_changed_is_not_overwritten() {
    let hospital = Hospital::new();
    let add = ["user", "add", "--name", "甲", "--role", "operator", "--once", "k-1", "--format", "json"];
    let first = hospital.administrator(&add).ends(0).json();
    let second = hospital.administrator(&add).ends(0).json();
    assert_eq!((&first["id"], &first["revision"]), (&second["id"], &second["revision"]));
    let other = ["user", "add", "--name", "乙", "--role", "operator", "--once", "k-1"];
    hospital.administrator(&other).ends(2).complains(&["k-1"]);

    let issue = ["token", "issue", "甲", "--purpose", "x", "--once", "k-2"];
    assert!(hospital.administrator(&issue).ends(0).stdout.contains("shindan_"));
    assert!(
        !hospital.administrator(&issue).ends(0).stdout.contains("shindan_"),
        "no token that was never recorded"
    );

    let grant = |role: &'static str, seen: &'static str| ["user", "grant", "甲", role, "--seen", seen];
    hospital.administrator(&grant("manager", "2")).ends(0);
    hospital.administrator(&grant("approver", "2")).ends(6).complains(&["甲"]);
    hospital.administrator(&grant("approver", "3")).ends(0);
}

#[test]
fn a_name_can_be_erased_and_the_ledger_stays_whole() {
    let hospital = Hospital::new();
    hospital.person("運用 太郎", "operator");
    hospital.administrator(&["user", "rename", "運用 太郎", "--erase"]).ends(0);
    let list = hospital.administrator(&["user", "list"]).ends(0);
    assert!(!list.stdout.contains("太郎"), "{list}");
    let data = hospital.data();
    run(["ledger", "verify", "--states", "--data-dir", text(&data)]).ends(0);
}

#[test]
fn a_backup_opens_elsewhere_and_a_checkpoint_tells_a_shortened_ledger() {
    let hospital = Hospital::new();
    let (backup, data) = (hospital.folder.join("backup.zip"), hospital.data());
    hospital.administrator(&["backup", text(&backup)]).ends(0);
    hospital.person("運用 太郎", "operator");
    let checkpoint = hospital.folder.join("checkpoint.txt");
    hospital.administrator(&["ledger", "checkpoint", "--output", text(&checkpoint)]).ends(0);
    let with = ["ledger", "verify", "--checkpoint", text(&checkpoint), "--data-dir"];
    run(with.iter().chain(&[text(&data)])).ends(0);

    let elsewhere = hospital.folder.join("elsewhere");
    run(["restore", text(&backup), "--data-dir", text(&elsewhere)]).ends(0);
    // The backup is older than the checkpoint: entries at the end are missing.
    let short = run(with.iter().chain(&[text(&elsewhere), "--format", "json"])).ends(1).json();
    assert_eq!(short["whole"], false);
    assert_eq!(short["problems"][0]["code"], "truncated");
    let refused = hospital.folder.join("refused");
    run(["restore", text(&backup), "--data-dir", text(&refused), "--checkpoint", text(&checkpoint)]).ends(3);
    assert!(!refused.join("ledger").exists(), "nothing appears in the folder");
    run(["restore", text(&backup), "--data-dir", text(&data)]).ends(2).complains(&["既に記録があります"]);
}

#[test]
fn a_damaged_ledger_is_an_error_with_the_next_step() {
    let hospital = Hospital::new();
    let file = hospital.data().join("ledger/shindan.db");
    std::fs::write(&file, b"not a database").unwrap();
    drop(std::fs::remove_file(hospital.data().join("ledger/shindan.db-wal")));
    hospital.administrator(&["user", "list"]).ends(3).complains(&["shindan restore"]);
}
