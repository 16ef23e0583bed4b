//! Runs documents word for word: the inspector's walkthrough of `docs/audit.md` and how-to pages. Every line of their `sh`
//! blocks, in order, in one folder for each document.
//!
//! `# exit 5` at the end of a line says with which code it must end (0 if nothing is said); a line `export NAME=VALUE` holds
//! for the lines after it. After a block, a `text` block may follow: each of its lines must stand in what the block printed
//! (`…` stands for anything).

#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used)] // helpers outside #[test] may fail a test, too

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

const AUDIT: Document = Document { name: "docs/audit.md", text: include_str!("../../../docs/audit.md") };
const AGREE: [Document; 2] = [
    Document {
        name: "docs/how-to/agree-on-roles.md",
        text: include_str!("../../../docs/how-to/agree-on-roles.md"),
    },
    Document {
        name: "docs/how-to/agree-on-roles.ja.md",
        text: include_str!("../../../docs/how-to/agree-on-roles.ja.md"),
    },
];

const ASSESS: [Document; 2] = [
    Document {
        name: "docs/how-to/assess-an-application.md",
        text: include_str!("../../../docs/how-to/assess-an-application.md"),
    },
    Document {
        name: "docs/how-to/assess-an-application.ja.md",
        text: include_str!("../../../docs/how-to/assess-an-application.ja.md"),
    },
];

const COLLECT: [Document; 2] = [
    Document {
        name: "docs/how-to/collect-information.md",
        text: include_str!("../../../docs/how-to/collect-information.md"),
    },
    Document {
        name: "docs/how-to/collect-information.ja.md",
        text: include_str!("../../../docs/how-to/collect-information.ja.md"),
    },
];

const ACCOUNTS: [Document; 2] = [
    Document {
        name: "docs/how-to/manage-accounts.md",
        text: include_str!("../../../docs/how-to/manage-accounts.md"),
    },
    Document {
        name: "docs/how-to/manage-accounts.ja.md",
        text: include_str!("../../../docs/how-to/manage-accounts.ja.md"),
    },
];

/// A document, by its path.
#[derive(Debug, Clone, Copy)]
struct Document {
    name: &'static str,
    text: &'static str,
}

/// A block of the document.
#[derive(Debug)]
struct Block<'d> {
    line: usize,
    language: &'d str,
    lines: Vec<&'d str>,
}

fn blocks(document: &str) -> Vec<Block<'_>> {
    let mut blocks = Vec::new();
    let mut open: Option<Block<'_>> = None;
    for (number, line) in document.lines().enumerate() {
        match (&mut open, line.strip_prefix("```")) {
            (None, Some(language)) => open = Some(Block { line: number + 1, language, lines: Vec::new() }),
            (Some(_), Some("")) => blocks.extend(open.take()),
            (Some(block), _) => block.lines.push(line),
            (None, None) => {}
        }
    }
    blocks
}

/// The command of a line and the code it must end with.
fn expected(line: &str) -> (&str, i32) {
    let Some((command, comment)) = line.rsplit_once("  # exit ") else { return (line, 0) };
    (command, comment.trim().parse().expect("a number after `# exit`"))
}

struct Inspector {
    document: Document,
    folder: PathBuf,
    path: String,
    variables: BTreeMap<String, String>,
}

impl Inspector {
    fn run(&self, command: &str) -> Output {
        let shell = Command::new("bash")
            .args(["-c", command])
            .current_dir(&self.folder)
            .env("PATH", &self.path)
            .env_remove("SHINDAN_TOKEN")
            .env("COLUMNS", "200")
            .envs(&self.variables)
            .output();
        shell.expect("bash runs")
    }

    fn block(&mut self, block: &Block<'_>) -> String {
        let mut said = String::new();
        for line in block.lines.iter().filter(|line| !line.is_empty() && !line.starts_with('#')) {
            if let Some((name, value)) = line.strip_prefix("export ").and_then(|rest| rest.split_once('=')) {
                self.variables.insert(name.to_owned(), value.to_owned());
                continue;
            }
            let (command, code) = expected(line);
            let output = self.run(command);
            let text = String::from_utf8_lossy(&output.stdout).into_owned()
                + &String::from_utf8_lossy(&output.stderr);
            let name = self.document.name;
            assert_eq!(output.status.code(), Some(code), "{name}:{}: {command}\n{text}", block.line);
            said.push_str(&text);
        }
        said
    }
}

/// Words of the line, in order, with anything between where `…` stands.
fn says(said: &str, wanted: &str) -> bool {
    let flat = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    said.lines().map(flat).any(|line| {
        let mut rest = line.as_str();
        flat(wanted).split('…').map(str::trim).all(|part| match rest.find(part) {
            Some(at) => {
                rest = &rest[at + part.len()..];
                true
            }
            None => false,
        })
    })
}

/// Runs a document; answers how many commands it had and how many lines were compared.
fn walk(document: Document) -> (usize, usize) {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(document.name.replace('/', "-"));
    drop(std::fs::remove_dir_all(&folder));
    std::fs::create_dir_all(&folder).expect("a folder");
    let program = Path::new(env!("CARGO_BIN_EXE_shindan")).parent().expect("a folder");
    let path = format!("{}:{}", program.display(), std::env::var("PATH").unwrap_or_default());
    let mut inspector = Inspector { document, folder, path, variables: BTreeMap::new() };
    let (mut said, mut commands, mut compared) = (String::new(), 0, 0);
    for block in blocks(document.text) {
        match block.language {
            "sh" => {
                said = inspector.block(&block);
                commands += block.lines.len();
            }
            "text" if !said.is_empty() => {
                for line in block.lines.iter().filter(|line| !line.trim().is_empty()) {
                    let place = format!("{}:{}", document.name, block.line);
                    assert!(says(&said, line), "{place}: not said: {line}\n{said}");
                    compared += 1;
                }
            }
            _ => {}
        }
    }
    (commands, compared)
}

#[test]
fn the_walkthrough_of_the_inspector_is_true() {
    let (commands, compared) = walk(AUDIT);
    assert!(commands >= 15 && compared >= 10, "{commands} commands, {compared} lines compared");
}

#[test]
fn how_to_agree_on_roles_is_true_in_both_languages() {
    for document in AGREE {
        let (commands, compared) = walk(document);
        assert!(commands >= 30 && compared >= 4, "{commands} commands, {compared} lines compared");
    }
}

#[test]
fn how_to_assess_an_application_is_true_in_both_languages() {
    for document in ASSESS {
        let (commands, compared) = walk(document);
        assert!(commands >= 55 && compared >= 9, "{commands} commands, {compared} lines compared");
    }
}

#[test]
fn how_to_collect_information_is_true_in_both_languages() {
    for document in COLLECT {
        let (commands, compared) = walk(document);
        assert!(commands >= 14 && compared >= 1, "{commands} commands, {compared} lines compared");
    }
}

#[test]
fn how_to_manage_accounts_is_true_in_both_languages() {
    for document in ACCOUNTS {
        let (commands, compared) = walk(document);
        assert!(commands >= 10 && compared >= 6, "{commands} commands, {compared} lines compared");
    }
}

#[test]
fn the_test_can_fail() {
    let block = &blocks("```sh\nfalse  # exit 1\n```\n")[0];
    assert_eq!((block.language, block.lines.as_slice()), ("sh", ["false  # exit 1"].as_slice()));
    assert_eq!(expected("shindan x  # exit 5"), ("shindan x", 5));
    assert!(says("a  b   c\nd", "a … c") && !says("a b c", "c … a") && !says("a", "b"));
}
