//! Periodic confirmation from live data, and reviews.

use shindan_app::data_folder::DataFolder;
use shindan_app::records::confirmations::{self, Again, InstructionOrder};
use shindan_app::records::kept::keep;
use shindan_app::records::{WordGiven, organisation, reviews};
use shindan_app::register::{self, ImportOptions};
use shindan_domain::case::Treatment;
use shindan_domain::comparison::KeptPart;
use shindan_domain::confirmation::{ActionDraft, Fitness, Instruction, InstructionState, Respondent};
use shindan_domain::ledger::Kind;
use shindan_domain::organisation::{Asset, Patcher};
use shindan_domain::process::ReasonCode;
use shindan_domain::record_id::{InstructionId, ReviewId};
use shindan_domain::review::{Finding, Review, ReviewItem, ReviewState};

use crate::hospital::{code, refusal};
use crate::works::{Works, approver, colleague, manager, missing, operator};

const LEDGER: &str = "管理番号,機器名,種別,メーカー,型番,バージョン,サポート終了日,最終確認日\n\
                      NW-001,外部接続装置,ネットワーク機器,例示,EX-100,7.0.1,2027-01-31,2026-10-01\n";

impl Works {
    /// The register with one device of the system.
    fn device(&mut self) {
        let ledger = self.hospital.file("台帳.csv", LEDGER);
        let options = ImportOptions { strict: true, ..ImportOptions::default() };
        let data = DataFolder::new(self.hospital.root.join("data"));
        self.by(manager, |records, who, call| {
            keep(records, who, call, KeptPart::Register, |author| {
                register::import(&data, &ledger, &options, Some(author), call.now)
            })
        })
        .unwrap();
        let (key, name) = organisation::asset_of_register(&self.hospital.records, "NW-001").unwrap();
        let asset = Asset {
            key,
            name,
            system: Some(self.hospital.system),
            environment: Some(self.live),
            owner: self.institution,
            patcher: Patcher::ToBeSettled("2026-12-01".parse().unwrap()),
        };
        self.by(manager, |records, who, call| organisation::enter_asset(records, who, call, asset.clone()))
            .unwrap();
        let twice =
            self.by(manager, |records, who, call| organisation::enter_asset(records, who, call, asset));
        assert_eq!(code(twice), ReasonCode::NothingChanges);
    }

    fn instruct(&mut self, again: Again) -> InstructionId {
        let order = InstructionOrder {
            title: "機器の適切性の確認".to_owned(),
            scope: vec![self.hospital.system],
            questions: vec!["版と脆弱性対応の状況は適切か".to_owned()],
            operator: Some(self.hospital.operator.person()),
            providers: true,
            due: "2026-11-30".parse().unwrap(),
            again,
        };
        let done = self
            .by(manager, |records, who, call| confirmations::instruct(records, who, call, order))
            .unwrap();
        InstructionId(done.stream.id)
    }

    fn instruction(&self, id: InstructionId) -> Instruction {
        self.state(Kind::Instruction, id.0)
    }
}

#[test]
fn a_confirmation_rests_on_what_the_program_knows_at_that_moment() {
    let mut works = Works::new("confirmation", Treatment::Patch);
    works.device();
    let id = works.instruct(Again::Days(180));
    assert_eq!(works.instruction(id).state(), InstructionState::Instructed);
    let report = ("1".to_owned(), "版は台帳のとおり。更新を計画中".to_owned());
    // Somebody else cannot report for the operator.
    let other = works.by(colleague, |records, who, call| {
        let word = WordGiven::Software;
        confirmations::report(records, who, call, id, report.clone(), &[], &word)
    });
    assert_eq!(code(other), ReasonCode::OtherRespondent);
    works
        .by(operator, |records, who, call| {
            confirmations::report(records, who, call, id, report, &[], &WordGiven::Software)
        })
        .unwrap();
    let state = works.instruction(id);
    let snapshot = &state.items["1"].report().unwrap().snapshot;
    assert_eq!(snapshot.open_cases, 1);
    assert_eq!(snapshot.assets.len(), 1);
    let line = &snapshot.assets[0];
    assert_eq!(line.version.as_deref(), Some("7.0.1"));
    assert_eq!(line.support_end.unwrap().to_string(), "2027-01-31");
    assert_eq!(line.last_seen.unwrap().to_string(), "2026-09-30T15:00:00Z", "a day in Japan");
    assert!(line.undetermined > 0, "nothing covers the device, and that is said");

    // The provider answers on paper.
    let scan = works.hospital.file("report.pdf", "回答書");
    let word = WordGiven::Paper { scan, signer: "保守 六郎".to_owned(), person: None };
    let report = ("2".to_owned(), "12 月に更新する".to_owned());
    works
        .by(operator, |records, who, call| confirmations::report(records, who, call, id, report, &[], &word))
        .unwrap();
    let own = works.by(operator, |records, who, call| {
        let judged = ("1".to_owned(), Fitness::Fit);
        confirmations::judge(records, who, call, id, judged, "よい".to_owned(), None)
    });
    assert_eq!(code(own), ReasonCode::RoleMissing);
    let without = works.by(manager, |records, who, call| {
        let judged = ("1".to_owned(), Fitness::NotFit);
        confirmations::judge(records, who, call, id, judged, "更新が遅れている".to_owned(), None)
    });
    assert_eq!(code(without), ReasonCode::ActionMissing);
    let action = ActionDraft {
        text: "版を上げる".to_owned(),
        responsible: Respondent::Operator(works.hospital.operator.person()),
        due: "2026-12-20".parse().unwrap(),
    };
    works
        .by(manager, |records, who, call| {
            let judged = ("1".to_owned(), Fitness::NotFit);
            let reason = "更新が遅れている".to_owned();
            confirmations::judge(records, who, call, id, judged, reason, Some(action))
        })
        .unwrap();
    let refused =
        refusal(works.by(manager, |records, who, call| confirmations::close(records, who, call, id, None)));
    assert!(missing(&refused).contains(&ReasonCode::ItemNotJudged), "{refused:?}");
    assert!(missing(&refused).contains(&ReasonCode::ActionNotDone), "{refused:?}");
    works
        .by(manager, |records, who, call| {
            let judged = ("2".to_owned(), Fitness::Fit);
            confirmations::judge(records, who, call, id, judged, "計画どおり".to_owned(), None)
        })
        .unwrap();
    works
        .by(operator, |records, who, call| {
            let done = ("1".to_owned(), "7.0.2 に更新した".to_owned());
            confirmations::finish_action(records, who, call, id, done, &[])
        })
        .unwrap();
    works.by(manager, |records, who, call| confirmations::close(records, who, call, id, None)).unwrap();
    let closed = works.instruction(id);
    assert_eq!(closed.state(), InstructionState::Closed);
    assert_eq!(closed.due().unwrap().to_string(), "2027-05-29", "180 days after the day it was due");
    let next = works.by(manager, |records, who, call| confirmations::again(records, who, call, id)).unwrap();
    let next = works.instruction(InstructionId(next.stream.id));
    assert_eq!(next.due().unwrap().to_string(), "2027-05-29");
    works.is_whole();
}

#[test]
fn an_interval_of_the_policy_needs_an_approved_policy() {
    let mut works = Works::new("interval", Treatment::Patch);
    let order = InstructionOrder {
        title: "確認".to_owned(),
        scope: vec![works.hospital.system],
        questions: vec!["適切か".to_owned()],
        operator: None,
        providers: true,
        due: "2026-11-30".parse().unwrap(),
        again: Again::Policy,
    };
    let without =
        works.by(manager, |records, who, call| confirmations::instruct(records, who, call, order.clone()));
    assert_eq!(code(without), ReasonCode::TextMissing);
    let nobody = InstructionOrder { providers: false, again: Again::Never, ..order };
    let nobody = works.by(manager, |records, who, call| confirmations::instruct(records, who, call, nobody));
    assert_eq!(code(nobody), ReasonCode::TextMissing);
}

#[test]
fn a_review_changes_an_item_or_says_why_not_and_is_due_again() {
    let mut works = Works::new("review", Treatment::Patch);
    let item = ReviewItem {
        title: "脆弱性情報の収集".to_owned(),
        content: "週に一度、JVN を見る".to_owned(),
        requirements: vec!["kikaku-15".to_owned()],
        system: None,
        responsible: works.hospital.operator.person(),
        interval_days: None,
    };
    let due = "2026-11-10".parse().unwrap();
    let done = works
        .by(manager, |records, who, call| reviews::plan(records, who, call, item, due, Again::Days(365)))
        .unwrap();
    let id = ReviewId(done.stream.id);
    let review = |works: &Works| works.state::<Review>(Kind::Review, id.0);
    let early = works.by(approver, |records, who, call| {
        reviews::approve(records, who, call, id, None, &WordGiven::Software)
    });
    assert_eq!(code(early), ReasonCode::StepOutOfOrder);
    works
        .by(manager, |records, who, call| {
            let finding = Finding::NoChange { reason: "件数に変わりがない".to_owned() };
            reviews::review(records, who, call, id, finding, &[])
        })
        .unwrap();
    works
        .by(approver, |records, who, call| {
            reviews::send_back(records, who, call, id, "KEV も見ること".to_owned())
        })
        .unwrap();
    works
        .by(manager, |records, who, call| {
            let content = "毎日、JVN と KEV を見る".to_owned();
            let finding = Finding::Changed { content, reason: "悪用が早まった".to_owned() };
            reviews::review(records, who, call, id, finding, &[])
        })
        .unwrap();
    works
        .by(approver, |records, who, call| {
            reviews::approve(records, who, call, id, None, &WordGiven::Software)
        })
        .unwrap();
    let state = review(&works);
    assert_eq!(state.state(), ReviewState::Planned);
    assert_eq!(state.item.content, "毎日、JVN と KEV を見る");
    assert_eq!((state.rounds.len(), state.sent_back.len()), (1, 1));
    assert_eq!(state.due().unwrap().to_string(), "2027-11-02");
    works.is_whole();
}
