//! What people log in with: written with the entry or not at all, bounded, and not all of it in a backup.

use jiff::{SignedDuration, Timestamp};
use shindan_domain::ledger::Hash;
use shindan_domain::people::LoginOutcome;
use shindan_domain::people::throttle::{PAIR, Tally};
use shindan_domain::record_id::{PersonId, SessionId};
use shindan_store::{
    AccountWrite, Login, LoginQuery, Retention, Store, StoreError, StoredSession, Taken, Taking,
};
use uuid::Uuid;

use crate::toy::*;

fn later(seconds: i64) -> Timestamp {
    noon().checked_add(SignedDuration::from_secs(seconds)).unwrap()
}

fn take(store: &Store, key: u32, now: Timestamp, most: u32) -> Taken {
    let budget = [("pair", Hash::of(&key.to_be_bytes()))];
    let taken = store.take(&budget, most, &mut |_, before| match PAIR.take(before, now) {
        Ok(after) => Taking::Takes(after),
        Err(until) => Taking::Waits(Tally { until, ..before.unwrap() }),
    });
    taken.unwrap()
}

fn failures(taken: &Taken) -> u32 {
    match taken {
        Taken::Takes(taken) => taken[0].1.failures,
        Taken::Waits { .. } => panic!("{taken:?}"),
    }
}

fn session(number: u8, at: Timestamp) -> (Hash, StoredSession) {
    let session = StoredSession {
        id: SessionId(Uuid::from_u128(u128::from(number))),
        person: person(),
        begun_at: at,
        seen_at: at,
        address: "192.0.2.1".to_owned(),
        agent: "a browser".to_owned(),
        change_password: false,
    };
    (Hash::of(&[number]), session)
}

#[test]
fn a_password_is_written_with_its_entry_or_not_at_all() {
    let folder = Folder::new();
    let mut store = folder.create();
    let mut refused = batch(noon(), vec![write(jar(1), None, &[named("tea")])]);
    refused.writes[0].expected_revision = 7;
    let password = [AccountWrite::Password(person(), "hash".to_owned())];
    assert!(matches!(store.commit_with(refused, &password), Err(StoreError::Conflict { .. })));
    assert_eq!(store.password(person()).unwrap(), None);
    store.commit_with(batch(noon(), vec![write(jar(1), None, &[named("tea")])]), &password).unwrap();
    assert_eq!(store.password(person()).unwrap().as_deref(), Some("hash"));
    store.commit_with(batch(noon(), Vec::new()), &[AccountWrite::Forget(person())]).unwrap();
    assert_eq!(store.password(person()).unwrap(), None);
    assert!(!format!("{password:?}").contains("hash"));
}

#[test]
fn failures_are_counted_given_back_and_bounded() {
    let folder = Folder::new();
    let store = folder.create();
    let budget = ("pair", Hash::of(&1_u32.to_be_bytes()));
    assert_eq!(failures(&take(&store, 1, noon(), 100)), 1);
    let second = take(&store, 1, noon(), 100);
    assert_eq!(failures(&second), 2);
    let Taken::Takes(taken) = second else { panic!() };
    store.give_back(&budget, taken[0].0).unwrap();
    assert_eq!(failures(&take(&store, 1, noon(), 100)), 2, "its own count only");
    for _ in 0..3 {
        take(&store, 1, noon(), 100);
    }
    assert!(matches!(take(&store, 1, noon(), 100), Taken::Waits { first: true, .. }));
    assert!(matches!(take(&store, 1, noon(), 100), Taken::Waits { first: false, .. }), "noted once");
    drop(store);
    let store = folder.open();
    assert!(matches!(take(&store, 1, noon(), 100), Taken::Waits { .. }), "a restart forgets nothing");
    store.forget_failures(&budget).unwrap();
    assert_eq!(failures(&take(&store, 1, noon(), 100)), 1);
    for key in 2..30 {
        take(&store, key, later(i64::from(key)), 5);
    }
    assert_eq!(failures(&take(&store, 1, later(40), 5)), 1, "the oldest was forgotten");
    assert_eq!(failures(&take(&store, 29, later(40), 5)), 2, "the last was not");
}

#[test]
fn a_code_and_a_recovery_code_are_used_once() {
    let folder = Folder::new();
    let mut store = folder.create();
    let codes = vec![Hash::of(b"one"), Hash::of(b"two")];
    let writes = [AccountWrite::Totp(person(), vec![7; 20], 5), AccountWrite::RecoveryCodes(person(), codes)];
    store.commit_with(batch(noon(), Vec::new()), &writes).unwrap();
    assert!(!store.use_step(person(), 5).unwrap());
    assert!(store.use_step(person(), 7).unwrap());
    assert!(!store.use_step(person(), 7).unwrap() && !store.use_step(person(), 6).unwrap());
    assert!(store.use_recovery_code(person(), &Hash::of(b"one")).unwrap());
    assert!(!store.use_recovery_code(person(), &Hash::of(b"one")).unwrap());
    let other = PersonId(Uuid::from_u128(77));
    assert!(!store.use_recovery_code(other, &Hash::of(b"two")).unwrap(), "another's");
    assert_eq!(store.recovery_codes_left(person()).unwrap(), 1);
    store.commit_with(batch(noon(), Vec::new()), &[AccountWrite::NoTotp(person())]).unwrap();
    assert!(store.totp(person()).unwrap().is_none());
    assert_eq!(store.recovery_codes_left(person()).unwrap(), 0);
}

#[test]
fn sessions_browsers_and_the_log_are_bounded() {
    let folder = Folder::new();
    let store = folder.create();
    for number in 1..=9 {
        let (digest, session) = session(number, later(i64::from(number)));
        store.begin_session(&digest, &session, (later(-100), later(-100)), 3).unwrap();
        store.know_device(person(), (None, &digest), session.begun_at, 3).unwrap();
    }
    let ids: Vec<_> =
        store.sessions(person()).unwrap().iter().map(|session| session.id.0.as_u128()).collect();
    assert_eq!(ids, [9, 8, 7]);
    let knows = |number: u8| store.is_known_device(person(), &Hash::of(&[number]), later(-100)).unwrap();
    assert_eq!([6, 7, 8, 9].map(knows), [false, true, true, true]);
    assert!(!store.is_known_device(person(), &Hash::of(&[9]), later(9)).unwrap(), "too long ago");
    store.know_device(person(), (Some(&Hash::of(&[9])), &Hash::of(&[10])), later(20), 3).unwrap();
    assert!(!knows(9) && knows(10), "known under another name");
    let (digest, session) = session(20, later(1_000));
    store.begin_session(&digest, &session, (later(500), later(500)), 3).unwrap();
    assert_eq!(store.sessions(person()).unwrap().len(), 1, "what has expired is forgotten");

    let login = |outcome, at| Login {
        id: 0,
        at,
        outcome,
        person: None,
        address: "192.0.2.1".to_owned(),
        agent: String::new(),
    };
    let kept = |since| Retention { since, most: 4 };
    store.log_login(&login(LoginOutcome::In, noon()), kept(noon())).unwrap();
    for second in 0..50 {
        store.log_login(&login(LoginOutcome::Failed, later(second)), kept(noon())).unwrap();
    }
    let all = |store: &Store| store.logins(&LoginQuery { limit: 100, ..LoginQuery::default() }).unwrap();
    assert_eq!(all(&store).len(), 5, "failures push out failures only");
    store.log_login(&login(LoginOutcome::Out, later(60)), kept(later(48))).unwrap();
    let outcomes: Vec<_> = all(&store).iter().map(|login| (login.outcome, login.at.as_second())).collect();
    use LoginOutcome::{Failed, Out};
    let at = |seconds: i64| later(seconds).as_second();
    assert_eq!(outcomes, [(Out, at(60)), (Failed, at(49)), (Failed, at(48))]);
}

#[test]
fn a_backup_holds_what_people_log_in_with_and_nothing_that_is_open() {
    let folder = Folder::new();
    let mut store = folder.create();
    fill(&mut store, 1);
    let writes = [
        AccountWrite::Password(person(), "hash".to_owned()),
        AccountWrite::Totp(person(), vec![7; 20], 5),
        AccountWrite::Invitation(PersonId(Uuid::from_u128(77)), Hash::of(b"code"), later(60)),
    ];
    store.commit_with(batch(noon(), Vec::new()), &writes).unwrap();
    let (digest, session) = session(1, noon());
    store.begin_session(&digest, &session, (later(-100), later(-100)), 3).unwrap();
    take(&store, 1, noon(), 100);
    let file = folder.path().join("backup.zip");
    store.backup(&file, true, noon()).unwrap();
    assert!(store.session(&digest).unwrap().is_some(), "here it goes on");
    let elsewhere = folder.path().join("elsewhere");
    Store::restore(&file, &elsewhere, &[]).unwrap();
    let restored = Store::open(&elsewhere).unwrap();
    assert_eq!(restored.password(person()).unwrap().as_deref(), Some("hash"));
    assert!(restored.totp(person()).unwrap().is_some());
    assert!(restored.session(&digest).unwrap().is_none());
    assert!(restored.invitation(PersonId(Uuid::from_u128(77))).unwrap().is_none());
    assert_eq!(failures(&take(&restored, 1, noon(), 100)), 1);
}
