//! What is collected while the statements about one component are read.

use std::sync::Arc;

use rustc_hash::FxHashMap;
use shindan_domain::advisory::Status;
use shindan_domain::cpe::{Cpe, Relation};
use shindan_domain::diagnostic::{Code, Params};
use shindan_domain::finding::{Confidence, MatchMethod};
use shindan_domain::version::Scheme;

use super::cpe::relation;
use super::{Doubt, Hit, HitKey};
use crate::index::layout::IndexError;
use crate::index::posting::{Asked, ParticularsReader, StoredStatement, Verdict};
use crate::index::read::List;

/// What is collected while the lists of one component are read.
#[derive(Default)]
pub(super) struct Collector<'a> {
    pub(super) hits: Vec<Hit<'a>>,
    /// With how close the statement's product is to the component.
    pub(super) doubts: Vec<(Doubt, Kinship)>,
    /// (advisory, vulnerability) that an advisory itself calls not affected or fixed for this version, and how close
    /// the product is of which it says so.
    pub(super) cleared: FxHashMap<(u32, u32), Kinship>,
    /// Statements that do not cover the version; only read if there are doubts to settle.
    pub(super) not_covered: Vec<ParticularsReader<'a>>,
}

/// How close the product of a statement is to the component. What an advisory says of a similar product must not
/// settle what it says of the very product: "VxWorks Cert: not affected" leaves "VxWorks 6.9: affected" as it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kinship {
    /// Its name resembles, or it is one edition of it.
    Similar,
    /// The same.
    Same,
}

/// How the component was recognised, for the statements of one list.
pub(super) struct Recognised<'c> {
    pub(super) method: MatchMethod,
    /// At best.
    pub(super) confidence: Confidence,
    pub(super) release: Option<&'c str>,
    pub(super) cpe: Option<&'c Cpe>,
    /// The name only resembles: a hit becomes a doubt.
    pub(super) ambiguous: bool,
    pub(super) kinship: Kinship,
}

impl<'a> Collector<'a> {
    /// Weighs every statement of a list; true if any is about this release.
    pub(super) fn weigh(
        &mut self,
        list: List<'a>,
        asked: &mut Asked<'_>,
        recognised: &Recognised<'_>,
        present: &dyn Fn(&str) -> bool,
    ) -> Result<bool, IndexError> {
        let mut any = false;
        for statement in list.statements() {
            let statement = statement?;
            if let (Some(theirs), Some(own)) = (statement.release, recognised.release)
                && theirs != own
            {
                continue;
            }
            any = true;
            let (verdict, reader) = statement.judge(asked)?;
            self.take(&statement, verdict, reader, asked, recognised, present)?;
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
        present: &dyn Fn(&str) -> bool,
    ) -> Result<(), IndexError> {
        // What holds for one release clears nothing of a system whose release is unknown.
        let other_release = statement.release.is_some() && recognised.release.is_none();
        if other_release && matches!(statement.status, Status::NotAffected | Status::Fixed) {
            return Ok(());
        }
        if verdict == Verdict::NotCovered {
            if recognised.kinship == Kinship::Same {
                self.not_covered.push(reader);
            }
            return Ok(());
        }
        let advisory = statement.advisory;
        let (relation, platforms) = match conditions(reader, recognised)? {
            Some(conditions) => conditions,
            None => return Ok(()),
        };
        let edition = matches!(relation, Relation::Subset | Relation::Undefined);
        let kinship = if edition { Kinship::Similar } else { recognised.kinship };
        let reservation = match (verdict, statement.status) {
            (Verdict::NotCovered, _) | (Verdict::Unknown(..), Status::NotAffected | Status::Fixed) => {
                return Ok(());
            }
            (Verdict::Unknown(code, params), _) => Err((code, params)),
            (Verdict::Covered(_), Status::NotAffected | Status::Fixed) => {
                for vulnerability in reader.vulnerabilities()? {
                    let known = self.cleared.entry((advisory, vulnerability?)).or_insert(kinship);
                    *known = kinship.max(*known);
                }
                return Ok(());
            }
            (Verdict::Covered(_), Status::UnderInvestigation) => {
                Err((Code::UnderInvestigation, Params::new()))
            }
            (Verdict::Covered(interval), Status::Affected) => {
                match reservation(statement, reader, recognised, &platforms, present)? {
                    Some(reservation) => Err(reservation),
                    None => Ok(interval.map(|n| n as u32)),
                }
            }
        };
        let interval = match reservation {
            Ok(interval) => interval,
            Err((code, params)) => {
                let params = Arc::new(params);
                for vulnerability in reader.vulnerabilities()? {
                    let (vulnerability, advisory) = (Some(vulnerability?), Some(advisory));
                    let doubt = Doubt { vulnerability, advisory, code, params: Arc::clone(&params) };
                    self.doubts.push((doubt, kinship));
                }
                return Ok(());
            }
        };
        let key = HitKey {
            confidence: std::cmp::Reverse(confidence(recognised, relation, asked)),
            method: recognised.method,
            advisory,
            statement: statement.statement,
            interval,
        };
        for vulnerability in reader.vulnerabilities()? {
            self.hits.push(Hit { vulnerability: vulnerability?, key, reader, kinship });
        }
        Ok(())
    }
}

/// How a statement's product relates to the component, and groups of platforms of each of which one must be present.
type Held<'a> = (Relation, Vec<Vec<&'a str>>);

/// Compares the CPE attributes beyond vendor and product, and gives the platforms on which the statement depends;
/// `None` if another edition or platform of the product is meant.
fn conditions<'a>(
    reader: ParticularsReader<'a>,
    recognised: &Recognised<'_>,
) -> Result<Option<Held<'a>>, IndexError> {
    if !reader.has_conditions() {
        return Ok(Some((Relation::Equal, Vec::new())));
    }
    let (theirs, platforms) = reader.conditions()?;
    let relation = match (recognised.cpe, theirs.map(Cpe::parse)) {
        (Some(own), Some(Ok(theirs))) => relation(&theirs, own),
        _ => Relation::Equal,
    };
    Ok((relation != Relation::Disjoint).then_some((relation, platforms)))
}

/// Why a statement that covers the version is a doubt all the same.
fn reservation(
    statement: &StoredStatement<'_>,
    reader: ParticularsReader<'_>,
    recognised: &Recognised<'_>,
    platforms: &[Vec<&str>],
    present: &dyn Fn(&str) -> bool,
) -> Result<Option<(Code, Params)>, IndexError> {
    let (code, name, value) = if recognised.ambiguous {
        (Code::ProductAmbiguous, "product", reader.read(None)?.identifier.to_owned())
    } else if statement.release.is_some() && recognised.release.is_none() {
        (Code::ReleaseUnknown, "name", reader.read(None)?.identifier.to_owned())
    } else if let Some(absent) = platforms.iter().find(|group| !group.iter().any(|p| present(p))) {
        (Code::PlatformUnknown, "platform", absent.join(", "))
    } else {
        return Ok(None);
    };
    Ok(Some((code, Params::from([(name.to_owned(), value)]))))
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
