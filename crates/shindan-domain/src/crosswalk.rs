//! Guideline catalogues: what they ask (in our own words), how surely it could be read, and how they are linked.
//!
//! Catalogues are versioned data packs (`catalog/*.toml`); users add their own. A field of a page that could not be
//! read is *unreadable* and has no value: it is never invented. Nothing here says that anybody complies.

mod evidence;
pub mod wording;

pub use evidence::{
    CheckEvidence, CheckFacts, ControlEvidence, EvidenceCode, EvidenceItem, EvidenceRow, EvidenceStatus,
    SourceFacts, evidence_of_check, evidence_of_rows,
};

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};

use crate::localised::Localised;

/// How a statement about a guideline came about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Certainty {
    /// Stands on the page.
    Read,
    /// Concluded from the page or from other documents; may be wrong.
    Inferred,
    /// The page does not tell, or its text is damaged. There is no value.
    Unreadable,
}

impl Certainty {
    /// All.
    pub const ALL: [Certainty; 3] = [Certainty::Read, Certainty::Inferred, Certainty::Unreadable];

    /// The stable text form, as in packs and JSON output.
    pub fn as_str(self) -> &'static str {
        match self {
            Certainty::Read => "read",
            Certainty::Inferred => "inferred",
            Certainty::Unreadable => "unreadable",
        }
    }
}

impl fmt::Display for Certainty {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A value with its certainty. Invariant: a value is there exactly if it is not *unreadable*.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stated<T> {
    value: Option<T>,
    certainty: Certainty,
}

/// A value without certainty, or a certainty without value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum StatedError {
    /// Unreadable, and yet a value: it would be invented.
    #[error("an unreadable field must not have a value")]
    InventedValue,
    /// Read or inferred, but nothing there.
    #[error("a field that is read or inferred must have a value")]
    MissingValue,
}

impl<T> Stated<T> {
    /// Joins both.
    ///
    /// # Errors
    /// [`StatedError`] if they contradict each other.
    pub fn new(value: Option<T>, certainty: Certainty) -> Result<Self, StatedError> {
        match (&value, certainty) {
            (Some(_), Certainty::Unreadable) => Err(StatedError::InventedValue),
            (None, Certainty::Read | Certainty::Inferred) => Err(StatedError::MissingValue),
            _ => Ok(Stated { value, certainty }),
        }
    }

    /// A field that could not be read.
    pub fn unreadable() -> Self {
        Stated { value: None, certainty: Certainty::Unreadable }
    }

    /// The value; `None` exactly if unreadable.
    pub fn value(&self) -> Option<&T> {
        self.value.as_ref()
    }

    /// How sure.
    pub fn certainty(&self) -> Certainty {
        self.certainty
    }
}

/// 区分 of a control in the annex.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Mark {
    /// ◎
    DoubleCircle,
    /// ○
    Circle,
}

impl Mark {
    /// The sign itself.
    pub fn as_str(self) -> &'static str {
        match self {
            Mark::DoubleCircle => "◎",
            Mark::Circle => "○",
        }
    }
}

/// Where a catalogue comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Provenance {
    /// Title of the document.
    pub document: Localised,
    /// Who issued it.
    pub issuer: Localised,
    /// Version of the document.
    pub version: String,
    /// `YYYY-MM-DD`, `YYYY-MM` or `YYYY`.
    pub published: String,
    /// Which page, such as `30/39`; `None`: the whole document.
    pub page: Option<String>,
    /// Where the issuer announces it.
    pub url: Option<String>,
    /// How it was read, and what is doubtful about that.
    pub remark: Option<Localised>,
}

/// A link to a requirement of this or another catalogue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// `catalogue/requirement`, both in ASCII: `mhlw-6.0/kikaku-15`.
    pub requirement: String,
    /// How sure. Never *unreadable*.
    pub certainty: Certainty,
}

/// 小項目: a group of controls, with the links that hold for all of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Section {
    /// As printed: `③`.
    pub number: String,
    /// The same in ASCII: `3`.
    pub id: String,
    /// Title.
    pub title: Stated<Localised>,
    /// 大項目: the heading above it.
    pub heading: Stated<Localised>,
    /// Requirements that the page ties to the group as a whole.
    pub links: Vec<Link>,
    /// What the page does not show of this group.
    pub remark: Option<Localised>,
}

/// 対策項目: something to be done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Control {
    /// As printed: `③-1`.
    pub number: String,
    /// The same in ASCII: `3-1`.
    pub id: String,
    /// The [`Section::id`] it belongs to.
    pub section: Option<String>,
    /// Page of the document.
    pub page: Stated<u32>,
    /// What is asked, in our own words.
    pub text: Stated<Localised>,
    /// 区分
    pub mark: Stated<Mark>,
    /// リスクシナリオ例, in our own words.
    pub risk: Stated<Localised>,
    /// Links of this control alone, beside those of its section.
    pub links: Vec<Link>,
    /// What a `check` run can contribute as evidence.
    pub check_evidence: Vec<CheckEvidence>,
}

/// Another wording of the same requirement on the same page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Variant {
    /// In what the wording differs, in our own words.
    pub text: Localised,
    /// How sure it is that this is a wording of the same requirement.
    pub certainty: Certainty,
}

/// 要求事項: what a guideline demands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Requirement {
    /// As printed: `企画管理編 15`.
    pub number: String,
    /// The same in ASCII: `kikaku-15`.
    pub id: String,
    /// Title.
    pub title: Stated<Localised>,
    /// What is demanded, in our own words.
    pub text: Stated<Localised>,
    /// Number of the 遵守事項.
    pub item: Stated<String>,
    /// Other wordings.
    pub variants: Vec<Variant>,
    /// What a `check` run can contribute as evidence.
    pub check_evidence: Vec<CheckEvidence>,
}

/// Something that is known to be missing from the catalogue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gap {
    /// What: a row, a field of all rows.
    pub subject: Localised,
    /// Why.
    pub reason: Localised,
}

/// One data pack. Make it with [`Catalog::validated`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Catalog {
    /// ASCII identifier with version: `mhlw-6.0`.
    pub id: String,
    /// Version of the pack (not of the document).
    pub version: String,
    /// Short title for people.
    pub title: Localised,
    /// Where it comes from.
    pub provenance: Provenance,
    /// 小項目
    pub sections: Vec<Section>,
    /// 対策項目
    pub controls: Vec<Control>,
    /// 要求事項
    pub requirements: Vec<Requirement>,
    /// What is known to be missing.
    pub gaps: Vec<Gap>,
}

/// Why packs do not fit together, or one does not fit itself.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CrosswalkError {
    /// An identifier that could not be used in `catalogue/item` or on a command line.
    #[error(
        "{catalog}: \"{id}\" is not an identifier: lower-case ASCII letters, digits, \"-\" and \".\" are allowed"
    )]
    BadIdentifier {
        /// In which pack.
        catalog: String,
        /// As given.
        id: String,
    },
    /// Two packs of the same identifier.
    #[error("catalogue \"{catalog}\" is loaded twice; give one of them another id or leave one out")]
    DuplicateCatalog {
        /// Which.
        catalog: String,
    },
    /// Two entries of the same identifier or number within a pack.
    #[error("{catalog}: \"{id}\" is defined twice")]
    DuplicateId {
        /// In which pack.
        catalog: String,
        /// Which.
        id: String,
    },
    /// A control of a section that is not there.
    #[error("{catalog}: control \"{control}\" belongs to section \"{section}\", which does not exist")]
    DanglingSection {
        /// In which pack.
        catalog: String,
        /// Which control.
        control: String,
        /// Which section.
        section: String,
    },
    /// A link to a requirement that no loaded pack has.
    #[error("{catalog}: \"{from}\" points to \"{requirement}\", which no loaded catalogue defines")]
    DanglingLink {
        /// In which pack.
        catalog: String,
        /// Section or control.
        from: String,
        /// Where it points to.
        requirement: String,
    },
    /// The same link twice.
    #[error("{catalog}: \"{from}\" points to \"{requirement}\" twice")]
    DuplicateLink {
        /// In which pack.
        catalog: String,
        /// Section or control.
        from: String,
        /// Where it points to.
        requirement: String,
    },
    /// A link cannot be unreadable: then it is no link.
    #[error(
        "{catalog}: the link from \"{from}\" to \"{requirement}\" is marked unreadable; leave it out instead"
    )]
    UnreadableLink {
        /// In which pack.
        catalog: String,
        /// Section or control.
        from: String,
        /// Where it points to.
        requirement: String,
    },
}

impl CrosswalkError {
    /// The pack it is about.
    pub fn catalog(&self) -> &str {
        match self {
            CrosswalkError::BadIdentifier { catalog, .. }
            | CrosswalkError::DuplicateCatalog { catalog }
            | CrosswalkError::DuplicateId { catalog, .. }
            | CrosswalkError::DanglingSection { catalog, .. }
            | CrosswalkError::DanglingLink { catalog, .. }
            | CrosswalkError::DuplicateLink { catalog, .. }
            | CrosswalkError::UnreadableLink { catalog, .. } => catalog,
        }
    }

    /// The entry inside the pack, for pointing at its line; the pack's own id if the pack is meant.
    pub fn entry(&self) -> &str {
        match self {
            CrosswalkError::BadIdentifier { id, .. } | CrosswalkError::DuplicateId { id, .. } => id,
            CrosswalkError::DuplicateCatalog { catalog } => catalog,
            CrosswalkError::DanglingSection { control, .. } => control,
            CrosswalkError::DanglingLink { from, .. }
            | CrosswalkError::DuplicateLink { from, .. }
            | CrosswalkError::UnreadableLink { from, .. } => from,
        }
    }
}

impl Catalog {
    /// Checks everything that needs no other pack.
    ///
    /// # Errors
    /// Every problem found, not only the first.
    pub fn validated(self) -> Result<Catalog, Vec<CrosswalkError>> {
        let mut errors = Vec::new();
        self.check_identifiers(&mut errors);
        for control in &self.controls {
            if let Some(section) = &control.section
                && !self.sections.iter().any(|known| known.id == *section)
            {
                errors.push(CrosswalkError::DanglingSection {
                    catalog: self.id.clone(),
                    control: control.id.clone(),
                    section: section.clone(),
                });
            }
        }
        for (from, links) in self.linked() {
            self.check_links(from, links, &mut errors);
        }
        if errors.is_empty() { Ok(self) } else { Err(errors) }
    }

    fn check_identifiers(&self, errors: &mut Vec<CrosswalkError>) {
        let bad = |id: &str| CrosswalkError::BadIdentifier { catalog: self.id.clone(), id: id.to_owned() };
        if !is_identifier(&self.id) {
            errors.push(bad(&self.id));
        }
        let sections = self.sections.iter().map(|section| (&section.id, &section.number));
        // Controls and requirements share one name space, because `crosswalk show ID` takes either.
        let controls = self.controls.iter().map(|control| (&control.id, &control.number));
        let entries = controls
            .chain(self.requirements.iter().map(|requirement| (&requirement.id, &requirement.number)));
        for group in [sections.collect::<Vec<_>>(), entries.collect()] {
            let mut seen: BTreeMap<&str, ()> = BTreeMap::new();
            for (id, number) in group {
                if !is_identifier(id) {
                    errors.push(bad(id));
                }
                // In a framework with ASCII numbers both names are the same.
                let names: &[&String] = if id == number { &[id] } else { &[id, number] };
                for name in names {
                    if seen.insert(name, ()).is_some() {
                        let catalog = self.id.clone();
                        errors.push(CrosswalkError::DuplicateId { catalog, id: (*name).clone() });
                    }
                }
            }
        }
    }

    fn check_links(&self, from: &str, links: &[Link], errors: &mut Vec<CrosswalkError>) {
        for (index, link) in links.iter().enumerate() {
            let (catalog, from) = (self.id.clone(), from.to_owned());
            let requirement = link.requirement.clone();
            if links.iter().take(index).any(|earlier| earlier.requirement == link.requirement) {
                errors.push(CrosswalkError::DuplicateLink { catalog, from, requirement });
            } else if link.certainty == Certainty::Unreadable {
                errors.push(CrosswalkError::UnreadableLink { catalog, from, requirement });
            }
        }
    }

    /// Sections and controls with their links.
    fn linked(&self) -> impl Iterator<Item = (&str, &[Link])> {
        let sections = self.sections.iter().map(|section| (section.id.as_str(), section.links.as_slice()));
        sections.chain(self.controls.iter().map(|control| (control.id.as_str(), control.links.as_slice())))
    }
}

fn is_identifier(text: &str) -> bool {
    let allowed =
        |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'-' | b'.');
    !text.is_empty() && text.bytes().all(allowed)
}

/// All loaded packs; every link leads somewhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Crosswalk {
    catalogs: Vec<Catalog>,
}

/// What a name leads to.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Entry<'a> {
    /// A control of a catalogue.
    Control(&'a Catalog, &'a Control),
    /// A requirement of a catalogue.
    Requirement(&'a Catalog, &'a Requirement),
}

impl Crosswalk {
    /// Merges validated packs, ours and the user's, in any number and order.
    ///
    /// # Errors
    /// Every problem found: packs of the same id, links that lead nowhere.
    pub fn new(catalogs: Vec<Catalog>) -> Result<Crosswalk, Vec<CrosswalkError>> {
        let mut errors = Vec::new();
        for (index, catalog) in catalogs.iter().enumerate() {
            if catalogs.iter().take(index).any(|earlier| earlier.id == catalog.id) {
                errors.push(CrosswalkError::DuplicateCatalog { catalog: catalog.id.clone() });
            }
        }
        let crosswalk = Crosswalk { catalogs };
        for catalog in &crosswalk.catalogs {
            for (from, links) in catalog.linked() {
                for link in links.iter().filter(|link| crosswalk.requirement(&link.requirement).is_none()) {
                    errors.push(CrosswalkError::DanglingLink {
                        catalog: catalog.id.clone(),
                        from: from.to_owned(),
                        requirement: link.requirement.clone(),
                    });
                }
            }
        }
        if errors.is_empty() { Ok(crosswalk) } else { Err(errors) }
    }

    /// The packs, in the order in which they were given.
    pub fn catalogs(&self) -> &[Catalog] {
        &self.catalogs
    }

    /// Every control with its pack.
    pub fn controls(&self) -> impl Iterator<Item = (&Catalog, &Control)> {
        self.catalogs
            .iter()
            .flat_map(|catalog| catalog.controls.iter().map(move |control| (catalog, control)))
    }

    /// Every requirement with its pack.
    pub fn requirements(&self) -> impl Iterator<Item = (&Catalog, &Requirement)> {
        self.catalogs
            .iter()
            .flat_map(|catalog| catalog.requirements.iter().map(move |requirement| (catalog, requirement)))
    }

    /// The requirement of a link target `catalogue/requirement`.
    pub fn requirement(&self, target: &str) -> Option<(&Catalog, &Requirement)> {
        let (catalog, id) = target.split_once('/')?;
        self.requirements().find(|(owner, requirement)| owner.id == catalog && requirement.id == id)
    }

    /// The section of a control.
    pub fn section<'a>(&self, catalog: &'a Catalog, control: &Control) -> Option<&'a Section> {
        let wanted = control.section.as_deref()?;
        catalog.sections.iter().find(|section| section.id == wanted)
    }

    /// The links of a control: its section's, then its own that the section has not.
    pub fn links<'a>(&self, catalog: &'a Catalog, control: &'a Control) -> Vec<&'a Link> {
        let inherited =
            self.section(catalog, control).map(|section| section.links.as_slice()).unwrap_or_default();
        let own = control
            .links
            .iter()
            .filter(|link| !inherited.iter().any(|other| other.requirement == link.requirement));
        inherited.iter().chain(own).collect()
    }

    /// The controls that are linked to a requirement (`catalogue/requirement`).
    pub fn controls_for(&self, target: &str) -> Vec<(&Catalog, &Control)> {
        self.controls()
            .filter(|(catalog, control)| {
                self.links(catalog, control).iter().any(|link| link.requirement == target)
            })
            .collect()
    }

    /// Finds by name: `catalogue/id`, or the id or printed number alone (`4-1`, `④-1`, `企画管理編 15`). A short name
    /// can mean entries of several catalogues.
    pub fn find(&self, name: &str) -> Vec<Entry<'_>> {
        let (owner, short) = match name.split_once('/') {
            Some((owner, short)) => (Some(owner), short),
            None => (None, name),
        };
        let owned = |catalog: &Catalog| owner.is_none_or(|owner| catalog.id == owner);
        let controls = self
            .controls()
            .filter(|(catalog, control)| owned(catalog) && (control.id == short || control.number == short))
            .map(|(catalog, control)| Entry::Control(catalog, control));
        let requirements = self
            .requirements()
            .filter(|(catalog, entry)| owned(catalog) && (entry.id == short || entry.number == short))
            .map(|(catalog, entry)| Entry::Requirement(catalog, entry));
        controls.chain(requirements).collect()
    }
}
