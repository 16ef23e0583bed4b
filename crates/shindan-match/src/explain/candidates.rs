//! From what was witnessed to candidates with rules.

use rustc_hash::FxHashMap;
use shindan_domain::advisory::{Advisory, Affected};
use shindan_domain::explanation::{Applied, Candidate, CandidateOutcome, Rule};
use shindan_domain::inventory::Component;
use shindan_domain::version::{VersionClaim, VersionRange};

use super::trace::{Later, Seen};
use crate::check::place;
use crate::index::layout::IndexError;
use crate::index::posting::Container;
use crate::known::Known;
use crate::matcher::Weighed;
use crate::matcher::witness::{Answered, Dropped};

/// Makes candidates; each advisory is read once.
pub(super) struct Candidates<'a> {
    known: Known<'a>,
    component: &'a Component,
    advisories: FxHashMap<u32, Advisory>,
}

impl<'a> Candidates<'a> {
    pub fn new(known: Known<'a>, component: &'a Component) -> Self {
        Candidates { known, component, advisories: FxHashMap::default() }
    }

    /// The candidates, by vulnerability; what counts comes first within each.
    pub fn list(&mut self, seen: &[Seen<'_>]) -> Result<Vec<Candidate>, IndexError> {
        let mut list = seen.iter().map(|seen| self.candidate(seen)).collect::<Result<Vec<_>, _>>()?;
        list.sort_by(|a, b| {
            (&a.vulnerability, a.outcome, &a.advisory).cmp(&(&b.vulnerability, b.outcome, &b.advisory))
        });
        list.dedup();
        Ok(list)
    }

    fn candidate(&mut self, seen: &Seen<'_>) -> Result<Candidate, IndexError> {
        let head = self.known.advisory_head(seen.advisory)?;
        let particulars = seen.reader.read(None)?;
        let versions = self.affected(seen)?.map(claim).unwrap_or_default();
        let mut rules = vec![self.weighed(seen, &versions)?];
        for later in &seen.later {
            rules.push(self.later(*later)?);
        }
        Ok(Candidate {
            vulnerability: self.known.vulnerability(seen.vulnerability)?.id,
            advisory: head.id.to_owned(),
            source: head.source.to_owned(),
            place: place(head.document, particulars.pointer),
            method: seen.method,
            identifier: particulars.identifier.to_owned(),
            status: seen.status,
            versions,
            rules,
            outcome: outcome(seen),
        })
    }

    /// The statement as its source made it.
    fn affected(&mut self, seen: &Seen<'_>) -> Result<Option<&Affected>, IndexError> {
        if !self.advisories.contains_key(&seen.advisory) {
            self.advisories.insert(seen.advisory, self.known.advisory(seen.advisory)?);
        }
        let advisory = self.advisories.get(&seen.advisory);
        Ok(advisory.and_then(|advisory| advisory.affected.get(seen.statement as usize)))
    }

    /// The rule by which it was compared with the component.
    fn weighed(&self, seen: &Seen<'_>, versions: &str) -> Result<Applied, IndexError> {
        let version = seen.version.as_deref().unwrap_or_default();
        let rule = |rule: Rule| Applied::new(rule);
        Ok(match &seen.weighed {
            Weighed::Withdrawn => rule(Rule::Withdrawn),
            Weighed::OtherRelease => rule(Rule::OtherRelease)
                .with("theirs", seen.releases.0.unwrap_or_default())
                .with("own", seen.releases.1.as_deref().unwrap_or_default()),
            Weighed::NotInRange => rule(Rule::NotInRange).with("version", version).with("range", versions),
            Weighed::OtherEdition => rule(Rule::OtherEdition)
                .with("theirs", seen.reader.conditions()?.cpe.unwrap_or_default())
                .with("own", seen.cpe.as_deref().unwrap_or_default()),
            Weighed::OutsideProduct => {
                let within = seen.reader.conditions()?.within.unwrap_or_default();
                rule(Rule::OutsideProduct).with("product", name(&within))
            }
            Weighed::Settled { update, installed } => self.settled(*update, *installed)?,
            Weighed::Clears { beyond: true } => rule(Rule::Denies),
            Weighed::Clears { beyond: false } => rule(Rule::ClearsWithin),
            Weighed::ClearsNothing(code) => {
                Applied { reason: Some((*code, Default::default())), ..rule(Rule::ClearsNothing) }
            }
            Weighed::Doubtful(code, params) => {
                Applied { reason: Some((*code, params.clone())), ..rule(Rule::Undetermined) }
            }
            Weighed::Hit(None) => rule(Rule::AllVersions),
            Weighed::Hit(Some(interval)) => rule(Rule::InRange)
                .with("version", version)
                .with("range", seen.reader.read(Some(*interval as usize))?.range),
        })
    }

    fn settled(&self, update: u32, installed: u32) -> Result<Applied, IndexError> {
        let named = self.known.index.update(update)?.name;
        let installed = self.component.updates.as_deref().unwrap_or_default().get(installed as usize);
        let installed = installed.map(String::as_str).unwrap_or_default();
        Ok(if crate::keys::update(installed) == named {
            Applied::new(Rule::UpdateInstalled).with("update", named)
        } else {
            Applied::new(Rule::UpdateReplaced).with("update", named).with("installed", installed)
        })
    }

    fn later(&self, later: Later) -> Result<Applied, IndexError> {
        let by = |rule: Rule, advisory: u32| -> Result<Applied, IndexError> {
            let head = self.known.advisory_head(advisory)?;
            Ok(Applied::new(rule).with("advisory", head.id).with("source", head.source))
        };
        match later {
            Later::Dropped(Dropped::ClearedByItself) | Later::Answered(Answered::ByItself) => {
                Ok(Applied::new(Rule::ClearedByItself))
            }
            Later::Dropped(Dropped::Denied { by: advisory }) => by(Rule::Denied, advisory),
            Later::Dropped(Dropped::Superseded { by: advisory }) => by(Rule::Superseded, advisory),
            Later::Answered(Answered::ByHit) => Ok(Applied::new(Rule::AnsweredByHit)),
            Later::Answered(Answered::ByVersions) => Ok(Applied::new(Rule::AnsweredByVersions)),
            Later::Answered(Answered::ByDenial { by: advisory }) => by(Rule::AnsweredByDenial, advisory),
            Later::Answered(Answered::Repeated) => Ok(Applied::new(Rule::SaidAlready)),
            Later::Contradicted => Ok(Applied::new(Rule::Contradicted)),
        }
    }
}

fn outcome(seen: &Seen<'_>) -> CandidateOutcome {
    match (&seen.weighed, seen.later.as_slice()) {
        (Weighed::Hit(_), []) => CandidateOutcome::Taken,
        (Weighed::Hit(_), [Later::Dropped(Dropped::Denied { .. } | Dropped::Superseded { .. }), ..]) => {
            CandidateOutcome::Denied
        }
        (Weighed::Doubtful(..), []) => CandidateOutcome::Open,
        (Weighed::Clears { beyond: true }, []) => CandidateOutcome::Denies,
        _ => CandidateOutcome::Dropped,
    }
}

/// The versions of a statement as text.
fn claim(affected: &Affected) -> String {
    let listed =
        |ranges: &[VersionRange]| ranges.iter().map(ToString::to_string).collect::<Vec<_>>().join(" || ");
    match &affected.versions {
        VersionClaim::All => "*".to_owned(),
        VersionClaim::Ranged { ranges, except } if except.is_empty() => listed(ranges),
        VersionClaim::Ranged { ranges, except } => format!("{} !({})", listed(ranges), listed(except)),
        VersionClaim::Undetermined { params, .. } => params.get("text").unwrap_or(&affected.text).to_owned(),
    }
}

/// The name of a product by its best identity.
fn name(product: &Container<'_>) -> String {
    let named = format!("{} {} {}", product.vendor, product.product, product.version);
    let all =
        [product.purl, product.cpes.first().copied().unwrap_or_default(), named.trim(), product.bom_link];
    all.into_iter().find(|text| !text.is_empty()).unwrap_or_default().to_owned()
}
