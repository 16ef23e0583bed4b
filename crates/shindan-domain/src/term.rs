//! Closed sets of terms: every state, role, verdict and kind that is stored and shown.
//!
//! A term has a stable text form (in storage and JSON) and belongs to a named set; its words in either language stand
//! under `term-<set>-<value>` at the edge. A test in `shindan-report` goes through [`crate::vocabulary`] and names what lacks
//! words, so that nobody is ever shown a code.

use std::fmt;

/// A term of a closed set, as it is stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Term {
    /// The set, such as `case-state`.
    pub set: &'static str,
    /// The value, such as `analysed`.
    pub value: &'static str,
}

impl fmt::Display for Term {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.value)
    }
}

/// No term of the set has this text form.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("\"{value}\" is not one of {set}: {expected}")]
pub struct UnknownTerm {
    /// The set.
    pub set: &'static str,
    /// As given.
    pub value: String,
    /// What there is, separated by commas.
    pub expected: String,
}

/// Defines an enum whose values are terms of one set: `ALL`, `as_str`, `term`, `Display`, `FromStr`, serde by text form.
#[macro_export]
macro_rules! terms {
    ($(#[$meta:meta])* $vis:vis enum $name:ident ($set:literal) {
        $($(#[$value_meta:meta])* $value:ident = $text:literal,)+
    }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
        $vis enum $name {
            $($(#[$value_meta])* #[serde(rename = $text)] $value,)+
        }

        impl $name {
            /// Name of the set of terms; words stand under `term-<set>-<value>`.
            pub const SET: &'static str = $set;
            /// All, in the order of their definition.
            pub const ALL: &'static [$name] = &[$($name::$value,)+];

            /// The stable text form, as in storage and JSON.
            pub fn as_str(self) -> &'static str {
                match self { $($name::$value => $text,)+ }
            }

            /// As a term, for views.
            pub fn term(self) -> $crate::term::Term {
                $crate::term::Term { set: $set, value: self.as_str() }
            }

            /// All as terms, for the test of words.
            pub fn terms() -> impl Iterator<Item = $crate::term::Term> {
                Self::ALL.iter().map(|value| value.term())
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::term::UnknownTerm;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Self::ALL.iter().copied().find(|value| value.as_str() == text).ok_or_else(|| $crate::term::UnknownTerm {
                    set: $set,
                    value: text.to_owned(),
                    expected: Self::ALL.iter().map(|value| value.as_str()).collect::<Vec<_>>().join(", "),
                })
            }
        }
    };
}
