//! Components with a package URL, against statements about packages of an ecosystem.

use shindan_domain::diagnostic::Code;
use shindan_domain::finding::{Confidence, MatchMethod};
use shindan_domain::inventory::Component;
use shindan_domain::purl::Purl;

use super::collector::{Collector, Kinship, Recognised};
use super::{Judgement, Matcher, doubt};
use crate::index::layout::IndexError;
use crate::index::posting::Asked;
use crate::keys;

impl<'a> Matcher<'a> {
    pub(super) fn by_purl(
        &mut self,
        text: &str,
        component: &Component,
        present: &dyn Fn(&str) -> bool,
        judgement: &mut Judgement<'a>,
        collector: &mut Collector<'a>,
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
            return Ok(());
        };
        let full = package.release.as_ref().map(|r| format!("{}:{r}", package.ecosystem));
        let name = full.as_deref().unwrap_or(package.ecosystem);
        judgement.ecosystem = name.to_owned();
        if self.ecosystems.contains_key(name) {
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
        };
        for name in package.names() {
            keys::package(package.ecosystem, name, &mut self.key);
            let Some(list) = self.index.list(&self.key)? else { continue };
            let source = package.source.as_deref() == Some(name);
            let of_source = package.source_version.as_deref().filter(|_| source);
            let named =
                collector.weigh(list, &mut Asked::new(of_source.or(version)), &recognised, present)?;
            if named && judgement.methods.is_empty() {
                // Nobody covers the ecosystem, but somebody names this package of this release.
                judgement.methods.push(MatchMethod::Purl);
            }
        }
        Ok(())
    }
}
