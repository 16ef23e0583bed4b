//! How like a piece of the page is to what the packs say in our own words: pairs of characters in common, the rare ones
//! counting more.

use std::collections::{BTreeMap, BTreeSet};

use shindan_domain::crosswalk::Crosswalk;

use super::page::{Page, Piece, folded};

/// Which cell of the table a target stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Cell {
    /// Text of a control.
    Control,
    /// リスクシナリオ例 of a section.
    Risk,
    /// Title of a section.
    SectionTitle,
    /// Text of a requirement.
    Requirement,
    /// Heading of a requirement.
    RequirementTitle,
}

/// Something of the packs that may stand on the page.
#[derive(Debug, Clone)]
pub(super) struct Target {
    pub cell: Cell,
    pub catalog: String,
    /// As printed: `③-1`, `③`, `企画管理編 9`.
    pub number: String,
    pairs: BTreeSet<[char; 2]>,
}

/// All targets, with the weights of pairs of characters.
pub(super) struct Targets {
    pub all: Vec<Target>,
    weights: BTreeMap<[char; 2], f64>,
    /// Weight of a pair that no target has.
    rare: f64,
}

impl Targets {
    pub fn new(crosswalk: &Crosswalk) -> Targets {
        let mut all: Vec<Target> = Vec::new();
        let mut add = |cell, catalog: &str, number: &str, text: &str| {
            // The rows of a section share their risk scenario.
            if !all.iter().any(|t: &Target| t.cell == cell && t.number == number && t.catalog == catalog) {
                let (catalog, number) = (catalog.to_owned(), number.to_owned());
                all.push(Target { cell, catalog, number, pairs: pairs(&folded(text)) });
            }
        };
        for catalog in crosswalk.catalogs() {
            for control in &catalog.controls {
                let text = control.text.value().map(|t| t.ja.as_str()).unwrap_or_default();
                add(Cell::Control, &catalog.id, &control.number, text);
                if let Some(risk) = control.risk.value() {
                    let section: String = control.number.chars().take(1).collect();
                    add(Cell::Risk, &catalog.id, &section, &risk.ja);
                }
            }
            for section in &catalog.sections {
                let title = section.title.value().map(|t| t.ja.as_str()).unwrap_or_default();
                add(Cell::SectionTitle, &catalog.id, &section.number, title);
            }
            for requirement in &catalog.requirements {
                let text = requirement.text.value().map(|t| t.ja.as_str()).unwrap_or_default();
                let title = requirement.title.value().map(|t| t.ja.as_str()).unwrap_or_default();
                add(Cell::Requirement, &catalog.id, &requirement.number, text);
                add(Cell::RequirementTitle, &catalog.id, &requirement.number, title);
            }
        }
        let mut counts: BTreeMap<[char; 2], f64> = BTreeMap::new();
        for pair in all.iter().flat_map(|target| &target.pairs) {
            *counts.entry(*pair).or_default() += 1.0;
        }
        let number = all.iter().filter(|target| !target.pairs.is_empty()).count().max(1) as f64;
        let weights = counts.into_iter().map(|(pair, count)| (pair, (1.0 + number / count).ln())).collect();
        Targets { all, weights, rare: (1.0 + number).ln() }
    }

    /// The share of the text's pairs that the target has too, weighted: 0 to 1.
    pub fn likeness(&self, text: &[char], target: &Target) -> f64 {
        let (mut common, mut total) = (0.0, 0.0);
        for pair in pairs(text) {
            let weight = self.weights.get(&pair).copied().unwrap_or(self.rare);
            total += weight;
            if target.pairs.contains(&pair) {
                common += weight;
            }
        }
        if total > 0.0 { common / total } else { 0.0 }
    }
}

/// How near a piece stands to the number of the row, unless the title of a section stands between: 0 to 0.25, for
/// controls only.
pub(super) fn nearness(piece: &Piece, target: &Target, page: &Page) -> f64 {
    if target.cell != Cell::Control {
        return 0.0;
    }
    let mut best = 0.0_f64;
    for label in page.labels.iter().filter(|label| label.number == target.number) {
        let section = page.section_of(label.line);
        for &line in piece.lines.iter().filter(|line| page.section_of(**line) == section) {
            best = best.max(0.25 / (1.0 + f64::from(line.abs_diff(label.line)) / 10.0));
        }
    }
    best
}

fn pairs(text: &[char]) -> BTreeSet<[char; 2]> {
    text.windows(2).filter_map(|pair| pair.try_into().ok()).collect()
}
