//! Exit codes of the command line. Scripts depend on them.

use std::process::ExitCode;

/// How a command ended. In order of precedence: usage, knowledge, unreadable, failed-on, done. The outcomes of
/// `patch verify` (10 to 12) are never joined with others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Exit {
    /// 0: done. Findings alone never change it.
    Done,
    /// 1: the condition of `--fail-on` is met, or a line of `version-order` is wrong.
    FailOn,
    /// 10: the patch was tampered with.
    Tampered,
    /// 11: there is no means, or only weak ones, to prove the patch.
    NoMeans,
    /// 12: a signature of the patch was made with a key that does not count.
    KeyNotAcceptable,
    /// 3: some input could not be read. The readable part was printed.
    Unreadable,
    /// 4: the knowledge base is missing, damaged or older than `--max-age`, or does not know the identifier.
    Knowledge,
    /// 6: somebody else changed the record since it was seen. Nothing was written.
    Conflict,
    /// 5: the step is not permitted: a gate, a role, a token. Nothing was written; the refusal is logged.
    Refused,
    /// 2: the command line is wrong. (clap ends the process itself in most cases.)
    Usage,
}

impl Exit {
    /// The graver of two outcomes.
    #[must_use]
    pub fn and(self, other: Exit) -> Exit {
        self.max(other)
    }

    /// The number that the process ends with.
    pub fn code(self) -> u8 {
        match self {
            Exit::Done => 0,
            Exit::FailOn => 1,
            Exit::Usage => 2,
            Exit::Unreadable => 3,
            Exit::Knowledge => 4,
            Exit::Refused => 5,
            Exit::Conflict => 6,
            Exit::Tampered => 10,
            Exit::NoMeans => 11,
            Exit::KeyNotAcceptable => 12,
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> ExitCode {
        ExitCode::from(exit.code())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn precedence_is_2_4_3_1_0() {
        assert!(Exit::Usage > Exit::Knowledge);
        assert!(Exit::Knowledge > Exit::Unreadable);
        assert!(Exit::Unreadable > Exit::FailOn);
        assert_eq!(Exit::FailOn.and(Exit::Done), Exit::FailOn);
    }
}
