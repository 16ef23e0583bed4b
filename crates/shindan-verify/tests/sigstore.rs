//! Sigstore's own conformance set: what must fail never passes; what must pass does, save for what is named here.

#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used)] // helpers of tests may fail them

use std::io::Cursor;
use std::path::Path;

use jiff::Timestamp;
use shindan_domain::verification::{Outcome, Verdict, VerificationCode};
use shindan_verify::{Artefact, Means, SigstoreMeans, SigstoreSigner, verify};

/// Bundles of the set that are valid and that we refuse, each with the code it is refused with.
const NOT_VERIFIED: &[(&str, VerificationCode)] = &[];

const IDENTITY: &str = "https://github.com/sigstore-conformance/extremely-dangerous-public-oidc-beacon/.github/workflows/extremely-dangerous-oidc-beacon.yml@refs/heads/main";
const ISSUER: &str = "https://token.actions.githubusercontent.com";

fn at() -> Timestamp {
    "2026-11-01T00:00:00Z".parse().unwrap()
}

/// The set says "the production instance" where no trust root is given. One of its folders holds that root with one
/// change, which is taken back here: the end of the first log's use.
fn production_root(set: &Path) -> Vec<u8> {
    let path = set.join("trust-root-tlog-validity-end-inclusive/trusted_root.json");
    let mut root: serde_json::Value = serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
    let end = root.pointer_mut("/tlogs/0/publicKey/validFor/end").unwrap();
    assert!(end.is_string());
    *end = serde_json::Value::Null;
    serde_json::to_vec(&root).unwrap()
}

struct Case {
    bundle: Vec<u8>,
    root: Vec<u8>,
    artefact: Vec<u8>,
    identity: String,
    issuer: String,
    key: Option<Vec<u8>>,
}

impl Case {
    fn of(set: &Path, folder: &Path) -> Case {
        let optional = |name: &str| std::fs::read(folder.join(name)).ok();
        let text = |name: &str, default: &str| {
            optional(name)
                .map_or_else(|| default.to_owned(), |t| String::from_utf8(t).unwrap().trim().to_owned())
        };
        Case {
            bundle: optional("bundle.sigstore.json").unwrap(),
            root: optional("trusted_root.json").unwrap_or_else(|| production_root(set)),
            artefact: optional("artifact").unwrap_or_else(|| std::fs::read(set.join("a.txt")).unwrap()),
            identity: text("identity", IDENTITY),
            issuer: text("issuer", ISSUER),
            key: optional("key.pub"),
        }
    }

    fn judge(&self) -> Verdict {
        let identity = SigstoreSigner::Identity { identity: &self.identity, issuer: &self.issuer };
        self.judge_by(self.key.as_deref().map_or(identity, SigstoreSigner::Key))
    }

    fn judge_by(&self, signer: SigstoreSigner<'_>) -> Verdict {
        let means = SigstoreMeans { bundle: &self.bundle, trust_root: &self.root, signer };
        let mut content = Cursor::new(&self.artefact);
        let mut artefact = Artefact::new("artefact", &mut content);
        verify(&mut artefact, &[Means::Sigstore(means)], &[], at(), None).unwrap()
    }
}

fn set() -> Option<std::path::PathBuf> {
    shindan_testdata::path("sigstore/bundle-verify")
}

#[test]
fn the_conformance_set_is_judged_as_it_demands() {
    let Some(set) = set() else { return };
    let mut folders: Vec<_> =
        std::fs::read_dir(&set).unwrap().map(|e| e.unwrap().path()).filter(|p| p.is_dir()).collect();
    folders.sort();
    let (mut passed, mut failed, mut wrong) = (0, 0, Vec::new());
    for folder in &folders {
        let name = folder.file_name().unwrap().to_string_lossy().into_owned();
        let verdict = Case::of(&set, folder).judge();
        let check = &verdict.checks[0];
        eprintln!("{name}: {} {} {:?}", verdict.outcome, check.code, check.params);
        let must_fail = name.ends_with("_fail");
        let excused = NOT_VERIFIED.iter().find(|(excused, _)| *excused == name);
        match (verdict.outcome == Outcome::Genuine, must_fail, excused) {
            (false, true, None) => failed += 1,
            (true, false, None) => passed += 1,
            (false, false, Some((_, code))) if *code == check.code => {}
            _ => wrong.push(format!("{name}: {} {} {:?}", verdict.outcome, check.code, check.params)),
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert!(passed >= 15 && failed >= 40, "{passed} valid and {failed} invalid bundles: the set was read");
}

#[test]
fn somebody_elses_signature_is_refused() {
    let Some(set) = set() else { return };
    let case = Case::of(&set, &set.join("happy-path-v0.3"));
    let by = |identity, issuer| case.judge_by(SigstoreSigner::Identity { identity, issuer });
    assert_eq!(by(IDENTITY, ISSUER).outcome, Outcome::Genuine);
    for (identity, issuer, code) in [
        ("somebody@example.test", ISSUER, VerificationCode::IdentityDifferent),
        (&IDENTITY[..IDENTITY.len() - 1], ISSUER, VerificationCode::IdentityDifferent),
        ("", ISSUER, VerificationCode::IdentityDifferent),
        (IDENTITY, "https://accounts.example.test", VerificationCode::IssuerDifferent),
    ] {
        let verdict = by(identity, issuer);
        assert_eq!((verdict.outcome, verdict.checks[0].code), (Outcome::KeyNotAcceptable, code));
    }
    let verdict = case.judge_by(SigstoreSigner::Anybody);
    assert_eq!(verdict.checks[0].code, VerificationCode::IdentityNotDemanded);
}

/// Whichever byte of the file is flipped: never genuine.
#[test]
fn a_changed_file_is_never_genuine() {
    let Some(set) = set() else { return };
    for name in
        ["happy-path-v0.1", "happy-path-intoto-in-dsse-v3", "rekor2-happy-path", "managed-key-happy-path"]
    {
        let mut case = Case::of(&set, &set.join(name));
        assert_eq!(case.judge().outcome, Outcome::Genuine, "{name}");
        for at in 0..case.artefact.len() {
            case.artefact[at] ^= 1;
            assert_eq!(case.judge().outcome, Outcome::Tampered, "{name} {at}");
            case.artefact[at] ^= 1;
        }
        case.artefact.push(0);
        assert_eq!(case.judge().outcome, Outcome::Tampered, "{name}");
    }
}

/// Takes every field of a bundle away, and changes every text a little: nothing that is left may pass, save for what
/// nothing depends on.
#[test]
fn a_changed_bundle_is_never_genuine() {
    let Some(set) = set() else { return };
    for name in ["happy-path-v0.1", "happy-path-v0.3", "rekor2-happy-path", "happy-path-intoto-in-dsse-v3"] {
        let case = Case::of(&set, &set.join(name));
        let bundle: serde_json::Value = serde_json::from_slice(&case.bundle).unwrap();
        let mut pointers = Vec::new();
        leaves(&bundle, String::new(), &mut pointers);
        let mut survivors = Vec::new();
        for pointer in &pointers {
            for change in ["remove", "alter"] {
                let mut changed = bundle.clone();
                apply(&mut changed, pointer, change);
                let case =
                    Case { bundle: serde_json::to_vec(&changed).unwrap(), ..Case::of(&set, &set.join(name)) };
                if case.judge().outcome == Outcome::Genuine {
                    survivors.push(format!("{change} {pointer}"));
                }
            }
        }
        // A time stamp or digest that is absent proves nothing less where another proof stands; a promise is not needed
        // beside a time stamp, and the number of an entry is signed by the promise only.
        let harmless = |survivor: &String| {
            let optional = ["/messageSignature/messageDigest", "/logIndex", "/integratedTime"];
            optional.iter().any(|part| survivor.contains(part))
                && (survivor.starts_with("remove /messageSignature") || survivor.contains("/tlogEntries/0/"))
        };
        survivors.retain(|survivor| !harmless(survivor));
        assert!(survivors.is_empty(), "{name}: {survivors:#?}");
    }
}

fn leaves(value: &serde_json::Value, at: String, found: &mut Vec<String>) {
    match value {
        serde_json::Value::Object(fields) => {
            for (name, value) in fields {
                leaves(value, format!("{at}/{name}"), found);
            }
        }
        serde_json::Value::Array(elements) => {
            for (index, value) in elements.iter().enumerate() {
                leaves(value, format!("{at}/{index}"), found);
            }
        }
        _ => found.push(at),
    }
}

fn apply(bundle: &mut serde_json::Value, pointer: &str, change: &str) {
    let (parent, name) = pointer.rsplit_once('/').unwrap();
    if change == "remove" {
        match bundle.pointer_mut(parent).unwrap() {
            serde_json::Value::Object(fields) => drop(fields.remove(name)),
            serde_json::Value::Array(elements) => drop(elements.remove(name.parse().unwrap())),
            _ => unreachable!(),
        }
        return;
    }
    let leaf = bundle.pointer_mut(pointer).unwrap();
    *leaf = match leaf.as_str() {
        Some(text) => {
            let mut characters: Vec<char> = text.chars().collect();
            let middle = characters.len() / 2;
            characters[middle] = if characters[middle] == 'A' { 'B' } else { 'A' };
            characters.into_iter().collect::<String>().into()
        }
        None => 7.into(),
    };
}
