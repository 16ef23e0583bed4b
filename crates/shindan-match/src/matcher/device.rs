//! Devices, by maker and model, against statements about makers' products.

use std::rc::Rc;

use shindan_domain::diagnostic::Code;
use shindan_domain::explanation::{Applied, Rule, TriedIdentity};
use shindan_domain::finding::{Confidence, MatchMethod, NameReading};
use shindan_domain::inventory::Component;

use super::collector::{Collector, Kinship, Recognised};
use super::witness::Witness;
use super::{Doubt, Judgement, Matcher, doubt};
use crate::closeness::Closeness;
use crate::confirmed::Known;
use crate::device_lists::{Device, find_device};
use crate::index::layout::IndexError;
use crate::index::posting::Asked;
use crate::index::read::List;
use crate::keys;
use crate::names::{Dictionary, fold_maker, mark};

impl<'a> Matcher<'a> {
    /// Judges the device that a component describes, by every name under which advisories may mean it.
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
        self.need_dictionary()?;
        let Some(dictionary) = self.dictionary.get() else { return Ok(()) };
        let maker = dictionary.maker(maker_text);
        let words = dictionary.marked_product_words(&maker, model_text);
        let folded: String = words.iter().filter(|token| !mark::is(token)).map(String::as_str).collect();
        let confirmed = self.confirmed.and_then(|c| c.get(&maker, &folded));
        let version = component.firmware.as_deref().or(component.version.as_deref());
        let model = (maker, words.join(" "));
        let found = match self.devices.get(&model) {
            Some(known) => {
                if let Some(trace) = self.known.index.trace() {
                    trace.note_all(&known.consulted);
                }
                Rc::clone(known)
            }
            None => {
                let device =
                    Device { maker: &model.0, model_text, words: &words, folded: &folded, confirmed };
                let mark = self.known.index.trace().map(|trace| (trace, trace.mark()));
                let mut found = find_device(&self.known.index, &mut self.key, dictionary, &device)?;
                found.consulted = mark.map(|(trace, mark)| trace.since(mark)).unwrap_or_default();
                let found = Rc::new(found);
                self.devices.insert(model.clone(), Rc::clone(&found));
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
            if W::WATCHES {
                let written = format!("{maker_text} / {model_text}");
                let device = Folded { dictionary, written, maker_text, maker: &model.0, model: model_text };
                collector.witness.tried(device.tried(method, closeness, list)?);
            }
            let recognised =
                Recognised { method, confidence, release: None, cpe: None, ambiguous, kinship, reading };
            collector.weigh(list, &mut asked, &recognised)?;
        }
        // What the device itself told of its software (a CPE name), or a person, settles which one it runs.
        let told = judgement.methods.contains(&MatchMethod::Cpe) || confirmed.is_some();
        if let Some(products) = found.possible.as_deref().filter(|_| !told) {
            let named = [("maker", maker_text.as_str()), ("model", model_text), ("products", products)];
            judgement.doubts.push(doubt(Code::SoftwareUnsettled, &named));
        } else if judgement.methods.is_empty() {
            judgement.doubts.push(unknown(maker_text, model_text, confirmed, found.maker_known));
        }
        if W::WATCHES {
            self.device_taken_back(&model.0, &folded, &mut asked, collector)?;
        }
        Ok(())
    }

    /// Shows the witness what was said of the device and taken back.
    fn device_taken_back<W: Witness<'a>>(
        &mut self,
        maker: &str,
        folded: &str,
        asked: &mut Asked<'_>,
        collector: &mut Collector<'a, '_, W>,
    ) -> Result<(), IndexError> {
        for method in [MatchMethod::DeviceProduct, MatchMethod::DeviceModel] {
            match method {
                MatchMethod::DeviceModel => keys::model(maker, folded, &mut self.key),
                _ => keys::product(maker, folded, &mut self.key),
            }
            let kinship = Kinship::Same;
            let confidence = Confidence::Medium;
            let recognised = Recognised {
                method,
                confidence,
                release: None,
                cpe: None,
                ambiguous: false,
                kinship,
                reading: None,
            };
            self.taken_back(asked, &recognised, collector)?;
        }
        Ok(())
    }
}

/// Maker and model on their way from the ledger to the index.
struct Folded<'d> {
    dictionary: &'d Dictionary,
    written: String,
    maker_text: &'d str,
    maker: &'d str,
    model: &'d str,
}

impl Folded<'_> {
    /// How a list of statements was found.
    fn tried(
        self,
        method: MatchMethod,
        closeness: Closeness,
        list: List<'_>,
    ) -> Result<TriedIdentity, IndexError> {
        // The list does not tell its key; its statements tell the product's name as the source writes it.
        let looked_up = match list.statements().next().transpose()? {
            Some(statement) => statement.judge(&mut Asked::new(None))?.1.read(None)?.identifier.to_owned(),
            None => String::new(),
        };
        let rule = match (method, closeness) {
            (MatchMethod::ConfirmedIdentity, _) => Applied::new(Rule::ConfirmedByPerson),
            (MatchMethod::HardwareSoftware, _) => {
                let software = self.dictionary.software_of(self.maker, self.model).next();
                let rule = Applied::new(Rule::RunsSoftware);
                match software {
                    Some(software) => rule
                        .with("maker", &software.maker)
                        .with("pattern", software.models.join(", "))
                        .with("product", format!("{} / {}", software.vendor, software.product)),
                    None => rule,
                }
            }
            (_, Closeness::Within | Closeness::Family | Closeness::InRange | Closeness::InSeries) => {
                Applied::new(Rule::NamesResemble)
            }
            _ if fold_maker(self.maker_text) != self.maker => {
                Applied::new(Rule::MakerAlias).with("written", self.maker_text).with("maker", self.maker)
            }
            _ => Applied::new(Rule::NamesFolded),
        };
        Ok(TriedIdentity { method, written: self.written, looked_up, rule, statements: list.len() })
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
