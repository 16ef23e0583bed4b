//! What follows once every statement about a component has been weighed: sources clear their own statements, what one
//! leaves open another may have answered, and who knows the product may deny what others say ([`super::turn`]).

use rustc_hash::FxHashSet;
use shindan_domain::diagnostic::Code;

use super::collector::{Collector, Kinship, TOLD_BY, TOLD_BY_UPDATE};
use super::turn::Denials;
use super::witness::{Answered, Dropped, Witness};
use super::{Clearing, Doubt, Judgement};
use crate::index::layout::IndexError;
use crate::known::Known;

impl<'a, W: Witness<'a>> Collector<'a, '_, W> {
    /// Fills the judgement. `of_the_whole` is what is said of the product of which the component is a part.
    pub(super) fn settle(
        mut self,
        known: Known<'a>,
        of_the_whole: &[Clearing<'a>],
        judgement: &mut Judgement<'a>,
    ) -> Result<(), IndexError> {
        if !self.cleared.is_empty() {
            let (cleared, witness) = (&self.cleared, &mut self.witness);
            self.hits.retain(|hit| {
                let by = cleared.get(&(hit.key.advisory, hit.vulnerability));
                let itself = by.is_some_and(|by| *by >= hit.kinship);
                if itself {
                    witness.dropped(hit, Dropped::ClearedByItself);
                }
                !itself
            });
        }
        let denials = self.deny(known, of_the_whole, judgement)?;
        if !self.doubts.is_empty() {
            self.answer(&denials, judgement)?;
        }
        judgement.hits = self.hits;
        Ok(())
    }

    /// What one source leaves open, another may have answered.
    fn answer(&mut self, denials: &Denials<'_>, judgement: &mut Judgement<'a>) -> Result<(), IndexError> {
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
            let cleared =
                |advisory: u32| self.cleared.get(&(advisory, vulnerability)).is_some_and(|by| *by >= kinship);
            let answered = if hit.contains(&vulnerability) {
                Some(Answered::ByHit)
            } else if doubt.advisory.is_some_and(cleared) {
                Some(Answered::ByItself)
            } else if says_nothing_about_versions(&doubt) && denied.contains(&vulnerability) {
                Some(Answered::ByVersions)
            } else if let Some(by) = denials.answer(&doubt)? {
                Some(Answered::ByDenial { by })
            } else if !seen.insert((vulnerability, doubt.code)) {
                Some(Answered::Repeated)
            } else {
                None
            };
            match answered {
                Some(why) => self.witness.answered(&doubt, why),
                None => judgement.doubts.push(doubt),
            }
        }
        Ok(())
    }
}

/// Overviews (JVNRSS) name products without versions, and some records give commits or "n/a": such a statement is
/// settled by any other source that does name versions.
fn says_nothing_about_versions(doubt: &Doubt) -> bool {
    match doubt.code {
        Code::RangeGitOnly => true,
        // Another source that names builds may know what the updates do not tell.
        Code::UpdateStateUnknown => doubt.params.get(TOLD_BY).is_some_and(|by| by == TOLD_BY_UPDATE),
        Code::RangeUndetermined => {
            let text = doubt.params.get("text").map(|t| t.trim()).unwrap_or_default();
            ["", "-", "n/a", "unspecified", "unknown"].iter().any(|t| text.eq_ignore_ascii_case(t))
        }
        _ => false,
    }
}
