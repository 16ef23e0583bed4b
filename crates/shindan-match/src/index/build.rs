//! Builds an index file from advisories. All the work that a query must not do is done here.

use std::borrow::Cow;
use std::collections::BTreeMap;

use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};
use shindan_domain::advisory::{Advisory, Enrichment, SourceDocument};
use shindan_domain::devices::DeviceDictionary;
use shindan_domain::diagnostic::Diagnostic;
use shindan_domain::knowledge::KnowledgeSummary;
use xxhash_rust::xxh3::xxh3_64;

use super::enriched::Enriched;
use super::filing::{Filed, FiledList, Filing};
use super::layout::{Encode, FileWriter, IndexFile, SectionId, push_record, write_record};
use super::prints::{Identities, Print, Prints, of_texts};
use super::updates::Updates;
use super::{facts, numbers, table, told, words};
use crate::identity::{self, Merged};
use crate::keys;

/// Everything an index is made of.
#[derive(Debug, Default)]
pub struct Knowledge {
    /// Documents; [`Advisory::document`] is an index into this list.
    pub documents: Vec<SourceDocument>,
    /// Advisories.
    pub advisories: Vec<Advisory>,
    /// KEV and EPSS rows.
    pub enrichments: Vec<Enrichment>,
    /// Makers, and hardware → software.
    pub devices: DeviceDictionary,
    /// What is known about the sources. Counts of advisories and vulnerabilities are filled in by [`build`].
    pub summary: KnowledgeSummary,
}

/// The first section: the summary and what the index covers.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Meta {
    /// What is known about the sources.
    pub summary: KnowledgeSummary,
    /// Statements per ecosystem that some source covers as a whole (`crates.io`, `Debian`, `Debian:12`), and of all
    /// sources for `cpe` and `device`.
    pub ecosystems: BTreeMap<String, u64>,
}

/// Runs two pieces of work: one after the other, or beside each other.
pub type Both<'b> = dyn Fn(&mut (dyn FnMut() + Send), &mut (dyn FnMut() + Send)) + 'b;

/// Builds the file, one part after the other.
///
/// # Errors
/// Only if a value cannot be written, which would be a defect of this program.
pub fn build(knowledge: &Knowledge) -> Result<(Vec<u8>, Vec<Diagnostic>), serde_json::Error> {
    let built = build_by(knowledge, &|one, other| {
        one();
        other();
    })?;
    Ok((built.file.slices().collect::<Vec<_>>().concat(), built.merging))
}

/// An index that was built.
#[derive(Debug)]
pub struct BuiltIndex {
    /// Its file.
    pub file: IndexFile,
    /// What it holds, as it stands in the file.
    pub summary: KnowledgeSummary,
    /// What was odd when advisories were put together.
    pub merging: Vec<Diagnostic>,
}

/// As [`build`]; `both` says how parts are made that do not need each other. The file is the same.
///
/// # Errors
/// As [`build`].
pub fn build_by(knowledge: &Knowledge, both: &Both<'_>) -> Result<BuiltIndex, serde_json::Error> {
    let merged = identity::merge(&knowledge.advisories);
    let devices = serde_json::to_vec(&knowledge.devices)?;
    let (mut judged, mut told, mut named) = (None, None, None);
    both(&mut || judged = Some(write_judged(knowledge, &merged, &devices)), &mut || {
        told = Some(write_told(knowledge));
        named = Some(write_named(&knowledge.advisories, &merged));
    });
    let (mut file, ecosystems) = judged.unwrap_or_else(|| write_judged(knowledge, &merged, &devices));
    file.append(told.unwrap_or_else(|| write_told(knowledge))?);
    file.append(named.unwrap_or_else(|| write_named(&knowledge.advisories, &merged)));
    let mut bytes = Vec::with_capacity(devices.len() + 8);
    push_record(&mut bytes, &devices);
    file.add(SectionId::Devices, false, bytes);
    let mut summary = knowledge.summary.clone();
    summary.documents = knowledge.documents.len() as u64;
    summary.advisories = knowledge.advisories.len() as u64;
    summary.vulnerabilities = merged.clusters.len() as u64;
    let meta = Meta { summary, ecosystems };
    file.add(SectionId::Meta, true, serde_json::to_vec(&meta)?);
    Ok(BuiltIndex { file: file.assemble(), summary: meta.summary, merging: merged.diagnostics })
}

/// What matching reads: statements by product key, prints, facts of vulnerabilities. And what is covered.
fn write_judged(
    knowledge: &Knowledge,
    merged: &Merged,
    devices: &[u8],
) -> (FileWriter, BTreeMap<String, u64>) {
    let updates = Updates::of(&knowledge.advisories);
    let mut vulnerabilities = Vulnerabilities::of(knowledge, merged);
    let identities = Identities {
        advisories: who_say(knowledge),
        vulnerabilities: std::mem::take(&mut vulnerabilities.prints),
    };
    let mut filing = Filing::new(&knowledge.devices, |name| updates.number(name)).printing(&identities);
    for (number, advisory) in knowledge.advisories.iter().enumerate() {
        let clusters = merged.cluster_of.get(number).map(Vec::as_slice).unwrap_or_default();
        let number_of = |v: usize| clusters.get(v).map(std::slice::from_ref).unwrap_or_default();
        filing.file_advisory(number as u32, advisory, number_of);
    }
    let Filed { lists, ecosystems } = filing.finish();
    let mut file = FileWriter::default();
    let mut prints = Prints::default();
    print_consulted(&ecosystems, devices, &mut prints);
    write_lists(lists, &mut prints, &mut file);
    updates.write(&mut prints, &mut file);
    prints.write(&mut file);
    file.add(SectionId::VulnerabilityOffsets, false, numbers::write(&vulnerabilities.offsets));
    file.add(SectionId::Vulnerabilities, false, vulnerabilities.records);
    vulnerabilities.words.write(SectionId::VulnerabilityWords, &mut file);
    (file, ecosystems)
}

/// What is shown as it was told: advisories, documents, KEV and EPSS.
fn write_told(knowledge: &Knowledge) -> Result<FileWriter, serde_json::Error> {
    let mut file = FileWriter::default();
    write_advisories(knowledge, &mut file)?;
    write_documents(&knowledge.documents, &mut file)?;
    let written = write_record(Vec::new(), |bytes| told::encode(&knowledge.enrichments, bytes));
    let (bytes, _) = written.map_err(serde::ser::Error::custom)?;
    file.add(SectionId::Enrichments, false, bytes);
    Ok(file)
}

/// What people look up: identifiers, and the names of products.
fn write_named(advisories: &[Advisory], merged: &Merged) -> FileWriter {
    let mut file = FileWriter::default();
    words::products(advisories).write(SectionId::ProductWords, &mut file);
    write_identifiers(advisories, merged, &mut file);
    file
}

/// Prints of what matching consults besides lists: whether an ecosystem is covered, and the device dictionary.
fn print_consulted(ecosystems: &BTreeMap<String, u64>, devices: &[u8], prints: &mut Prints) {
    let mut key = Vec::new();
    for name in ecosystems.keys() {
        keys::ecosystem(name, &mut key);
        prints.add(&key, of_texts([name.as_str()]));
    }
    keys::dictionary(&mut key);
    prints.add(&key, Print::of(devices));
}

fn write_lists(lists: Vec<FiledList>, prints: &mut Prints, file: &mut FileWriter) {
    let mut postings = Vec::new();
    let mut slots = Vec::with_capacity(lists.len());
    let mut body = Vec::new();
    for FiledList { key, count, bytes, print } in lists {
        prints.add(&key, print);
        body.clear();
        body.put_bytes(&key);
        body.put_number(count);
        body.extend_from_slice(&bytes);
        slots.push((table::hash(&key), push_record(&mut postings, &body)));
    }
    file.add(SectionId::Keys, false, table::write(&slots));
    file.add(SectionId::Postings, false, postings);
}

/// The facts of all vulnerabilities, as they are written.
struct Vulnerabilities {
    records: Vec<u8>,
    offsets: Vec<u64>,
    prints: Vec<Print>,
    words: words::Lines,
}

impl Vulnerabilities {
    fn of(knowledge: &Knowledge, merged: &Merged) -> Self {
        let mut enriched = Enriched::of(&knowledge.enrichments);
        let mut all = Vulnerabilities {
            records: Vec::new(),
            offsets: Vec::new(),
            prints: Vec::new(),
            words: words::Lines::default(),
        };
        let mut body = Vec::new();
        for cluster in &merged.clusters {
            let (kev, epss) = enriched.take(&cluster.id);
            body.clear();
            let gathered = facts::gather(cluster, &knowledge.advisories, kev, epss);
            facts::encode(&gathered, &mut body);
            all.words.vulnerability(&gathered);
            all.offsets.push(push_record(&mut all.records, &body));
            let says = of_texts([cluster.id.as_str()]).says;
            all.prints.push(Print { says, facts: xxh3_64(&body) });
        }
        all
    }
}

/// Each document a record of its own: a page about one vulnerability names a few of tens of thousands.
fn write_documents(documents: &[SourceDocument], file: &mut FileWriter) -> Result<(), serde_json::Error> {
    let (mut records, mut offsets) = (Vec::new(), Vec::with_capacity(documents.len()));
    for document in documents {
        let written = write_record(records, |records| told::encode(document, records));
        let offset;
        (records, offset) = written.map_err(serde::ser::Error::custom)?;
        offsets.push(offset);
    }
    file.add(SectionId::DocumentOffsets, false, numbers::write(&offsets));
    file.add(SectionId::Documents, false, records);
    Ok(())
}

/// The head of each advisory as the index tells it, as one number.
fn who_say(knowledge: &Knowledge) -> Vec<u64> {
    let mut body = Vec::new();
    let print = |advisory: &Advisory| {
        body.clear();
        put_head(knowledge, advisory, &mut body);
        xxh3_64(&body)
    };
    knowledge.advisories.iter().map(print).collect()
}

fn put_head(knowledge: &Knowledge, advisory: &Advisory, body: &mut Vec<u8>) {
    let document = knowledge.documents.get(advisory.document as usize);
    body.put_text(&advisory.id);
    body.put_text(&advisory.source);
    body.put_text(document.map(|d| d.path.as_str()).unwrap_or_default());
    facts::put_time(body, advisory.modified.or(advisory.published));
    body.push(u8::from(advisory.exploitability));
}

fn write_advisories(knowledge: &Knowledge, file: &mut FileWriter) -> Result<(), serde_json::Error> {
    let mut records = Vec::new();
    let mut offsets = Vec::with_capacity(knowledge.advisories.len());
    for advisory in &knowledge.advisories {
        let written = write_record(records, |mut records| {
            put_head(knowledge, advisory, &mut records);
            told::encode(advisory, records)
        });
        let offset;
        (records, offset) = written.map_err(serde::ser::Error::custom)?;
        offsets.push(offset);
    }
    file.add(SectionId::AdvisoryOffsets, false, numbers::write(&offsets));
    file.add(SectionId::Advisories, false, records);
    Ok(())
}

fn write_identifiers(advisories: &[Advisory], merged: &Merged, file: &mut FileWriter) {
    // identifier in upper case → which entry; entries in the order in which identifiers are met
    let mut known: FxHashMap<Cow<'_, str>, usize> = FxHashMap::default();
    known.reserve(merged.clusters.len() + advisories.len());
    let mut entries: Vec<(Cow<'_, str>, Vec<u32>, Vec<u32>)> = Vec::with_capacity(merged.clusters.len());
    let mut meet = |identifier, vulnerabilities: &[u32], named: &mut dyn Iterator<Item = u32>| {
        let identifier = in_upper_case(identifier);
        let at = *known.entry(identifier).or_insert_with_key(|identifier| {
            entries.push((identifier.clone(), Vec::new(), Vec::new()));
            entries.len() - 1
        });
        if let Some((_, known_vulnerabilities, known_advisories)) = entries.get_mut(at) {
            known_vulnerabilities.extend_from_slice(vulnerabilities);
            known_advisories.extend(named);
        }
    };
    for (number, cluster) in merged.clusters.iter().enumerate() {
        for identifier in &cluster.identifiers {
            meet(identifier, &[number as u32], &mut cluster.members.iter().map(|&(advisory, _)| advisory));
        }
    }
    for (number, advisory) in advisories.iter().enumerate() {
        let clusters = merged.cluster_of.get(number).map(Vec::as_slice).unwrap_or_default();
        meet(&advisory.id, clusters, &mut std::iter::once(number as u32));
    }
    let mut records = Vec::new();
    let mut slots = Vec::with_capacity(entries.len());
    let mut body = Vec::new();
    for (identifier, mut vulnerabilities, mut advisories) in entries {
        body.clear();
        body.put_text(&identifier);
        for numbers in [&mut vulnerabilities, &mut advisories] {
            numbers.sort_unstable();
            numbers.dedup();
            body.put_number(numbers.len() as u64);
            for &n in numbers.iter() {
                body.put_number(u64::from(n));
            }
        }
        slots.push((table::hash(identifier.as_bytes()), push_record(&mut records, &body)));
    }
    file.add(SectionId::Identifiers, false, table::write(&slots));
    file.add(SectionId::IdentifierEntries, false, records);
}

fn in_upper_case(identifier: &str) -> Cow<'_, str> {
    match identifier.bytes().any(|byte| byte.is_ascii_lowercase()) {
        true => identifier.to_ascii_uppercase().into(),
        false => identifier.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::index::read::Index;
    use shindan_domain::advisory::{AdvisedVulnerability, AdvisoryFormat};

    #[test]
    fn the_file_does_not_depend_on_who_makes_which_part() {
        let vulnerability = AdvisedVulnerability { id: "CVE-2026-1".to_owned(), ..Default::default() };
        let advisory = Advisory {
            vulnerabilities: vec![vulnerability],
            ..Advisory::new("GHSA-x", "test", AdvisoryFormat::Osv)
        };
        let knowledge = Knowledge { advisories: vec![advisory], ..Knowledge::default() };
        let (expected, _) = build(&knowledge).unwrap();
        let turned: &Both<'_> = &|one, other| {
            other();
            one();
        };
        for both in [turned, &|_, _| {}] {
            let built = build_by(&knowledge, both).unwrap();
            assert_eq!(built.file.slices().collect::<Vec<_>>().concat(), expected);
            let stored = Index::open(&expected).unwrap().meta().unwrap().summary;
            assert_eq!(built.summary, stored);
        }
    }
}
