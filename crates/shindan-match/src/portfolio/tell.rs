//! The answer about a whole list from what is stored of it: nothing is matched. Facts, priorities and days are those of the question.

use std::sync::Arc;

use shindan_domain::inventory::{Asset, SharedComponent};

use super::judge::{Assets, cover};
use super::read::Stored;
use crate::check::{DatedAssets, Outcome, Question, Run};
use crate::index::layout::IndexError;
use crate::prepared::Prepared;

/// The answer about a list, which is the `input`-th one; but for what somebody denies, it is the one that judging all of it gives. The
/// list must stand with the knowledge of the question.
///
/// # Errors
/// [`IndexError`] if the index or the list is damaged where it is read, or the list stands with other knowledge.
pub fn tell(question: Question<'_>, stored: &Stored<'_>, input: usize) -> Result<Outcome, IndexError> {
    // Dates of a ledger belong to assets, and to the first component of each: then all of the list is read.
    let inventory = if stored.head().dated { stored.inventory()? } else { stored.skeleton() };
    let prepared = Prepared::new(&inventory, &question.index)?;
    let mut run = Run::new(question, prepared.known(question.index), &inventory, input);
    let dated = DatedAssets::of(&inventory);
    let all: Vec<Arc<Asset>> = inventory.assets.iter().cloned().map(Arc::new).collect();
    let mut assets = Assets::holding(&all);
    run.support_of_lone_assets(&dated, &all);
    if let Some(whole) = &inventory.about {
        let told = stored.state().whole.told.clone();
        if !told.is_empty() {
            run.tell_again(&(**whole).clone().into(), None, told)?;
        }
    }
    let mut numbers: Vec<u32> = stored.telling()?;
    numbers.extend(dated.positions().filter_map(|position| u32::try_from(position).ok()));
    numbers.sort_unstable();
    numbers.dedup();
    for number in numbers {
        let (component, told) = stored.told(number)?;
        let component = SharedComponent::from(component);
        let asset = assets.of(stored, &component)?;
        run.tell_again(&component, asset.as_ref(), told)?;
        run.support_at(&dated, number as usize, &component, asset.as_ref());
    }
    let mut outcome = run.outcome();
    cover(&mut outcome, stored.state(), question);
    Ok(outcome)
}
