//! Devices, by maker and model, against statements about makers' products.

use shindan_domain::diagnostic::Code;
use shindan_domain::explanation::{Applied, Rule, TriedIdentity};
use shindan_domain::finding::{Confidence, MatchMethod};
use shindan_domain::inventory::Component;

use super::collector::{Collector, Kinship, Recognised};
use super::witness::Witness;
use super::{Judgement, Matcher, doubt};
use crate::closeness::Closeness;
use crate::device_lists::find_device;
use crate::index::layout::IndexError;
use crate::index::posting::Asked;
use crate::index::read::List;
use crate::keys;
use crate::names::{Dictionary, fold_maker};

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
            if W::WATCHES {
                let written = format!("{maker_text} / {model_text}");
                let device = Folded { dictionary, written, maker_text, maker: &maker, model: model_text };
                collector.witness.tried(device.tried(method, closeness, list)?);
            }
            collector.weigh(list, &mut asked, &recognised)?;
        }
        if judgement.methods.is_empty() {
            judgement.doubts.push(doubt(Code::ModelUnknown, &[("maker", maker_text), ("model", model_text)]));
        }
        if W::WATCHES {
            self.device_taken_back(&maker, &words.concat(), &mut asked, collector)?;
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
            let recognised =
                Recognised { method, confidence, release: None, cpe: None, ambiguous: false, kinship };
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
            (_, Closeness::Within | Closeness::Family) => Applied::new(Rule::NamesResemble),
            _ if fold_maker(self.maker_text) != self.maker => {
                Applied::new(Rule::MakerAlias).with("written", self.maker_text).with("maker", self.maker)
            }
            _ => Applied::new(Rule::NamesFolded),
        };
        Ok(TriedIdentity { method, written: self.written, looked_up, rule, statements: list.len() })
    }
}
