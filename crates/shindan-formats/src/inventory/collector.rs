//! Gathers diagnostics of one inventory without letting a bad file produce one per byte.

use std::collections::BTreeMap;

use shindan_domain::diagnostic::{Code, Diagnostic, Place, Severity};
use shindan_domain::inventory::{Component, Inventory, InventoryKind};

/// How many diagnostics of one code are kept in full. The last one of them tells how many more there were.
const KEPT: u64 = 100;

/// The diagnostics of one file. Nothing is lost: what is not kept in full is counted (param `further`).
#[derive(Debug)]
pub(crate) struct Collector<'p> {
    path: &'p str,
    list: Vec<Diagnostic>,
    /// Line that belongs to every place by field, for formats whose fields are given as in another one.
    line: Option<u64>,
    /// Per code: how many there were, and where in `list` the last one that was kept stands.
    seen: BTreeMap<Code, (u64, usize)>,
    /// Violations of the specification without effect on matching: one diagnostic per rule, with a count.
    rules: BTreeMap<&'static str, (Diagnostic, u64)>,
}

impl<'p> Collector<'p> {
    pub(crate) fn new(path: &'p str) -> Self {
        Collector { path, list: Vec::new(), line: None, seen: BTreeMap::new(), rules: BTreeMap::new() }
    }

    pub(crate) fn path(&self) -> &'p str {
        self.path
    }

    /// A place in this file.
    pub(crate) fn place(&self) -> Place {
        Place::file(self.path)
    }

    pub(crate) fn push(&mut self, diagnostic: Diagnostic) {
        let seen = self.seen.entry(diagnostic.code).or_insert((0, 0));
        seen.0 += 1;
        if seen.0 <= KEPT {
            seen.1 = self.list.len();
            self.list.push(diagnostic);
        }
    }

    /// Takes over what was found behind it in the same file.
    pub(crate) fn append(&mut self, later: Collector<'_>) {
        for diagnostic in later.list {
            self.push(diagnostic);
        }
        for (code, (count, _)) in later.seen {
            // Of each code, the first ones were kept and are counted by now.
            let seen = self.seen.entry(code).or_insert((0, 0));
            seen.0 += count.saturating_sub(count.min(KEPT));
        }
        for (rule, (diagnostic, count)) in later.rules {
            self.rules.entry(rule).or_insert((diagnostic, 0)).1 += count;
        }
    }

    /// A diagnostic of `code` at a JSON pointer or column.
    pub(crate) fn at_field(&self, code: Code, field: &str) -> Diagnostic {
        Diagnostic::new(code, self.at_present().at_field(field))
    }

    /// Sets the line that belongs to places by field from now on.
    pub(crate) fn set_line(&mut self, line: Option<u64>) {
        self.line = line;
    }

    fn at_present(&self) -> Place {
        Place { line: self.line, ..self.place() }
    }

    /// A diagnostic of `code` at a line, counted from 1.
    pub(crate) fn at_line(&self, code: Code, line: u64) -> Diagnostic {
        Diagnostic::new(code, self.place().at_line(line))
    }

    /// How much has been told of so far, kept in full or counted.
    pub(crate) fn told(&self) -> u64 {
        let full = self.seen.values().map(|(count, _)| count);
        let violations = self.rules.values().map(|(_, count)| count);
        full.chain(violations).sum()
    }

    /// True if something could not be read so far.
    pub(super) fn has_error(&self) -> bool {
        self.list.iter().any(|diagnostic| diagnostic.severity() == Severity::Error)
    }

    /// `requirement-unpinned`: the file says which versions are wanted, not which one is there.
    pub(crate) fn unpinned(&mut self, line: u64, requirement: &str) {
        let requirement = crate::text::shorten(requirement, 200);
        self.push(self.at_line(Code::RequirementUnpinned, line).with("requirement", requirement));
    }

    /// The inventory of a file that lists components and nothing else.
    pub(crate) fn inventory(
        self,
        kind: InventoryKind,
        subject: Option<String>,
        components: Vec<Component>,
    ) -> Inventory {
        Inventory {
            path: self.path.to_owned(),
            kind,
            subject,
            about: None,
            components: components.into(),
            assets: Vec::new(),
            opinions: Vec::new(),
            diagnostics: self.finish(),
        }
    }

    /// As [`Collector::inventory`]; refused where something is wrong and nothing could be read.
    pub(crate) fn readable(
        self,
        kind: InventoryKind,
        subject: Option<String>,
        components: Vec<Component>,
    ) -> Result<Inventory, Vec<Diagnostic>> {
        if components.is_empty() && self.has_error() {
            return Err(self.finish());
        }
        Ok(self.inventory(kind, subject, components))
    }

    /// `spec-violation`: one diagnostic per rule, at the first place, with the number of places (param `count`).
    pub(crate) fn violation(&mut self, rule: &'static str, pointer: &str, value: &str) {
        let present = self.at_present();
        let (_, count) = self.rules.entry(rule).or_insert_with(|| {
            // A line alone is a place, too.
            let place = match present.line {
                Some(_) if pointer.is_empty() => present,
                _ => present.at_field(pointer),
            };
            let mut diagnostic = Diagnostic::new(Code::SpecViolation, place).with("rule", rule);
            if !value.is_empty() {
                diagnostic = diagnostic.with("value", crate::text::shorten(value, 200));
            }
            (diagnostic, 0)
        });
        *count += 1;
    }

    /// All diagnostics, in the order in which they were found; violations of rules last.
    pub(crate) fn finish(mut self) -> Vec<Diagnostic> {
        for (count, at) in self.seen.values() {
            if *count > KEPT
                && let Some(diagnostic) = self.list.get_mut(*at)
            {
                diagnostic.params.insert("further".to_owned(), (count - KEPT).to_string());
            }
        }
        for (diagnostic, count) in self.rules.into_values() {
            self.list.push(diagnostic.with("count", count));
        }
        self.list
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_of_a_kind_are_counted_not_kept() {
        let mut collector = Collector::new("a");
        for line in 1..=250 {
            collector.push(collector.at_line(Code::FieldMissing, line));
        }
        collector.push(collector.at_line(Code::FileEmpty, 1));
        collector.violation("hash-content", "/components/0", "x");
        collector.violation("hash-content", "/components/1", "y");
        let list = collector.finish();
        assert_eq!(list.len(), 102);
        assert_eq!(list[99].params["further"], "150");
        assert!(!list[100].params.contains_key("further"));
        assert_eq!((list[101].params["count"].as_str(), list[101].params["value"].as_str()), ("2", "x"));
    }
}
