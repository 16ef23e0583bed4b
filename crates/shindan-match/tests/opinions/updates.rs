//! Updates that are installed settle what names them, directly or through others that replace them.

use shindan_domain::advisory::{Status, Supersedence};
use shindan_domain::version::{Scheme, VersionClaim};

use super::*;

fn windows(build: Option<&str>, updates: Option<&[&str]>) -> Component {
    Component {
        name: "Windows Server 2019".to_owned(),
        maker: Some("Microsoft".to_owned()),
        model: Some("Windows Server 2019".to_owned()),
        version: build.map(str::to_owned),
        updates: updates.map(|list| list.iter().map(|name| (*name).to_owned()).collect()),
        ..Component::default()
    }
}

/// Microsoft: affected below a build, fixed by KB1; KB2 replaces KB1, KB3 replaces KB2, KB1 (wrongly) replaces KB3.
fn microsoft(versions: VersionClaim) -> Advisory {
    let statement = Affected {
        updates: vec!["KB1".to_owned()],
        ..says(named("Microsoft", "Windows Server 2019"), Status::Affected, versions)
    };
    let replaces =
        |newer: &str, older: &str| Supersedence { newer: newer.to_owned(), older: older.to_owned() };
    let supersedes = vec![replaces("KB2", "KB1"), replaces("KB3", "KB2"), replaces("KB1", "KB3")];
    Advisory { supersedes, ..plain(CVE, "Microsoft", vec![statement]) }
}

#[test]
fn either_proof_settles_and_nothing_else_does() {
    let fixed_build = || below(Scheme::Generic, "10.0.17763.5000");
    let (old, new) = (Some("10.0.17763.4000"), Some("10.0.17763.5000"));
    let cases: [(VersionClaim, Option<&str>, Option<&[&str]>, usize, usize); 13] = [
        // By the update: itself, over one step, over two, by its number alone.
        (VersionClaim::All, None, Some(&["KB1"]), 0, 0),
        (VersionClaim::All, None, Some(&["KB2"]), 0, 0),
        (VersionClaim::All, None, Some(&["KB9", "kb3"]), 0, 0),
        (VersionClaim::All, None, Some(&["1"]), 0, 0),
        (VersionClaim::All, None, Some(&["KB9"]), 1, 0),
        (VersionClaim::All, None, Some(&[]), 1, 0),
        // Not known which are installed: then only a build can tell.
        (VersionClaim::All, None, None, 0, 1),
        (fixed_build(), old, None, 1, 0),
        (fixed_build(), new, None, 0, 0),
        // Either of the two.
        (fixed_build(), new, Some(&[]), 0, 0),
        (fixed_build(), old, Some(&["KB3"]), 0, 0),
        // The build is not known.
        (fixed_build(), None, Some(&["KB2"]), 0, 0),
        (fixed_build(), None, Some(&["KB9"]), 0, 1),
    ];
    for (claim, build, updates, hits, doubts) in cases {
        let case = format!("{claim:?} {build:?} {updates:?}");
        let answer = ask(vec![microsoft(claim)], &inventory(vec![windows(build, updates)]));
        assert_eq!((answer.hit().len(), answer.doubts().len()), (hits, doubts), "{case}");
        assert!(answer.denied().is_empty(), "{case}");
    }
}

#[test]
fn an_installed_update_denies_what_others_say() {
    let others = plain(
        "NVD-1",
        "NVD",
        vec![says(named("Microsoft", "Windows Server 2019"), Status::Affected, VersionClaim::All)],
    );
    let answer = ask(
        vec![microsoft(VersionClaim::All), others.clone()],
        &inventory(vec![windows(None, Some(&["KB0", "KB3"]))]),
    );
    assert_eq!(answer.denied(), [format!("Windows Server 2019 by {CVE}")]);
    let opinion = &answer.not_affected[0].opinions[0];
    assert_eq!((opinion.status, opinion.update.as_deref()), (Status::Fixed, Some("KB3")));
    assert_eq!(opinion.source, "Microsoft");

    // The maker itself names another update that is not there.
    let mut two = microsoft(VersionClaim::All);
    let mut second = two.affected[0].clone();
    second.updates = vec!["KB7".to_owned()];
    two.affected.push(second);
    let answer = ask(vec![two, others], &inventory(vec![windows(None, Some(&["KB3"]))]));
    assert_eq!((answer.hit().len(), answer.denied().len()), (1, 0));
    assert_eq!(answer.disputed(), [CVE]);
}

#[test]
fn what_was_taken_back_replaces_nothing() {
    let mut withdrawn = microsoft(VersionClaim::All);
    withdrawn.id = "old".to_owned();
    withdrawn.withdrawn = jiff::Timestamp::from_second(1).ok();
    let mut present = microsoft(VersionClaim::All);
    present.supersedes.clear();
    let answer = ask(vec![withdrawn, present], &inventory(vec![windows(None, Some(&["KB2"]))]));
    assert_eq!(answer.hit().len(), 1);
}

/// `systeminfo` tells a build without its revision, which lies in every range.
#[test]
fn a_build_without_its_revision_tells_nothing() {
    let server = |build: &str, updates: Option<&[&str]>| Component {
        cpe: Some("cpe:2.3:o:microsoft:windows_server_2019:*:*:*:*:*:*:x64:*".to_owned()),
        maker: None,
        model: None,
        ..windows(Some(build), updates)
    };
    let below = || below(Scheme::Generic, "10.0.17763.5000");
    let meant = || ProductRef {
        cpes: vec!["cpe:2.3:o:microsoft:windows_server_2019:*:*:*:*:*:*:*:*".to_owned()],
        ..ProductRef::default()
    };
    let record = || plain("CNA-1", "CVE", vec![says(meant(), Status::Affected, below())]);
    let mut maker = microsoft(below());
    maker.affected[0].product = meant();
    let cases: [(bool, &str, Option<&[&str]>, usize, usize); 8] = [
        // A CVE record alone.
        (false, "10.0.17763.4000", None, 1, 0),
        (false, "10.0.17763.5000", None, 0, 0),
        (false, "10.0.17763", None, 0, 1),
        (false, "10.0.17763", Some(&["KB3"]), 0, 1),
        // Together with who names the updates.
        (true, "10.0.17763", None, 0, 1),
        (true, "10.0.17763", Some(&["KB3"]), 0, 0),
        (true, "10.0.17763", Some(&["KB9"]), 1, 0),
        (true, "10.0.17763.4000", None, 1, 0),
    ];
    for (with_maker, build, updates, hits, doubts) in cases {
        let mut known = vec![record()];
        known.extend(with_maker.then(|| maker.clone()));
        let answer = ask(known, &inventory(vec![server(build, updates)]));
        let case = format!("{with_maker} {build} {updates:?}");
        assert_eq!((answer.hit().len(), answer.doubts().len()), (hits, doubts), "{case}");
    }
}
