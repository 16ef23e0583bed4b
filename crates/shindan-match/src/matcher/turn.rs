//! Who knows the product may deny what others say: VEX documents, what an inventory states itself, and updates that are
//! installed.
//!
//! A denial turns a finding, which is kept and shown with it, unless it is contradicted:
//!
//! - Another VEX document that calls the component affected keeps the finding, whoever wrote it and whatever its date.
//!   Only an *older* one of the same source is superseded by the newer word of that source (OpenVEX 0.2.0, section
//!   "Updating Statements with Inherited Data": the latest statement of a product and vulnerability holds).
//! - So does an ordinary advisory of the source that denies: who contradicts oneself is not believed the good news.
//! - An ordinary advisory of somebody else does not: that is what such documents are written for.

use rustc_hash::FxHashMap;

use super::collector::Collector;
use super::witness::{Dropped, Witness};
use super::{Clearing, Doubt, Hit, Judgement, Turned};
use crate::index::layout::IndexError;
use crate::index::read::AdvisoryHead;
use crate::known::Known;

/// Who denies which vulnerability without being contradicted.
pub(super) struct Denials<'a> {
    known: Known<'a>,
    /// Vulnerability → advisories that deny it.
    by: FxHashMap<u32, Vec<u32>>,
}

impl Denials<'_> {
    /// The advisory whose word answers a doubt. The doubts of VEX documents (*under investigation*) are of the same
    /// weight as a denial, and are answered by the newer word of the same source only.
    pub fn answer(&self, doubt: &Doubt) -> Result<Option<u32>, IndexError> {
        let (Some(vulnerability), Some(advisory)) = (doubt.vulnerability, doubt.advisory) else {
            return Ok(None);
        };
        let Some(deniers) = self.by.get(&vulnerability) else { return Ok(None) };
        let doubter = self.known.advisory_head(advisory)?;
        for &by in deniers {
            let denier = self.known.advisory_head(by)?;
            if !doubter.exploitability || is_superseded(&doubter, &denier) {
                return Ok(Some(by));
            }
        }
        Ok(None)
    }
}

impl<'a, W: Witness<'a>> Collector<'a, '_, W> {
    /// Moves denied hits into [`Judgement::turned`].
    pub(super) fn deny(
        &mut self,
        known: Known<'a>,
        of_the_whole: &[Clearing<'a>],
        judgement: &mut Judgement<'a>,
    ) -> Result<Denials<'a>, IndexError> {
        let mut denials = Denials { known, by: FxHashMap::default() };
        let mut clearings = std::mem::take(&mut self.clearings);
        if !of_the_whole.is_empty() {
            let asked = |v: u32| {
                self.hits.iter().any(|hit| hit.vulnerability == v)
                    || self.doubts.iter().any(|(doubt, _)| doubt.vulnerability == Some(v))
            };
            clearings.extend(of_the_whole.iter().filter(|clearing| asked(clearing.vulnerability)));
        }
        if clearings.is_empty() {
            return Ok(denials);
        }
        clearings.sort_unstable_by_key(|clearing| (clearing.vulnerability, clearing.key));
        clearings.dedup_by_key(|clearing| (clearing.vulnerability, clearing.key));
        for group in clearings.chunk_by(|a, b| a.vulnerability == b.vulnerability) {
            let Some(vulnerability) = group.first().map(|clearing| clearing.vulnerability) else { continue };
            let hits: Vec<Hit<'a>> =
                self.hits.iter().filter(|hit| hit.vulnerability == vulnerability).copied().collect();
            let (standing, contradicted) = sort_out(known, group, &hits)?;
            if standing.is_empty() {
                contradicted.iter().for_each(|clearing| self.witness.contradicted(clearing));
                judgement.disputed.extend(contradicted);
                continue;
            }
            denials.by.insert(vulnerability, standing.iter().map(|c| c.key.advisory).collect());
            judgement.standing.extend_from_slice(&standing);
            if hits.is_empty() {
                continue;
            }
            self.hits.retain(|hit| hit.vulnerability != vulnerability);
            self.tell_denied(known, &hits, &standing)?;
            judgement.turned.push(Turned { hits, by: standing });
        }
        Ok(denials)
    }

    fn tell_denied(
        &mut self,
        known: Known<'a>,
        hits: &[Hit<'a>],
        standing: &[Clearing<'a>],
    ) -> Result<(), IndexError> {
        if !W::WATCHES {
            return Ok(());
        }
        for hit in hits {
            let theirs = known.advisory_head(hit.key.advisory)?;
            let mut why = None;
            for clearing in standing {
                let by = clearing.key.advisory;
                if theirs.exploitability && is_superseded(&theirs, &known.advisory_head(by)?) {
                    why = Some(Dropped::Superseded { by });
                    break;
                }
                why = why.or(Some(Dropped::Denied { by }));
            }
            if let Some(why) = why {
                self.witness.dropped(hit, why);
            }
        }
        Ok(())
    }
}

/// Denials of one vulnerability that stand, and those that are contradicted.
fn sort_out<'a>(
    known: Known<'a>,
    clearings: &[Clearing<'a>],
    hits: &[Hit<'a>],
) -> Result<(Vec<Clearing<'a>>, Vec<Clearing<'a>>), IndexError> {
    let heads: Vec<AdvisoryHead<'a>> =
        hits.iter().map(|hit| known.advisory_head(hit.key.advisory)).collect::<Result<_, _>>()?;
    let (mut standing, mut contradicted) = (Vec::new(), Vec::new());
    // An affirmation that its own source has superseded contradicts nobody any more.
    let mut valid = vec![true; heads.len()];
    for clearing in clearings {
        let denier = known.advisory_head(clearing.key.advisory)?;
        for (valid, affirmer) in valid.iter_mut().zip(&heads) {
            *valid &= !(affirmer.exploitability && is_superseded(affirmer, &denier));
        }
    }
    for clearing in clearings {
        let denier = known.advisory_head(clearing.key.advisory)?;
        let keeps = |(affirmer, valid): (&AdvisoryHead<'_>, &bool)| {
            *valid && (affirmer.exploitability || same_source(affirmer, &denier))
        };
        let list = if heads.iter().zip(&valid).any(keeps) { &mut contradicted } else { &mut standing };
        list.push(*clearing);
    }
    Ok((standing, contradicted))
}

/// True if `newer` is the later word of the same source. Two sources without a name are not the same for that.
fn is_superseded(older: &AdvisoryHead<'_>, newer: &AdvisoryHead<'_>) -> bool {
    let named = !["", "unknown"].contains(&newer.source.trim());
    let later = older.modified.zip(newer.modified).is_some_and(|(older, newer)| older < newer);
    newer.exploitability && named && later && same_source(older, newer)
}

fn same_source(a: &AdvisoryHead<'_>, b: &AdvisoryHead<'_>) -> bool {
    a.source.trim().eq_ignore_ascii_case(b.source.trim())
}
