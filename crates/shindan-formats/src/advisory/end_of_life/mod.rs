//! endoflife.date: from which day on a release of a product has no support. Each release ("cycle") of a product becomes
//! one advisory with one vulnerability of the kind *end of life*, `EOL:windows-server:2012-r2`.
//!
//! Source: endoflife.date API v1 (schema 1.2, answers of `products/full` and `products/{name}`) and the older form, an
//! array of cycles for each product (`/api/{product}.json`), which does not name its product: the file's name does.
//!
//! The day is the end of *security* support (`eol`); what is sold beyond it is told in the summary. An end that is `true`
//! has passed on a day that nobody tells; `false` is no end.

mod cycle;
mod model;
mod products;
mod windows;

#[cfg(test)]
mod tests;

use serde_json::value::RawValue;
use shindan_domain::advisory::{AdvisedVulnerability, Advisory, AdvisoryFormat, Affected, Status};
use shindan_domain::diagnostic::{Code, Diagnostic, Place};
use shindan_domain::identifier::FindingKind;

use super::{Reading, dates};
use crate::json;
use crate::limits::Limits;
use crate::text::shorten;
use cycle::{Cycle, End};
use model::Answer;
use products::Product;

const SOURCE: &str = "endoflife.date";
/// Length to which texts are cut, in characters.
const SUMMARY: usize = 400;
/// How many products without a name to match by are told.
const TOLD: usize = 10;

/// Reads an answer of the API. A product or cycle that cannot be read is rejected; the others are kept.
pub fn read(text: &str, path: &str, limits: &Limits) -> Reading {
    let mut reading = Reading::of(AdvisoryFormat::EndOfLife, SOURCE);
    let mut table = Table { path, limits, reading: &mut reading, unnamed: Vec::new(), listed: 0 };
    let outcome =
        if text.trim_start().starts_with('[') { table.cycles_of_file(text) } else { table.answer(text) };
    if let Err(diagnostic) = outcome {
        table.reading.reject(diagnostic);
    }
    table.finish();
    reading
}

/// What is read of one document.
struct Table<'r> {
    path: &'r str,
    limits: &'r Limits,
    reading: &'r mut Reading,
    /// Products of which nothing is known to match by.
    unnamed: Vec<String>,
    /// Products without releases: a list of names.
    listed: u64,
}

impl Table<'_> {
    fn place(&self, pointer: &str) -> Place {
        Place::file(self.path).at_field(pointer)
    }

    /// API v1: `result` is one product or a list.
    fn answer(&mut self, text: &str) -> Result<(), Diagnostic> {
        if is_cycle(text) {
            let raw: &RawValue = json::parse(text, self.path, self.limits)?;
            return self.older(&[raw], "");
        }
        let answer: Answer<'_> = json::parse(text, self.path, self.limits)?;
        let place = self.place("");
        for (name, date) in [("generated_at", &answer.generated_at), ("last_modified", &answer.last_modified)]
        {
            let time = dates::field(date.as_deref(), name, &place, &mut self.reading.diagnostics);
            self.reading.seen(time);
        }
        let result = answer.result.get();
        if !result.trim_start().starts_with('[') {
            self.product(result, "/result");
            return Ok(());
        }
        let products: Vec<&RawValue> = json::parse(result, self.path, self.limits)?;
        for (index, product) in products.iter().enumerate() {
            self.product(product.get(), &format!("/result/{index}"));
        }
        Ok(())
    }

    fn product(&mut self, text: &str, pointer: &str) {
        let parsed: model::Product<'_> = match json::parse(text, self.path, self.limits) {
            Ok(parsed) => parsed,
            Err(diagnostic) => {
                // Line and column would count from the start of the product.
                self.reading.reject(Diagnostic { place: self.place(pointer), ..diagnostic });
                return;
            }
        };
        let Some(releases) = &parsed.releases else {
            self.listed += 1;
            return;
        };
        let product = Product::of_answer(&parsed);
        let mut cycles = Vec::new();
        for (index, raw) in releases.iter().enumerate() {
            let pointer = format!("{pointer}/releases/{index}");
            let release: Result<model::Release<'_>, _> = json::parse(raw.get(), self.path, self.limits);
            match release {
                Ok(release) => cycles.push(Cycle::of_release(&release, &parsed, pointer)),
                Err(diagnostic) => {
                    self.reading.reject(Diagnostic { place: self.place(&pointer), ..diagnostic });
                }
            }
        }
        self.take(&product, cycles);
    }

    /// The older form: an array of cycles.
    fn cycles_of_file(&mut self, text: &str) -> Result<(), Diagnostic> {
        let cycles: Vec<&RawValue> = json::parse(text, self.path, self.limits)?;
        self.older(&cycles, "/")
    }

    fn older(&mut self, list: &[&RawValue], prefix: &str) -> Result<(), Diagnostic> {
        let Some(product) = Product::of_file(self.path) else {
            let place = self.place("");
            return Err(Diagnostic::new(Code::FieldMissing, place).with("field", "product"));
        };
        let mut cycles = Vec::new();
        for (index, raw) in list.iter().enumerate() {
            let pointer = if prefix.is_empty() { String::new() } else { format!("{prefix}{index}") };
            match json::parse::<model::OldCycle<'_>>(raw.get(), self.path, self.limits) {
                Ok(old) => cycles.push(Cycle::of_old(&old, pointer)),
                Err(diagnostic) => {
                    self.reading.reject(Diagnostic { place: self.place(&pointer), ..diagnostic });
                }
            }
        }
        self.take(&product, cycles);
        Ok(())
    }

    /// Makes the advisories of a product.
    fn take(&mut self, product: &Product, cycles: Vec<Cycle>) {
        let mut named = false;
        let mut any = false;
        for cycle in &cycles {
            let support_end = match &cycle.end {
                End::Never => continue,
                End::Passed => None,
                End::On(day) => {
                    self.check_day(day, cycle);
                    Some(day.clone())
                }
                End::Untold => {
                    let place = self.place(&cycle.pointer);
                    self.reading.reject(Diagnostic::new(Code::FieldMissing, place).with("field", "eol"));
                    continue;
                }
            };
            any = true;
            let affected = statements(product, cycle, &cycles);
            named |= !affected.is_empty();
            let advisory = self.advisory(product, cycle, support_end, affected);
            self.reading.advisories.push(advisory);
        }
        if any && !named {
            self.unnamed.push(product.slug.clone());
        }
    }

    /// A day that cannot be read is kept and told: whoever has the product must not be taken for served.
    fn check_day(&mut self, day: &str, cycle: &Cycle) {
        if day.parse::<jiff::civil::Date>().is_err() {
            let diagnostic = Diagnostic::new(Code::DateInvalid, self.place(&cycle.pointer));
            self.reading.diagnostics.push(diagnostic.with("field", "eol").with("value", shorten(day, 60)));
        }
    }

    fn advisory(
        &self,
        product: &Product,
        cycle: &Cycle,
        support_end: Option<String>,
        affected: Vec<Affected>,
    ) -> Advisory {
        let id = shorten(&format!("EOL:{}:{}", product.slug, cycle.name.replace(' ', "-")), 200);
        let title = shorten(&format!("{} {}", product.label, cycle.label), SUMMARY);
        let vulnerability = AdvisedVulnerability {
            id: id.clone(),
            kind: FindingKind::EndOfLife,
            summary: shorten(&cycle.summary, SUMMARY),
            support_end,
            ..AdvisedVulnerability::default()
        };
        let mut references = product.references.clone();
        references.extend(cycle.link.iter().filter(|link| !product.references.contains(link)).cloned());
        Advisory {
            title,
            language: Some("en".to_owned()),
            modified: self.reading.newest,
            vulnerabilities: vec![vulnerability],
            affected: affected
                .into_iter()
                .map(|statement| Affected { pointer: cycle.pointer.clone(), ..statement })
                .collect(),
            references,
            pointer: cycle.pointer.clone(),
            ..Advisory::new(id, SOURCE, AdvisoryFormat::EndOfLife)
        }
    }

    fn finish(&mut self) {
        if self.listed > 0 {
            let diagnostic = Diagnostic::new(Code::FieldMissing, self.place("/result"));
            self.reading.reject(diagnostic.with("field", "releases").with("count", self.listed));
        }
        if !self.unnamed.is_empty() {
            let more = self.unnamed.len().saturating_sub(TOLD);
            let mut names = self.unnamed.iter().take(TOLD).cloned().collect::<Vec<_>>().join(", ");
            if more > 0 {
                names.push_str(&format!(" … (+{more})"));
            }
            let diagnostic = Diagnostic::new(Code::AdvisoryWithoutProduct, self.place("/result"));
            self.reading.diagnostics.push(diagnostic.with("id", names));
        }
        let nothing = self.reading.advisories.is_empty() && self.reading.diagnostics.is_empty();
        if nothing {
            self.reading.diagnostics.push(Diagnostic::new(Code::FileEmpty, Place::file(self.path)));
        }
    }
}

/// True for one cycle of the older form that stands alone.
fn is_cycle(text: &str) -> bool {
    #[derive(serde::Deserialize)]
    struct Keys {
        cycle: Option<serde::de::IgnoredAny>,
        eol: Option<serde::de::IgnoredAny>,
    }
    serde_json::from_str::<Keys>(text).is_ok_and(|keys| keys.cycle.is_some() && keys.eol.is_some())
}

/// What a cycle says about products: by CPE name or vendor and name, and by package.
fn statements(product: &Product, cycle: &Cycle, all: &[Cycle]) -> Vec<Affected> {
    let affected = |reference, versions| Affected {
        text: cycle.label.clone(),
        ..Affected::new(reference, Status::Affected, versions)
    };
    if let Some(found) = windows::statement(product, cycle, all) {
        return vec![affected(found, shindan_domain::version::VersionClaim::All)];
    }
    product.named(cycle).into_iter().map(|(reference, versions)| affected(reference, versions)).collect()
}
