//! The message that tells somebody what changed: a subject and a plain text, the most urgent first.

use shindan_domain::case::priority_term;

use crate::dates::{date, minute};
use crate::since::{CaseLine, CaseMove, ChangesSince};
use crate::words::Words;

/// Things of one kind that are told one by one; the others are counted. A mail is no report.
const SHOWN: usize = 15;

/// A message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MessageText {
    /// One line.
    pub subject: String,
    /// Plain text.
    pub text: String,
    /// How many things it tells.
    pub items: u64,
}

/// The message about changes, of which only those stand in it that are to be told. `urgent`: it comes at once, not after the interval.
pub fn message(changes: &ChangesSince, urgent: bool, words: &Words) -> MessageText {
    let surged = |line: &&CaseLine| line.moves.contains(&CaseMove::Surged);
    let surges: Vec<&CaseLine> = changes.cases.iter().filter(surged).collect();
    let cases: Vec<&CaseLine> = changes.cases.iter().filter(|line| !surged(line)).collect();
    let parts = [
        ("notify-surges", surges.iter().map(|line| case(line, words)).collect::<Vec<_>>()),
        ("notify-cases", cases.iter().map(|line| case(line, words)).collect()),
        ("notify-failed", failed(changes, words)),
        ("notify-missed", missed(changes, words)),
        ("notify-alarms", alarms(changes, words)),
        ("notify-notices", notices(changes)),
    ];
    let items = parts.iter().map(|(_, lines)| lines.len() as u64).sum();
    let (from, until) = (minute(changes.since, words), minute(changes.until, words));
    let span = [("from", (&from).into()), ("until", (&until).into())];
    let mut text = words.get("notify-opening", &span);
    for (key, lines) in parts.iter().filter(|(_, lines)| !lines.is_empty()) {
        text.push_str("\n\n");
        text.push_str(&words.get(key, &[("count", lines.len().into())]));
        for line in lines.iter().take(SHOWN) {
            text.push_str("\n- ");
            text.push_str(line);
        }
        if lines.len() > SHOWN {
            text.push('\n');
            text.push_str(&words.get("notify-more", &[("count", (lines.len() - SHOWN).into())]));
        }
    }
    text.push_str("\n\n");
    text.push_str(&words.t("notify-closing"));
    text.push('\n');
    let key = if urgent { "notify-subject-urgent" } else { "notify-subject" };
    let counts = [
        ("cases", changes.cases.len().into()),
        ("surges", surges.len().into()),
        ("failed", (changes.failed.len() + changes.missed.len()).into()),
        ("others", (changes.alarms.len() + changes.notices.len()).into()),
    ];
    MessageText { subject: one_line(&words.get(key, &counts)), text, items }
}

fn case(line: &CaseLine, words: &Words) -> String {
    let number = line.number.clone().unwrap_or_else(|| line.stream.id.to_string());
    let (title, priority) = (one_line(&line.title), words.term(priority_term(line.priority)));
    let values = [("number", (&number).into()), ("title", (&title).into()), ("priority", (&priority).into())];
    let text = words.get("notify-case", &values);
    if line.surged.is_empty() {
        return text;
    }
    let ids = line.surged.join(", ");
    words.get("notify-case-surged", &[("text", (&text).into()), ("vulnerabilities", (&ids).into())])
}

fn failed(changes: &ChangesSince, words: &Words) -> Vec<String> {
    let line = |one: &crate::since::FailedLine| {
        let (at, failure) = (minute(one.at, words), words.term(one.failure.term()));
        let values = [("source", (&one.name).into()), ("at", (&at).into()), ("failure", (&failure).into())];
        words.get("notify-failed-line", &values)
    };
    changes.failed.iter().map(line).collect()
}

fn missed(changes: &ChangesSince, words: &Words) -> Vec<String> {
    let line = |one: &crate::since::MissedLine| {
        let day = date(one.date, words);
        let values = [("source", (&one.name).into()), ("date", (&day).into())];
        words.get("notify-missed-line", &values)
    };
    changes.missed.iter().map(line).collect()
}

fn alarms(changes: &ChangesSince, words: &Words) -> Vec<String> {
    let line = |one: &crate::since::AlarmLine| {
        let reason = words.reason(&one.alarm.reason());
        words.get("notify-alarm-line", &[("source", (&one.name).into()), ("reason", (&reason).into())])
    };
    changes.alarms.iter().map(line).collect()
}

fn notices(changes: &ChangesSince) -> Vec<String> {
    let line = |one: &crate::since::NoticeLine| {
        let number = one.number.clone().unwrap_or_else(|| one.stream.id.to_string());
        let link = one.link.as_ref().map(|link| format!(" {link}")).unwrap_or_default();
        one_line(&format!("{number} {}{link}", one.title))
    };
    changes.notices.iter().map(line).collect()
}

/// Titles come from outside: a line end in one must not look like a line of ours, let alone like a header.
fn one_line(text: &str) -> String {
    let plain: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    plain.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use jiff::civil::date as civil;
    use shindan_domain::case::CaseState;
    use shindan_domain::collect::{Failure, NoticeClass, NoticeState};
    use shindan_domain::ledger::{Kind, Stream};
    use shindan_domain::priority::Decision;
    use shindan_domain::record_id::SourceId;
    use uuid::Uuid;

    use super::*;
    use crate::Lang;
    use crate::since::{FailedLine, MissedLine, NoticeLine};

    fn stream(kind: Kind, number: u128) -> Stream {
        Stream::new(kind, Uuid::from_u128(number))
    }

    fn changes(cases: u128) -> ChangesSince {
        let at: Timestamp = "2026-11-27T06:00:00Z".parse().unwrap();
        let case = |number: u128| CaseLine {
            stream: stream(Kind::Case, number),
            number: Some(format!("MED-2026-{number:04}")),
            title: format!("CVE-2026-{number} 電子カルテ\r\nBcc: x@evil.example"),
            priority: Decision::Immediate,
            state: CaseState::Detected,
            moves: vec![if number == 1 { CaseMove::Surged } else { CaseMove::Opened }],
            surged: if number == 1 { vec!["CVE-2026-1".to_owned()] } else { Vec::new() },
            at,
        };
        let source = SourceId(Uuid::from_u128(9));
        ChangesSince {
            since: at,
            until: at,
            after: 1,
            last: 9,
            notices: vec![NoticeLine {
                stream: stream(Kind::Notice, 1),
                number: Some("MED-N-1".to_owned()),
                source: "jpcert".to_owned(),
                title: "注意喚起".to_owned(),
                link: Some("https://www.jpcert.example/at/1".to_owned()),
                class: NoticeClass::Alert,
                received: true,
                updated: false,
                judged: None,
                state: NoticeState::ToBeJudged,
                at,
            }],
            checks_done: 4,
            failed: vec![FailedLine {
                stream: stream(Kind::SourceCheck, 1),
                number: None,
                source,
                name: "ipa".to_owned(),
                failure: Failure::Timeout,
                at,
            }],
            missed: vec![MissedLine { date: civil(2026, 11, 26), name: "nco".to_owned(), source }],
            alarms: Vec::new(),
            cases: (1..=cases).map(case).collect(),
            generations: Vec::new(),
            comparisons: 0,
        }
    }

    #[test]
    fn a_message_tells_everything_counts_the_rest_and_stays_in_its_lines() {
        for lang in [Lang::Ja, Lang::En] {
            let words = Words::new(lang);
            let told = message(&changes(20), true, &words);
            assert_eq!(told.items, 23);
            assert!(!told.subject.chars().any(char::is_control) && told.subject.contains("20"), "{told:?}");
            for part in ["MED-2026-0001", "CVE-2026-1", "MED-2026-0016", "MED-N-1", "ipa", "nco", "/at/1"] {
                assert!(told.text.contains(part), "{part}: {}", told.text);
            }
            assert!(!told.text.contains("MED-2026-0017"), "the rest is counted: {}", told.text);
            assert!(!told.text.lines().any(|line| line.starts_with("Bcc")), "{}", told.text);
            assert!(!told.text.contains("notify-") && !told.subject.contains("notify-"), "{told:?}");
            assert_ne!(told.subject, message(&changes(20), false, &words).subject);
        }
    }

    #[test]
    fn parts_with_nothing_to_tell_are_left_out() {
        let words = Words::new(Lang::En);
        let told = message(&changes(0), false, &words);
        assert_eq!(told.items, 3);
        assert!(!told.text.contains("MED-2026"), "{}", told.text);
    }
}
