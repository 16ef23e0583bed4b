//! `patch verify` on the real executable: outcomes and their exit codes, forms, languages.

#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used)] // helpers outside #[test] may fail a test, too

mod common;

use common::{Folder, follows, run, text};
use serde_json::Value;

/// "abc", whose digests are the examples of the standards.
const SHA256: &str = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
const SHA1: &str = "a9993e364706816aba3e25717850c26c9cd0d89d";
const MD5: &str = "900150983cd24fb0d6963f7d28e17f72";

/// minisign's documentation signs the file "test" with this key.
const MINISIGN_KEY: &str = "RWQf6LRCGA9i53mlYecO4IzT51TGPpvWucNSCh1CBM0QTaLn73Y7GFO3";
const MINISIGN: &str = "untrusted comment: signature from minisign secret key\n\
RUQf6LRCGA9i559r3g7V1qNyJDApGip8MfqcadIgT9CuhV3EMhHoN1mGTkUidF/z7SrlQgXdy8ofjb7bNJJylDOocrCo8KLzZwo=\n\
trusted comment: timestamp:1633700835\tfile:test\tprehashed\n\
wLMDjy9FLAuxZ3q4NlEvkgtyhrr0gtTu6KC4KBJdITbbOeAi1zBIYo0v4iTgt8jJpIidRJnp94ABQkJAgAooBQ==\n";

fn verify(folder: &Folder, more: &[&str]) -> common::Said {
    let file = folder.write("patch.bin", "abc");
    run(["patch", "verify", text(&file), "--format", "json"].iter().chain(more))
}

fn answer(said: &common::Said, outcome: &str) -> Value {
    let answer = said.json();
    follows("patch-verify-1.json", &answer);
    assert_eq!(answer["outcome"], outcome, "{said}");
    assert_eq!((&answer["sha256"], &answer["size"]), (&SHA256.into(), &3.into()));
    answer
}

#[test]
fn a_digest_proves_the_file_and_the_channel_is_recorded() {
    let folder = Folder::new();
    let said = verify(&folder, &["--sha256", SHA256, "--sha1", SHA1, "--channel", "FAX 2026-10-03"]).ends(0);
    let answer = answer(&said, "genuine");
    assert_eq!(answer["checks"].as_array().unwrap().len(), 2);
    assert_eq!(answer["checks"][0]["channel"], "FAX 2026-10-03");
    assert_eq!(answer["checks"][1]["strength"], "weak");
    verify(&folder, &["--sha256", &SHA256.to_uppercase()]).ends(0);
}

#[test]
fn no_means_and_weak_means_are_no_proof() {
    let folder = Folder::new();
    assert_eq!(answer(&verify(&folder, &[]).ends(11), "no-means")["checks"], Value::Array(Vec::new()));
    answer(&verify(&folder, &["--md5", MD5, "--sha1", SHA1]).ends(11), "no-means");
    let list = folder.write("SHA256SUMS", format!("{SHA256}  other.bin\n"));
    let said = verify(&folder, &["--checksums", text(&list)]).ends(11);
    assert_eq!(answer(&said, "no-means")["checks"][0]["code"], "list-without-file");
    let said = verify(&folder, &["--checksums", text(&list), "--name", "other.bin"]).ends(0);
    answer(&said, "genuine");
    // A key says that a signed list is expected.
    let list = folder.write("SHA256SUMS", format!("{SHA256}  patch.bin\n"));
    verify(&folder, &["--checksums", text(&list)]).ends(0);
    let said = verify(&folder, &["--checksums", text(&list), "--key", text(&list)]).ends(11);
    assert_eq!(answer(&said, "no-means")["checks"][0]["code"], "not-signed");
    verify(&folder, &["--checksums", text(&list), "--pinned", SHA1]).ends(11);
}

#[test]
fn one_failing_check_beats_those_that_pass() {
    let folder = Folder::new();
    let wrong = SHA256.replace('b', "c");
    let said = verify(&folder, &["--sha256", SHA256, "--sha256", &wrong]).ends(10);
    let answer = answer(&said, "tampered");
    assert_eq!(answer["checks"][1]["expected"], *wrong);
    assert_eq!(answer["checks"][1]["computed"], SHA256);
    verify(&folder, &["--sha256", SHA256, "--md5", &"0".repeat(32)]).ends(10);
    verify(&folder, &["--sha256", SHA256, "--sha512", "12"]).ends(3);
}

#[test]
fn a_minisign_signature_is_recognised_wherever_it_is_given() {
    let folder = Folder::new();
    let file = folder.write("test", "test");
    let signature = folder.write("test.minisig", MINISIGN);
    let key = folder.write("key.pub", format!("untrusted comment: key\n{MINISIGN_KEY}\n"));
    for more in [
        ["--minisign", text(&signature), "--minisign-key", MINISIGN_KEY],
        ["--minisign", text(&signature), "--minisign-key", text(&key)],
        ["--signature", text(&signature), "--key", text(&key)],
    ] {
        run(["patch", "verify", text(&file)].iter().chain(&more)).ends(0);
        run(["patch", "verify", text(&file), "--pinned", MINISIGN_KEY].iter().chain(&more)).ends(0);
        run(["patch", "verify", text(&file), "--pinned", SHA1].iter().chain(&more)).ends(12);
        let other = folder.write("other", "tess");
        run(["patch", "verify", text(&other)].iter().chain(&more)).ends(10);
    }
    run(["patch", "verify", text(&file), "--signature", text(&signature)]).ends(12);
}

#[test]
fn what_cannot_be_read_or_understood_is_said() {
    let folder = Folder::new();
    run(["patch", "verify", text(&folder.join("absent"))]).ends(3).complains(&["absent"]);
    let said = verify(&folder, &["--key", text(&folder.join("no-key"))]).ends(3);
    assert!(said.stdout.is_empty());
    said.complains(&["no-key"]);
    for wrong in [
        &["--pinned", "0123456789ABCDEF"][..],
        &["--channel", " "],
        &["--identity", "a@example.test"],
        &["--sigstore", "bundle.json"],
        &["--packages", "Packages"],
        &["--now", "yesterday"],
    ] {
        verify(&folder, wrong).ends(2);
    }
}

#[test]
fn tables_say_the_outcome_and_the_next_step_in_both_languages() {
    let folder = Folder::new();
    let file = folder.write("patch.bin", "abc");
    for (lang, outcome, step) in [("ja", "改ざんの疑い", "隔離"), ("en", "Tampered with", "quarantine")]
    {
        let wrong = "0".repeat(64);
        let said = run(["patch", "verify", text(&file), "--sha256", &wrong, "--lang", lang]).ends(10);
        assert!(said.stdout.contains(outcome) && said.stdout.contains(step), "{said}");
    }
}
