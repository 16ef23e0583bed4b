//! The English text of a code without Fluent: JSON output has thousands of them and must start at once.
//!
//! The same file `codes.en.ftl` is read, one line per code, plain `{ $name }` placeables only. A test compares every
//! text with what Fluent makes of it.

use std::fmt;
use std::sync::OnceLock;

use serde::{Serialize, Serializer};
use shindan_domain::diagnostic::{Code, Params};

static TEMPLATES: OnceLock<Vec<Template>> = OnceLock::new();

/// A text between its parameters: `literals` has one element more than `names`.
struct Template {
    code: Code,
    literals: Vec<&'static str>,
    names: Vec<&'static str>,
}

/// The English text of a code with its parameters, made while it is written.
#[derive(Clone, Copy)]
pub struct EnglishText<'a> {
    code: Code,
    params: &'a Params,
}

/// The English text of `code` with `params`.
pub fn code_text(code: Code, params: &Params) -> EnglishText<'_> {
    EnglishText { code, params }
}

impl fmt::Display for EnglishText<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some(template) = template(self.code) else {
            return f.write_str(&bare(self.code, self.params));
        };
        for (index, literal) in template.literals.iter().enumerate() {
            f.write_str(literal)?;
            if let Some(name) = template.names.get(index) {
                let value = self.params.get(*name).map(String::as_str).filter(|v| !v.is_empty());
                f.write_str(value.unwrap_or("unknown"))?;
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

/// The parameters that the texts of `code` use.
pub(super) fn placeholders(code: Code) -> &'static [&'static str] {
    template(code).map_or(&[], |t| t.names.as_slice())
}

/// A code that has no words yet still says all it knows.
pub(super) fn bare(code: Code, params: &Params) -> String {
    let mut text = code.to_string();
    for (name, value) in params {
        text.push_str(&format!(" {name}={value}"));
    }
    text
}

fn template(code: Code) -> Option<&'static Template> {
    let templates = TEMPLATES.get_or_init(|| {
        let mut templates: Vec<Template> =
            include_str!("../../words/codes.en.ftl").lines().filter_map(parse).collect();
        templates.sort_by_key(|t| t.code);
        templates
    });
    let position = templates.binary_search_by_key(&code, |t| t.code).ok()?;
    templates.get(position)
}

fn parse(line: &'static str) -> Option<Template> {
    let (key, mut rest) = line.split_once(" = ")?;
    let text = key.strip_prefix("code-")?;
    let code = *Code::ALL.iter().find(|c| c.as_str() == text)?;
    let mut template = Template { code, literals: Vec::new(), names: Vec::new() };
    while let Some((literal, tail)) = rest.split_once("{ $") {
        let (name, tail) = tail.split_once(" }")?;
        template.literals.push(literal);
        template.names.push(name);
        rest = tail;
    }
    template.literals.push(rest);
    Some(template)
}
