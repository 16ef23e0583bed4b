//! Builds an index file from advisories. All the work that a query must not do is done here.

use std::collections::{BTreeMap, BTreeSet};

use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};
use shindan_domain::advisory::{
    Advisory, AdvisoryFormat, Affected, Enrichment, KevEntry, ProductRef, SourceDocument,
};
use shindan_domain::cpe::{Attribute, AttributeValue, Cpe};
use shindan_domain::devices::DeviceDictionary;
use shindan_domain::diagnostic::Diagnostic;
use shindan_domain::finding::EpssScore;
use shindan_domain::knowledge::KnowledgeSummary;
use shindan_domain::purl::{self, Purl};

use super::layout::{Encode, FileWriter, SectionId, push_record};
use super::posting::Statement;
use super::{facts, table};
use crate::identity::{self, Merged};
use crate::keys;
use crate::names::{Dictionary, mark};

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

/// Builds the file.
///
/// # Errors
/// Only if a value cannot be written as JSON, which would be a defect of this program.
pub fn build(knowledge: &Knowledge) -> Result<(Vec<u8>, Vec<Diagnostic>), serde_json::Error> {
    let merged = identity::merge(&knowledge.advisories);
    let mut filing = Filing::new(&knowledge.devices);
    for (number, advisory) in knowledge.advisories.iter().enumerate() {
        let clusters = merged.cluster_of.get(number).map(Vec::as_slice).unwrap_or_default();
        if advisory.withdrawn.is_none() {
            filing.file_advisory(number as u32, advisory, clusters);
        }
    }
    let mut file = FileWriter::default();
    let ecosystems = filing.finish(&mut file);
    write_vulnerabilities(knowledge, &merged, &mut file);
    write_advisories(knowledge, &mut file)?;
    write_identifiers(&knowledge.advisories, &merged, &mut file);
    for (section, json) in [
        (SectionId::Documents, serde_json::to_vec(&knowledge.documents)?),
        (SectionId::Enrichments, serde_json::to_vec(&knowledge.enrichments)?),
        (SectionId::Devices, serde_json::to_vec(&knowledge.devices)?),
    ] {
        let mut bytes = Vec::with_capacity(json.len() + 8);
        push_record(&mut bytes, &json);
        file.add(section, false, bytes);
    }
    let mut summary = knowledge.summary.clone();
    summary.documents = knowledge.documents.len() as u64;
    summary.advisories = knowledge.advisories.len() as u64;
    summary.vulnerabilities = merged.clusters.len() as u64;
    let meta = Meta { summary, ecosystems };
    file.add(SectionId::Meta, true, serde_json::to_vec(&meta)?);
    Ok((file.finish(), merged.diagnostics))
}

/// Files statements under product keys.
struct Filing {
    dictionary: Dictionary,
    lists: FxHashMap<Vec<u8>, (u64, Vec<u8>)>,
    /// Names of each maker's products: folded words with the marks between them.
    makers: BTreeMap<String, BTreeSet<String>>,
    ecosystems: BTreeMap<String, u64>,
    /// Releases of which a distributor's own documents speak.
    documented: BTreeMap<String, Documented>,
    key: Vec<u8>,
}

/// How much a distributor's documents (one for each notice or vulnerability) say about one of its releases.
#[derive(Debug, Clone, Copy, Default)]
struct Documented {
    documents: u64,
    statements: u64,
    /// Number of the advisory counted last.
    last: Option<u32>,
}

/// From so many documents about a release on, they are taken for all that its distributor published: Red Hat has
/// published thousands for each release that is supported, and nobody collects hundreds by hand. A handful of them
/// (the notices of one bad week) says nothing about the packages it does not name.
const WHOLE_PUBLICATION: u64 = 500;

impl Filing {
    fn new(devices: &DeviceDictionary) -> Self {
        Filing {
            dictionary: Dictionary::new(devices),
            lists: FxHashMap::default(),
            makers: BTreeMap::new(),
            ecosystems: BTreeMap::new(),
            documented: BTreeMap::new(),
            key: Vec::new(),
        }
    }

    fn file_advisory(&mut self, number: u32, advisory: &Advisory, clusters: &[u32]) {
        for (index, affected) in advisory.affected.iter().enumerate() {
            let vulnerabilities: Vec<u32> = if affected.vulnerabilities.is_empty() {
                clusters.to_vec()
            } else {
                affected.vulnerabilities.iter().filter_map(|&v| clusters.get(v as usize).copied()).collect()
            };
            let at = At {
                advisory: number,
                statement: index as u32,
                vulnerabilities: &vulnerabilities,
                covers: covers_ecosystems(advisory.format),
                documents: advisory.format == AdvisoryFormat::Csaf,
            };
            self.file_package(&at, affected);
            self.file_cpes(&at, affected);
            self.file_device(&at, affected);
        }
    }

    fn file_package(&mut self, at: &At<'_>, affected: &Affected) {
        let product = &affected.product;
        let identifier = product
            .purl
            .clone()
            .or_else(|| Some(format!("{} / {}", product.ecosystem.as_deref()?, product.package.as_deref()?)));
        let Some((ecosystem, release, name)) = package_of(product) else { return };
        if at.covers {
            *self.ecosystems.entry(ecosystem.clone()).or_default() += 1;
            if let Some(release) = &release {
                *self.ecosystems.entry(format!("{ecosystem}:{release}")).or_default() += 1;
            }
        }
        if at.documents
            && let Some(release) = &release
        {
            let known = self.documented.entry(format!("{ecosystem}:{release}")).or_default();
            known.statements += 1;
            known.documents += u64::from(known.last != Some(at.advisory));
            known.last = Some(at.advisory);
        }
        keys::package(&ecosystem, &name, &mut self.key);
        self.push(at.statement(affected, identifier.as_deref().unwrap_or(&name), None, release.as_deref()));
    }

    fn file_cpes(&mut self, at: &At<'_>, affected: &Affected) {
        // Several CPE names of one vendor and product (editions) would each file the statement: the attributes beyond
        // vendor and product are compared at query time, so each is filed once.
        let mut filed = std::collections::BTreeSet::new();
        for text in &affected.product.cpes {
            let Ok(cpe) = Cpe::parse(text) else { continue };
            let (Some(vendor), Some(product)) = (cpe.vendor().as_literal(), cpe.product().as_literal())
            else {
                continue;
            };
            if vendor == "misc" && product == "multiple_vendors" {
                continue;
            }
            let open = cpe.clone().with(Attribute::Version, AttributeValue::Any);
            if !filed.insert(open) {
                continue;
            }
            *self.ecosystems.entry("cpe".to_owned()).or_default() += 1;
            keys::cpe(vendor, product, &mut self.key);
            self.push(at.statement(affected, text, Some(text), None));
        }
    }

    fn file_device(&mut self, at: &At<'_>, affected: &Affected) {
        let product = &affected.product;
        // Packages have an ecosystem of their own; their vendor and product names would only make noise.
        if product.package.is_some() {
            return;
        }
        let (Some(vendor), Some(name)) = (&product.vendor, &product.product) else { return };
        if is_nameless(vendor) || is_nameless(name) {
            return;
        }
        *self.ecosystems.entry("device".to_owned()).or_default() += 1;
        // JVN writes トレンドマイクロ and names the Latin vendor in the CPE name: a ledger may have either.
        let mut makers = self.dictionary.makers_in(vendor);
        for cpe in product.cpes.iter().filter_map(|text| Cpe::parse(text).ok()) {
            let Some(maker) = cpe.vendor().as_literal().map(|v| self.dictionary.maker(v)) else { continue };
            if maker != "misc" && !makers.contains(&maker) {
                makers.push(maker);
            }
        }
        for maker in makers {
            self.file_under(&maker, at, affected, vendor, name);
        }
    }

    fn file_under(&mut self, maker: &str, at: &At<'_>, affected: &Affected, vendor: &str, name: &str) {
        let words = self.dictionary.marked_product_words(maker, name);
        let folded: String = words.iter().map(String::as_str).filter(|token| !mark::is(token)).collect();
        let identifier = format!("{} / {}", vendor.trim(), name.trim());
        keys::product(maker, &folded, &mut self.key);
        self.push(at.statement(affected, &identifier, None, None));
        self.makers.entry(maker.to_owned()).or_default().insert(words.join(" "));
        for model in &affected.product.models {
            let folded = self.dictionary.product(maker, model);
            if folded.is_empty() {
                continue;
            }
            let identifier = format!("{} / {} ({})", vendor.trim(), name.trim(), model.trim());
            keys::model(maker, &folded, &mut self.key);
            self.push(at.statement(affected, &identifier, None, None));
        }
    }

    /// Appends a statement to the list of `self.key`.
    fn push(&mut self, statement: Statement<'_>) {
        if !self.lists.contains_key(&self.key) {
            self.lists.insert(self.key.clone(), (0, Vec::new()));
        }
        if let Some((count, list)) = self.lists.get_mut(&self.key) {
            let mut body = Vec::new();
            statement.encode(&mut body);
            list.put_bytes(&body);
            *count += 1;
        }
    }

    fn finish(self, file: &mut FileWriter) -> BTreeMap<String, u64> {
        let mut lists: Vec<(Vec<u8>, u64, Vec<u8>)> =
            self.lists.into_iter().map(|(key, (count, list))| (key, count, list)).collect();
        // The list of all makers stands under no maker's name.
        let mut makers = Vec::new();
        for maker in self.makers.keys() {
            makers.put_text(maker);
        }
        let mut key = Vec::new();
        keys::maker("", &mut key);
        lists.push((key, self.makers.len() as u64, makers));
        for (maker, products) in self.makers {
            let mut key = Vec::new();
            keys::maker(&maker, &mut key);
            let mut list = Vec::new();
            for words in &products {
                list.put_text(words);
            }
            lists.push((key, products.len() as u64, list));
        }
        lists.sort_by(|a, b| a.0.cmp(&b.0));
        let mut postings = Vec::new();
        let mut slots = Vec::with_capacity(lists.len());
        let mut body = Vec::new();
        for (key, count, list) in lists {
            body.clear();
            body.put_bytes(&key);
            body.put_number(count);
            body.extend_from_slice(&list);
            slots.push((table::hash(&key), push_record(&mut postings, &body)));
        }
        file.add(SectionId::Keys, true, table::write(&slots));
        file.add(SectionId::Postings, false, postings);
        let mut ecosystems = self.ecosystems;
        for (release, Documented { documents, statements, .. }) in self.documented {
            if documents >= WHOLE_PUBLICATION {
                *ecosystems.entry(release).or_default() += statements;
            }
        }
        ecosystems
    }
}

/// True for databases that set out to name every vulnerability of the ecosystems they speak of: OSV, Debian's
/// tracker, and those of the Rust, Ruby and PHP communities. That some CVE record names one npm package does not make silence about another one
/// meaningful.
fn covers_ecosystems(format: AdvisoryFormat) -> bool {
    matches!(
        format,
        AdvisoryFormat::Osv
            | AdvisoryFormat::DebianTracker
            | AdvisoryFormat::Rustsec
            | AdvisoryFormat::RubyAdvisory
            | AdvisoryFormat::PhpAdvisory
    )
}

/// Which statement of which advisory.
struct At<'a> {
    advisory: u32,
    statement: u32,
    vulnerabilities: &'a [u32],
    /// True if its source covers the ecosystems it names.
    covers: bool,
    /// True if it is one of the documents by which a distributor speaks about its own packages.
    documents: bool,
}

impl<'a> At<'a> {
    fn statement(
        &'a self,
        affected: &'a Affected,
        identifier: &'a str,
        cpe: Option<&'a str>,
        release: Option<&'a str>,
    ) -> Statement<'a> {
        Statement {
            advisory: self.advisory,
            statement: self.statement,
            vulnerabilities: self.vulnerabilities,
            status: affected.status,
            versions: &affected.versions,
            release,
            cpe,
            platforms: &affected.platforms,
            identifier,
            pointer: &affected.pointer,
            fixed_versions: &affected.fixed_versions,
        }
    }
}

/// Ecosystem, release and normalised name of a package statement.
fn package_of(product: &ProductRef) -> Option<(String, Option<String>, String)> {
    if let (Some(ecosystem), Some(package)) = (&product.ecosystem, &product.package) {
        let key = purl::normalise_package(ecosystem, package);
        return Some((key.ecosystem.into_owned(), key.release, key.name));
    }
    let text = product.purl.as_deref()?;
    let parsed = Purl::parse(text).ok()?;
    let key = parsed.osv_ecosystem()?;
    Some((key.ecosystem.to_owned(), key.release, key.name.into_owned()))
}

/// CVE records write `n/a` where they name nothing; JVN writes 複数の製品.
fn is_nameless(name: &str) -> bool {
    let name = name.trim();
    name.is_empty()
        || ["n/a", "unknown", "unspecified", "-", "*"].iter().any(|n| name.eq_ignore_ascii_case(n))
        || name.contains("複数の")
}

fn write_vulnerabilities(knowledge: &Knowledge, merged: &Merged, file: &mut FileWriter) {
    let mut kev: FxHashMap<&str, KevEntry> = FxHashMap::default();
    let mut epss: FxHashMap<&str, EpssScore> = FxHashMap::default();
    for enrichment in &knowledge.enrichments {
        match enrichment {
            Enrichment::Kev(entry) => match kev.get_mut(entry.cve.as_str()) {
                // NVD and CISA's containers repeat the catalogue in part: what one leaves out, the other says.
                Some(known) => *known = both(known, entry),
                None => {
                    kev.insert(&entry.cve, entry.clone());
                }
            },
            Enrichment::Epss(entry) => {
                let score = EpssScore {
                    score: entry.score.clone(),
                    percentile: entry.percentile.clone(),
                    date: entry.date.clone(),
                };
                // Several EPSS files: the newest day wins, whatever the order they were given in.
                let known = epss.entry(&entry.cve).or_insert_with(|| score.clone());
                if known.date <= score.date {
                    *known = score;
                }
            }
        }
    }
    let mut records = Vec::new();
    let mut offsets = Vec::new();
    let mut body = Vec::new();
    for cluster in &merged.clusters {
        let kev = kev.get(cluster.id.as_str()).cloned();
        let epss = epss.get(cluster.id.as_str()).cloned();
        body.clear();
        facts::encode(&facts::gather(cluster, &knowledge.advisories, kev, epss), &mut body);
        offsets.extend_from_slice(&push_record(&mut records, &body).to_le_bytes());
    }
    file.add(SectionId::VulnerabilityOffsets, true, offsets);
    file.add(SectionId::Vulnerabilities, false, records);
}

/// What two sources say of one entry of the catalogue of exploited vulnerabilities: the earliest day, and every fact.
fn both(a: &KevEntry, b: &KevEntry) -> KevEntry {
    let earliest = |x: &str, y: &str| -> String {
        [x, y].into_iter().filter(|day| !day.is_empty()).min().unwrap_or_default().to_owned()
    };
    KevEntry {
        cve: a.cve.clone(),
        date_added: earliest(&a.date_added, &b.date_added),
        due_date: earliest(&a.due_date, &b.due_date),
        ransomware: a.ransomware || b.ransomware,
    }
}

fn write_advisories(knowledge: &Knowledge, file: &mut FileWriter) -> Result<(), serde_json::Error> {
    let mut records = Vec::new();
    let mut offsets = Vec::new();
    let mut body = Vec::new();
    for advisory in &knowledge.advisories {
        let document = knowledge.documents.get(advisory.document as usize);
        body.clear();
        body.put_text(&advisory.id);
        body.put_text(&advisory.source);
        body.put_text(document.map(|d| d.path.as_str()).unwrap_or_default());
        serde_json::to_writer(&mut body, advisory)?;
        offsets.extend_from_slice(&push_record(&mut records, &body).to_le_bytes());
    }
    file.add(SectionId::AdvisoryOffsets, true, offsets);
    file.add(SectionId::Advisories, false, records);
    Ok(())
}

fn write_identifiers(advisories: &[Advisory], merged: &Merged, file: &mut FileWriter) {
    // identifier in upper case → (is an advisory's own id, vulnerabilities, advisories)
    let mut entries: BTreeMap<String, (Vec<u32>, Vec<u32>)> = BTreeMap::new();
    for (number, cluster) in merged.clusters.iter().enumerate() {
        let members: Vec<u32> = cluster.members.iter().map(|&(a, _)| a).collect();
        for identifier in &cluster.identifiers {
            let entry = entries.entry(identifier.to_ascii_uppercase()).or_default();
            entry.0.push(number as u32);
            entry.1.extend(&members);
        }
    }
    for (number, advisory) in advisories.iter().enumerate() {
        let entry = entries.entry(advisory.id.to_ascii_uppercase()).or_default();
        if let Some(clusters) = merged.cluster_of.get(number) {
            entry.0.extend(clusters);
        }
        entry.1.push(number as u32);
    }
    let mut records = Vec::new();
    let mut slots = Vec::new();
    let mut body = Vec::new();
    for (identifier, (mut vulnerabilities, mut advisories)) in entries {
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
    file.add(SectionId::Identifiers, true, table::write(&slots));
    file.add(SectionId::IdentifierEntries, false, records);
}
