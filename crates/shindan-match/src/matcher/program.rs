//! Installed programs, by publisher and name, against statements about makers' products and CPE names.
//!
//! Lists of programs hold hundreds of entries of which advisories never speak, and names that contain one another
//! (`Microsoft Visual Studio 2010 Tools for Office Runtime`, `Firefox for iOS`). A name that only resembles is therefore
//! no match here, as it may be for devices: the dictionary has to say so. What nothing is known about is one reason,
//! [`Code::ProgramUnknown`], whatever the part that is unknown.

use shindan_domain::cpe::{Attribute, AttributeValue, Cpe};
use shindan_domain::diagnostic::Code;
use shindan_domain::explanation::{Applied, Rule, TriedIdentity};
use shindan_domain::finding::{Confidence, MatchMethod};
use shindan_domain::inventory::Component;

use super::collector::{Collector, Kinship, Recognised};
use super::witness::Witness;
use super::{Judgement, Matcher, doubt};
use crate::device_lists::find_named;
use crate::index::layout::IndexError;
use crate::index::posting::Asked;
use crate::index::read::List;
use crate::keys;
use crate::names::{self, Dictionary};

/// A CPE name that a program may have, and how it was found.
struct Candidate {
    cpe: Cpe,
    method: MatchMethod,
}

impl<'a> Matcher<'a> {
    pub(super) fn by_program<W: Witness<'a>>(
        &mut self,
        component: &Component,
        judgement: &mut Judgement<'a>,
        collector: &mut Collector<'a, '_, W>,
    ) -> Result<(), IndexError> {
        judgement.ecosystem = "device".to_owned();
        self.need_dictionary()?;
        let Some(dictionary) = self.dictionary.get() else { return Ok(()) };
        let name = component.model.as_deref().unwrap_or(&component.name);
        let maker = component.maker.as_deref().map(|maker| dictionary.maker(maker));
        let mut asked = Asked::new(component.version.as_deref());
        if let Some(maker) = &maker {
            let words = dictionary.product_words(maker, name);
            for (method, list) in find_named(&self.known.index, &mut self.key, maker, &words)? {
                if W::WATCHES {
                    let looked_up = format!("{maker} / {}", words.join(" "));
                    tell(collector, component, method, looked_up, Applied::new(Rule::NamesFolded), list);
                }
                collector.weigh(list, &mut asked, &same(method, None))?;
                note(judgement, method);
            }
        }
        for rule in dictionary.program(maker.as_deref(), name) {
            let vendor = dictionary.maker(&rule.vendor);
            keys::product(&vendor, &dictionary.product(&vendor, &rule.product), &mut self.key);
            let Some(list) = self.known.index.list(&self.key)? else { continue };
            let method = MatchMethod::HardwareSoftware;
            if W::WATCHES {
                let product = format!("{} / {}", rule.vendor, rule.product);
                let applied = Applied::new(Rule::RunsSoftware)
                    .with("maker", &rule.maker)
                    .with("pattern", rule.models.join(", "))
                    .with("product", &product);
                tell(collector, component, method, product, applied, list);
            }
            collector.weigh(list, &mut asked, &same(method, None))?;
            note(judgement, method);
        }
        for Candidate { cpe, method } in
            candidates(dictionary, maker.as_deref(), component.maker.as_deref(), name)
        {
            let (Some(vendor), Some(product)) = (cpe.vendor().as_literal(), cpe.product().as_literal())
            else {
                continue;
            };
            keys::cpe(vendor, product, &mut self.key);
            let Some(list) = self.known.index.list(&self.key)? else { continue };
            if W::WATCHES {
                tell(collector, component, method, cpe.to_string(), Applied::new(Rule::NamesFolded), list);
            }
            collector.weigh(list, &mut asked, &same(method, Some(&cpe)))?;
            note(judgement, method);
        }
        if judgement.methods.is_empty() {
            let maker = component.maker.as_deref().unwrap_or_default();
            judgement.doubts.push(doubt(Code::ProgramUnknown, &[("maker", maker), ("program", name)]));
        }
        Ok(())
    }
}

/// Tells the witness under which name the program was looked up.
fn tell<'a, W: Witness<'a>>(
    collector: &mut Collector<'a, '_, W>,
    component: &Component,
    method: MatchMethod,
    looked_up: String,
    rule: Applied,
    list: List<'_>,
) {
    let named = [component.maker.as_deref(), component.model.as_deref().or(Some(&component.name))];
    let written = named.into_iter().flatten().collect::<Vec<_>>().join(" / ");
    collector.witness.tried(TriedIdentity { method, written, looked_up, rule, statements: list.len() });
}

/// Recognised by a name that is the same after folding.
fn same(method: MatchMethod, cpe: Option<&Cpe>) -> Recognised<'_> {
    Recognised {
        method,
        confidence: Confidence::Medium,
        release: None,
        cpe,
        ambiguous: false,
        kinship: Kinship::Same,
        reading: None,
    }
}

fn note(judgement: &mut Judgement<'_>, method: MatchMethod) {
    if !judgement.methods.contains(&method) {
        judgement.methods.push(method);
    }
}

/// The CPE names of the dictionary, and those that follow from the words of publisher and name. What is written for
/// another system than Windows does not fit them.
fn candidates(
    dictionary: &Dictionary,
    maker: Option<&str>,
    maker_text: Option<&str>,
    name: &str,
) -> Vec<Candidate> {
    let mut found: Vec<Candidate> = Vec::new();
    let mut push = |cpe: Option<Cpe>, method| {
        let windows = Cpe::parse("cpe:2.3:a:*:*:*:*:*:*:*:windows:*:*").ok();
        let target = windows.map(|windows| windows.get(Attribute::TargetSw).clone());
        if let (Some(cpe), Some(target)) = (cpe, target) {
            let open = matches!(cpe.get(Attribute::TargetSw), AttributeValue::Any);
            let cpe = if open { cpe.with(Attribute::TargetSw, target) } else { cpe };
            if !found.iter().any(|known| known.cpe == cpe) {
                found.push(Candidate { cpe, method });
            }
        }
    };
    for rule in dictionary.program(maker, name) {
        push(rule.cpe.as_deref().and_then(|text| Cpe::parse(text).ok()), MatchMethod::HardwareSoftware);
    }
    if let (Some(maker), Some(maker_text)) = (maker, maker_text) {
        let products = [spelt(dictionary, maker, name), dictionary.product_words(maker, name).join("_")];
        for vendor in [maker.to_owned(), names::maker_words(maker_text).join("_")] {
            for product in &products {
                push(plain(&vendor, product), MatchMethod::DeviceProduct);
            }
        }
    }
    found
}

/// The name as CPE spells it, with its punctuation: `7-Zip` → `7-zip`, `Notepad++` → `notepad++`.
fn spelt(dictionary: &Dictionary, maker: &str, name: &str) -> String {
    let lower = name.to_lowercase();
    let mut words: Vec<&str> = lower.split_whitespace().collect();
    if words.len() > 1 && words.first().is_some_and(|first| dictionary.maker(first) == maker) {
        words.remove(0);
    }
    words.join("_")
}

/// A CPE name of an application with this vendor and product.
fn plain(vendor: &str, product: &str) -> Option<Cpe> {
    if vendor.is_empty() || product.is_empty() {
        return None;
    }
    let escaped = |text: &str| -> String {
        let mut out = String::with_capacity(text.len());
        for c in text.chars() {
            if c.is_ascii_punctuation() && c != '_' {
                out.push('\\');
            }
            out.push(c);
        }
        out
    };
    Cpe::parse(&format!("cpe:2.3:a:{}:{}:*:*:*:*:*:windows:*:*", escaped(vendor), escaped(product))).ok()
}
