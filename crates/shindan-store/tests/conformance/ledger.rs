//! The chain, as the interface shows it: whole ledgers, checkpoints, signatures.

use shindan_domain::ledger::{Chain, Checkpoint, Hash};
use shindan_domain::record_id::InstallationId;
use shindan_store::{Installation, Problem, PublicKey, Signature, Store, StoreError, verify_signature};
use uuid::Uuid;

use crate::toy::*;

#[test]
fn a_whole_ledger_is_whole() {
    let folder = Folder::new();
    let mut store = folder.create();
    let empty = store.verify(&[]).unwrap();
    assert!(empty.is_whole());
    assert_eq!((empty.entries, empty.last, empty.times), (0, Chain::EMPTY, None));
    // More than fit in one parcel between the threads.
    fill(&mut store, 3_000);
    store.checkpoint(noon()).unwrap();
    happen(&mut store, jar(1), &[filled(1)]).unwrap();
    let verified = store.verify(&[]).unwrap();
    assert_eq!(verified.problems, []);
    assert_eq!((verified.entries, verified.covered, verified.checkpoints), (3_001, 3_000, 1));
    assert_eq!(verified.last, store.head().unwrap());
    let at = time("2026-11-26T03:00:00.123Z");
    assert_eq!(verified.times, Some((at, at)));
}

#[test]
fn the_chain_can_be_followed_by_hand() {
    let folder = Folder::new();
    let mut store = folder.create();
    fill(&mut store, 3);
    let mut hash = Hash::NONE;
    for stored in store.entries(0, 10).unwrap() {
        hash = hash.then(&stored.entry.to_bytes().unwrap());
        assert_eq!(hash, stored.hash);
    }
    assert_eq!(store.head().unwrap(), Chain { sequence: 3, hash });
}

#[test]
fn checkpoints_are_signed_kept_and_compared() {
    let folder = Folder::new();
    let mut store = folder.create();
    fill(&mut store, 2);
    let checkpoint = store.checkpoint(time("2026-11-26T05:00:00.9999Z")).unwrap();
    assert_eq!((checkpoint.sequence, checkpoint.hash), (2, store.head().unwrap().hash));
    assert_eq!(store.checkpoints().unwrap(), std::slice::from_ref(&checkpoint));
    let read_back = Checkpoint::from_text(&checkpoint.to_text()).unwrap();
    assert_eq!(read_back, checkpoint);
    let key: PublicKey = read_back.key.parse().unwrap();
    let signature: Signature = read_back.signature.parse().unwrap();
    assert_eq!(verify_signature(&key, &read_back.signed(), &signature), Ok(()));
    assert_eq!(key, store.public_key().unwrap());

    fill_more(&mut store);
    let verified = store.verify(std::slice::from_ref(&checkpoint)).unwrap();
    assert!(verified.is_whole(), "{:?}", verified.problems);
    assert_eq!((verified.checkpoints, verified.covered), (2, 2));
}

fn fill_more(store: &mut Store) {
    happen(store, jar(100), &[named("more")]).unwrap();
}

#[test]
fn a_checkpoint_that_proves_nothing_is_said_to() {
    let folder = Folder::new();
    let mut store = folder.create();
    fill(&mut store, 2);
    let good = store.checkpoint(noon()).unwrap();
    let code = |checkpoint: Checkpoint| {
        let verified = store.verify(&[checkpoint]).unwrap();
        verified.problems.iter().map(Problem::code).collect::<Vec<_>>()
    };
    assert_eq!(code(Checkpoint { sequence: 1, ..good.clone() }), ["checkpoint-not-signed"]);
    assert_eq!(code(Checkpoint { key: "00".into(), ..good.clone() }), ["checkpoint-not-signed"]);
    assert_eq!(code(Checkpoint { signature: "x".into(), ..good.clone() }), ["checkpoint-not-signed"]);
    let installation = InstallationId(Uuid::from_u128(9));
    assert_eq!(code(Checkpoint { installation, ..good.clone() }), ["checkpoint-foreign"]);
    // Signed, but by a key that this installation never had.
    let other_folder = Folder::new();
    let mut other = Store::create(other_folder.path(), installation_like(), [9; 32]).unwrap();
    fill(&mut other, 2);
    assert_eq!(code(other.checkpoint(noon()).unwrap()), ["checkpoint-key"]);
}

fn installation_like() -> Installation {
    installation()
}

#[test]
fn a_ledger_that_was_cut_off_or_written_anew_is_found_with_a_checkpoint() {
    let folder = Folder::new();
    let mut store = folder.create();
    fill(&mut store, 5);
    let kept_elsewhere = store.checkpoint(noon()).unwrap();

    // What an administrator can do who holds the key: make the ledger anew.
    let shorter = Folder::new();
    let mut shorter_store = shorter.create();
    fill(&mut shorter_store, 4);
    let verified = shorter_store.verify(std::slice::from_ref(&kept_elsewhere)).unwrap();
    assert!(matches!(verified.problems[..], [Problem::Truncated { sequence: 5, last: 4, .. }]));

    let other = Folder::new();
    let mut other_store = other.create();
    happen(&mut other_store, jar(77), &[named("another story")]).unwrap();
    fill(&mut other_store, 5);
    assert!(other_store.verify(&[]).unwrap().is_whole(), "alone, the chain does not tell");
    let verified = other_store.verify(&[kept_elsewhere]).unwrap();
    assert!(matches!(verified.problems[..], [Problem::Rewritten { sequence: 5, .. }]));
}

#[test]
fn the_key_signs_and_is_never_replaced() {
    let folder = Folder::new();
    let store = folder.create();
    let signature = store.sign(b"exchange").unwrap();
    let key = store.public_key().unwrap();
    assert_eq!(verify_signature(&key, b"exchange", &signature), Ok(()));
    assert!(verify_signature(&key, b"exchanged", &signature).is_err());
    assert!(matches!(store.set_key([1; 32], noon()), Err(StoreError::KeyPresent)));

    let file = folder.path().join("ledger/keys/installation.key");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(std::fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    }
    std::fs::write(&file, "no key").unwrap();
    assert!(matches!(store.sign(b""), Err(StoreError::KeyDamaged)));
    std::fs::remove_file(&file).unwrap();
    assert!(matches!(store.checkpoint(noon()), Err(StoreError::KeyMissing)));
    let new = store.set_key([2; 32], noon()).unwrap();
    assert_ne!(new, key);
    let checkpoint = store.checkpoint(noon()).unwrap();
    assert!(store.verify(&[checkpoint]).unwrap().is_whole(), "old and new keys are this installation's");
}
