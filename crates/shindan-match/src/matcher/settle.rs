//! What follows once every statement about a component has been read: sources clear their own statements, and what one
//! leaves open another may have answered.

use rustc_hash::FxHashSet;
use shindan_domain::diagnostic::Code;

use super::collector::{Collector, Kinship};
use super::{Doubt, Judgement};
use crate::index::layout::IndexError;

impl<'a> Collector<'a> {
    /// What one source leaves open, another may have answered.
    pub(super) fn settle(mut self, judgement: &mut Judgement<'a>) -> Result<(), IndexError> {
        let cleared = |advisory: u32, vulnerability: u32, kinship: Kinship| {
            self.cleared.get(&(advisory, vulnerability)).is_some_and(|by| *by >= kinship)
        };
        if !self.cleared.is_empty() {
            self.hits.retain(|h| !cleared(h.key.advisory, h.vulnerability, h.kinship));
        }
        if !self.doubts.is_empty() {
            let hit: FxHashSet<u32> = self.hits.iter().map(|h| h.vulnerability).collect();
            let same = self.cleared.iter().filter(|(_, by)| **by == Kinship::Same);
            let mut denied: FxHashSet<u32> = same.map(|(&(_, v), _)| v).collect();
            for reader in std::mem::take(&mut self.not_covered) {
                for vulnerability in reader.vulnerabilities()? {
                    denied.insert(vulnerability?);
                }
            }
            let mut seen = FxHashSet::default();
            for (doubt, kinship) in std::mem::take(&mut self.doubts) {
                let Some(vulnerability) = doubt.vulnerability else { continue };
                let settled = hit.contains(&vulnerability)
                    || doubt.advisory.is_some_and(|a| cleared(a, vulnerability, kinship))
                    || (says_nothing_about_versions(&doubt) && denied.contains(&vulnerability));
                if !settled && seen.insert((vulnerability, doubt.code)) {
                    judgement.doubts.push(doubt);
                }
            }
        }
        judgement.hits = self.hits;
        Ok(())
    }
}

/// Overviews (JVNRSS) name products without versions, and some records give commits or "n/a": such a statement is
/// settled by any other source that does name versions.
fn says_nothing_about_versions(doubt: &Doubt) -> bool {
    match doubt.code {
        Code::RangeGitOnly => true,
        Code::RangeUndetermined => {
            let text = doubt.params.get("text").map(|t| t.trim()).unwrap_or_default();
            ["", "-", "n/a", "unspecified", "unknown"].iter().any(|t| text.eq_ignore_ascii_case(t))
        }
        _ => false,
    }
}
