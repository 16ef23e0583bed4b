//! Words of records: terms, labels, reasons.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use fluent_bundle::FluentArgs;
use shindan_domain::process::{Label, Reason, ReasonCode};
use shindan_domain::term::Term;
use shindan_domain::vocabulary::vocabulary;

use super::Words;

impl Words {
    /// The words of a term; its text form if it has none, which a test forbids.
    pub fn term(&self, term: Term) -> String {
        self.known(&term_key(term)).unwrap_or_else(|| term.value.to_owned())
    }

    /// The name of a field, a list or a column of a record.
    pub fn label_of(&self, label: Label) -> String {
        self.known(&format!("label-{}", label.as_str())).unwrap_or_else(|| label.as_str().to_owned())
    }

    /// What happened, for the history of a record; the type of the event if it has no words.
    pub fn event(&self, event: &str) -> String {
        self.known(&format!("event-{}", event.replace('.', "-"))).unwrap_or_else(|| event.to_owned())
    }

    /// Why a step is refused or what is missing, with what to do next.
    ///
    /// A parameter that is a term or the name of a field is shown in words.
    pub fn reason(&self, reason: &Reason) -> String {
        let key = reason_key(reason.code);
        let Some((bundle, message)) = self.message(&key) else { return reason.to_string() };
        let Some(pattern) = message.value() else { return reason.to_string() };
        let mut arguments = FluentArgs::with_capacity(reason.params.len());
        for (name, value) in &reason.params {
            arguments.set(name.as_str(), self.particular(name, value, reason.params.get("set")));
        }
        let mut errors = Vec::new();
        let text = bundle.format_pattern(pattern, Some(&arguments), &mut errors).into_owned();
        if errors.is_empty() { text } else { without_placeholders(&text, &self.t("unknown")) }
    }

    /// A parameter in words: what stands for a term or a field is translated, everything else is what a person wrote.
    /// `set`: the set of terms to which a state belongs, if the reason names it.
    fn particular(&self, name: &str, value: &str, set: Option<&String>) -> String {
        let of_set =
            set.filter(|_| name == "state").and_then(|set| self.known(&format!("term-{set}-{value}")));
        if let Some(text) = of_set {
            return text;
        }
        let set = match name {
            "cause" => Some("reopening-cause"),
            "standing" => Some("agreement-standing"),
            "category" => Some("device-category"),
            "progress" => Some("asset-progress"),
            "way" => Some("assessment-way"),
            "delivery" => Some("delivery-failure"),
            "failure" => Some("check-failure"),
            _ => None,
        };
        if let Some(text) = set.and_then(|set| self.known(&format!("term-{set}-{value}"))) {
            return text;
        }
        match name {
            "field" => self.known(&format!("label-{value}")).unwrap_or_else(|| value.to_owned()),
            "state" | "step" | "action" | "role" | "roles" | "kind" | "first" | "second" | "result"
            | "outcome" | "treatment" | "means" | "topic" | "applicability" | "subject" | "priority"
            | "expected" | "found" | "from" => {
                value.split(", ").map(|one| self.bare_term(one)).collect::<Vec<_>>().join(self.separator())
            }
            _ => crate::dates::written(value, self).into_owned(),
        }
    }

    fn separator(&self) -> &'static str {
        match self.lang() {
            super::Lang::Ja => "、",
            super::Lang::En => ", ",
        }
    }

    /// A term of which only the value is known.
    fn bare_term(&self, value: &str) -> String {
        static SETS: OnceLock<BTreeMap<&'static str, Term>> = OnceLock::new();
        let sets = SETS.get_or_init(|| {
            let mut sets = BTreeMap::new();
            for term in vocabulary() {
                sets.entry(term.value).or_insert(term);
            }
            sets
        });
        sets.get(value).map_or_else(|| value.to_owned(), |term| self.term(*term))
    }
}

pub(super) fn term_key(term: Term) -> String {
    // Keys of words hold no dots.
    format!("term-{}-{}", term.set, term.value.replace('.', "-"))
}

pub(super) fn reason_key(code: ReasonCode) -> String {
    format!("reason-{}", code.as_str())
}

/// Fluent leaves `{$name}` where a value is missing.
fn without_placeholders(text: &str, unknown: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("{$") {
        out.push_str(before);
        let Some((_, after)) = after.split_once('}') else { break };
        out.push_str(unknown);
        rest = after;
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use shindan_domain::ledger::Kind;

    use super::*;
    use crate::words::Lang;

    #[test]
    fn terms_inside_reasons_are_words_and_what_is_missing_is_said() {
        let words = Words::new(Lang::En);
        let reason = Reason::new(ReasonCode::RoleMissing).with("roles", "operator, manager");
        let text = words.reason(&reason);
        assert!(text.contains(&words.term(shindan_domain::people::Role::Operator.term())), "{text}");
        assert!(text.contains("unknown"), "the action is not given: {text}");
        assert!(!text.contains('{'), "{text}");
    }

    #[test]
    fn what_is_not_kept_is_said_in_words_and_a_state_is_one_of_its_set() {
        let words = Words::new(Lang::Ja);
        let reason = Reason::new(ReasonCode::ControlNotCovered).with("topic", "source-checks");
        let text = words.reason(&reason);
        assert!(!text.contains("source-checks"), "{text}");
        let state = shindan_domain::change::ChangeState::Closed.term();
        let reason =
            Reason::new(ReasonCode::StepOutOfOrder).with("state", state.value).with("set", state.set);
        assert!(words.reason(&reason).contains(&words.term(state)), "{}", words.reason(&reason));
    }

    #[test]
    fn every_term_label_and_reason_has_words() {
        for lang in Lang::ALL {
            let words = Words::new(lang);
            let mut missing: Vec<String> = vocabulary().into_iter().map(term_key).collect();
            missing.extend(Label::ALL.iter().map(|label| format!("label-{}", label.as_str())));
            missing.extend(ReasonCode::ALL.iter().map(|code| reason_key(*code)));
            missing.retain(|key| words.known(key).is_none());
            assert!(missing.is_empty(), "{lang}: no words for {missing:#?}");
        }
        assert!(vocabulary().contains(&Kind::Case.term()));
    }
}
