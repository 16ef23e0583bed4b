//! Whichever byte of an artefact or a signature is flipped, the verdict is never *genuine*, save for bytes that carry no
//! meaning, which are named here one by one.

use std::ops::Range;

use jiff::Timestamp;
use shindan_domain::verification::Outcome;
use shindan_verify::{CertificateMeans, Means};

use crate::openpgp::detached;
use crate::workshop::{Workshop, days, genuine, have, judge, payload};
use crate::{authenticode, certificates, minisign, packages};

/// Flips bits of every byte but those in `without_meaning`, and expects that `judged` never says *genuine*.
fn flip(what: &str, bytes: &[u8], without_meaning: &[Range<usize>], judged: impl Fn(&[u8]) -> Outcome) {
    assert_eq!(judged(bytes), Outcome::Genuine, "{what} as made");
    let mut survivors = Vec::new();
    let mut mutated = bytes.to_vec();
    for at in 0..bytes.len() {
        if without_meaning.iter().any(|range| range.contains(&at)) {
            continue;
        }
        for mask in [0x01, 0x80, 0xff] {
            mutated[at] ^= mask;
            if judged(&mutated) == Outcome::Genuine {
                survivors.push((
                    at,
                    mask,
                    String::from_utf8_lossy(&bytes[at.saturating_sub(8)..at + 1]).into_owned(),
                ));
            }
            mutated[at] ^= mask;
        }
    }
    assert!(survivors.is_empty(), "{what}: {survivors:?}");
}

fn small() -> Vec<u8> {
    payload().into_iter().take(120).collect()
}

#[test]
fn openpgp_signatures() {
    if !have(&["gpg"]) {
        return;
    }
    let shop = Workshop::new();
    shop.gpg_key("maker", "ed25519", "30d");
    let content = small();
    shop.write("patch.bin", &content);
    shop.gpg(&["--detach-sign", "patch.bin"]);
    let (key, signature, at) =
        (shop.read("maker.asc"), shop.read("patch.bin.sig"), shop.made("patch.bin.sig"));
    let keys = [key.as_slice()];
    flip("content", &content, &[], |content| {
        judge("patch.bin", content, &[detached(&signature, &keys)], at).outcome
    });
    flip("signature", &signature, &[], |signature| {
        judge("patch.bin", &content, &[detached(signature, &keys)], at).outcome
    });
}

#[test]
fn minisign_signatures() {
    if !have(&["minisign"]) {
        return;
    }
    let shop = Workshop::new();
    shop.run("minisign", &["-G", "-W", "-f", "-p", "maker.pub", "-s", "maker.key"]);
    let content = small();
    shop.write("patch.bin", &content);
    let key = shop.read("maker.pub");
    let keys = [key.as_slice()];
    let at = shop.made("patch.bin");
    for legacy in [false, true] {
        let signature = minisign::sign(&shop, "patch.bin", legacy);
        flip("content", &content, &[], |c| judge("patch.bin", c, &[detached(&signature, &keys)], at).outcome);
        // The untrusted comment is called that because nothing protects it; and the end of the last line.
        let comment = signature.iter().position(|byte| *byte == b'\n').unwrap() + 1;
        let last = signature.len() - 1;
        let free = [0..comment, last..last + 1];
        flip("signature", &signature, &free, |s| {
            judge("patch.bin", &content, &[detached(s, &keys)], at).outcome
        });
    }
}

#[test]
fn cms_signatures() {
    if !have(&["openssl"]) {
        return;
    }
    let shop = Workshop::new();
    certificates::certificate(&shop, "root", "root", "ca", "P-256", "3650");
    certificates::certificate(&shop, "signer", "root", "signing", "P-256", "100");
    let content = small();
    shop.write("patch.bin", &content);
    let sign =
        ["cms", "-sign", "-binary", "-in", "patch.bin", "-signer", "signer.pem", "-inkey", "signer.key"];
    shop.run("openssl", &[&sign[..], &["-outform", "DER", "-out", "patch.p7s"]].concat());
    let (root, signature) = (shop.read("root.pem"), shop.read("patch.p7s"));
    let at = shop.made("patch.p7s") + days(1);
    let anchors = [root.as_slice()];
    let outcome = |content: &[u8], signature: &[u8]| {
        judge("patch.bin", content, &[Means::Cms(CertificateMeans { signature, anchors: &anchors })], at)
            .outcome
    };
    flip("content", &content, &[], |content| outcome(content, &signature));
    flip("signature", &signature, &[], |signature| outcome(&content, signature));
}

#[test]
fn authenticode_signatures() {
    if !have(&["openssl", "osslsigncode"]) {
        return;
    }
    let shop = Workshop::new();
    certificates::certificate(&shop, "root", "root", "ca", "P-256", "3650");
    certificates::certificate(&shop, "signer", "root", "signing", "P-256", "100");
    shop.write("setup.exe", authenticode::executable());
    let signed = authenticode::sign(&shop, "signer", &[]);
    let root = shop.read("root.pem");
    let at = shop.made("setup.exe") + days(1);
    let anchors = [root.as_slice()];
    genuine(&judge("setup.exe", &signed, &authenticode::by(&anchors), at));
    flip("file", &signed, &[], |file| judge("setup.exe", file, &authenticode::by(&anchors), at).outcome);
}

#[test]
fn rpm_packages() {
    if !have(&["gpg", "rpmbuild", "rpmsign"]) {
        return;
    }
    let shop = Workshop::new();
    let content = packages::rpm(&shop, "ed25519");
    let (key, at): (Vec<u8>, Timestamp) = (shop.read("maker.asc"), shop.made("patch.rpm"));
    let keys = [key.as_slice()];
    // The lead, which rpm itself ignores: minor version, type, architecture, name, system. And the size of the inflated
    // payload in the signature header (tag 1007), a hint that nothing signs.
    let index = content.windows(8).position(|w| w == [0, 0, 3, 0xef, 0, 0, 0, 4]).unwrap();
    let number = |at: usize| u32::from_be_bytes(content[at..at + 4].try_into().unwrap()) as usize;
    let hint = 96 + 16 + number(96 + 8) * 16 + number(index + 8);
    flip("package", &content, &[5..78, hint..hint + 4], |c| {
        judge("patch.rpm", c, &[Means::Rpm { keys: &keys }], at).outcome
    });
}
