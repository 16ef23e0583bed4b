//! Reads files, folders and archives of advisories into [`Knowledge`], on all cores, in a fixed order.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fs;
use std::path::{Path, PathBuf};

use rayon::prelude::*;
use sha2::{Digest, Sha256};
use shindan_domain::advisory::{Advisory, AdvisoryFormat, Enrichment, SourceDocument};
use shindan_domain::diagnostic::{Code, Diagnostic, Place, Severity};
use shindan_domain::knowledge::SourceSummary;
use shindan_formats::advisory::{self, Reading};
use shindan_formats::archive::{Archive, is_zip};
use shindan_formats::limits::Limits;
use shindan_match::index::build::Knowledge;

use crate::progress::{Progress, Stage};

/// How many rejections are kept with their particulars per source; all of them are counted.
const REJECTIONS_KEPT: usize = 100;

/// One document read.
struct Document {
    path: String,
    sha256: String,
    size: u64,
    reading: Reading,
}

/// Finds the files under the paths: a folder gives all files in it, in a fixed order. Symbolic links inside folders
/// are not followed.
pub fn files(paths: &[PathBuf]) -> (Vec<PathBuf>, Vec<Diagnostic>) {
    let mut found = Vec::new();
    let mut diagnostics = Vec::new();
    for path in paths {
        match fs::metadata(path) {
            Ok(meta) if meta.is_dir() => {
                let before = (found.len(), worse_than_notes(&diagnostics));
                walk(path, 0, &mut found, &mut diagnostics);
                // Nothing found must not look like nothing to find.
                if before == (found.len(), worse_than_notes(&diagnostics)) {
                    let place = Place::file(path.display().to_string());
                    diagnostics.push(Diagnostic::new(Code::FolderEmpty, place));
                }
            }
            Ok(_) => found.push(path.clone()),
            Err(error) => diagnostics.push(unreadable(path, &error)),
        }
    }
    (found, diagnostics)
}

fn walk(folder: &Path, depth: usize, found: &mut Vec<PathBuf>, diagnostics: &mut Vec<Diagnostic>) {
    if depth > Limits::DEFAULT.depth {
        let place = Place::file(folder.display().to_string());
        diagnostics.push(Diagnostic::new(Code::DepthExceeded, place).with("limit", Limits::DEFAULT.depth));
        return;
    }
    let entries = match fs::read_dir(folder).and_then(Iterator::collect::<Result<Vec<_>, _>>) {
        Ok(entries) => entries,
        Err(error) => {
            diagnostics.push(unreadable(folder, &error));
            return;
        }
    };
    let mut entries: Vec<_> = entries.into_iter().map(|e| (e.path(), e.file_type())).collect();
    entries.sort_by(|a, b| a.0.cmp(&b.0));
    for (path, kind) in entries {
        match kind {
            Ok(kind) if kind.is_dir() => walk(&path, depth + 1, found, diagnostics),
            Ok(kind) if kind.is_file() && is_bystander(&path) => diagnostics.push(
                Diagnostic::new(Code::FileSkipped, Place::file(path.display().to_string()))
                    .with("hint", path.file_name().unwrap_or_default().display()),
            ),
            Ok(kind) if kind.is_file() => found.push(path),
            Ok(_) => diagnostics.push(
                Diagnostic::new(Code::LinkSkipped, Place::file(path.display().to_string()))
                    .with("hint", "symbolic link or special file"),
            ),
            Err(error) => diagnostics.push(unreadable(&path, &error)),
        }
    }
}

fn worse_than_notes(diagnostics: &[Diagnostic]) -> usize {
    diagnostics.iter().filter(|d| d.severity() > Severity::Note).count()
}

/// Files that stand beside data in every folder and hold none: what describes the folder, and what operating systems and
/// office programs leave behind. Whoever names one as an input still has it read.
fn is_bystander(path: &Path) -> bool {
    const DESCRIBE: [&str; 8] =
        ["readme", "license", "licence", "copying", "notice", "changelog", "contributing", "code_of_conduct"];
    const LEFT_BEHIND: [&str; 5] = [".ds_store", "thumbs.db", "desktop.ini", ".gitignore", ".gitattributes"];
    let name = path.file_name().unwrap_or_default().to_string_lossy().to_lowercase();
    let (stem, extension) = name.split_once('.').unwrap_or((&name, ""));
    let describes = DESCRIBE.contains(&stem) && matches!(extension, "" | "md" | "txt" | "rst" | "ja.md");
    // Excel's mark that somebody has the workbook open.
    describes || LEFT_BEHIND.contains(&&*name) || name.starts_with("~$")
}

fn unreadable(path: &Path, error: &std::io::Error) -> Diagnostic {
    Diagnostic::new(Code::FileUnreadable, Place::file(path.display().to_string())).with("reason", error)
}

/// Reads a whole file, refusing what is larger than the limit before it is read.
///
/// # Errors
/// [`Code::FileUnreadable`] or [`Code::FileTooLarge`].
pub fn read_file(path: &Path, limits: &Limits) -> Result<Vec<u8>, Diagnostic> {
    let place = || Place::file(path.display().to_string());
    let size = fs::metadata(path).map_err(|e| unreadable(path, &e))?.len();
    if size > limits.file_size {
        return Err(Diagnostic::new(Code::FileTooLarge, place())
            .with("size", size)
            .with("limit", limits.file_size));
    }
    // The file may grow while it is read, or be a device without a size.
    let file = fs::File::open(path).map_err(|e| unreadable(path, &e))?;
    let mut bytes = Vec::with_capacity(size as usize);
    std::io::Read::read_to_end(&mut std::io::Read::take(file, limits.file_size + 1), &mut bytes)
        .map_err(|e| unreadable(path, &e))?;
    if bytes.len() as u64 > limits.file_size {
        return Err(Diagnostic::new(Code::FileTooLarge, place())
            .with("size", bytes.len())
            .with("limit", limits.file_size));
    }
    Ok(bytes)
}

/// Begins the path of a document that was collected from a source; what follows is its path below the folder of all sources. Such
/// a path is the same wherever the data folder stands.
pub(crate) const COLLECTED: &str = "collected:";

/// Reads everything under `paths` and adds it to `knowledge`. Returns every diagnostic, in the order of the files.
pub fn ingest(knowledge: &mut Knowledge, paths: &[PathBuf], progress: &dyn Progress) -> Vec<Diagnostic> {
    ingest_as(knowledge, paths, &|path| path.display().to_string(), progress)
}

/// Reads the files that were collected from sources, below `root`, in place of those that were read from there before.
pub fn ingest_collected(
    knowledge: &mut Knowledge,
    root: &Path,
    paths: &[PathBuf],
    progress: &dyn Progress,
) -> Vec<Diagnostic> {
    drop_collected(knowledge);
    ingest_as(knowledge, paths, &|path| collected_as(root, path), progress)
}

/// What a collected file is called in the knowledge base.
pub(crate) fn collected_as(root: &Path, path: &Path) -> String {
    let below = path.strip_prefix(root).unwrap_or(path);
    let parts: Vec<_> = below.iter().map(|part| part.to_string_lossy()).collect();
    format!("{COLLECTED}{}", parts.join("/"))
}

/// Takes out what was collected before. All of it is read anew: which of two sources had the newer issue of a document cannot be
/// told from one of them.
fn drop_collected(knowledge: &mut Knowledge) {
    let mut numbers = vec![None; knowledge.documents.len()];
    let mut kept = Vec::new();
    let mut rows: BTreeSet<AdvisoryFormat> = BTreeSet::new();
    for (document, number) in std::mem::take(&mut knowledge.documents).into_iter().zip(&mut numbers) {
        if document.path.starts_with(COLLECTED) {
            rows.extend(document.format);
            uncount(&mut knowledge.summary.sources, &document);
        } else {
            // Never more than there were, and those were numbered with 32 bits.
            *number = u32::try_from(kept.len()).ok();
            kept.push(document);
        }
    }
    knowledge.documents = kept;
    knowledge.advisories.retain_mut(|advisory| {
        match numbers.get(advisory.document as usize).copied().flatten() {
            Some(number) => {
                advisory.document = number;
                true
            }
            None => false,
        }
    });
    // Rows do not tell their document: those of a catalogue that is collected come from there.
    knowledge.enrichments.retain(|row| match row {
        // Records of vulnerabilities repeat the fact without a due date; those rows are theirs.
        Enrichment::Kev(entry) => entry.due_date.is_empty() || !rows.contains(&AdvisoryFormat::Kev),
        Enrichment::Epss(_) => !rows.contains(&AdvisoryFormat::Epss),
    });
}

/// Forgets what was counted and told about a document that is taken out.
fn uncount(sources: &mut [SourceSummary], document: &SourceDocument) {
    let Some(at) = sources.iter().position(|known| known.name == document.source) else { return };
    let Some(source) = sources.get_mut(at) else { return };
    source.rejected = source.rejected.saturating_sub(document.rejected);
    source.documents = source.documents.saturating_sub(1);
    source.rejections.retain(|told| !told.place.path.starts_with(COLLECTED));
    if source.documents == 0 {
        source.warnings.clear();
        // What is left was counted for paths that gave no document, and they are told with the files that are read next.
        source.rejected = 0;
    }
}

fn ingest_as(
    knowledge: &mut Knowledge,
    paths: &[PathBuf],
    named: &(dyn Fn(&Path) -> String + Sync),
    progress: &dyn Progress,
) -> Vec<Diagnostic> {
    let limits = Limits::DEFAULT;
    let (mut files, mut diagnostics) = files(paths);
    // Where two documents say something different with the same date, the one read last is kept: that must not depend
    // on the order in which somebody names them, and no file counts twice.
    files.sort();
    files.dedup();
    let mut sources = Sources::new(&knowledge.summary.sources, &knowledge.documents);
    for problem in &diagnostics {
        match problem.severity() {
            Severity::Error => sources.without_document("unknown", problem.clone()),
            Severity::Warning => sources.warn("unknown", problem.code),
            Severity::Note => {}
        }
    }
    let known: BTreeSet<(String, String)> = knowledge
        .documents
        .iter()
        .filter(|d| d.rejected == 0)
        .map(|d| (d.path.clone(), d.sha256.clone()))
        .collect();
    progress.stage(Stage::Reading, Some(files.len() as u64));
    // A part of the files at a time: what was read of one part is folded in before the next one is opened, so that
    // memory holds the bytes of a few files only.
    for part in files.chunks(512) {
        let read: Vec<Vec<Document>> = part
            .par_iter()
            .map(|path| {
                let documents = read_path(path, named(path), &limits);
                progress.advance(1);
                documents
            })
            .collect();
        for document in read.into_iter().flatten() {
            // Added again, unchanged and read without error: it says nothing new, and counts once.
            if known.contains(&(document.path.clone(), document.sha256.clone())) {
                continue;
            }
            fold_in(knowledge, &mut sources, document, &mut diagnostics);
        }
    }
    let replaced = drop_replaced(knowledge);
    diagnostics.extend(replaced);
    knowledge.summary.sources = sources.finish(&knowledge.documents);
    knowledge.summary.rejected = knowledge.summary.sources.iter().map(|s| s.rejected).sum();
    knowledge.summary.newest = knowledge.documents.iter().filter_map(|d| d.newest).max();
    diagnostics
}

fn read_path(path: &Path, name: String, limits: &Limits) -> Vec<Document> {
    let bytes = match read_file(path, limits) {
        Ok(bytes) => bytes,
        Err(problem) => return vec![failed(name, &[], problem)],
    };
    read_bytes(name, &bytes, limits)
}

fn read_bytes(name: String, bytes: &[u8], limits: &Limits) -> Vec<Document> {
    if !is_zip(bytes) {
        return vec![read_document(name, bytes, limits)];
    }
    let archive = match Archive::open(bytes, &name, limits) {
        Ok(archive) => archive,
        Err(problem) => return vec![failed(name, bytes, problem)],
    };
    let mut documents: Vec<Document> = (0..archive.len())
        .into_par_iter()
        .filter_map(|n| match archive.entry(n) {
            Ok(entry) if is_list_of_changes(&entry.name) => None,
            Ok(entry) => {
                let mut document = read_document(format!("{name}!{}", entry.name), &entry.bytes, limits);
                for problem in &mut document.reading.diagnostics {
                    problem.place.path.clone_from(&name);
                    problem.place.member = Some(entry.name.clone());
                }
                Some(document)
            }
            Err(problem) => Some(failed(problem.place.to_string(), &[], problem)),
        })
        .collect();
    documents.extend(archive.diagnostics().iter().map(|d| failed(name.clone(), &[], d.clone())));
    documents
}

/// What the archives of the CVE List hold besides records: which of them changed when.
fn is_list_of_changes(name: &str) -> bool {
    let last = name.rsplit('/').next().unwrap_or(name);
    matches!(last, "delta.json" | "deltaLog.json" | "recent_activities.json")
}

/// What stands in one file, which may be an archive of documents.
pub(crate) fn readings(bytes: &[u8], name: &str, limits: &Limits) -> Vec<Reading> {
    read_bytes(name.to_owned(), bytes, limits).into_iter().map(|document| document.reading).collect()
}

fn read_document(path: String, bytes: &[u8], limits: &Limits) -> Document {
    let reading = advisory::read(bytes, &path, limits);
    Document { sha256: hex(&Sha256::digest(bytes)), size: bytes.len() as u64, reading, path }
}

fn failed(path: String, bytes: &[u8], problem: Diagnostic) -> Document {
    let rejected = u64::from(problem.severity() == Severity::Error);
    let reading =
        Reading { source: "unknown".to_owned(), diagnostics: vec![problem], rejected, ..Reading::default() };
    Document { sha256: hex(&Sha256::digest(bytes)), size: bytes.len() as u64, reading, path }
}

fn hex(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(2 * bytes.len());
    let digits = bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]);
    text.extend(digits.filter_map(|digit| char::from_digit(u32::from(digit), 16)));
    text
}

fn fold_in(
    knowledge: &mut Knowledge,
    sources: &mut Sources,
    document: Document,
    diagnostics: &mut Vec<Diagnostic>,
) {
    let Document { path, sha256, size, reading } = document;
    let source = if reading.source.is_empty() { "unknown".to_owned() } else { reading.source };
    for diagnostic in &reading.diagnostics {
        match diagnostic.severity() {
            Severity::Error => sources.reject(&source, diagnostic.clone()),
            Severity::Warning => sources.warn(&source, diagnostic.code),
            Severity::Note => {}
        }
    }
    let records = (reading.advisories.len() + reading.enrichments.len()) as u64;
    // A document of which nothing could be read is one rejection, whatever its reader counts.
    let nothing = records == 0 && reading.diagnostics.iter().any(|d| d.severity() == Severity::Error);
    let rejected = reading.rejected.max(u64::from(nothing));
    let number = knowledge.documents.len() as u32;
    knowledge.documents.push(SourceDocument {
        path,
        sha256,
        size,
        format: reading.format,
        source,
        records,
        rejected,
        newest: reading.newest,
    });
    knowledge.advisories.extend(reading.advisories.into_iter().map(|mut advisory| {
        advisory.document = number;
        advisory
    }));
    knowledge.enrichments.extend(reading.enrichments);
    diagnostics.extend(reading.diagnostics);
}

/// One source, one id, one opinion: the greatest revision wins, else the newest `modified`, between equals the one read last. Rows of KEV and EPSS
/// likewise.
fn drop_replaced(knowledge: &mut Knowledge) -> Vec<Diagnostic> {
    let mut newest: HashMap<(&str, Cow<'_, str>, &'static str), usize> =
        HashMap::with_capacity(knowledge.advisories.len());
    let mut keep = vec![true; knowledge.advisories.len()];
    let mut diagnostics = Vec::new();
    for (number, advisory) in knowledge.advisories.iter().enumerate() {
        let mut id = Cow::from(advisory.id.as_str());
        if id.bytes().any(|byte| byte.is_ascii_lowercase()) {
            id.to_mut().make_ascii_uppercase();
        }
        let key = (advisory.source.as_str(), id, advisory.format.as_str());
        let Some(known) = newest.get(&key).copied() else {
            newest.insert(key, number);
            continue;
        };
        let Some(before) = knowledge.advisories.get(known) else { continue };
        let (older, newer) = if replaces(advisory, before) { (known, number) } else { (number, known) };
        if let Some(flag) = keep.get_mut(older) {
            *flag = false;
        }
        if !same_content(before, advisory) {
            let path = knowledge.documents.get(advisory.document as usize).map(|d| d.path.clone());
            let place = Place::file(path.unwrap_or_default());
            diagnostics.push(Diagnostic::new(Code::AdvisoryReplaced, place).with("id", &advisory.id));
        }
        newest.insert(key, newer);
    }
    let mut flags = keep.into_iter();
    knowledge.advisories.retain(|_| flags.next().unwrap_or(true));
    let mut rows: BTreeMap<(u8, String), Enrichment> = BTreeMap::new();
    for row in std::mem::take(&mut knowledge.enrichments) {
        let key = match &row {
            Enrichment::Kev(entry) => (0, entry.cve.clone()),
            Enrichment::Epss(entry) => (1, entry.cve.clone()),
        };
        let older = match (&row, rows.get(&key)) {
            (Enrichment::Epss(new), Some(Enrichment::Epss(known))) => new.date < known.date,
            // CVE records repeat the fact without a due date; the catalogue's own row says more.
            (Enrichment::Kev(new), Some(Enrichment::Kev(known))) => {
                new.due_date.is_empty() && !known.due_date.is_empty()
            }
            _ => false,
        };
        if !older {
            rows.insert(key, row);
        }
    }
    knowledge.enrichments = rows.into_values().collect();
    diagnostics
}

/// True if `later`, which was read behind `earlier`, is the newer issue of the same document.
fn replaces(later: &Advisory, earlier: &Advisory) -> bool {
    match (later.revision, earlier.revision) {
        (Some(a), Some(b)) if a != b => a > b,
        _ => later.modified >= earlier.modified,
    }
}

fn same_content(a: &Advisory, b: &Advisory) -> bool {
    let mut other = b.clone();
    other.document = a.document;
    *a == other
}

/// Collects what is said about each source.
struct Sources {
    by_name: BTreeMap<String, SourceSummary>,
    /// Rejections of paths that gave no document (they could not even be opened).
    without_document: BTreeMap<String, u64>,
}

impl Sources {
    /// Goes on from what is known; what was counted beyond the documents had none.
    fn new(known: &[SourceSummary], documents: &[SourceDocument]) -> Self {
        let mut without_document: BTreeMap<String, u64> =
            known.iter().map(|s| (s.name.clone(), s.rejected)).collect();
        for document in documents {
            if let Some(count) = without_document.get_mut(&document.source) {
                *count = count.saturating_sub(document.rejected);
            }
        }
        Sources { by_name: known.iter().map(|s| (s.name.clone(), s.clone())).collect(), without_document }
    }

    fn entry(&mut self, name: &str) -> &mut SourceSummary {
        self.by_name
            .entry(name.to_owned())
            .or_insert_with(|| SourceSummary { name: name.to_owned(), ..SourceSummary::default() })
    }

    fn without_document(&mut self, name: &str, diagnostic: Diagnostic) {
        self.reject(name, diagnostic);
        *self.without_document.entry(name.to_owned()).or_default() += 1;
    }

    fn reject(&mut self, name: &str, diagnostic: Diagnostic) {
        let source = self.entry(name);
        if source.rejections.len() < REJECTIONS_KEPT {
            source.rejections.push(diagnostic);
        }
    }

    fn warn(&mut self, name: &str, code: Code) {
        *self.entry(name).warnings.entry(code.as_str().to_owned()).or_default() += 1;
    }

    /// Counts documents and records anew; rejections and warnings are what was collected.
    fn finish(mut self, documents: &[SourceDocument]) -> Vec<SourceSummary> {
        for source in self.by_name.values_mut() {
            (source.documents, source.advisories, source.newest) = (0, 0, None);
            source.rejected = 0;
            source.formats.clear();
        }
        for document in documents {
            let source = self.entry(&document.source);
            source.documents += 1;
            source.advisories += document.records;
            source.rejected += document.rejected;
            source.newest = source.newest.max(document.newest);
            if let Some(format) = document.format {
                let format = format.as_str().to_owned();
                if !source.formats.contains(&format) {
                    source.formats.push(format);
                    source.formats.sort();
                }
            }
        }
        for (name, count) in std::mem::take(&mut self.without_document) {
            self.entry(&name).rejected += count;
        }
        self.by_name.into_values().collect()
    }
}
