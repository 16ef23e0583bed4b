//! Sessions, the log, what is kept and what is not.

use super::*;

#[test]
fn a_session_ends_when_it_is_idle_after_twelve_hours_and_with_its_person() {
    let mut house = house();
    let inside = house.admin_in();
    for _ in 0..24 {
        house.later(29 * 60);
        let entered = house.entered(&inside).expect("used in time");
        assert!(entered.expires <= after(house.now, SignedDuration::from_mins(30)));
    }
    house.later(29 * 60);
    assert!(house.entered(&inside).is_none(), "after twelve hours");
    let inside = house.admin_in();
    house.later(30 * 60);
    assert!(house.entered(&inside).is_none(), "idle");
    house.later(-29 * 60);
    assert!(house.entered(&inside).is_none(), "ended is ended, whatever the clock says");
    assert!(house.records.enter_session("", house.now).is_err());
    assert!(house.records.enter(&inside.session, house.now).is_err(), "a session is no token");

    let (_, code) = invite(&mut house.records, &house.admin, &Call::at(house.now), house.operator).unwrap();
    let call = house.call();
    redeem_invitation(&mut house.records, &call, "Unyo Taro", &code.unwrap(), &secret(OTHER)).unwrap();
    let operator = house.inside(&attempt("Unyo Taro", OTHER, HOME));
    assert!(house.entered(&operator).is_some());
    people::deactivate(&mut house.records, &house.admin, &call, house.operator, "left".to_owned()).unwrap();
    assert!(house.entered(&operator).is_none());
    assert!(is_refused(&house.tries(&attempt("Unyo Taro", OTHER, HOME))));
    assert_eq!(house.records.store.password(house.operator).unwrap(), None);
}

#[test]
fn that_a_session_is_used_is_written_once_a_minute() {
    let mut house = house();
    let inside = house.admin_in();
    let seen = |house: &House| house.records.store.sessions(house.admin.person()).unwrap()[0].seen_at;
    let begun = seen(&house);
    house.later(59);
    house.entered(&inside).unwrap();
    assert_eq!(seen(&house), begun);
    house.later(1);
    house.entered(&inside).unwrap();
    assert_eq!(seen(&house), house.now);
}

#[test]
fn a_new_password_ends_other_sessions_and_forgets_browsers() {
    let mut house = house();
    let (mine, stolen) = (house.admin_in(), house.admin_in());
    let who = house.entered(&mine).unwrap().entered;
    let call = house.call();
    let wrong = set_password(&mut house.records, &who, &call, Some(&secret(OTHER)), &secret(OTHER));
    assert_eq!(reason(wrong), ReasonCode::PasswordWrong);
    let none = set_password(&mut house.records, &who, &call, None, &secret(OTHER));
    assert_eq!(reason(none), ReasonCode::PasswordWrong);
    let short = set_password(&mut house.records, &who, &call, Some(&secret(PASSWORD)), &secret("short"));
    assert_eq!(reason(short), ReasonCode::PasswordTooShort);
    set_password(&mut house.records, &who, &call, Some(&secret(PASSWORD)), &secret(OTHER)).unwrap();
    assert!(house.entered(&mine).is_some());
    assert!(house.entered(&stolen).is_none());
    let since = after(house.now, SignedDuration::from_hours(-24));
    let device = shindan_domain::ledger::Hash::of(mine.device.as_bytes());
    assert!(!house.records.store.is_known_device(who.person(), &device, since).unwrap());
    assert!(is_refused(&house.tries(&attempt("管理 花子", PASSWORD, HOME))));
    house.inside(&attempt("管理 花子", OTHER, HOME));
}

#[test]
fn sessions_are_seen_and_ended_by_their_person_and_by_administrators() {
    let mut house = house();
    let call = house.call();
    let (_, code) = invite(&mut house.records, &house.admin, &call, house.operator).unwrap();
    redeem_invitation(&mut house.records, &call, "Unyo Taro", &code.unwrap(), &secret(OTHER)).unwrap();
    let one = house.inside(&attempt("Unyo Taro", OTHER, HOME));
    house.later(1);
    let two = house.inside(&attempt("Unyo Taro", OTHER, "2001:db8::7"));
    let who = house.entered(&one).unwrap().entered;
    let shown = sessions(&house.records, &who, house.now, who.person()).unwrap();
    assert_eq!(shown.iter().map(|session| session.current).collect::<Vec<_>>(), [false, true]);
    assert_eq!(shown[0].address, "2001:db8::7");
    let admins = house.entered(&house.admin_in()).unwrap();
    let answer = sessions(&house.records, &who, house.now, house.admin.person());
    assert_eq!(reason(answer), ReasonCode::RoleMissing);
    let answer = end_session(&house.records, &who, &call, admins.session);
    assert!(matches!(answer, Err(RecordsError::Unknown(_))), "whether there is one is not said");
    end_session(&house.records, &house.admin, &call, shown[0].id).unwrap();
    assert!(house.entered(&two).is_none() && house.entered(&one).is_some());
    assert_eq!(
        end_all_sessions(&house.records, &who, &call, who.person()).unwrap(),
        0,
        "not the one that asks"
    );
    assert!(log_out(&house.records, &who, &call).unwrap());
    assert!(house.entered(&one).is_none());
    assert!(!log_out(&house.records, &house.admin, &call).unwrap(), "a token is no session");
    let outcomes: Vec<_> = house.outcomes().into_iter().map(|(outcome, _)| outcome).collect();
    use LoginOutcome::{Ended, In, Out};
    assert_eq!(outcomes, [In, In, In, Ended, Out]);
}

#[test]
fn the_log_is_for_administrators_auditors_and_ones_own() {
    let house = house();
    house.admin_in();
    house.tries(&attempt("Unyo Taro", "not this one at all", HOME));
    let as_role = |role: Role, person: PersonId| Entered {
        actor: shindan_domain::ledger::Actor { person, ..house.admin.actor },
        roles: vec![role],
        ..house.admin.clone()
    };
    let all = LoginQuery { limit: 100, ..LoginQuery::default() };
    let own = LoginQuery { person: Some(house.operator), ..all.clone() };
    let auditor = as_role(Role::Auditor, PersonId(uuid::Uuid::from_u128(9)));
    assert_eq!(login_log(&house.records, &auditor, house.now, &all).unwrap().len(), 2);
    let operator = as_role(Role::Operator, house.operator);
    assert_eq!(reason(login_log(&house.records, &operator, house.now, &all)), ReasonCode::RoleMissing);
    let lines = login_log(&house.records, &operator, house.now, &own).unwrap();
    assert_eq!(lines.len(), 1);
    assert_eq!((lines[0].outcome, lines[0].name.as_deref()), (LoginOutcome::Failed, Some("Unyo Taro")));
    let failed = LoginQuery { outcome: Some(LoginOutcome::Failed), ..all };
    assert_eq!(login_log(&house.records, &auditor, house.now, &failed).unwrap().len(), 1);
}

#[test]
fn nothing_secret_is_in_the_ledger_in_the_files_or_in_debug() {
    let mut house = house();
    let inside = house.admin_in();
    let who = house.entered(&inside).unwrap().entered;
    let (_, invitation) =
        invite(&mut house.records, &house.admin, &Call::at(house.now), house.operator).unwrap();
    let (app, codes) = house.with_app(&who);
    let files = house.files();
    let holds = |text: &[u8]| files.windows(text.len()).any(|window| window == text);
    assert!(holds("管理 花子".as_bytes()), "the test sees what is there");
    assert!(!holds(&app), "an app's secret is sealed");
    for text in [PASSWORD, &inside.session, &inside.device, &inside.csrf, &invitation.unwrap(), &codes[0]] {
        assert!(!holds(text.as_bytes()), "{text}");
        assert!(!holds(text.replace('-', "").as_bytes()), "{text}");
    }
    let stored = house.records.store.entries(0, 100).unwrap();
    let entries: String =
        stored.iter().map(|entry| String::from_utf8(entry.entry.to_bytes().unwrap()).unwrap()).collect();
    assert!(entries.contains("person.totp-enrolled") && entries.contains("person.password-set"));
    assert!(!entries.contains("argon2") && !entries.contains(&totp::shown(&app)));
    let attempt = attempt("my password", PASSWORD, HOME);
    for shown in [
        format!("{attempt:?}"),
        format!("{:?}", house.tries(&Attempt { device: Some(inside.device.clone()), ..attempt.clone() })),
        format!("{:?}", house.entered(&inside).unwrap()),
        format!("{:?}", house.records.store.totp(who.person()).unwrap()),
    ] {
        for text in
            [PASSWORD, "my password", inside.session.as_str(), inside.csrf.as_str(), inside.device.as_str()]
        {
            assert!(!shown.contains(text), "{shown}");
        }
    }
}

#[test]
fn a_backup_holds_passwords_and_no_sessions_and_a_rebuild_keeps_both() {
    let mut house = house();
    let inside = house.admin_in();
    ledger::rebuild(&mut house.records, &house.admin).unwrap();
    assert!(house.entered(&inside).is_some());
    let file = house.folder.join("backup.zip");
    house.records.store.backup(&file, true, house.now).unwrap();
    let elsewhere = house.folder.join("elsewhere");
    shindan_store::Store::restore(&file, &elsewhere, &[]).unwrap();
    let folder = house.folder.clone();
    house.records = Records::open(&DataFolder::new(&elsewhere)).unwrap();
    assert!(house.entered(&inside).is_none(), "sessions stay where they were");
    house.admin_in();
    assert!(house.records.store.verify(&[]).unwrap().is_whole());
    house.folder = folder;
}

/// The code that the app of this secret shows now, for an attempt.
fn with_code(house: &House, app: &[u8]) -> Attempt {
    Attempt { code: Some(shown_by(app, house.now)), ..attempt("管理花子", PASSWORD, HOME) }
}

#[test]
fn secrets_that_were_kept_unsealed_are_sealed_when_the_records_are_opened() {
    let mut house = house();
    let inside = house.admin_in();
    let who = house.entered(&inside).unwrap().entered;
    let (app, _) = house.with_app(&who);
    // As an earlier version of the program kept it.
    let kept = house.records.store.totp(who.person()).unwrap().unwrap();
    let sealed = shindan_store::KeptSecret { person: who.person(), begun: false, secret: kept.secret };
    house.records.store.replace_secrets(&[(sealed, app.clone())]).unwrap();
    let holds = |house: &House| house.files().windows(app.len()).any(|window| window == app.as_slice());
    assert!(holds(&house), "unsealed");
    let opened = Records::open(&DataFolder::new(&house.folder)).unwrap();
    house.records = opened;
    assert!(!holds(&house), "nothing of it is left");
    house.later(60);
    assert!(matches!(house.tries(&with_code(&house, &app)), LogIn::In { .. }));
    // Moved to another person, it opens no more.
    let kept = house.records.store.totp(who.person()).unwrap().unwrap();
    assert_eq!(sealed::open(&house.records, house.operator, &kept.secret).unwrap(), None);
    assert_eq!(sealed::open(&house.records, who.person(), &kept.secret).unwrap(), Some(app));
}

#[test]
fn a_backup_without_keys_holds_no_secret_of_an_app_that_can_be_read() {
    let mut house = house();
    let inside = house.admin_in();
    let who = house.entered(&inside).unwrap().entered;
    let (app, codes) = house.with_app(&who);
    house.later(60);
    for with_key in [true, false] {
        let file = house.folder.join(format!("backup-{with_key}.zip"));
        house.records.store.backup(&file, with_key, house.now).unwrap();
        let folder = DataFolder::new(house.folder.join(format!("restored-{with_key}")));
        let restored = ledger::restore(&file, &folder, &[]).unwrap();
        assert_eq!(restored.unreadable_apps, u64::from(!with_key));
        let records = Records::open(&folder).unwrap();
        let kept = records.store.totp(who.person()).unwrap().unwrap();
        let opened = sealed::open(&records, who.person(), &kept.secret).unwrap();
        assert_eq!(opened, with_key.then(|| app.clone()));
        if !with_key {
            // A code of the app is not right any more; a recovery code is.
            let refused = log_in(&records, &house.call(), &with_code(&house, &app)).unwrap();
            assert!(matches!(refused, LogIn::Refused { .. }));
            let mut with_recovery = with_code(&house, &app);
            with_recovery.code = Some(codes[1].clone());
            let later = Call::at(after(house.now, jiff::SignedDuration::from_mins(30)));
            assert!(matches!(log_in(&records, &later, &with_recovery).unwrap(), LogIn::In { .. }));
        }
    }
}
