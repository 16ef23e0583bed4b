//! Components with a CPE name, against statements about vendors' products.

use shindan_domain::cpe::{Attribute, Cpe, Relation};
use shindan_domain::diagnostic::Code;
use shindan_domain::explanation::{Applied, Rule, TriedIdentity};
use shindan_domain::finding::{Confidence, MatchMethod};
use shindan_domain::inventory::Component;

use super::collector::{Collector, Kinship, Recognised};
use super::package::count;
use super::revision;
use super::witness::Witness;
use super::{Judgement, Matcher, doubt};
use crate::index::layout::IndexError;
use crate::index::posting::Asked;
use crate::keys;

impl<'a> Matcher<'a> {
    pub(super) fn by_cpe<W: Witness<'a>>(
        &mut self,
        text: &str,
        component: &Component,
        judgement: &mut Judgement<'a>,
        collector: &mut Collector<'a, '_, W>,
    ) -> Result<(), IndexError> {
        if judgement.ecosystem.is_empty() {
            judgement.ecosystem = "cpe".to_owned();
        }
        let cpe = match Cpe::parse(text) {
            Ok(cpe) => cpe,
            Err(error) => {
                let reason = error.to_string();
                judgement.doubts.push(doubt(Code::CpeInvalid, &[("cpe", text), ("reason", &reason)]));
                return Ok(());
            }
        };
        let own_version = version_of(&cpe);
        let version = component.version.as_deref().or(own_version.as_deref());
        let bounds = match version {
            Some(version) => {
                revision::bounds(&self.known.index, &cpe, version, collector.installed.as_ref())?
            }
            None => None,
        };
        let mut asked = match &bounds {
            Some((lowest, highest)) => Asked::between(lowest, highest),
            None => Asked::new(version),
        };
        let recognised = Recognised {
            method: MatchMethod::Cpe,
            confidence: Confidence::High,
            release: None,
            cpe: Some(&cpe),
            ambiguous: false,
            kinship: Kinship::Same,
            reading: None,
        };
        let (mut list, mut own) = (None, None);
        if let (Some(vendor), Some(product)) = (cpe.vendor().as_literal(), cpe.product().as_literal()) {
            keys::cpe(vendor, product, &mut self.key);
            (list, own) = (self.known.index.list(&self.key)?, self.known.own_list(&self.key));
            if W::WATCHES {
                collector.witness.tried(TriedIdentity {
                    method: MatchMethod::Cpe,
                    written: text.to_owned(),
                    looked_up: format!("{vendor} / {product}"),
                    rule: Applied::new(Rule::AsSpecified),
                    statements: count(list) + count(own),
                });
                self.taken_back(&mut asked, &recognised, collector)?;
            }
        }
        if let Some(own) = own {
            collector.weigh(own, &mut asked, &recognised)?;
        }
        let Some(list) = list else {
            judgement.doubts.push(doubt(Code::ProductUnknown, &[("product", text)]));
            return Ok(());
        };
        judgement.methods.push(MatchMethod::Cpe);
        collector.weigh(list, &mut asked, &recognised)?;
        Ok(())
    }
}

/// How the advisory's CPE name relates to the component's. CISA's own CVE containers write `a` (application) for
/// operating systems of appliances that everybody else calls `o`: that difference alone separates nothing, it only
/// makes the match less certain.
pub(super) fn relation(theirs: &Cpe, own: &Cpe) -> Relation {
    let found = theirs.matches_except_version(own);
    let parts = [theirs, own].map(|cpe| cpe.get(Attribute::Part).as_literal().map(str::to_owned));
    let software = |part: &Option<String>| part.as_deref().is_some_and(|p| matches!(p, "a" | "o"));
    if found != Relation::Disjoint || parts[0] == parts[1] || !parts.iter().all(software) {
        return found;
    }
    let same_part = own.clone().with(Attribute::Part, theirs.get(Attribute::Part).clone());
    match theirs.matches_except_version(&same_part) {
        Relation::Disjoint => Relation::Disjoint,
        _ => Relation::Undefined,
    }
}

/// Version and update of a CPE name, as one version text.
fn version_of(cpe: &Cpe) -> Option<String> {
    let version = cpe.version().as_literal()?;
    match cpe.get(Attribute::Update).as_literal() {
        Some(update) => Some(format!("{version} {update}")),
        None => Some(version.to_owned()),
    }
}
