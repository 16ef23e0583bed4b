//! The partner's sealed file as their word: a consent that goes from the institution's installation to this one.

use std::path::{Path, PathBuf};

use shindan_app::records::exchange::{self, Limits, SealOrder};
use shindan_app::records::{RecordsError, WordGiven};
use shindan_domain::case::Treatment;
use shindan_domain::change::Change;
use shindan_domain::exchange::{Compared, ContentType};
use shindan_domain::ledger::Kind;
use shindan_domain::organisation::{Party, PartyKind};
use shindan_domain::process::ReasonCode;
use shindan_domain::record_id::{ExchangeId, PartyId};

use crate::hospital::{Hospital, code};
use crate::works::{Works, colleague, manager, operator};

/// The institution's own installation, and what it knows us as.
struct Institution {
    hospital: Hospital,
    us: ExchangeId,
}

/// `taker` takes the card of `giver` in, the manager confirms it.
fn knows(taker: &mut Hospital, party: PartyId, giver: &mut Hospital) -> ExchangeId {
    let (call, who) = (giver.call(), giver.manager.clone());
    let card = exchange::card(&mut giver.records, &who, &call, Some("相手方")).unwrap();
    let file = taker.root.join("their.card");
    std::fs::write(&file, &card.file).unwrap();
    let (call, who) = (taker.call(), taker.operator.clone());
    let added = exchange::add_partner(&mut taker.records, &who, &call, party, &file).unwrap();
    let id = ExchangeId(added.stream.id);
    let (call, who) = (taker.call(), taker.manager.clone());
    let typed = card.card.read_aloud();
    let compared = (typed.as_str(), Compared::Meeting);
    let word = WordGiven::Software;
    exchange::confirm_partner(&mut taker.records, &who, &call, id, compared, &word).unwrap();
    id
}

impl Institution {
    fn new(works: &mut Works) -> (Institution, ExchangeId) {
        let mut hospital = Hospital::new("changes-sealed-institution");
        let party = Party {
            name: "カルテ工業".to_owned(),
            kind: PartyKind::Provider,
            contact: None,
            pinned_keys: Vec::new(),
        };
        let party = PartyId(hospital.keep(party));
        works
            .by(manager, |records, who, call| exchange::card(records, who, call, Some("カルテ工業")))
            .unwrap();
        let us = knows(&mut hospital, party, &mut works.hospital);
        let institution = works.institution;
        let them = knows(&mut works.hospital, institution, &mut hospital);
        (Institution { hospital, us }, them)
    }

    fn seal(&mut self, name: &str, text: &str) -> PathBuf {
        let order = SealOrder {
            files: vec![self.hospital.file(name, text)],
            content_type: Some(ContentType::Confirmation),
            encrypt: true,
            ..SealOrder::default()
        };
        let (call, who) = (self.hospital.call(), self.hospital.operator.clone());
        let sealed = exchange::seal(&mut self.hospital.records, &who, &call, self.us, &order).unwrap();
        let to = self.hospital.root.join(format!("{name}.shindan"));
        let number = sealed.sequence.unwrap();
        exchange::copy_sealed(&self.hospital.records, &who, self.us, number, &to, call.now).unwrap();
        to
    }
}

fn import(works: &mut Works, file: &Path) -> Result<(), RecordsError> {
    let limits = Limits::default();
    works.by(operator, |records, who, call| exchange::import(records, who, call, file, &limits)).map(drop)
}

fn word(file: &Path) -> WordGiven {
    WordGiven::SealedFile { file: file.to_owned(), signer: None, party: None }
}

#[test]
fn a_consent_comes_from_the_institutions_own_installation() {
    let mut works = Works::new("sealed-word", Treatment::Patch);
    let (mut institution, them) = Institution::new(&mut works);
    let patch = works.usable_patch();
    let [change, other] = [works.tested(patch), works.tested(patch)];
    works.confirm_tests(change).unwrap();
    works.confirm_tests(other).unwrap();
    let (number, others) = (works.number(change), works.number(other));

    let consent = institution.seal("consent.txt", &format!("{number} に同意します。"));
    let early = works.consent_by(operator, change, &word(&consent));
    assert_eq!(code(early), ReasonCode::SealedNotAccepted, "a file counts in its turn, once, for us");
    import(&mut works, &consent).unwrap();
    let own = works.consent_by(manager, change, &word(&consent));
    assert_eq!(code(own), ReasonCode::KeyPinnedByRecorder, "who confirmed the card");
    let foreign = works.consent_by(operator, other, &word(&consent));
    assert_eq!(
        code(foreign),
        ReasonCode::PartnerFileOtherRecord,
        "what is sealed is looked at, not the seal"
    );
    let provider =
        WordGiven::SealedFile {
            file: consent.clone(), signer: None, party: Some("カルテ工業".to_owned())
        };
    assert_eq!(code(works.consent_by(operator, change, &provider)), ReasonCode::OtherParty);
    works.consent_by(colleague, change, &word(&consent)).unwrap();
    let view = format!("{:?}", works.state::<Change>(Kind::Change, change.0));
    assert!(view.contains("PartnerFile") && view.contains("相手方"), "whose word it is, by what means");
    let again = works.consent_by(operator, change, &word(&consent));
    assert_eq!(code(again), ReasonCode::PartnerFileUsed);

    // A key that was revoked says nothing any more, whatever was accepted before.
    let second = institution.seal("second.txt", &format!("{others} に同意します。"));
    import(&mut works, &second).unwrap();
    works
        .by(manager, |records, who, call| {
            exchange::revoke_partner(records, who, call, them, None, "盗難".to_owned())
        })
        .unwrap();
    assert_eq!(code(works.consent_by(operator, other, &word(&second))), ReasonCode::SealedRevokedKey);
    works.is_whole();
}
