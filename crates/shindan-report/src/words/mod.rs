//! Words in Japanese and English, from Fluent files that are part of the program.
//!
//! Nothing is parsed until the first word is asked for: JSON output needs none of this but [`code_text`], which
//! reads one line per code. Missing words never fail a report: the key is shown, and the tests of this module make
//! sure that it does not happen.

mod codes;
mod records;
#[cfg(test)]
mod tests;
mod ways;

use std::fmt;
use std::str::FromStr;
use std::sync::OnceLock;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::types::FluentNumber;
use fluent_bundle::{FluentArgs, FluentMessage, FluentResource, FluentValue};
use shindan_domain::crosswalk::EvidenceItem;
use shindan_domain::diagnostic::{Code, Params, Severity};
use shindan_domain::explanation::Applied;
use shindan_domain::verification::Check;

use codes::Key;
pub use codes::{EnglishText, code_text, evidence_text, rule_text, verification_text};
pub use ways::all_typed;

/// A language of the user interface.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Lang {
    /// 日本語
    #[default]
    Ja,
    /// English
    En,
}

impl Lang {
    /// Both.
    pub const ALL: [Lang; 2] = [Lang::Ja, Lang::En];

    /// The BCP 47 tag: `ja`, `en`.
    pub fn as_str(self) -> &'static str {
        match self {
            Lang::Ja => "ja",
            Lang::En => "en",
        }
    }

    fn sources(self, part: Part) -> &'static [&'static str] {
        match (self, part) {
            (Lang::Ja, Part::Answers) => &[
                include_str!("../../words/cli.ja.ftl"),
                include_str!("../../words/codes.ja.ftl"),
                include_str!("../../words/help.ja.ftl"),
                include_str!("../../words/labels.ja.ftl"),
                include_str!("../../words/report.ja.ftl"),
            ],
            (Lang::En, Part::Answers) => &[
                include_str!("../../words/cli.en.ftl"),
                include_str!("../../words/codes.en.ftl"),
                include_str!("../../words/help.en.ftl"),
                include_str!("../../words/labels.en.ftl"),
                include_str!("../../words/report.en.ftl"),
            ],
            (Lang::Ja, Part::Records) => &[
                include_str!("../../words/cases.ja.ftl"),
                include_str!("../../words/changes.ja.ftl"),
                include_str!("../../words/core.ja.ftl"),
                include_str!("../../words/patch.ja.ftl"),
                include_str!("../../words/records.ja.ftl"),
                include_str!("../../words/devices.ja.ftl"),
                include_str!("../../words/sightings.ja.ftl"),
                include_str!("../../words/agreements.ja.ftl"),
                include_str!("../../words/exchange.ja.ftl"),
                include_str!("../../words/interfaces.ja.ftl"),
                include_str!("../../words/collect.ja.ftl"),
                include_str!("../../words/notify.ja.ftl"),
                include_str!("../../words/scans.ja.ftl"),
                include_str!("../../words/assessments.ja.ftl"),
                include_str!("../../words/assessment-reports.ja.ftl"),
                include_str!("../../words/verbs.ja.ftl"),
                include_str!("../../words/verbs-cases.ja.ftl"),
                include_str!("../../words/verbs-changes.ja.ftl"),
                include_str!("../../words/verbs-assess.ja.ftl"),
                include_str!("../../words/verbs-collect.ja.ftl"),
                include_str!("../../words/server.ja.ftl"),
                include_str!("../../words/accounts.ja.ftl"),
                include_str!("../../words/figures.ja.ftl"),
                include_str!("../../words/papers.ja.ftl"),
                include_str!("../../words/web.ja.ftl"),
                include_str!("../../words/web-forms.ja.ftl"),
                include_str!("../../words/web-pages.ja.ftl"),
                include_str!("../../words/web-lists.ja.ftl"),
            ],
            (Lang::En, Part::Records) => &[
                include_str!("../../words/cases.en.ftl"),
                include_str!("../../words/changes.en.ftl"),
                include_str!("../../words/core.en.ftl"),
                include_str!("../../words/patch.en.ftl"),
                include_str!("../../words/records.en.ftl"),
                include_str!("../../words/devices.en.ftl"),
                include_str!("../../words/sightings.en.ftl"),
                include_str!("../../words/agreements.en.ftl"),
                include_str!("../../words/exchange.en.ftl"),
                include_str!("../../words/interfaces.en.ftl"),
                include_str!("../../words/collect.en.ftl"),
                include_str!("../../words/notify.en.ftl"),
                include_str!("../../words/scans.en.ftl"),
                include_str!("../../words/assessments.en.ftl"),
                include_str!("../../words/assessment-reports.en.ftl"),
                include_str!("../../words/verbs.en.ftl"),
                include_str!("../../words/verbs-cases.en.ftl"),
                include_str!("../../words/verbs-changes.en.ftl"),
                include_str!("../../words/verbs-assess.en.ftl"),
                include_str!("../../words/verbs-collect.en.ftl"),
                include_str!("../../words/server.en.ftl"),
                include_str!("../../words/accounts.en.ftl"),
                include_str!("../../words/figures.en.ftl"),
                include_str!("../../words/papers.en.ftl"),
                include_str!("../../words/web.en.ftl"),
                include_str!("../../words/web-forms.en.ftl"),
                include_str!("../../words/web-pages.en.ftl"),
                include_str!("../../words/web-lists.en.ftl"),
            ],
        }
    }
}

/// Parts of the words; the second is only parsed when a word is not in the first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    /// What `check`, `kb`, `inventory` and messages need.
    Answers,
    /// Records: terms, reasons, labels and help of the verbs that keep records.
    Records,
}

impl fmt::Display for Lang {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// No such language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownLang(pub String);

impl fmt::Display for UnknownLang {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "unknown language \"{}\"; one of ja, en", self.0)
    }
}

impl std::error::Error for UnknownLang {}

impl FromStr for Lang {
    type Err = UnknownLang;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "ja" => Ok(Lang::Ja),
            "en" => Ok(Lang::En),
            _ => Err(UnknownLang(text.to_owned())),
        }
    }
}

/// The parameter of a code that is a verb of the command line.
const VERB: &str = "verb";

type Bundle = FluentBundle<FluentResource>;

static BUNDLES: [[OnceLock<Bundle>; 2]; 2] = [const { [const { OnceLock::new() }; 2] }; 2];

/// How days are written for readers of Japanese; English has one way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Calendar {
    /// As programs and spreadsheets write them: `2026-11-27`. Papers have the era beside it where there is room.
    #[default]
    Digits,
    /// 西暦: `2026年11月27日`.
    Western,
    /// 和暦: `令和8年11月27日`.
    Era,
}

/// Where a text is read: it names steps as they are taken there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Reader {
    /// In a browser, on paper, in a mail: forms and pages.
    #[default]
    Pages,
    /// At the command line: verbs and options.
    CommandLine,
}

/// The words of one language. Costs nothing until the first word is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Words {
    lang: Lang,
    calendar: Calendar,
    /// Times are those of Japan in English, too.
    japan_time: bool,
    reader: Reader,
}

/// A value inside a text: a count, which also chooses singular or plural, or a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Value<'a> {
    /// A count; written with thousands separators.
    Count(u64),
    /// A text, taken as it is.
    Text(&'a str),
}

impl From<usize> for Value<'_> {
    fn from(count: usize) -> Self {
        Value::Count(u64::try_from(count).unwrap_or(u64::MAX))
    }
}

impl From<u64> for Value<'_> {
    fn from(count: u64) -> Self {
        Value::Count(count)
    }
}

impl<'a> From<&'a str> for Value<'a> {
    fn from(text: &'a str) -> Self {
        Value::Text(text)
    }
}

impl<'a> From<&'a String> for Value<'a> {
    fn from(text: &'a String) -> Self {
        Value::Text(text)
    }
}

impl Words {
    /// The words of `lang`.
    pub fn new(lang: Lang) -> Self {
        Words { lang, calendar: Calendar::Digits, japan_time: false, reader: Reader::Pages }
    }

    /// The same words, with days as this reader wants them.
    #[must_use]
    pub fn dated(self, calendar: Calendar) -> Self {
        Words { calendar, ..self }
    }

    /// The same words, with times in Japan's zone whatever the language: as pages have them, where people type times of Japan.
    #[must_use]
    pub fn in_japan_time(self) -> Self {
        Words { japan_time: true, ..self }
    }

    /// Whether times are written as those of Japan; otherwise they are UTC.
    pub fn is_japan_time(&self) -> bool {
        self.japan_time || self.lang == Lang::Ja
    }

    /// The same words for a reader at the command line: texts name verbs and options instead of forms and fields.
    #[must_use]
    pub fn for_command_line(self) -> Self {
        Words { reader: Reader::CommandLine, ..self }
    }

    /// How days are written; in English as digits, whatever was wanted.
    pub fn calendar(&self) -> Calendar {
        match self.lang {
            Lang::Ja => self.calendar,
            Lang::En => Calendar::Digits,
        }
    }

    /// Which language.
    pub fn lang(&self) -> Lang {
        self.lang
    }

    /// The text for `key` with its values; the key itself in brackets if there is no such text.
    pub fn get(&self, key: &str, values: &[(&str, Value<'_>)]) -> String {
        let mut arguments = FluentArgs::with_capacity(values.len());
        for (name, value) in values {
            match value {
                Value::Text(text) => arguments.set(*name, crate::dates::written(text, self)),
                // Counts above 2^53 do not occur; up to there f64 is exact.
                Value::Count(count) => {
                    arguments.set(*name, FluentNumber::new(*count as f64, Default::default()))
                }
            }
        }
        self.find(key, Some(&arguments)).unwrap_or_else(|| format!("[{key}]"))
    }

    /// The text for `key`, which takes no values.
    pub fn t(&self, key: &str) -> String {
        self.find(key, None).unwrap_or_else(|| format!("[{key}]"))
    }

    /// The text for `key`, if there is one.
    pub fn known(&self, key: &str) -> Option<String> {
        self.find(key, None)
    }

    /// The label of one value of an enumeration (`priority`, `method`, …); the value itself if it has none, because
    /// values from user packs are not known here.
    pub fn label(&self, family: &str, value: &str) -> String {
        self.find(&format!("{family}-{value}"), None).unwrap_or_else(|| value.to_owned())
    }

    /// What is wrong and what to do next. Parameters that are absent read "unknown".
    pub fn code(&self, code: Code, params: &Params) -> String {
        self.keyed(Key::Code(code), params)
    }

    /// What a check run shows or leaves open.
    pub fn evidence(&self, item: &EvidenceItem) -> String {
        self.keyed(Key::Evidence(item.code), &item.params)
    }

    /// A rule that was applied, with its particulars.
    pub fn rule(&self, applied: &Applied) -> String {
        self.keyed(Key::Rule(applied.rule), &applied.params)
    }

    /// Why a check of a patch came to what it came to.
    pub fn verification(&self, check: &Check) -> String {
        self.keyed(Key::Verification(check.code), &check.params)
    }

    fn keyed(&self, key: Key, params: &Params) -> String {
        let Some((bundle, message)) = self.message(&key.to_string()) else {
            return codes::bare(key, params);
        };
        let Some(pattern) = message.value() else { return codes::bare(key, params) };
        let unknown = self.t("unknown");
        let mut arguments = FluentArgs::with_capacity(params.len());
        for name in codes::placeholders(key) {
            if let Some(way) = ways::text(name, self) {
                arguments.set(name, way);
                continue;
            }
            let value = params.get(name).filter(|v| !v.is_empty()).unwrap_or(&unknown);
            match name {
                VERB if value != &unknown => arguments.set(name, ways::of_verb(value, self)),
                _ => arguments.set(name, crate::dates::written(value, self)),
            }
        }
        let mut errors = Vec::new();
        bundle.format_pattern(pattern, Some(&arguments), &mut errors).into_owned()
    }

    fn find(&self, key: &str, arguments: Option<&FluentArgs<'_>>) -> Option<String> {
        let (bundle, message) = self.message(key)?;
        let pattern = message.value()?;
        // Errors here are missing values, which appear as `{$name}` in the text: steps that it names. A test renders every text.
        let mut errors = Vec::new();
        let text = bundle.format_pattern(pattern, arguments, &mut errors).into_owned();
        Some(if errors.is_empty() { text } else { filled(&text, |name| ways::text(name, self)) })
    }

    fn message(&self, key: &str) -> Option<(&'static Bundle, FluentMessage<'static>)> {
        let in_part = |part| {
            let bundle = self.bundle(part);
            bundle.get_message(key).map(|message| (bundle, message))
        };
        in_part(Part::Answers).or_else(|| in_part(Part::Records))
    }

    fn bundle(&self, part: Part) -> &'static Bundle {
        let [japanese, english] = &BUNDLES;
        let of_language = match self.lang {
            Lang::Ja => japanese,
            Lang::En => english,
        };
        let [answers, records] = of_language;
        let cell = match part {
            Part::Answers => answers,
            Part::Records => records,
        };
        cell.get_or_init(|| build(self.lang, part))
    }
}

/// A text in which Fluent left `{$name}` where a value is missing, with what is known of them.
fn filled(text: &str, value: impl Fn(&str) -> Option<String>) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("{$") {
        let Some((name, after)) = after.split_once('}') else { break };
        out.push_str(before);
        match value(name) {
            Some(value) => out.push_str(&value),
            None => out.push_str(&format!("{{${name}}}")),
        }
        rest = after;
    }
    out.push_str(rest);
    out
}

fn build(lang: Lang, part: Part) -> Bundle {
    let tag = match lang {
        Lang::Ja => unic_langid::LanguageIdentifier::from_bytes(b"ja"),
        Lang::En => unic_langid::LanguageIdentifier::from_bytes(b"en"),
    };
    let mut bundle = FluentBundle::new_concurrent(vec![tag.unwrap_or_default()]);
    // Terminals and CSV readers show the isolation marks as boxes.
    bundle.set_use_isolating(false);
    bundle.set_formatter(Some(with_separators));
    for source in lang.sources(part) {
        // A file with an error keeps its readable part; the tests refuse such a file.
        let resource = match FluentResource::try_new((*source).to_owned()) {
            Ok(resource) | Err((resource, _)) => resource,
        };
        bundle.add_resource_overriding(resource);
    }
    bundle
}

fn with_separators<M>(value: &FluentValue<'_>, _: &M) -> Option<String> {
    match value {
        FluentValue::Number(number) if number.value >= 0.0 => Some(grouped(number.value as u64)),
        _ => None,
    }
}

/// `12345` as `12,345`.
pub fn grouped(count: u64) -> String {
    let digits = count.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (position, digit) in digits.chars().enumerate() {
        if position > 0 && (digits.len() - position).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// The stable text form of a severity, as in JSON output and in the keys of its words.
pub fn severity_key(severity: Severity) -> &'static str {
    match severity {
        Severity::Note => "note",
        Severity::Warning => "warning",
        Severity::Error => "error",
    }
}
