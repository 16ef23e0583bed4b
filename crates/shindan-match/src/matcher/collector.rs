//! What is collected while the statements about one component are read.

use std::sync::Arc;

use rustc_hash::FxHashMap;
use shindan_domain::advisory::Status;
use shindan_domain::cpe::{Cpe, Relation};
use shindan_domain::diagnostic::{Code, Params};
use shindan_domain::finding::{Confidence, MatchMethod, NameReading};
use shindan_domain::version::Scheme;

use super::cpe::relation;
use super::surroundings::Surroundings;
use super::witness::Witness;
use super::{Clearing, ClearingKey, Doubt, Hit, HitKey};
use crate::index::layout::IndexError;
use crate::index::posting::{Asked, Conditions, ParticularsReader, StoredStatement, Verdict};
use crate::index::read::List;

/// Parameter of [`Code::UpdateStateUnknown`]: by what the advisory tells the fix.
pub(super) const TOLD_BY: &str = "told_by";
/// By the numbers of updates alone.
pub(super) const TOLD_BY_UPDATE: &str = "update";

/// What is collected while the lists of one component are read.
pub(super) struct Collector<'a, 's, W> {
    surroundings: &'s Surroundings<'s>,
    pub(super) witness: &'s mut W,
    /// The updates that the component has, directly or by others that replace them, with the index of the installed
    /// one; `None` if they are not known.
    pub(super) installed: Option<FxHashMap<u32, u32>>,
    pub(super) hits: Vec<Hit<'a>>,
    /// With how close the statement's product is to the component.
    pub(super) doubts: Vec<(Doubt, Kinship)>,
    /// (advisory, vulnerability) that an advisory itself calls not affected or fixed for this version, and how close
    /// the product is of which it says so.
    pub(super) cleared: FxHashMap<(u32, u32), Kinship>,
    /// Words that reach beyond their advisory: VEX, and updates that are installed.
    pub(super) clearings: Vec<Clearing<'a>>,
    /// Statements that do not cover the version; only read if there are doubts to settle.
    pub(super) not_covered: Vec<ParticularsReader<'a>>,
}

/// How close the product of a statement is to the component. What an advisory says of a similar product must not
/// settle what it says of the very product: "VxWorks Cert: not affected" leaves "VxWorks 6.9: affected" as it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Kinship {
    /// Its name resembles, or it is one edition of it.
    Similar,
    /// The same.
    Same,
}

/// How the component was recognised, for the statements of one list.
pub(crate) struct Recognised<'c> {
    pub method: MatchMethod,
    /// At best.
    pub confidence: Confidence,
    pub release: Option<&'c str>,
    pub cpe: Option<&'c Cpe>,
    /// The name only resembles: a hit becomes a doubt.
    pub ambiguous: bool,
    pub kinship: Kinship,
    /// How the advisory's name was read, if it is another one.
    pub reading: Option<NameReading>,
}

/// What a statement that is about the product says of its version.
enum Outcome {
    /// It is in this interval; `None`: in "all versions".
    Covered(Option<u32>),
    /// It cannot be told, and why.
    Open(Code, Params),
}

/// What became of a statement when it was weighed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Weighed {
    /// Its source took it back.
    Withdrawn,
    /// It holds for another release of the distribution.
    OtherRelease,
    /// The version is outside its ranges.
    NotInRange,
    /// It means another edition or platform of the product.
    OtherEdition,
    /// It holds only inside a product that is not there.
    OutsideProduct,
    /// An installed update contains the fix.
    Settled {
        /// Number of the update that the statement names.
        update: u32,
        /// Index of the installed update that brings it.
        installed: u32,
    },
    /// It calls the component not affected or fixed.
    Clears {
        /// True if that holds against other advisories, too.
        beyond: bool,
    },
    /// It calls something not affected or fixed, but it cannot be told whether that is the component.
    ClearsNothing(Code),
    /// It could not be judged.
    Doubtful(Code, Params),
    /// It covers the component: number of the interval; `None` for "all versions".
    Hit(Option<u32>),
}

impl<'a, 's, W: Witness<'a>> Collector<'a, 's, W> {
    pub(super) fn new(surroundings: &'s Surroundings<'s>, witness: &'s mut W) -> Self {
        Collector {
            surroundings,
            witness,
            installed: None,
            hits: Vec::new(),
            doubts: Vec::new(),
            cleared: FxHashMap::default(),
            clearings: Vec::new(),
            not_covered: Vec::new(),
        }
    }

    /// Weighs every statement of a list; true if any is about this release.
    pub(super) fn weigh(
        &mut self,
        list: List<'a>,
        asked: &mut Asked<'_>,
        recognised: &Recognised<'_>,
    ) -> Result<bool, IndexError> {
        let mut any = false;
        for statement in list.statements() {
            let statement = statement?;
            if let (Some(theirs), Some(own)) = (statement.release, recognised.release)
                && theirs != own
            {
                if W::WATCHES {
                    let (_, reader) = statement.judge(asked)?;
                    let weighed = &Weighed::OtherRelease;
                    self.witness.weighed(&statement, reader, recognised, asked.text(), weighed);
                }
                continue;
            }
            any = true;
            let (verdict, reader) = statement.judge(asked)?;
            let weighed = self.take(&statement, verdict, reader, asked, recognised)?;
            if W::WATCHES {
                self.witness.weighed(&statement, reader, recognised, asked.text(), &weighed);
            }
        }
        Ok(any)
    }

    fn take(
        &mut self,
        statement: &StoredStatement<'a>,
        verdict: Verdict,
        reader: ParticularsReader<'a>,
        asked: &Asked<'_>,
        recognised: &Recognised<'_>,
    ) -> Result<Weighed, IndexError> {
        // What holds for one release clears nothing of a system whose release is unknown.
        let other_release = statement.release.is_some() && recognised.release.is_none();
        let clears = matches!(statement.status, Status::NotAffected | Status::Fixed);
        if other_release && clears {
            return Ok(Weighed::ClearsNothing(Code::ReleaseUnknown));
        }
        if verdict == Verdict::NotCovered {
            if recognised.kinship == Kinship::Same && !reader.is_within_another() {
                self.not_covered.push(reader);
            }
            return Ok(Weighed::NotInRange);
        }
        let (relation, conditions) = self.conditions(reader, recognised)?;
        if relation == Relation::Disjoint {
            return Ok(Weighed::OtherEdition);
        }
        if conditions.within.as_ref().is_some_and(|within| !self.surroundings.hold(within)) {
            return Ok(Weighed::OutsideProduct);
        }
        let edition = matches!(relation, Relation::Subset | Relation::Undefined);
        let kinship = if edition { Kinship::Similar } else { recognised.kinship };
        if clears {
            return match verdict {
                Verdict::Unknown(code, _) => Ok(Weighed::ClearsNothing(code)),
                Verdict::Partly(_) => Ok(Weighed::ClearsNothing(Code::UpdateStateUnknown)),
                _ => self.clear(statement, reader, kinship, &conditions),
            };
        }
        if let Some((update, installed)) = self.installed_fix(statement)? {
            if kinship == Kinship::Same {
                self.not_covered.push(reader);
                self.push_clearings(statement, reader, Some(installed))?;
            }
            return Ok(Weighed::Settled { update, installed });
        }
        let interval = match self.outcome(statement, verdict, reader, asked, recognised, &conditions)? {
            Outcome::Covered(interval) => interval,
            Outcome::Open(code, params) => {
                let told = if W::WATCHES { params.clone() } else { Params::new() };
                self.doubt(statement, reader, kinship, code, params)?;
                return Ok(Weighed::Doubtful(code, told));
            }
        };
        let key = HitKey {
            confidence: std::cmp::Reverse(confidence(recognised, relation, asked)),
            method: recognised.method,
            reading: recognised.reading,
            advisory: statement.advisory,
            statement: statement.statement,
            interval,
        };
        for vulnerability in reader.vulnerabilities()? {
            self.hits.push(Hit { vulnerability: vulnerability?, key, reader, kinship });
        }
        Ok(Weighed::Hit(interval))
    }

    /// Whether a statement that is about this product and may cover its version does.
    fn outcome(
        &self,
        statement: &StoredStatement<'a>,
        verdict: Verdict,
        reader: ParticularsReader<'a>,
        asked: &Asked<'_>,
        recognised: &Recognised<'_>,
        conditions: &Conditions<'a>,
    ) -> Result<Outcome, IndexError> {
        let interval = match verdict {
            Verdict::Unknown(code, params) => return Ok(Outcome::Open(code, params)),
            _ if statement.status == Status::UnderInvestigation => {
                return Ok(Outcome::Open(Code::UnderInvestigation, Params::new()));
            }
            // The updates do not tell, or are not told.
            Verdict::Partly(_) if self.installed.is_none() || statement.updates().is_none() => {
                return Ok(Outcome::Open(Code::UpdateStateUnknown, state_of(asked, "build")));
            }
            Verdict::Covered(interval) | Verdict::Partly(interval) => interval,
            // Left aside before; were it not, it must not make a finding.
            Verdict::NotCovered => return Ok(Outcome::Open(Code::RangeUndetermined, Params::new())),
        };
        Ok(match self.reservation(statement, reader, recognised, conditions)? {
            Some((code, params)) => Outcome::Open(code, params),
            None if self.state_unknown(statement, interval) => {
                Outcome::Open(Code::UpdateStateUnknown, state_of(asked, TOLD_BY_UPDATE))
            }
            None => Outcome::Covered(interval.map(|n| n as u32)),
        })
    }

    /// A statement calls the component not affected or fixed.
    fn clear(
        &mut self,
        statement: &StoredStatement<'a>,
        reader: ParticularsReader<'a>,
        kinship: Kinship,
        conditions: &Conditions<'_>,
    ) -> Result<Weighed, IndexError> {
        for vulnerability in reader.vulnerabilities()? {
            let known = self.cleared.entry((statement.advisory, vulnerability?)).or_insert(kinship);
            *known = kinship.max(*known);
        }
        let beyond = statement.exploitability()
            && kinship == Kinship::Same
            && self.absent_platform(&conditions.platforms).is_none();
        if beyond {
            self.push_clearings(statement, reader, None)?;
        }
        Ok(Weighed::Clears { beyond })
    }

    fn push_clearings(
        &mut self,
        statement: &StoredStatement<'a>,
        reader: ParticularsReader<'a>,
        update: Option<u32>,
    ) -> Result<(), IndexError> {
        let key = ClearingKey {
            advisory: statement.advisory,
            statement: statement.statement,
            fixed: statement.status == Status::Fixed || update.is_some(),
            update,
        };
        for vulnerability in reader.vulnerabilities()? {
            self.clearings.push(Clearing { vulnerability: vulnerability?, key, reader });
        }
        Ok(())
    }

    /// The update named by the statement that is installed, or contained in one that is.
    fn installed_fix(&self, statement: &StoredStatement<'_>) -> Result<Option<(u32, u32)>, IndexError> {
        let (Some(installed), Some(updates)) = (&self.installed, statement.updates()) else {
            return Ok(None);
        };
        for update in updates {
            let update = update?;
            if let Some(&by) = installed.get(&update) {
                return Ok(Some((update, by)));
            }
        }
        Ok(None)
    }

    /// True if a statement that holds for every version without certain updates meets a component of which no update is
    /// known.
    fn state_unknown(&self, statement: &StoredStatement<'_>, interval: Option<usize>) -> bool {
        interval.is_none() && statement.updates().is_some() && self.installed.is_none()
    }

    fn doubt(
        &mut self,
        statement: &StoredStatement<'_>,
        reader: ParticularsReader<'_>,
        kinship: Kinship,
        code: Code,
        params: Params,
    ) -> Result<(), IndexError> {
        let params = Arc::new(params);
        for vulnerability in reader.vulnerabilities()? {
            let (vulnerability, advisory) = (Some(vulnerability?), Some(statement.advisory));
            self.doubts.push((Doubt { vulnerability, advisory, code, params: Arc::clone(&params) }, kinship));
        }
        Ok(())
    }

    /// How the statement's product relates to the component by the CPE attributes beyond vendor and product, and on
    /// what else the statement depends.
    fn conditions(
        &self,
        reader: ParticularsReader<'a>,
        recognised: &Recognised<'_>,
    ) -> Result<(Relation, Conditions<'a>), IndexError> {
        if !reader.has_conditions() {
            return Ok((Relation::Equal, Conditions::default()));
        }
        let conditions = reader.conditions()?;
        let relation = match (recognised.cpe, conditions.cpe.map(Cpe::parse)) {
            (Some(own), Some(Ok(theirs))) => relation(&theirs, own),
            _ => Relation::Equal,
        };
        Ok((relation, conditions))
    }

    /// The first group of platforms of which none is there.
    fn absent_platform<'p>(&self, platforms: &'p [Vec<&'p str>]) -> Option<&'p Vec<&'p str>> {
        platforms.iter().find(|group| !group.iter().any(|platform| self.surroundings.has_platform(platform)))
    }

    /// Why a statement that covers the version is a doubt all the same.
    fn reservation(
        &self,
        statement: &StoredStatement<'_>,
        reader: ParticularsReader<'_>,
        recognised: &Recognised<'_>,
        conditions: &Conditions<'_>,
    ) -> Result<Option<(Code, Params)>, IndexError> {
        let (code, name, value) = if recognised.ambiguous {
            (Code::ProductAmbiguous, "product", reader.read(None)?.identifier.to_owned())
        } else if statement.release.is_some() && recognised.release.is_none() {
            (Code::ReleaseUnknown, "name", reader.read(None)?.identifier.to_owned())
        } else if let Some(absent) = self.absent_platform(&conditions.platforms) {
            (Code::PlatformUnknown, "platform", absent.join(", "))
        } else {
            return Ok(None);
        };
        Ok(Some((code, Params::from([(name.to_owned(), value)]))))
    }
}

/// Particulars of [`Code::UpdateStateUnknown`].
fn state_of(asked: &Asked<'_>, told_by: &str) -> Params {
    let version = asked.text().unwrap_or_default();
    Params::from([(TOLD_BY.to_owned(), told_by.to_owned()), ("version".to_owned(), version.to_owned())])
}

fn confidence(recognised: &Recognised<'_>, relation: Relation, asked: &Asked<'_>) -> Confidence {
    // The advisory means an edition or platform that the component's name leaves open.
    if matches!(relation, Relation::Subset | Relation::Undefined) {
        return Confidence::Low;
    }
    // A version under the generic order was interpreted, not defined by anybody.
    if asked.used(Scheme::Generic) {
        recognised.confidence.min(Confidence::Medium)
    } else {
        recognised.confidence
    }
}
