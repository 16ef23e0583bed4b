//! An agreement that is confirmed across two installations by a sealed file: no key is pinned by hand, no detached signature.

use std::path::{Path, PathBuf};

use shindan_app::records::agreement_files::{self, Taking};
use shindan_app::records::exchange::{self, Limits, SealOrder};
use shindan_app::records::{RecordsError, WordGiven};
use shindan_domain::agreement::Standing;
use shindan_domain::exchange::Compared;
use shindan_domain::process::ReasonCode;
use shindan_domain::record_id::{AgreementId, ExchangeId, PartyId};

use crate::ward::{HOSPITAL, VENDOR, Ward, approver, code, manager, operator};

/// `taker` takes the card of `giver` in; its manager confirms what was read aloud.
fn knows(taker: &mut Ward, party: PartyId, giver: &mut Ward) -> ExchangeId {
    let card =
        giver.by(manager, |records, who, call| exchange::card(records, who, call, Some("名刺"))).unwrap();
    let file = taker.hospital.root.join("their.card");
    std::fs::write(&file, &card.file).unwrap();
    let added =
        taker.by(operator, |records, who, call| exchange::add_partner(records, who, call, party, &file));
    let id = ExchangeId(added.unwrap().stream.id);
    let typed = card.card.read_aloud();
    taker
        .by(manager, |records, who, call| {
            let compared = (typed.as_str(), Compared::Voice);
            exchange::confirm_partner(records, who, call, id, compared, &WordGiven::Software)
        })
        .unwrap();
    id
}

fn seal(from: &mut Ward, to: ExchangeId, file: PathBuf) -> PathBuf {
    let sealed = from.hospital.root.join(format!("{}.shindan", file.file_name().unwrap().to_str().unwrap()));
    let order = SealOrder { files: vec![file], encrypt: true, ..SealOrder::default() };
    let number = from
        .by(operator, |records, who, call| exchange::seal(records, who, call, to, &order))
        .unwrap()
        .sequence
        .unwrap();
    exchange::copy_sealed(
        &from.hospital.records,
        &from.hospital.operator,
        to,
        number,
        &sealed,
        from.hospital.now,
    )
    .unwrap();
    sealed
}

/// Takes a sealed file in; answers its first content.
fn open(at: &mut Ward, from: ExchangeId, sealed: &Path) -> PathBuf {
    let imported = at
        .by(operator, |records, who, call| exchange::import(records, who, call, sealed, &Limits::default()));
    let number = imported.unwrap().sequence.unwrap();
    let folder = at.hospital.root.join(format!("inbox-{number}"));
    let files = exchange::extract(
        &at.hospital.records,
        &at.hospital.operator,
        from,
        number,
        &folder,
        at.hospital.now,
    )
    .unwrap();
    files[0].clone()
}

fn export(ward: &Ward, id: AgreementId, name: &str) -> PathBuf {
    let bytes =
        agreement_files::export(&ward.hospital.records, &ward.hospital.auditor, id, ward.hospital.now);
    let path = ward.hospital.root.join(name);
    std::fs::write(&path, bytes.unwrap()).unwrap();
    path
}

fn import(ward: &mut Ward, path: &Path) -> Result<AgreementId, RecordsError> {
    let taking = Taking::default();
    let done =
        ward.by(operator, |records, who, call| agreement_files::import(records, who, call, path, &taking))?;
    Ok(AgreementId(done.stream.id))
}

#[test]
fn an_agreement_is_confirmed_across_two_installations_by_sealed_files() {
    let mut here = Ward::new("sealed-here");
    let mut there = Ward::new("sealed-there");
    let (provider, institution) = (here.provider, there.institution);
    // Everybody has a card before anybody seals.
    here.by(manager, |records, who, call| exchange::card(records, who, call, Some("名刺"))).unwrap();
    let vendor = knows(&mut here, provider, &mut there);
    let hospital = knows(&mut there, institution, &mut here);

    let id = here.draft();
    here.propose(id).unwrap();
    here.all_agree(id);
    let file = export(&here, id, "agr.json");
    let sealed = seal(&mut here, vendor, file);
    let file = open(&mut there, hospital, &sealed);
    let theirs = import(&mut there, &file).unwrap();
    there.all_agree(theirs);

    // Sealed by the vendor, and says that the vendor has not confirmed.
    let file = export(&there, theirs, "unconfirmed.json");
    let unconfirmed = seal(&mut there, hospital, file);
    open(&mut here, vendor, &unconfirmed);
    let word = |sealed: &Path| WordGiven::SealedFile { file: sealed.to_owned(), signer: None, party: None };
    let answer = here.confirm(id, operator, (VENDOR, None), &word(&unconfirmed));
    assert_eq!(code(answer), ReasonCode::AgreementFileUnconfirmed);

    let hash = there.hash(theirs);
    let scan = there.hospital.file("signed.pdf", "署名した合意書");
    let paper = WordGiven::Paper { scan, signer: "提供 五郎".to_owned(), person: None };
    there.confirm(theirs, operator, (VENDOR, Some(&hash)), &paper).unwrap();
    let file = export(&there, theirs, "confirmed.json");
    let confirmed = seal(&mut there, hospital, file);
    let early = here.confirm(id, operator, (VENDOR, None), &word(&confirmed));
    assert_eq!(code(early), ReasonCode::SealedNotAccepted);
    open(&mut here, vendor, &confirmed);
    let own = here.confirm(id, manager, (VENDOR, None), &word(&confirmed));
    assert_eq!(code(own), ReasonCode::KeyPinnedByRecorder);
    here.confirm(id, operator, (VENDOR, None), &word(&confirmed)).unwrap();
    here.confirm(id, approver, (HOSPITAL, Some(&hash)), &WordGiven::Software).unwrap();
    assert_eq!(here.standing(id), Standing::Valid);
    here.is_whole();
    there.is_whole();
}
