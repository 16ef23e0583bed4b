//! minisign, prehashed and legacy.

use shindan_domain::verification::{Outcome, VerificationCode};

use crate::openpgp::detached;
use crate::workshop::{Workshop, altered, genuine, have, judge, judge_pinned, payload, refused};

fn key(shop: &Workshop, name: &str) -> (Vec<u8>, String) {
    let (public, secret) = (format!("{name}.pub"), format!("{name}.key"));
    shop.run("minisign", &["-G", "-W", "-f", "-p", &public, "-s", &secret]);
    let text = shop.read(&public);
    let line = String::from_utf8(text.clone()).unwrap().lines().nth(1).unwrap().to_owned();
    (text, line)
}

pub fn sign(shop: &Workshop, name: &str, legacy: bool) -> Vec<u8> {
    let mut arguments = vec!["-S", "-s", "maker.key", "-m", name, "-t", "release 7"];
    arguments.push(if legacy { "-l" } else { "-H" });
    shop.run("minisign", &arguments);
    shop.read(&format!("{name}.minisig"))
}

#[test]
fn minisign_proves_file_and_trusted_comment() {
    if !have(&["minisign"]) {
        return;
    }
    let shop = Workshop::new();
    let (maker, line) = key(&shop, "maker");
    let (stranger, other_line) = key(&shop, "stranger");
    let content = payload();
    shop.write("patch.bin", &content);
    let at = shop.made("patch.bin");
    for legacy in [false, true] {
        let signature = sign(&shop, "patch.bin", legacy);
        for key in [maker.as_slice(), line.as_bytes()] {
            let keys = [key];
            let means = [detached(&signature, &keys)];
            let verdict = judge("patch.bin", &content, &means, at);
            genuine(&verdict);
            assert_eq!(verdict.checks[0].params.get("comment").map(String::as_str), Some("release 7"));
            for (_, other) in altered(&content) {
                let verdict = judge("patch.bin", &other, &means, at);
                refused(&verdict, Outcome::Tampered, VerificationCode::SignatureBad);
            }
        }
        let verdict = judge("patch.bin", &content, &[detached(&signature, &[&stranger])], at);
        refused(&verdict, Outcome::KeyNotAcceptable, VerificationCode::KeyUnknown);
        genuine(&judge("patch.bin", &content, &[detached(&signature, &[&stranger, &maker])], at));
        let pins = [line.parse().unwrap()];
        genuine(&judge_pinned("patch.bin", &content, &[detached(&signature, &[&maker])], &pins, at));
        let pins = [other_line.parse().unwrap()];
        let verdict = judge_pinned("patch.bin", &content, &[detached(&signature, &[&maker])], &pins, at);
        refused(&verdict, Outcome::KeyNotAcceptable, VerificationCode::KeyNotPinned);
        let comment = String::from_utf8(signature.clone()).unwrap().replace("release 7", "release 8");
        let verdict = judge("patch.bin", &content, &[detached(comment.as_bytes(), &[&maker])], at);
        refused(&verdict, Outcome::Tampered, VerificationCode::SignatureBad);
        for broken in [[&signature[..], b"more\n"].concat(), signature[..100].to_vec()] {
            let verdict = judge("patch.bin", &content, &[detached(&broken, &[&maker])], at);
            refused(&verdict, Outcome::Unreadable, VerificationCode::SignatureUnreadable);
        }
    }
}

#[test]
fn the_signer_is_the_key_id_as_minisign_prints_it() {
    if !have(&["minisign"]) {
        return;
    }
    let shop = Workshop::new();
    let (maker, _) = key(&shop, "maker");
    let content = payload();
    shop.write("patch.bin", &content);
    let signature = sign(&shop, "patch.bin", false);
    let at = shop.made("patch.bin");
    let verdict = judge("patch.bin", &content, &[detached(&signature, &[&maker])], at);
    let printed = String::from_utf8(maker).unwrap();
    let printed = printed.lines().next().unwrap().rsplit(' ').next().unwrap().to_owned();
    // minisign omits leading zeros; numbers are compared, not texts.
    let number = |text: &str| u64::from_str_radix(text, 16).unwrap();
    assert_eq!(number(verdict.checks[0].signer.as_deref().unwrap()), number(&printed));
}
