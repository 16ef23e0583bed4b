//! Devices, by maker and model, against statements about makers' products.

use std::rc::Rc;

use shindan_domain::diagnostic::Code;
use shindan_domain::finding::{Confidence, MatchMethod, NameReading};
use shindan_domain::inventory::Component;

use super::collector::{Collector, Kinship, Recognised};
use super::{Doubt, Judgement, Matcher, doubt};
use crate::closeness::Closeness;
use crate::confirmed::Known;
use crate::device_lists::{Device, find_device};
use crate::index::layout::IndexError;
use crate::index::posting::Asked;
use crate::names::{Dictionary, mark};

impl<'a> Matcher<'a> {
    /// Judges the device that a component describes, by every name under which advisories may mean it.
    pub(super) fn by_device(
        &mut self,
        component: &Component,
        present: &dyn Fn(&str) -> bool,
        judgement: &mut Judgement<'a>,
        collector: &mut Collector<'a>,
    ) -> Result<(), IndexError> {
        judgement.ecosystem = "device".to_owned();
        let (Some(maker_text), Some(model_text)) = (&component.maker, &component.model) else {
            judgement.doubts.push(doubt(Code::IdentifierMissing, &[("name", &component.name)]));
            return Ok(());
        };
        if self.dictionary.get().is_none() {
            let made = Dictionary::new(&self.index.devices()?);
            self.dictionary.get_or_init(|| made);
        }
        let Some(dictionary) = self.dictionary.get() else { return Ok(()) };
        let maker = dictionary.maker(maker_text);
        let words = dictionary.marked_product_words(&maker, model_text);
        let folded: String = words.iter().filter(|token| !mark::is(token)).map(String::as_str).collect();
        let confirmed = self.confirmed.and_then(|c| c.get(&maker, &folded));
        let version = component.firmware.as_deref().or(component.version.as_deref());
        let model = (maker, words.join(" "));
        let found = match self.devices.get(&model) {
            Some(known) => Rc::clone(known),
            None => {
                let device =
                    Device { maker: &model.0, model_text, words: &words, folded: &folded, confirmed };
                let found = Rc::new(find_device(&self.index, &mut self.key, dictionary, &device)?);
                self.devices.insert(model, Rc::clone(&found));
                found
            }
        };
        let mut asked = Asked::firmware(version, &found.software);
        for &(method, closeness, list) in &found.lists {
            let confidence = match closeness {
                _ if method == MatchMethod::ConfirmedIdentity => Confidence::High,
                Closeness::Equal => Confidence::Medium,
                _ => Confidence::Low,
            };
            if closeness != Closeness::Family && !judgement.methods.contains(&method) {
                judgement.methods.push(method);
            }
            let ambiguous = closeness == Closeness::Family;
            let kinship = if closeness == Closeness::Equal { Kinship::Same } else { Kinship::Similar };
            let reading = match closeness {
                Closeness::Equal | Closeness::Family => None,
                Closeness::Within => Some(NameReading::NameContains),
                Closeness::InRange => Some(NameReading::ModelInRange),
                Closeness::InSeries => Some(NameReading::ModelInSeries),
            };
            let recognised =
                Recognised { method, confidence, release: None, cpe: None, ambiguous, kinship, reading };
            collector.weigh(list, &mut asked, &recognised, present)?;
        }
        // What the device itself told of its software (a CPE name), or a person, settles which one it runs.
        let told = judgement.methods.contains(&MatchMethod::Cpe) || confirmed.is_some();
        if let Some(products) = found.possible.as_deref().filter(|_| !told) {
            let named = [("maker", maker_text.as_str()), ("model", model_text), ("products", products)];
            judgement.doubts.push(doubt(Code::SoftwareUnsettled, &named));
        } else if judgement.methods.is_empty() {
            judgement.doubts.push(unknown(maker_text, model_text, confirmed, found.maker_known));
        }
        Ok(())
    }
}

/// Why nothing could be judged: nobody names it, or a person said what it is and that did not help.
fn unknown(maker: &str, model: &str, confirmed: Option<&Known>, maker_known: bool) -> Doubt {
    let named = [("maker", maker), ("model", model)];
    match confirmed {
        Some(Known { by_hand: Some(reason), .. }) => {
            doubt(Code::IdentityJudgedByHand, &[named[0], named[1], ("reason", reason)])
        }
        Some(known) => {
            let products = known.names.join(", ");
            doubt(Code::ConfirmedProductUnknown, &[named[0], named[1], ("product", &products)])
        }
        None if maker_known => doubt(Code::ModelUnknown, &named),
        None => doubt(Code::MakerUnknown, &named),
    }
}
