//! The very element of a CycloneDX document, by its BOM-Link.

use shindan_domain::explanation::{Applied, Rule, TriedIdentity};
use shindan_domain::finding::{Confidence, MatchMethod};
use shindan_domain::inventory::Component;
use shindan_domain::purl::Purl;

use super::Matcher;
use super::collector::{Collector, Kinship, Recognised, Weighed};
use super::package::count;
use super::witness::Witness;
use crate::index::layout::IndexError;
use crate::index::posting::Asked;
use crate::keys;

impl<'a> Matcher<'a> {
    /// That somebody speaks of one vulnerability of the element makes no silence about others meaningful: it is no
    /// method by which the component was judged.
    pub(super) fn by_element<W: Witness<'a>>(
        &mut self,
        link: &str,
        component: &Component,
        collector: &mut Collector<'a, '_, W>,
    ) -> Result<(), IndexError> {
        keys::element(link, &mut self.key);
        let (list, own) = (self.known.index.list(&self.key)?, self.known.own_list(&self.key));
        // Some documents tell the version in the package URL alone.
        let purl = component.purl.as_deref().and_then(|text| Purl::parse(text).ok());
        let in_purl = purl.as_ref().and_then(Purl::full_version);
        let mut asked = Asked::new(component.version.as_deref().or(in_purl.as_deref()));
        let recognised = Recognised {
            method: MatchMethod::BomLink,
            confidence: Confidence::High,
            release: None,
            cpe: None,
            ambiguous: false,
            kinship: Kinship::Same,
            reading: None,
        };
        if W::WATCHES {
            collector.witness.tried(TriedIdentity {
                method: MatchMethod::BomLink,
                written: link.to_owned(),
                looked_up: link.to_owned(),
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

    /// Shows the witness what was said under the present key and taken back.
    pub(super) fn taken_back<W: Witness<'a>>(
        &mut self,
        asked: &mut Asked<'_>,
        recognised: &Recognised<'_>,
        collector: &mut Collector<'a, '_, W>,
    ) -> Result<(), IndexError> {
        let mut key = self.key.clone();
        keys::withdrawn(&mut key);
        let lists = [self.known.own_list(&key), self.known.index.list(&key)?];
        for statement in lists.into_iter().flatten().flat_map(|list| list.statements()) {
            let statement = statement?;
            let (_, reader) = statement.judge(asked)?;
            let weighed = &Weighed::Withdrawn;
            collector.witness.weighed(&statement, reader, recognised, asked.text(), weighed);
        }
        Ok(())
    }
}
