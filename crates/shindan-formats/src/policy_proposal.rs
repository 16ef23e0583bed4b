//! Proposals of policies (TOML, `shindan.policy-proposal/1`): due dates, a decision table, or intervals of confirmation.
//!
//! ```toml
//! schema = "shindan.policy-proposal/1"
//! title = "対応期限"
//!
//! [due-dates]
//! verify-after-change = 3
//! chase-inquiry = 7
//! review = 180
//! decide = { immediate = 1, out-of-cycle = 7, scheduled = 30 }
//! done = { immediate = 3, out-of-cycle = 30, scheduled = 90 }
//! ```
//!
//! or `[confirmation-interval]` with `confirm`, `review` and `judge` in days, or `[decision-table]` with the files `rules` and
//! `table` (those that come with the program if left out) and `surge-epss`.

use serde::Deserialize;
use shindan_domain::policy::{ConfirmationInterval, DueDates, SecondFactor};

/// The `schema` line.
pub const SCHEMA: &str = "shindan.policy-proposal/1";

/// A proposal as it stands in its file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proposal {
    /// What people call the policy.
    pub title: String,
    /// What it says.
    pub says: Says,
}

/// What a proposal says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Says {
    /// 期限
    DueDates(DueDates),
    /// 優先度の決定表: files beside the proposal.
    DecisionTable(Tables),
    /// 定期確認の間隔
    ConfirmationInterval(ConfirmationInterval),
    /// 二要素認証
    SecondFactor(SecondFactor),
}

/// The files of a decision table.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Tables {
    /// The rules; `None`: those that come with the program.
    #[serde(default)]
    pub rules: Option<String>,
    /// The table; `None`: the one that comes with the program.
    #[serde(default)]
    pub table: Option<String>,
    /// From this EPSS probability on a rise is a surge.
    #[serde(default)]
    pub surge_epss: Option<String>,
}

/// A file is no proposal of a policy.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ProposalError {
    /// Not in UTF-8.
    #[error("the file is not in UTF-8")]
    Encoding,
    /// No TOML, or not of this form.
    #[error("{0}")]
    Form(String),
    /// Another schema.
    #[error("schema = \"{SCHEMA}\" is expected, and not \"{0}\"")]
    Schema(String),
    /// None or several contents.
    #[error(
        "exactly one of [due-dates], [decision-table], [confirmation-interval], [second-factor] is expected; there are {0}"
    )]
    Contents(usize),
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
struct File {
    schema: String,
    title: String,
    #[serde(default)]
    due_dates: Option<DueDates>,
    #[serde(default)]
    decision_table: Option<Tables>,
    #[serde(default)]
    confirmation_interval: Option<ConfirmationInterval>,
    #[serde(default)]
    second_factor: Option<SecondFactor>,
}

/// Reads a proposal.
///
/// # Errors
/// [`ProposalError`] with the place and what is expected there.
pub fn read(bytes: &[u8]) -> Result<Proposal, ProposalError> {
    // Editors on Windows write a byte order mark.
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let text = std::str::from_utf8(bytes).map_err(|_| ProposalError::Encoding)?;
    let file: File = toml::from_str(text).map_err(|error| ProposalError::Form(error.to_string()))?;
    if file.schema != SCHEMA {
        return Err(ProposalError::Schema(file.schema));
    }
    let mut says: Vec<Says> = Vec::new();
    says.extend(file.due_dates.map(Says::DueDates));
    says.extend(file.decision_table.map(Says::DecisionTable));
    says.extend(file.confirmation_interval.map(Says::ConfirmationInterval));
    says.extend(file.second_factor.map(Says::SecondFactor));
    match <[Says; 1]>::try_from(says) {
        Ok([says]) => Ok(Proposal { title: file.title, says }),
        Err(says) => Err(ProposalError::Contents(says.len())),
    }
}

#[cfg(test)]
mod tests {
    use shindan_domain::people::Role;

    use super::*;

    #[test]
    fn each_content_is_read_and_what_is_wrong_is_named() {
        let head = "schema = \"shindan.policy-proposal/1\"\ntitle = \"期限\"\n";
        let read = |rest: &str| super::read(format!("{head}{rest}").as_bytes());
        let interval = read("[confirmation-interval]\nconfirm = 90\nreview = 365\njudge = 7\n").unwrap();
        let days = ConfirmationInterval { confirm: 90, review: 365, judge: 7 };
        assert_eq!(interval.says, Says::ConfirmationInterval(days));
        assert_eq!(interval.title, "期限");
        let tables = Tables { rules: None, table: None, surge_epss: Some("0.5".to_owned()) };
        assert_eq!(
            read("[decision-table]\nsurge-epss = \"0.5\"\n").unwrap().says,
            Says::DecisionTable(tables)
        );
        let asked = read("[second-factor]\nroles = [\"admin\"]\n").unwrap();
        assert_eq!(asked.says, Says::SecondFactor(SecondFactor { roles: [Role::Admin].into() }));
        assert!(read("[second-factor]\nroles = [\"boss\"]\n").is_err());
        assert_eq!(read(""), Err(ProposalError::Contents(0)));
        let both = "[decision-table]\n[confirmation-interval]\nconfirm = 1\nreview = 1\njudge = 1\n";
        assert_eq!(read(both), Err(ProposalError::Contents(2)));
        let typo = read("[due-dates]\ndecied = 1\n").unwrap_err().to_string();
        assert!(typo.contains("decied"), "{typo}");
        assert!(matches!(super::read(b"schema = \"x\"\ntitle = \"\"\n"), Err(ProposalError::Schema(_))));
        assert_eq!(super::read(b"\xff"), Err(ProposalError::Encoding));
    }
}
