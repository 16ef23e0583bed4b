//! Files the statements of advisories under the keys by which components are looked up.

use std::collections::{BTreeMap, BTreeSet};

use rustc_hash::FxHashMap;
use shindan_domain::advisory::{Advisory, AdvisoryFormat, Affected, ProductRef};
use shindan_domain::cpe::{Attribute, AttributeValue, Cpe};
use shindan_domain::devices::DeviceDictionary;
use shindan_domain::purl::{self, Purl};

use super::layout::Encode;
use super::posting::{Claim, Statement};
use super::prints::{Identities, Print, of_texts};
use crate::keys;
use crate::names::{Dictionary, mark};

/// Files statements under product keys.
pub(crate) struct Filing<'p, U> {
    dictionary: Dictionary,
    /// The number of an update.
    updates: U,
    /// By which advisories and vulnerabilities are told apart whatever their numbers; `None`: no prints are made.
    identities: Option<&'p Identities>,
    lists: FxHashMap<Vec<u8>, List>,
    /// Names of each maker's products: folded words with the marks between them.
    makers: BTreeMap<String, BTreeSet<String>>,
    ecosystems: BTreeMap<String, u64>,
    /// Releases of which a distributor's own documents speak.
    documented: BTreeMap<String, Documented>,
    key: Vec<u8>,
    /// The statement in hand, and what a print of it is made of.
    body: Vec<u8>,
    content: Vec<u8>,
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

/// What was filed under a key.
#[derive(Debug, Default)]
struct List {
    count: u64,
    bytes: Vec<u8>,
    print: Print,
}

/// A key with what was filed under it.
pub(crate) struct FiledList {
    pub key: Vec<u8>,
    pub count: u64,
    pub bytes: Vec<u8>,
    pub print: Print,
}

/// What was filed.
pub(crate) struct Filed {
    /// In ascending order of keys.
    pub lists: Vec<FiledList>,
    /// Statements per ecosystem ([`Meta::ecosystems`](super::build::Meta)).
    pub ecosystems: BTreeMap<String, u64>,
}

impl<'p, U: Fn(&str) -> Option<u32>> Filing<'p, U> {
    pub fn new(devices: &DeviceDictionary, updates: U) -> Self {
        Filing {
            dictionary: Dictionary::new(devices),
            updates,
            identities: None,
            lists: FxHashMap::default(),
            makers: BTreeMap::new(),
            ecosystems: BTreeMap::new(),
            documented: BTreeMap::new(),
            key: Vec::new(),
            body: Vec::new(),
            content: Vec::new(),
        }
    }

    /// The same, that also makes a print of what is filed under each key.
    pub fn printing(mut self, identities: &'p Identities) -> Self {
        self.identities = Some(identities);
        self
    }

    /// Files what an advisory says. `numbers_of` gives the numbers under which each of its vulnerabilities is known.
    pub fn file_advisory<'n>(
        &mut self,
        number: u32,
        advisory: &Advisory,
        numbers_of: impl Fn(usize) -> &'n [u32],
    ) {
        for (index, affected) in advisory.affected.iter().enumerate() {
            let vulnerabilities: Vec<u32> = if affected.vulnerabilities.is_empty() {
                (0..advisory.vulnerabilities.len()).flat_map(&numbers_of).copied().collect()
            } else {
                affected.vulnerabilities.iter().flat_map(|&v| numbers_of(v as usize)).copied().collect()
            };
            let mut updates: Vec<u32> =
                affected.updates.iter().filter_map(|name| (self.updates)(name)).collect();
            updates.sort_unstable();
            updates.dedup();
            let at = At {
                advisory: number,
                statement: index as u32,
                vulnerabilities: &vulnerabilities,
                claim: &Claim::of(&affected.versions, &affected.fixed_versions),
                updates: (!affected.updates.is_empty()).then_some(updates.as_slice()),
                update_names: &affected.updates,
                exploitability: advisory.exploitability,
                withdrawn: advisory.withdrawn.is_some(),
                covers: covers_ecosystems(advisory.format),
                documents: advisory.format == AdvisoryFormat::Csaf,
            };
            self.file_package(&at, affected);
            self.file_cpes(&at, affected);
            self.file_device(&at, affected);
            self.file_element(&at, affected);
        }
    }

    /// Under the BOM-Link of the very element.
    fn file_element(&mut self, at: &At<'_>, affected: &Affected) {
        let Some(link) = &affected.product.bom_link else { return };
        keys::element(link, &mut self.key);
        self.push(at, at.statement(affected, link, None, None));
    }

    fn file_package(&mut self, at: &At<'_>, affected: &Affected) {
        let product = &affected.product;
        let identifier = product
            .purl
            .clone()
            .or_else(|| Some(format!("{} / {}", product.ecosystem.as_deref()?, product.package.as_deref()?)));
        let Some((ecosystem, release, name)) = package_of(product) else {
            if at.exploitability {
                self.file_other_package(at, affected);
            }
            return;
        };
        if at.withdrawn {
            // Of no ecosystem's advisories: it is taken back.
        } else if at.covers {
            *self.ecosystems.entry(ecosystem.clone()).or_default() += 1;
            if let Some(release) = &release {
                *self.ecosystems.entry(format!("{ecosystem}:{release}")).or_default() += 1;
            }
        }
        if at.documents
            && !at.withdrawn
            && let Some(release) = &release
        {
            let known = self.documented.entry(format!("{ecosystem}:{release}")).or_default();
            known.statements += 1;
            known.documents += u64::from(known.last != Some(at.advisory));
            known.last = Some(at.advisory);
        }
        keys::package(&ecosystem, &name, &mut self.key);
        let identifier = identifier.as_deref().unwrap_or(&name);
        self.push(at, at.statement(affected, identifier, None, release.as_deref()));
    }

    /// Packages that belong to no ecosystem with advisories of its own (`pkg:oci`, `pkg:generic`): those who make them
    /// speak about them in VEX documents.
    fn file_other_package(&mut self, at: &At<'_>, affected: &Affected) {
        let Some(text) = affected.product.purl.as_deref() else { return };
        let Ok(purl) = Purl::parse(text) else { return };
        keys::other_package(&purl, &mut self.key);
        self.push(at, at.statement(affected, text, None, None));
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
            if !at.withdrawn {
                *self.ecosystems.entry("cpe".to_owned()).or_default() += 1;
            }
            keys::cpe(vendor, product, &mut self.key);
            self.push(at, at.statement(affected, text, Some(text), None));
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
        if !at.withdrawn {
            *self.ecosystems.entry("device".to_owned()).or_default() += 1;
        }
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
        self.push(at, at.statement(affected, &identifier, None, None));
        if !at.withdrawn {
            self.makers.entry(maker.to_owned()).or_default().insert(words.join(" "));
        }
        for model in &affected.product.models {
            let folded = self.dictionary.product(maker, model);
            if folded.is_empty() {
                continue;
            }
            let identifier = format!("{} / {} ({})", vendor.trim(), name.trim(), model.trim());
            keys::model(maker, &folded, &mut self.key);
            self.push(at, at.statement(affected, &identifier, None, None));
        }
    }

    /// Appends a statement to the list of `self.key`; one that was taken back where only explanations look.
    fn push(&mut self, at: &At<'_>, statement: Statement<'_>) {
        if at.withdrawn {
            keys::withdrawn(&mut self.key);
        }
        if !self.lists.contains_key(&self.key) {
            self.lists.insert(self.key.clone(), List::default());
        }
        if let Some(list) = self.lists.get_mut(&self.key) {
            self.body.clear();
            let places = statement.encode(&mut self.body);
            list.bytes.put_bytes(&self.body);
            list.count += 1;
            if let Some(identities) = self.identities {
                let said = places.rest(&self.body);
                list.print.add(identities.statement(&statement, said, at.update_names, &mut self.content));
            }
        }
    }

    pub fn finish(self) -> Filed {
        let filed = |(key, List { count, bytes, print })| FiledList { key, count, bytes, print };
        let mut lists: Vec<FiledList> = self.lists.into_iter().map(filed).collect();
        // The list of all makers stands under no maker's name.
        let mut makers = Vec::new();
        for maker in self.makers.keys() {
            makers.put_text(maker);
        }
        let mut key = Vec::new();
        keys::maker("", &mut key);
        let print = of_texts(self.makers.keys().map(String::as_str));
        lists.push(FiledList { key, count: self.makers.len() as u64, bytes: makers, print });
        for (maker, products) in self.makers {
            let mut key = Vec::new();
            keys::maker(&maker, &mut key);
            let mut list = Vec::new();
            for words in &products {
                list.put_text(words);
            }
            let print = of_texts(products.iter().map(String::as_str));
            lists.push(FiledList { key, count: products.len() as u64, bytes: list, print });
        }
        lists.sort_by(|a, b| a.key.cmp(&b.key));
        let mut ecosystems = self.ecosystems;
        for (release, Documented { documents, statements, .. }) in self.documented {
            if documents >= WHOLE_PUBLICATION {
                *ecosystems.entry(release).or_default() += statements;
            }
        }
        Filed { lists, ecosystems }
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
    /// Which versions it means.
    claim: &'a Claim,
    /// Numbers of the updates of which any one contains the fix.
    updates: Option<&'a [u32]>,
    /// Their names as written.
    update_names: &'a [String],
    /// True if the advisory was made to say whether products are affected.
    exploitability: bool,
    /// True if its source took it back.
    withdrawn: bool,
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
            claim: self.claim,
            release,
            cpe,
            platforms: &affected.platforms,
            identifier,
            pointer: &affected.pointer,
            fixed_versions: &affected.fixed_versions,
            exploitability: self.exploitability,
            updates: self.updates,
            within: affected.within.as_deref(),
            justification: affected.justification,
            impact: if self.exploitability { &affected.impact } else { "" },
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
