//! What several commands take: uploads by their hash, words on paper, other records by name.

use std::path::PathBuf;

use serde::Deserialize;
use shindan_app::records::{self, RecordsError, WordGiven};
use shindan_domain::ledger::{Hash, Kind, Stream};
use shindan_domain::record_id::PersonId;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::command::Session;

/// A word on paper. Without it, the word is given by who sends the request.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Paper {
    /// SHA-256 of the scan, uploaded before.
    #[schema(value_type = String)]
    scan: Hash,
    /// The name on the paper.
    signer: String,
    /// The signer as a person known here: id or name.
    #[serde(default)]
    person: Option<String>,
}

/// A word by the partner's file. With `signature` and `key`: any file that the party signed with a key that is pinned for it.
/// Without them: a sealed file that was imported before (`exchange-import`).
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PartnerFile {
    /// SHA-256 of the upload: the file.
    #[schema(value_type = String)]
    file: Hash,
    /// SHA-256 of the upload: its detached signature.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    signature: Option<Hash>,
    /// SHA-256 of the upload: the party's public key.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    key: Option<Hash>,
    /// Name of the signer. With a signature it has to be given; of a sealed file, else the name on the partner's card.
    #[serde(default)]
    signer: Option<String>,
    /// The party: number, id or name. With a signature it has to be given; of a sealed file, else whose installation sealed it.
    #[serde(default)]
    party: Option<String>,
}

/// The id of the record that a command is about.
pub(crate) fn id(about: Option<Stream>) -> Result<Uuid, RecordsError> {
    about.map(|stream| stream.id).ok_or_else(|| RecordsError::Unknown(String::new()))
}

impl Session<'_> {
    /// A record that a body names: number, beginning of its id, or name.
    pub(crate) fn named(&self, kind: Kind, called: &str) -> Result<Uuid, RecordsError> {
        records::find(self.records, kind, called).map(|stream| stream.id)
    }

    /// The file of an upload of this person.
    ///
    /// # Errors
    /// [`RecordsError::Invalid`] for a hash of which this person sent nothing.
    pub fn upload(&self, hash: &Hash) -> Result<PathBuf, RecordsError> {
        let unknown = || RecordsError::Invalid { field: "upload".to_owned(), value: hash.to_string() };
        self.uploads.find(self.who.person(), hash).ok_or_else(unknown)
    }

    /// The files of uploads.
    pub(crate) fn uploads(&self, hashes: &[Hash]) -> Result<Vec<PathBuf>, RecordsError> {
        hashes.iter().map(|hash| self.upload(hash)).collect()
    }

    /// The word that is given: by who asks, unless on paper or by the partner's file.
    pub(crate) fn word(
        &self,
        paper: Option<Paper>,
        file: Option<PartnerFile>,
    ) -> Result<WordGiven, RecordsError> {
        match (paper, file) {
            (None, None) => Ok(WordGiven::Software),
            (Some(paper), None) => self.on_paper(paper),
            (None, Some(file)) => self.by_file(file),
            // One word is given in one way.
            (Some(_), Some(_)) => Err(invalid("partner_file", "paper")),
        }
    }

    fn on_paper(&self, paper: Paper) -> Result<WordGiven, RecordsError> {
        let Paper { scan, signer, person } = paper;
        let person = person.map(|called| self.named(Kind::Person, &called)).transpose()?.map(PersonId);
        Ok(WordGiven::Paper { scan: self.upload(&scan)?, signer, person })
    }

    fn by_file(&self, given: PartnerFile) -> Result<WordGiven, RecordsError> {
        let PartnerFile { file, signature, key, signer, party } = given;
        let file = self.upload(&file)?;
        let (signature, key) = match (signature, key) {
            (None, None) => return Ok(WordGiven::SealedFile { file, signer, party }),
            (Some(signature), Some(key)) => (self.upload(&signature)?, self.upload(&key)?),
            (None, Some(_)) => return Err(invalid("partner_file.signature", "")),
            (Some(_), None) => return Err(invalid("partner_file.key", "")),
        };
        let signer = signer.ok_or_else(|| invalid("partner_file.signer", ""))?;
        let party = party.ok_or_else(|| invalid("partner_file.party", ""))?;
        Ok(WordGiven::PartnerFile { file, signature, key, signer, party })
    }
}

fn invalid(field: &str, value: &str) -> RecordsError {
    RecordsError::Invalid { field: field.to_owned(), value: value.to_owned() }
}

/// Defines commands on a record: the body, then what is called with it.
macro_rules! commands {
    ($kind:ident, $id:ident; $(
        $(#[$meta:meta])*
        $name:ident ($path:literal, $summary:literal) {
            $( $(#[$field_meta:meta])* $field:ident: $type:ty, )*
        }
        |$body:ident, $s:ident, $about:ident| $run:expr;
    )*) => {$(
        $(#[$meta])*
        #[derive(Debug, serde::Deserialize, utoipa::ToSchema)]
        #[serde(deny_unknown_fields)]
        pub(crate) struct $name {
            $( $(#[$field_meta])* $field: $type, )*
        }

        impl crate::command::Command for $name {
            const KIND: shindan_domain::ledger::Kind = shindan_domain::ledger::Kind::$kind;
            const NAME: Option<&'static str> = Some($path);
            const SUMMARY: &'static str = $summary;

            fn run(
                self,
                $s: &mut crate::command::Session<'_>,
                about: Option<shindan_domain::ledger::Stream>,
            ) -> Result<crate::command::Outcome, shindan_app::records::RecordsError> {
                let $body = self;
                let $about = $id(crate::commands::given::id(about)?);
                $run.map(Into::into)
            }
        }
    )*};
}
pub(crate) use commands;
