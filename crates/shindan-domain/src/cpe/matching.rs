//! Comparing names. Source: NISTIR 7696 section 6, tables 6-1 to 6-4.
//!
//! The *source* is what an advisory says; it may hold wildcards. The *target* is what is there.

use super::{Attribute, AttributeValue, Cpe, Truth, Value};

/// How the set a source stands for relates to that of a target.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Relation {
    /// Nothing in common: the target is not meant.
    Disjoint,
    /// The same.
    Equal,
    /// The source holds every thing the target may be: the target is meant.
    Superset,
    /// The target may be more than the source holds: not enough is known of it.
    Subset,
    /// The sets overlap or cannot be compared: not enough is known of the target.
    Undefined,
}

impl Relation {
    /// Is the target meant? *Unknown* where the target is not known well enough.
    pub fn truth(self) -> Truth {
        match self {
            Relation::Equal | Relation::Superset => Truth::True,
            Relation::Disjoint => Truth::False,
            Relation::Subset | Relation::Undefined => Truth::Unknown,
        }
    }

    /// The relation of two names of which this and `other` are the relations of single attributes.
    fn and(self, other: Relation) -> Relation {
        match (self, other) {
            (Relation::Disjoint, _) | (_, Relation::Disjoint) => Relation::Disjoint,
            (Relation::Equal, relation) | (relation, Relation::Equal) => relation,
            (one, two) if one == two => one,
            _ => Relation::Undefined,
        }
    }
}

/// Compares two values of one attribute (NISTIR 7696 table 6-2).
pub fn compare_attributes(source: &AttributeValue, target: &AttributeValue) -> Relation {
    use AttributeValue::{Any, Na, Value};
    match (source, target) {
        // A target with wildcards is not comparable (rows 4, 8, 11 and 17) ...
        (_, Value(target)) if !target.is_literal() => match source {
            // ... unless it is the very same value.
            Value(source) if source == target => Relation::Equal,
            _ => Relation::Undefined,
        },
        (Any, Any) | (Na, Na) => Relation::Equal,
        (Any, _) => Relation::Superset,
        (_, Any) => Relation::Subset,
        (Na, Value(_)) | (Value(_), Na) => Relation::Disjoint,
        (Value(source), Value(target)) if source.is_literal() => {
            if source.text() == target.text() {
                Relation::Equal
            } else {
                Relation::Disjoint
            }
        }
        (Value(source), Value(target)) => {
            if covers(source, target.text()) {
                Relation::Superset
            } else {
                Relation::Disjoint
            }
        }
    }
}

/// True if `text` is the literal of `pattern` with what its wildcards allow before and after it.
fn covers(pattern: &Value, text: &str) -> bool {
    let literal = pattern.text();
    if literal.is_empty() {
        return pattern.before().covers(text.chars().count());
    }
    // Overlapping occurrences count: a later one may leave the right number of characters.
    let mut start = 0;
    while let Some(found) = text.get(start..).and_then(|rest| rest.find(literal)) {
        let position = start + found;
        let before = text.get(..position).map_or(0, |head| head.chars().count());
        let after = text.get(position + literal.len()..).map_or(0, |tail| tail.chars().count());
        if pattern.before().covers(before) && pattern.after().covers(after) {
            return true;
        }
        start =
            position + text.get(position..).and_then(|rest| rest.chars().next()).map_or(1, char::len_utf8);
    }
    false
}

impl Cpe {
    /// Compares this name, the source, with what is there (NISTIR 7696 section 6.2).
    pub fn matches(&self, target: &Cpe) -> Relation {
        compare(self, target, Attribute::ALL.into_iter())
    }

    /// As [`Cpe::matches`], leaving out version and update, which are compared as ranges elsewhere.
    pub fn matches_except_version(&self, target: &Cpe) -> Relation {
        let rest = Attribute::ALL.into_iter();
        compare(self, target, rest.filter(|a| !matches!(a, Attribute::Version | Attribute::Update)))
    }
}

fn compare(source: &Cpe, target: &Cpe, attributes: impl Iterator<Item = Attribute>) -> Relation {
    attributes
        .map(|attribute| compare_attributes(source.get(attribute), target.get(attribute)))
        .fold(Relation::Equal, Relation::and)
}
