//! Products of the knowledge base that a maker and model of a ledger may be: for a person who confirms one of them, once.
//!
//! Nothing here matches anything. The ranking is by likeness of names, in Japanese and Latin spelling, and by the device
//! dictionary; equal questions have equal answers.

mod likeness;
mod sounds;

use std::collections::BTreeSet;

use serde::Serialize;
use shindan_domain::cpe::Cpe;

use self::likeness::Alike;
use crate::index::layout::IndexError;
use crate::index::posting::Asked;
use crate::index::read::{Index, List};
use crate::keys;
use crate::names::{Dictionary, mark};

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
    /// The device dictionary says that models of this name run it or another software.
    MayRunOnModel,
    /// Equal names after folding.
    SameName,
    /// One name contains the other, word by word, or names its family, range or series.
    NameWithin,
    /// Some words are equal.
    SharedWords,
    /// The spelling is similar.
    SimilarSpelling,
    /// The maker's name is only similar.
    SimilarMaker,
    /// Another maker: the ledger may name the dealer.
    OtherMaker,
}

impl Likeness {
    /// All.
    pub const ALL: [Likeness; 8] = [
        Likeness::RunsOnModel,
        Likeness::MayRunOnModel,
        Likeness::SameName,
        Likeness::NameWithin,
        Likeness::SharedWords,
        Likeness::SimilarSpelling,
        Likeness::SimilarMaker,
        Likeness::OtherMaker,
    ];

    /// The stable text form, as in JSON output.
    pub fn as_str(self) -> &'static str {
        match self {
            Likeness::RunsOnModel => "runs-on-model",
            Likeness::MayRunOnModel => "may-run-on-model",
            Likeness::SameName => "same-name",
            Likeness::NameWithin => "name-within",
            Likeness::SharedWords => "shared-words",
            Likeness::SimilarSpelling => "similar-spelling",
            Likeness::SimilarMaker => "similar-maker",
            Likeness::OtherMaker => "other-maker",
        }
    }
}

/// How much another maker's product must be like the model, out of 1000.
const LEAST_OF_OTHER: u32 = 650;
/// What another maker's product counts, out of 1000.
const OTHER_MAKER: u32 = 600;
/// Of a longer model, in words and marks, only the beginning is looked at.
const LONGEST_MODEL: usize = 40;
/// So many candidates for each suggestion are looked at more closely.
const CANDIDATES: usize = 4;

/// The products that a maker and model of a ledger may be, the likeliest first, at most `limit`.
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
    let mut words = dictionary.marked_product_words(&maker, model);
    words.truncate(LONGEST_MODEL);
    let mut search = Search { index, words, found: Vec::new() };
    let mut suggestions = software(index, dictionary, &maker, model)?;
    search.products_of(&maker, 1000, None)?;
    let sure = |search: &Search<'_, '_>| search.found.iter().any(|candidate| candidate.score >= 800);
    if !sure(&search) {
        search.other_makers(&maker)?;
    }
    search.found.sort_by(|a, b| (b.score, &a.key).cmp(&(a.score, &b.key)));
    search.found.dedup_by(|a, b| a.key == b.key);
    for candidate in search.found.iter().take(limit.saturating_mul(CANDIDATES)) {
        let Some(list) = index.list(&candidate.key)? else { continue };
        let (advisories, name) = named(list)?;
        let Some((vendor, product)) = name else { continue };
        let known = suggestions.iter().any(|s| (&s.vendor, &s.product) == (&vendor, &product));
        if !known {
            let (why, score) = (candidate.why.clone(), candidate.score);
            suggestions.push(Suggestion { vendor, product, advisories, why, score });
        }
    }
    suggestions.sort_by(|a, b| {
        let key = |s: &Suggestion| (std::cmp::Reverse(s.score), std::cmp::Reverse(s.advisories));
        key(a).cmp(&key(b)).then_with(|| (&a.vendor, &a.product).cmp(&(&b.vendor, &b.product)))
    });
    suggestions.truncate(limit);
    Ok(suggestions)
}

/// What the dictionary says about the software of the model, as far as advisories name it.
fn software(
    index: &Index<'_>,
    dictionary: &Dictionary,
    maker: &str,
    model: &str,
) -> Result<Vec<Suggestion>, IndexError> {
    let sure = dictionary.software_of(maker, model).map(|rule| (rule, vec![Likeness::RunsOnModel], 990));
    let possible = dictionary.possible_software_of(maker, model);
    let possible = possible.map(|rule| (rule, vec![Likeness::MayRunOnModel], 950));
    // A ledger may name the dealer: FortiGate is Fortinet's, whoever sold it.
    let dealt = dictionary.software_of_any(maker, model);
    let dealt = dealt.map(|rule| (rule, vec![Likeness::RunsOnModel, Likeness::OtherMaker], 850));
    let mut suggestions = Vec::new();
    let mut key = Vec::new();
    for (rule, why, score) in sure.chain(possible).chain(dealt) {
        let vendor = dictionary.maker(&rule.vendor);
        keys::product(&vendor, &dictionary.product(&vendor, &rule.product), &mut key);
        let mut advisories = BTreeSet::new();
        if let Some(list) = index.list(&key)? {
            numbers(list, &mut advisories)?;
        }
        let cpe = rule.cpe.as_deref().and_then(|text| Cpe::parse(text).ok());
        if let Some(cpe) = &cpe
            && let (Some(vendor), Some(product)) = (cpe.vendor().as_literal(), cpe.product().as_literal())
        {
            keys::cpe(vendor, product, &mut key);
            if let Some(list) = index.list(&key)? {
                numbers(list, &mut advisories)?;
            }
        }
        suggestions.push(Suggestion {
            vendor: rule.vendor.clone(),
            product: rule.product.clone(),
            advisories: u32::try_from(advisories.len()).unwrap_or(u32::MAX),
            why,
            score,
        });
    }
    Ok(suggestions)
}

/// A product that resembles.
struct Candidate {
    key: Vec<u8>,
    why: Vec<Likeness>,
    score: u32,
}

struct Search<'i, 'a> {
    index: &'i Index<'a>,
    /// Folded words of the model, with marks.
    words: Vec<String>,
    found: Vec<Candidate>,
}

impl Search<'_, '_> {
    /// Looks through the products of one maker, whose likeness counts `of_maker` out of 1000.
    fn products_of(
        &mut self,
        maker: &str,
        of_maker: u32,
        because: Option<Likeness>,
    ) -> Result<(), IndexError> {
        // No name at all is the name of another list.
        if maker.is_empty() {
            return Ok(());
        }
        let mut key = Vec::new();
        keys::maker(maker, &mut key);
        let Some(products) = self.index.list(&key)? else { return Ok(()) };
        for product in products.texts() {
            let product: Vec<&str> = product?.split(' ').collect();
            let Some((score, alike)) = likeness::of_product(&self.words, &product) else { continue };
            // Of another maker, that some words are alike says nothing.
            let other = because == Some(Likeness::OtherMaker);
            if other && (score < LEAST_OF_OTHER || alike == Alike::Spelling) {
                continue;
            }
            let score = score * of_maker / 1000;
            if score < likeness::LEAST {
                continue;
            }
            let name: String = product.iter().copied().filter(|token| !mark::is(token)).collect();
            keys::product(maker, &name, &mut key);
            let why = match alike {
                Alike::Same => Likeness::SameName,
                Alike::Within => Likeness::NameWithin,
                Alike::Shared => Likeness::SharedWords,
                Alike::Spelling => Likeness::SimilarSpelling,
            };
            let why = std::iter::once(why).chain(because).collect();
            self.found.push(Candidate { key: key.clone(), why, score });
        }
        Ok(())
    }

    /// Looks through the products of makers of similar name, and of all others: a ledger may name the dealer.
    fn other_makers(&mut self, maker: &str) -> Result<(), IndexError> {
        let mut key = Vec::new();
        keys::maker("", &mut key);
        let Some(makers) = self.index.list(&key)? else { return Ok(()) };
        let sound = sounds::sounds(maker);
        // Somebody else's product must be told by its model number, not by words such as "monitor".
        let telling =
            self.words.iter().any(|w| w.bytes().any(|b| b.is_ascii_digit()) || w.chars().count() >= 6);
        for other in makers.texts() {
            let other = other?;
            match likeness::of_maker(maker, &sound, other) {
                Some(1000) => {}
                Some(similar) => self.products_of(other, similar, Some(Likeness::SimilarMaker))?,
                None if telling => self.products_of(other, OTHER_MAKER, Some(Likeness::OtherMaker))?,
                None => {}
            }
        }
        Ok(())
    }
}

/// How many advisories a list holds, and how the first one names the product.
fn named(list: List<'_>) -> Result<(u32, Option<(String, String)>), IndexError> {
    let mut advisories = BTreeSet::new();
    numbers(list, &mut advisories)?;
    let mut name = None;
    if let Some(first) = list.statements().next() {
        let (_, reader) = first?.judge(&mut Asked::new(None))?;
        let identifier = reader.read(None)?.identifier;
        name = identifier.split_once(" / ").map(|(v, p)| (v.to_owned(), p.to_owned()));
    }
    Ok((u32::try_from(advisories.len()).unwrap_or(u32::MAX), name))
}

fn numbers(list: List<'_>, advisories: &mut BTreeSet<u32>) -> Result<(), IndexError> {
    for statement in list.statements() {
        advisories.insert(statement?.advisory);
    }
    Ok(())
}
