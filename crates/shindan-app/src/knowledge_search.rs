//! Use case of searching the knowledge base by words: vulnerabilities by any of their identifiers and by their titles, products by the
//! names that advisories give them.

use rayon::prelude::*;
use shindan_domain::finding::VulnerabilityFacts;
use shindan_match::index::layout::IndexError;
use shindan_match::index::read::Index;
use shindan_match::index::words::{self, Wanted};

use crate::data_folder::DataFolder;
use crate::error::AppError;

/// What was found, or why nothing was looked for.
#[derive(Debug, Clone)]
pub enum Searched {
    /// There is no knowledge base.
    Missing,
    /// It was built before it could be searched by words: only the identifier itself was looked for.
    Older(Option<Box<VulnerabilityFacts>>),
    /// The most exact ones first, and how many there are.
    Found(FoundInKnowledge),
}

/// What a search of the knowledge base found.
#[derive(Debug, Clone, Default)]
pub struct FoundInKnowledge {
    /// Vulnerabilities: their very identifier, one that begins so, a title that begins so, a title that says so; then the newest first.
    pub vulnerabilities: Vec<VulnerabilityFacts>,
    /// How many there are in all.
    pub vulnerabilities_count: u64,
    /// Products: the very name first, then those that most advisories name.
    pub products: Vec<FoundProduct>,
    /// How many there are in all.
    pub products_count: u64,
}

/// A product that advisories name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoundProduct {
    /// As an advisory writes it.
    pub name: String,
    /// Its maker, or the ecosystem of a package; empty if nobody says.
    pub maker: String,
    /// How many advisories name it.
    pub advisories: u64,
}

/// Searches for `text`; at most `limit` of each kind are given.
///
/// # Errors
/// [`AppError::Index`] if the index is damaged; [`AppError::KnowledgeUnreadable`].
pub fn search(folder: &DataFolder, text: &str, limit: usize) -> Result<Searched, AppError> {
    let mapped = match folder.map() {
        Ok(mapped) => mapped,
        Err(AppError::KnowledgeMissing(_)) => return Ok(Searched::Missing),
        Err(error) => return Err(error),
    };
    let (index, _) = mapped.open()?;
    searched(&index, text, limit).map_err(|error| mapped.error(error))
}

fn searched(index: &Index<'_>, text: &str, limit: usize) -> Result<Searched, IndexError> {
    let mut found = FoundInKnowledge::default();
    let Some(wanted) = Wanted::new(text) else { return Ok(Searched::Found(found)) };
    // A document of a maker can name several.
    let named = index.find(text)?.map(|found| found.vulnerabilities).unwrap_or_default();
    let (Some(vulnerabilities), Some(products)) = (index.word_blocks(false)?, index.word_blocks(true)?)
    else {
        let only = match named.as_slice() {
            [only] => Some(index.vulnerability(*only)?),
            _ => None,
        };
        return Ok(Searched::Older(only.map(Box::new)));
    };
    let ranked = |block: &&[u8]| -> Result<Vec<(u8, std::cmp::Reverse<u64>, u32)>, IndexError> {
        let lines = words::lines_in(block, &wanted)?;
        let of = |line: &words::Line<'_>| {
            // No index holds more vulnerabilities than a u32 counts.
            let number = u32::try_from(line.number).unwrap_or(u32::MAX);
            (words::rank(line, &wanted), std::cmp::Reverse(newness(line.text)), number)
        };
        Ok(lines.iter().map(of).collect())
    };
    let mut all: Vec<_> = vulnerabilities.par_iter().map(ranked).collect::<Result<Vec<_>, _>>()?.concat();
    all.sort_unstable();
    found.vulnerabilities_count = all.len() as u64;
    let mut numbers: Vec<u32> = all.iter().map(|(.., number)| *number).take(limit).collect();
    // Another name of them that stands in no title, as the identifier of a document.
    let elsewhere = named.iter().filter(|number| !all.iter().any(|(.., known)| known == *number));
    found.vulnerabilities_count += elsewhere.count() as u64;
    numbers.retain(|known| !named.contains(known));
    numbers.splice(0..0, named);
    numbers.truncate(limit);
    found.vulnerabilities =
        numbers.into_iter().map(|number| index.vulnerability(number)).collect::<Result<_, _>>()?;
    let lines =
        products.par_iter().map(|block| words::lines_in(block, &wanted)).collect::<Result<Vec<_>, _>>()?;
    let mut named =
        lines.concat().iter().map(|line| words::named(line, &wanted)).collect::<Result<Vec<_>, _>>()?;
    named.sort_by_key(|one| (one.rank, std::cmp::Reverse(one.advisories)));
    found.products_count = named.len() as u64;
    found.products = named
        .into_iter()
        .take(limit)
        .map(|one| FoundProduct {
            name: one.name.to_owned(),
            maker: one.maker.to_owned(),
            advisories: one.advisories,
        })
        .collect();
    Ok(Searched::Found(found))
}

/// `cve-2026-0042` as a number that grows with year and number; 0 for identifiers without them.
fn newness(line: &str) -> u64 {
    let id = line.split('\t').next().unwrap_or_default();
    let mut numbers = id.split('-').filter_map(|part| part.parse::<u32>().ok());
    let (year, number) = (numbers.next().unwrap_or_default(), numbers.next().unwrap_or_default());
    (u64::from(year) << 32) | u64::from(number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn later_identifiers_are_newer() {
        assert!(newness("cve-2026-10\tx") > newness("cve-2026-9\tx"));
        assert!(newness("cve-2026-1") > newness("cve-2025-99999"));
        assert_eq!(newness("ghsa-abcd-efgh-ijkl"), 0);
    }
}
