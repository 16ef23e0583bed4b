//! Opinions of the same weight that contradict each other: the finding stands, and both are shown.

use shindan_domain::advisory::Status;
use shindan_domain::version::{Scheme, VersionClaim};

use super::*;

fn all(status: Status) -> Vec<Affected> {
    vec![says(npm("a"), status, VersionClaim::All)]
}

/// (who, when, what) of two VEX documents beside the database, and whether the finding stands, by whose dispute.
#[test]
fn two_documents_of_the_same_weight() {
    const A: Status = Status::Affected;
    const N: Status = Status::NotAffected;
    const F: Status = Status::Fixed;
    let (old, new) = ("2026-01-01", "2026-03-01");
    let cases: [((&str, &str, Status), (&str, &str, Status), &[&str], &[&str]); 7] = [
        // One source changes its mind: its newest word holds.
        (("Acme", old, A), ("Acme", new, N), &[], &["VEX-2"]),
        (("Acme", old, N), ("Acme", new, A), &["VEX-1"], &[]),
        (("Acme", old, A), ("Acme", old, F), &["VEX-2"], &[]),
        // Different sources: whoever calls it affected keeps the finding, at any date.
        (("Bolt", old, A), ("Acme", new, N), &["VEX-2"], &[]),
        (("Bolt", new, A), ("Acme", old, F), &["VEX-2"], &[]),
        (("Bolt", old, N), ("Acme", new, F), &[], &["VEX-1", "VEX-2"]),
        // Two documents that do not tell whose they are say nothing about each other's age.
        (("unknown", old, A), ("unknown", new, N), &["VEX-2"], &[]),
    ];
    for (first, second, disputed, denied) in cases {
        let case = format!("{first:?} {second:?}");
        let document =
            |id: &str, (source, day, status): (&str, &str, Status)| vex(id, source, day, all(status));
        let advisories = vec![database(), document("VEX-1", first), document("VEX-2", second)];
        let answer = ask(advisories, &inventory(vec![purl("pkg:npm/a@1.5.0")]));
        assert_eq!(answer.disputed(), disputed, "{case}");
        assert_eq!(answer.hit().len(), usize::from(denied.is_empty()), "{case}");
        let by: Vec<String> =
            denied.first().map(|_| format!("pkg:npm/a@1.5.0 by {}", denied.join(", "))).into_iter().collect();
        assert_eq!(answer.denied(), by, "{case}");
    }
}

#[test]
fn within_one_document_the_usual_rule_holds() {
    let statements = vec![
        says(npm("a"), Status::Affected, VersionClaim::All),
        says(npm("a"), Status::Fixed, exactly(Scheme::Npm, "1.5.0")),
    ];
    let answer = ask(
        vec![database(), vex("VEX-1", "Acme", "2026-02-01", statements)],
        &inventory(vec![purl("pkg:npm/a@1.5.0"), purl("pkg:npm/a@1.4.0")]),
    );
    assert_eq!(answer.denied(), ["pkg:npm/a@1.5.0 by VEX-1"]);
    assert_eq!(answer.hit(), ["pkg:npm/a@1.4.0"]);
}

#[test]
fn a_source_that_contradicts_itself_is_not_believed_the_good_news() {
    let own = plain("ACME-1", "ACME", all(Status::Affected));
    let denial = vex("VEX-1", "Acme", "2026-02-01", all(Status::NotAffected));
    let answer = ask(vec![own, denial], &inventory(vec![purl("pkg:npm/a@1.5.0")]));
    assert_eq!((answer.hit().len(), answer.disputed()), (1, vec!["VEX-1"]));
}

#[test]
fn an_open_question_of_another_document_stays_open_beside_a_denial() {
    let open = |source, day| vex("VEX-2", source, day, all(Status::UnderInvestigation));
    let denial = vex("VEX-1", "Acme", "2026-02-01", all(Status::NotAffected));
    let parts = inventory(vec![purl("pkg:npm/a@1.5.0")]);
    for (source, day, doubts) in
        [("Acme", "2026-01-01", 0), ("Acme", "2026-03-01", 1), ("Bolt", "2026-01-01", 1)]
    {
        let answer = ask(vec![database(), denial.clone(), open(source, day)], &parts);
        assert_eq!(answer.denied().len(), 1, "{source} {day}");
        assert_eq!(answer.doubts().len(), doubts, "{source} {day}");
    }
}

#[test]
fn other_vulnerabilities_are_other_questions() {
    let mut other = database();
    other.id = "GHSA-2".to_owned();
    other.vulnerabilities[0].id = "CVE-2026-0002".to_owned();
    let denial = vex("VEX-1", "Acme", "2026-02-01", all(Status::NotAffected));
    let answer = ask(vec![database(), other, denial], &inventory(vec![purl("pkg:npm/a@1.5.0")]));
    assert_eq!(answer.findings[0].vulnerability.id, "CVE-2026-0002");
    assert_eq!(answer.denied().len(), 1);
}

#[test]
fn an_alias_is_the_same_vulnerability() {
    let mut database = database();
    database.vulnerabilities[0].aliases = vec!["GHSA-aaaa".to_owned()];
    let mut denial = vex("VEX-1", "Acme", "2026-02-01", all(Status::NotAffected));
    denial.vulnerabilities[0].id = "GHSA-aaaa".to_owned();
    let answer = ask(vec![database, denial], &inventory(vec![purl("pkg:npm/a@1.5.0")]));
    assert_eq!(answer.denied().len(), 1);
}
