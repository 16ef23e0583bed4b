//! Providers of CSAF: `provider-metadata.json`, its ROLIE feeds or folders, and of those the documents that are new or changed.
//!
//! Source: CSAF 2.0, section 7. A document comes into force only if it is what its digest and signature say; a trusted provider
//! promises both, so that a document without them failed. The keys are those that the metadata names, of the fingerprints that
//! stand there: they show that nobody on the way and on the web server alone altered a document, not that its author is honest.
//!
//! The first address of the source is the metadata. Documents may lie on further hosts: those of the other addresses.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Cursor;

use jiff::Timestamp;
use shindan_domain::collect::{Failure, SourceDraft, redacted};
use shindan_domain::diagnostic::{Code, Diagnostic, Place};
use shindan_domain::ledger::Hash;
use shindan_domain::verification::{CheckOutcome, Method};
use shindan_formats::collect::csaf_provider::{self, Distribution, Provider};
use shindan_formats::collect::{Emptiness, locations};
use shindan_formats::limits::Limits;
use shindan_verify::{Algorithm, Artefact, Means, Pin, SignatureMeans};

use super::super::files::Position;
use super::super::plan::name_of;
use super::{Remains, Rest, Role, Step, Steps, Unseen, Wanted, unread};

/// Labels of what everybody may read: of TLP 1 and TLP 2. A list without a label says nothing else.
const FOR_EVERYBODY: [&str; 3] = ["WHITE", "CLEAR", ""];

/// What was asked for at an address.
#[derive(Debug, Clone)]
enum Asked {
    Metadata,
    Key,
    Rolie,
    Folder(String),
    Digest(Algorithm),
    Signature,
    Document(Option<Timestamp>),
}

/// What proves the next document.
#[derive(Debug, Default)]
struct Proof {
    digests: Vec<(Algorithm, String)>,
    signature: Option<Vec<u8>>,
    /// A digest or signature that the list names did not come.
    missing: bool,
}

/// See the module.
pub(super) struct Csaf {
    addresses: Vec<String>,
    hosts: Vec<String>,
    now: Timestamp,
    documents: BTreeMap<String, Option<Timestamp>>,
    asked: BTreeMap<String, Asked>,
    /// By the names of files: the addresses of the documents that came.
    came: BTreeMap<String, String>,
    listed: BTreeSet<String>,
    keys: Vec<Vec<u8>>,
    pins: Vec<Pin>,
    trusted: bool,
    proof: Proof,
    unproven: u64,
    told: Vec<Diagnostic>,
}

impl Csaf {
    pub(super) fn new(draft: &SourceDraft, position: Option<Position>, now: Timestamp) -> Csaf {
        Csaf {
            addresses: draft.addresses.clone(),
            hosts: draft.addresses.iter().filter_map(|address| locations::host(address)).collect(),
            now,
            documents: position.map(|position| position.documents).unwrap_or_default(),
            asked: BTreeMap::new(),
            came: BTreeMap::new(),
            listed: BTreeSet::new(),
            keys: Vec::new(),
            pins: Vec::new(),
            trusted: false,
            proof: Proof::default(),
            unproven: 0,
            told: Vec::new(),
        }
    }

    fn want(&mut self, url: String, file: String, asked: Asked) -> Wanted {
        let role = if matches!(asked, Asked::Document(_)) { Role::Knowledge } else { Role::List };
        self.asked.insert(url.clone(), asked);
        Wanted { url, file, sha256: None, role }
    }

    /// The keys, then every way that everybody may go; folders only if there is no feed.
    fn of_metadata(&mut self, provider: Provider) -> Vec<Wanted> {
        self.trusted = provider.is_trusted();
        let pins: Vec<Option<Pin>> =
            provider.keys.iter().map(|key| key.fingerprint.parse::<Pin>().ok()).collect();
        // A key without a full fingerprint could not count beside pins; the metadata came from the same place as the keys.
        self.pins = pins.into_iter().collect::<Option<Vec<Pin>>>().unwrap_or_default();
        self.told.extend(provider.diagnostics);
        let mut wanted = Vec::new();
        for (number, key) in provider.keys.into_iter().enumerate() {
            wanted.push(self.want(key.url, format!("key-{number:02}.asc"), Asked::Key));
        }
        let (mut feeds, mut folders) = (Vec::new(), Vec::new());
        for distribution in provider.distributions {
            match distribution {
                Distribution::Rolie { url, tlp } if FOR_EVERYBODY.contains(&&*tlp.to_ascii_uppercase()) => {
                    feeds.push(url);
                }
                Distribution::Rolie { url, tlp } => self.tell_restricted(&tlp, &url),
                Distribution::Directory { url } => folders.push(url),
            }
        }
        if feeds.is_empty() {
            for (number, folder) in folders.into_iter().enumerate() {
                let url = format!("{}/changes.csv", folder.trim_end_matches('/'));
                wanted.push(self.want(url, format!("changes-{number:02}.csv"), Asked::Folder(folder)));
            }
        }
        for (number, url) in feeds.into_iter().enumerate() {
            wanted.push(self.want(url, format!("rolie-{number:02}.json"), Asked::Rolie));
        }
        wanted
    }

    fn tell_restricted(&mut self, tlp: &str, url: &str) {
        let told = Diagnostic::new(Code::AdvisoriesRestricted, Place::file(redacted(url)));
        self.told.push(told.with("tlp", tlp).with("value", redacted(url)));
    }

    /// A document with what proves it, if it is new or was changed.
    fn document(
        &mut self,
        url: &str,
        changed: Option<Timestamp>,
        proofs: Vec<(String, Asked)>,
    ) -> Vec<Wanted> {
        let known = self.documents.get(url).is_some_and(|known| known.is_some() && *known == changed);
        if !self.listed.insert(url.to_owned()) || known {
            return Vec::new();
        }
        let mut wanted = Vec::new();
        for (number, (url, asked)) in proofs.into_iter().enumerate() {
            wanted.push(self.want(url, format!("proof-{number}"), asked));
        }
        // Two folders may hold files of one name.
        let mark: String = Hash::of(url.as_bytes()).to_string().chars().take(8).collect();
        wanted.push(self.want(url.to_owned(), format!("{mark}-{}", name_of(url)), Asked::Document(changed)));
        wanted
    }

    fn of_rolie(&mut self, wanted: &Wanted, bytes: &[u8]) -> Result<Vec<Wanted>, Diagnostic> {
        let hosts: Vec<&str> = self.hosts.iter().map(String::as_str).collect();
        let feed = csaf_provider::rolie(bytes, &wanted.url, &hosts, Emptiness::MayBeEmpty, &Limits::DEFAULT)?;
        // An entry that leads elsewhere is a document that nobody looks at: that is no detail.
        let refused = feed.diagnostics.iter().find(|told| told.code == Code::AddressRefused);
        if let Some(refused) = refused {
            return Err(refused.clone());
        }
        self.told.extend(feed.diagnostics);
        let mut all = Vec::new();
        for entry in feed.entries {
            let digest = |url: String| {
                let algorithm = if url.ends_with(".sha512") { Algorithm::Sha512 } else { Algorithm::Sha256 };
                (url, Asked::Digest(algorithm))
            };
            let hashes = entry.hashes.into_iter().map(digest);
            let signature = entry.signature.map(|url| (url, Asked::Signature));
            all.extend(self.document(&entry.url, entry.updated, hashes.chain(signature).collect()));
        }
        Ok(all)
    }

    fn of_folder(&mut self, wanted: &Wanted, bytes: &[u8], folder: &str) -> Result<Vec<Wanted>, Diagnostic> {
        let files = csaf_provider::changes(bytes, &wanted.url, folder, &Limits::DEFAULT)?;
        if let Some(refused) = files.diagnostics.iter().find(|told| told.code == Code::AddressRefused) {
            return Err(refused.clone());
        }
        self.told.extend(files.diagnostics);
        let mut all = Vec::new();
        for (url, changed) in files.files {
            // Other providers may have them, or not: nothing in a folder says so, and asking in vain is no answer.
            let proofs = match self.trusted {
                true => vec![
                    (format!("{url}.sha256"), Asked::Digest(Algorithm::Sha256)),
                    (format!("{url}.asc"), Asked::Signature),
                ],
                false => Vec::new(),
            };
            all.extend(self.document(&url, changed, proofs));
        }
        Ok(all)
    }

    /// Compares a document with what proves it.
    fn prove(&mut self, wanted: &Wanted, bytes: &[u8]) -> Result<(), Unseen> {
        let proof = std::mem::take(&mut self.proof);
        let refused = |failure: Failure, reason: &str| {
            (failure, vec![("reason", reason.to_owned()), ("value", redacted(&wanted.url))])
        };
        if proof.missing {
            return Err(refused(Failure::Incomplete, "proof-missing"));
        }
        if self.trusted && proof.digests.is_empty() {
            return Err(refused(Failure::Checksum, "digest-missing"));
        }
        if self.trusted && proof.signature.is_none() {
            return Err(refused(Failure::Signature, "not-signed"));
        }
        if proof.digests.is_empty() && proof.signature.is_none() {
            self.unproven += 1;
            return Ok(());
        }
        let keys: Vec<&[u8]> = self.keys.iter().map(Vec::as_slice).collect();
        let mut means: Vec<Means<'_>> = proof
            .digests
            .iter()
            .map(|(algorithm, expected)| Means::Digest { algorithm: *algorithm, expected })
            .collect();
        means.extend(proof.signature.as_ref().map(|signature| {
            Means::Signature(SignatureMeans { signature, keys: &keys, anchors: &[], sigstore: None })
        }));
        let mut content = Cursor::new(bytes);
        let mut artefact = Artefact::new(&name_of(&wanted.url), &mut content);
        let verdict = shindan_verify::verify(&mut artefact, &means, &self.pins, self.now, None)
            .map_err(|error| refused(Failure::Unreadable, &error.to_string()))?;
        match verdict.checks.iter().find(|check| check.outcome != CheckOutcome::Passed) {
            None => Ok(()),
            Some(check) => {
                let digest = matches!(check.method, Method::Sha256 | Method::Sha512);
                let failure = if digest { Failure::Checksum } else { Failure::Signature };
                Err(refused(failure, check.code.as_str()))
            }
        }
    }
}

/// The digest that stands first in a file of one: `<digest>  <name>`.
fn digest_of(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).split_whitespace().next().unwrap_or_default().to_owned()
}

impl Steps for Csaf {
    fn first(&mut self) -> Vec<Wanted> {
        let url = self.addresses.first().cloned().unwrap_or_default();
        vec![self.want(url, "provider-metadata.json".to_owned(), Asked::Metadata)]
    }

    fn came(&mut self, wanted: &Wanted, bytes: &[u8]) -> Result<Step, Unseen> {
        let read = |problem: &Diagnostic| unread(problem, &wanted.url);
        let Some(asked) = self.asked.get(&wanted.url).cloned() else { return Ok(Step::default()) };
        let next = match asked {
            Asked::Metadata => {
                let hosts: Vec<&str> = self.hosts.iter().map(String::as_str).collect();
                let provider = csaf_provider::provider(bytes, &wanted.url, &hosts, &Limits::DEFAULT)
                    .map_err(|problem| read(&problem))?;
                self.of_metadata(provider)
            }
            Asked::Key => {
                self.keys.push(bytes.to_owned());
                Vec::new()
            }
            Asked::Rolie => self.of_rolie(wanted, bytes).map_err(|problem| read(&problem))?,
            Asked::Folder(folder) => {
                self.of_folder(wanted, bytes, &folder).map_err(|problem| read(&problem))?
            }
            Asked::Digest(algorithm) => {
                self.proof.digests.push((algorithm, digest_of(bytes)));
                Vec::new()
            }
            Asked::Signature => {
                self.proof.signature = Some(bytes.to_owned());
                Vec::new()
            }
            Asked::Document(changed) => {
                self.prove(wanted, bytes)?;
                let label = csaf_provider::tlp(bytes, &wanted.url, &Limits::DEFAULT)
                    .map_err(|problem| read(&problem))?;
                if !FOR_EVERYBODY.contains(&label.as_str()) {
                    self.tell_restricted(&label, &wanted.url);
                }
                self.documents.insert(wanted.url.clone(), changed);
                self.came.insert(wanted.file.clone(), wanted.url.clone());
                Vec::new()
            }
        };
        Ok(Step::then(next))
    }

    fn end(&mut self) -> Result<Rest, Unseen> {
        if self.listed.is_empty() {
            let address = self.addresses.first().map(|address| redacted(address)).unwrap_or_default();
            return Err((Failure::Empty, vec![("value", address)]));
        }
        let position = Position {
            addresses: self.addresses.clone(),
            documents: std::mem::take(&mut self.documents),
            ..Position::default()
        };
        if self.unproven > 0 {
            let place = Place::file(self.addresses.first().cloned().unwrap_or_default());
            let told = Diagnostic::new(Code::DocumentsUnproven, place);
            self.told.push(told.with("count", self.unproven));
        }
        Ok(Rest {
            // What a list does not name any more is not taken back: a document that is withdrawn says so itself.
            remains: Remains::AllBut(Vec::new()),
            position: Some(position),
            records: Some(self.listed.len() as u64),
            told: std::mem::take(&mut self.told),
        })
    }

    fn asks_for_changes(&self) -> bool {
        true
    }

    fn in_parts(&self) -> bool {
        true
    }

    fn passes_over(&mut self, wanted: &Wanted) -> bool {
        let asked = self.asked.get(&wanted.url);
        matches!(asked, Some(Asked::Digest(_) | Asked::Signature))
    }

    fn unreadable(&mut self, file: &str) {
        if let Some(url) = self.came.remove(file) {
            self.documents.remove(&url);
        }
        // What was to prove a document that did not come must not prove the next one.
        match file.starts_with("proof-") {
            true => self.proof.missing = true,
            false => self.proof = Proof::default(),
        }
    }
}
