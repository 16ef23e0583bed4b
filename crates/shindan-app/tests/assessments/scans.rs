//! Scans that this program begins: each has its end, and the same request is carried out once, yet again after a failure.

use shindan_app::records::assessments::scans::{self, Begun, ScanPermit, ToScan};
use shindan_app::records::{Call, Done, RecordsError};
use shindan_domain::assessment::{ScanEnd, ScanHow, Way};
use shindan_domain::ledger::Hash;
use shindan_domain::process::ReasonCode;
use shindan_domain::record_id::AssessmentId;

use crate::world::{SITE, World, operator, resolve};

fn started(name: &str) -> (World, AssessmentId) {
    let mut world = World::new(name);
    let asked = world.asked(Some(world.test), Way::Outside, &[SITE]);
    let run = world.plan_run(operator, asked).unwrap();
    world.start(operator, run).unwrap();
    (world, run)
}

fn begin(world: &mut World, run: AssessmentId, key: &str, request: &str) -> Result<Begun, RecordsError> {
    let once = Some((key.to_owned(), Hash::of(request.as_bytes())));
    world.by(operator, |records, who, call| {
        let call = Call { once, ..call.clone() };
        let what = ToScan::Target(SITE.parse().unwrap());
        scans::begin(records, who, &call, run, ("nmap", None), (what, &resolve))
    })
}

fn permit(begun: Result<Begun, RecordsError>) -> ScanPermit {
    match begun.unwrap() {
        Begun::Now(permit) => permit,
        Begun::Before(done) => panic!("it was carried out before: {done:?}"),
    }
}

fn end(world: &mut World, permit: &ScanPermit, how: ScanHow) -> Result<Done, RecordsError> {
    let end = ScanEnd { how, exit: Some(3), detail: format!("no\u{1b}[31m {}", "x".repeat(2000)) };
    world.by(operator, |records, who, call| scans::end(records, who, call, permit, end))
}

fn refused(error: RecordsError) -> ReasonCode {
    match error {
        RecordsError::Refused { refusal, .. } => refusal.reason.code,
        error => panic!("{error}"),
    }
}

#[test]
fn the_same_request_is_made_again_after_a_failure_and_never_after_a_success() {
    let (mut world, run) = started("scan-again");
    for how in [ScanHow::Failed, ScanHow::Cancelled, ScanHow::TimedOut, ScanHow::Finished] {
        let permit = permit(begin(&mut world, run, "night", "nmap"));
        // While nobody knows how it ended, the same request begins nothing.
        let under_way = begin(&mut world, run, "night", "nmap").unwrap_err();
        assert_eq!(refused(under_way), ReasonCode::ScanUnderWay);
        end(&mut world, &permit, how).unwrap();
        assert_eq!(refused(end(&mut world, &permit, how).unwrap_err()), ReasonCode::NothingChanges);
    }
    assert!(matches!(begin(&mut world, run, "night", "nmap").unwrap(), Begun::Before(_)));
    // A failure frees the key for the same request only.
    assert!(begin(&mut world, run, "night", "nikto").is_err());
    let scans = world.run(run).scans;
    let hows: Vec<_> = scans.iter().map(|scan| scan.ended.as_ref().unwrap().end.how).collect();
    assert_eq!(hows, [ScanHow::Failed, ScanHow::Cancelled, ScanHow::TimedOut, ScanHow::Finished]);
    let detail = &scans[0].ended.as_ref().unwrap().end.detail;
    assert!(detail.chars().count() == 500 && !detail.contains('\u{1b}'), "{detail}");
}

#[test]
fn a_key_that_failed_stays_that_of_its_request() {
    let (mut world, run) = started("scan-other");
    let permit = permit(begin(&mut world, run, "night", "nmap"));
    end(&mut world, &permit, ScanHow::Failed).unwrap();
    assert!(begin(&mut world, run, "night", "nikto").is_err());
    assert_eq!(world.run(run).scans.len(), 1);
}
