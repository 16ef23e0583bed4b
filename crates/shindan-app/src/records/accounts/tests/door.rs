//! Invitations, names, passwords, waits.

use super::*;

#[test]
fn a_person_is_invited_chooses_a_password_and_is_in() {
    let mut house = house();
    let (_, code) = invite(&mut house.records, &house.admin, &Call::at(house.now), house.operator).unwrap();
    let code = code.unwrap();
    assert!(is_refused(&house.tries(&attempt("Unyo Taro", "", HOME))), "no password is no empty password");
    let call = house.call();
    for (name, typed) in [("Unyo Taro", "AAAA-BBBB"), ("管理 花子", code.as_str()), ("", code.as_str())] {
        let answer = redeem_invitation(&mut house.records, &call, name, typed, &secret(OTHER));
        assert_eq!(reason(answer), ReasonCode::InvitationInvalid);
    }
    let weak = redeem_invitation(&mut house.records, &call, "unyo taro", &code, &secret("unyotaro unyotaro"));
    assert_eq!(reason(weak), ReasonCode::PasswordIsName, "the code can be used again");
    redeem_invitation(&mut house.records, &call, "ｕｎｙｏ　ｔａｒｏ", &code.to_lowercase(), &secret(OTHER))
        .unwrap();
    let again = redeem_invitation(&mut house.records, &call, "Unyo Taro", &code, &secret(PASSWORD));
    assert_eq!(reason(again), ReasonCode::InvitationInvalid, "used");
    let inside = house.inside(&attempt("UNYO taro", OTHER, HOME));
    let entered = house.entered(&inside).unwrap();
    assert_eq!(entered.entered.person(), house.operator);
    assert_eq!(
        (entered.entered.actor.through, entered.entered.roles),
        (Through::Session, vec![Role::Operator])
    );
    assert_eq!(
        (entered.csrf, entered.expires),
        (inside.csrf, after(house.now, SignedDuration::from_mins(30)))
    );
    assert_eq!(inside.must, None);
}

#[test]
fn an_invitation_ends_after_a_day_and_with_the_next() {
    let mut house = house();
    let operator = house.operator;
    let give = |house: &mut House| {
        invite(&mut house.records, &house.admin, &Call::at(house.now), operator).unwrap().1.unwrap()
    };
    let first = give(&mut house);
    let second = give(&mut house);
    let call = house.call();
    let answer = redeem_invitation(&mut house.records, &call, "Unyo Taro", &first, &secret(OTHER));
    assert_eq!(reason(answer), ReasonCode::InvitationInvalid);
    house.later(24 * 3_600);
    let call = house.call();
    let answer = redeem_invitation(&mut house.records, &call, "Unyo Taro", &second, &secret(OTHER));
    assert_eq!(reason(answer), ReasonCode::InvitationInvalid);
    let not_admin = Entered { roles: vec![Role::Operator], ..house.admin.clone() };
    let answer = invite(&mut house.records, &not_admin, &call, operator);
    assert_eq!(reason(answer), ReasonCode::RoleMissing);
}

#[test]
fn wrong_name_and_wrong_password_cost_and_answer_the_same() {
    let house = house();
    let verified = || hashing::VERIFIED.with(std::cell::Cell::get);
    let mut costs = Vec::new();
    for name in ["管理 花子", "nobody at all", "", "Unyo Taro"] {
        let before = verified();
        let answer = house.tries(&attempt(name, "not this one at all", HOME));
        assert_eq!(answer, LogIn::Refused { wait: None }, "{name}");
        costs.push(verified() - before);
    }
    assert_eq!(costs, [1, 1, 1, 1], "also for who has no password");
    let failed = LoginOutcome::Failed;
    let (admin, operator) = (Some(house.admin.person()), Some(house.operator));
    assert_eq!(house.outcomes(), [(failed, admin), (failed, None), (failed, None), (failed, operator)]);
    let files = house.files();
    let typed = b"nobody at all";
    assert!(!files.windows(typed.len()).any(|window| window == typed), "what was typed is kept nowhere");
}

#[test]
fn an_attacker_waits_and_the_owner_in_a_known_browser_does_not() {
    let mut house = house();
    let known = house.admin_in();
    // From the owner's own address, which is the worst: a hospital behind one address.
    let wrong = attempt("管理 花子", "guess number one", HOME);
    let mut looked_at = 0;
    let wait = loop {
        match house.tries(&wrong) {
            LogIn::Refused { wait: Some(wait) } => break wait,
            LogIn::Refused { wait: None } => looked_at += 1,
            other => panic!("{other:?}"),
        }
        assert!(looked_at < 50);
    };
    assert_eq!(
        (looked_at, wait.as_secs()),
        (PAIR.free - 1, PAIR.first),
        "the last free guess says what comes"
    );
    let verified = hashing::VERIFIED.with(std::cell::Cell::get);
    let right = attempt("管理 花子", PASSWORD, HOME);
    assert!(is_refused(&house.tries(&right)), "nothing is looked at, not even what is right");
    assert!(is_refused(&house.tries(&right)));
    assert_eq!(hashing::VERIFIED.with(std::cell::Cell::get), verified);
    let throttled =
        house.outcomes().iter().filter(|(outcome, _)| *outcome == LoginOutcome::Throttled).count();
    assert_eq!(throttled, 1, "noted once");
    let owner = Attempt { device: Some(known.device.clone()), ..right.clone() };
    let inside = house.inside(&owner);
    assert!(
        matches!(
            house.tries(&Attempt { device: Some(known.device), ..right.clone() }),
            LogIn::Refused { .. }
        ),
        "what it was known as before has ended"
    );
    assert!(house.entered(&inside).is_some());
    house.later(wait.as_secs());
    house.inside(&right);
}

#[test]
fn what_is_counted_outlives_the_program_and_is_bounded_for_a_known_browser_too() {
    let mut house = house();
    let known = house.admin_in();
    for _ in 0..DEVICE.free {
        let wrong = Attempt {
            device: Some(known.device.clone()),
            ..attempt("管理 花子", "guess number one", HOME)
        };
        assert!(is_refused(&house.tries(&wrong)));
    }
    house.records = Records::open(&DataFolder::new(&house.folder)).unwrap();
    let right = Attempt { device: Some(known.device), ..attempt("管理 花子", PASSWORD, HOME) };
    assert_eq!(house.tries(&right), LogIn::Refused { wait: Some(SignedDuration::from_secs(DEVICE.first)) });
    house.inside(&attempt("管理 花子", PASSWORD, HOME));
}

#[test]
fn an_account_of_ones_own_gives_no_more_guesses_at_others() {
    let mut house = house();
    house.now = after(house.now, SignedDuration::from_secs(1));
    let mut guesses = 0;
    for round in 0..ADDRESS.free * 2 {
        // Another name each time, and in between the attacker's own account.
        let guess = attempt(&format!("somebody {round}"), "guess number one", HOME);
        match house.tries(&guess) {
            LogIn::Refused { wait: None } => guesses += 1,
            _ => break,
        }
        if round % 10 == 0 {
            house.admin_in();
        }
    }
    assert!(guesses <= ADDRESS.free, "{guesses}");
}

#[test]
fn guessing_the_present_password_from_an_open_screen_is_bounded() {
    let mut house = house();
    let inside = house.admin_in();
    let who = house.entered(&inside).unwrap().entered;
    let call = house.call();
    let guess = |house: &mut House| {
        reason(set_password(
            &mut house.records,
            &who,
            &call,
            Some(&secret("guess number one")),
            &secret(OTHER),
        ))
    };
    let answers: Vec<_> = (0..7).map(|_| guess(&mut house)).collect();
    assert!(answers[..5].iter().all(|code| *code == ReasonCode::PasswordWrong), "{answers:?}");
    assert!(answers[5..].iter().all(|code| *code == ReasonCode::TriesExhausted), "{answers:?}");
    house.admin_in();
}

#[test]
fn namesakes_are_told_apart_by_their_passwords() {
    let mut house = house();
    let call = house.call();
    let done = people::register(
        &mut house.records,
        &house.admin,
        &call,
        "管理花子",
        BTreeSet::from([Role::Auditor]),
    )
    .unwrap();
    let namesake = PersonId(done.stream.id);
    let (_, code) = invite(&mut house.records, &house.admin, &call, namesake).unwrap();
    redeem_invitation(&mut house.records, &call, "管理 花子", &code.unwrap(), &secret(OTHER)).unwrap();
    let first = house.entered(&house.admin_in()).unwrap().entered;
    let second = house.entered(&house.inside(&attempt("管理 花子", OTHER, HOME))).unwrap().entered;
    assert_eq!((first.person(), second.person()), (house.admin.person(), namesake));
}

#[test]
fn a_hash_of_other_parameters_is_replaced_at_the_next_log_in() {
    let house = house();
    let person = house.admin.person();
    let before = house.records.store.password(person).unwrap().unwrap();
    let cheap = hashing::cheap(&secret(PASSWORD));
    house.records.store.rehash(person, &before, &cheap).unwrap();
    house.admin_in();
    let after = house.records.store.password(person).unwrap().unwrap();
    assert!(hashing::is_outdated(&cheap) && !hashing::is_outdated(&after), "{after}");
    house.admin_in();
}
