//! Why the answer about a component is what it is. The component is judged once more, with a witness; nothing of this
//! costs anything where nobody asks.

mod candidates;
mod merges;
mod trace;

use shindan_domain::explanation::ExplainedComponent;

use self::candidates::Candidates;
use self::trace::Trace;
use crate::check::{Concerned, Question, Run};
use crate::index::layout::IndexError;
use crate::matcher::{Matcher, Surroundings};
use crate::prepared::Prepared;

/// What of an inventory is to be explained.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Explained {
    /// A component, by its number.
    Component(usize),
    /// What the inventory describes as a whole, where it is not among the components.
    Whole,
}

/// Explains some components of an inventory, which is the `input`-th one of the answer.
///
/// # Errors
/// [`IndexError`] if the index is damaged where it is read.
pub fn explain(
    question: Question<'_>,
    prepared: &Prepared<'_>,
    input: usize,
    which: &[Explained],
) -> Result<Vec<ExplainedComponent>, IndexError> {
    let known = prepared.known(question.index);
    let inventory = prepared.inventory();
    let surroundings = Surroundings::new(inventory);
    let mut matcher = Matcher::new(known, question.ecosystems).with_confirmed(question.confirmed);
    if let Some(whole) = inventory.about.as_deref() {
        matcher.judge_whole(whole, &surroundings)?;
    }
    let mut all = Vec::with_capacity(which.len());
    for which in which {
        let concerned = match which {
            Explained::Component(number) => inventory
                .components
                .get(*number)
                .map(|component| Concerned::listed(component, inventory, *number)),
            Explained::Whole => inventory.about.as_deref().map(Concerned::alone),
        };
        let Some(concerned) = concerned else { continue };
        let component = concerned.component();
        let mut trace = Trace::default();
        let judgement = match which {
            Explained::Component(_) => matcher.judge_before(component, &surroundings, &mut trace)?,
            Explained::Whole => matcher.judge_whole_before(component, &surroundings, &mut trace)?,
        };
        let asset = prepared.asset(component);
        let mut run = Run::new(question, known, inventory, input);
        run.take(&concerned, asset, judgement)?;
        let mut outcome = run.outcome();
        let Trace { identities, passed_over, seen, failed } = trace;
        if let Some(error) = failed {
            return Err(error);
        }
        let mut candidates = Candidates::new(known, component);
        let listed = candidates.list(&seen)?;
        all.push(ExplainedComponent {
            component: concerned.shared(),
            asset: asset.cloned(),
            input,
            identities,
            passed_over,
            merges: merges::of(known, &seen)?,
            candidates: listed,
            findings: outcome.take_findings(),
            not_affected: outcome.take_not_affected(),
            undetermined: outcome.undetermined,
        });
    }
    Ok(all)
}
