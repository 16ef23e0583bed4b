//! Reads an index from `&[u8]`. Opening verifies the summary; everything else is read, and verified, when it is asked for.

use jiff::Timestamp;
use shindan_domain::advisory::{Advisory, Enrichment, SourceDocument};
use shindan_domain::devices::DeviceDictionary;
use shindan_domain::finding::VulnerabilityFacts;

use super::build::Meta;
use super::facts;
use super::layout::{Cursor, File, IndexError, SectionId, record};
use super::numbers::Numbers;
use super::posting::StoredStatement;
use super::table::{self, Table};
use super::told;
use super::trace::Trace;
use crate::keys;

/// An opened index. Cheap to copy; borrows the mapped bytes.
#[derive(Debug, Clone, Copy)]
pub struct Index<'a> {
    file: File<'a>,
    keys: Table<'a>,
    postings: &'a [u8],
    vulnerability_offsets: Numbers<'a>,
    vulnerabilities: &'a [u8],
    advisory_offsets: Numbers<'a>,
    advisories: &'a [u8],
    update_names: Table<'a>,
    update_offsets: Numbers<'a>,
    updates: &'a [u8],
    /// Where the keys that are consulted are noted.
    trace: Option<&'a Trace>,
}

/// Who says it, without reading the whole advisory.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AdvisoryHead<'a> {
    /// Identifier of the advisory.
    pub id: &'a str,
    /// Name of the source.
    pub source: &'a str,
    /// Path of the document, as it was given when the index was built.
    pub document: &'a str,
    /// When it was last changed, or else published.
    pub modified: Option<Timestamp>,
    /// True if it was made to say whether products are affected (VEX).
    pub exploitability: bool,
}

/// An update.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredUpdate<'a> {
    /// `KB5034122`
    pub name: &'a str,
    /// Numbers of those that it replaces directly.
    pub replaced: Vec<u32>,
    /// Builds of Windows that it brings: `10.0.17763.5576`.
    pub builds: Vec<&'a str>,
}

/// What an identifier stands for.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Found {
    /// Numbers of vulnerabilities.
    pub vulnerabilities: Vec<u32>,
    /// Numbers of the advisories that name them.
    pub advisories: Vec<u32>,
}

impl<'a> Index<'a> {
    /// Opens the bytes; what this costs does not depend on how many there are.
    ///
    /// # Errors
    /// [`IndexError`] if the file is damaged where that shows at once, cut off, or of another version.
    pub fn open(bytes: &'a [u8]) -> Result<Self, IndexError> {
        let file = File::open(bytes)?;
        let numbers = |id| Numbers::open(file.section(id)?);
        Ok(Index {
            file,
            keys: Table::open(file.section(SectionId::Keys)?)?,
            postings: file.section(SectionId::Postings)?,
            vulnerability_offsets: numbers(SectionId::VulnerabilityOffsets)?,
            vulnerabilities: file.section(SectionId::Vulnerabilities)?,
            advisory_offsets: numbers(SectionId::AdvisoryOffsets)?,
            advisories: file.section(SectionId::Advisories)?,
            update_names: Table::open(file.section(SectionId::UpdateNames)?)?,
            update_offsets: numbers(SectionId::UpdateOffsets)?,
            updates: file.section(SectionId::Updates)?,
            trace: None,
        })
    }

    /// Verifies all tables and rows of offsets, which are otherwise verified where they are looked at. What this costs grows with the index:
    /// about a millisecond for 50,000 advisories.
    ///
    /// # Errors
    /// [`IndexError::Damaged`]
    pub fn verify_tables(&self) -> Result<(), IndexError> {
        let section = |id| self.file.section(id);
        [self.keys, self.update_names].iter().try_for_each(Table::verify)?;
        Table::open(section(SectionId::Identifiers)?)?.verify()?;
        [self.vulnerability_offsets, self.advisory_offsets, self.update_offsets]
            .iter()
            .try_for_each(Numbers::verify)?;
        Numbers::open(section(SectionId::DocumentOffsets)?)?.verify()
    }

    /// The same, that notes every key that is consulted.
    #[must_use]
    pub fn traced(self, trace: &'a Trace) -> Self {
        Index { trace: Some(trace), ..self }
    }

    /// Where keys are noted.
    pub(crate) fn trace(&self) -> Option<&'a Trace> {
        self.trace
    }

    /// Notes that something was consulted that is asked for once and used often.
    pub(crate) fn note(&self, key: &[u8]) {
        if let Some(trace) = self.trace {
            trace.note(table::hash(key));
        }
    }

    fn note_update(&self, name: &str) {
        if self.trace.is_some() {
            let mut key = Vec::new();
            keys::replaced_by(name, &mut key);
            self.note(&key);
        }
    }

    /// The section of prints.
    pub(super) fn key_prints(&self) -> Result<&'a [u8], IndexError> {
        self.file.section(SectionId::KeyPrints)
    }

    /// The summary and what the index covers.
    ///
    /// # Errors
    /// [`IndexError::Damaged`]
    pub fn meta(&self) -> Result<Meta, IndexError> {
        serde_json::from_slice(self.file.section(SectionId::Meta)?)
            .map_err(|_| IndexError::Damaged("summary unreadable"))
    }

    /// How many vulnerabilities there are.
    pub fn vulnerability_count(&self) -> u32 {
        self.vulnerability_offsets.len() as u32
    }

    /// How many advisories there are.
    pub fn advisory_count(&self) -> u32 {
        self.advisory_offsets.len() as u32
    }

    /// The facts of a vulnerability.
    ///
    /// # Errors
    /// [`IndexError::Damaged`]
    pub fn vulnerability(&self, number: u32) -> Result<VulnerabilityFacts, IndexError> {
        facts::decode(record(self.vulnerabilities, self.vulnerability_offsets.get(number as usize)?)?)
    }

    fn advisory_record(&self, number: u32) -> Result<&'a [u8], IndexError> {
        record(self.advisories, self.advisory_offsets.get(number as usize)?)
    }

    /// Who says it.
    ///
    /// # Errors
    /// [`IndexError::Damaged`]
    pub fn advisory_head(&self, number: u32) -> Result<AdvisoryHead<'a>, IndexError> {
        Ok(self.advisory_parts(number)?.0)
    }

    fn advisory_parts(&self, number: u32) -> Result<(AdvisoryHead<'a>, &'a [u8]), IndexError> {
        let mut cursor = Cursor::new(self.advisory_record(number)?);
        let head = AdvisoryHead {
            id: cursor.text()?,
            source: cursor.text()?,
            document: cursor.text()?,
            modified: facts::read_time(&mut cursor)?,
            exploitability: cursor.byte()? != 0,
        };
        Ok((head, cursor.rest()))
    }

    /// The whole advisory.
    ///
    /// # Errors
    /// [`IndexError::Damaged`]
    pub fn advisory(&self, number: u32) -> Result<Advisory, IndexError> {
        told::decode(self.advisory_parts(number)?.1, "advisory unreadable")
    }

    /// What an identifier stands for, in any case.
    ///
    /// # Errors
    /// [`IndexError::Damaged`]
    pub fn find(&self, identifier: &str) -> Result<Option<Found>, IndexError> {
        let identifier = identifier.trim().to_ascii_uppercase();
        let table = Table::open(self.file.section(SectionId::Identifiers)?)?;
        let entries = self.file.section(SectionId::IdentifierEntries)?;
        for offset in table.candidates(table::hash(identifier.as_bytes())) {
            let mut cursor = Cursor::new(record(entries, offset?)?);
            if cursor.text()? == identifier {
                let mut found = Found::default();
                for list in [&mut found.vulnerabilities, &mut found.advisories] {
                    for _ in 0..cursor.count()? {
                        list.push(cursor.number()? as u32);
                    }
                }
                return Ok(Some(found));
            }
        }
        Ok(None)
    }

    /// The list filed under a product key.
    ///
    /// # Errors
    /// [`IndexError::Damaged`]
    pub fn list(&self, key: &[u8]) -> Result<Option<List<'a>>, IndexError> {
        let hash = table::hash(key);
        if let Some(trace) = self.trace {
            trace.note(hash);
        }
        for offset in self.keys.candidates(hash) {
            let mut cursor = Cursor::new(record(self.postings, offset?)?);
            if cursor.bytes()? == key {
                let left = cursor.count()?;
                return Ok(Some(List { left, cursor }));
            }
        }
        Ok(None)
    }

    /// The number of an update; `None` if no advisory mentions it.
    ///
    /// # Errors
    /// [`IndexError::Damaged`]
    pub fn update_number(&self, name: &str) -> Result<Option<u32>, IndexError> {
        let name = keys::update(name);
        self.note_update(&name);
        for number in self.update_names.candidates(table::hash(name.as_bytes())) {
            let number =
                u32::try_from(number?).map_err(|_| IndexError::Damaged("update number too large"))?;
            if self.update(number)?.name == name {
                return Ok(Some(number));
            }
        }
        Ok(None)
    }

    /// The update of this number.
    ///
    /// # Errors
    /// [`IndexError::Damaged`]
    pub fn update(&self, number: u32) -> Result<StoredUpdate<'a>, IndexError> {
        let mut cursor = Cursor::new(record(self.updates, self.update_offsets.get(number as usize)?)?);
        let name = cursor.text()?;
        self.note_update(name);
        let count = cursor.count()?;
        let replaced = (0..count).map(|_| Ok(cursor.number()? as u32)).collect::<Result<_, _>>()?;
        let count = cursor.count()?;
        let builds = (0..count).map(|_| cursor.text()).collect::<Result<_, _>>()?;
        Ok(StoredUpdate { name, replaced, builds })
    }

    /// The blocks in which vulnerabilities, or products, are searched by words, each verified; `None` if the index was built before there
    /// were any.
    ///
    /// # Errors
    /// [`IndexError::Damaged`]
    pub fn word_blocks(&self, products: bool) -> Result<Option<Vec<&'a [u8]>>, IndexError> {
        let id = if products { SectionId::ProductWords } else { SectionId::VulnerabilityWords };
        if !self.file.has(id) {
            return Ok(None);
        }
        super::words::blocks(self.file.section(id)?).collect::<Result<_, _>>().map(Some)
    }

    /// The source documents.
    ///
    /// # Errors
    /// [`IndexError::Damaged`]
    pub fn documents(&self) -> Result<Vec<SourceDocument>, IndexError> {
        let offsets = Numbers::open(self.file.section(SectionId::DocumentOffsets)?)?;
        offsets.iter().map(|offset| self.document_at(offset?)).collect()
    }

    /// The source document of this number ([`Advisory::document`]); `None` if there is none.
    ///
    /// # Errors
    /// [`IndexError::Damaged`]
    pub fn document(&self, number: u32) -> Result<Option<SourceDocument>, IndexError> {
        let offsets = Numbers::open(self.file.section(SectionId::DocumentOffsets)?)?;
        let number = number as usize;
        (number < offsets.len()).then(|| self.document_at(offsets.get(number)?)).transpose()
    }

    fn document_at(&self, offset: u64) -> Result<SourceDocument, IndexError> {
        told::decode(record(self.file.section(SectionId::Documents)?, offset)?, "document unreadable")
    }

    /// KEV and EPSS rows.
    ///
    /// # Errors
    /// [`IndexError::Damaged`]
    pub fn enrichments(&self) -> Result<Vec<Enrichment>, IndexError> {
        told::decode(record(self.file.section(SectionId::Enrichments)?, 0)?, "KEV and EPSS unreadable")
    }

    /// The device dictionary the index was built with.
    ///
    /// # Errors
    /// [`IndexError::Damaged`]
    pub fn devices(&self) -> Result<DeviceDictionary, IndexError> {
        serde_json::from_slice(record(self.file.section(SectionId::Devices)?, 0)?)
            .map_err(|_| IndexError::Damaged("device dictionary unreadable"))
    }
}

/// The entries under one key.
#[derive(Debug, Clone, Copy)]
pub struct List<'a> {
    left: usize,
    cursor: Cursor<'a>,
}

impl<'a> List<'a> {
    /// Entries that do not stand in an index file.
    pub(super) fn new(count: usize, bytes: &'a [u8]) -> Self {
        List { left: count, cursor: Cursor::new(bytes) }
    }

    /// How many entries there are.
    pub fn len(self) -> usize {
        self.left
    }

    /// True if there are none.
    pub fn is_empty(self) -> bool {
        self.left == 0
    }

    /// The entries as statements.
    pub fn statements(self) -> impl Iterator<Item = Result<StoredStatement<'a>, IndexError>> {
        let List { left, mut cursor } = self;
        (0..left).map(move |_| StoredStatement::decode(cursor.bytes()?))
    }

    /// The entries as texts (a maker's products).
    pub fn texts(self) -> impl Iterator<Item = Result<&'a str, IndexError>> {
        let List { left, mut cursor } = self;
        (0..left).map(move |_| cursor.text())
    }
}
