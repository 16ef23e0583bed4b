//! `agreement` through the real executable: two data folders, a file carried between them, signed by the other installation.

#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used)]

mod common;

use std::path::{Path, PathBuf};

use common::{Folder, Said, follows, run, text};
use serde_json::Value;

const HOSPITAL: &str = "中央病院";
const VENDOR: &str = "病棟システムズ";
const TITLE: &str = "患者モニタリングの役割分担合意書";

/// An installation with its manager, an operator, and an approver who works for `own`.
struct Installation {
    folder: Folder,
    manager: PathBuf,
    operator: PathBuf,
    approver: PathBuf,
}

impl Installation {
    fn new(prefix: &str, own: &str) -> Installation {
        let folder = Folder::new();
        let (data, manager) = (folder.join("data"), folder.join("manager.token"));
        let setup = ["setup", "--prefix", prefix, "--name", "管理", "--role", "manager", "--token-to"];
        run(setup.iter().chain(&[text(&manager), "--data-dir", text(&data)])).ends(0);
        let nobody = PathBuf::new();
        let mut installation = Installation { folder, manager, operator: nobody.clone(), approver: nobody };
        for (name, kind) in [(HOSPITAL, "institution"), (VENDOR, "provider")] {
            installation.manage(&["org", "party", "add", "--name", name, "--kind", kind]).ends(0);
        }
        let system = ["--operator", HOSPITAL, "--provider", VENDOR, "--service", "preparing"];
        let add = ["org", "system", "add", "--name", "患者モニタリング"];
        installation.manage(&[add.as_slice(), &system].concat()).ends(0);
        installation.operator = installation.person("運用", "operator");
        installation.approver = installation.person("承認", "approver");
        installation.manage(&["org", "assign", "承認", "--of", own]).ends(0);
        installation
    }

    fn person(&self, name: &str, role: &str) -> PathBuf {
        self.manage(&["user", "add", "--name", name, "--role", role]).ends(0);
        let token = self.folder.join(&format!("{role}.token"));
        self.manage(&["token", "issue", name, "--purpose", "test", "--token-to", text(&token)]).ends(0);
        token
    }

    #[track_caller]
    fn with(&self, token: &Path, arguments: &[&str]) -> Said {
        let data = self.folder.join("data");
        let base = ["--data-dir", text(&data), "--token-file", text(token)];
        run(arguments.iter().chain(&base))
    }

    #[track_caller]
    fn manage(&self, arguments: &[&str]) -> Said {
        self.with(&self.manager, arguments)
    }

    #[track_caller]
    fn operate(&self, arguments: &[&str]) -> Said {
        self.with(&self.operator, arguments)
    }

    fn show(&self) -> Value {
        let shown =
            self.operate(&["agreement", "show", TITLE, "--history", "--format", "json"]).ends(0).json();
        follows("record-1.json", &shown);
        shown
    }

    fn hash(&self) -> String {
        self.show()["facts"]["content-hash"].as_str().expect("a hash").to_owned()
    }

    fn all_agree(&self) {
        for party in [HOSPITAL, VENDOR] {
            self.operate(&["agreement", "agree", TITLE, party, "--all"]).ends(0);
        }
    }
}

#[test]
fn a_file_between_two_installations_is_confirmed_on_both() {
    let here = Installation::new("MED", HOSPITAL);
    let there = Installation::new("VEN", VENDOR);
    let new =
        ["agreement", "new", "--system", "患者モニタリング", "--title", TITLE, "--review", "2037-03-31"];
    here.operate(&new).ends(0);
    here.operate(&["agreement", "propose", TITLE]).ends(0);
    let stick = Folder::new();
    let (file, back) = (stick.join("agr.json"), stick.join("back.json"));
    let (signature, key) = (stick.join("back.json.minisig"), stick.join("vendor.pub"));
    here.operate(&["agreement", "export", TITLE, "-o", text(&file)]).ends(0);
    here.operate(&["agreement", "export", TITLE, "-o", text(&file)]).ends(2).complains(&["agr.json"]);
    let exported: Value = serde_json::from_slice(&std::fs::read(&file).unwrap()).unwrap();
    follows("agreement-1.json", &exported);
    there.operate(&["agreement", "import", text(&file)]).ends(0);
    assert_eq!(here.hash(), there.hash());
    for side in [&here, &there] {
        side.all_agree();
    }
    let (hash, seen) = (here.hash(), here.hash()[..16].to_owned());
    let confirm = |side: &Installation, token: &Path, party: &str, seen: &str| {
        side.with(token, &["agreement", "confirm", TITLE, party, "--content", seen])
    };
    confirm(&there, &there.operator, VENDOR, &seen).ends(5);
    confirm(&there, &there.approver, HOSPITAL, &seen).ends(5);
    confirm(&there, &there.approver, VENDOR, "0123456789abcdef").ends(5).complains(&[&hash]);
    confirm(&there, &there.approver, VENDOR, &seen).ends(0);
    let export = ["agreement", "export", TITLE, "-o", text(&back), "--signature-to", text(&signature)];
    let said = there.operate(&export).ends(0);
    let fingerprint = said.stderr.split_whitespace().find(|word| word.starts_with("RW")).expect("the key");
    std::fs::write(&key, fingerprint).unwrap();
    follows("agreement-1.json", &serde_json::from_slice(&std::fs::read(&back).unwrap()).unwrap());
    let mut partner = vec!["agreement", "confirm", TITLE, VENDOR, "--partner-file", text(&back)];
    partner.extend(["--signature", text(&signature), "--partner-key", text(&key), "--party", VENDOR]);
    partner.extend(["--signer", "情報セキュリティ室", "--format", "json"]);
    let refused = here.operate(&partner).ends(5);
    assert_eq!(refused.json()["reason"]["code"], "no-pinned-key", "{refused}");
    let pin = ["org", "pin", VENDOR, fingerprint, "--channel", "電話で確認", "--reason", "合意のため"];
    here.manage(&pin).ends(0);
    here.operate(&partner).ends(0);
    confirm(&here, &here.approver, HOSPITAL, &seen).ends(0);
    assert_eq!(here.show()["state"], "in-force");
    let listed = here.operate(&["agreement", "list", "--format", "json"]).ends(0).json();
    follows("records-1.json", &listed);
    assert_eq!(listed["records"][0]["due"], "2037-03-31", "until then it is reviewed");
}

#[test]
fn what_was_done_and_what_differs_is_shown_in_words() {
    let here = Installation::new("MED", HOSPITAL);
    let new =
        ["agreement", "new", "--system", "患者モニタリング", "--title", TITLE, "--review", "2037-03-31"];
    here.operate(&[new.as_slice(), &["--blank"]].concat()).ends(0);
    here.operate(&["agreement", "propose", TITLE]).ends(5).complains(&["duty add"]);
    let duty = ["agreement", "duty", "add", TITLE, "patch", "--text", "適用する", "--topic", "patching"];
    here.operate(&[duty.as_slice(), &["--covers", "patching-of-all"]].concat()).ends(0);
    here.operate(&["agreement", "propose", TITLE]).ends(5).complains(&["patch", "◎"]);
    here.operate(&["agreement", "assign", TITLE, VENDOR, "does", "patch"]).ends(0);
    here.operate(&["agreement", "assign", TITLE, HOSPITAL, "carries", "patch"])
        .ends(2)
        .complains(&["is-informed"]);
    here.manage(&["org", "party", "add", "--name", "製造所", "--kind", "manufacturer"]).ends(0);
    here.operate(&["agreement", "party", "add", TITLE, "製造所", "--without-signature"]).ends(0);
    here.operate(&["agreement", "dates", TITLE, "--review", "2036-03-31"]).ends(0);
    here.operate(&["agreement", "propose", TITLE]).ends(0);
    let comment = ["--comment", "夜間は不可", "--way", "mail", "--on", "2026-11-20"];
    here.operate(&[["agreement", "discuss", TITLE, HOSPITAL, "patch"].as_slice(), &comment].concat()).ends(0);
    here.operate(&["agreement", "withdraw", TITLE, "--reason", "書き直す"]).ends(0);
    here.operate(&["agreement", "duty", "change", TITLE, "patch", "--text", "日中に適用する"]).ends(0);
    here.operate(&["agreement", "party", "remove", TITLE, "製造所"]).ends(0);
    here.operate(&["agreement", "propose", TITLE]).ends(0);
    here.all_agree();
    let seen = here.hash()[..16].to_owned();
    let confirm = ["agreement", "confirm", TITLE, HOSPITAL, "--content", &seen];
    here.with(&here.approver, &confirm).ends(0);
    let scan = here.folder.write("signed.pdf", "写し");
    let paper = ["--content", &seen, "--paper", text(&scan), "--signer", "提供 五郎"];
    here.operate(&[["agreement", "confirm", TITLE, VENDOR].as_slice(), &paper].concat()).ends(0);
    let reopen =
        ["agreement", "reopen", TITLE, "--cause", "device-use", "--asset", "MON-01", "--reason", "転用"];
    here.operate(&reopen).ends(0);
    here.operate(&["agreement", "revise", TITLE, "--review", "2038-03-31", "--reason", "転用"]).ends(0);
    let add = ["agreement", "duty", "add", TITLE, "use", "--text", "使い方を知らせる", "--does", HOSPITAL];
    here.operate(&add).ends(0);
    here.operate(&["agreement", "duty", "remove", TITLE, "patch", "--reason", "統合"]).ends(0);
    let diff = here.operate(&["agreement", "diff", TITLE, "--format", "json"]).ends(0).json();
    follows("agreement-diff-1.json", &diff);
    let kinds = diff["differences"].as_array().unwrap().iter().map(|one| one["kind"].as_str().unwrap());
    assert_eq!(
        kinds.collect::<Vec<_>>(),
        ["review", "duty-removed", "duty-added", "involvement"],
        "{diff:#}"
    );
    here.operate(&["agreement", "diff", TITLE, "--from-version", "9"]).ends(2);
    here.manage(&["agreement", "end", TITLE, "--reason", "サービス終了"]).ends(0);
    here.operate(&["agreement", "propose", TITLE]).ends(5);
    for lang in ["ja", "en"] {
        for verb in ["show", "diff"] {
            let history = if verb == "show" { vec!["--history"] } else { Vec::new() };
            let words =
                here.operate(&[&["--lang", lang, "agreement", verb, TITLE], history.as_slice()].concat());
            let words = words.ends(0).stdout;
            for key in ["agreement.", "term-", "label-", "reason-", "event-", "duty-roles", "{$"] {
                assert!(!words.contains(key), "{lang} {verb}: {key} in {words}");
            }
        }
    }
    let events: Vec<String> = here.show()["history"]
        .as_array()
        .unwrap()
        .iter()
        .map(|entry| entry["event"].as_str().unwrap().to_owned())
        .collect();
    for event in ["drafted", "duty-added", "assigned", "party-added", "dates-set", "proposed", "discussed"] {
        assert!(events.contains(&format!("agreement.{event}")), "{event}: {events:?}");
    }
}
