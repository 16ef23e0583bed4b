//! Documents and what they speak of: links, commands, code map, changelog.
#![allow(clippy::expect_used)]

mod support;

use std::path::Path;

use support::{committed, packages, root};

fn read(name: &str) -> String {
    std::fs::read_to_string(root().join(name)).unwrap_or_else(|error| format!("{name}: {error}"))
}

/// The lines of the ```sh blocks, which CI runs word for word.
fn commands(name: &str) -> Vec<String> {
    let mut inside = false;
    let mut lines = Vec::new();
    for line in read(name).lines() {
        match line {
            "```sh" => inside = true,
            _ if line.starts_with("```") => inside = false,
            _ if inside => lines.push(line.to_owned()),
            _ => {}
        }
    }
    lines
}

#[test]
fn both_readmes_show_the_same_commands() {
    let english = commands("README.md");
    assert_eq!(english, commands("README.ja.md"));
    for command in ["cargo run --release -- demo", "cargo test --workspace"] {
        assert!(english.iter().any(|line| line == command), "{command}");
    }
}

#[test]
fn readmes_name_every_column_and_every_verb() {
    let help = include_str!("../src/cli.rs");
    assert!(help.contains("\"demo\" = Demo("), "the command line is where it was");
    for name in ["README.md", "README.ja.md"] {
        let text = read(name);
        for word in [
            "asset_id",
            "管理番号",
            "kind",
            "種別",
            "maker",
            "メーカー",
            "model",
            "型番",
            "serial",
            "製造番号",
            "firmware",
            "バージョン",
            "place",
            "設置場所",
            "zone",
            "ネットワーク",
            "exposure",
            "公開範囲",
            "patched_by",
            "更新責任者",
            "support_end",
            "サポート終了日",
        ] {
            assert!(text.contains(word), "{name} does not name the column {word}");
        }
        for verb in
            ["kb build", "kb status", "kb show", "kb export", "check", "who", "version-order", "cvss", "demo"]
        {
            assert!(text.contains(verb), "{name} does not name {verb}");
        }
    }
}

#[test]
fn links_lead_somewhere() {
    let Some(names) = committed() else { return };
    let mut seen = 0;
    for name in names.iter().filter(|name| name.ends_with(".md")) {
        let text = read(name);
        let folder = Path::new(name).parent().unwrap_or(Path::new(""));
        for target in text.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            if target.contains("://") || target.starts_with('#') {
                continue;
            }
            let file = target.split('#').next().unwrap_or(target);
            assert!(root().join(folder).join(file).exists(), "{name}: {target} leads nowhere");
            seen += 1;
        }
    }
    assert!(seen > 20, "{seen} links were looked at");
}

/// `crates/…`, `docs/…` and the like in backquotes, without a placeholder, must be there.
#[test]
fn documents_name_files_that_exist() {
    let Some(names) = committed() else { return };
    let mut seen = 0;
    for name in names.iter().filter(|name| name.ends_with(".md")) {
        let text = read(name);
        for quoted in text.split('`').skip(1).step_by(2) {
            let ours = [
                "crates/",
                "docs/",
                "catalog/",
                "fuzz/",
                ".ci/",
                "bench/",
                "e2e/",
                "third-party/",
                ".cargo/",
            ]
            .iter()
            .any(|f| quoted.starts_with(f));
            let placeholder = quoted.contains(['<', '*', ' ', '…', '{', '\n']) || quoted.contains("acme");
            // Folders that come with their first file are spoken of before.
            let folder = matches!(quoted, "bench/" | "fuzz/" | "e2e/");
            if ours && !placeholder && !folder {
                assert!(root().join(quoted).exists(), "{name}: {quoted} does not exist");
                seen += 1;
            }
        }
    }
    assert!(seen > 15, "{seen} names were looked at");
}

#[test]
fn the_code_map_shows_every_crate() {
    let map = read("docs/ARCHITECTURE.md");
    for package in packages() {
        assert!(map.contains(&format!("| `{package}` |")), "{package} is not on the code map");
    }
}

#[test]
fn every_schema_is_listed_with_its_name() {
    let list = read("docs/schemas/README.md");
    let mut seen = 0;
    for file in support::files(&root().join("docs/schemas"), "json") {
        let name = file.file_name().expect("a name").to_string_lossy().into_owned();
        let schema: serde_json::Value =
            serde_json::from_slice(&std::fs::read(&file).expect("readable")).expect("a schema is JSON");
        let id = schema["$id"].as_str().and_then(|id| id.rsplit(':').next()).expect("a schema has an id");
        assert!(
            list.contains(&format!("`{id}`")) && list.contains(&format!("({name})")),
            "{name} is not listed"
        );
        seen += 1;
    }
    assert!(seen >= 5, "{seen} schemas");
}

/// A reader who meets a word on the screen must find it in the glossary.
#[test]
fn the_glossary_uses_the_words_of_the_screen() {
    let glossary = read("docs/glossary.md");
    let labels = read("crates/shindan-report/words/labels.ja.ftl");
    let mut seen = 0;
    for line in labels.lines() {
        let Some((key, word)) = line.split_once(" = ") else { continue };
        let families = ["priority-", "exposure-", "asset-kind-", "certainty-", "confidence-"];
        if families.iter().any(|family| key.starts_with(family)) && !key.starts_with("confidence-note") {
            assert!(glossary.contains(word), "docs/glossary.md does not have {word} ({key})");
            seen += 1;
        }
    }
    assert!(seen >= 20, "{seen} words");
}

#[test]
fn the_lock_file_is_committed() {
    let Some(names) = committed() else { return };
    assert!(names.iter().any(|name| name == "Cargo.lock"));
}
