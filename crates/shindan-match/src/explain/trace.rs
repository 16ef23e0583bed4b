//! The witness that remembers.

use shindan_domain::advisory::Status;
use shindan_domain::explanation::{Applied, Rule, TriedIdentity};
use shindan_domain::finding::MatchMethod;

use crate::index::layout::IndexError;
use crate::index::posting::{ParticularsReader, StoredStatement};
use crate::matcher::witness::{Answered, Dropped, Witness};
use crate::matcher::{Clearing, Doubt, Hit, Recognised, Weighed};

/// What was told.
#[derive(Debug, Default)]
pub(super) struct Trace<'a> {
    pub identities: Vec<TriedIdentity>,
    pub passed_over: Vec<Applied>,
    pub seen: Vec<Seen<'a>>,
    /// The index is damaged where a statement tells its vulnerabilities.
    pub failed: Option<IndexError>,
}

/// A statement about one vulnerability, and what became of it.
#[derive(Debug)]
pub(super) struct Seen<'a> {
    pub vulnerability: u32,
    pub advisory: u32,
    pub statement: u32,
    pub status: Status,
    pub method: MatchMethod,
    pub reader: ParticularsReader<'a>,
    /// Release of the distribution: that of the statement, that of the component.
    pub releases: (Option<&'a str>, Option<String>),
    /// CPE name of the component.
    pub cpe: Option<String>,
    pub version: Option<String>,
    pub weighed: Weighed,
    pub later: Vec<Later>,
}

/// What followed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Later {
    Dropped(Dropped),
    Answered(Answered),
    Contradicted,
}

impl<'a> Witness<'a> for Trace<'a> {
    const WATCHES: bool = true;

    fn tried(&mut self, identity: TriedIdentity) {
        if !self.identities.contains(&identity) {
            self.identities.push(identity);
        }
    }

    fn weighed(
        &mut self,
        statement: &StoredStatement<'a>,
        reader: ParticularsReader<'a>,
        recognised: &Recognised<'_>,
        version: Option<&str>,
        weighed: &Weighed,
    ) {
        let numbers = reader.vulnerabilities().and_then(|numbers| numbers.collect::<Result<Vec<u32>, _>>());
        match numbers {
            Err(error) => self.failed = Some(error),
            Ok(numbers) => self.seen.extend(numbers.into_iter().map(|vulnerability| Seen {
                vulnerability,
                advisory: statement.advisory,
                statement: statement.statement,
                status: statement.status,
                method: recognised.method,
                reader,
                releases: (statement.release, recognised.release.map(str::to_owned)),
                cpe: recognised.cpe.map(ToString::to_string),
                version: version.map(str::to_owned),
                weighed: weighed.clone(),
                later: Vec::new(),
            })),
        }
    }

    fn dropped(&mut self, hit: &Hit<'a>, why: Dropped) {
        for seen in &mut self.seen {
            let same = seen.vulnerability == hit.vulnerability
                && (seen.advisory, seen.statement) == (hit.key.advisory, hit.key.statement)
                && seen.method == hit.key.method
                && matches!(seen.weighed, Weighed::Hit(_));
            if same {
                seen.follow(Later::Dropped(why));
            }
        }
    }

    fn answered(&mut self, doubt: &Doubt, why: Answered) {
        let open = |seen: &&mut Seen<'_>| {
            Some(seen.vulnerability) == doubt.vulnerability
                && Some(seen.advisory) == doubt.advisory
                && seen.later.is_empty()
                && matches!(&seen.weighed, Weighed::Doubtful(code, params)
                    if *code == doubt.code && *params == *doubt.params)
        };
        // Of equal doubts the first one stands for the others.
        let mut all = self.seen.iter_mut();
        let open = if why == Answered::Repeated { all.rfind(open) } else { all.find(open) };
        if let Some(seen) = open {
            seen.follow(Later::Answered(why));
        }
    }

    fn contradicted(&mut self, clearing: &Clearing<'a>) {
        for seen in &mut self.seen {
            let same = seen.vulnerability == clearing.vulnerability
                && (seen.advisory, seen.statement) == (clearing.key.advisory, clearing.key.statement)
                && matches!(seen.weighed, Weighed::Clears { beyond: true } | Weighed::Settled { .. });
            if same {
                seen.follow(Later::Contradicted);
            }
        }
    }

    fn passed_over(&mut self, doubt: &Doubt) {
        let applied = Applied {
            params: (*doubt.params).clone(),
            reason: Some((doubt.code, (*doubt.params).clone())),
            ..Applied::new(Rule::OtherIdentityJudged)
        };
        self.passed_over.push(applied.with("code", doubt.code));
    }
}

impl Seen<'_> {
    fn follow(&mut self, later: Later) {
        if !self.later.contains(&later) {
            self.later.push(later);
        }
    }
}
