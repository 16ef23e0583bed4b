//! 運用管理規程: what it needs, who approves it, and when it no longer holds.

use super::*;

/// Written by person 2, approved by person 3.
fn in_force() -> History<Device> {
    let mut device = analysed();
    device.step(device.state().write_rule(rule_text(), vec![document(2), document(3)]), 2, 10);
    device.step(device.state().approve_rule(Word::Software, &by(3, 11)), 3, 11);
    device
}

#[test]
fn a_rule_needs_the_whole_dossier_and_another_person() {
    let early = registered();
    let refusal = early.state().write_rule(rule_text(), vec![document(2)]).unwrap_err();
    assert_eq!(refusal.reason.code, ReasonCode::DeviceDossierIncomplete);
    assert_eq!(refusal.missing.len(), 4, "{refusal:?}");
    let mut device = analysed();
    assert_eq!(device.state().rule_state(), RuleState::Missing);
    assert_eq!(code(device.state().approve_rule(Word::Software, &by(3, 9))), ReasonCode::DeviceNoRuleWaits);
    assert_eq!(code(device.state().write_rule(rule_text(), Vec::new())), ReasonCode::DocumentMissing);
    device.step(device.state().write_rule(rule_text(), vec![document(2)]), 2, 10);
    assert_eq!(device.state().rule_state(), RuleState::AwaitsApproval);
    assert_eq!(code(device.state().approve_rule(Word::Software, &by(2, 11))), ReasonCode::SamePerson);
    assert_eq!(
        code(device.state().approve_rule(Word::Software, &by(1, 11))),
        ReasonCode::SamePerson,
        "who analysed does not approve"
    );
    device.step(device.state().approve_rule(Word::Software, &by(3, 11)), 3, 11);
    assert_eq!(device.state().rule_state(), RuleState::InForce);
    assert!(codes(device.state(), 11, None).is_empty());
}

#[test]
fn whatever_the_rule_says_makes_it_out_of_date_when_it_changes() {
    type Change = fn(&Device) -> Result<DeviceEvent, Refusal>;
    let changes: [(&str, Change); 5] = [
        ("information", |device| device.inform(information(), &by(0, 20))),
        ("use", |device| device.state_use(statement(Some(9)))),
        ("analysis", |device| device.analyse(analysis())),
        ("updates", |device| {
            device.plan_updates(UpdateMethod { interval_days: 30, ..method() }, None, &by(0, 20))
        }),
        ("what it is", |device| {
            let other = DeviceParticulars { category: DeviceCategory::IotDevice, ..particulars() };
            device.change(other, "r".to_owned())
        }),
    ];
    for (what, change) in changes {
        let mut device = in_force();
        device.step(change(device.state()), 0, 20);
        assert_eq!(device.state().rule_state(), RuleState::OutOfDate, "{what}");
        assert!(codes(device.state(), 20, None).contains(&ReasonCode::DeviceRuleOutOfDate), "{what}");
        device.check_fold();
    }
    let mut waiting = analysed();
    waiting.step(waiting.state().write_rule(rule_text(), vec![document(2)]), 2, 10);
    waiting.step(waiting.state().analyse(analysis()), 1, 12);
    assert_eq!(
        code(waiting.state().approve_rule(Word::Software, &by(3, 13))),
        ReasonCode::DeviceRuleOutOfDate,
        "nobody approves what is no longer so"
    );
}

#[test]
fn further_facts_outdate_the_analysis_and_life_does_not() {
    let mut device = in_force();
    device.step(device.state().inform(information(), &by(0, 20)), 0, 20);
    let refusal = device.state().write_rule(rule_text(), vec![document(2)]).unwrap_err();
    assert_eq!(refusal.missing.first().map(|reason| reason.code), Some(ReasonCode::DeviceAnalysisOutdated));
    let mut device = in_force();
    device.step(device.state().stop(StopKind::Faulty, "smoke".to_owned(), minute(20), &by(0, 20)), 0, 20);
    device.step(device.state().back_in_use("repaired".to_owned()), 0, 21);
    assert_eq!(device.state().rule_state(), RuleState::InForce);
}

#[test]
fn a_rule_is_sent_back_or_replaced_and_every_version_stays() {
    let mut device = in_force();
    device.step(device.state().write_rule(rule_text(), vec![document(4)]), 2, 20);
    assert_eq!(device.state().rule_state(), RuleState::InForce, "the approved one holds meanwhile");
    assert_eq!(code(device.state().send_rule_back(String::new())), ReasonCode::TextMissing);
    device.step(device.state().send_rule_back("unclear".to_owned()), 3, 21);
    device.step(device.state().write_rule(rule_text(), vec![document(5)]), 2, 22);
    device.step(device.state().approve_rule(Word::Software, &by(3, 23)), 3, 23);
    let state = device.state();
    let states: Vec<RuleState> = state.rules.iter().map(|rule| state.state_of_rule(rule)).collect();
    assert_eq!(states, [RuleState::Superseded, RuleState::SentBack, RuleState::InForce]);
    device.check_fold();
}
