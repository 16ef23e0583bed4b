//! What a person typed: values by the path of their field, in the order in which they came.

use std::collections::{BTreeMap, BTreeSet};

/// What was typed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Typed(BTreeMap<String, Vec<String>>);

impl Typed {
    pub(crate) fn of(pairs: Vec<(String, String)>) -> Typed {
        let mut typed = Typed::default();
        pairs.into_iter().for_each(|(name, value)| typed.add(name, value));
        typed
    }

    pub(crate) fn add(&mut self, path: String, value: String) {
        // Browsers end lines with CR LF (HTML, form submission); records hold LF.
        self.0.entry(path).or_default().push(value.replace("\r\n", "\n"));
    }

    /// Whether there is nothing at all.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The value of a field; empty if nothing was typed.
    pub(crate) fn text(&self, path: &str) -> &str {
        self.0.get(path).and_then(|values| values.first()).map_or("", |value| value.trim())
    }

    /// All values of a field that are not empty.
    pub(crate) fn all(&self, path: &str) -> Vec<&str> {
        let values = self.0.get(path).into_iter().flatten();
        values.map(|value| value.trim()).filter(|value| !value.is_empty()).collect()
    }

    /// The rows of a group that stands there several times, in their order.
    pub(crate) fn rows(&self, path: &str) -> BTreeSet<usize> {
        let prefix = format!("{path}.");
        let below = self.0.keys().filter_map(|known| known.strip_prefix(&prefix));
        below.filter_map(|rest| rest.split('.').next()?.parse().ok()).filter(|row| *row < ROWS).collect()
    }

    /// The values of a field and of everything inside it, in the order of their paths; none of them is empty.
    pub(crate) fn below(&self, path: &str) -> Vec<&str> {
        let inside = format!("{path}.");
        let fields = self.0.iter().filter(|(known, _)| *known == path || known.starts_with(&inside));
        let values = fields.flat_map(|(_, values)| values).map(|value| value.trim());
        values.filter(|value| !value.is_empty()).collect()
    }

    /// Whether something was typed in a field or inside it.
    pub(crate) fn has(&self, path: &str) -> bool {
        !self.below(path).is_empty()
    }

    /// Whether a field came with the form, or something inside it did, empty or not.
    pub(crate) fn holds(&self, path: &str) -> bool {
        let inside = format!("{path}.");
        self.0.keys().any(|known| known == path || known.starts_with(&inside))
    }

    /// Takes over what another form holds in a field and inside it.
    pub(crate) fn take_over(&mut self, path: &str, from: &Typed) {
        let inside = format!("{path}.");
        let of_field = |known: &str| known == path || known.starts_with(&inside);
        self.0.retain(|known, _| !of_field(known));
        let taken = from.0.iter().filter(|(known, _)| of_field(known));
        self.0.extend(taken.map(|(known, values)| (known.clone(), values.clone())));
    }

    /// Whether the button of this name and value was pressed.
    pub(crate) fn pressed(&self, name: &str) -> Option<&str> {
        Some(self.text(name)).filter(|value| !value.is_empty())
    }
}

/// Rows of a form at most.
pub(crate) const ROWS: usize = 200;

impl Typed {
    /// Whether something was typed in a field whose path begins so.
    pub(crate) fn any_below(&self, prefix: &str) -> bool {
        let below = self.0.range(prefix.to_owned()..).take_while(|(path, _)| path.starts_with(prefix));
        below.into_iter().any(|(_, values)| values.iter().any(|value| !value.trim().is_empty()))
    }
}
