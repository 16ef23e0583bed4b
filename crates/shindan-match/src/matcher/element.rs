//! The very element of a CycloneDX document, by its BOM-Link.

use shindan_domain::finding::{Confidence, MatchMethod};
use shindan_domain::inventory::Component;

use super::Matcher;
use super::collector::{Collector, Kinship, Recognised};
use super::package::count;
use super::witness::{Folding, Tried, Witness};
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
        let mut asked = Asked::new(component.version.as_deref());
        let recognised = Recognised {
            method: MatchMethod::BomLink,
            confidence: Confidence::High,
            release: None,
            cpe: None,
            ambiguous: false,
            kinship: Kinship::Same,
        };
        if W::WATCHES {
            collector.witness.tried(Tried {
                method: MatchMethod::BomLink,
                written: link,
                looked_up: link,
                rule: Folding::AsSpecified,
                statements: Some(count(list) + count(own)),
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
            collector.witness.weighed(&statement, reader, recognised, &super::Weighed::Withdrawn);
        }
        Ok(())
    }
}
