//! An answer says which of the sources it rests on were not looked at, failed, or are suspicious.

use std::path::PathBuf;

use jiff::{SignedDuration, Timestamp};
use shindan_app::check::{CheckOptions, check};
use shindan_app::clock;
use shindan_app::explain;
use shindan_app::progress::Silent;
use shindan_app::records::Call;
use shindan_app::records::collect;
use shindan_app::records::refresh::{RefreshOrder, refresh};
use shindan_domain::case::Subject;
use shindan_domain::collect::SourceKind;
use shindan_domain::diagnostic::{Code, Diagnostic};
use shindan_mirror::{Fault, Page};

use super::{World, feed, kev};

const SBOM: &str = r#"{"bomFormat":"CycloneDX","specVersion":"1.5","version":1,
 "components":[{"type":"library","name":"left-pad","version":"1.0.0","purl":"pkg:npm/left-pad@1.0.0"}]}"#;

impl World {
    fn list(&self) -> PathBuf {
        let list = self.hospital.root.join("sbom.json");
        std::fs::write(&list, SBOM).unwrap();
        list
    }

    fn options(now: Timestamp) -> CheckOptions {
        CheckOptions { now, max_age_days: None, allow_stale: false, only: None, register: false }
    }

    /// What an answer says about sources, so many days from now.
    fn remarked(&self, days: i64) -> Vec<(Code, String)> {
        let now = clock::now() + SignedDuration::from_hours(24 * days);
        let answer = check(&self.folder(), &[self.list()], &Self::options(now)).unwrap();
        about_sources(&answer.result.remarks)
    }
}

/// Code and short name of the source.
fn about_sources(remarks: &[Diagnostic]) -> Vec<(Code, String)> {
    let codes = [
        Code::SourceNeverChecked,
        Code::SourceCheckOverdue,
        Code::SourceCheckFailed,
        Code::SourceSuspicious,
        Code::SourceStopped,
        Code::SourcesNotTold,
    ];
    let own = remarks.iter().filter(|remark| codes.contains(&remark.code));
    own.map(|one| (one.code, one.params.get("name").cloned().unwrap_or_default())).collect()
}

#[test]
fn an_answer_says_which_sources_it_could_not_rest_on() {
    let pages = vec![
        Page::new("/kev.json", kev(&["CVE-2024-21762", "CVE-2023-27997"])),
        Page::new("/news.rdf", feed(&[("at1", "x")])),
    ];
    let mut world = World::new("remarks", pages);
    let source = world.add("kev", SourceKind::Kev, "/kev.json");
    // News are judged by people; they are no part of what is matched.
    world.add("jpcert", SourceKind::JpcertRss, "/news.rdf");
    let never = world.add("epss", SourceKind::Epss, "/epss.csv");
    world.sync(source);
    let name = "kev".to_owned();
    let missing = (Code::SourceNeverChecked, "epss".to_owned());
    assert_eq!(world.remarked(0), std::slice::from_ref(&missing));
    assert_eq!(world.remarked(3), [missing.clone(), (Code::SourceCheckOverdue, name.clone())]);
    world.sync(never);
    assert_eq!(world.remarked(0), [missing], "a failed look is none");
    let who = world.hospital.manager.clone();
    collect::end(&mut world.hospital.records, &who, &Call::at(clock::now()), never, "not needed".to_owned())
        .unwrap();
    assert_eq!(world.remarked(0), [], "it ended and left nothing behind");

    world.mirror.put(Page::new("/kev.json", kev(&["CVE-2024-21762"])));
    world.sync(source);
    assert_eq!(world.remarked(0), [(Code::SourceSuspicious, name.clone())]);
    let (check, _) = world.checks().into_iter().rfind(|(_, one)| !one.draft.alarms.is_empty()).unwrap();
    let operator = world.hospital.operator.clone();
    let call = Call::at(clock::now());
    collect::confirm(&mut world.hospital.records, &operator, &call, check, Some("asked CISA".to_owned()))
        .unwrap();
    assert_eq!(world.remarked(0), [], "a person said what it is about");

    world.mirror.put(Page::new("/kev.json", kev(&["CVE-2024-21762"])).etag(Some("\"other\"")));
    world.mirror.always("/kev.json", Fault::Status(500));
    world.failure(source);
    // What was suspicious before is so in this check, too, which nobody has confirmed.
    let failed = [(Code::SourceCheckFailed, name.clone()), (Code::SourceSuspicious, name.clone())];
    assert_eq!(world.remarked(0), failed);

    // The same stands in an explanation and in what follows for the cases.
    let now = clock::now();
    let explained = explain::run(&world.folder(), &[world.list()], "left-pad", &World::options(now)).unwrap();
    assert_eq!(about_sources(&explained.explanation.remarks), failed);
    let system = world.hospital.system;
    let order = RefreshOrder {
        subject: Subject::System(system),
        paths: vec![world.list()],
        register: false,
        complete: false,
        as_of: None,
    };
    let call = Call::at(now);
    let (_, report) = refresh(&mut world.hospital.records, &operator, &call, &order, &Silent).unwrap();
    assert_eq!(about_sources(&report.unwrap().remarks), failed);

    collect::pause(&mut world.hospital.records, &operator, &Call::at(clock::now()), source, "x".to_owned())
        .unwrap();
    assert_eq!(world.remarked(0), [(Code::SourceStopped, name)], "what it told is still used");
}

#[test]
fn without_records_an_answer_says_that_it_cannot_tell() {
    let mut world = World::new("remarks-lost", vec![Page::new("/kev.json", kev(&["CVE-2024-21762"]))]);
    let source = world.add("kev", SourceKind::Kev, "/kev.json");
    world.sync(source);
    let ledger = world.hospital.root.join("data/ledger");
    std::fs::rename(&ledger, world.hospital.root.join("data/elsewhere")).unwrap();
    assert_eq!(world.remarked(0), [(Code::SourcesNotTold, String::new())]);
}
