//! The end of support in a ledger, on the real executable: every form, both languages, `--fail-on`.

#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used)] // helpers outside #[test] may fail a test, too

mod common;

use common::{Folder, check, follows, knowledge, run, text};

const LEDGER: &str = "管理番号,種別,メーカー,型番,バージョン,公開範囲,サポート終了日\n\
    OLD-1,保守回線機器,Example Medical,Gate 1,9.0,インターネット公開,令和6年6月9日\n\
    SOON-1,サーバ,Example Medical,Gate 2,9.0,院内,2024-07-31\n\
    NEW-1,サーバ,Example Medical,Gate 3,9.0,院内,2030-03-31\n\
    ODD-1,サーバ,Example Medical,Gate 4,9.0,院内,来年度末\n";

/// The day is 2024-06-10.
#[test]
fn the_end_of_support_in_a_ledger_is_a_finding_of_its_own() {
    let folder = Folder::new();
    let data_dir = knowledge(&folder);
    let ledger = folder.write("ledger.csv", LEDGER);
    let answer = check(&data_dir, &ledger, &[]).ends(0).json();
    follows("check-1.json", &answer);
    let findings = answer["findings"].as_array().unwrap();
    assert_eq!(findings.len(), 1, "{answer:#}");
    let finding = &findings[0];
    assert_eq!((&finding["vulnerability"], &finding["kind"]), (&"EOL:OLD-1".into(), &"end_of_life".into()));
    assert_eq!(finding["support_end"], "2024-06-10");
    assert_eq!(finding["asset_detail"]["support_end"], "2024-06-09");
    assert_eq!(finding["basis"]["method"], "support-end");
    assert!(finding["basis"]["place"].as_str().unwrap().ends_with("ledger.csv#line 2"), "{finding:#}");
    // The policy's own row for what can be reached from outside, and the path names the policy.
    assert_eq!(finding["priority"], "out-of-cycle");
    assert_eq!(finding["path"][0]["point"], "finding-kind");
    assert_eq!(finding["path"][0]["evidence"], "shindan-default 1.0.0");
    assert_eq!(answer["remarks"][0]["code"], "support-ends-soon-summary");
    assert_eq!(answer["remarks"][0]["severity"], "note");
    let told = answer["inputs"][0]["diagnostics"].as_array().unwrap();
    let codes: Vec<&str> = told.iter().map(|d| d["code"].as_str().unwrap()).collect();
    assert_eq!(codes, ["date-invalid", "support-ends-soon"]);
    let open: Vec<&str> =
        answer["undetermined"].as_array().unwrap().iter().map(|u| u["code"].as_str().unwrap()).collect();
    assert!(open.contains(&"support-end-unreadable"), "{open:?}");
    check(&data_dir, &ledger, &["--fail-on", "out-of-cycle"]).ends(1);
    check(&data_dir, &ledger, &["--fail-on", "immediate"]).ends(0);
}

#[test]
fn people_read_it_in_both_languages() {
    let folder = Folder::new();
    let data_dir = knowledge(&folder);
    let ledger = folder.write("ledger.csv", LEDGER);
    for (lang, parts) in [
        ("ja", ["EOL:OLD-1", "サポート終了", "2024-06-10 以降サポートなし", "Gate 2"]),
        ("en", ["EOL:OLD-1", "support has ended", "no support since 2024-06-10", "Gate 2"]),
    ] {
        for format in ["table", "html"] {
            let arguments = ["check", text(&ledger), "--data-dir", text(&data_dir), "--now", common::NOW];
            let more = ["--lang", lang, "--format", format];
            let mut command = common::command(arguments.iter().chain(&more));
            let said = common::said(command.env("COLUMNS", "300").output().expect("runs")).ends(0);
            for part in parts {
                // A cell may break a phrase over lines.
                let flat: String = said.stdout.split_whitespace().collect();
                let wanted: String = part.split_whitespace().collect();
                assert!(flat.contains(&wanted), "no {part:?} in {format} {lang}: {said}");
            }
        }
    }
    run(["who", "EOL:OLD-1", text(&ledger), "--data-dir", text(&data_dir)]).ends(4);
}
