//! Names that can be erased, tokens, refusals.

use std::collections::BTreeSet;

use shindan_domain::ledger::{Hash, Kind, Stream};
use shindan_domain::people::{IssuedToken, Person, PersonEvent, Role, Scope};
use shindan_domain::process::{Occurrence, Process, ReasonCode, Refusal, encode, fold};
use shindan_domain::record_id::{PersonId, TokenId};
use shindan_store::{RefusedStep, Store, StoreError, Write};
use uuid::Uuid;

use crate::toy::*;

#[test]
fn a_name_is_kept_changed_and_erased_from_the_files() {
    let folder = Folder::new();
    let mut store = folder.create();
    fill(&mut store, 1);
    store.set_name(person(), "山田花子エライザ", noon()).unwrap();
    store.set_name(person(), "鈴木花子エライザ", noon()).unwrap();
    let other = PersonId(Uuid::from_u128(2));
    store.set_name(other, "佐藤", noon()).unwrap();
    assert_eq!(store.name(person()).unwrap().as_deref(), Some("鈴木花子エライザ"));
    assert_eq!(store.names().unwrap().len(), 2);
    let holds = |name: &str| {
        let files = ["shindan.db", "shindan.db-wal"]
            .map(|file| std::fs::read(folder.path().join("ledger").join(file)).unwrap_or_default());
        files.iter().any(|bytes| bytes.windows(name.len()).any(|window| window == name.as_bytes()))
    };
    assert!(holds("花子エライザ"), "the test sees what is there");
    assert!(store.erase_name(person()).unwrap());
    assert!(!store.erase_name(person()).unwrap());
    assert_eq!(store.name(person()).unwrap(), None);
    assert!(!holds("花子エライザ"));
    assert!(holds("佐藤"));
    assert!(store.verify(&[]).unwrap().is_whole(), "the ledger does not miss a name");
}

fn event(store: &mut Store, id: PersonId, events: &[PersonEvent]) -> Result<(), StoreError> {
    let stream = Stream::new(Kind::Person, id);
    let record = store.record(stream)?;
    let revision = record.as_ref().map_or(0, |record| record.row.revision);
    let state: Option<Person> = record.map(|record| serde_json::from_slice(&record.state).unwrap());
    let when = Occurrence { at: noon(), actor: actor() };
    let after = fold(state, events, &when).unwrap().unwrap();
    let write = Write {
        stream,
        expected_revision: revision,
        events: events.iter().map(|event| encode::<Person>(event).unwrap()).collect(),
        state: serde_json::to_vec(&after).unwrap(),
        filed: after.filed(),
        numbered: false,
    };
    store.commit(batch(noon(), vec![write])).map(|_| ())
}

#[test]
fn who_holds_a_token_is_found_by_its_digest_until_it_is_withdrawn() {
    let folder = Folder::new();
    let mut store = folder.create();
    let token = IssuedToken {
        second_factor: false,
        id: TokenId(Uuid::from_u128(5)),
        digest: Hash::of(b"secret"),
        scope: Scope::Write,
        expires: time("2027-01-01T00:00:00Z"),
        purpose: "reports".to_owned(),
    };
    let registered = PersonEvent::Registered { party: None, roles: BTreeSet::from([Role::Operator]) };
    event(&mut store, person(), &[registered, PersonEvent::TokenIssued { token: token.clone() }]).unwrap();
    assert_eq!(store.person_of_token(&token.digest).unwrap(), Some(person()));
    assert_eq!(store.person_of_token(&Hash::of(b"guess")).unwrap(), None);
    event(&mut store, person(), &[PersonEvent::TokenRevoked { token: token.id }]).unwrap();
    assert_eq!(store.person_of_token(&token.digest).unwrap(), None);
}

#[test]
fn refusals_are_kept_with_who_and_why() {
    let folder = Folder::new();
    let store = folder.create();
    let step = |action: &str, person, stream| RefusedStep {
        at: time("2026-11-26T03:00:00.123Z"),
        person,
        action: action.to_owned(),
        stream,
        refusal: Refusal::new(ReasonCode::SamePerson).with("first", "analysed"),
    };
    let all = [
        step("approve", Some(person()), Some(jar(1))),
        step("read", None, None),
        step("operate", Some(person()), None),
    ];
    for step in &all {
        store.log_refusal(step).unwrap();
    }
    let read = folder.open().refusals(None, 10).unwrap();
    assert_eq!(read.iter().rev().map(|refused| refused.step.clone()).collect::<Vec<_>>(), all);
    let earlier = store.refusals(Some(read[1].id), 10).unwrap();
    assert_eq!(earlier, read[2..]);
    assert_eq!(store.refusals(None, 1).unwrap(), read[..1]);
}
