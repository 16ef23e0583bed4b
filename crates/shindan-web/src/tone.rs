//! Colours with one meaning each; the word stands beside it always (UI.md, frame).

use shindan_report::paper::Tone;
use shindan_report::records::Status;

/// The colour of a state. States that are neither good nor bad have none.
pub(crate) fn of_status(status: &Status) -> Tone {
    match (status.set.as_str(), status.value.as_str()) {
        ("case-state", "closed" | "not-applicable") => Tone::Quiet,
        ("case-state", "detected" | "reopened") => Tone::Late,
        (_, "undetermined" | "unverified") => Tone::Undetermined,
        (_, "closed" | "ended" | "withdrawn" | "cancelled" | "inactive" | "superseded") => Tone::Quiet,
        (_, "rejected" | "failed" | "tampered" | "insufficient" | "missed") => Tone::Immediate,
        (_, "verified" | "genuine" | "confirmed") => Tone::Proven,
        _ => Tone::Plain,
    }
}

/// The colour of a priority: 0 is the most urgent.
pub(crate) fn of_priority(priority: u8) -> Tone {
    match priority {
        0 => Tone::Immediate,
        1 => Tone::Late,
        2 => Tone::Scheduled,
        _ => Tone::Quiet,
    }
}
