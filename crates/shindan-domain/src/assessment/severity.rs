//! From what a tool calls severe to a level, and from the level to a priority (SPEC.md section 4, ③-1). Both are tables that
//! people can read: `catalog/assessment/severities.toml`.
//!
//! ```text
//! CVSS vector ─► score ─► band ──┐
//! CVSS score without a vector ───┼─► level ─► with exposure and role ─► priority
//! the tool's word ─► its row ────┘
//! nothing of it ──► unknown: never "informational", and never less urgent than scheduled
//! ```

use std::collections::BTreeMap;

use super::report::ScanResult;
use crate::cvss::{self, CvssVersion};
use crate::inventory::Exposure;
use crate::localised::Localised;
use crate::priority::Decision;
use crate::terms;

terms! {
    /// 危険度 of a finding, most severe first.
    pub enum Level ("finding-level") {
        /// 緊急
        Critical = "critical",
        /// 重要
        High = "high",
        /// 警告
        Medium = "medium",
        /// 注意
        Low = "low",
        /// 情報: said by the tool or by a score of 0, never assumed.
        Informational = "informational",
    }
}

terms! {
    /// What a level rests on.
    pub enum RatedBy ("rated-by") {
        /// A CVSS vector.
        Cvss = "cvss",
        /// A CVSS score without a vector.
        Score = "score",
        /// The tool's word, by its row in the table.
        Table = "table",
        /// Nothing that is known: a person rates it.
        Unknown = "unknown",
    }
}

/// A level with what it rests on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rated {
    /// The level; `None` if nothing told it.
    pub level: Option<Level>,
    /// What it rests on.
    pub basis: RatedBy,
    /// Vectors of the finding that are none and say nothing.
    pub unreadable_vectors: usize,
}

/// A group of CVSS versions that share their bands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Scale {
    /// A version of CVSS.
    Version(CvssVersion),
    /// A score whose version is not told.
    NotTold,
}

/// Levels by the score from which each begins, as score × 10.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bands(Vec<(u8, Level)>);

impl Bands {
    /// Levels with their lowest score × 10. What lies below all of them is informational.
    pub fn new(begins: impl IntoIterator<Item = (u8, Level)>) -> Self {
        let mut begins: Vec<_> = begins.into_iter().collect();
        begins.sort_by_key(|(from, _)| std::cmp::Reverse(*from));
        Bands(begins)
    }

    fn level(&self, score_x10: u8) -> Level {
        let reached = self.0.iter().find(|(from, _)| score_x10 >= *from);
        reached.map_or(Level::Informational, |(_, level)| *level)
    }
}

/// The tool that stands for all others.
pub const ANY_TOOL: &str = "*";
/// The word that stands for all others of its tool, but not for a missing one.
pub const ANY_WORD: &str = "*";

/// One row of priorities.
pub type PriorityRow = ((Option<Level>, Exposure, bool), Decision);

/// The table of severities and priorities. Invariant: bands for every scale, and exactly one priority for every combination;
/// an unknown level is at least *scheduled*.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SeverityTable {
    id: String,
    version: String,
    title: Localised,
    bands: BTreeMap<Scale, Bands>,
    words: BTreeMap<String, BTreeMap<String, Option<Level>>>,
    priorities: BTreeMap<(Option<Level>, Exposure, bool), Decision>,
}

/// Why rows make no table.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SeverityTableError {
    /// A version without bands.
    #[error("no bands are given for CVSS {0}")]
    BandsMissing(&'static str),
    /// A combination twice.
    #[error("the priority of {0} stands twice")]
    PriorityTwice(String),
    /// A combination without a priority.
    #[error("no row gives the priority of {0}")]
    PriorityMissing(String),
    /// A level that nobody knows would be put off.
    #[error("{0} must not be less urgent than scheduled: nobody knows how severe it is")]
    UnknownDeferred(String),
}

impl Scale {
    /// All of them, in the order of their versions.
    pub const ALL: [Scale; 5] = [
        Scale::Version(CvssVersion::V2),
        Scale::Version(CvssVersion::V3_0),
        Scale::Version(CvssVersion::V3_1),
        Scale::Version(CvssVersion::V4),
        Scale::NotTold,
    ];

    /// As in the file: `3.1`, `not-told`.
    pub fn as_str(self) -> &'static str {
        match self {
            Scale::Version(version) => version.as_str(),
            Scale::NotTold => "not-told",
        }
    }
}

/// Every combination that needs a priority: level, exposure, and whether patient care depends on it.
pub fn combinations() -> impl Iterator<Item = (Option<Level>, Exposure, bool)> {
    let levels = Level::ALL.iter().copied().map(Some).chain([None]);
    levels.flat_map(|level| {
        [Exposure::Small, Exposure::Controlled, Exposure::Open]
            .into_iter()
            .flat_map(move |exposure| [true, false].map(|patients| (level, exposure, patients)))
    })
}

fn name((level, exposure, patients): (Option<Level>, Exposure, bool)) -> String {
    let level = level.map_or(UNKNOWN, Level::as_str);
    let role = if patients { "patient-care" } else { "other" };
    format!("{level}, {}, {role}", exposure.as_str())
}

/// The word for a level that nobody knows, in the file.
pub const UNKNOWN: &str = "unknown";

impl SeverityTable {
    /// A table of its rows. `words` by tool; each is compared without regard to case.
    ///
    /// # Errors
    /// [`SeverityTableError`] names the first row that is missing, doubled or not permitted.
    pub fn new(
        (id, version, title): (String, String, Localised),
        bands: BTreeMap<Scale, Bands>,
        words: BTreeMap<String, BTreeMap<String, Option<Level>>>,
        priorities: impl IntoIterator<Item = PriorityRow>,
    ) -> Result<Self, SeverityTableError> {
        if let Some(scale) = Scale::ALL.into_iter().find(|scale| !bands.contains_key(scale)) {
            return Err(SeverityTableError::BandsMissing(scale.as_str()));
        }
        let mut rows = BTreeMap::new();
        for (combination, decision) in priorities {
            if rows.insert(combination, decision).is_some() {
                return Err(SeverityTableError::PriorityTwice(name(combination)));
            }
            if combination.0.is_none() && decision > Decision::Scheduled {
                return Err(SeverityTableError::UnknownDeferred(name(combination)));
            }
        }
        if let Some(missing) = combinations().find(|combination| !rows.contains_key(combination)) {
            return Err(SeverityTableError::PriorityMissing(name(missing)));
        }
        let words = words.into_iter().map(|(tool, words)| {
            let words = words.into_iter().map(|(word, level)| (normal(&word), level));
            (normal(&tool), words.collect())
        });
        Ok(SeverityTable { id, version, title, bands, words: words.collect(), priorities: rows })
    }

    /// Its name.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Its version.
    pub fn version(&self) -> &str {
        &self.version
    }

    /// What it is called.
    pub fn title(&self) -> &Localised {
        &self.title
    }

    /// The rows of words, for people to read: tool, word (both in lower case), level.
    pub fn words(&self) -> impl Iterator<Item = (&str, &str, Option<Level>)> {
        self.words.iter().flat_map(|(tool, words)| {
            words.iter().map(move |(word, level)| (tool.as_str(), word.as_str(), *level))
        })
    }

    /// True if the table has an entry of this tool, if only to say that it gives no words.
    pub fn knows(&self, tool: &str) -> bool {
        self.words.contains_key(&normal(tool))
    }

    /// How severe a finding of this kind of tool is: by its most severe CVSS vector, else by its score, else by the tool's
    /// word.
    pub fn rate(&self, tool: &str, result: &ScanResult) -> Rated {
        let scores: Vec<_> = result.cvss.iter().filter_map(|vector| cvss::score(vector).ok()).collect();
        let unreadable_vectors = result.cvss.len() - scores.len();
        let rated = |level, basis| Rated { level, basis, unreadable_vectors };
        let by_vector = scores
            .iter()
            .filter_map(|scores| self.band(Scale::Version(scores.version), scores.score_x10))
            .min();
        if let Some(level) = by_vector {
            return rated(Some(level), RatedBy::Cvss);
        }
        if let Some(level) = result.score_x10.and_then(|score_x10| self.band(Scale::NotTold, score_x10)) {
            return rated(Some(level), RatedBy::Score);
        }
        match self.level_of_word(tool, &result.severity) {
            Some(level) => rated(Some(level), RatedBy::Table),
            None => rated(None, RatedBy::Unknown),
        }
    }

    fn band(&self, scale: Scale, score_x10: u8) -> Option<Level> {
        // A score beyond 10.0 is none.
        self.bands.get(&scale).filter(|_| score_x10 <= 100).map(|bands| bands.level(score_x10))
    }

    /// The level of a tool's word, without regard to case and to a confidence in parentheses behind it: `High (Medium)`.
    ///
    /// The tool's own row goes before its row for any word, and both before the rows for any tool.
    fn level_of_word(&self, tool: &str, word: &str) -> Option<Level> {
        let word = normal(word);
        if word.is_empty() {
            return None;
        }
        let own = self.words.get(&normal(tool));
        let any = self.words.get(ANY_TOOL);
        let bare =
            word.strip_suffix(')').and_then(|word| word.split_once(" (")).map(|(word, _)| word.trim_end());
        let spelt = || [Some(word.as_str()), bare].into_iter().flatten().filter(|word| *word != ANY_WORD);
        let found = |rows: Option<&BTreeMap<String, Option<Level>>>| {
            rows.and_then(|rows| spelt().find_map(|word| rows.get(word).copied()))
        };
        let others = |rows: Option<&BTreeMap<String, Option<Level>>>| {
            rows.and_then(|rows| rows.get(ANY_WORD).copied())
        };
        found(own).or_else(|| others(own)).or_else(|| found(any)).or_else(|| others(any)).flatten()
    }

    /// How urgent a finding is. `affects_patients`: patient care depends on what is assessed.
    pub fn priority(&self, level: Option<Level>, exposure: Exposure, affects_patients: bool) -> Decision {
        let row = self.priorities.get(&(level, exposure, affects_patients));
        // Every combination has its row; were one missing, the most urgent answer would be the cautious one.
        row.copied().unwrap_or(Decision::Immediate)
    }
}

fn normal(word: &str) -> String {
    word.trim().to_lowercase()
}

#[cfg(test)]
#[path = "severity_tests.rs"]
mod tests;
