//! Whose word counts, and for what: a partner's signed file, a paper, the institution and the system of a change.

use shindan_app::records::changes;
use shindan_app::records::{Call, Done, Entered, Records, RecordsError, WordGiven, cases, patches};
use shindan_domain::case::{CaseState, Treatment};
use shindan_domain::change::{ChangeKind, Consent, PlanDraft, TestResult};
use shindan_domain::ledger::{Hash, Kind, Stream};
use shindan_domain::organisation::{ServiceState, System};
use shindan_domain::people::{Action, Person};
use shindan_domain::process::ReasonCode;
use shindan_domain::record_id::{ChangeId, PersonId, SystemId};

use crate::hospital::{Hospital, code};
use crate::works::{Key, Works, colleague, manager, operator};

impl Works {
    /// A file that somebody signed with their key.
    fn signed(&self, key: &Key, party: &str, text: &str) -> WordGiven {
        let file = self.hospital.file("word.txt", text);
        let signature = key.sign(&file);
        WordGiven::PartnerFile {
            file,
            signature,
            key: key.public.clone(),
            signer: "医療情報部".to_owned(),
            party: party.to_owned(),
        }
    }

    pub fn consent_by(
        &mut self,
        who: fn(&Hospital) -> &Entered,
        change: ChangeId,
        word: &WordGiven,
    ) -> Result<Done, RecordsError> {
        let until = "2027-03-01T00:00:00Z".parse().unwrap();
        let consent =
            Consent { from: self.hospital.now, until, stop_minutes: 0, roll_back: "戻す".to_owned() };
        self.by(who, |records, who, call| changes::consent(records, who, call, change, consent, word))
    }

    pub fn tested(&mut self, patch: shindan_domain::record_id::PatchId) -> ChangeId {
        let change = self.plan(ChangeKind::Patch, Some(patch)).unwrap();
        self.assess(change);
        let (environment, file) = (self.test, self.file.clone());
        self.run_test(change, environment, Some(file), TestResult::Passed).unwrap();
        change
    }

    pub fn number(&self, change: ChangeId) -> String {
        self.hospital.records.called(Stream::new(Kind::Change, change)).unwrap()
    }
}

#[test]
fn a_partners_file_counts_once_for_the_record_that_it_names() {
    let mut works = Works::new("partner-file", Treatment::Patch);
    let (institution, provider) = (works.institution, works.provider);
    let Some(key) = Key::of(&mut works, institution, "institution") else { return };
    let Some(others_key) = Key::of(&mut works, provider, "provider") else { return };
    let patch = works.usable_patch();
    let [change, other] = [works.tested(patch), works.tested(patch)];
    works.confirm_tests(change).unwrap();
    let (number, others) = (works.number(change), works.number(other));

    let unnamed = "作業に同意します。";
    for text in [unnamed.to_owned(), format!("{others} に同意します。"), format!("{number}0")] {
        let word = works.signed(&key, "中央病院", &text);
        let refused = works.consent_by(operator, change, &word);
        assert_eq!(code(refused), ReasonCode::PartnerFileOtherRecord, "{text}");
    }
    let consent = works.signed(&key, "中央病院", &format!("{number} に同意します。"));
    let own = works.consent_by(manager, change, &consent);
    assert_eq!(
        code(own),
        ReasonCode::KeyPinnedByRecorder,
        "alone one could make the institution say anything"
    );
    works.consent_by(operator, change, &consent).unwrap();
    let again = works.consent_by(operator, change, &consent);
    assert_eq!(code(again), ReasonCode::PartnerFileUsed, "a consent that was withdrawn is not given by it");

    // The provider does not confirm tests in the hospital, and nobody else confirms the effect of a patch.
    let word = works.signed(&others_key, "カルテ工業", &format!("{others} の試験を確認した"));
    let foreign =
        works.by(operator, |records, who, call| changes::confirm_results(records, who, call, other, &word));
    assert_eq!(code(foreign), ReasonCode::OtherParty);
    let foreign =
        works.by(operator, |records, who, call| patches::confirm_effect(records, who, call, patch, &word));
    assert_eq!(code(foreign), ReasonCode::PartnerFileNotHere);
    // Who runs the system does.
    let word = works.signed(&key, "中央病院", &format!("{others} の試験を確認した"));
    works
        .by(operator, |records, who, call| changes::confirm_results(records, who, call, other, &word))
        .unwrap();

    // What was taken in for a step that was refused is removed in time; what an entry names stays.
    let kept = |works: &Works, text: &str| {
        works.hospital.records.store().has_document(&Hash::of(text.as_bytes())).unwrap()
    };
    assert!(kept(&works, unnamed));
    works.hospital.later(8);
    works.by(operator, cases::expire).unwrap();
    assert!(!kept(&works, unnamed));
    assert!(kept(&works, &format!("{number} に同意します。")));
    works.is_whole();
}

#[test]
fn a_paper_with_the_name_of_who_did_the_work_is_theirs() {
    let mut works = Works::new("paper", Treatment::Patch);
    let patch = works.usable_patch();
    let change = works.tested(patch);
    let scan = works.hospital.file("confirmation.pdf", "試験結果を確認した");
    let confirm = |works: &mut Works, signer: &str, person: Option<PersonId>| {
        let word = WordGiven::Paper { scan: scan.clone(), signer: signer.to_owned(), person };
        works.by(colleague, |records, who, call| changes::confirm_results(records, who, call, change, &word))
    };
    let tester = works.hospital.operator.person();
    assert_eq!(code(confirm(&mut works, "運用　一郎 ", None)), ReasonCode::SamePerson);
    let another = works.hospital.approver.person();
    assert_eq!(code(confirm(&mut works, "運用 一郎", Some(another))), ReasonCode::SignerIsAnother);
    assert_eq!(code(confirm(&mut works, "承認 三郎", Some(tester))), ReasonCode::SignerIsAnother);
    // Who left signs nothing any more.
    let leaves = |records: &mut Records, who: &Entered, call: &Call| {
        records.act(who, call, Action::KeepOrganisation, None, |act| {
            let left = "退職".to_owned();
            act.change::<Person>(another, |person, _| Ok(vec![person.deactivate(left, 1)?]))?;
            Ok(Stream::new(Kind::Person, another))
        })
    };
    works.by(manager, leaves).unwrap();
    assert_eq!(code(confirm(&mut works, "承認三郎", None)), ReasonCode::PersonInactive);
    confirm(&mut works, "運用 二郎", None).unwrap();
    let confirmed = works.change(change);
    let preparation = confirmed.stage.preparation();
    let shindan_domain::change::Preparation::Confirmed(confirmed) = preparation.unwrap() else {
        panic!("not confirmed")
    };
    assert_eq!(confirmed.confirmation.giver(), Some(works.hospital.colleague.person()));
}

#[test]
fn a_change_is_planned_for_who_runs_the_system_of_the_case() {
    let mut works = Works::new("concerned", Treatment::Patch);
    let (institution, provider) = (works.institution, works.provider);
    let other = SystemId(works.hospital.keep(System {
        name: "別のシステム".to_owned(),
        operator: institution,
        provider,
        sites: Vec::new(),
        service: ServiceState::InService,
    }));
    let own = works.hospital.system;
    let mut plan = |system, institution| {
        let draft = PlanDraft {
            kind: ChangeKind::Patch,
            title: "更新".to_owned(),
            description: "更新する".to_owned(),
            case: works.case,
            system,
            assets: Vec::new(),
            patch: None,
            institution,
        };
        works.by(operator, |records, who, call| changes::plan(records, who, call, draft))
    };
    assert_eq!(code(plan(other, institution)), ReasonCode::SystemNotOfCase);
    assert_eq!(code(plan(own, provider)), ReasonCode::InstitutionNotConcerned);
    plan(own, institution).unwrap();
}

#[test]
fn a_replacement_is_proven_by_what_was_compared_afterwards() {
    let mut works = Works::new("replaced", Treatment::Replacement);
    let retired = works.hospital.file("disposal.pdf", "廃棄証明");
    let place = works.hospital.case(works.case).places.keys().next().cloned().unwrap();
    let case = works.case;
    let replace = |works: &mut Works| {
        let (retired, place) = (retired.clone(), place.clone());
        works.by(operator, |records, who, call| {
            cases::replace(records, who, call, case, &place, (&retired, "NEW-01"))
        })
    };
    assert_eq!(code(replace(&mut works)), ReasonCode::RematchTooOld);
    let same = works.hospital.list("live.json", &[("ward-viewer", "1.0.0"), ("other", "3.0.0")]);
    works.refresh(same);
    assert_eq!(code(replace(&mut works)), ReasonCode::StillMatched);
    let without = works.hospital.list("live.json", &[("other", "3.0.0")]);
    works.refresh(without);
    replace(&mut works).unwrap();
    works
        .by(colleague, |records, who, call| {
            cases::confirm(records, who, call, case, None, &WordGiven::Software)
        })
        .unwrap();
    assert_eq!(works.hospital.case(case).state(), CaseState::Confirmed);
}
