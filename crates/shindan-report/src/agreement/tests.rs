//! The page in both languages.

use jiff::civil::date;
use shindan_domain::agreement::{AgreementEvent, Between, Draft};
use shindan_domain::ledger::{Actor, Through};
use shindan_domain::organisation::PartyKind;
use shindan_domain::process::{Occurrence, Process};
use shindan_domain::record_id::{PartyId, SystemId};
use uuid::Uuid;

use super::*;

const NAMES: [&str; 2] = ["中央病院 <情報部>", "医療情報サービス株式会社"];

fn when() -> Occurrence {
    let person = PersonId(Uuid::from_u128(7));
    Occurrence {
        at: "2026-11-26T01:00:00Z".parse().unwrap(),
        actor: Actor { person, through: Through::Session },
    }
}

fn party(number: u128) -> PartyId {
    PartyId(Uuid::from_u128(number))
}

fn agreement() -> Agreement {
    let member = |name: &str, part| Member { name: name.to_owned(), part, signs: true };
    let duty = |key: &str, topic, covers| Duty {
        key: key.to_owned(),
        topic,
        text: format!("{key} を行う"),
        covers,
        involvement: BTreeMap::from([
            (NAMES[0].to_owned(), Involvement::Approves),
            (NAMES[1].to_owned(), Involvement::Does),
        ]),
    };
    let content = Content {
        title: "役割分担合意書".to_owned(),
        system: "モニタ監視".to_owned(),
        version: 1,
        from: date(2026, 12, 1),
        review: date(2027, 11, 30),
        parties: vec![member(NAMES[0], PartyKind::Institution), member(NAMES[1], PartyKind::Provider)],
        duties: vec![
            duty("patch", DutyTopic::Patching, vec![Coverage::PatchingOfAll]),
            duty("logs", DutyTopic::Logs, Vec::new()),
            duty("patch-test", DutyTopic::Patching, Vec::new()),
        ],
    };
    let bound = BTreeMap::from([(NAMES[0].to_owned(), party(1)), (NAMES[1].to_owned(), party(2))]);
    let draft = Draft { system: SystemId(Uuid::from_u128(9)), bound, content, document: None };
    let event = Agreement::draft(draft, Between { operator: party(1), provider: party(2) }).unwrap();
    Agreement::apply(None, &event, &when()).unwrap()
}

fn then(agreement: Agreement, event: &AgreementEvent) -> Agreement {
    Agreement::apply(Some(agreement), event, &when()).unwrap()
}

fn html(agreement: &Agreement, lang: Lang) -> String {
    let people = BTreeMap::from([(when().actor.person, "山田 花子".to_owned())]);
    let page = AgreementPage { agreement, number: Some("MED-2026-0007"), people: &people, made: when().at };
    agreement_html(&page, &Words::new(lang)).unwrap()
}

#[test]
fn the_paper_shows_every_duty_and_leaves_fields_to_sign() {
    let agreement = agreement();
    let hash = agreement.content.hash().to_string();
    for lang in Lang::ALL {
        let page = html(&agreement, lang);
        assert!(!page.contains("[agreement"), "a text is missing: {lang}");
        assert!(page.contains(&hash) && page.contains(&grouped(&hash)));
        assert!(page.contains("中央病院 &#60;情報部&#62;"), "what people wrote is escaped");
        for duty in &agreement.content.duties {
            assert!(page.contains(&duty.text));
        }
        assert_eq!(page.matches("<td class=\"m\">◎</td>").count(), 3);
        assert_eq!(page.matches("<td class=\"m\">□</td>").count(), 3);
        assert_eq!(page.matches("rowgroup").count(), 2, "each topic once");
        assert_eq!(page.matches("<dl>").count(), 2, "both have to sign");
        assert!(page.contains("class=\"warning\""), "it is not in force");
        assert!(page.contains("MED-2026-0007"));
        assert!(!page.contains("http://") && !page.contains("https://") && !page.contains("<script"));
    }
    assert!(html(&agreement, Lang::Ja).contains("2026年12月1日（令和8年）"));
}

#[test]
fn who_confirmed_is_named_and_the_next_version_says_what_changed() {
    let mut agreement = agreement();
    let hash = agreement.content.hash();
    agreement = then(agreement, &AgreementEvent::Proposed { hash });
    for name in NAMES {
        let (party, word) = (name.to_owned(), Word::Software);
        agreement = then(agreement, &AgreementEvent::Confirmed { party, hash, word });
    }
    let page = html(&agreement, Lang::Ja);
    assert_eq!((page.matches("<dl>").count(), page.matches("山田 花子").count()), (0, 2));
    assert!(!page.contains("class=\"warning\""));
    let (from, review, reason) = (date(2027, 1, 1), date(2027, 11, 30), "見直し".to_owned());
    agreement = then(agreement, &AgreementEvent::Revised { from, review, reason });
    let removed = AgreementEvent::DutyRemoved { duty: "logs".to_owned(), reason: "統合".to_owned() };
    agreement = then(agreement, &removed);
    for lang in Lang::ALL {
        let page = html(&agreement, lang);
        let words = Words::new(lang);
        for kind in ["duty-removed", "from"] {
            assert!(page.contains(&words.t(&format!("term-agreement-difference-{kind}"))), "{kind}");
        }
        assert!(!page.contains("山田 花子"), "nobody confirmed the new version");
    }
}
