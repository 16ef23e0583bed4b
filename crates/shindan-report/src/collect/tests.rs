//! The month on the terminal: every column stays in line, nothing is told by colour alone.

use jiff::Timestamp;
use jiff::civil::date;
use shindan_domain::collect::{
    CellState, CheckFacts, CheckOutcome, CheckResult, Counts, Failure, PlanSpan, calendar as grid_of,
};
use shindan_domain::diagnostic::Params;
use shindan_domain::record_id::{SourceCheckId, SourceId};
use unicode_width::UnicodeWidthStr;
use uuid::Uuid;

use super::{SyncedLine, calendar, synced};
use crate::table::Style;
use crate::words::{Lang, Words};

const SOURCE: SourceId = SourceId(Uuid::from_u128(1));

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn check(number: u128, ended: &str, result: CheckResult) -> CheckFacts {
    CheckFacts {
        check: SourceCheckId(Uuid::from_u128(number)),
        source: SOURCE,
        ended: at(ended),
        result,
        new_items: u64::from(result == CheckResult::NewItems),
        failure: (result == CheckResult::Failed).then_some(Failure::Status),
        counts: Counts::default(),
        bytes: None,
        content: None,
        carried: None,
    }
}

/// The month in a language, so wide.
fn month(lang: Lang, width: u16) -> String {
    let span = PlanSpan { from: at("2026-10-31T00:00:00Z"), until: None, interval_hours: Some(24) };
    let checks = [
        check(1, "2026-11-01T03:00:00Z", CheckResult::NewItems),
        check(2, "2026-11-02T03:00:00Z", CheckResult::NothingNew),
        check(3, "2026-11-03T03:00:00Z", CheckResult::Failed),
    ];
    let grid = grid_of(date(2026, 11, 1), &[(SOURCE, vec![span])], &checks, at("2026-11-05T03:00:00Z"));
    let style = Style { width: Some(width), ..Style::default() };
    calendar(&grid, &[(SOURCE, "JPCERT/CC 注意喚起".to_owned())], &Words::new(lang), &style)
}

#[test]
fn each_day_stands_below_its_number() {
    for (lang, signs) in [(Lang::Ja, ["〇", "・", "Ｘ", "－"]), (Lang::En, ["o", ".", "x", "-"])] {
        let shown = month(lang, 120);
        let mut lines = shown.lines().skip(1);
        let (head, row) = (lines.next().unwrap(), lines.next().unwrap());
        for (day, sign) in ["01", "02", "03", "04"].into_iter().zip(signs) {
            let (above, below) = (head.find(day).unwrap(), row.rfind(sign).unwrap());
            let end_above = head[..above].width() + 2;
            let end_below = row[..below].width() + sign.width();
            assert_eq!(end_above, end_below, "{day}\n{shown}");
        }
        assert!(!shown.contains("[collect-"), "{shown}");
    }
}

#[test]
fn every_sign_is_explained_and_a_narrow_terminal_gets_two_parts() {
    for lang in Lang::ALL {
        let words = Words::new(lang);
        let shown = month(lang, 70);
        assert!(shown.lines().count() >= 6, "{shown}");
        for state in CellState::ALL {
            assert!(shown.contains(&words.term(state.term())), "{state}: {shown}");
        }
        let days = shown.lines().filter(|line| !line.contains(&words.term(CellState::Missed.term())));
        assert!(days.skip(1).all(|line| line.width() <= 70), "{shown}");
    }
}

#[test]
fn a_failed_source_says_why_with_its_particulars() {
    let params: Params = [("status".to_owned(), "500".to_owned())].into_iter().collect();
    let outcome = CheckOutcome::Failed { failure: Failure::Status, params };
    let line = SyncedLine { id: SOURCE, name: "jpcert", check: None, outcome: &outcome, alarms: &[] };
    for lang in Lang::ALL {
        let words = Words::new(lang);
        let shown = synced(&[line], &words, &Style { width: Some(200), ..Style::default() });
        assert!(shown.contains(&words.term(Failure::Status.term())), "{shown}");
        assert!(shown.contains("status=500"), "{shown}");
        assert!(!shown.contains(&words.term(CheckResult::NothingNew.term())), "{shown}");
    }
}
