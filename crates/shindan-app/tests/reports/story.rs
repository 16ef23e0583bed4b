//! What the reports say about the demo's story.

use std::path::Path;

use jiff::civil::date;
use shindan_app::records::reports::{ReportKind, make};
use shindan_app::records::{Entered, RecordsError};
use shindan_domain::people::Role;
use shindan_report::paper::{Block, Paper, Tone};
use shindan_report::{Lang, Words};

use crate::world::{FROM, complete, made, now, order, records, text};

/// The rows of a table of a paper, by its title's place.
fn rows(paper: &Paper, table: usize) -> Vec<Vec<String>> {
    let table = paper.tables().nth(table).expect("a table");
    table.rows.iter().map(|row| row.iter().map(|cell| cell.text.clone()).collect()).collect()
}

fn row<'a>(rows: &'a [Vec<String>], with: &str) -> &'a [String] {
    rows.iter().find(|row| row.iter().any(|cell| cell.contains(with))).unwrap_or_else(|| panic!("{with}"))
}

#[test]
fn every_kind_can_be_made_in_both_languages_without_a_blank() {
    for lang in Lang::ALL {
        for kind in ReportKind::ALL {
            let paper = made(&complete(*kind, lang)).unwrap_or_else(|error| panic!("{kind}: {error}"));
            assert!(!paper.title.is_empty() && !paper.about.is_empty(), "{kind} {lang}");
            assert!(!paper.blocks.is_empty(), "{kind} {lang}");
            for table in paper.tables() {
                assert!(!table.title.is_empty(), "{kind} {lang}");
                assert!(!table.rows.is_empty() || !table.empty.is_empty(), "{kind} {lang} {}", table.title);
                assert!(
                    table.rows.iter().all(|row| row.len() == table.columns.len()),
                    "{kind} {}",
                    table.title
                );
            }
            // A key of the words is shown in brackets where its words are missing.
            let text = text(&paper);
            assert!(!text.contains("[report-") && !text.contains("[term-"), "{kind} {lang}\n{text}");
            assert!(!text.contains("[label-") && !text.contains("{$"), "{kind} {lang}\n{text}");
        }
    }
}

#[test]
fn every_kind_has_a_name_in_both_languages() {
    for lang in Lang::ALL {
        for kind in ReportKind::ALL {
            let name = Words::new(lang).term(kind.term());
            assert_ne!(name, kind.as_str(), "{lang}: no words for {kind}");
        }
    }
}

#[test]
fn nothing_that_is_not_recorded_is_left_blank_in_the_new_reports() {
    let new = [
        ReportKind::Decisions,
        ReportKind::Overdue,
        ReportKind::Accepted,
        ReportKind::Patches,
        ReportKind::WorkPlan,
        ReportKind::WorkReport,
        ReportKind::DeviceStatus,
        ReportKind::Reviews,
    ];
    for kind in new {
        let paper = made(&complete(kind, Lang::Ja)).unwrap();
        for table in paper.tables() {
            let blank = table.rows.iter().flatten().filter(|cell| cell.text.trim().is_empty()).count();
            assert_eq!(blank, 0, "{kind}: {}", table.title);
        }
        for block in &paper.blocks {
            if let Block::Facts(facts) = block {
                assert!(facts.iter().all(|(label, cell)| !label.is_empty() && !cell.text.trim().is_empty()));
            }
        }
    }
}

#[test]
fn decisions_name_who_decided_why_and_who_approved_and_what_is_not_decided() {
    let paper = made(&order(ReportKind::Decisions, Lang::Ja)).unwrap();
    let decided = rows(&paper, 0);
    let closed = row(&decided, "CVE-2018-13379");
    assert!(closed[4].contains("パッチ適用") && closed[5].contains("悪用が確認されており"), "{closed:?}");
    assert!(closed[6].contains("運用 太郎") && closed[7].contains("承認 三郎"), "{closed:?}");
    // What no longer counts is told beside what took its place.
    let pacs: Vec<&Vec<String>> = decided.iter().filter(|row| row[1].contains("CVE-2023-40159")).collect();
    assert_eq!(pacs.len(), 2, "{pacs:#?}");
    assert!(pacs[0][9].contains("失効") && pacs[1][4].contains("隔離"), "{pacs:#?}");
    let open = rows(&paper, 1);
    assert!(row(&open, "CVE-2024-21762")[5].contains("日超過"), "{open:#?}");
    assert!(!open.iter().any(|row| row[1].contains("CVE-2018-13379")));
}

#[test]
fn what_was_decided_later_is_not_in_the_report_of_a_past_day() {
    let mut past = order(ReportKind::Decisions, Lang::En);
    past.as_of = Some(date(2024, 10, 16));
    let paper = made(&past).unwrap();
    let decided = rows(&paper, 0);
    assert_eq!(decided.len(), 1, "{decided:#?}");
    assert!(decided[0][1].contains("CVE-2018-13379"));
    // It was closed on the 17th: on the 16th it was approved and no more.
    assert_eq!(decided[0][9], "approved");
    assert!(row(&rows(&paper, 1), "CVE-2020-6961")[6].contains("detected"));
    assert!(paper.cautions.iter().any(|caution| caution.contains("in the past")), "{:?}", paper.cautions);
}

#[test]
fn an_empty_period_says_so_and_what_was_looked_at() {
    let mut empty = order(ReportKind::Decisions, Lang::En);
    (empty.from, empty.to) = (date(2023, 1, 1), date(2023, 1, 31));
    let paper = made(&empty).unwrap();
    let table = paper.tables().next().unwrap();
    assert!(table.rows.is_empty());
    assert!(table.empty.contains("cases looked at: 19"), "{}", table.empty);
    let reviews = made(&order(ReportKind::Reviews, Lang::Ja)).unwrap();
    assert!(text(&reviews).contains("見直し項目は登録されていません"), "{}", text(&reviews));
}

#[test]
fn overdue_names_the_missed_confirmation_and_nothing_that_is_in_time() {
    let paper = made(&order(ReportKind::Overdue, Lang::Ja)).unwrap();
    let late = rows(&paper, 0);
    let confirmation = row(&late, "保守回線機器の定期確認");
    assert_eq!(confirmation[4], "2024-10-27");
    assert!(row(&late, "MO-03")[3].contains("切り離し"), "{late:#?}");
    // The accepted risk ends in March of the next year, the closed case is closed.
    assert!(!text(&paper).contains("CVE-2018-13379"));
    assert!(!late.iter().any(|row| row[3].contains("リスク保有")), "{late:#?}");
    let mut begun = order(ReportKind::Overdue, Lang::Ja);
    begun.as_of = Some(date(2024, 10, 15));
    let before = made(&begun).unwrap();
    assert!(!text(&before).contains("定期確認の報告"), "{}", text(&before));
}

#[test]
fn accepted_risks_name_the_signer_of_the_paper_and_that_no_measure_is_recorded() {
    let paper = made(&order(ReportKind::Accepted, Lang::Ja)).unwrap();
    let held = rows(&paper, 0);
    assert_eq!(held.len(), 1, "{held:#?}");
    let risk = &held[0];
    assert!(risk[1].contains("CVE-2020-6961") && risk[2].contains("MO-02"), "{risk:?}");
    assert!(risk[8].contains("承認 三郎（書面で）") && risk[8].contains("acceptance.txt"), "{risk:?}");
    assert!(risk[8].contains("SHA-256 ") && risk[9].contains("2025-03-31"), "{risk:?}");
    assert_eq!(risk[6], "記録なし");
    let table = paper.tables().next().unwrap();
    assert_eq!(table.rows[0][6].tone, Tone::Undetermined);
}

#[test]
fn patches_tell_the_genuine_from_the_tampered_one() {
    let paper = made(&order(ReportKind::Patches, Lang::En)).unwrap();
    let all = rows(&paper, 0);
    let good = row(&all, "FGT_60F-v6.0.5.out");
    assert!(good[5].contains("genuine") && good[6].contains("gone"), "{good:?}");
    let bad = row(&all, "BIGIP-15.1.0.4.iso");
    assert!(bad[5].contains("tampered") && bad[6].contains("not tested"), "{bad:?}");
    let text = text(&paper);
    assert!(text.contains("メーカー窓口との電話での読み合わせ"), "the channel of the expected value: {text}");
    assert!(text.contains("VPN-01"), "where it was applied: {text}");
}

#[test]
fn works_tell_what_was_done_and_what_is_missing() {
    let blocked = text(&made(&complete(ReportKind::WorkPlan, Lang::Ja)).unwrap());
    assert!(blocked.contains("満たしていない事項") && blocked.contains("医療機関の同意"), "{blocked}");
    assert!(blocked.contains("署名欄") || blocked.contains("作業計画者"), "{blocked}");
    let mut done = order(ReportKind::WorkReport, Lang::Ja);
    done.about = Some(crate::world::finished_work());
    let report = text(&made(&done).unwrap());
    for told in ["運用 太郎", "再照合", "病院長 五郎", "consent.txt", "test-protocol.txt", "完了"]
    {
        assert!(report.contains(told), "{told}\n{report}");
    }
    assert!(!report.contains("満たしていない事項"), "{report}");
}

#[test]
fn device_status_says_what_no_dossier_tells() {
    let paper = made(&order(ReportKind::DeviceStatus, Lang::Ja)).unwrap();
    let devices = rows(&paper, 0);
    assert_eq!(devices.len(), 26, "{devices:#?}");
    assert!(row(&devices, "SV-04")[5].contains("日超過"));
    assert!(row(&devices, "VPN-03")[12].contains("所有者が決まっていません"));
    assert_eq!(row(&devices, "CT-01")[8], "記録なし");
    assert!(paper.cautions.iter().any(|caution| caution.contains("23台")), "{:?}", paper.cautions);
}

#[test]
fn an_order_that_lacks_something_or_would_leave_something_out_is_refused() {
    let refused = |order| match made(&order) {
        Err(RecordsError::Invalid { field, .. }) => field,
        other => panic!("{other:?}"),
    };
    let mut backwards = order(ReportKind::Decisions, Lang::Ja);
    (backwards.from, backwards.to) = (FROM, date(2024, 9, 1));
    assert_eq!(refused(backwards), "--to");
    let mut future = order(ReportKind::Overdue, Lang::Ja);
    future.as_of = Some(date(2999, 1, 1));
    assert_eq!(refused(future), "--as-of");
    assert_eq!(refused(order(ReportKind::WorkPlan, Lang::Ja)), "about");
    let mut other = complete(ReportKind::WorkPlan, Lang::Ja);
    other.kind = ReportKind::Agreement;
    assert_eq!(refused(other), "about");
    let mut months = order(ReportKind::Collection, Lang::Ja);
    (months.from, months.to) = (FROM, date(2024, 12, 31));
    assert_eq!(refused(months), "--to");
    let mut past = order(ReportKind::StoppedDevices, Lang::Ja);
    past.as_of = Some(FROM);
    assert_eq!(refused(past), "--as-of");
}

#[test]
fn who_may_not_read_gets_no_report() {
    let (records, auditor) = records("auditor");
    let nobody = Entered { roles: Vec::new(), ..auditor.clone() };
    for kind in ReportKind::ALL {
        let refused = make(&records, &nobody, &complete(*kind, Lang::Ja), now());
        assert!(matches!(refused, Err(RecordsError::Refused { .. })), "{kind}: {refused:?}");
    }
    assert_eq!(auditor.roles, [Role::Auditor]);
}

/// Whole papers, so that a change of what they say is seen; `SHINDAN_BLESS=1` writes them anew.
#[test]
fn accepted_risks_are_told_like_this() {
    for lang in Lang::ALL {
        let paper = made(&order(ReportKind::Accepted, lang)).unwrap();
        let said = text(&paper);
        // The installation's identifier is another one in each demo.
        let same: Vec<&str> = said.lines().filter(|line| !line.contains("0192")).collect();
        let said = format!("{}\n", same.join("\n"));
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/reports/accepted.{lang}.txt"));
        if std::env::var_os("SHINDAN_BLESS").is_some() {
            std::fs::write(&path, &said).unwrap();
        }
        assert_eq!(said, std::fs::read_to_string(&path).unwrap(), "{lang}");
    }
}
