//! Sealed files, cards and receipts of another installation. The first byte chooses whether the bytes are the file, or changes of a
//! statement that is signed anew after them: behind a signature that does not hold, nothing would be reached.
#![cfg_attr(fuzzing, no_main)]

use std::sync::OnceLock;

use ed25519_dalek::{Signer, SigningKey};
use libfuzzer_sys::fuzz_target;
use shindan_domain::exchange::{Own, checks};
use shindan_domain::ledger::Hash;
use shindan_domain::record_id::InstallationId;
use shindan_exchange::{
    CardStatement, Limits, MAGIC, Manifest, ReceiptStatement, Statement, Trouble, enclose, open, pae,
    read_signed, recognise, to_sign,
};

const LIMITS: Limits = Limits { envelope: 1 << 16, contents: 8, total: 1 << 16 };
/// Made for this test; it protects nothing.
const IDENTITY: &str = "AGE-SECRET-KEY-1GFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPQ4EGAEX";
/// What stands for the key of the signature.
const KEY: &str = "@";

const MANIFEST: &str = r#"{"contents":[{"path":"a/b.json","sha256":"ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad","size":3,"type":"document"}],"created":"2026-11-26T01:02:03.004Z","expires":"2027-02-26T00:00:00Z","format":1,"id":"00000000-0000-0000-0000-000000000003","receiver":{"fingerprint":"ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad","installation":"00000000-0000-0000-0000-000000000002"},"sender":{"installation":"00000000-0000-0000-0000-000000000001","key":"@","party":"カルテ工業"},"sequence":1}"#;
const CARD: &str = r#"{"card":{"installation":"00000000-0000-0000-0000-000000000001","key":"@","party":"カルテ工業","recipient":"age1"},"format":1}"#;
const RECEIPT: &str = r#"{"format":1,"from":"00000000-0000-0000-0000-000000000001","key":"@","manifest":"ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad","received":"2026-11-26T01:02:03Z","sequence":1,"to":"00000000-0000-0000-0000-000000000002"}"#;

/// A change: where, how many bytes go, what comes.
type Change<'a> = (u16, u8, &'a [u8]);

fuzz_target!(|data: (u8, [Change<'_>; 3], &[u8])| {
    let (kind, changes, bytes) = data;
    match kind % 8 {
        0 => file(bytes),
        1 => file(&[b"age-encryption.org/v1\n", bytes].concat()),
        2 => {
            statement::<CardStatement>(bytes);
            statement::<ReceiptStatement>(bytes);
        }
        3 => statement::<CardStatement>(&signed::<CardStatement>(&changed(CARD, &changes))),
        4 => statement::<ReceiptStatement>(&signed::<ReceiptStatement>(&changed(RECEIPT, &changes))),
        5 => file(&sealed(&changed(MANIFEST, &changes), bytes)),
        6 => file(&sealed(&changed(MANIFEST, &changes), &[b"abc", bytes].concat())),
        _ => file(&applied(&sealed(&changed(MANIFEST, &[]), b"abc"), &changes)),
    }
});

/// The key and its name, made once: that takes longer than what is tried.
fn key() -> &'static (SigningKey, String) {
    static KEY: OnceLock<(SigningKey, String)> = OnceLock::new();
    KEY.get_or_init(|| {
        let key = SigningKey::from_bytes(&[7; 32]);
        let name = Hash(key.verifying_key().to_bytes()).to_string();
        (key, name)
    })
}

fn applied(bytes: &[u8], changes: &[Change<'_>]) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    for (at, gone, come) in changes {
        let at = usize::from(*at).min(bytes.len());
        let end = (at + usize::from(*gone)).min(bytes.len());
        bytes.splice(at..end, come.iter().copied());
    }
    bytes
}

fn changed(statement: &str, changes: &[Change<'_>]) -> Vec<u8> {
    applied(statement.replace(KEY, &key().1).as_bytes(), changes)
}

fn signed<S: Statement>(payload: &[u8]) -> Vec<u8> {
    let (key, name) = key();
    let signature = key.sign(&pae(S::TYPE, payload)).to_bytes();
    enclose::<S>(payload, name, &signature).expect("text has a form")
}

fn sealed(payload: &[u8], rest: &[u8]) -> Vec<u8> {
    let envelope = signed::<Manifest>(payload);
    let length = u32::try_from(envelope.len()).expect("small");
    [&MAGIC, 1_u16.to_be_bytes().as_slice(), &length.to_be_bytes(), &envelope, rest].concat()
}

/// A statement that is accepted is exactly what was signed.
fn statement<S: Statement>(bytes: &[u8]) {
    let Ok(read) = read_signed::<S>(bytes, &LIMITS) else { return };
    let (payload, _) = to_sign(&read.statement).expect("it was read");
    assert_eq!(payload, read.payload, "a second form of the same statement");
}

/// A file that is accepted is bound in every byte; whatever is not, is refused with a reason and never trouble with reading.
fn file(bytes: &[u8]) {
    let _recognised = recognise(bytes);
    if !whole(bytes) || bytes.starts_with(b"age") {
        return;
    }
    let middle = bytes.len() / 2;
    for at in [0, middle, bytes.len().saturating_sub(1)] {
        let mut other = bytes.to_vec();
        if let Some(byte) = other.get_mut(at) {
            *byte ^= 1;
        }
        assert!(!whole(&other), "one bit is free: {at}");
    }
    assert!(!whole(&bytes[..bytes.len() - 1]), "the end is free");
    assert!(!whole(&[bytes, b"\0"].concat()), "something may follow");
}

fn whole(bytes: &[u8]) -> bool {
    let opened = match open(bytes, Some(IDENTITY), &LIMITS) {
        Ok(opened) => opened,
        Err(Trouble::Refused(_)) => return false,
        Err(Trouble::Io(error)) => panic!("bytes in memory can be read: {error}"),
    };
    let arrival = opened.arrival();
    let own = Own { installation: InstallationId(arrival.sender.0), fingerprint: Hash::NONE };
    let now = "2026-12-01T00:00:00Z".parse().expect("a time");
    let finished = match opened.finish() {
        Ok(manifest) => {
            let total: u64 = manifest.contents.iter().map(|content| content.size).sum();
            assert!(total <= LIMITS.total && manifest.contents.len() <= LIMITS.contents, "beyond the limits");
            true
        }
        Err(Trouble::Refused(_)) => false,
        Err(Trouble::Io(error)) => panic!("bytes in memory can be read: {error}"),
    };
    assert!(!checks(&arrival, finished, None, &own, now).is_empty());
    let _refused = arrival.from_nobody(&own);
    finished
}

#[cfg(not(fuzzing))]
fn main() -> std::process::ExitCode {
    shindan_fuzz::not_a_fuzzer()
}
