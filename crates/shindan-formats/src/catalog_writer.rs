//! Writes a pack in the format that [`crate::catalog::read_catalog`] reads: a start for a pack of one's own.

use std::fmt::Write;

use shindan_domain::crosswalk::{Catalog, CheckEvidence, Control, Link, Requirement, Section, Stated};
use shindan_domain::localised::Localised;

use crate::catalog::CATALOG_SCHEMA;

/// The pack as TOML. Comments of the file it was read from are not kept.
pub fn write_catalog(catalog: &Catalog) -> String {
    let mut out = Out(String::new());
    out.text("schema", CATALOG_SCHEMA);
    out.text("id", &catalog.id);
    out.text("version", &catalog.version);
    out.localised("title", &catalog.title);
    out.line("\n[provenance]");
    let provenance = &catalog.provenance;
    out.text("version", &provenance.version);
    out.text("published", &provenance.published);
    out.optional_text("page", provenance.page.as_deref());
    out.optional_text("url", provenance.url.as_deref());
    out.localised("document", &provenance.document);
    out.localised("issuer", &provenance.issuer);
    out.optional_localised("remark", provenance.remark.as_ref());
    catalog.sections.iter().for_each(|section| write_section(&mut out, section));
    catalog.controls.iter().for_each(|control| write_control(&mut out, control));
    catalog.requirements.iter().for_each(|requirement| write_requirement(&mut out, requirement));
    for gap in &catalog.gaps {
        out.line("\n[[gap]]");
        out.localised("subject", &gap.subject);
        out.localised("reason", &gap.reason);
    }
    out.0
}

fn write_section(out: &mut Out, section: &Section) {
    out.line("\n[[section]]");
    out.text("number", &section.number);
    out.text("id", &section.id);
    out.links(&section.links);
    out.optional_localised("title", section.title.value());
    out.optional_localised("heading", section.heading.value());
    out.optional_localised("remark", section.remark.as_ref());
    out.certainties(&[("title", word(&section.title)), ("heading", word(&section.heading))]);
}

fn write_control(out: &mut Out, control: &Control) {
    out.line("\n[[control]]");
    out.text("number", &control.number);
    out.text("id", &control.id);
    out.optional_text("section", control.section.as_deref());
    if let Some(page) = control.page.value() {
        out.line(&format!("page = {page}"));
    }
    out.optional_text("mark", control.mark.value().map(|mark| mark.as_str()));
    out.links(&control.links);
    out.check_evidence(&control.check_evidence);
    out.optional_localised("text", control.text.value());
    out.optional_localised("risk", control.risk.value());
    out.certainties(&[
        ("page", word(&control.page)),
        ("text", word(&control.text)),
        ("mark", word(&control.mark)),
        ("risk", word(&control.risk)),
    ]);
}

fn write_requirement(out: &mut Out, requirement: &Requirement) {
    out.line("\n[[requirement]]");
    out.text("number", &requirement.number);
    out.text("id", &requirement.id);
    out.optional_text("item", requirement.item.value().map(String::as_str));
    out.check_evidence(&requirement.check_evidence);
    out.optional_localised("title", requirement.title.value());
    out.optional_localised("text", requirement.text.value());
    out.certainties(&[
        ("title", word(&requirement.title)),
        ("text", word(&requirement.text)),
        ("item", word(&requirement.item)),
    ]);
    for variant in &requirement.variants {
        out.line("\n[[requirement.variant]]");
        out.text("certainty", variant.certainty.as_str());
        out.localised("text", &variant.text);
    }
}

fn word<T>(stated: &Stated<T>) -> &'static str {
    stated.certainty().as_str()
}

struct Out(String);

impl Out {
    fn line(&mut self, line: &str) {
        self.0.push_str(line);
        self.0.push('\n');
    }

    fn text(&mut self, name: &str, value: &str) {
        self.line(&format!("{name} = {}", quoted(value)));
    }

    fn optional_text(&mut self, name: &str, value: Option<&str>) {
        if let Some(value) = value {
            self.text(name, value);
        }
    }

    fn localised(&mut self, name: &str, value: &Localised) {
        self.line(&format!("{name} = {{ ja = {}, en = {} }}", quoted(&value.ja), quoted(&value.en)));
    }

    fn optional_localised(&mut self, name: &str, value: Option<&Localised>) {
        if let Some(value) = value {
            self.localised(name, value);
        }
    }

    fn links(&mut self, links: &[Link]) {
        if links.is_empty() {
            return;
        }
        self.line("links = [");
        for link in links {
            let (to, certainty) = (quoted(&link.requirement), quoted(link.certainty.as_str()));
            self.line(&format!("  {{ to = {to}, certainty = {certainty} }},"));
        }
        self.line("]");
    }

    fn check_evidence(&mut self, evidence: &[CheckEvidence]) {
        if !evidence.is_empty() {
            let words: Vec<String> = evidence.iter().map(|evidence| quoted(evidence.as_str())).collect();
            self.line(&format!("check_evidence = [{}]", words.join(", ")));
        }
    }

    fn certainties(&mut self, fields: &[(&str, &str)]) {
        let words: Vec<String> = fields.iter().map(|(name, word)| format!("{name} = \"{word}\"")).collect();
        self.line(&format!("certainty = {{ {} }}", words.join(", ")));
    }
}

/// A TOML basic string. Source: TOML 1.0.0, "String".
pub(crate) fn quoted(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for character in text.chars() {
        match character {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            '\t' => quoted.push_str("\\t"),
            control if control.is_control() => {
                // Writing to a String cannot fail.
                let _ = write!(quoted, "\\u{:04X}", u32::from(control));
            }
            other => quoted.push(other),
        }
    }
    quoted.push('"');
    quoted
}
