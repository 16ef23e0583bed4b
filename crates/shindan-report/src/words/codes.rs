//! The English text of a code without Fluent: JSON output has thousands of them and must start at once.
//!
//! The same files `codes.en.ftl` and `patch.en.ftl` are read, one line per code, plain `{ $name }` placeables only. A test compares every
//! text with what Fluent makes of it.

use std::fmt;
use std::sync::OnceLock;

use serde::{Serialize, Serializer};
use shindan_domain::crosswalk::{EvidenceCode, EvidenceItem};
use shindan_domain::diagnostic::{Code, Params};
use shindan_domain::explanation::{Applied, Rule};
use shindan_domain::verification::{Check, VerificationCode};

use super::{VERB, ways};

static TEMPLATES: OnceLock<Vec<Template>> = OnceLock::new();

/// A text between its parameters: `literals` has one element more than `names`.
struct Template {
    key: Key,
    literals: Vec<&'static str>,
    names: Vec<&'static str>,
}

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
        let Some(template) = template(self.key) else {
            return f.write_str(&bare(self.key, self.params));
        };
        for (index, literal) in template.literals.iter().enumerate() {
            f.write_str(literal)?;
            if let Some(name) = template.names.get(index) {
                if let Some(way) = ways::typed(name) {
                    f.write_str(&way)?;
                    continue;
                }
                let value = self.params.get(*name).map(String::as_str).filter(|v| !v.is_empty());
                match value {
                    Some(verb) if *name == VERB => f.write_str(&ways::shown(verb))?,
                    other => f.write_str(other.unwrap_or("unknown"))?,
                }
            }
        }
        Ok(())
    }
}

impl Serialize for EnglishText<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// The parameters that the texts of `key` use.
pub(super) fn placeholders(key: Key) -> &'static [&'static str] {
    template(key).map_or(&[], |t| t.names.as_slice())
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

fn template(key: Key) -> Option<&'static Template> {
    let templates = TEMPLATES.get_or_init(|| {
        let files = [include_str!("../../words/codes.en.ftl"), include_str!("../../words/patch.en.ftl")];
        let keys = Key::by_name();
        let lines = files.into_iter().flat_map(str::lines);
        let mut templates: Vec<Template> = lines.filter_map(|line| parse(line, &keys)).collect();
        templates.sort_by_key(|t| t.key);
        templates
    });
    let position = templates.binary_search_by_key(&key, |t| t.key).ok()?;
    templates.get(position)
}

impl Key {
    /// Each kind of key with the beginning of its name in the Fluent files, and its keys by the rest of it, sorted.
    fn by_name() -> [(&'static str, Vec<(&'static str, Key)>); 4] {
        fn sorted(keys: impl Iterator<Item = (&'static str, Key)>) -> Vec<(&'static str, Key)> {
            let mut keys: Vec<_> = keys.collect();
            keys.sort_unstable_by_key(|(name, _)| *name);
            keys
        }
        [
            ("code-", sorted(Code::ALL.iter().map(|code| (code.as_str(), Key::Code(*code))))),
            ("rule-", sorted(Rule::ALL.iter().map(|rule| (rule.as_str(), Key::Rule(*rule))))),
            (
                "verify-",
                sorted(VerificationCode::ALL.iter().map(|code| (code.as_str(), Key::Verification(*code)))),
            ),
            ("evidence-", sorted(EvidenceCode::ALL.iter().map(|code| (code.as_str(), Key::Evidence(*code))))),
        ]
    }
}

fn parse(line: &'static str, keys: &[(&str, Vec<(&str, Key)>)]) -> Option<Template> {
    let (name, mut rest) = line.split_once(" = ")?;
    let (name, of_kind) = keys.iter().find_map(|(kind, keys)| Some((name.strip_prefix(kind)?, keys)))?;
    let at = of_kind.binary_search_by_key(&name, |(known, _)| known).ok()?;
    let key = of_kind.get(at)?.1;
    let mut template = Template { key, literals: Vec::new(), names: Vec::new() };
    while let Some((literal, tail)) = rest.split_once("{ $") {
        let (name, tail) = tail.split_once(" }")?;
        template.literals.push(literal);
        template.names.push(name);
        rest = tail;
    }
    template.literals.push(rest);
    Some(template)
}
