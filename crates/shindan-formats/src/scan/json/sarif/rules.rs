//! The rules of a run, and what a result refers to them by.

use std::collections::BTreeMap;

use super::shape::{Component, Finding, Message, Rule, Tool};

/// The rules of a run's tool and of its extensions.
pub(super) struct Rules<'t> {
    tool: &'t Tool,
    by_id: BTreeMap<&'t str, &'t Rule>,
}

impl<'t> Rules<'t> {
    pub(super) fn of(tool: &'t Tool) -> Self {
        let mut by_id = BTreeMap::new();
        for component in std::iter::once(&tool.driver).chain(tool.extensions.iter()) {
            for rule in component.rules.iter() {
                if let Some(id) = rule.id.get() {
                    by_id.entry(id).or_insert(rule);
                }
            }
        }
        Rules { tool, by_id }
    }

    /// Every rule that the run lists.
    pub(super) fn ids(&self) -> impl Iterator<Item = &'t str> {
        self.by_id.keys().copied()
    }

    /// The rule of a result: by index in the component it names, else by its identifier, also the first part of a
    /// hierarchical one (section 3.27.5: `CA2101/1`).
    pub(super) fn rule_of(&self, finding: &Finding) -> Option<&'t Rule> {
        let reference = finding.rule.as_ref();
        let component = match reference.and_then(|reference| reference.tool_component.as_ref()) {
            None => Some(&self.tool.driver),
            Some(named) => match at(named.index) {
                Some(index) => self.tool.extensions.get(index),
                None => self.named(named.guid.get(), named.name.get()),
            },
        };
        let index = at(reference.and_then(|reference| reference.index)).or(at(finding.rule_index));
        let id = finding.rule_id.get().or(reference.and_then(|reference| reference.id.get()));
        let by_index = index.and_then(|index| component?.rules.get(index));
        // Some tools number the rules of another list than the one they write: the identifier has the last word.
        let by_index = by_index.filter(|rule| id.is_none_or(|id| of_rule(id, rule)));
        by_index.or_else(|| self.by_name(id?))
    }

    fn named(&self, guid: Option<&str>, name: Option<&str>) -> Option<&'t Component> {
        let same = |component: &&Component| match guid {
            Some(guid) => component.guid.get() == Some(guid),
            None => name.is_some() && component.name.get() == name,
        };
        std::iter::once(&self.tool.driver).chain(self.tool.extensions.iter()).find(same)
    }

    fn by_name(&self, id: &str) -> Option<&'t Rule> {
        let mut id = id;
        loop {
            if let Some(rule) = self.by_id.get(id) {
                return Some(rule);
            }
            id = id.rsplit_once('/')?.0;
        }
    }

    /// The text of a message: its own, or the one of the rule or tool that it names, with its arguments put in.
    pub(super) fn message(&self, message: Option<&Message>, rule: Option<&Rule>) -> String {
        let Some(message) = message else { return String::new() };
        let own = message.text.get().or(message.markdown.get());
        let named = || {
            let id = message.id.get()?;
            let of_rule = rule.and_then(|rule| rule.message_strings.as_ref()?.get(id));
            let of_tool = || self.tool.driver.global_message_strings.as_ref()?.get(id);
            let found = of_rule.or_else(of_tool)?;
            found.text.get().or(found.markdown.get())
        };
        let Some(text) = own.or_else(named) else { return message.id.text().to_owned() };
        filled(text, &message.arguments.0)
    }
}

fn at(index: Option<i64>) -> Option<usize> {
    index.and_then(|index| usize::try_from(index).ok())
}

fn of_rule(id: &str, rule: &Rule) -> bool {
    let Some(own) = rule.id.get() else { return true };
    id == own || id.strip_prefix(own).is_some_and(|rest| rest.starts_with('/'))
}

/// `{0}` becomes the first argument, in one pass: arguments hold no placeholders.
fn filled(text: &str, arguments: &[String]) -> String {
    if arguments.is_empty() {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        out.push_str(before);
        let argument = after.split_once('}').and_then(|(number, after)| {
            let number: usize = number.parse().ok()?;
            Some((arguments.get(number)?, after))
        });
        match argument {
            Some((argument, after)) => {
                out.push_str(argument);
                rest = after;
            }
            None => {
                out.push('{');
                rest = after;
            }
        }
    }
    out.push_str(rest);
    out
}
