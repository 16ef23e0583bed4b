//! Bundles for closed networks, for people and programs (schemas `shindan.bundle/1` and `shindan.bundle-import/1`).

use jiff::Timestamp;
use serde_json::{Value, json};
use shindan_domain::collect::{CheckResult, Failure, SourceKind};
use shindan_domain::process::{Label, Reason};
use shindan_domain::record_id::InstallationId;

use crate::collect::{SyncedLine, synced, synced_json};
use crate::dates;
use crate::records::reason_json;
use crate::table::Style;
use crate::table::layout::{self, Meaning, colored, heading, line, plain, put};
use crate::words::Words;

/// A source in a bundle.
#[derive(Debug, Clone, Copy)]
pub struct BundleLine<'a> {
    /// Short name.
    pub name: &'a str,
    /// What people call it.
    pub title: &'a str,
    /// What it is.
    pub kind: SourceKind,
    /// Under which terms its content may be passed on.
    pub licence: Option<&'a str>,
    /// Its files are not in the bundle.
    pub left_out: bool,
    /// The sender did not look in time, or could not.
    pub stale: bool,
    /// The sender's last check: when, what came of it, and why it failed if it did.
    pub last: Option<(Timestamp, CheckResult, Option<Failure>)>,
    /// When the sender's last check ended that did not fail.
    pub last_good: Option<Timestamp>,
    /// Files that the bundle carries or that the receiver has.
    pub files: u64,
}

/// What a bundle says of itself.
#[derive(Debug, Clone)]
pub struct BundlePage<'a> {
    /// Who made it, as they call themselves.
    pub party: &'a str,
    /// Their installation.
    pub installation: InstallationId,
    /// The key that signed it.
    pub key: &'a str,
    /// Its number.
    pub sequence: u64,
    /// It holds what changed since this number; `None`: everything.
    pub since: Option<u64>,
    /// When it was made.
    pub created: Timestamp,
    /// When it is too old to be taken in without a reason.
    pub expires: Timestamp,
    /// Files that it carries.
    pub files: u64,
    /// Their bytes.
    pub bytes: u64,
    /// Files that the receiver has.
    pub unchanged: u64,
    /// The sources.
    pub sources: Vec<BundleLine<'a>>,
}

/// Whether a bundle would be taken in.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum BundleVerdict<'a> {
    /// It would.
    Accepted,
    /// Only by an approver who gives a reason.
    NeedsPerson(&'a Reason),
    /// It would not.
    Refused(&'a Reason),
}

/// For people.
pub fn bundle(
    page: &BundlePage<'_>,
    verdict: Option<BundleVerdict<'_>>,
    words: &Words,
    style: &Style,
) -> String {
    let mut out = String::new();
    match verdict {
        None => {}
        Some(BundleVerdict::Accepted) => line(&mut out, &words.t("bundle-would-be-accepted")),
        Some(BundleVerdict::NeedsPerson(reason)) => {
            line(&mut out, &words.t("bundle-needs-person"));
            line(&mut out, &format!("・{}", words.reason(reason)));
        }
        Some(BundleVerdict::Refused(reason)) => {
            line(&mut out, &words.t("bundle-would-be-refused"));
            line(&mut out, &format!("・{}", words.reason(reason)));
        }
    }
    put_head(&mut out, page, words, style);
    heading(&mut out, &words.t("bundle-sources"));
    put_sources(&mut out, page, words, style);
    out
}

fn put_head(out: &mut String, page: &BundlePage<'_>, words: &Words, style: &Style) {
    let titles = [words.t("records-col-item"), words.t("records-col-value")];
    let mut table = layout::table(&titles, style);
    let holds = match page.since {
        None => words.t("bundle-everything"),
        Some(since) => words.get("bundle-changed-since", &[("number", since.into())]),
    };
    let files =
        [("count", page.files.into()), ("bytes", page.bytes.into()), ("unchanged", page.unchanged.into())];
    let rows = [
        (Label::Name, page.party.to_owned()),
        (Label::PartnerInstallation, page.installation.to_string()),
        (Label::Sequence, page.sequence.to_string()),
        (Label::BundleHolds, holds),
        (Label::MadeAt, dates::moment(page.created, words)),
        (Label::Expires, dates::moment(page.expires, words)),
        (Label::Files, words.get("bundle-files", &files)),
    ];
    for (label, value) in rows {
        table.add_row(vec![plain(words.label_of(label)), plain(value)]);
    }
    layout::widen(&mut table, 1, 60);
    put(out, &table);
}

fn put_sources(out: &mut String, page: &BundlePage<'_>, words: &Words, style: &Style) {
    let keys = [
        "collect-col-name",
        "collect-col-title",
        "bundle-col-state",
        "bundle-col-last",
        "collect-col-licence",
    ];
    let mut table = layout::table(&keys.map(|key| words.t(key)), style);
    for source in &page.sources {
        let (state, meaning) = if source.left_out {
            ("bundle-left-out", Some(Meaning::OutOfCycle))
        } else if source.stale {
            ("bundle-stale", Some(Meaning::Immediate))
        } else {
            ("bundle-recent", None)
        };
        let state = words.t(state);
        let last = match source.last {
            None => words.t("collect-never"),
            Some((at, result, failure)) => {
                let why = failure.map_or_else(|| words.term(result.term()), |why| words.term(why.term()));
                format!("{}\n{why}", dates::moment(at, words))
            }
        };
        table.add_row(vec![
            plain(source.name),
            plain(source.title),
            match meaning {
                Some(meaning) => colored(state, meaning),
                None => plain(state),
            },
            plain(last),
            plain(source.licence.unwrap_or("-")),
        ]);
    }
    put(out, &table);
}

/// For programs. `path`: where it was written, if it was made now.
pub fn bundle_json(page: &BundlePage<'_>, verdict: Option<BundleVerdict<'_>>, path: Option<&str>) -> Value {
    let sources: Vec<Value> = page.sources.iter().map(source_json).collect();
    let verdict = verdict.map(|verdict| match verdict {
        BundleVerdict::Accepted => json!({"answer": "accepted", "reason": null}),
        BundleVerdict::NeedsPerson(reason) => {
            json!({"answer": "needs-person", "reason": reason_json(reason)})
        }
        BundleVerdict::Refused(reason) => json!({"answer": "refused", "reason": reason_json(reason)}),
    });
    json!({
        "schema": "shindan.bundle/1",
        "verdict": verdict,
        "path": path,
        "party": page.party,
        "installation": page.installation,
        "key": page.key,
        "sequence": page.sequence,
        "since": page.since,
        "created": page.created,
        "expires": page.expires,
        "files": page.files,
        "bytes": page.bytes,
        "unchanged": page.unchanged,
        "sources": sources,
    })
}

fn source_json(source: &BundleLine<'_>) -> Value {
    let last =
        source.last.map(|(at, result, failure)| json!({"at": at, "result": result, "failure": failure}));
    json!({
        "name": source.name,
        "title": source.title,
        "kind": source.kind,
        "licence": source.licence,
        "left_out": source.left_out,
        "stale": source.stale,
        "last_check": last,
        "last_good": source.last_good,
        "files": source.files,
    })
}

/// What taking a bundle in came to.
#[derive(Debug, Clone)]
pub struct BundleImported<'a> {
    /// The bundle.
    pub page: BundlePage<'a>,
    /// Its time was over.
    pub expired: bool,
    /// Sources that were not known here.
    pub added: &'a [String],
    /// Sources that ended here.
    pub passed_over: &'a [String],
    /// The sources with their checks.
    pub sources: Vec<SyncedLine<'a>>,
    /// The knowledge base was built anew.
    pub rebuilt: bool,
}

/// For people.
pub fn bundle_import(imported: &BundleImported<'_>, words: &Words, style: &Style) -> String {
    let mut out = String::new();
    let made = dates::moment(imported.page.created, words);
    let values = [
        ("number", imported.page.sequence.into()),
        ("party", imported.page.party.into()),
        ("date", (&made).into()),
    ];
    line(&mut out, &words.get("bundle-taken", &values));
    if imported.expired {
        line(&mut out, &words.t("bundle-taken-expired"));
    }
    for (key, names) in [("bundle-added", imported.added), ("bundle-passed-over", imported.passed_over)] {
        if !names.is_empty() {
            let names = names.join(", ");
            line(&mut out, &words.get(key, &[("names", (&names).into())]));
        }
    }
    out.push_str(&synced(&imported.sources, words, style));
    out
}

/// For programs.
pub fn bundle_import_json(imported: &BundleImported<'_>) -> Value {
    let sources: Vec<Value> = imported.sources.iter().map(synced_json).collect();
    json!({
        "schema": "shindan.bundle-import/1",
        "party": imported.page.party,
        "installation": imported.page.installation,
        "sequence": imported.page.sequence,
        "since": imported.page.since,
        "created": imported.page.created,
        "expires": imported.page.expires,
        "expired": imported.expired,
        "added": imported.added,
        "passed_over": imported.passed_over,
        "knowledge_rebuilt": imported.rebuilt,
        "sources": sources,
    })
}

#[cfg(test)]
mod tests {
    use shindan_domain::process::ReasonCode;

    use super::*;
    use crate::Lang;

    fn page() -> BundlePage<'static> {
        let at: Timestamp = "2026-11-26T01:02:03Z".parse().unwrap();
        let source = BundleLine {
            name: "kev",
            title: "KEV",
            kind: SourceKind::Kev,
            licence: Some("CC0"),
            left_out: false,
            stale: false,
            last: Some((at, CheckResult::NewItems, None)),
            last_good: Some(at),
            files: 1,
        };
        let failed = (at, CheckResult::Failed, Some(Failure::Timeout));
        BundlePage {
            party: "情報部",
            installation: InstallationId(uuid::Uuid::from_u128(1)),
            key: "00",
            sequence: 7,
            since: Some(5),
            created: at,
            expires: at,
            files: 1,
            bytes: 20,
            unchanged: 2,
            sources: vec![
                source,
                BundleLine { name: "epss", stale: true, last: Some(failed), ..source },
                BundleLine { name: "osv", left_out: true, last: None, ..source },
            ],
        }
    }

    #[test]
    fn what_a_bundle_says_is_told_in_both_languages_without_keys() {
        let style = Style { color: false, width: Some(120), max_age_days: None };
        let gap = Reason::new(ReasonCode::BundleGap).with("number", 7).with("since", 5).with("last", 3);
        for lang in Lang::ALL {
            let words = Words::new(lang);
            let text = bundle(&page(), Some(BundleVerdict::Refused(&gap)), &words, &style);
            assert!(text.contains(&words.reason(&gap)), "{text}");
            assert!(text.contains(&words.t("bundle-left-out")) && text.contains(&words.t("bundle-stale")));
            let (added, none) = (vec!["kev".to_owned()], Vec::new());
            let imported = BundleImported {
                page: page(),
                expired: true,
                added: &added,
                passed_over: &none,
                sources: Vec::new(),
                rebuilt: true,
            };
            let taken = bundle_import(&imported, &words, &style);
            assert!(taken.contains(&words.t("bundle-taken-expired")) && taken.contains("kev"), "{taken}");
            let all = format!("{text}{taken}");
            assert!(!all.contains("term-") && !all.contains("label-") && !all.contains("bundle-"), "{all}");
        }
        let answer = bundle_json(&page(), Some(BundleVerdict::NeedsPerson(&gap)), None);
        assert_eq!(answer["verdict"]["answer"], "needs-person");
        assert_eq!(answer["sources"][2]["last_check"], Value::Null);
    }
}
