//! The English text of a code without Fluent: JSON output has thousands of them and must start at once.
//!
//! The same files `codes.en.ftl` and `patch.en.ftl` are read, one line per code, plain `{ $name }` placeables only, and only the lines that
//! an answer needs: it names a few of some hundred codes. A test compares every text with what Fluent makes of it.

use std::fmt;
use std::sync::OnceLock;

use serde::{Serialize, Serializer};
use shindan_domain::crosswalk::{EvidenceCode, EvidenceItem};
use shindan_domain::diagnostic::{Code, Params};
use shindan_domain::explanation::{Applied, Rule};
use shindan_domain::verification::{Check, VerificationCode};

use super::{VERB, ways};

/// The files, each line after a line's end.
const FILES: [&str; 2] = [
    concat!("\n", include_str!("../../words/codes.en.ftl")),
    concat!("\n", include_str!("../../words/patch.en.ftl")),
];

/// How many keys there are.
const KEYS: usize = Code::ALL.len() + EvidenceCode::ALL.len() + Rule::ALL.len() + VerificationCode::ALL.len();

/// What was looked up, by [`Key::number`]; `None`: there are no words for it.
static TEXTS: [OnceLock<Option<&'static str>>; KEYS] = [const { OnceLock::new() }; KEYS];

/// What a text is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Key {
    Code(Code),
    Evidence(EvidenceCode),
    Rule(Rule),
    Verification(VerificationCode),
}

impl fmt::Display for Key {
    /// The key in the Fluent files.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Key::Code(code) => write!(f, "code-{code}"),
            Key::Evidence(code) => write!(f, "evidence-{}", code.as_str()),
            Key::Rule(rule) => write!(f, "rule-{rule}"),
            Key::Verification(code) => write!(f, "verify-{code}"),
        }
    }
}

/// The English text of a code with its parameters, made while it is written. It names steps as the command line does.
#[derive(Clone, Copy)]
pub struct EnglishText<'a> {
    key: Key,
    params: &'a Params,
}

/// The English text of `code` with `params`.
pub fn code_text(code: Code, params: &Params) -> EnglishText<'_> {
    EnglishText { key: Key::Code(code), params }
}

/// The English text of what a check run shows or leaves open.
pub fn evidence_text(item: &EvidenceItem) -> EnglishText<'_> {
    EnglishText { key: Key::Evidence(item.code), params: &item.params }
}

/// The English text of a rule that was applied.
pub fn rule_text(applied: &Applied) -> EnglishText<'_> {
    EnglishText { key: Key::Rule(applied.rule), params: &applied.params }
}

/// The English text of why a check of a patch came to what it came to.
pub fn verification_text(check: &Check) -> EnglishText<'_> {
    EnglishText { key: Key::Verification(check.code), params: &check.params }
}

impl fmt::Display for EnglishText<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some(text) = template(self.key) else {
            return f.write_str(&bare(self.key, self.params));
        };
        let mut rest = text;
        while let Some((literal, name, after)) = first_name(rest) {
            f.write_str(literal)?;
            rest = after;
            if let Some(way) = ways::typed(name) {
                f.write_str(&way)?;
                continue;
            }
            let value = self.params.get(name).map(String::as_str).filter(|v| !v.is_empty());
            match value {
                Some(verb) if name == VERB => f.write_str(&ways::shown(verb))?,
                other => f.write_str(other.unwrap_or("unknown"))?,
            }
        }
        f.write_str(rest)
    }
}

impl Serialize for EnglishText<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// The parameters that the texts of `key` use.
pub(super) fn placeholders(key: Key) -> impl Iterator<Item = &'static str> {
    let mut rest = template(key).unwrap_or_default();
    std::iter::from_fn(move || {
        let (_, name, after) = first_name(rest)?;
        rest = after;
        Some(name)
    })
}

/// A code that has no words yet still says all it knows.
pub(super) fn bare(key: Key, params: &Params) -> String {
    let mut text = match key {
        Key::Code(code) => code.to_string(),
        Key::Evidence(code) => code.as_str().to_owned(),
        Key::Rule(rule) => rule.to_string(),
        Key::Verification(code) => code.to_string(),
    };
    for (name, value) in params {
        text.push_str(&format!(" {name}={value}"));
    }
    text
}

impl Key {
    /// Each key has another one, and none is [`KEYS`] or more.
    fn number(self) -> usize {
        let evidence = Code::ALL.len();
        let rules = evidence + EvidenceCode::ALL.len();
        match self {
            Key::Code(code) => code as usize,
            Key::Evidence(code) => evidence + code as usize,
            Key::Rule(rule) => rules + rule as usize,
            Key::Verification(code) => rules + Rule::ALL.len() + code as usize,
        }
    }
}

fn template(key: Key) -> Option<&'static str> {
    *TEXTS.get(key.number())?.get_or_init(|| {
        let begin = format!("\n{key} = ");
        FILES.into_iter().find_map(|file| {
            let at = memchr::memmem::find(file.as_bytes(), begin.as_bytes())?;
            file.get(at + begin.len()..)?.lines().next()
        })
    })
}

/// The text before the first `{ $name }`, the name, and what follows.
fn first_name(text: &str) -> Option<(&str, &str, &str)> {
    let (literal, rest) = text.split_once('{')?;
    let (name, after) = rest.split_once('}')?;
    Some((literal, name.strip_prefix(" $")?.strip_suffix(' ')?, after))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_key_has_a_place_of_its_own_and_words() {
        let keys: Vec<Key> = (Code::ALL.iter().map(|code| Key::Code(*code)))
            .chain(EvidenceCode::ALL.iter().map(|code| Key::Evidence(*code)))
            .chain(Rule::ALL.iter().map(|rule| Key::Rule(*rule)))
            .chain(VerificationCode::ALL.iter().map(|code| Key::Verification(*code)))
            .collect();
        let numbers: BTreeSet<usize> = keys.iter().map(|key| key.number()).collect();
        assert_eq!(numbers, (0..KEYS).collect());
        let without: Vec<String> =
            keys.iter().filter(|key| template(**key).is_none()).map(Key::to_string).collect();
        assert!(without.is_empty(), "{without:?}");
    }

    #[test]
    fn names_are_told_from_what_stands_between_them() {
        assert_eq!(first_name("a { $b } c { $d }"), Some(("a ", "b", " c { $d }")));
        assert_eq!(first_name("{ $b }"), Some(("", "b", "")));
        for plain in ["", "a", "a { b", "a } b", "{ -term }", "{$b}"] {
            assert_eq!(first_name(plain), None, "{plain}");
        }
    }
}
