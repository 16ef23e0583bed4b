//! Two installations and a USB stick: cards, sealed files, receipts, loss, through the real executable.

#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used)]

mod common;

use std::path::{Path, PathBuf};

use common::{Folder, Said, follows, run, text};
use serde_json::Value;

const SBOM: &str = r#"{"bomFormat":"CycloneDX","specVersion":"1.5","version":1,
"components":[{"type":"library","name":"libpng","version":"1.6.37","purl":"pkg:generic/libpng@1.6.37"}]}"#;

/// One side: its data folder and the tokens of its people.
struct Side {
    folder: Folder,
    partner: String,
}

impl Side {
    fn new(prefix: &str, other: &str, kind: &str) -> Side {
        let side = Side { folder: Folder::new(), partner: String::new() };
        let (data, token) = (side.folder.join("data"), side.token("admin"));
        let setup = ["setup", "--prefix", prefix, "--name", "管理 花子", "--data-dir", text(&data)];
        run(setup.iter().chain(&["--token-to", text(&token)])).ends(0);
        for (name, role) in [("運用 太郎", "operator"), ("企画 次郎", "manager"), ("承認 三郎", "approver")]
        {
            side.by("admin", &["user", "add", "--name", name, "--role", role]).ends(0);
            let token = side.token(role);
            side.by("admin", &["token", "issue", name, "--purpose", "test", "--token-to", text(&token)])
                .ends(0);
        }
        side.by("admin", &["org", "party", "add", "--name", other, "--kind", kind]).ends(0);
        side
    }

    fn token(&self, role: &str) -> PathBuf {
        self.folder.join(&format!("{role}.token"))
    }

    #[track_caller]
    fn by(&self, role: &str, arguments: &[&str]) -> Said {
        let (data, token) = (self.folder.join("data"), self.token(role));
        let base = ["--data-dir", text(&data), "--token-file", text(&token)];
        run(arguments.iter().chain(&base))
    }

    #[track_caller]
    fn refused(&self, role: &str, arguments: &[&str]) -> String {
        let said = self.by(role, &[arguments, &["--format", "json"]].concat()).ends(5);
        said.json()["reason"]["code"].as_str().expect("a code").to_owned()
    }

    /// Takes a card in and confirms it.
    fn knows(&mut self, card: &Path, party: &str, read_aloud: &str) {
        let add = ["exchange", "partner", "add", text(card), "--party", party, "--format", "json"];
        let added = self.by("operator", &add).ends(0).json();
        self.partner = added["number"].as_str().unwrap().to_owned();
        let partner = self.partner.clone();
        let confirm =
            |digits| ["exchange", "partner", "confirm", &partner, "--by", "voice", "--fingerprint", digits];
        assert_eq!(self.refused("operator", &confirm(read_aloud)), "same-person");
        let wrong = "0000 0000 0000 0000 0000 0000 0000 0000";
        assert_eq!(self.refused("manager", &confirm(wrong)), "fingerprint-differs");
        self.by("manager", &confirm(read_aloud)).ends(0);
    }

    #[track_caller]
    fn seal(&self, file: &Path, to: &Path, more: &[&str]) {
        let seal = ["exchange", "seal", text(file), "--to", &self.partner, "-o", text(to)];
        self.by("operator", &[&seal, more].concat()).ends(0);
    }

    #[track_caller]
    fn import(&self, file: &Path) -> Said {
        self.by("operator", &["exchange", "import", text(file)])
    }

    fn shown(&self) -> Value {
        self.by("operator", &["exchange", "show", &self.partner, "--format", "json"]).ends(0).json()
    }

    fn is_whole(&self) {
        let data = self.folder.join("data");
        run(["ledger", "verify", "--states", "--data-dir", text(&data)]).ends(0);
    }
}

/// Provider and hospital that know each other, and the stick between them.
fn acquainted() -> (Side, Side, Folder) {
    let usb = Folder::new();
    let mut provider = Side::new("PRV", "中央病院", "institution");
    let mut hospital = Side::new("MED", "カルテ工業", "provider");
    let card = |side: &Side, name: &str| {
        let file = usb.join(&format!("{name}.card"));
        let card = ["exchange", "card", "-o", text(&file), "--name", name, "--format", "json"];
        let shown = side.by("manager", &card).ends(0).json();
        follows("exchange-card-1.json", &shown);
        (file, shown["read_aloud"].as_str().unwrap().to_owned())
    };
    let (of_provider, provider_digits) = card(&provider, "カルテ工業");
    let (of_hospital, hospital_digits) = card(&hospital, "中央病院");
    provider.knows(&of_hospital, "中央病院", &hospital_digits);
    hospital.knows(&of_provider, "カルテ工業", &provider_digits);
    (provider, hospital, usb)
}

#[test]
fn a_file_goes_over_and_its_receipt_comes_back() {
    let (provider, hospital, usb) = acquainted();
    let sbom = usb.write("部品表.json", SBOM);
    let (sealed, receipt, out) = (usb.join("1.shindan"), usb.join("1.receipt"), usb.join("out"));
    provider.seal(&sbom, &sealed, &["--encrypt"]);
    let bytes = std::fs::read(&sealed).unwrap();
    assert!(bytes.starts_with(b"age-encryption.org/v1"));
    let waiting = ["exchange", "list", "--unacknowledged", "--format", "json"];
    assert_eq!(provider.by("operator", &waiting).ends(0).json()["records"].as_array().unwrap().len(), 1);

    let verify = ["exchange", "verify", text(&sealed), "--format", "json"];
    let seen = hospital.by("operator", &verify).ends(0).json();
    follows("sealed-file-1.json", &seen);
    assert_eq!((&seen["accepted"], &seen["checks"]["order"]), (&true.into(), &"passed".into()));
    assert_eq!(seen["manifest"]["contents"][0]["type"], "sbom", "recognised by its content");
    assert_eq!(hospital.shown()["revision"], 2, "nothing was recorded");
    let import =
        ["exchange", "import", text(&sealed), "--receipt-to", text(&receipt), "--extract-to", text(&out)];
    hospital.by("operator", &import).ends(0);
    assert_eq!(std::fs::read_to_string(out.join("部品表.json")).unwrap(), SBOM);
    assert_eq!(hospital.shown()["next"][0]["code"], "content-sbom", "what to do next");
    provider.import(&receipt).ends(0);
    provider.import(&receipt).ends(0);
    assert_eq!(provider.by("operator", &waiting).ends(0).json()["records"].as_array().unwrap().len(), 0);
    assert_eq!(provider.shown()["lists"]["sent-files"][0]["state"], "acknowledged");

    // The provider cannot open what is for the hospital, and a third installation knows nobody.
    let seen = provider.by("operator", &verify).ends(5).json();
    assert_eq!(seen["reason"]["code"], "sealed-cannot-decrypt");
    follows("sealed-file-1.json", &seen);
    let open = usb.join("2.shindan");
    provider.seal(&sbom, &open, &[]);
    let third = Side::new("THR", "誰か", "provider");
    let seen = third.by("operator", &["exchange", "verify", text(&open), "--format", "json"]).ends(5).json();
    assert_eq!(seen["reason"]["code"], "sealed-wrong-receiver");
    assert_eq!(
        (&seen["checks"]["signature"], &seen["checks"]["key"]),
        (&"passed".into(), &"not-made".into())
    );
    hospital.is_whole();
    provider.is_whole();
}

#[test]
fn loss_copies_another_order_and_damage_are_told_and_mended() {
    let (provider, hospital, usb) = acquainted();
    let file = usb.write("連絡.txt", "連絡");
    let path = |number: u32| usb.join(&format!("{number}.shindan"));
    let refused = |number| hospital.refused("operator", &["exchange", "import", text(&path(number))]);
    for number in 1..=3 {
        provider.seal(&file, &path(number), &[]);
    }
    hospital.import(&path(1)).ends(0);
    assert_eq!(refused(1), "sealed-replay");
    assert_eq!(refused(3), "sealed-gap");
    assert_eq!(hospital.shown()["lists"]["refused-imports"].as_array().unwrap().len(), 2);
    // The stick is found empty: the same bytes again.
    let again = usb.join("2-again.shindan");
    provider.by("operator", &["exchange", "copy", &provider.partner, "2", "-o", text(&again)]).ends(0);
    assert_eq!(std::fs::read(&again).unwrap(), std::fs::read(path(2)).unwrap());
    hospital.import(&again).ends(0);
    hospital.import(&path(3)).ends(0);

    // Number 4 is lost and the provider cannot be reached: an approver gives it up, when a later one shows that it is missing.
    provider.seal(&file, &path(4), &[]);
    provider.seal(&file, &path(5), &[]);
    let give_up = ["exchange", "void", &hospital.partner, "--received", "4", "--reason", "媒体を紛失"];
    assert_eq!(hospital.refused("approver", &give_up), "no-gap");
    assert_eq!(refused(5), "sealed-gap");
    assert_eq!(hospital.refused("operator", &give_up), "role-missing");
    hospital.by("approver", &give_up).ends(0);
    hospital.import(&path(5)).ends(0);
    assert_eq!(refused(4), "sealed-replay");

    // The provider says itself that number 6 is void: nobody has to decide.
    provider.seal(&file, &path(6), &[]);
    provider
        .by("operator", &["exchange", "void", &provider.partner, "--sent", "6", "--reason", "誤り"])
        .ends(0);
    provider.seal(&file, &path(7), &[]);
    hospital.import(&path(7)).ends(0);

    provider.seal(&file, &path(8), &[]);
    let whole = std::fs::read(path(8)).unwrap();
    let last = whole.len() - 1;
    for (name, bytes, reason) in [
        ("changed", [&whole[..last], &[whole[last] ^ 1]].concat(), "sealed-tampered"),
        ("short", whole[..last].to_vec(), "sealed-truncated"),
        ("text", b"not a sealed file".to_vec(), "sealed-unrecognised"),
    ] {
        let file = usb.write(name, bytes);
        assert_eq!(hospital.refused("operator", &["exchange", "import", text(&file)]), reason);
    }
    let revoke = ["exchange", "partner", "revoke", &hospital.partner, "--reason", "盗難"];
    hospital.by("manager", &revoke).ends(0);
    assert_eq!(refused(8), "sealed-revoked-key");
    let refusals = hospital.by("operator", &["ledger", "refusals", "--format", "json"]).ends(0);
    assert!(refusals.stdout.contains("sealed-revoked-key"), "also in the log of refusals");
    hospital.is_whole();
    provider.is_whole();
}

#[test]
fn what_was_asked_twice_is_sealed_once_and_nobody_is_overwritten() {
    let (provider, _, usb) = acquainted();
    let file = usb.write("連絡.txt", "連絡");
    let seal = |to: &Path, more: &[&str]| {
        let seal = ["exchange", "seal", text(&file), "--to", &provider.partner, "-o", text(to)];
        provider.by("operator", &[&seal, more].concat())
    };
    let first = usb.join("1.shindan");
    seal(&first, &["--seen", "1"]).ends(6);
    assert!(!first.exists(), "nothing is written for what was not recorded");
    seal(&first, &["--once", "k-1"]).ends(0);
    let before = provider.shown()["revision"].clone();
    seal(&first, &["--once", "k-2"]).ends(2).complains(&["既に"]);
    let second = usb.join("2.shindan");
    // The same request again, on a stick from which the file was removed.
    std::fs::remove_file(&first).unwrap();
    seal(&first, &["--once", "k-1"]).ends(0);
    assert_eq!(provider.shown()["revision"], before, "sealed once");
    assert!(!second.exists());
    provider.is_whole();
}
