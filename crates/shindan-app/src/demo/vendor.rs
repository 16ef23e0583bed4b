//! The vendor of the demo: an installation of its own, in a folder of its own. What goes over goes as a sealed file, as by a USB
//! stick, and a receipt comes back.

use std::fs;
use std::path::{Path, PathBuf};

use shindan_domain::exchange::Compared;
use shindan_domain::organisation::{PartyKind, ServiceState, System};
use shindan_domain::record_id::{AgreementId, ExchangeId, PartyId};

use super::cast::{self, Cast, administrator, approver, manager, operator};
use super::devices::{MONITORS, confirm, discuss};
use super::story::{HOSPITAL_NAME, VENDOR_NAME, party};
use crate::data_folder::DataFolder;
use crate::error::AppError;
use crate::records::agreement_files::{self, Taking};
use crate::records::exchange::{self, Limits, SealOrder};
use crate::records::{RecordsError, WordGiven, people};

/// Where the vendor's installation is, below the folder of the demo.
pub(super) const FOLDER: &str = "vendor";

/// The vendor's people, and how the two installations know each other.
pub(super) struct Vendor {
    pub cast: Cast,
    /// The hospital, there.
    hospital: PartyId,
    /// Relation with the hospital, there.
    with_hospital: Option<ExchangeId>,
    /// Relation with the vendor, at the hospital.
    with_vendor: Option<ExchangeId>,
}

impl Vendor {
    /// Sets the vendor's installation up beside the hospital's.
    pub fn open(hospital: &Cast) -> Result<Vendor, RecordsError> {
        let demo = hospital.folder.parent().unwrap_or(&hospital.folder);
        let folder = demo.join(FOLDER);
        fs::create_dir_all(&folder).map_err(AppError::io(&folder))?;
        let data = DataFolder::new(folder.join("data"));
        let mut cast = Cast::assemble(&data, &folder, (hospital.now, hospital.days), &cast::VENDOR)?;
        let hospital = PartyId(cast.keep(party(HOSPITAL_NAME, PartyKind::Institution))?);
        let own = PartyId(cast.keep(party(VENDOR_NAME, PartyKind::Provider))?);
        cast.keep(System {
            name: MONITORS.to_owned(),
            operator: hospital,
            provider: own,
            sites: Vec::new(),
            service: ServiceState::Preparing,
        })?;
        let person = cast.approver.person();
        cast.step(administrator, |records, who, call| people::assign(records, who, call, person, own))?;
        Ok(Vendor { cast, hospital, with_hospital: None, with_vendor: None })
    }

    /// Each takes the other's card in; somebody else confirms its fingerprint, which was read aloud.
    pub fn get_acquainted(&mut self, hospital: &mut Cast, vendor: PartyId) -> Result<(), RecordsError> {
        self.with_vendor = Some(introduce(&mut self.cast, VENDOR_NAME, hospital, vendor)?);
        self.with_hospital = Some(introduce(hospital, HOSPITAL_NAME, &mut self.cast, self.hospital)?);
        Ok(())
    }

    /// The hospital seals the agreement as it stands; the vendor takes it in and sends the receipt.
    pub fn sends_over(
        &mut self,
        hospital: &mut Cast,
        agreement: AgreementId,
    ) -> Result<PathBuf, RecordsError> {
        let (theirs, ours) = self.known()?;
        let sealed = seal(hospital, HOSPITAL_NAME, theirs, agreement)?;
        self.cast.now = self.cast.now.max(hospital.now);
        take_in(&mut self.cast, ours, &sealed, hospital)
    }

    /// The vendor takes the proposal in, goes through it, and its approver confirms.
    pub fn confirms(&mut self, proposed: &Path) -> Result<AgreementId, RecordsError> {
        let done = self.cast.step(operator, |records, who, call| {
            agreement_files::import(records, who, call, &agreement_in(proposed), &Taking::default())
        })?;
        let agreement = AgreementId(done.stream.id);
        discuss(&mut self.cast, agreement)?;
        confirm(&mut self.cast, approver, agreement, VENDOR_NAME, &WordGiven::Software)?;
        Ok(agreement)
    }

    /// The vendor seals what its approver confirmed; the hospital takes it in. Answers the sealed file, which is the word.
    pub fn takes_back(
        &mut self,
        hospital: &mut Cast,
        agreement: AgreementId,
    ) -> Result<PathBuf, RecordsError> {
        let (theirs, ours) = self.known()?;
        let sealed = seal(&mut self.cast, VENDOR_NAME, ours, agreement)?;
        take_in(hospital, theirs, &sealed, &mut self.cast)?;
        Ok(sealed)
    }

    /// The vendor learns that the hospital has confirmed, too: the sealed file is the hospital's word.
    pub fn learns(&mut self, agreement: AgreementId, confirmed: &Path) -> Result<(), RecordsError> {
        let word = WordGiven::SealedFile { file: sealed_of(confirmed), signer: None, party: None };
        confirm(&mut self.cast, operator, agreement, HOSPITAL_NAME, &word)
    }

    /// The relation at the hospital, and the one here.
    fn known(&self) -> Result<(ExchangeId, ExchangeId), RecordsError> {
        let known = self.with_vendor.zip(self.with_hospital);
        known.ok_or_else(|| RecordsError::Unknown(VENDOR_NAME.to_owned()))
    }
}

/// One side's card goes to the other, which confirms it.
fn introduce(from: &mut Cast, name: &str, to: &mut Cast, party: PartyId) -> Result<ExchangeId, RecordsError> {
    let card = from.step(manager, |records, who, call| exchange::card(records, who, call, Some(name)))?;
    let path = to.document(&format!("{name}.card"), &card.file)?;
    let done =
        to.step(operator, |records, who, call| exchange::add_partner(records, who, call, party, &path))?;
    let id = ExchangeId(done.stream.id);
    let aloud = card.card.read_aloud();
    to.step(manager, |records, who, call| {
        let compared = (aloud.as_str(), Compared::Voice);
        exchange::confirm_partner(records, who, call, id, compared, &WordGiven::Software)
    })?;
    Ok(id)
}

/// Seals the agreement as it stands; answers the file that is carried over.
fn seal(
    cast: &mut Cast,
    name: &str,
    to: ExchangeId,
    agreement: AgreementId,
) -> Result<PathBuf, RecordsError> {
    let bytes = agreement_files::export(&cast.records, &cast.operator, agreement, cast.now)?;
    let path = cast.document("agreement.json", bytes)?;
    let order = SealOrder {
        files: vec![path],
        content_type: None,
        last_day: None,
        encrypt: true,
        reply_to: None,
        name: Some(name.to_owned()),
    };
    let sealed = cast.step(operator, |records, who, call| exchange::seal(records, who, call, to, &order))?;
    let number = sealed.sequence.ok_or_else(|| RecordsError::stored("a sealed file without a number"))?;
    let path = cast.folder.join(format!("{number}.shindan"));
    exchange::copy_sealed(&cast.records, &cast.operator, to, number, &path, cast.now)?;
    Ok(path)
}

/// Takes a sealed file in, sends the receipt back, and answers the folder with what was in it.
fn take_in(
    cast: &mut Cast,
    from: ExchangeId,
    sealed: &Path,
    sender: &mut Cast,
) -> Result<PathBuf, RecordsError> {
    let bytes = fs::read(sealed).map_err(AppError::io(sealed))?;
    let name = sealed.file_name().and_then(|name| name.to_str()).unwrap_or("sealed.shindan");
    let carried = cast.document(&format!("from-{name}"), bytes)?;
    cast.now = cast.now.max(sender.now);
    let limits = Limits::default();
    let imported =
        cast.step(operator, |records, who, call| exchange::import(records, who, call, &carried, &limits))?;
    let number = imported.sequence.ok_or_else(|| RecordsError::stored("a sealed file without a number"))?;
    let receipt = exchange::receipt_of(&cast.records, &cast.operator, from, number, cast.now)?;
    let receipt = sender.document(&format!("receipt-{number}.json"), receipt)?;
    sender.now = sender.now.max(cast.now);
    sender.step(operator, |records, who, call| exchange::import(records, who, call, &receipt, &limits))?;
    let folder = carried.with_extension("contents");
    exchange::extract(&cast.records, &cast.operator, from, number, &folder, cast.now)?;
    Ok(folder)
}

fn agreement_in(folder: &Path) -> PathBuf {
    folder.join("agreement.json")
}

/// The sealed file whose contents were put into this folder.
fn sealed_of(folder: &Path) -> PathBuf {
    folder.with_extension("shindan")
}
