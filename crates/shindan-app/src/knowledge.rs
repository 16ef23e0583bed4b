//! Use cases of `kb`: build, status, show, export.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use shindan_domain::advisory::{Advisory, Opinion, SourceDocument};
use shindan_domain::devices::DeviceDictionary;
use shindan_domain::diagnostic::{Diagnostic, Severity};
use shindan_domain::finding::VulnerabilityFacts;
use shindan_domain::knowledge::KnowledgeSummary;
use shindan_match::index::build::{self, BuiltIndex, Knowledge};
use shindan_match::index::layout::IndexError;
use shindan_match::index::read::Index;

use crate::author::Author;
use crate::data_folder::{BuildLock, DataFolder, MappedIndex};
use crate::error::AppError;
use crate::progress::{Progress, Stage};
use crate::{embedded, ingest};

/// What a build did.
#[derive(Debug)]
pub struct Built {
    /// The new knowledge base.
    pub summary: KnowledgeSummary,
    /// Everything that was odd or unreadable, in the order of the documents.
    pub diagnostics: Vec<Diagnostic>,
    /// Who ends next may forget the whole of this.
    _read: Read,
}

/// What was read. Taking hundreds of thousands of advisories apart needs nobody who waits for it.
#[derive(Debug)]
struct Read(Option<Box<Knowledge>>);

impl Drop for Read {
    fn drop(&mut self) {
        let read = self.0.take();
        rayon::spawn(move || drop(read));
    }
}

impl Built {
    /// True if some document or record could not be read.
    pub fn anything_unreadable(&self) -> bool {
        self.diagnostics.iter().any(|d| d.severity() == Severity::Error)
    }
}

/// How to build.
#[derive(Debug, Default)]
pub struct BuildOptions {
    /// Extend the present knowledge base instead of replacing it.
    pub add: bool,
    /// The user's own device dictionary, read after the one that ships.
    pub devices: Option<DeviceDictionary>,
}

/// Builds the knowledge base anew with the files that were collected from sources, and puts it in force atomically. What was built
/// by hand before stays in it.
///
/// # Errors
/// [`AppError::NothingReadable`] if no advisory and no row could be read at all: the old one stays in force.
pub(crate) fn build_collected(
    folder: &DataFolder,
    files: &[PathBuf],
    now: Timestamp,
    progress: &dyn Progress,
) -> Result<Built, AppError> {
    let lock = folder.lock()?;
    let mut knowledge = if folder.current()?.is_some() { load(folder)? } else { Knowledge::default() };
    let devices =
        if folder.current()?.is_some() { std::mem::take(&mut knowledge.devices) } else { devices(None)? };
    let diagnostics = ingest::ingest_collected(&mut knowledge, &folder.collected(), files, progress);
    knowledge.devices = devices;
    put_in_force(folder, &lock, knowledge, diagnostics, now, progress)
}

/// True if the knowledge base holds these collected files as they are, and no other collected one. Archives are compared by their
/// names and the time of the build: their members are what the knowledge base knows.
///
/// # Errors
/// [`AppError::Index`] or [`AppError::Io`].
pub(crate) fn holds_collected(folder: &DataFolder, files: &[PathBuf]) -> Result<bool, AppError> {
    if folder.current()?.is_none() {
        return Ok(false);
    }
    let mapped = folder.map()?;
    let (index, meta) = mapped.open()?;
    let documents = index.documents().map_err(|error| mapped.error(error))?;
    let file_of = |path: &str| path.split_once('!').map_or(path, |(file, _)| file).to_owned();
    let held: BTreeSet<String> = documents
        .iter()
        .filter(|document| document.path.starts_with(ingest::COLLECTED))
        .map(|document| file_of(&document.path))
        .collect();
    let wanted: BTreeSet<String> =
        files.iter().map(|path| ingest::collected_as(&folder.collected(), path)).collect();
    if held != wanted {
        return Ok(false);
    }
    for path in files {
        let changed = std::fs::metadata(path).and_then(|meta| meta.modified()).map_err(AppError::io(path))?;
        // A time that cannot be told counts as changed: the base is built anew.
        let changed = Timestamp::try_from(changed).ok();
        if changed.is_none_or(|changed| meta.summary.built_at.is_none_or(|built| changed >= built)) {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Builds the knowledge base from files, folders and archives, and puts it in force atomically. The author may do so.
///
/// # Errors
/// [`AppError::NothingReadable`] if no advisory and no row could be read at all: the old one stays in force.
/// [`AppError::KnowledgeMissing`] if there is nothing to add to.
pub fn build(
    folder: &DataFolder,
    paths: &[PathBuf],
    options: BuildOptions,
    _author: &Author,
    now: Timestamp,
    progress: &dyn Progress,
) -> Result<Built, AppError> {
    // Nothing is made in a folder that has nothing to add to.
    if options.add && folder.current()?.is_none() {
        return Err(AppError::KnowledgeMissing(folder.root().to_owned()));
    }
    let lock = folder.lock()?;
    let mut knowledge = if options.add { load(folder)? } else { Knowledge::default() };
    let documents_before = knowledge.documents.len();
    let diagnostics = ingest::ingest(&mut knowledge, paths, progress);
    let read: u64 = knowledge.documents.iter().skip(documents_before).map(|d| d.records).sum();
    let failed = diagnostics.iter().any(|d| d.severity() == Severity::Error);
    if read == 0 && failed {
        return Err(AppError::NothingReadable(diagnostics));
    }
    knowledge.devices = devices(options.devices)?;
    put_in_force(folder, &lock, knowledge, diagnostics, now, progress)
}

/// Indexes what was read, writes the next generation and moves the pointer.
fn put_in_force(
    folder: &DataFolder,
    lock: &BuildLock,
    mut knowledge: Knowledge,
    mut diagnostics: Vec<Diagnostic>,
    now: Timestamp,
    progress: &dyn Progress,
) -> Result<Built, AppError> {
    if knowledge.advisories.is_empty() && knowledge.enrichments.is_empty() {
        return Err(AppError::NothingReadable(diagnostics));
    }
    progress.stage(Stage::Indexing, None);
    let generation = folder.next_generation();
    knowledge.summary.generation = generation;
    knowledge.summary.built_at = Some(now);
    let beside = &|one: &mut (dyn FnMut() + Send), other: &mut (dyn FnMut() + Send)| {
        rayon::join(one, other);
    };
    let BuiltIndex { file, summary, merging } = build::build_by(&knowledge, beside)?;
    let read = Read(Some(Box::new(knowledge)));
    diagnostics.extend(merging);
    progress.stage(Stage::Writing, None);
    folder.commit(lock, generation, file.slices())?;
    progress.stage(Stage::Done, None);
    Ok(Built { summary, diagnostics, _read: read })
}

fn devices(own: Option<DeviceDictionary>) -> Result<DeviceDictionary, AppError> {
    let mut dictionary = embedded::device_dictionary()?;
    if let Some(own) = own {
        dictionary.makers.extend(own.makers);
        dictionary.rules.extend(own.rules);
        dictionary.possible.extend(own.possible);
    }
    Ok(dictionary)
}

/// Reads the user's own device dictionary.
///
/// # Errors
/// [`AppError::Pack`] with file and line.
pub fn read_devices(path: &Path) -> Result<DeviceDictionary, AppError> {
    let text = std::fs::read_to_string(path).map_err(AppError::io(path))?;
    let read = shindan_formats::devices::read(&text, &path.display().to_string());
    read.map_err(|d| AppError::Pack(vec![d]))
}

fn load(folder: &DataFolder) -> Result<Knowledge, AppError> {
    let mapped = folder.map()?;
    let (index, meta) = mapped.open()?;
    let load = || -> Result<Knowledge, IndexError> {
        let advisories =
            (0..index.advisory_count()).map(|n| index.advisory(n)).collect::<Result<Vec<Advisory>, _>>()?;
        Ok(Knowledge {
            documents: index.documents()?,
            advisories,
            enrichments: index.enrichments()?,
            devices: index.devices()?,
            summary: meta.summary,
        })
    };
    load().map_err(|e| mapped.error(e))
}

/// What the knowledge base says about itself, after all of its tables were verified.
///
/// # Errors
/// [`AppError::KnowledgeMissing`] or [`AppError::Index`].
pub fn status(folder: &DataFolder) -> Result<KnowledgeSummary, AppError> {
    let mapped = folder.map()?;
    let (index, meta) = mapped.open()?;
    index.verify_tables().map_err(|error| mapped.error(error))?;
    Ok(meta.summary)
}

/// What is known about one identifier.
#[derive(Debug)]
pub struct Shown {
    /// The facts: of the vulnerability, or of the document if it names several.
    pub facts: VulnerabilityFacts,
    /// The vulnerabilities that a document names; for a vulnerability itself, its own id.
    pub vulnerabilities: Vec<String>,
    /// Every opinion.
    pub advisories: Vec<Advisory>,
    /// The documents they were read from, in the same order.
    pub documents: Vec<Option<SourceDocument>>,
}

impl Shown {
    fn new(
        facts: VulnerabilityFacts,
        vulnerabilities: Vec<String>,
        advisories: Vec<Advisory>,
        index: &Index<'_>,
    ) -> Result<Self, IndexError> {
        let documents = advisories.iter().map(|advisory| index.document(advisory.document));
        let documents = documents.collect::<Result<_, _>>()?;
        Ok(Shown { facts, vulnerabilities, advisories, documents })
    }

    /// Every opinion with its document.
    pub fn opinions(&self) -> impl Iterator<Item = Opinion<'_>> {
        self.advisories
            .iter()
            .zip(&self.documents)
            .map(|(advisory, document)| Opinion { advisory, document: document.as_ref() })
    }
}

/// Shows a vulnerability with every opinion about it, or a document that names several vulnerabilities.
///
/// # Errors
/// [`AppError::NotFound`], [`AppError::KnowledgeMissing`] or [`AppError::Index`].
pub fn show(folder: &DataFolder, id: &str) -> Result<Shown, AppError> {
    let mapped = folder.map()?;
    let (index, _) = mapped.open()?;
    let Some(found) = index.find(id).map_err(|e| mapped.error(e))? else {
        return Err(AppError::NotFound(id.trim().to_owned()));
    };
    let read = || -> Result<Shown, IndexError> {
        if let [only] = found.vulnerabilities[..] {
            let facts = index.vulnerability(only)?;
            let advisories = match index.find(&facts.id)? {
                Some(all) => all.advisories,
                None => found.advisories.clone(),
            };
            let advisories = advisories.into_iter().map(|n| index.advisory(n)).collect::<Result<_, _>>()?;
            let vulnerabilities = vec![facts.id.clone()];
            return Shown::new(facts, vulnerabilities, advisories, &index);
        }
        let wanted = id.trim();
        for &number in &found.advisories {
            if index.advisory_head(number)?.id.eq_ignore_ascii_case(wanted) {
                return shown_advisory(&index, number);
            }
        }
        Err(IndexError::Damaged("identifier without advisory"))
    };
    read().map_err(|e| mapped.error(e))
}

/// One advisory by itself, as `kb export` lists it.
fn shown_advisory(index: &Index<'_>, number: u32) -> Result<Shown, IndexError> {
    let advisory = index.advisory(number)?;
    let mut facts = VulnerabilityFacts {
        id: advisory.id.clone(),
        title: advisory.title.clone(),
        published: advisory.published,
        ..VulnerabilityFacts::default()
    };
    let mut vulnerabilities = Vec::new();
    for vulnerability in &advisory.vulnerabilities {
        for found in index.find(&vulnerability.id)?.into_iter().flat_map(|f| f.vulnerabilities) {
            let own = index.vulnerability(found)?;
            if advisory.vulnerabilities.len() == 1 {
                facts = VulnerabilityFacts { id: advisory.id.clone(), ..own.clone() };
            }
            if !vulnerabilities.contains(&own.id) {
                vulnerabilities.push(own.id);
            }
        }
    }
    if facts.aliases.is_empty() {
        facts.aliases = vec![advisory.id.clone()];
    }
    Shown::new(facts, vulnerabilities, vec![advisory], index)
}

/// Hands every advisory to `each`, in the order of the knowledge base.
///
/// # Errors
/// Those of `each`, [`AppError::KnowledgeMissing`] or [`AppError::Index`].
pub fn export(
    folder: &DataFolder,
    mut each: impl FnMut(&Shown) -> std::io::Result<()>,
) -> Result<(), AppError> {
    let mapped: MappedIndex = folder.map()?;
    let (index, _) = mapped.open()?;
    for number in 0..index.advisory_count() {
        let shown = shown_advisory(&index, number).map_err(|e| mapped.error(e))?;
        each(&shown).map_err(AppError::io("output"))?;
    }
    Ok(())
}
