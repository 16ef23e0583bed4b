//! Records with history.

use super::{
    Asset, Deployment, Environment, Inheritance, MasterData, MasterState, Party, PartyKind, Patcher, Purpose,
    Release, inheritance, inherited_by,
};
use crate::model::{History, Step, by, document, for_random_steps, id, minute, party};
use crate::process::{Process, ReasonCode, Refusal};
use crate::record_id::{CaseId, DeploymentId, ProductId, ReleaseId, SiteId, SystemId};

fn code<T: std::fmt::Debug>(answer: Result<T, Refusal>) -> ReasonCode {
    answer.unwrap_err().reason.code
}

fn maker() -> Party {
    Party { name: "製造".to_owned(), kind: PartyKind::Manufacturer, contact: None, pinned_keys: Vec::new() }
}

fn deployment(release: u8) -> Deployment {
    Deployment { release: ReleaseId(id(release)), site: SiteId(id(40)), system: None, overrides: Vec::new() }
}

/// What a record said at each moment is what an observer wrote down then; nothing follows its end.
#[test]
fn the_history_tells_what_was_said_at_any_moment() {
    let mut ends = 0;
    for_random_steps(200, 30, |steps| {
        let mut record: History<MasterData<Party>> = History::new();
        record.record(&MasterData::register(maker()).unwrap(), by(0, 0));
        let mut written = vec![(0, Some(maker()))];
        let mut minutes = 0;
        for Step { what, who, first, second, minutes: passed } in steps.iter().copied() {
            minutes += i64::from(passed) + 1;
            let when = by(who, minutes);
            let reason = if second == 0 { String::new() } else { "because".to_owned() };
            let state = record.state().clone();
            let answer = match what % 16 {
                0 => state.end(reason.clone()),
                1..=3 => state.pin_key(format!("KEY{first}"), "fax".parse().unwrap(), reason.clone(), &when),
                4..=5 => state.withdraw_key(&format!("KEY{first}"), reason.clone(), &when),
                6 => state.change(maker(), reason.clone()),
                _ => {
                    let name = format!("製造 {first}");
                    state.change(Party { name, ..state.particulars.clone() }, reason.clone())
                }
            };
            if let Ok(event) = answer {
                assert!(!reason.is_empty(), "nothing changes without a reason");
                assert_eq!(state.state(), MasterState::Current, "nothing follows the end");
                record.record(&event, when);
                let now = record.state();
                written.push((minutes, now.ended.is_none().then(|| now.particulars.clone())));
                for key in now.particulars.keys_at(when.at) {
                    assert!(key.from <= when.at, "a key counts from when it was pinned");
                }
            }
        }
        for (at, said) in &written {
            assert_eq!(record.state().at(minute(*at)), said.as_ref());
        }
        ends += u32::from(record.state().ended.is_some());
        record.check_fold();
    });
    assert!(ends > 20, "{ends}");
}

#[test]
fn what_makes_a_record_what_it_is_stays() {
    let environment = Environment {
        system: SystemId(id(1)),
        name: "試験機".to_owned(),
        purpose: Purpose::Test,
        differences: None,
    };
    let mut record: History<MasterData<Environment>> = History::new();
    record.record(&MasterData::register(environment.clone()).unwrap(), by(0, 0));
    let live = Environment { purpose: Purpose::Production, ..environment.clone() };
    assert_eq!(code(record.state().change(live, "now live".to_owned())), ReasonCode::FieldFixed);
    assert_eq!(code(record.state().change(environment, "same".to_owned())), ReasonCode::NothingChanges);
    let other = Release { product: ProductId(id(2)), version: "1.0".to_owned(), sboms: Vec::new() };
    let mut release: History<MasterData<Release>> = History::new();
    release.record(&MasterData::register(other.clone()).unwrap(), by(0, 0));
    let next = Release { version: "1.1".to_owned(), ..other };
    assert_eq!(code(release.state().change(next, "new".to_owned())), ReasonCode::FieldFixed);
    let added = |release: &History<MasterData<Release>>| {
        release.state().add_sbom(document(1), "cyclonedx 1.6".to_owned(), "received".to_owned(), &by(0, 1))
    };
    release.record(&added(&release).unwrap(), by(0, 1));
    assert_eq!(code(added(&release)), ReasonCode::NothingChanges, "the same file again is no news");
    assert_eq!(release.state().particulars.sboms.len(), 1);
}

#[test]
fn a_decision_on_a_release_holds_at_its_deployments_unless_a_site_overrides_it() {
    let (case, release) = (CaseId(id(80)), ReleaseId(id(20)));
    let mut here: History<MasterData<Deployment>> = History::new();
    here.record(&MasterData::register(deployment(20)).unwrap(), by(0, 0));
    let mut there: History<MasterData<Deployment>> = History::new();
    there.record(&MasterData::register(deployment(21)).unwrap(), by(0, 0));
    let all = |here: &History<MasterData<Deployment>>, there: &History<MasterData<Deployment>>| {
        let deployments = [(DeploymentId(id(1)), here.state()), (DeploymentId(id(2)), there.state())];
        inherited_by(case, release, deployments)
    };
    assert_eq!(all(&here, &there), [DeploymentId(id(1))]);
    assert_eq!(
        code(here.state().override_decision(case, " ".to_owned(), &by(1, 1))),
        ReasonCode::TextMissing
    );
    let overridden = here.state().override_decision(case, "isolated here".to_owned(), &by(1, 1)).unwrap();
    here.record(&overridden, by(1, 1));
    assert!(
        matches!(inheritance(case, release, here.state()), Inheritance::Overridden(item) if item.by == by(1, 1).actor.person)
    );
    assert!(all(&here, &there).is_empty());
    let again = here.state().inherit_again(case, "connected".to_owned()).unwrap();
    here.record(&again, by(1, 2));
    assert_eq!(all(&here, &there), [DeploymentId(id(1))]);
    here.record(&here.state().end("removed".to_owned()).unwrap(), by(1, 3));
    assert_eq!(inheritance(case, release, here.state()), Inheritance::NotConcerned);
}

#[test]
fn nobody_is_never_the_one_who_patches() {
    let asset = Asset {
        key: "vpn-1".to_owned(),
        name: "VPN 装置".to_owned(),
        system: None,
        environment: None,
        owner: party(0),
        patcher: Patcher::ToBeSettled(jiff::civil::date(2026, 12, 24)),
    };
    let mut record: History<MasterData<Asset>> = History::new();
    record.record(&MasterData::register(asset.clone()).unwrap(), by(0, 0));
    assert_eq!(record.state().filed().due, Some(jiff::civil::date(2026, 12, 24)));
    assert_eq!(record.state().view().next[0].code, ReasonCode::PatcherNotSettled);
    let settled = Asset { patcher: Patcher::Party(party(2)), ..asset };
    record.record(&record.state().change(settled, "agreed".to_owned()).unwrap(), by(0, 1));
    assert_eq!(record.state().filed().due, None);
    assert!(record.state().view().next.is_empty());
}
