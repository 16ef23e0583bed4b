//! Bundles for closed networks. The first byte chooses whether the bytes are the file, or changes of a manifest that is signed anew
//! after them: behind a signature that does not hold, nothing would be reached.
#![cfg_attr(fuzzing, no_main)]

use std::io::{Read, sink};
use std::sync::OnceLock;

use ed25519_dalek::{Signer, SigningKey};
use libfuzzer_sys::fuzz_target;
use shindan_domain::ledger::Hash;
use shindan_exchange::bundle::{BUNDLE_MAGIC, BundleFile, BundleLimits, BundleManifest, open_bundle, pack};
use shindan_exchange::{Statement, Trouble, enclose, pae};

const LIMITS: BundleLimits =
    BundleLimits { envelope: 1 << 16, sources: 8, files: 8, packed: 1 << 16, total: 1 << 20, ratio: 1000 };
/// What stands for the key of the signature, for the hash and the size of what the files are packed in.
const KEY: &str = "@";
const PACKED: &str = "#";
const SIZE: &str = "%";

const MANIFEST: &str = r##"{"created":"2026-11-26T01:02:03.004Z","expires":"2026-12-26T00:00:00Z","files":[{"path":"a.json","sha256":"ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad","size":3,"source":"kev"}],"format":1,"packed":{"sha256":"#","size":%},"sender":{"installation":"00000000-0000-0000-0000-000000000001","key":"@","party":"情報部"},"sequence":1,"sources":[{"addresses":["https://a.example/"],"interval_hours":24,"kind":"kev","may_leave_out":false,"name":"kev","stale":false,"title":"KEV"}]}"##;

/// A change: where, how many bytes go, what comes.
type Change<'a> = (u16, u8, &'a [u8]);

fuzz_target!(|data: (u8, [Change<'_>; 3], &[u8])| {
    let (kind, changes, bytes) = data;
    match kind % 5 {
        0 => file(bytes),
        1 => file(&[BUNDLE_MAGIC.as_slice(), &[0, 1], bytes].concat()),
        // Any bytes where the packed files stand, with the hash that they have.
        2 => file(&sealed(&applied(manifest(bytes).as_bytes(), &changes), bytes)),
        3 => {
            let stream = packed();
            file(&sealed(&applied(manifest(&stream).as_bytes(), &changes), &stream));
        }
        _ => {
            let stream = packed();
            file(&applied(&sealed(manifest(&stream).as_bytes(), &stream), &changes));
        }
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

fn packed() -> Vec<u8> {
    let listed =
        BundleFile { path: "a.json".to_owned(), sha256: Hash::of(b"abc"), size: 3, source: "kev".to_owned() };
    let mut out = Vec::new();
    let mut part = |_: &BundleFile| Ok(Box::new(b"abc".as_slice()) as Box<dyn Read>);
    pack(&[listed], &mut part, &mut out).expect("memory can be written");
    out
}

fn manifest(stream: &[u8]) -> String {
    let (hash, size) = (Hash::of(stream).to_string(), stream.len().to_string());
    MANIFEST.replace(KEY, &key().1).replace(PACKED, &hash).replace(SIZE, &size)
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

fn sealed(payload: &[u8], stream: &[u8]) -> Vec<u8> {
    let (key, name) = key();
    let signature = key.sign(&pae(BundleManifest::TYPE, payload)).to_bytes();
    let envelope = enclose::<BundleManifest>(payload, name, &signature).expect("text has a form");
    let length = u32::try_from(envelope.len()).expect("small");
    [BUNDLE_MAGIC.as_slice(), &1_u16.to_be_bytes(), &length.to_be_bytes(), &envelope, stream].concat()
}

/// A bundle that is accepted is bound in every byte; whatever is not, is refused with a reason and never trouble with reading.
fn file(bytes: &[u8]) {
    if !whole(bytes) {
        return;
    }
    for at in [0, bytes.len() / 2, bytes.len().saturating_sub(1)] {
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
    let told = |trouble| match trouble {
        Trouble::Refused(_) => false,
        Trouble::Io(error) => panic!("bytes in memory can be read: {error}"),
    };
    let mut opened = match open_bundle(bytes, &LIMITS) {
        Ok(opened) => opened,
        Err(trouble) => return told(trouble),
    };
    assert!(opened.arrival().sequence > 0);
    loop {
        match opened.next_file(&mut sink()) {
            Ok(Some(_)) => {}
            Ok(None) => break,
            Err(trouble) => return told(trouble),
        }
    }
    match opened.finish() {
        Ok(manifest) => {
            let total: u64 = manifest.files.iter().map(|file| file.size).sum();
            assert!(total <= LIMITS.total && manifest.files.len() <= LIMITS.files, "beyond the limits");
            true
        }
        Err(trouble) => told(trouble),
    }
}

#[cfg(not(fuzzing))]
fn main() -> std::process::ExitCode {
    shindan_fuzz::not_a_fuzzer()
}
