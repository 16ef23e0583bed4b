//! Never met by absence; gaps before doubt; exclusions by two persons.

use jiff::civil::{Date, date};
use proptest::prelude::*;
use uuid::Uuid;

use super::*;
use crate::agreement::Standing;
use crate::approval::Word;
use crate::case::CaseState;
use crate::ledger::{Actor, Kind, Stream, Through};
use crate::policy::ConfirmationInterval;
use crate::process::{Occurrence, Process, ReasonCode, decode, encode};
use crate::record_id::PersonId;
use crate::sighting::SightingKind;

const AS_OF: Date = date(2026, 11, 1);

fn at(text: &str) -> jiff::Timestamp {
    format!("{text}T03:00:00Z").parse().unwrap()
}

fn record(kind: Kind, number: u128) -> RecordRef {
    RecordRef { stream: Stream::new(kind, Uuid::from_u128(number)), number: format!("MED-2026-{number:04}") }
}

fn case(number: u128) -> CaseFact {
    CaseFact {
        record: record(Kind::Case, number),
        state: CaseState::Closed,
        noticed: at("2026-10-01"),
        decided: Some(at("2026-10-02")),
        done: Some(at("2026-10-05")),
        decide_by: Some(date(2026, 10, 8)),
        done_by: Some(date(2026, 10, 15)),
        treatment: None,
        accepted_until: None,
    }
}

fn service(standing: Option<Standing>) -> ServiceFact {
    let agreement = |standing| AgreementFact { record: record(Kind::Agreement, 1), standing };
    ServiceFact {
        record: record(Kind::System, 1),
        in_service: true,
        needs_agreement: true,
        agreements: standing.map(agreement).into_iter().collect(),
        patching_not_agreed: Vec::new(),
        patching_contradicts: Vec::new(),
        line_not_agreed: Vec::new(),
        line_contradicts: Vec::new(),
    }
}

fn in_order() -> Facts {
    Facts {
        intervals: Some(ConfirmationInterval { confirm: 365, review: 365, judge: 7 }),
        due_policy: true,
        judged: vec![JudgedFact { record: record(Kind::System, 1), at: at("2026-10-31"), undetermined: 0 }],
        cases: vec![case(1)],
        patches: vec![PatchFact {
            record: record(Kind::Patch, 1),
            applied: true,
            genuine: true,
            effective: true,
        }],
        changes: vec![ChangeFact {
            record: record(Kind::Change, 1),
            applied: true,
            impact_assessed: true,
            tests_confirmed: true,
            emergency: false,
            tests_made_up: false,
        }],
        instructions: vec![InstructionFact {
            record: record(Kind::Instruction, 1),
            due: Some(date(2026, 4, 1)),
            closed: Some(at("2026-03-20")),
            unfit_open: false,
        }],
        reviews: vec![ReviewFact {
            record: record(Kind::Review, 1),
            due: Some(date(2026, 4, 1)),
            approved: Some(at("2026-03-20")),
        }],
        devices_recorded: true,
        services: vec![service(Some(Standing::Valid))],
        ..Facts::none(AS_OF)
    }
}

fn verdict(control: &str, facts: &Facts) -> Verdict {
    evaluate(control, facts).verdict
}

#[test]
fn nothing_is_met_by_absence() {
    for status in evaluate_all(&Facts::none(AS_OF)) {
        assert_eq!(status.verdict, Verdict::Undetermined, "{}", status.control);
        assert!(!status.undetermined.is_empty(), "it says why: {}", status.control);
    }
    assert_eq!(verdict("9-9", &in_order()), Verdict::Undetermined, "a row that no rule knows");
}

#[test]
fn records_in_order_meet_what_is_recorded_and_nothing_else() {
    let facts = in_order();
    for (control, expected) in [
        ("2-2", Verdict::Met),
        ("2-3", Verdict::Met),
        ("2-4", Verdict::Met),
        ("4-1", Verdict::Met),
        ("kikaku-9", Verdict::Met),
        ("kikaku-15", Verdict::Met),
        ("3-1", Verdict::Undetermined),
        ("3-2", Verdict::Undetermined),
        ("3-3", Verdict::Undetermined),
        ("4-2", Verdict::Undetermined),
        ("5-1", Verdict::Met),
        ("unyo-8", Verdict::Undetermined),
    ] {
        let status = evaluate(control, &facts);
        assert_eq!(status.verdict, expected, "{status:?}");
        assert_eq!(status.shown.is_empty(), expected != Verdict::Met);
    }
}

#[test]
fn each_gap_is_named_with_its_records() {
    type Change = fn(&mut Facts);
    let cases: [(&str, ReasonCode, Change); 37] = [
        ("2-2", ReasonCode::ControlCasesUndecided, |facts| {
            facts.cases.push(CaseFact { state: CaseState::Detected, decided: None, done: None, ..case(2) });
        }),
        ("2-2", ReasonCode::ControlAcceptanceEnded, |facts| {
            facts.cases.push(CaseFact {
                state: CaseState::Accepted,
                done: None,
                accepted_until: Some(date(2026, 10, 31)),
                ..case(2)
            });
        }),
        ("2-2", ReasonCode::ControlCasesWithoutDue, |facts| {
            facts.cases.push(CaseFact { state: CaseState::Detected, decide_by: None, ..case(2) });
        }),
        ("2-3", ReasonCode::ControlPatchesUnverified, |facts| facts.patches[0].genuine = false),
        ("2-3", ReasonCode::ControlEffectUntested, |facts| facts.patches[0].effective = false),
        ("2-4", ReasonCode::ControlImpactMissing, |facts| facts.changes[0].impact_assessed = false),
        ("2-4", ReasonCode::ControlTestsUnconfirmed, |facts| facts.changes[0].tests_confirmed = false),
        ("2-4", ReasonCode::ControlEmergencyTests, |facts| {
            facts.changes[0].tests_confirmed = false;
            facts.changes[0].emergency = true;
        }),
        ("4-1", ReasonCode::ControlJudgedTooLongAgo, |facts| facts.judged[0].at = at("2026-10-24")),
        ("4-1", ReasonCode::ControlUndeterminedRemain, |facts| facts.judged[0].undetermined = 1),
        ("4-1", ReasonCode::ControlCasesOverdue, |facts| {
            facts.cases.push(CaseFact { state: CaseState::InProgress, done: None, ..case(2) });
        }),
        ("4-1", ReasonCode::ControlInquiriesOverdue, |facts| {
            let record = record(Kind::Inquiry, 1);
            facts.inquiries.push(InquiryFact { record, due: Some(date(2026, 10, 31)), answered: false });
        }),
        ("kikaku-9", ReasonCode::ControlConfirmationOverdue, |facts| {
            let first = facts.instructions[0].clone();
            facts.instructions.push(InstructionFact {
                record: record(Kind::Instruction, 2),
                closed: None,
                ..first
            });
        }),
        ("kikaku-9", ReasonCode::ControlUnfitOpen, |facts| facts.instructions[0].unfit_open = true),
        ("kikaku-9", ReasonCode::ControlConfirmedTooLongAgo, |facts| {
            facts.instructions[0].closed = Some(at("2025-10-31"));
        }),
        ("kikaku-15", ReasonCode::ControlReviewOverdue, |facts| {
            let record = record(Kind::Review, 2);
            facts.reviews.push(ReviewFact { record, due: Some(date(2026, 10, 31)), approved: None });
        }),
        ("kikaku-15", ReasonCode::ControlReviewedTooLongAgo, |facts| {
            facts.reviews[0].approved = Some(at("2025-10-31"));
        }),
        ("unyo-8", ReasonCode::ControlNobodyPatches, |facts| facts.assets.push(asset(false, None, false))),
        ("unyo-8", ReasonCode::ControlSupportEnded, |facts| {
            facts.assets.push(asset(true, Some(date(2026, 10, 31)), false));
        }),
        ("unyo-8", ReasonCode::ControlStillConnected, |facts| facts.assets.push(asset(true, None, true))),
        ("5-1", ReasonCode::ControlServiceWithoutAgreement, |facts| facts.services = vec![service(None)]),
        ("5-1", ReasonCode::ControlServiceWithoutAgreement, |facts| {
            facts.services = vec![service(Some(Standing::OtherParties))];
        }),
        ("5-1", ReasonCode::ControlAgreementOverdue, |facts| {
            facts.services = vec![service(Some(Standing::ReviewPassed))];
        }),
        ("5-1", ReasonCode::ControlAgreementReopened, |facts| {
            facts.services = vec![service(Some(Standing::Reopened))];
        }),
        ("5-1", ReasonCode::ControlPatchingNotAgreed, |facts| {
            facts.services[0].patching_not_agreed.push(record(Kind::Asset, 1));
        }),
        ("5-1", ReasonCode::ControlPatchingContradicts, |facts| {
            facts.services[0].patching_contradicts.push(record(Kind::Asset, 1));
        }),
        ("5-1", ReasonCode::ControlLineNotAgreed, |facts| {
            facts.services[0].line_not_agreed.push(record(Kind::Asset, 1));
        }),
        ("5-1", ReasonCode::ControlLineContradicts, |facts| {
            facts.services[0].line_contradicts.push(record(Kind::Asset, 1));
        }),
        ("unyo-8", ReasonCode::ControlRetiredSeen, |facts| {
            let (record, kind) = (record(Kind::Sighting, 1), SightingKind::RetiredSeen);
            facts.sightings.push(SightingFact { record, kind });
        }),
        ("unyo-8", ReasonCode::ControlUnknownDevices, |facts| {
            let (record, kind) = (record(Kind::Sighting, 1), SightingKind::UnknownDevice);
            facts.sightings.push(SightingFact { record, kind });
        }),
        ("unyo-8", ReasonCode::ControlDeviceWithoutDossier, |facts| {
            facts.assets.push(AssetFact { dossier_missing: true, ..asset(true, None, false) });
        }),
        ("unyo-8", ReasonCode::ControlDeviceAnalysisMissing, |facts| {
            facts.devices.push(DeviceFact { analysed: false, ..device() });
        }),
        ("unyo-8", ReasonCode::ControlDeviceRuleMissing, |facts| {
            facts.devices.push(DeviceFact { rule_in_force: false, ..device() });
        }),
        ("unyo-8", ReasonCode::ControlDeviceUpdatesMissing, |facts| {
            facts.devices.push(DeviceFact { update_method: false, next_update: None, ..device() });
        }),
        ("unyo-8", ReasonCode::ControlDeviceUpdatesOverdue, |facts| {
            facts.devices.push(DeviceFact { next_update: Some(date(2026, 10, 31)), ..device() });
        }),
        ("unyo-8", ReasonCode::ControlDeviceUseDiffers, |facts| {
            facts.devices.push(DeviceFact { use_differs: true, ..device() });
        }),
        ("unyo-8", ReasonCode::ControlDeviceLineWithoutOwner, |facts| {
            facts.devices.push(DeviceFact { line_without_owner: true, in_use: false, ..device() });
        }),
    ];
    for (control, code, change) in cases {
        let mut facts = in_order();
        change(&mut facts);
        let status = evaluate(control, &facts);
        assert_eq!(status.verdict, Verdict::Gaps, "{control} {code:?}");
        let gap = status.gaps.iter().find(|gap| gap.reason.code == code);
        assert!(gap.is_some_and(|gap| !gap.records.is_empty()), "{control} {code:?}: {status:?}");
    }
    for control in ["2-2", "4-1"] {
        let facts = Facts { due_policy: false, ..in_order() };
        assert_eq!(verdict(control, &facts), Verdict::Gaps, "no approved due dates: {control}");
    }
    for control in ["4-1", "kikaku-9", "kikaku-15"] {
        let facts = Facts { intervals: None, ..in_order() };
        assert_eq!(verdict(control, &facts), Verdict::Gaps, "no approved interval: {control}");
    }
}

#[test]
fn whether_an_agreement_is_needed_is_only_known_where_devices_are_recorded() {
    let facts = Facts { devices_recorded: false, ..in_order() };
    assert_eq!(verdict("5-1", &facts), Verdict::Undetermined, "an agreement alone does not tell");
    let nothing = Facts { services: Vec::new(), ..in_order() };
    assert_eq!(verdict("5-1", &nothing), Verdict::Undetermined, "nothing is met by absence");
    for (in_service, needs_agreement) in [(false, true), (true, false)] {
        let mut facts = in_order();
        facts.services.push(ServiceFact { in_service, needs_agreement, ..service(None) });
        assert_eq!(verdict("5-1", &facts), Verdict::Met, "in service {in_service}, needs {needs_agreement}");
    }
}

fn asset(patched_by_known: bool, support_end: Option<Date>, disconnection_open: bool) -> AssetFact {
    let record = record(Kind::Asset, 1);
    AssetFact {
        record,
        patched_by_known,
        in_use: true,
        support_end,
        disconnection_open,
        dossier_missing: false,
    }
}

fn device() -> DeviceFact {
    DeviceFact {
        record: record(Kind::Device, 1),
        in_use: true,
        analysed: true,
        rule_in_force: true,
        update_method: true,
        next_update: Some(AS_OF),
        use_differs: false,
        line_without_owner: false,
    }
}

#[test]
fn devices_in_order_show_what_is_asked_and_those_that_are_gone_show_nothing() {
    let mut facts = in_order();
    facts.assets.push(asset(true, Some(AS_OF), false));
    facts.devices.push(device());
    let status = evaluate("unyo-8", &facts);
    assert_eq!(status.verdict, Verdict::Met, "{status:?}");
    facts.devices = vec![DeviceFact { in_use: false, analysed: false, ..device() }];
    assert_eq!(verdict("unyo-8", &facts), Verdict::Undetermined, "nobody uses it");
}

#[test]
fn a_date_is_kept_until_it_has_passed() {
    let mut facts = in_order();
    let open = CaseFact { state: CaseState::Detected, decided: None, done: None, ..case(2) };
    facts.cases.push(CaseFact { decide_by: Some(AS_OF), done_by: Some(AS_OF), ..open });
    assert_eq!((verdict("2-2", &facts), verdict("4-1", &facts)), (Verdict::Met, Verdict::Met));
}

#[test]
fn an_exclusion_counts_until_its_day() {
    let exclusion = |until| ExclusionFact {
        record: record(Kind::Control, 1),
        control: "2-3".to_owned(),
        reason: "no patches are supplied".to_owned(),
        until,
    };
    let facts = |until| Facts { exclusions: vec![exclusion(until)], ..Facts::none(AS_OF) };
    assert_eq!(verdict("2-3", &facts(AS_OF)), Verdict::NotApplicable);
    assert_eq!(verdict("2-3", &facts(date(2026, 10, 31))), Verdict::Undetermined);
    assert_eq!(verdict("2-4", &facts(AS_OF)), Verdict::Undetermined, "another row");
}

fn by(number: u8, day: i64) -> Occurrence {
    let person = PersonId(Uuid::from_u128(u128::from(number) + 1));
    let at = jiff::Timestamp::from_second(1_790_000_000 + day * 86_400).unwrap();
    Occurrence { at, actor: Actor { person, through: Through::Session } }
}

proptest! {
    #[test]
    fn no_control_is_excluded_by_one_person_or_for_ever(
        tries in prop::collection::vec((0u8..5, 0u8..3, 0u8..9), 1..20)
    ) {
        let until = crate::calendar::day(by(0, 20).at);
        let mut day = 0;
        let proposed = Exclusion::propose("2-3".to_owned(), "r".to_owned(), until, &by(0, 0)).unwrap();
        let mut events = vec![(proposed.clone(), by(0, 0))];
        let mut state = Exclusion::apply(None, &proposed, &by(0, 0)).unwrap();
        for (step, person, days) in tries {
            day += i64::from(days);
            let when = by(person, day);
            let result = match step {
                0 => state.approve(Word::Software, &when),
                1 => state.reject("r".to_owned()),
                2 => state.withdraw(if days == 0 { String::new() } else { "r".to_owned() }),
                3 => state.expire(&when),
                _ => Exclusion::propose("2-3".to_owned(), String::new(), until, &when),
            };
            let Ok(event) = result else { continue };
            let counts = match &event {
                ExclusionEvent::Approved { .. } => {
                    prop_assert_ne!(person, 0, "approved by who proposed it");
                    prop_assert!(crate::calendar::day(when.at) < until, "approved after its end");
                    true
                }
                _ => false,
            };
            state = Exclusion::apply(Some(state), &event, &when).unwrap();
            events.push((event, when));
            prop_assert_eq!(state.filed().status, state.view().status);
            prop_assert_eq!(state.state == ExclusionState::Approved, counts);
            let today = crate::calendar::day(when.at);
            prop_assert_eq!(state.counts_on(today), counts && today <= until);
        }
        prop_assert!(!state.counts_on(crate::calendar::after(until, 1)));
        let mut rebuilt = None;
        for (event, when) in &events {
            let written = encode::<Exclusion>(event).unwrap();
            let read = decode::<Exclusion>(&written.event, written.version, &written.payload).unwrap();
            prop_assert_eq!(&read, event);
            rebuilt = Some(Exclusion::apply(rebuilt, &read, when).unwrap());
        }
        prop_assert_eq!(rebuilt, Some(state));
    }
}

#[test]
fn sealed_files_show_with_their_interface_and_refused_ones_for_ninety_days() {
    let mut facts = Facts::none(AS_OF);
    let codes = |facts: &Facts| -> Vec<(ReasonCode, String, usize)> {
        let shown = evaluate("3-1", facts).shown;
        let told = |one: &Statement| (one.reason.code, one.reason.params["count"].clone(), one.records.len());
        shown.iter().map(told).collect()
    };
    let interface = |number, sealed| InterfaceFact {
        record: record(Kind::Interface, number),
        state: crate::interface::InterfaceState::Untested,
        due: None,
        sealed,
    };
    facts.interfaces = vec![interface(1, Vec::new())];
    assert_eq!(codes(&facts), []);
    facts.interfaces.push(interface(2, vec![record(Kind::Exchange, 3)]));
    assert_eq!(codes(&facts), [(ReasonCode::ControlInterfacesSealed, "1".to_owned(), 2)]);
    let gaps = evaluate("3-1", &facts).gaps;
    assert_eq!(gaps.len(), 1, "that it is used is no test of it");
    for (day, number) in [("2026-11-01", 3), ("2026-10-01", 3), ("2026-08-04", 4), ("2026-08-03", 5)] {
        facts.refused_files.push(RefusedFileFact { record: record(Kind::Exchange, number), at: at(day) });
    }
    assert!(
        codes(&facts).contains(&(ReasonCode::ControlFilesRefused, "3".to_owned(), 2)),
        "{:?}",
        codes(&facts)
    );
}
