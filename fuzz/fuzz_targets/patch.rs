//! Everything that `patch verify` reads from foreign files: lists, signatures, keys, bundles, executables, packages.
#![cfg_attr(fuzzing, no_main)]

use std::io::Cursor;

use libfuzzer_sys::fuzz_target;
use shindan_domain::verification::Outcome;
use shindan_verify::{
    AptChain, Artefact, CertificateMeans, Means, SignatureMeans, SigstoreMeans, SigstoreSigner, verify,
};

fuzz_target!(|data: (u8, &[u8], &[u8], &[u8])| {
    let (kind, content, first, second) = data;
    let keys = [second];
    let signer =
        SigstoreSigner::Identity { identity: "somebody@example.test", issuer: "https://example.test" };
    let sigstore = SigstoreMeans { bundle: first, trust_root: second, signer };
    let means = match kind % 7 {
        0 => Means::Checksums { list: first, signature: None, keys: &keys, must_be_signed: false },
        1 => Means::Signature(SignatureMeans {
            signature: first,
            keys: &keys,
            anchors: &keys,
            sigstore: Some(sigstore),
        }),
        2 => Means::Cms(CertificateMeans { signature: first, anchors: &keys }),
        3 => Means::Sigstore(sigstore),
        4 => Means::Authenticode(CertificateMeans { signature: &[], anchors: &keys }),
        5 => Means::Apt(AptChain {
            release: first,
            release_signature: None,
            packages: Some(("Packages", content)),
            keys: &keys,
        }),
        _ => Means::Rpm { keys: &keys },
    };
    let mut cursor = Cursor::new(content);
    let mut artefact = Artefact::new("patch.bin", &mut cursor);
    let at = "2026-11-01T00:00:00Z".parse().expect("a time");
    let verdict = verify(&mut artefact, &[means], &[], at, None).expect("bytes in memory can be read");
    assert!(verdict.holds_together());
    // Only a list that was written for this content can prove it without a key.
    assert!(verdict.outcome != Outcome::Genuine || kind % 7 == 0);
});

#[cfg(not(fuzzing))]
fn main() -> std::process::ExitCode {
    shindan_fuzz::not_a_fuzzer()
}
