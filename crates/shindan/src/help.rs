//! Help and wrong usage in the user's language.
//!
//! clap knows the structure ([`crate::cli`]); the words come from `help.*.ftl` under keys made of it: `help-check` for a
//! verb, `help-check-paths` for its argument, `help-any-format` for an argument that several verbs share. A test asks
//! for every one. Words are only looked for when there is something to say: a good command line pays nothing.

use std::ffi::OsString;
use std::fmt;
use std::io::Write;
use std::process::ExitCode;

use clap::builder::Resettable;
use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Arg, ArgAction, Command, Parser};
use shindan_report::words::Value;
use shindan_report::{Lang, Words};

use crate::cli::Arguments;

/// Reads the command line of this process.
///
/// # Errors
/// The exit code if there is nothing to run: help or the version was asked for, or the usage is wrong. Everything has
/// been said by then.
pub fn arguments() -> Result<Arguments, ExitCode> {
    Arguments::try_parse().map_err(|error| {
        let given: Vec<OsString> = std::env::args_os().collect();
        explain(error, &given)
    })
}

/// Asks again with words in the user's language, and prints what clap answers.
fn explain(error: clap::Error, given: &[OsString]) -> ExitCode {
    if error.kind() == ErrorKind::DisplayVersion {
        // The same in either language: no word has to be looked for.
        drop(error.print());
        return ExitCode::SUCCESS;
    }
    let words = Words::new(language(given));
    let given = match error.kind() {
        ErrorKind::DisplayHelp => with_help_as_option(given),
        _ => given.to_vec(),
    };
    let error = localised(&words).try_get_matches_from(given).err().unwrap_or(error);
    let printed = match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => error.print(),
        _ => write!(std::io::stderr().lock(), "{}", wrong_usage(&error, &words)),
    };
    // Nobody listens on this stream; the exit code is all that can still be said.
    drop(printed);
    ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2))
}

/// `--lang` wherever it stands, else `SHINDAN_LANG`, else Japanese. The command line need not be right.
fn language(given: &[OsString]) -> Lang {
    let mut arguments = given.iter().filter_map(|a| a.to_str());
    let mut chosen = None;
    while let Some(argument) = arguments.next() {
        if argument == "--lang" {
            chosen = arguments.next().map(str::to_owned);
        } else if let Some(value) = argument.strip_prefix("--lang=") {
            chosen = Some(value.to_owned());
        }
    }
    let chosen = chosen.or_else(|| std::env::var("SHINDAN_LANG").ok());
    chosen.and_then(|c| c.parse().ok()).unwrap_or_default()
}

/// `shindan help check` and `shindan kb help build` as `shindan check --help` and `shindan kb build --help`.
fn with_help_as_option(given: &[OsString]) -> Vec<OsString> {
    let mut asked = given.to_vec();
    let asks = given.iter().any(|argument| argument == "--help" || argument == "-h");
    if let Some(place) = given.iter().position(|argument| argument == "help").filter(|_| !asks) {
        asked.remove(place);
        asked.push("--help".into());
    }
    asked
}

/// The command line of [`crate::cli`] with every text in the language of `words`.
fn localised(words: &Words) -> Command {
    let text = |key: &str| words.t(&format!("help-any-{key}"));
    let heading = words.t("help-heading-options");
    let option = |id: &'static str, short: char, action: ArgAction| {
        Arg::new(id).short(short).long(id).action(action).help(text(id)).help_heading(heading.clone())
    };
    // All verbs with all arguments: what is parsed builds only the verb that is called.
    with_words(Arguments::whole(), "", words)
        .disable_help_flag(true)
        .disable_version_flag(true)
        .disable_help_subcommand(true)
        .arg(option("help", 'h', ArgAction::HelpShort).global(true))
        .arg(option("version", 'V', ArgAction::Version))
        .after_help(words.t("help-after"))
}

fn with_words(command: Command, path: &str, words: &Words) -> Command {
    let about = if path.is_empty() { "help-about".to_owned() } else { format!("help-{path}") };
    let template = format!(
        "{{about-with-newline}}\n{} {{usage}}\n\n{{all-args}}{{after-help}}",
        words.t("help-heading-usage")
    );
    command
        .about(words.t(&about))
        .long_about(Resettable::Reset)
        .help_template(template)
        .subcommand_help_heading(words.t("help-heading-commands"))
        .disable_help_subcommand(true)
        .mut_args(|argument| {
            let heading =
                if argument.is_positional() { "help-heading-arguments" } else { "help-heading-options" };
            let help = argument_help(&argument, path, words);
            let named = argument.help(help).long_help(Resettable::Reset).help_heading(words.t(heading));
            if named.get_action().takes_values() {
                named.hide_possible_values(true).hide_default_value(true).hide_env(true)
            } else {
                named
            }
        })
        .mut_subcommands(|subcommand| {
            let inner = match path {
                "" => subcommand.get_name().to_owned(),
                _ => format!("{path}-{}", subcommand.get_name()),
            };
            with_words(subcommand, &inner, words)
        })
}

/// What an argument is for, with its values, its default and its environment variable.
fn argument_help(argument: &Arg, path: &str, words: &Words) -> String {
    let id = argument.get_id().as_str().replace('_', "-");
    let own = words.known(&format!("help-{path}-{id}"));
    let mut help = own.unwrap_or_else(|| words.t(&format!("help-any-{id}")));
    let mut add = |key: &str, value: String| {
        if !value.is_empty() {
            help.push_str(if words.lang() == Lang::En { " " } else { "" });
            help.push_str(&words.get(key, &[("value", Value::Text(&value))]));
        }
    };
    if argument.get_action().takes_values() {
        let values = argument.get_possible_values();
        add("help-values", values.iter().map(|v| v.get_name()).collect::<Vec<_>>().join(", "));
        let defaults = argument.get_default_values().iter().map(|v| v.to_string_lossy());
        add("help-default", defaults.collect::<Vec<_>>().join(", "));
    }
    if let Some(variable) = argument.get_env() {
        add("help-env", variable.to_string_lossy().into_owned());
    }
    help
}

/// A value of the command line that does not mean anything, and what would: a key of the words.
#[derive(Debug)]
pub struct WrongValue {
    /// `usage-expected-…`
    pub expected: &'static str,
    /// The value that the text calls `known`; empty if it uses none.
    pub known: String,
}

impl WrongValue {
    /// What would have been understood.
    fn text(&self, words: &Words) -> String {
        words.get(self.expected, &[("known", Value::Text(&self.known))])
    }
}

impl fmt::Display for WrongValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text(&Words::new(Lang::En)))
    }
}

impl std::error::Error for WrongValue {}

/// What is wrong, what was meant perhaps, how it is used, and where to read more.
fn wrong_usage(error: &clap::Error, words: &Words) -> String {
    let context = |kind: ContextKind| error.get(kind).map(plain).unwrap_or_default();
    let argument = context(ContextKind::InvalidArg);
    let value = context(ContextKind::InvalidValue);
    let subcommand = context(ContextKind::InvalidSubcommand);
    let values = [
        ("argument", Value::Text(&argument)),
        ("value", Value::Text(&value)),
        ("command", Value::Text(&subcommand)),
    ];
    let what = match error.kind() {
        ErrorKind::MissingRequiredArgument => words.get("usage-missing", &values),
        ErrorKind::UnknownArgument => words.get("usage-unknown-argument", &values),
        ErrorKind::InvalidSubcommand => words.get("usage-unknown-command", &values),
        ErrorKind::MissingSubcommand => words.t("usage-missing-command"),
        ErrorKind::InvalidValue | ErrorKind::NoEquals if value.is_empty() => {
            words.get("usage-missing-value", &values)
        }
        ErrorKind::InvalidValue | ErrorKind::ValueValidation => words.get("usage-wrong-value", &values),
        ErrorKind::ArgumentConflict => words.get("usage-conflict", &values),
        _ => words.t("usage-other"),
    };
    let mut text = format!("{}: {what}\n", words.t("cli-error"));
    let mut line = |content: String| {
        text.push_str(&content);
        text.push('\n');
    };
    match std::error::Error::source(error) {
        Some(source) => line(match source.downcast_ref::<WrongValue>() {
            Some(wrong) => wrong.text(words),
            None => source.to_string(),
        }),
        None => {
            for valid in [ContextKind::ValidValue, ContextKind::ValidSubcommand].map(context) {
                if !valid.is_empty() {
                    line(words.get("help-values", &[("value", Value::Text(&valid))]));
                }
            }
        }
    }
    let suggestions =
        [ContextKind::SuggestedArg, ContextKind::SuggestedValue, ContextKind::SuggestedSubcommand];
    for suggested in suggestions.map(context).iter().filter(|s| !s.is_empty()) {
        line(words.get("usage-perhaps", &[("value", Value::Text(suggested))]));
    }
    let usage = context(ContextKind::Usage);
    let usage = usage.trim_start_matches("Usage:").trim();
    if !usage.is_empty() {
        line(format!("{} {usage}", words.t("help-heading-usage")));
    }
    line(words.t("usage-more"));
    text
}

fn plain(value: &ContextValue) -> String {
    match value {
        ContextValue::String(text) => text.clone(),
        ContextValue::Strings(texts) => texts.join(", "),
        ContextValue::StyledStr(text) => text.to_string(),
        ContextValue::StyledStrs(texts) => {
            texts.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
        }
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use shindan_report::words::all_typed;

    use super::*;

    fn each(command: &Command, path: &str, see: &mut dyn FnMut(&Command, &str)) {
        see(command, path);
        for subcommand in command.get_subcommands() {
            each(subcommand, &format!("{path} {}", subcommand.get_name()), see);
        }
    }

    #[test]
    fn everything_has_words_in_both_languages() {
        for lang in Lang::ALL {
            let command = localised(&Words::new(lang));
            command.clone().debug_assert();
            let mut seen = 0;
            each(&command, "", &mut |command, path| {
                let about = command.get_about().expect("a text").to_string();
                assert!(!about.contains("[help-"), "{lang}:{path}: {about}");
                for argument in command.get_arguments() {
                    let help = argument.get_help().expect("a text").to_string();
                    assert!(!help.contains("[help-") && !help.contains("{$"), "{lang}:{path}: {help}");
                    assert_eq!(help.is_ascii(), lang == Lang::En, "{lang}:{path}: {help}");
                    seen += 1;
                }
            });
            assert!(seen > 30, "{seen} arguments");
        }
    }

    /// Reasons say what to type next: there is such a verb, and such an option.
    #[test]
    fn what_texts_name_can_be_typed() {
        let (mut known, mut options) = (std::collections::BTreeSet::new(), std::collections::BTreeSet::new());
        each(&localised(&Words::new(Lang::En)), "", &mut |command, path| {
            known.insert(path.trim_start().to_owned());
            for option in command.get_arguments().filter_map(clap::Arg::get_long) {
                known.insert(format!("{} --{option}", path.trim_start()));
                options.insert(format!("--{option}"));
            }
        });
        let there_is = |typed: &&str| match typed.strip_prefix("--").and_then(|rest| rest.split(' ').next()) {
            Some(option) => options.contains(&format!("--{option}")),
            None => known.contains(*typed),
        };
        let unknown: Vec<&str> = all_typed().filter(|typed| !there_is(typed)).collect();
        assert!(unknown.is_empty(), "{unknown:?}");
        assert!(all_typed().count() > 50);
    }

    fn said(line: &str, lang: Lang) -> String {
        let given = line.split(' ').map(OsString::from).collect::<Vec<_>>();
        let words = Words::new(lang);
        let error =
            localised(&words).try_get_matches_from(with_help_as_option(&given)).expect_err("no answer");
        match error.kind() {
            ErrorKind::DisplayHelp => error.to_string(),
            _ => wrong_usage(&error, &words),
        }
    }

    #[test]
    fn help_is_in_one_language() {
        let japanese = said("shindan help check", Lang::Ja);
        assert!(japanese.contains("使い方: shindan check"), "{japanese}");
        for english in ["Usage", "Options", "Arguments", "default:", "possible values"] {
            assert!(!japanese.contains(english), "{english}: {japanese}");
        }
        assert!(said("shindan --help", Lang::En).is_ascii());
        assert!(said("shindan --lang en kb help build", Lang::En).contains("Usage: shindan kb build"));
    }

    #[test]
    fn wrong_usage_says_what_and_what_instead() {
        for (line, japanese, english) in [
            ("shindan check", "--data-dir <DIR>", "--data-dir <DIR>"),
            ("shindan chekc", "もしかして: check", "Did you mean: check"),
            ("shindan kb --color never", "build, status", "build, status"),
            ("shindan check x --data-dri y", "もしかして: --data-dir", "Did you mean: --data-dir"),
            ("shindan check x --data-dir y --now yesterday", "2026-11-22", "2026-11-22"),
            ("shindan check x --data-dir y --max-age old", "日数", "days"),
            ("shindan check x --data-dir y --fail-on bad", "out-of-cycle", "out-of-cycle"),
            ("shindan version-order foo", "pypi", "pypi"),
            ("shindan check x --data-dir y --format pdf", "html", "html"),
            ("shindan check x --data-dir", "値がありません", "needs a value"),
        ] {
            for (lang, expected) in [(Lang::Ja, japanese), (Lang::En, english)] {
                let said = said(line, lang);
                assert!(said.contains(expected), "{line}: {said}");
                assert!(!said.contains("[usage-") && !said.contains("{$"), "{line}: {said}");
            }
        }
    }

    #[test]
    fn the_language_is_found_in_a_wrong_command_line() {
        let given = |line: &str| line.split(' ').map(OsString::from).collect::<Vec<_>>();
        assert_eq!(language(&given("shindan --lang en nonsense")), Lang::En);
        assert_eq!(language(&given("shindan check --lang=en")), Lang::En);
        assert_eq!(language(&given("shindan check --lang=en --lang ja")), Lang::Ja);
    }
}
