//! Agreements beside an observer, and what makes one count.

mod observer;
mod walk;

use std::collections::BTreeMap;

use jiff::civil::{Date, date};

use super::*;
use crate::approval::Word;
use crate::device::DeviceCategory;
use crate::inquiry::Way;
use crate::model::{History, by, document, id, party};
use crate::organisation::PartyKind;
use crate::process::{ReasonCode, Refusal};
use crate::record_id::{PartyId, SystemId};
use crate::step::Spoken;

const HOSPITAL: &str = "中央病院";
const VENDOR: &str = "医療情報サービス";
const MAKER: &str = "計測機器製作所";
const NAMES: [&str; 3] = [HOSPITAL, VENDOR, MAKER];

fn between() -> Between {
    Between { operator: party(0), provider: party(1) }
}

fn member(name: &str, part: PartyKind, signs: bool) -> Member {
    Member { name: name.to_owned(), part, signs }
}

fn duty(key: &str, does: &str) -> Duty {
    Duty {
        key: key.to_owned(),
        topic: DutyTopic::Patching,
        text: format!("{key} を行う"),
        covers: Vec::new(),
        involvement: BTreeMap::from([(does.to_owned(), Involvement::Does)]),
    }
}

fn content(from: Date, review: Date) -> Content {
    Content {
        title: "役割分担合意書".to_owned(),
        system: "モニタ監視".to_owned(),
        version: 1,
        from,
        review,
        parties: vec![
            member(HOSPITAL, PartyKind::Institution, true),
            member(VENDOR, PartyKind::Provider, true),
        ],
        duties: vec![duty("patch", VENDOR), duty("accounts", HOSPITAL)],
    }
}

fn bound() -> BTreeMap<String, PartyId> {
    BTreeMap::from([(HOSPITAL.to_owned(), party(0)), (VENDOR.to_owned(), party(1))])
}

fn draft(content: Content) -> Draft {
    Draft { system: SystemId(crate::model::id(9)), bound: bound(), content, document: None }
}

/// The model's clock begins on 2026-11-26 (09:00 in Japan).
fn begun() -> History<Agreement> {
    let mut agreement = History::new();
    let drafted = Agreement::draft(draft(content(date(2026, 11, 26), date(2027, 3, 31))), between());
    agreement.record(&drafted.unwrap(), by(0, 0));
    agreement
}

fn proposed() -> History<Agreement> {
    let mut agreement = begun();
    let event = agreement.state().propose(between(), &by(0, 1)).unwrap();
    agreement.record(&event, by(0, 1));
    agreement
}

fn remark(name: &str, stance: Stance, on: Date) -> Remark {
    let comment = if stance == Stance::Open { "再検討" } else { "" }.to_owned();
    Remark { party: name.to_owned(), stance, comment, way: Way::Meeting, on, document: None }
}

fn agree_on_everything(agreement: &mut History<Agreement>, minutes: i64) {
    let keys: Vec<String> = agreement.state().content.duties.iter().map(|duty| duty.key.clone()).collect();
    let on = crate::calendar::day(by(0, minutes).at);
    for key in keys {
        for name in [HOSPITAL, VENDOR] {
            let when = by(0, minutes);
            let event = agreement.state().discuss(key.clone(), remark(name, Stance::Agreed, on), &when);
            agreement.record(&event.unwrap(), when);
        }
    }
}

fn software(number: u8) -> Spoken {
    Spoken { word: Word::Software, giver_party: Some(party(number)) }
}

fn confirm(agreement: &mut History<Agreement>, number: u8, minutes: i64) -> Result<(), Refusal> {
    let hash = agreement.state().content.hash();
    let name = NAMES[usize::from(number)].to_owned();
    let when = by(number, minutes);
    let event = agreement.state().confirm(name, hash, software(number), between(), &when)?;
    agreement.record(&event, when);
    Ok(())
}

fn in_force() -> History<Agreement> {
    let mut agreement = proposed();
    agree_on_everything(&mut agreement, 2);
    confirm(&mut agreement, 0, 3).unwrap();
    confirm(&mut agreement, 1, 4).unwrap();
    agreement
}

fn code<T: std::fmt::Debug>(answer: Result<T, Refusal>) -> ReasonCode {
    answer.unwrap_err().reason.code
}

#[test]
fn both_installations_compute_the_same_hash_and_any_change_another_one() {
    let first = content(date(2026, 12, 1), date(2027, 3, 31));
    // A contract between installations of different versions of the program.
    assert_eq!(first.hash().to_string(), HASH_OF_THE_EXAMPLE);
    // What the other side reads from the file, with parties of its own.
    let text = serde_json::to_string_pretty(&first).unwrap();
    let second: Content = serde_json::from_str(&text).unwrap();
    assert_eq!(first.hash(), second.hash());
    let others: [fn(&mut Content); 9] = [
        |c| c.title.push('2'),
        |c| c.system.push('2'),
        |c| c.version = 2,
        |c| c.from = date(2026, 12, 2),
        |c| c.review = date(2027, 4, 1),
        |c| c.parties[0].signs = false,
        |c| c.duties[0].text.push('。'),
        |c| c.duties[0].covers.push(Coverage::PatchingOfAll),
        |c| c.duties[0].involvement.extend([(HOSPITAL.to_owned(), Involvement::Approves)]),
    ];
    for change in others {
        let mut other = first.clone();
        change(&mut other);
        assert_ne!(other.hash(), first.hash(), "{other:?}");
    }
}

/// As Python computes it: `sha256("shindan agreement 1\n" + json.dumps(content, sort_keys, no spaces))`.
const HASH_OF_THE_EXAMPLE: &str = "3536098d7e231116590fb56a99cb4571a4137ee94f052b45a78b7b15e6401a87";

#[test]
fn it_is_in_force_with_the_last_partys_word_and_valid_until_its_review() {
    let mut agreement = proposed();
    let early = agreement.state().confirm(
        HOSPITAL.to_owned(),
        agreement.state().content.hash(),
        software(0),
        between(),
        &by(0, 2),
    );
    let early = early.unwrap_err();
    let [open] = early.missing.as_slice() else { panic!("{early:?}") };
    assert_eq!(open.params["duties"], "patch, accounts", "both duties are open");
    agree_on_everything(&mut agreement, 2);
    assert_eq!(
        agreement.state().discussion["patch"].completed,
        Some(date(2026, 11, 26)),
        "the day on which the last party agreed"
    );
    let hash = agreement.state().content.hash();
    let of_other = agreement.state().confirm(HOSPITAL.to_owned(), hash, software(1), between(), &by(1, 3));
    assert_eq!(code(of_other), ReasonCode::OtherParty, "the provider does not speak for the hospital");
    let unseen =
        agreement.state().confirm(HOSPITAL.to_owned(), Hash::of(b"x"), software(0), between(), &by(0, 3));
    assert_eq!(code(unseen), ReasonCode::AgreementContentDiffers);
    confirm(&mut agreement, 0, 3).unwrap();
    assert_eq!(agreement.state().standing(date(2026, 11, 26)), Standing::NotConfirmed);
    assert_eq!(code(confirm(&mut agreement, 0, 4)), ReasonCode::NothingChanges);
    // The same person, moved to the other side, does not speak for both.
    let moved = agreement.state().confirm(VENDOR.to_owned(), hash, software(1), between(), &by(0, 4));
    assert_eq!(code(moved), ReasonCode::SamePerson);
    confirm(&mut agreement, 1, 4).unwrap();
    assert_eq!(agreement.state().state(), AgreementState::InForce);
    for (day, standing) in [
        (date(2026, 11, 25), Standing::NotYet),
        (date(2026, 11, 26), Standing::Valid),
        (date(2027, 3, 31), Standing::Valid),
        (date(2027, 4, 1), Standing::ReviewPassed),
    ] {
        assert_eq!(agreement.state().standing(day), standing, "{day}");
        assert_eq!(agreement.state().valid_on(day).is_some(), standing == Standing::Valid);
    }
    agreement.check_fold();
}

#[test]
fn exactly_one_accountable_party_per_duty_that_signs() {
    let mut agreement = begun();
    let assign = |agreement: &Agreement, party: &str, involvement| {
        let one = Assignment { duty: "patch".to_owned(), party: party.to_owned(), involvement };
        agreement.assign(vec![one], between())
    };
    for (party, involvement, expected) in [
        (VENDOR, None, ReasonCode::AccountableMissing),
        (VENDOR, Some(Involvement::Does), ReasonCode::AccountableMissing),
        (HOSPITAL, Some(Involvement::Does), ReasonCode::AccountableTwice),
    ] {
        let event = assign(agreement.state(), party, involvement).unwrap();
        agreement.record(&event, by(0, 1));
        let answer = agreement.state().propose(between(), &by(0, 1));
        if expected == ReasonCode::AccountableMissing && involvement.is_some() {
            assert!(answer.is_ok());
            continue;
        }
        assert_eq!(answer.unwrap_err().missing[0].code, expected);
    }
    let mut other = begun();
    let maker = member(MAKER, PartyKind::Manufacturer, false);
    let event = other.state().add_party(maker, party(2), between()).unwrap();
    other.record(&event, by(0, 1));
    let both = [(VENDOR, None), (MAKER, Some(Involvement::Does))].map(|(party, involvement)| Assignment {
        duty: "patch".to_owned(),
        party: party.to_owned(),
        involvement,
    });
    let event = other.state().assign(both.into(), between()).unwrap();
    other.record(&event, by(0, 1));
    let refused = other.state().propose(between(), &by(0, 2)).unwrap_err();
    assert_eq!(refused.missing[0].code, ReasonCode::AccountableDoesNotSign);
}

#[test]
fn a_change_after_a_confirmation_voids_it() {
    let mut agreement = proposed();
    agree_on_everything(&mut agreement, 2);
    confirm(&mut agreement, 0, 3).unwrap();
    let changed = Duty { text: "遅滞なく行う".to_owned(), ..duty("patch", VENDOR) };
    let event = agreement.state().change_duty(changed, between()).unwrap();
    agreement.record(&event, by(1, 4));
    let state = agreement.state();
    assert!(state.confirmed().unwrap().is_empty());
    assert_eq!(state.voided[0].party, HOSPITAL);
    assert!(state.discussion["patch"].agreed.is_empty(), "nobody agreed to the new text");
    assert!(state.discussion["patch"].first.is_some(), "but it was spoken about");
    assert!(state.discussion["accounts"].completed.is_some());
    assert_eq!(confirm(&mut agreement, 1, 5).unwrap_err().missing[0].code, ReasonCode::DutyNotAgreed);
    // Agreed anew, the one confirmation that was voided does not count.
    agree_on_everything(&mut agreement, 6);
    confirm(&mut agreement, 1, 7).unwrap();
    assert_eq!(agreement.state().state(), AgreementState::Proposed);
    confirm(&mut agreement, 0, 8).unwrap();
    assert_eq!(agreement.state().state(), AgreementState::InForce);
    agreement.check_fold();
}

#[test]
fn the_last_version_stays_valid_until_the_next_ones_first_day() {
    let mut agreement = in_force();
    let (from, review) = (date(2027, 1, 1), date(2027, 12, 31));
    let event = agreement.state().revise(from, review, "年次見直し".to_owned(), &by(0, 10)).unwrap();
    agreement.record(&event, by(0, 10));
    assert_eq!(agreement.state().state(), AgreementState::Draft);
    assert_eq!(agreement.state().standing(date(2026, 12, 1)), Standing::Valid, "while the next is discussed");
    let event = agreement.state().add_duty(duty("backup", HOSPITAL), between()).unwrap();
    agreement.record(&event, by(0, 11));
    let event = agreement.state().propose(between(), &by(0, 12)).unwrap();
    agreement.record(&event, by(0, 12));
    agree_on_everything(&mut agreement, 13);
    confirm(&mut agreement, 1, 14).unwrap();
    confirm(&mut agreement, 0, 15).unwrap();
    let state = agreement.state();
    let on = |day| state.valid_on(day).map(|version| version.content.version);
    assert_eq!([date(2026, 12, 31), from, review].map(on), [Some(1), Some(2), Some(2)]);
    let [first, second] = state.versions.as_slice() else { panic!("two versions") };
    let kinds: Vec<DifferenceKind> =
        differences(&first.content, &second.content).iter().map(|one| one.kind).collect();
    use DifferenceKind as K;
    assert_eq!(kinds, [K::From, K::Review, K::DutyAdded, K::Involvement]);
    assert!(differences(&first.content, &first.content).is_empty());
    agreement.check_fold();
}

#[test]
fn one_name_on_two_papers_is_not_both_sides() {
    let mut agreement = proposed();
    agree_on_everything(&mut agreement, 2);
    let hash = agreement.state().content.hash();
    let paper = |signer: &str| Spoken {
        word: Word::Paper { signer: signer.to_owned(), person: None, document: document(4) },
        giver_party: None,
    };
    let state = agreement.state().clone();
    let first = state.confirm(HOSPITAL.to_owned(), hash, paper("署名 一郎"), between(), &by(0, 3)).unwrap();
    agreement.record(&first, by(0, 3));
    let state = agreement.state().clone();
    let again = state.confirm(VENDOR.to_owned(), hash, paper("署名　一郎"), between(), &by(1, 4));
    assert_eq!(code(again), ReasonCode::SamePerson);
    assert!(state.confirm(VENDOR.to_owned(), hash, paper("署名 二郎"), between(), &by(1, 4)).is_ok());
}

#[test]
fn a_version_that_begins_later_does_not_make_up_for_what_reopened_the_present_one() {
    let mut agreement = in_force();
    let cause = Cause { kind: CauseKind::DeviceUse, asset: Some("MON-1".to_owned()), text: String::new() };
    let event = agreement.state().reopen(cause).unwrap();
    agreement.record(&event, by(0, 10));
    let (from, review) = (date(2027, 1, 1), date(2027, 12, 31));
    let event = agreement.state().revise(from, review, "使い方の変更".to_owned(), &by(0, 11)).unwrap();
    agreement.record(&event, by(0, 11));
    let event = agreement.state().propose(between(), &by(0, 12)).unwrap();
    agreement.record(&event, by(0, 12));
    agree_on_everything(&mut agreement, 13);
    confirm(&mut agreement, 1, 14).unwrap();
    confirm(&mut agreement, 0, 15).unwrap();
    assert_eq!(agreement.state().standing(date(2026, 12, 31)), Standing::Reopened);
    assert_eq!(agreement.state().standing(from), Standing::Valid);
}

#[test]
fn what_changes_on_a_device_reopens_it_until_a_version_is_confirmed_after_that() {
    let mut agreement = in_force();
    let cause =
        Cause { kind: CauseKind::DeviceConnection, asset: Some("MON-1".to_owned()), text: String::new() };
    let event = agreement.state().reopen(cause.clone()).unwrap();
    agreement.record(&event, by(0, 10));
    let today = date(2026, 11, 26);
    assert_eq!(agreement.state().state(), AgreementState::Reopened);
    assert_eq!(agreement.state().standing(today), Standing::Reopened);
    assert_eq!(code(agreement.state().reopen(cause.clone())), ReasonCode::NothingChanges);
    let event =
        agreement.state().revise(today, date(2027, 3, 31), "回線変更".to_owned(), &by(0, 11)).unwrap();
    agreement.record(&event, by(0, 11));
    let event = agreement.state().propose(between(), &by(0, 12)).unwrap();
    agreement.record(&event, by(0, 12));
    confirm(&mut agreement, 0, 13).unwrap();
    // What changes while the parties confirm is not what the first of them confirmed.
    let again = agreement.state().reopen(cause).unwrap();
    agreement.record(&again, by(0, 14));
    assert!(agreement.state().confirmed().unwrap().is_empty());
    confirm(&mut agreement, 1, 15).unwrap();
    assert_eq!(agreement.state().standing(today), Standing::Reopened);
    confirm(&mut agreement, 0, 16).unwrap();
    assert_eq!(agreement.state().standing(today), Standing::Valid);
    assert!(agreement.state().reopened.iter().all(|one| one.renewed_by == Some(2)));
    agreement.check_fold();
}

#[test]
fn the_other_sides_file_replaces_what_is_discussed_and_no_name_changes_its_meaning() {
    let mut agreement = proposed();
    let mut theirs = agreement.state().content.clone();
    theirs.duties.push(duty("logs", VENDOR));
    let take = |agreement: &Agreement, content: &Content, bound: BTreeMap<String, PartyId>| {
        agreement.take(content.clone(), bound, document(1), between())
    };
    let event = take(agreement.state(), &theirs, bound()).unwrap();
    agreement.record(&event, by(0, 3));
    assert_eq!(agreement.state().content, theirs);
    assert_eq!(agreement.state().state(), AgreementState::Draft);
    assert_eq!(code(take(agreement.state(), &theirs, bound())), ReasonCode::NothingChanges);
    let next = Content { version: 3, ..theirs.clone() };
    assert_eq!(code(take(agreement.state(), &next, bound())), ReasonCode::AgreementVersionInvalid);
    theirs.duties.pop();
    let turned = BTreeMap::from([(HOSPITAL.to_owned(), party(1)), (VENDOR.to_owned(), party(0))]);
    assert_eq!(code(take(agreement.state(), &theirs, turned)), ReasonCode::AgreementNameTwice);
    let alone = BTreeMap::from([(HOSPITAL.to_owned(), party(0)), (VENDOR.to_owned(), party(0))]);
    let of_one = Agreement::draft(
        Draft { bound: alone, ..draft(theirs) },
        Between { operator: party(0), provider: party(0) },
    );
    assert_eq!(code(of_one), ReasonCode::AgreementPartyTwice, "nobody agrees with themselves");
}

#[test]
fn the_closest_duty_says_who_patches() {
    let mut agreement = begun();
    let covering = |key: &str, does: &str, covers: Coverage| Duty { covers: vec![covers], ..duty(key, does) };
    for duty in [
        covering("all", VENDOR, Coverage::PatchingOfAll),
        covering("iot", HOSPITAL, Coverage::PatchingOfCategory { category: DeviceCategory::IotDevice }),
        covering("mon", VENDOR, Coverage::PatchingOfAsset { asset: "MON-1".to_owned() }),
        covering("line", VENDOR, Coverage::LineOf { asset: "MON-1".to_owned() }),
    ] {
        let event = agreement.state().add_duty(duty, between()).unwrap();
        agreement.record(&event, by(0, 1));
    }
    let state = agreement.state();
    let version = Version {
        content: state.content.clone(),
        hash: state.content.hash(),
        confirmed: BTreeMap::new(),
        at: by(0, 1).at,
    };
    let contradicted = |key: &str| Covered::Contradicted { duties: vec![key.to_owned()] };
    let asks = |key, category, patcher| {
        state.patching(&version, Thing { key, name: "", category }, Some(party(patcher)))
    };
    assert_eq!(asks("PC-1", None, 1), Covered::AsRecorded);
    assert_eq!(asks("PC-1", None, 0), contradicted("all"));
    assert_eq!(asks("PUMP-1", Some(DeviceCategory::IotDevice), 0), Covered::AsRecorded);
    assert_eq!(asks("PUMP-1", Some(DeviceCategory::IotDevice), 1), contradicted("iot"));
    assert_eq!(asks("MON-1", Some(DeviceCategory::IotDevice), 1), Covered::AsRecorded);
    let line = |key, owner| state.line(&version, Thing { key, name: "", category: None }, owner);
    assert_eq!(line("MON-1", Some(party(1))), Covered::AsRecorded);
    assert_eq!(line("MON-1", None), Covered::AsRecorded);
    assert_eq!(line("MON-1", Some(party(0))), contradicted("line"));
    assert_eq!(line("MON-2", Some(party(1))), Covered::No);
}

#[test]
fn a_coverage_is_written_as_it_is_read() {
    for text in [
        "patching-of-all",
        "patching-of-category:iot-device",
        "patching-of-asset:MON-1",
        "every-line",
        "line-of:a:b",
    ] {
        assert_eq!(text.parse::<Coverage>().unwrap().to_string(), text);
    }
    for text in ["", "patching", "patching-of-all:x", "patching-of-category:", "line-of", "line-of: "] {
        assert!(text.parse::<Coverage>().is_err(), "{text}");
    }
}

#[test]
fn a_template_proposes_one_accountable_party_even_among_several_of_a_kind() {
    let row = TemplateDuty {
        key: "patch".to_owned(),
        topic: DutyTopic::Patching,
        text: crate::localised::Localised::new("適用する", "Apply"),
        covers: Vec::new(),
        involves: BTreeMap::from([(PartyKind::Provider, Involvement::Does)]),
    };
    let title = crate::localised::Localised::new("ひな形", "Template");
    let template = Template { id: "t".to_owned(), version: "1".to_owned(), title, duties: vec![row] };
    let parties = [
        member(HOSPITAL, PartyKind::Institution, true),
        member(VENDOR, PartyKind::Provider, true),
        member(MAKER, PartyKind::Provider, true),
    ];
    let [duty] = &template.duties("en", &parties)[..] else { panic!("one duty") };
    assert_eq!((duty.accountable(), duty.text.as_str()), (Some(VENDOR), "Apply"));
    assert_eq!(duty.involvement.get(MAKER), Some(&Involvement::Supports));
}
