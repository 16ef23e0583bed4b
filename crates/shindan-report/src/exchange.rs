//! What was found of a sealed file, for people and programs (schema `shindan.sealed-file/1`).

use jiff::Timestamp;
use serde_json::{Map, Value, json};
use shindan_domain::exchange::{CheckMade, Content, SealedCheck};
use shindan_domain::process::{Label, Reason};
use shindan_domain::record_id::InstallationId;

use crate::dates;
use crate::records::reason_json;
use crate::table::Style;
use crate::table::layout::{self, heading, line, plain, put};
use crate::words::Words;

/// What a manifest says.
#[derive(Debug, Clone, PartialEq)]
pub struct SealedHead {
    /// Who made it, as they call themselves.
    pub party: String,
    /// Their installation.
    pub sender: InstallationId,
    /// For which installation it is.
    pub receiver: InstallationId,
    /// Its number.
    pub sequence: u64,
    /// When it was made.
    pub created: Timestamp,
    /// From when on it is refused.
    pub expires: Timestamp,
    /// Whether it was encrypted.
    pub encrypted: bool,
    /// What is in it.
    pub contents: Vec<Content>,
    /// Earlier numbers that it calls void.
    pub void: Vec<u64>,
}

/// What was found of a sealed file.
#[derive(Debug, Clone, PartialEq)]
pub struct SealedPage {
    /// What it says of itself, if its signature holds.
    pub head: Option<SealedHead>,
    /// What was checked.
    pub checks: Vec<(SealedCheck, CheckMade)>,
    /// Why it would be refused now; `None`: it would be accepted.
    pub refused: Option<Reason>,
}

/// For people.
pub fn sealed_file(page: &SealedPage, words: &Words, style: &Style) -> String {
    let mut out = String::new();
    match &page.refused {
        None => line(&mut out, &words.t("exchange-would-be-accepted")),
        Some(reason) => {
            line(&mut out, &words.t("exchange-would-be-refused"));
            line(&mut out, &format!("・{}", words.reason(reason)));
        }
    }
    if let Some(head) = &page.head {
        put_head(&mut out, head, words, style);
    }
    heading(&mut out, &words.t("exchange-checks"));
    for (check, made) in &page.checks {
        line(&mut out, &format!("{}  {}", words.term(made.term()), words.term(check.term())));
    }
    // Of what is no sealed file nothing can be checked, whoever is known.
    if page.head.is_some() && page.checks.iter().any(|(_, made)| *made == CheckMade::NotMade) {
        line(&mut out, &words.t("exchange-not-made"));
    }
    out
}

fn put_head(out: &mut String, head: &SealedHead, words: &Words, style: &Style) {
    let titles = [words.t("records-col-item"), words.t("records-col-value")];
    let mut table = layout::table(&titles, style);
    let yes_no = if head.encrypted { "records-yes" } else { "records-no" };
    let mut rows = vec![
        (Label::Name, head.party.clone()),
        (Label::PartnerInstallation, head.sender.to_string()),
        (Label::Sequence, head.sequence.to_string()),
        (Label::At, dates::moment(head.created, words)),
        (Label::Expires, dates::moment(head.expires, words)),
        (Label::Encrypted, words.t(yes_no)),
    ];
    if !head.void.is_empty() {
        let void: Vec<String> = head.void.iter().map(ToString::to_string).collect();
        rows.push((Label::VoidNumbers, void.join(", ")));
    }
    for (label, value) in rows {
        table.add_row(vec![plain(words.label_of(label)), plain(value)]);
    }
    layout::widen(&mut table, 1, 60);
    put(out, &table);
    heading(out, &words.label_of(Label::SealedContents));
    for content in &head.contents {
        let kind = words.term(content.content_type.term());
        line(out, &format!("{kind}  {}  ({} B, SHA-256 {})", content.path, content.size, content.sha256));
    }
}

/// For programs.
pub fn sealed_file_json(page: &SealedPage) -> Value {
    let checks: Map<String, Value> =
        page.checks.iter().map(|(check, made)| (check.as_str().to_owned(), json!(made))).collect();
    let head = page.head.as_ref().map(|head| {
        json!({
            "party": head.party,
            "sender": head.sender,
            "receiver": head.receiver,
            "sequence": head.sequence,
            "created": head.created,
            "expires": head.expires,
            "encrypted": head.encrypted,
            "contents": head.contents,
            "void": head.void,
        })
    });
    json!({
        "schema": "shindan.sealed-file/1",
        "accepted": page.refused.is_none(),
        "reason": page.refused.as_ref().map(reason_json),
        "checks": checks,
        "manifest": head,
    })
}

#[cfg(test)]
mod tests {
    use shindan_domain::process::ReasonCode;

    use super::*;
    use crate::Lang;

    #[test]
    fn what_was_found_is_said_in_both_languages_without_keys() {
        let all = |made| SealedCheck::ALL.iter().map(|check| (*check, made)).collect::<Vec<_>>();
        let head = SealedHead {
            party: "カルテ工業".to_owned(),
            sender: InstallationId(uuid::Uuid::from_u128(1)),
            receiver: InstallationId(uuid::Uuid::from_u128(2)),
            sequence: 7,
            created: "2026-11-26T01:02:03Z".parse().unwrap(),
            expires: "2027-02-26T00:00:00Z".parse().unwrap(),
            encrypted: true,
            contents: Vec::new(),
            void: vec![5, 6],
        };
        let gap = Reason::new(ReasonCode::SealedGap).with("number", 7).with("next", 4).with("missing", "4");
        let style = Style { color: false, width: Some(80), max_age_days: None };
        for lang in Lang::ALL {
            let words = Words::new(lang);
            let page = SealedPage {
                head: Some(head.clone()),
                checks: all(CheckMade::NotMade),
                refused: Some(gap.clone()),
            };
            let text = sealed_file(&page, &words, &style);
            assert!(text.contains(&words.reason(&gap)) && text.contains("5, 6"), "{text}");
            assert!(text.contains(&words.t("exchange-not-made")), "{text}");
            assert!(!text.contains("term-") && !text.contains("label-"), "{text}");
            let accepted = SealedPage { head: None, checks: all(CheckMade::Passed), refused: None };
            let text = sealed_file(&accepted, &words, &style);
            assert!(text.starts_with(&words.t("exchange-would-be-accepted")), "{text}");
            assert!(!text.contains(&words.t("exchange-not-made")));
        }
    }
}
