//! Words of records: terms, labels, reasons.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use fluent_bundle::FluentArgs;
use shindan_domain::ledger::Kind;
use shindan_domain::process::{Label, Reason, ReasonCode};
use shindan_domain::term::Term;
use shindan_domain::vocabulary::vocabulary;

use super::{Part, Reader, Words, filled, ways};

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

    /// Every event that has words, by its kind of record: `case.opened`.
    pub fn events(&self) -> Vec<(Kind, String)> {
        let lines = self.lang.sources(Part::Records).iter().flat_map(|source| source.lines());
        let keys = lines.filter_map(|line| line.strip_prefix("event-")?.split_once(" = "));
        keys.filter_map(|(key, _)| {
            // `assessment-plan-ended` is of a plan: the longest name of a kind counts.
            let of = |kind: &&Kind| key.strip_prefix(kind.as_str()).is_some_and(|rest| rest.starts_with('-'));
            let kind = Kind::ALL.iter().filter(of).max_by_key(|kind| kind.as_str().len())?;
            let what = key.get(kind.as_str().len() + 1..)?;
            Some((*kind, format!("{kind}.{what}")))
        })
        .collect()
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
            // A number, so that one is told otherwise than many.
            match value.parse::<u32>() {
                Ok(count) if name == "count" => arguments.set(name.as_str(), f64::from(count)),
                _ => arguments.set(name.as_str(), self.particular(name, value, reason.params.get("set"))),
            }
        }
        for (name, keys) in KEYED {
            // Refusals of earlier versions name the key only, and verbs take it.
            let by_key = self.reader == Reader::CommandLine || !reason.params.contains_key(*name);
            if let Some(key) = keys.iter().find_map(|key| reason.params.get(*key)).filter(|_| by_key) {
                arguments.set(*name, key.as_str());
            }
        }
        let mut errors = Vec::new();
        let text = bundle.format_pattern(pattern, Some(&arguments), &mut errors).into_owned();
        if errors.is_empty() {
            return text;
        }
        filled(&text, |name| ways::text(name, self).or_else(|| Some(self.t("unknown"))))
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
            "topics" => {
                let topic = |value: &str| self.label("term-duty-topic", value);
                value.split(", ").map(topic).collect::<Vec<_>>().join(self.separator())
            }
            "field" => self.known(&format!("label-{value}")).unwrap_or_else(|| value.to_owned()),
            "state" | "step" | "action" | "role" | "roles" | "kind" | "first" | "second" | "result"
            | "outcome" | "treatment" | "means" | "topic" | "applicability" | "subject" | "priority"
            | "expected" | "found" | "from" => {
                value.split(", ").map(|one| self.bare_term(one)).collect::<Vec<_>>().join(self.separator())
            }
            "asset" | "place" | "value" if self.reader == Reader::Pages => {
                crate::dates::written(asset_number(value), self).into_owned()
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

/// Particulars that say in a person's words what others name by a key of the record.
const KEYED: &[(&str, &[&str])] = &[("what", &["duty", "item", "question"]), ("topics", &["duties"])];

/// What people call an asset: the key of the register is `id:` and its number in lower case. Verbs take the key.
fn asset_number(key: &str) -> &str {
    key.strip_prefix("id:")
        .filter(|number| !number.is_empty() && !number.contains(char::is_whitespace))
        .unwrap_or(key)
}

pub(super) fn term_key(term: Term) -> String {
    // Keys of words hold no dots.
    format!("term-{}-{}", term.set, term.value.replace('.', "-"))
}

pub(super) fn reason_key(code: ReasonCode) -> String {
    format!("reason-{}", code.as_str())
}

#[cfg(test)]
mod tests {
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
    fn one_is_told_otherwise_than_many() {
        let told = |lang, code, count: &str| {
            let reason = Reason::new(code).with("count", count).with("last", "2026-11-01");
            Words::new(lang).reason(&reason)
        };
        let english = |count| told(Lang::En, ReasonCode::ControlInterfacesFailed, count);
        assert_eq!(english("1"), "An interface accepted altered data");
        assert_eq!(english("1200"), "1,200 interfaces accepted altered data");
        for code in ReasonCode::ALL.iter().filter(|code| code.as_str().starts_with("control-")) {
            // "1 cases"; a number at the end of "Cases without an owner: 1" needs nothing.
            let one = told(Lang::En, *code, "1");
            let read: Vec<&str> = one.split(' ').collect();
            let of_many =
                |pair: &[&str]| matches!(pair, ["1", noun] if noun.starts_with(char::is_alphabetic));
            assert!(!read.windows(2).any(of_many), "{}: {one}", code.as_str());
            assert!(!told(Lang::Ja, *code, "1").contains('{'), "{}", code.as_str());
        }
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
    fn reasons_name_assets_and_duties_as_people_do() {
        for lang in Lang::ALL {
            let words = Words::new(lang);
            let place = Reason::new(ReasonCode::StillMatched).with("place", "id:sv-02");
            assert!(words.reason(&place).contains("sv-02") && !words.reason(&place).contains("id:"));
            let duty = Reason::new(ReasonCode::AccountableMissing).with("duty", "d-07");
            assert!(words.reason(&duty).contains("d-07"), "an earlier version: {}", words.reason(&duty));
            let told = words.reason(&duty.with("what", "更新の適用"));
            assert!(told.contains("更新の適用") && !told.contains("d-07"), "{told}");
        }
    }

    #[test]
    fn events_are_named_with_their_kind_of_record() {
        for lang in Lang::ALL {
            let words = Words::new(lang);
            let events = words.events();
            assert!(events.len() > 150, "{}", events.len());
            for (_, event) in &events {
                assert_ne!(words.event(event), *event, "{lang}");
            }
            for (kind, event) in [
                (Kind::Case, "case.opened"),
                (Kind::Assessment, "assessment.planned"),
                (Kind::AssessmentPlan, "assessment-plan.laid-down"),
                (Kind::SourceCheck, "source-check.carried-out"),
            ] {
                assert!(events.contains(&(kind, event.to_owned())), "{lang}: {event}");
            }
        }
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
