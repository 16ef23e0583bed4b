//! A small sealed file, and everything that can be done to it.

use std::io::Read;

use ed25519_dalek::{Signer, SigningKey};
use proptest::prelude::*;
use shindan_domain::exchange::{Card, Content, ContentType};
use shindan_domain::ledger::Hash;
use shindan_domain::process::{Reason, ReasonCode};
use shindan_domain::record_id::InstallationId;
use uuid::Uuid;

use crate::*;

const LIMITS: Limits = Limits { envelope: 1 << 16, contents: 4, total: 1 << 16 };
/// A secret that was made once; it protects nothing.
fn identity() -> String {
    encryption::new_identity()
}

fn key(number: u8) -> SigningKey {
    SigningKey::from_bytes(&[number; 32])
}

fn name_of(key: &SigningKey) -> String {
    Hash(key.verifying_key().to_bytes()).to_string()
}

fn content(path: &str, bytes: &[u8]) -> Content {
    Content {
        path: path.to_owned(),
        sha256: Hash::of(bytes),
        size: bytes.len() as u64,
        content_type: ContentType::Document,
    }
}

fn manifest(files: &[(&str, &[u8])]) -> Manifest {
    Manifest {
        contents: files.iter().map(|(path, bytes)| content(path, bytes)).collect(),
        created: "2026-11-26T01:02:03.004Z".parse().unwrap(),
        expires: "2027-02-26T00:00:00Z".parse().unwrap(),
        format: 1,
        id: Uuid::from_u128(3),
        previous: None,
        receiver: ManifestReceiver {
            fingerprint: Hash::of(b"card"),
            installation: InstallationId(Uuid::from_u128(2)),
        },
        reply_to: None,
        sender: ManifestSender {
            installation: InstallationId(Uuid::from_u128(1)),
            key: name_of(&key(7)),
            party: "提供事業者".to_owned(),
        },
        sequence: 1,
        void: Vec::new(),
    }
}

fn signed<S: Statement>(statement: &S, key: &SigningKey) -> Vec<u8> {
    let (payload, bytes) = to_sign(statement).unwrap();
    enclose::<S>(&payload, &name_of(key), &key.sign(&bytes).to_bytes()).unwrap()
}

fn seal(manifest: &Manifest, files: &[(&str, &[u8])], key: &SigningKey) -> Vec<u8> {
    let mut parts: Vec<Box<dyn Read>> =
        files.iter().map(|(_, bytes)| Box::new(*bytes) as Box<dyn Read>).collect();
    let mut out = Vec::new();
    write_sealed(&signed(manifest, key), &manifest.contents, &mut parts, &mut out).unwrap();
    out
}

fn encrypted(bytes: &[u8], recipient: &str) -> Vec<u8> {
    let mut out = Vec::new();
    encryption::encrypt(recipient, &mut out, |to| Ok(to.write_all(bytes)?)).unwrap();
    out
}

/// Manifest and files, or what is wrong.
fn read(bytes: &[u8], identity: Option<&str>) -> Result<(Manifest, Vec<Vec<u8>>), Reason> {
    let refused = |trouble| match trouble {
        Trouble::Refused(reason) => reason,
        Trouble::Io(error) => panic!("{error}"),
    };
    let mut opened = open(bytes, identity, &LIMITS).map_err(refused)?;
    let mut files = Vec::new();
    loop {
        let mut file = Vec::new();
        match opened.next_file(&mut file).map_err(refused)? {
            Some(content) => assert_eq!(Hash::of(&file), content.sha256),
            None => break,
        }
        files.push(file);
    }
    Ok((opened.finish().map_err(refused)?, files))
}

const FILES: [(&str, &[u8]); 3] = [("a.json", b"{\"a\":1}"), ("empty", b""), ("d/b.txt", "確認".as_bytes())];

#[test]
fn what_was_sealed_is_what_is_read() {
    let manifest = manifest(&FILES);
    let bytes = seal(&manifest, &FILES, &key(7));
    let (read_back, files) = read(&bytes, None).unwrap();
    assert_eq!(read_back, manifest);
    assert_eq!(files, FILES.map(|(_, bytes)| bytes.to_vec()));
    let identity = identity();
    let closed = encrypted(&bytes, &encryption::recipient_of(&identity).unwrap());
    assert_eq!(recognise(&closed), Ok(Recognised::Encrypted));
    assert_eq!(read(&closed, Some(&identity)).unwrap(), (manifest, files));
    let other = self::identity();
    for wrong in [None, Some(other.as_str()), Some("no key")] {
        assert_eq!(read(&closed, wrong).unwrap_err().code, ReasonCode::SealedCannotDecrypt);
    }
}

#[test]
fn the_encoding_is_that_of_the_specification() {
    // https://github.com/secure-systems-lab/dsse/blob/v1.0.2/protocol.md, "Test Vectors".
    let encoded = pae("http://example.com/HelloWorld", b"hello world");
    assert_eq!(encoded, b"DSSEv1 29 http://example.com/HelloWorld 11 hello world");
}

#[test]
fn no_bit_of_a_sealed_file_is_free() {
    let bytes = seal(&manifest(&FILES), &FILES, &key(7));
    let mut codes = std::collections::BTreeSet::new();
    for place in 0..bytes.len() {
        for flip in [0x01, 0x20, 0x80, 0xff] {
            let mut changed = bytes.clone();
            changed[place] ^= flip;
            let refused = read(&changed, None).expect_err(&format!("byte {place} is free"));
            codes.insert(refused.code);
        }
        let mut removed = bytes.clone();
        removed.remove(place);
        assert!(read(&removed, None).is_err(), "byte {place} can be left out");
        let mut doubled = bytes.clone();
        doubled.insert(place, bytes[place]);
        assert!(read(&doubled, None).is_err(), "byte {place} can be doubled");
    }
    for code in [ReasonCode::SealedTampered, ReasonCode::SealedTruncated, ReasonCode::SealedNewerFormat] {
        assert!(codes.contains(&code), "{code:?}: {codes:?}");
    }
}

#[test]
fn no_byte_of_an_encrypted_file_is_free() {
    let identity = identity();
    let bytes =
        encrypted(&seal(&manifest(&FILES), &FILES, &key(7)), &encryption::recipient_of(&identity).unwrap());
    for place in 0..bytes.len() {
        let mut changed = bytes.clone();
        changed[place] ^= 1;
        assert!(read(&changed, Some(&identity)).is_err(), "byte {place} is free");
    }
    for length in (0..bytes.len()).step_by(7) {
        assert!(read(&bytes[..length], Some(&identity)).is_err(), "accepted at {length}");
    }
    let longer = [bytes.as_slice(), b"x"].concat();
    assert_eq!(read(&longer, Some(&identity)).unwrap_err().code, ReasonCode::SealedCannotDecrypt);
}

#[test]
fn half_a_file_is_told_as_such_at_every_length() {
    let bytes = seal(&manifest(&FILES), &FILES, &key(7));
    for length in 0..bytes.len() {
        let code = read(&bytes[..length], None).unwrap_err().code;
        let expected = if length == 0 { ReasonCode::SealedUnrecognised } else { ReasonCode::SealedTruncated };
        assert_eq!(code, expected, "at {length}");
    }
    let longer = [bytes.as_slice(), b"x"].concat();
    assert_eq!(read(&longer, None).unwrap_err().code, ReasonCode::SealedTampered);
}

#[test]
fn a_genuine_signature_does_not_make_up_for_limits_names_and_keys() {
    let code = |manifest: &Manifest, files: &[(&str, &[u8])], key: &SigningKey| {
        read(&seal(manifest, files, key), None).unwrap_err().code
    };
    let large = [0_u8; 70_000];
    let files: [(&str, &[u8]); 1] = [("large", &large)];
    assert_eq!(code(&manifest(&files), &files, &key(7)), ReasonCode::SealedOversize);
    let many: [(&str, &[u8]); 5] = [("1", b"x"), ("2", b"x"), ("3", b"x"), ("4", b"x"), ("5", b"x")];
    assert_eq!(code(&manifest(&many), &many, &key(7)), ReasonCode::SealedOversize);
    let mut sum = manifest(&[]);
    sum.contents = vec![content("a", b""), content("b", b"")];
    sum.contents.iter_mut().for_each(|content| content.size = 1 << 52);
    let envelope = signed(&sum, &key(7));
    let length = u32::try_from(envelope.len()).unwrap().to_be_bytes();
    let bytes = [MAGIC.as_slice(), &[0, 1], &length, &envelope].concat();
    assert_eq!(read(&bytes, None).unwrap_err().code, ReasonCode::SealedOversize, "before anything is read");
    for bad in ["../a", "/a", "a\\b", "NUL"] {
        let files: [(&str, &[u8]); 1] = [(bad, b"x")];
        assert_eq!(code(&manifest(&files), &files, &key(7)), ReasonCode::SealedUnsafeName);
    }
    let twice: [(&str, &[u8]); 2] = [("a", b"x"), ("A", b"x")];
    assert_eq!(code(&manifest(&twice), &twice, &key(7)), ReasonCode::SealedUnsafeName);
    assert_eq!(
        code(&manifest(&FILES), &FILES, &key(8)),
        ReasonCode::SealedTampered,
        "another one's signature"
    );
    let newer = Manifest { format: 2, ..manifest(&FILES) };
    assert_eq!(code(&newer, &FILES, &key(7)), ReasonCode::SealedNewerFormat);
    // The identity point is a key of small order, under which one signature fits any message; strict verification refuses it.
    let mut weak = manifest(&FILES);
    weak.sender.key = format!("01{}", "00".repeat(31));
    let (payload, _) = to_sign(&weak).unwrap();
    let mut signature = [0; 64];
    signature[0] = 1;
    let envelope = enclose::<Manifest>(&payload, &weak.sender.key, &signature).unwrap();
    assert_eq!(read_signed::<Manifest>(&envelope, &LIMITS).unwrap_err().code, ReasonCode::SealedTampered);
}

#[test]
fn cards_and_receipts_are_known_by_their_type_and_bound_byte_by_byte() {
    let card = CardStatement {
        card: Card {
            installation: InstallationId(Uuid::from_u128(1)),
            key: name_of(&key(7)),
            party: "病院".to_owned(),
            recipient: "age1".to_owned(),
        },
        format: 1,
    };
    let receipt = ReceiptStatement {
        format: 1,
        from: InstallationId(Uuid::from_u128(2)),
        key: name_of(&key(7)),
        manifest: Hash::of(b"manifest"),
        received: "2026-11-26T01:02:03Z".parse().unwrap(),
        sequence: 1,
        to: InstallationId(Uuid::from_u128(1)),
    };
    let (card_file, receipt_file) = (signed(&card, &key(7)), signed(&receipt, &key(7)));
    assert_eq!(recognise(&card_file), Ok(Recognised::Card));
    assert_eq!(recognise(&receipt_file), Ok(Recognised::Receipt));
    assert_eq!(read_signed::<CardStatement>(&card_file, &LIMITS).unwrap().statement, card);
    assert_eq!(read_signed::<ReceiptStatement>(&receipt_file, &LIMITS).unwrap().statement, receipt);
    let other = read_signed::<CardStatement>(&receipt_file, &LIMITS).unwrap_err();
    assert_eq!(other.code, ReasonCode::SealedUnrecognised, "a receipt is no card");
    for place in 0..card_file.len() {
        let mut changed = card_file.clone();
        changed[place] ^= 1;
        assert!(read_signed::<CardStatement>(&changed, &LIMITS).is_err(), "byte {place} is free");
    }
    let spaced = [card_file.as_slice(), b"\n"].concat();
    assert_eq!(read_signed::<CardStatement>(&spaced, &LIMITS).unwrap_err().code, ReasonCode::SealedTampered);
}

proptest! {
    #[test]
    fn no_bytes_make_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..400), start in 0..3_u8) {
        let head: &[u8] = match start { 0 => b"", 1 => &MAGIC, _ => encryption::BEGINNING };
        let identity = identity();
        prop_assert!(read(&[head, &bytes].concat(), Some(&identity)).is_err());
    }

    #[test]
    fn no_envelope_makes_it_panic(payload in any::<Vec<u8>>(), key_id in ".{0,70}", signature in any::<Vec<u8>>()) {
        use base64ct::{Base64, Encoding};
        let envelope = serde_json::json!({
            "payload": Base64::encode_string(&payload),
            "payloadType": Manifest::TYPE,
            "signatures": [{"keyid": key_id, "sig": Base64::encode_string(&signature)}],
        });
        prop_assert!(read_signed::<Manifest>(&serde_json::to_vec(&envelope).unwrap(), &LIMITS).is_err());
    }
}
