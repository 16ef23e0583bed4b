//! Products of the knowledge base that a maker and model may be: for a person who confirms one of them.

use serde::Serialize;

use crate::closeness::{Model, closeness};
use crate::index::layout::IndexError;
use crate::index::read::Index;
use crate::keys;
use crate::names::Dictionary;

/// A product that a device may be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Suggestion {
    /// Vendor as an advisory writes it.
    pub vendor: String,
    /// Product as an advisory writes it.
    pub product: String,
    /// How many advisories name it.
    pub advisories: u32,
    /// Why it is similar; never empty.
    pub why: Vec<Likeness>,
    /// How similar: 1000 is equal, greater is better. Only meant for comparison within one answer.
    pub score: u32,
}

/// In which way a product is similar.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Likeness {
    /// The device dictionary says that the model runs it.
    RunsOnModel,
    /// Equal names after folding.
    SameName,
    /// One name contains the other, word by word, or names its family or series.
    NameWithin,
    /// Some words are equal.
    SharedWords,
    /// The spelling is similar.
    SimilarSpelling,
    /// The maker's name is only similar, or another one.
    OtherMaker,
}

impl Likeness {
    /// All.
    pub const ALL: [Likeness; 6] = [
        Likeness::RunsOnModel,
        Likeness::SameName,
        Likeness::NameWithin,
        Likeness::SharedWords,
        Likeness::SimilarSpelling,
        Likeness::OtherMaker,
    ];

    /// The stable text form, as in JSON output.
    pub fn as_str(self) -> &'static str {
        match self {
            Likeness::RunsOnModel => "runs-on-model",
            Likeness::SameName => "same-name",
            Likeness::NameWithin => "name-within",
            Likeness::SharedWords => "shared-words",
            Likeness::SimilarSpelling => "similar-spelling",
            Likeness::OtherMaker => "other-maker",
        }
    }
}

/// The products that a maker and model of a ledger may be, the likeliest first, at most `limit`. Equal questions have
/// equal answers.
///
/// # Errors
/// [`IndexError`] if the index is damaged where it is read.
pub fn suggest(
    index: &Index<'_>,
    dictionary: &Dictionary,
    maker: &str,
    model: &str,
    limit: usize,
) -> Result<Vec<Suggestion>, IndexError> {
    let maker = dictionary.maker(maker);
    let words = dictionary.product_words(&maker, model);
    let mut key = Vec::new();
    keys::maker(&maker, &mut key);
    let mut candidates: Vec<(u32, Likeness, &str)> = Vec::new();
    if let Some(products) = index.list(&key)? {
        for product in products.texts() {
            let product = product?;
            let theirs: Vec<&str> = product.split(' ').collect();
            let shared = words.iter().filter(|w| theirs.contains(&w.as_str())).count() as u32;
            let all = words.len().max(theirs.len()).max(1) as u32;
            if words.concat() == theirs.concat() {
                candidates.push((1000, Likeness::SameName, product));
            } else if closeness(&Model::new(&words), &theirs).is_some() {
                candidates.push((600 + 300 * shared / all, Likeness::NameWithin, product));
            } else if shared > 0 {
                candidates.push((500 * shared / all, Likeness::SharedWords, product));
            }
        }
    }
    candidates.sort_by(|a, b| b.0.cmp(&a.0).then(a.2.cmp(b.2)));
    let mut suggestions = Vec::new();
    for (score, likeness, product) in candidates.into_iter().take(limit) {
        keys::product(&maker, &product.replace(' ', ""), &mut key);
        let Some(list) = index.list(&key)? else { continue };
        let mut advisories = std::collections::BTreeSet::new();
        let mut name = None;
        for statement in list.statements() {
            let statement = statement?;
            advisories.insert(statement.advisory);
            if name.is_none() {
                let (_, reader) = statement.judge(&mut crate::index::posting::Asked::new(None))?;
                name = reader
                    .read(None)?
                    .identifier
                    .split_once(" / ")
                    .map(|(v, p)| (v.to_owned(), p.to_owned()));
            }
        }
        let Some((vendor, product)) = name else { continue };
        let advisories = advisories.len() as u32;
        suggestions.push(Suggestion { vendor, product, advisories, why: vec![likeness], score });
    }
    Ok(suggestions)
}
