//! Whether a patch is genuine, on the terminal.

use shindan_domain::verification::{Channel, Check, CheckOutcome, Outcome, Strength, Verdict};

use super::Style;
use super::layout::{Meaning, clean, heading, line, paint};
use crate::dates::moment;
use crate::words::Words;

/// What came of verifying a file.
pub fn patch_verify(path: &str, verdict: &Verdict, words: &Words, style: &Style) -> String {
    let mut out = String::new();
    let path = clean(path);
    let size = verdict.size.to_string();
    line(&mut out, &words.get("patch-file", &[("path", (&*path).into()), ("size", (&*size).into())]));
    line(&mut out, &words.get("patch-sha256", &[("sha256", (&*verdict.sha256).into())]));
    let outcome = words.label("verify-outcome", verdict.outcome.as_str());
    let outcome = words.get("patch-outcome", &[("outcome", (&*outcome).into())]);
    line(&mut out, &paint(&outcome, meaning(verdict.outcome), style));
    line(&mut out, &words.label("verify-advice", verdict.outcome.as_str()));
    heading(&mut out, &words.t("patch-checks"));
    if verdict.checks.is_empty() {
        line(&mut out, &words.t("patch-no-checks"));
    }
    for (index, check) in verdict.checks.iter().enumerate() {
        put(&mut out, index + 1, check, words, style);
    }
    out
}

fn meaning(outcome: Outcome) -> Meaning {
    match outcome {
        Outcome::Genuine => Meaning::Scheduled,
        Outcome::Tampered | Outcome::KeyNotAcceptable => Meaning::Immediate,
        Outcome::NoMeans => Meaning::OutOfCycle,
        Outcome::Unreadable => Meaning::Undetermined,
    }
}

fn put(out: &mut String, number: usize, check: &Check, words: &Words, style: &Style) {
    let method = words.label("verify-method", check.method.as_str());
    let mut result = words.label("verify-result", check.outcome.as_str());
    if check.outcome == CheckOutcome::Passed && check.strength == Strength::Weak {
        let weak = words.label("verify-strength", check.strength.as_str());
        result = format!("{result}, {weak}");
    }
    let meaning = meaning(Outcome::of(std::slice::from_ref(check)));
    line(out, &format!("{number}. {method}: {}", paint(&result, meaning, style)));
    line(out, &format!("   {}", clean(&words.verification(check))));
    let signed_at = check.signed_at.map(|at| moment(at, words));
    let more = [
        ("patch-expected", check.expected.as_deref()),
        ("patch-computed", check.computed.as_deref()),
        ("patch-signer", check.signer.as_deref()),
        ("patch-signed-at", signed_at.as_deref()),
        ("patch-channel", check.channel.as_ref().map(Channel::as_str)),
    ];
    for (key, value) in more {
        if let Some(value) = value {
            line(out, &format!("   {}", words.get(key, &[("value", (&*clean(value)).into())])));
        }
    }
}
