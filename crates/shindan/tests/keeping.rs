//! What lies beside the ledger – register, knowledge base, wording – is changed with a personal token as soon as there is a
//! ledger, is noted there, goes with a backup, and shows when somebody changes it past the program.

#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used)]

mod common;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use common::{Folder, Said, data, run, text};
use serde_json::Value;

const LEDGER: &str = "管理番号,メーカー,型番,バージョン\nME-001,Example Medical,Monitor X1,3.1\n";
const LATER: &str = "管理番号,メーカー,型番,バージョン\nME-002,Example Medical,Monitor X2,2.3\n";

struct Hospital {
    folder: Folder,
}

impl Hospital {
    /// With a register of before, an administrator, and tokens of an operator, a manager and an auditor.
    fn new() -> Hospital {
        let hospital = Hospital { folder: Folder::new() };
        let ledger = hospital.folder.write("old.csv", LEDGER);
        hospital
            .say(&["inventory", "import", text(&ledger), "--ledger", "台帳", "--by", "山田"], None)
            .ends(0);
        let administrator = hospital.token("admin");
        let named = ["setup", "--prefix", "MED", "--name", "管理 花子", "--token-to", text(&administrator)];
        hospital.say(&named, None).ends(0);
        for role in ["operator", "manager", "auditor"] {
            hospital.say(&["user", "add", "--name", role, "--role", role], Some("admin")).ends(0);
            let token = hospital.token(role);
            let issue = ["token", "issue", role, "--purpose", "test", "--token-to", text(&token)];
            hospital.say(&issue, Some("admin")).ends(0);
        }
        hospital
    }

    fn data(&self) -> PathBuf {
        self.folder.join("data")
    }

    fn token(&self, role: &str) -> PathBuf {
        self.folder.join(&format!("{role}.token"))
    }

    #[track_caller]
    fn say(&self, arguments: &[&str], role: Option<&str>) -> Said {
        let (data, token) = (self.data(), role.map(|role| self.token(role)));
        let mut all = arguments.to_vec();
        all.extend(["--data-dir", text(&data)]);
        if let Some(token) = &token {
            all.extend(["--token-file", text(token)]);
        }
        run(all)
    }

    /// Entries of the ledger about what lies beside it.
    fn noted(&self) -> Vec<Value> {
        let entries = self.say(&["ledger", "export"], Some("auditor")).ends(0).stdout;
        let entries = entries.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
        let entry = |line: Value| line.get("entry").cloned().unwrap_or(line);
        entries.map(entry).filter(|entry| entry["type"] == "installation.kept").collect()
    }
}

/// Every file below a folder, but no locks: what a changing command changes.
fn files(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut found = BTreeMap::new();
    for entry in std::fs::read_dir(folder).into_iter().flatten() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path));
        } else if path.file_name().is_some_and(|name| name != "LOCK") {
            found.insert(path.clone(), std::fs::read(&path).unwrap());
        }
    }
    found
}

#[test]
fn every_command_that_changes_something_needs_a_token_once_there_is_a_ledger() {
    let hospital = Hospital::new();
    let later = hospital.folder.write("later.csv", LATER);
    let advisories = data("advisories");
    let page = hospital.folder.write("page.txt", "x");
    let commands: [&[&str]; 7] = [
        &["inventory", "import", text(&later), "--ledger", "台帳"],
        &["inventory", "undo"],
        &["inventory", "remove", "ME-001", "--reason", "廃棄"],
        &["inventory", "map", "set", "--maker", "A", "--model", "B", "--product", "A/B"],
        &["inventory", "map", "remove", "--maker", "A", "--model", "B"],
        &["kb", "build", text(&advisories)],
        &["crosswalk", "import", text(&page)],
    ];
    let parts = ["register", "kb", "catalog"].map(|part| hospital.data().join(part));
    let before = parts.each_ref().map(|part| files(part));
    let refused = hospital.say(&["ledger", "refusals", "--format", "json"], Some("admin")).ends(0).stdout;
    for command in commands {
        hospital.say(command, None).ends(5).complains(&["個人トークン"]);
        hospital.say(command, Some("auditor")).ends(5).complains(&["役割"]);
    }
    hospital.say(&["inventory", "undo", "--by", "山田"], Some("manager")).ends(2).complains(&["--by"]);
    assert_eq!(parts.each_ref().map(|part| files(part)), before, "a refused command changes nothing");
    let now = hospital.say(&["ledger", "refusals", "--format", "json"], Some("admin")).ends(0).stdout;
    let count = |text: &str| text.matches("role-missing").count();
    assert_eq!(count(&now) - count(&refused), commands.len(), "each is logged with who and why: {now}");
    // Looking costs no token.
    hospital.say(&["inventory", "import", text(&later), "--preview"], None).ends(0);
}

#[test]
fn a_change_is_noted_with_its_author_and_shows_the_name() {
    let hospital = Hospital::new();
    let at_setup = hospital.noted();
    assert_eq!(at_setup.len(), 1, "what was there before is noted at setup: {at_setup:?}");
    assert_eq!(
        (&at_setup[0]["payload"]["part"], &at_setup[0]["payload"]["number"]),
        (&"register".into(), &1.into())
    );
    let later = hospital.folder.write("later.csv", LATER);
    hospital.say(&["inventory", "import", text(&later), "--ledger", "台帳"], Some("operator")).ends(0);
    hospital.say(&["kb", "build", text(&data("advisories"))], Some("operator"));
    let noted = hospital.noted();
    let parts: Vec<_> = noted.iter().map(|entry| entry["payload"]["part"].as_str().unwrap()).collect();
    assert_eq!(parts, ["register", "register", "knowledge"]);
    let imports = hospital.say(&["inventory", "imports"], None).ends(0).stdout;
    assert!(imports.contains("山田") && imports.contains("operator"), "{imports}");
    hospital.say(&["ledger", "verify", "--states"], None).ends(0);
}

#[test]
fn a_register_that_was_set_back_or_changed_past_the_program_shows() {
    let hospital = Hospital::new();
    let register = hospital.data().join("register");
    let old = std::fs::read(register.join("CURRENT")).unwrap();
    let later = hospital.folder.write("later.csv", LATER);
    hospital.say(&["inventory", "import", text(&later), "--ledger", "台帳"], Some("manager")).ends(0);
    hospital.say(&["ledger", "verify"], None).ends(0);
    std::fs::write(register.join("CURRENT"), old).unwrap();
    let told = hospital.say(&["ledger", "verify"], None).ends(1).stdout;
    assert!(told.contains("機器の登録") && told.contains("番号 2") && told.contains('1'), "{told}");
    let json = hospital.say(&["ledger", "verify", "--format", "json"], None).ends(1).json();
    assert_eq!((&json["whole"], &json["beside"][0]["part"]), (&false.into(), &"register".into()));
    // The next change with a token notes what is there; the ledger keeps both notes.
    hospital.say(&["inventory", "import", text(&later), "--ledger", "台帳"], Some("manager")).ends(0);
    hospital.say(&["ledger", "verify"], None).ends(0);
    assert_eq!(hospital.noted().len(), 3);
}

#[test]
fn all_that_was_there_before_the_ledger_is_noted_and_compared() {
    let folder = Folder::new();
    let (dir, token) = (folder.join("data"), folder.join("admin.token"));
    let ledger = folder.write("old.csv", LEDGER);
    let here = ["--data-dir", text(&dir)];
    run(["inventory", "import", text(&ledger)].iter().chain(&here)).ends(0);
    run(["kb", "build", text(&data("advisories"))].iter().chain(&here));
    let setup = ["setup", "--prefix", "MED", "--name", "管理 花子", "--token-to", text(&token)];
    run(setup.iter().chain(&here)).ends(0);
    run(["ledger", "verify", "--states"].iter().chain(&here)).ends(0);
    for part in ["register/CURRENT", "kb/CURRENT"] {
        let file = dir.join(part);
        let kept = std::fs::read(&file).unwrap();
        std::fs::remove_file(&file).unwrap();
        let told = run(["ledger", "verify", "--format", "json"].iter().chain(&here));
        // A knowledge base that is not there is built anew; a register that is not there was lost.
        assert_eq!(told.code, i32::from(part.starts_with("register")), "{part}: {told}");
        std::fs::write(&file, kept).unwrap();
    }
    run(["ledger", "verify", "--states"].iter().chain(&here)).ends(0);
}

#[test]
fn a_backup_takes_the_register_along_and_overwrites_no_other() {
    let hospital = Hospital::new();
    let backup = hospital.folder.join("backup.zip");
    hospital.say(&["backup", text(&backup)], Some("admin")).ends(0);
    let elsewhere = hospital.folder.join("elsewhere");
    run(["restore", text(&backup), "--data-dir", text(&elsewhere)]).ends(0);
    let register = |folder: &Path| {
        let files = files(&folder.join("register"));
        files
            .into_iter()
            .map(|(path, bytes)| (path.file_name().unwrap().to_owned(), bytes))
            .collect::<Vec<_>>()
    };
    assert_eq!(register(&elsewhere), register(&hospital.data()));
    assert!(!elsewhere.join("ledger/register").exists(), "nothing is left over");
    run(["ledger", "verify", "--data-dir", text(&elsewhere)]).ends(0);
    let shown = run(["inventory", "show", "--data-dir", text(&elsewhere)]).ends(0).stdout;
    assert!(shown.contains("ME-001"), "{shown}");
    // A folder that holds another register keeps it, and no ledger appears there.
    let other = hospital.folder.join("other");
    let later = hospital.folder.write("later.csv", LATER);
    run(["inventory", "import", text(&later), "--data-dir", text(&other), "--by", "x"]).ends(0);
    let before = files(&other);
    run(["restore", text(&backup), "--data-dir", text(&other)]).ends(3).complains(&["register/"]);
    assert_eq!(files(&other), before);
}
