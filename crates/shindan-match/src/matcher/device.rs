//! Devices, by maker and model, against statements about makers' products.

use shindan_domain::diagnostic::Code;
use shindan_domain::finding::Confidence;
use shindan_domain::inventory::Component;

use super::collector::{Collector, Kinship, Recognised};
use super::witness::Witness;
use super::{Judgement, Matcher, doubt};
use crate::closeness::Closeness;
use crate::device_lists::find_device;
use crate::index::layout::IndexError;
use crate::index::posting::Asked;
use crate::names::Dictionary;

impl<'a> Matcher<'a> {
    pub(super) fn by_device<W: Witness<'a>>(
        &mut self,
        component: &Component,
        judgement: &mut Judgement<'a>,
        collector: &mut Collector<'a, '_, W>,
    ) -> Result<(), IndexError> {
        judgement.ecosystem = "device".to_owned();
        let (Some(maker_text), Some(model_text)) = (&component.maker, &component.model) else {
            judgement.doubts.push(doubt(Code::IdentifierMissing, &[("name", &component.name)]));
            return Ok(());
        };
        if self.dictionary.get().is_none() {
            let made = Dictionary::new(&self.known.index.devices()?);
            self.dictionary.get_or_init(|| made);
        }
        let Some(dictionary) = self.dictionary.get() else { return Ok(()) };
        let maker = dictionary.maker(maker_text);
        let words = dictionary.product_words(&maker, model_text);
        let version = component.firmware.as_deref().or(component.version.as_deref());
        let found = find_device(&self.known.index, &mut self.key, dictionary, &maker, model_text, &words)?;
        if found.lists.is_empty() {
            let unknown = if found.maker_known {
                doubt(Code::ModelUnknown, &[("maker", maker_text), ("model", model_text)])
            } else {
                doubt(Code::MakerUnknown, &[("maker", maker_text), ("model", model_text)])
            };
            judgement.doubts.push(unknown);
            return Ok(());
        }
        let mut asked = Asked::firmware(version);
        for (method, closeness, list) in found.lists {
            let confidence = match closeness {
                Closeness::Equal => Confidence::Medium,
                Closeness::Within | Closeness::Family => Confidence::Low,
            };
            if closeness != Closeness::Family && !judgement.methods.contains(&method) {
                judgement.methods.push(method);
            }
            let ambiguous = closeness == Closeness::Family;
            let kinship = if closeness == Closeness::Equal { Kinship::Same } else { Kinship::Similar };
            let recognised = Recognised { method, confidence, release: None, cpe: None, ambiguous, kinship };
            collector.weigh(list, &mut asked, &recognised)?;
        }
        if judgement.methods.is_empty() {
            judgement.doubts.push(doubt(Code::ModelUnknown, &[("maker", maker_text), ("model", model_text)]));
        }
        Ok(())
    }
}
