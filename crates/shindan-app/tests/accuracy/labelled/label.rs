//! Labels: what a person says about a pair of component and vulnerability.
//!
//! Columns of `labels.csv`: `component`, `vulnerability` (`*`: the component as a whole), `truth`, `today`, `why`. `today` is
//! filled where the program does not answer the truth yet; it must be emptied once it does.

use std::collections::BTreeMap;
use std::fmt;
use std::path::Path;

/// An answer about a pair.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    /// A finding; as truth: the component has the weakness.
    Affected,
    /// No finding, or one that its maker's statement turned; as truth: it has not.
    NotAffected,
    /// *Undetermined*; as truth: what the sources say does not decide it.
    Undetermined,
}

impl Answer {
    fn parse(text: &str) -> Option<Answer> {
        match text {
            "affected" => Some(Answer::Affected),
            "not-affected" => Some(Answer::NotAffected),
            "undetermined" => Some(Answer::Undetermined),
            _ => None,
        }
    }
}

impl fmt::Display for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Answer::Affected => "affected",
            Answer::NotAffected => "not-affected",
            Answer::Undetermined => "undetermined",
        })
    }
}

/// One line.
#[derive(Debug, Clone)]
pub struct Label {
    /// What is so.
    pub truth: Answer,
    /// What the program is known to answer instead.
    pub today: Option<Answer>,
    /// Why the truth is what it is.
    pub why: String,
}

impl Label {
    /// What the program must answer at present.
    pub fn expected(&self) -> Answer {
        self.today.unwrap_or(self.truth)
    }

    /// The label in words, for a failure.
    pub fn describe(&self) -> String {
        match self.today {
            None => format!("labelled {} ({})", self.truth, self.why),
            Some(today) => format!("labelled {} with {today} as known fault ({})", self.truth, self.why),
        }
    }
}

/// Reads a file of labels by (component, vulnerability).
pub fn read(path: &Path) -> BTreeMap<(String, String), Label> {
    let text = std::fs::read_to_string(path).unwrap();
    let mut lines = text.lines();
    assert_eq!(lines.next(), Some("component,vulnerability,truth,today,why"), "{}", path.display());
    let mut labels = BTreeMap::new();
    for line in lines {
        // The reason is the rest of the line, so that it may hold commas.
        let fields: Vec<&str> = line.splitn(5, ',').collect();
        let [component, vulnerability, truth, today, why] = fields[..] else {
            panic!("{}: {line}: not five columns", path.display())
        };
        let truth =
            Answer::parse(truth).unwrap_or_else(|| panic!("{}: {line}: no such answer", path.display()));
        let known = (!today.is_empty()).then(|| Answer::parse(today).unwrap_or_else(|| panic!("{line}")));
        assert_ne!(known, Some(truth), "{}: {line}: a known fault that is none", path.display());
        let label = Label { truth, today: known, why: why.to_owned() };
        let twice = labels.insert((component.to_owned(), vulnerability.to_owned()), label);
        assert!(twice.is_none(), "{}: {line}: labelled twice", path.display());
    }
    labels
}
