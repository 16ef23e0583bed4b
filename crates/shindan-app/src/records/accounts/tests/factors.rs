//! Authenticator apps, recovery codes, what must be done first.

use super::*;

#[test]
fn a_code_is_asked_for_once_there_is_an_app_and_counts_once() {
    let mut house = house();
    let inside = house.admin_in();
    let who = house.entered(&inside).unwrap().entered;
    let other = house.admin_in();
    let (app, codes) = house.with_app(&who);
    assert_eq!(codes.len(), 10);
    assert!(house.entered(&other).is_none(), "a session without the second factor");
    let with =
        |code: &str| Attempt { code: Some(code.to_owned()), ..attempt("管理 花子", PASSWORD, HOME) };
    assert_eq!(house.tries(&attempt("管理 花子", PASSWORD, HOME)), LogIn::CodeNeeded);
    assert!(is_refused(&house.tries(&with(&shown_by(&app, house.now)))), "used to set it up");
    house.later(60);
    let code = shown_by(&app, house.now);
    house.inside(&with(&code));
    assert!(is_refused(&house.tries(&with(&code))), "used");
    assert!(is_refused(&house.tries(&attempt("管理 花子", "not this one at all", HOME))), "not even asked");
    house.inside(&with(&codes[0].to_lowercase()));
    assert!(is_refused(&house.tries(&with(&codes[0]))), "used");
    let now = house.now;
    let standing =
        |house: &House| standing(&house.records, &who, now, who.person()).unwrap().recovery_codes_left;
    assert_eq!(standing(&house), 9);
    let call = house.call();
    let (_, fresh) = new_recovery_codes(&mut house.records, &who, &call, &secret(PASSWORD)).unwrap();
    assert!(is_refused(&house.tries(&with(&codes[1]))), "those before ended");
    house.inside(&with(&fresh[1]));
    let wrong = remove_totp(&mut house.records, &who, &call, who.person(), Some(&secret(OTHER)));
    assert_eq!(reason(wrong), ReasonCode::PasswordWrong);
    remove_totp(&mut house.records, &who, &call, who.person(), Some(&secret(PASSWORD))).unwrap();
    house.admin_in();
    assert_eq!(standing(&house), 0);
}

#[test]
fn codes_of_an_app_cannot_be_guessed_with_the_right_password() {
    let mut house = house();
    let who = house.entered(&house.admin_in()).unwrap().entered;
    let (app, _) = house.with_app(&who);
    let wrong = if shown_by(&app, house.now) == "000000" { "000001" } else { "000000" };
    let with = Attempt { code: Some(wrong.to_owned()), ..attempt("管理 花子", PASSWORD, HOME) };
    let mut looked_at = 0;
    while house.tries(&with) == (LogIn::Refused { wait: None }) {
        looked_at += 1;
        // That a code is asked for gives nothing back but its own count.
        assert_eq!(house.tries(&attempt("管理 花子", PASSWORD, HOME)), LogIn::CodeNeeded);
        assert!(looked_at < 20);
    }
    assert_eq!(looked_at, PAIR.free - 1);
}

#[test]
fn many_addresses_give_no_more_codes_and_do_not_concern_a_known_browser() {
    let mut house = house();
    let known = house.admin_in();
    let who = house.entered(&known).unwrap().entered;
    let (app, _) = house.with_app(&who);
    let wrong = if shown_by(&app, house.now) == "000000" { "000001" } else { "000000" };
    let with = |code: &str, address: &str| Attempt {
        code: Some(code.to_owned()),
        ..attempt("管理 花子", PASSWORD, address)
    };
    for address in 1..=CODE.free + 10 {
        assert!(is_refused(&house.tries(&with(wrong, &format!("198.51.100.{address}")))));
    }
    house.later(15);
    let right = shown_by(&app, after(house.now, SignedDuration::from_secs(30)));
    let strange = house.tries(&with(&right, "203.0.113.9"));
    assert!(matches!(strange, LogIn::Refused { wait: Some(_) }), "not even looked at: {strange:?}");
    house.inside(&Attempt { device: Some(known.device), ..with(&right, HOME) });
}

#[test]
fn an_app_is_set_up_with_a_code_in_time_and_removed_by_an_administrator() {
    let mut house = house();
    let admin = house.admin.clone();
    let call = house.call();
    let missing = confirm_totp(&mut house.records, &admin, &call, "123456");
    assert_eq!(reason(missing), ReasonCode::TotpMissing);
    let enrolment = begin_totp(&house.records, &admin, &call).unwrap();
    assert!(enrolment.uri.starts_with("otpauth://totp/shindan%20ACC:") && enrolment.svg.starts_with("<svg"));
    assert_eq!(format!("{enrolment:?}"), "Enrolment(…)");
    let app = house.records.store.totp_begun(admin.person(), house.now).unwrap().unwrap();
    let wrong = if shown_by(&app, house.now) == "000000" { "000001" } else { "000000" };
    assert_eq!(reason(confirm_totp(&mut house.records, &admin, &call, wrong)), ReasonCode::CodeWrong);
    house.admin_in();
    house.later(15 * 60);
    let late = shown_by(&app, house.now);
    let call = house.call();
    assert_eq!(reason(confirm_totp(&mut house.records, &admin, &call, &late)), ReasonCode::TotpMissing);
    house.with_app(&admin);
    assert_eq!(reason(begin_totp(&house.records, &admin, &call)), ReasonCode::TotpAlready);
    let done =
        people::register(&mut house.records, &admin, &call, "Second Admin", BTreeSet::from([Role::Admin]))
            .unwrap();
    let second = Entered {
        actor: shindan_domain::ledger::Actor { person: PersonId(done.stream.id), ..admin.actor },
        ..admin.clone()
    };
    let operator = Entered { roles: vec![Role::Operator], ..second.clone() };
    let answer = remove_totp(&mut house.records, &operator, &call, admin.person(), None);
    assert_eq!(reason(answer), ReasonCode::RoleMissing);
    remove_totp(&mut house.records, &second, &call, admin.person(), None).unwrap();
    house.admin_in();
}

#[test]
fn a_rule_or_a_setting_that_came_later_is_met_first() {
    let mut house = house();
    // As if it had been set when shorter ones were taken.
    let weak = hashing::hash(&secret("short")).unwrap();
    let before = house.records.store.password(house.admin.person()).unwrap().unwrap();
    house.records.store.rehash(house.admin.person(), &before, &weak).unwrap();
    let inside = house.inside(&attempt("管理 花子", "short", HOME));
    assert_eq!(inside.must, Some(Must::ChangePassword));
    let entered = house.entered(&inside).unwrap();
    assert_eq!(entered.must, Some(Must::ChangePassword));
    let call = house.call();
    set_password(&mut house.records, &entered.entered, &call, Some(&secret("short")), &secret(OTHER))
        .unwrap();
    assert_eq!(house.entered(&inside).unwrap().must, None);
    house.ask_second_factor([Role::Admin]);
    assert_eq!(house.entered(&inside).unwrap().must, Some(Must::EnrolTotp));
    house.with_app(&entered.entered);
    assert_eq!(house.entered(&inside).unwrap().must, None);
}

fn wanted() -> TokenWanted {
    TokenWanted { purpose: "script".to_owned(), scope: Scope::Write, days: 30 }
}

impl House {
    /// What a token lets its person administer.
    fn administers(&self, token: &str) -> Result<(), ReasonCode> {
        let who = self.records.enter(token, self.now).unwrap();
        who.permit(Action::Administer).map_err(|refusal| refusal.reason.code)
    }

    fn gives(&mut self, who: &Entered, person: PersonId) -> Result<String, ReasonCode> {
        let call = self.call();
        match people::issue_token(&mut self.records, who, &call, person, wanted()) {
            Ok((_, text)) => Ok(text.unwrap()),
            answer => Err(reason(answer)),
        }
    }
}

#[test]
fn a_token_does_not_go_round_the_second_factor() {
    let mut house = house();
    let (first, admin) = (house.token.clone(), house.admin.person());
    let early = house.admin_in();
    let session = house.entered(&early).unwrap().entered;
    let before = house.gives(&session, admin).unwrap();
    assert_eq!((house.administers(&first), house.administers(&before)), (Ok(()), Ok(())));
    house.ask_second_factor([Role::Admin]);
    // Tokens from before, and those of the first start, only reach one's own account.
    let refused = Err(ReasonCode::TokenWithoutSecondFactor);
    assert_eq!((house.administers(&first), house.administers(&before)), (refused, refused));
    let barred = house.records.enter(&first, house.now).unwrap();
    assert_eq!(barred.permit(Action::OwnAccount), Ok(()));
    assert_eq!(house.gives(&barred, admin), Err(ReasonCode::TokenWithoutSecondFactor));
    assert_eq!(house.gives(&session, admin), Err(ReasonCode::TokenNeedsSecondFactor), "there is no app yet");
    house.with_app(&session);
    assert_eq!(house.administers(&before), refused, "made before the app");
    let call = house.call();
    let taken = remove_totp(&mut house.records, &barred, &call, admin, Some(&secret(PASSWORD)));
    assert_eq!(reason(taken), ReasonCode::TokenWithoutSecondFactor);
    let proven = house.gives(&session, admin).unwrap();
    assert_eq!(house.administers(&proven), Ok(()));
    // A token makes no further ones: they would outlive it.
    let by_token = house.records.enter(&proven, house.now).unwrap();
    assert_eq!(house.gives(&by_token, admin), Err(ReasonCode::TokenNeedsSecondFactor));
    remove_totp(&mut house.records, &session, &call, admin, Some(&secret(PASSWORD))).unwrap();
    assert_eq!(house.administers(&proven), refused, "the app is gone");
}

#[test]
fn a_token_of_somebody_who_needs_none_works_until_they_need_one() {
    let mut house = house();
    house.ask_second_factor([Role::Admin]);
    let session = house.entered(&house.admin_in()).unwrap().entered;
    house.with_app(&session);
    let operator = house.operator;
    let token = house.gives(&session, operator).unwrap();
    let who = house.records.enter(&token, house.now).unwrap();
    assert_eq!(who.permit(Action::Operate), Ok(()));
    let call = house.call();
    people::grant(&mut house.records, &session, &call, operator, Role::Admin).unwrap();
    let who = house.records.enter(&token, house.now).unwrap();
    let refusal = who.permit(Action::Operate).unwrap_err();
    assert_eq!(refusal.reason.code, ReasonCode::TokenWithoutSecondFactor);
    assert_eq!(house.gives(&session, operator), Err(ReasonCode::TokenNeedsSecondFactor), "they have no app");
}
