//! gpg: detached, clear-signed, lists; keys that do not count.

use shindan_domain::verification::{Method, Outcome, VerificationCode};
use shindan_verify::{Means, SignatureMeans};

use crate::workshop::{Workshop, altered, days, genuine, have, judge, judge_pinned, payload, refused};

pub fn detached<'a>(signature: &'a [u8], keys: &'a [&'a [u8]]) -> Means<'a> {
    Means::Signature(SignatureMeans { signature, keys, anchors: &[], sigstore: None })
}

#[test]
fn a_detached_signature_proves_the_file_and_nothing_else() {
    if !have(&["gpg"]) {
        return;
    }
    let shop = Workshop::new();
    let fingerprint = shop.gpg_key("maker", "ed25519", "30d");
    shop.gpg_key("stranger", "ed25519", "30d");
    let content = payload();
    shop.write("patch.bin", &content);
    shop.gpg(&["-u", "maker", "--detach-sign", "patch.bin"]);
    shop.gpg(&["-u", "maker", "--armor", "--detach-sign", "patch.bin"]);
    let (maker, stranger) = (shop.read("maker.asc"), shop.read("stranger.asc"));
    let at = shop.made("patch.bin.asc");
    for signature in ["patch.bin.sig", "patch.bin.asc"] {
        let signature = shop.read(signature);
        let keys = [maker.as_slice()];
        let means = [detached(&signature, &keys)];
        let verdict = judge("patch.bin", &content, &means, at);
        genuine(&verdict);
        assert_eq!(verdict.checks[0].method, Method::OpenPgpDetached);
        assert_eq!(verdict.checks[0].signer.as_deref(), Some(fingerprint.as_str()));
        assert!(verdict.checks[0].signed_at.is_some());
        for (what, other) in altered(&content) {
            let verdict = judge("patch.bin", &other, &means, at);
            refused(&verdict, Outcome::Tampered, VerificationCode::SignatureBad);
            assert_eq!(verdict.checks.len(), 1, "{what}");
        }
        let pins = [fingerprint.parse().unwrap()];
        genuine(&judge_pinned("patch.bin", &content, &means, &pins, at));
        let others = ["0123456789ABCDEF0123456789ABCDEF01234567".parse().unwrap()];
        let verdict = judge_pinned("patch.bin", &content, &means, &others, at);
        refused(&verdict, Outcome::KeyNotAcceptable, VerificationCode::KeyNotPinned);
        let verdict = judge("patch.bin", &content, &[detached(&signature, &[&stranger])], at);
        refused(&verdict, Outcome::KeyNotAcceptable, VerificationCode::KeyUnknown);
        let verdict = judge("patch.bin", &content, &[detached(&signature, &[])], at);
        refused(&verdict, Outcome::KeyNotAcceptable, VerificationCode::KeyMissing);
        let both = [stranger.as_slice(), maker.as_slice()];
        genuine(&judge("patch.bin", &content, &[detached(&signature, &both)], at));
    }
}

#[test]
fn keys_that_do_not_count_any_more_are_refused_each_for_its_reason() {
    if !have(&["gpg"]) {
        return;
    }
    let shop = Workshop::new();
    let fingerprint = shop.gpg_key("maker", "rsa2048", "30d");
    let content = payload();
    shop.write("patch.bin", &content);
    shop.gpg(&["-u", "maker", "--detach-sign", "patch.bin"]);
    shop.gpg(&["-u", "maker", "--digest-algo", "SHA1", "--output", "weak.sig", "--detach-sign", "patch.bin"]);
    let expiring =
        ["-u", "maker", "--default-sig-expire", "5d", "--output", "short.sig", "--detach-sign", "patch.bin"];
    shop.gpg(&expiring);
    let (key, signature) = (shop.read("maker.asc"), shop.read("patch.bin.sig"));
    let keys = [key.as_slice()];
    let at = shop.made("short.sig");
    genuine(&judge("patch.bin", &content, &[detached(&signature, &keys)], at));

    let verdict = judge("patch.bin", &content, &[detached(&signature, &keys)], at + days(31));
    refused(&verdict, Outcome::KeyNotAcceptable, VerificationCode::KeyExpired);
    let verdict = judge("patch.bin", &content, &[detached(&signature, &keys)], at - days(1));
    assert_eq!(verdict.outcome, Outcome::KeyNotAcceptable, "{verdict:?}");
    let weak = shop.read("weak.sig");
    let verdict = judge("patch.bin", &content, &[detached(&weak, &keys)], at);
    refused(&verdict, Outcome::KeyNotAcceptable, VerificationCode::SignatureWeak);
    let short = shop.read("short.sig");
    genuine(&judge("patch.bin", &content, &[detached(&short, &keys)], at + days(4)));
    let verdict = judge("patch.bin", &content, &[detached(&short, &keys)], at + days(6));
    refused(&verdict, Outcome::KeyNotAcceptable, VerificationCode::SignatureExpired);

    // The revocation that gpg prepared, with the colon that keeps it from being imported by mistake taken away.
    let prepared =
        String::from_utf8(shop.read(&format!("gnupg/openpgp-revocs.d/{fingerprint}.rev"))).unwrap();
    let revocation = prepared.replace(":-----BEGIN", "-----BEGIN");
    let revocation = &revocation[revocation.find("-----BEGIN").unwrap()..];
    let with = [key.as_slice(), revocation.as_bytes()];
    let verdict = judge("patch.bin", &content, &[detached(&signature, &with)], at);
    refused(&verdict, Outcome::KeyNotAcceptable, VerificationCode::KeyRevoked);
    shop.write("revocation.asc", revocation);
    shop.gpg(&["--import", "revocation.asc"]);
    shop.gpg(&["--armor", "--output", "revoked.asc", "--export", &fingerprint]);
    let revoked = shop.read("revoked.asc");
    let verdict = judge("patch.bin", &content, &[detached(&signature, &[&revoked])], at);
    refused(&verdict, Outcome::KeyNotAcceptable, VerificationCode::KeyRevoked);
    // Both copies of the key: the revocation is not forgotten because an older copy does not know it.
    let verdict = judge("patch.bin", &content, &[detached(&signature, &[&revoked, &key])], at);
    refused(&verdict, Outcome::KeyNotAcceptable, VerificationCode::KeyRevoked);
}

#[test]
fn signed_lists_cover_the_files_they_name() {
    if !have(&["gpg", "sha256sum"]) {
        return;
    }
    let shop = Workshop::new();
    shop.gpg_key("maker", "ed25519", "30d");
    let content = payload();
    shop.write("patch.bin", &content);
    let list = shop.run("sha256sum", &["patch.bin"]).stdout;
    shop.write("SHA256SUMS", &list);
    shop.write("MD5SUMS", shop.run("md5sum", &["patch.bin"]).stdout);
    shop.gpg(&["--detach-sign", "SHA256SUMS"]);
    shop.gpg(&["--clear-sign", "SHA256SUMS"]);
    shop.gpg(&["--clear-sign", "MD5SUMS"]);
    let key = shop.read("maker.asc");
    let keys = [key.as_slice()];
    let at = shop.made("MD5SUMS.asc");
    let (clear, signature) = (shop.read("SHA256SUMS.asc"), shop.read("SHA256SUMS.sig"));
    let ways = [
        Means::Checksums { list: &clear, signature: None, keys: &keys, must_be_signed: true },
        Means::Checksums { list: &list, signature: Some(&signature), keys: &keys, must_be_signed: true },
        detached(&clear, &keys),
    ];
    for means in ways {
        let means = [means];
        let verdict = judge("patch.bin", &content, &means, at);
        genuine(&verdict);
        assert_eq!(verdict.checks[0].expected.as_deref(), Some(verdict.sha256.as_str()));
        for (_, other) in altered(&content) {
            refused(
                &judge("patch.bin", &other, &means, at),
                Outcome::Tampered,
                VerificationCode::DigestDifferent,
            );
        }
        let verdict = judge("other.bin", &content, &means, at);
        refused(&verdict, Outcome::NoMeans, VerificationCode::ListWithoutFile);
    }
    // A line that was added behind the signature, in front of it, or within, counts for nothing.
    let text = String::from_utf8(clear).unwrap();
    let line = format!("{}  evil.bin\n", "0".repeat(64));
    for forged in [format!("{text}{line}"), format!("{line}{text}")] {
        let means = [Means::Checksums {
            list: forged.as_bytes(),
            signature: None,
            keys: &keys,
            must_be_signed: true,
        }];
        assert_eq!(judge("evil.bin", &content, &means, at).outcome, Outcome::NoMeans);
    }
    // A list whose signature was taken away, or hidden behind a long comment, is no signed list.
    let bare = String::from_utf8(list.clone()).unwrap();
    let means =
        [Means::Checksums { list: bare.as_bytes(), signature: None, keys: &keys, must_be_signed: true }];
    refused(&judge("patch.bin", &content, &means, at), Outcome::NoMeans, VerificationCode::NotSigned);
    let hidden = format!("{}{line}{text}", "# comment\n".repeat(1000));
    let means =
        [Means::Checksums { list: hidden.as_bytes(), signature: None, keys: &keys, must_be_signed: false }];
    assert_ne!(judge("evil.bin", &content, &means, at).outcome, Outcome::Genuine);
    let within = text.replacen("\n-----BEGIN PGP SIGNATURE", &format!("\n{line}-----BEGIN PGP SIGNATURE"), 1);
    let means =
        [Means::Checksums { list: within.as_bytes(), signature: None, keys: &keys, must_be_signed: true }];
    let verdict = judge("evil.bin", &content, &means, at);
    refused(&verdict, Outcome::Tampered, VerificationCode::SignatureBad);
    let weak = shop.read("MD5SUMS.asc");
    let means = [Means::Checksums { list: &weak, signature: None, keys: &keys, must_be_signed: true }];
    refused(&judge("patch.bin", &content, &means, at), Outcome::NoMeans, VerificationCode::DigestWeak);
}

#[test]
fn several_signatures_need_one_key_but_none_may_be_bad() {
    if !have(&["gpg"]) {
        return;
    }
    let shop = Workshop::new();
    shop.gpg_key("one", "ed25519", "30d");
    shop.gpg_key("two", "ed25519", "30d");
    let content = payload();
    shop.write("patch.bin", &content);
    shop.gpg(&["-u", "one", "-u", "two", "--detach-sign", "patch.bin"]);
    shop.write("other.bin", b"something else");
    shop.gpg(&["-u", "two", "--detach-sign", "other.bin"]);
    let (one, two) = (shop.read("one.asc"), shop.read("two.asc"));
    let signature = shop.read("patch.bin.sig");
    let at = shop.made("other.bin.sig");
    genuine(&judge("patch.bin", &content, &[detached(&signature, &[&two])], at));
    shop.gpg(&["-u", "one", "--output", "one.sig", "--detach-sign", "patch.bin"]);
    let mixed = [shop.read("one.sig"), shop.read("other.bin.sig")].concat();
    let at = shop.made("one.sig");
    genuine(&judge("patch.bin", &content, &[detached(&mixed, &[&one])], at));
    let verdict = judge("patch.bin", &content, &[detached(&mixed, &[&one, &two])], at);
    refused(&verdict, Outcome::Tampered, VerificationCode::SignatureBad);
}

#[test]
fn what_is_no_signature_or_no_key_is_unreadable() {
    if !have(&["gpg"]) {
        return;
    }
    let shop = Workshop::new();
    shop.gpg_key("maker", "ed25519", "30d");
    let content = payload();
    shop.write("patch.bin", &content);
    shop.gpg(&["--detach-sign", "patch.bin"]);
    let (key, signature) = (shop.read("maker.asc"), shop.read("patch.bin.sig"));
    let at = shop.made("patch.bin.sig");
    for broken in [&b""[..], b"rubbish", &signature[..signature.len() / 2], &key] {
        let verdict = judge("patch.bin", &content, &[detached(broken, &[&key])], at);
        assert!(matches!(verdict.outcome, Outcome::Unreadable), "{verdict:?}");
    }
    let verdict = judge("patch.bin", &content, &[detached(&signature, &[b"rubbish"])], at);
    refused(&verdict, Outcome::Unreadable, VerificationCode::KeyUnreadable);
}
