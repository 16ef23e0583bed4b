//! Scans that this program begins: each has its end, and the same request is carried out once, yet again after a failure.

use shindan_app::records::assessments::scans::{self, Begun, ScanPermit, ToScan};
use shindan_app::records::assessments::targets;
use shindan_app::records::{Call, Done, RecordsError};
use shindan_domain::assessment::{ScanEnd, ScanHow, Way};
use shindan_domain::ledger::Hash;
use shindan_domain::process::ReasonCode;
use shindan_domain::record_id::AssessmentId;

use crate::world::{SITE, World, manager, operator, resolve};

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

#[test]
fn a_range_is_one_start_with_each_of_its_addresses_and_never_too_many() {
    let mut world = World::new("scan-range");
    let test = world.test;
    world.permit(manager, test, "10.8.0.0/20").unwrap();
    let asked = world.asked(Some(test), Way::Outside, &["10.8.0.0/20"]);
    let run = world.plan_run(operator, asked).unwrap();
    world.start(operator, run).unwrap();
    let begin = |world: &mut World, target: &str| {
        let what = ToScan::Target(target.parse().unwrap());
        world.by(operator, |records, who, call| {
            scans::begin(records, who, call, run, ("nmap", None), (what, &resolve))
        })
    };
    let permit = permit(begin(&mut world, "10.8.1.254-10.8.2.1"));
    let addresses: Vec<String> = permit.addresses().iter().map(ToString::to_string).collect();
    assert_eq!(addresses, ["10.8.1.254", "10.8.1.255", "10.8.2.0", "10.8.2.1"]);
    assert_eq!(self::permit(begin(&mut world, "10.8.0.0/22")).addresses().len(), 1024);
    let large = begin(&mut world, "10.8.0.0-10.8.4.0").unwrap_err();
    assert_eq!(refused(large), ReasonCode::RangeTooLarge);
    assert_eq!(refused(begin(&mut world, "10.9.0.0/30").unwrap_err()), ReasonCode::TargetNotPermitted);
    assert_eq!(world.run(run).scans.len(), 2, "what is refused leaves no begin");
    // What is protected from now on keeps the whole range from being scanned.
    world
        .by(manager, |records, who, call| {
            let network = ("手術室".to_owned(), "10.8.2.0/30".parse().unwrap(), "麻酔記録".to_owned());
            targets::mark_clinical(records, who, call, network)
        })
        .unwrap();
    assert_eq!(refused(begin(&mut world, "10.8.1.254-10.8.2.1").unwrap_err()), ReasonCode::TargetProtected);
}

#[test]
fn the_parts_of_a_range_have_keys_of_their_own() {
    let of = |text: &str| scans::one_by_one(&text.parse().unwrap());
    let shown = |text: &str| of(text).unwrap().iter().map(ToString::to_string).collect::<Vec<_>>();
    assert_eq!(shown("10.0.0.255-10.0.1.0"), ["10.0.0.255/32", "10.0.1.0/32"]);
    assert_eq!(shown("test.example"), ["test.example"]);
    assert_eq!(refused(of("10.0.0.0/21").unwrap_err()), ReasonCode::RangeTooLarge);
    let once = Some(("night".to_owned(), Hash::of(b"x")));
    let call = Call { now: jiff::Timestamp::UNIX_EPOCH, once, seen: Some(4) };
    let part = |nth| scans::call_of_part(&call, nth);
    assert_eq!((part(0).once.unwrap().0.as_str(), part(0).seen), ("night", Some(4)));
    assert_eq!((part(1).once.unwrap().0.as_str(), part(1).seen), ("night (part 2)", None));
}

#[test]
fn the_plain_side_of_a_host_belongs_to_a_scan_where_it_is_a_target() {
    for (targets, plain) in [
        (&[SITE][..], None),
        (&["test.example"], Some("http://test.example/portal")),
        (&[SITE, "http://test.example"], Some("http://test.example/portal")),
        (&[SITE, "http://test.example:8080"], None),
        (&[SITE, "http://test.example/other"], None),
    ] {
        let mut world = World::new("scan-plain");
        let test = world.test;
        for target in targets.iter().filter(|target| **target != SITE) {
            world.permit(manager, test, target).unwrap();
        }
        let asked = world.asked(Some(test), Way::Outside, targets);
        let run = world.plan_run(operator, asked).unwrap();
        world.start(operator, run).unwrap();
        let what = ToScan::Target("https://test.example/portal".parse().unwrap());
        let begun = world.by(operator, |records, who, call| {
            scans::begin(records, who, call, run, ("outside", None), (what, &resolve))
        });
        assert_eq!(permit(begun).plain().map(ToString::to_string).as_deref(), plain, "{targets:?}");
    }
}
