//! Components with a package URL, against statements about packages of an ecosystem.

use shindan_domain::diagnostic::Code;
use shindan_domain::explanation::{Applied, Rule, TriedIdentity};
use shindan_domain::finding::{Confidence, MatchMethod};
use shindan_domain::inventory::Component;
use shindan_domain::purl::Purl;

use super::collector::{Collector, Kinship, Recognised};
use super::witness::Witness;
use super::{Judgement, Matcher, doubt};
use crate::index::layout::IndexError;
use crate::index::posting::Asked;
use crate::index::read::List;
use crate::keys;

impl<'a> Matcher<'a> {
    pub(super) fn by_purl<W: Witness<'a>>(
        &mut self,
        text: &str,
        component: &Component,
        judgement: &mut Judgement<'a>,
        collector: &mut Collector<'a, '_, W>,
    ) -> Result<(), IndexError> {
        let purl = match Purl::parse(text) {
            Ok(purl) => purl,
            Err(error) => {
                judgement.ecosystem = "purl".to_owned();
                let reason = error.to_string();
                judgement.doubts.push(doubt(Code::PurlInvalid, &[("purl", text), ("reason", &reason)]));
                return Ok(());
            }
        };
        let Some(package) = purl.osv_ecosystem() else {
            judgement.ecosystem = purl.kind().to_owned();
            judgement.doubts.push(self.not_covered(purl.kind()));
            return self.by_other_package(&purl, text, component, collector);
        };
        let full = package.release.as_ref().map(|r| format!("{}:{r}", package.ecosystem));
        let name = full.as_deref().unwrap_or(package.ecosystem);
        judgement.ecosystem = name.to_owned();
        if self.covers(name) {
            judgement.methods.push(MatchMethod::Purl);
        } else {
            judgement.doubts.push(self.not_covered(name));
        }
        let version = purl.full_version();
        let version = version.as_deref().or(component.version.as_deref());
        let recognised = Recognised {
            method: MatchMethod::Purl,
            confidence: Confidence::High,
            release: package.release.as_deref(),
            cpe: None,
            ambiguous: false,
            kinship: Kinship::Same,
            reading: None,
        };
        for name in package.names() {
            keys::package(package.ecosystem, name, &mut self.key);
            let (list, own) = (self.known.index.list(&self.key)?, self.known.own_list(&self.key));
            let source = package.source.as_deref() == Some(name);
            if W::WATCHES {
                let ecosystem = full.as_deref().unwrap_or(package.ecosystem);
                collector.witness.tried(TriedIdentity {
                    method: MatchMethod::Purl,
                    written: text.to_owned(),
                    looked_up: format!("{ecosystem} / {name}"),
                    rule: Applied::new(if source { Rule::SourcePackage } else { Rule::AsSpecified }),
                    statements: count(list) + count(own),
                });
                self.taken_back(&mut Asked::new(version), &recognised, collector)?;
            }
            let of_source = package.source_version.as_deref().filter(|_| source);
            if let Some(own) = own {
                collector.weigh(own, &mut Asked::new(of_source.or(version)), &recognised)?;
            }
            let Some(list) = list else { continue };
            let named = collector.weigh(list, &mut Asked::new(of_source.or(version)), &recognised)?;
            if named && judgement.methods.is_empty() {
                // Nobody covers the ecosystem, but somebody names this package of this release.
                judgement.methods.push(MatchMethod::Purl);
            }
        }
        Ok(())
    }

    /// A package that belongs to no ecosystem with advisories of its own: VEX documents may name it. That they say
    /// nothing of another vulnerability means nothing, so that it stays undetermined as a whole.
    fn by_other_package<W: Witness<'a>>(
        &mut self,
        purl: &Purl<'_>,
        text: &str,
        component: &Component,
        collector: &mut Collector<'a, '_, W>,
    ) -> Result<(), IndexError> {
        keys::other_package(purl, &mut self.key);
        let (list, own) = (self.known.index.list(&self.key)?, self.known.own_list(&self.key));
        let version = purl.version().or(component.version.as_deref());
        let mut asked = Asked::new(version);
        let recognised = Recognised {
            method: MatchMethod::Purl,
            confidence: Confidence::High,
            release: None,
            cpe: None,
            ambiguous: false,
            kinship: Kinship::Same,
            reading: None,
        };
        if W::WATCHES {
            let namespace = purl.namespace().map(|n| format!("{n}/")).unwrap_or_default();
            collector.witness.tried(TriedIdentity {
                method: MatchMethod::Purl,
                written: text.to_owned(),
                looked_up: format!("{} / {namespace}{}", purl.kind(), purl.name()),
                rule: Applied::new(Rule::AsSpecified),
                statements: count(list) + count(own),
            });
            self.taken_back(&mut asked, &recognised, collector)?;
        }
        for list in [own, list].into_iter().flatten() {
            collector.weigh(list, &mut asked, &recognised)?;
        }
        Ok(())
    }
}

pub(super) fn count(list: Option<List<'_>>) -> usize {
    list.map_or(0, List::len)
}
