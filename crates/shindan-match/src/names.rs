//! Names of makers and products: folded by rule (`fold`), and by the device dictionary, which people can read and
//! extend.

use rustc_hash::FxHashMap;
use shindan_domain::devices::{DeviceDictionary, HardwareRule};

mod fold;

pub use fold::{fold_maker, fold_product, maker_words, product_words, words};
pub(crate) use fold::{mark, meaning};

/// What a maker's name may carry in front or behind without being another maker: the Japanese company of a foreign
/// one, and its holding. Folded.
const SUBSIDIARIES: &[&str] = &[
    "japan",
    "ジヤパン",
    "日本",
    "holdings",
    "ホルデイングス",
    "group",
    "グルプ",
    "international",
    "electronics",
];

/// No maker's name in front of a product is longer, in words and marks.
const LONGEST_MAKER: usize = 12;

/// Folded makers with their aliases, and the hardware → software rules, ready for lookup.
#[derive(Debug, Clone, Default)]
pub struct Dictionary {
    /// Folded alias → folded name; names stand for themselves.
    makers: FxHashMap<String, String>,
    rules: Vec<FoldedRule>,
    /// Rules of each maker: numbers in `rules`, and whether the hardware runs that software for sure.
    rules_of: FxHashMap<String, Vec<(usize, bool)>>,
}

/// What may follow a pattern.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Rest {
    Nothing,
    /// `FortiGate*`
    Anything,
    /// `FS-*`: a number, so that FSA-1000F is none.
    Number,
}

impl Rest {
    fn of(pattern: &str) -> Self {
        match pattern {
            _ if pattern.ends_with("-*") => Rest::Number,
            _ if pattern.ends_with('*') => Rest::Anything,
            _ => Rest::Nothing,
        }
    }

    fn fits(self, pattern: &str, model: &str) -> bool {
        match (self, model.strip_prefix(pattern)) {
            (_, None) => false,
            (Rest::Nothing, Some(rest)) => rest.is_empty(),
            (Rest::Anything, Some(_)) => true,
            (Rest::Number, Some(rest)) => rest.starts_with(|c: char| c.is_ascii_digit()),
        }
    }
}

#[derive(Debug, Clone)]
struct FoldedRule {
    maker: String,
    /// False where the hardware runs one of several.
    sure: bool,
    /// Folded patterns, with what may follow.
    models: Vec<(String, Rest)>,
    rule: HardwareRule,
}

impl Dictionary {
    /// Prepares a dictionary for lookup.
    pub fn new(source: &DeviceDictionary) -> Self {
        let mut makers = FxHashMap::default();
        for maker in &source.makers {
            let name = fold_maker(&maker.name);
            for alias in &maker.aliases {
                makers.insert(fold_maker(alias), name.clone());
            }
            makers.entry(name.clone()).or_insert(name);
        }
        let mut dictionary = Dictionary { makers, ..Dictionary::default() };
        let sure = source.rules.iter().map(|rule| (rule, true));
        for (rule, sure) in sure.chain(source.possible.iter().map(|rule| (rule, false))) {
            let maker = dictionary.maker(&rule.maker);
            // As the model that is asked about: without the maker's name in front.
            let folded = |model: &String| (dictionary.product(&maker, model), Rest::of(model));
            let models = rule.models.iter().map(folded).collect();
            let number = dictionary.rules.len();
            dictionary.rules_of.entry(maker.clone()).or_default().push((number, sure));
            dictionary.rules.push(FoldedRule { maker, sure, models, rule: rule.clone() });
        }
        dictionary
    }

    /// The folded name of a maker, aliases resolved. A name that no rule and no alias tells may still be told by what
    /// stands in brackets (`シーメンス（Siemens）`), or be the Japanese company of a known maker.
    pub fn maker(&self, text: &str) -> String {
        let folded = fold_maker(text);
        if let Some(known) = self.known(&folded) {
            return known.to_owned();
        }
        let bracketed = fold::names_in(text).into_iter().skip(1);
        let known = bracketed
            .filter(|_| text.contains(['(', '（']))
            .find_map(|name| self.known(&name).map(str::to_owned));
        known.unwrap_or(folded)
    }

    /// The maker of a folded name, if the dictionary tells.
    fn known(&self, folded: &str) -> Option<&str> {
        if let Some(known) = self.makers.get(folded) {
            return Some(known);
        }
        SUBSIDIARIES.iter().find_map(|word| {
            let rest = folded.strip_suffix(word).or_else(|| folded.strip_prefix(word))?;
            self.makers.get(rest).map(String::as_str)
        })
    }

    /// Every maker that an advisory's vendor names, the whole first: most name one; some name it twice (`… (BD)`) or
    /// name several (`ICONICS, Mitsubishi Electric`).
    pub fn makers_in(&self, vendor: &str) -> Vec<String> {
        let whole = self.maker(vendor);
        let mut makers = vec![whole];
        if self.known(&fold_maker(vendor)).is_some() {
            return makers;
        }
        for name in fold::names_in(vendor).into_iter().skip(1) {
            let name = self.known(&name).map_or(name.clone(), str::to_owned);
            if !makers.contains(&name) {
                makers.push(name);
            }
        }
        makers
    }

    /// The folded name of a product, without the maker's name in front: `Philips IntelliVue` → `intellivue`.
    pub fn product(&self, maker: &str, text: &str) -> String {
        self.product_words(maker, text).concat()
    }

    /// As [`Dictionary::product`], as separate words.
    pub fn product_words(&self, maker: &str, text: &str) -> Vec<String> {
        let mut words = self.marked_product_words(maker, text);
        words.retain(|token| !mark::is(token));
        words
    }

    /// As [`Dictionary::product_words`], with the marks between words ([`mark`]).
    pub(crate) fn marked_product_words(&self, maker: &str, text: &str) -> Vec<String> {
        let mut tokens = fold::marked_product_words(text);
        let is_word = |token: &&String| !mark::is(token);
        for taken in (1..tokens.len().min(LONGEST_MAKER)).rev() {
            let (front, rest) = tokens.split_at(taken);
            if !rest.iter().any(|token| !mark::is(token)) || front.last().is_some_and(|token| mark::is(token))
            {
                continue;
            }
            let front: String = front.iter().filter(is_word).map(String::as_str).collect();
            if front == maker || self.known(&front) == Some(maker) {
                tokens.drain(..taken);
                while tokens.first().is_some_and(|token| mark::is(token)) {
                    tokens.remove(0);
                }
                break;
            }
        }
        tokens
    }

    /// The software that this hardware runs.
    pub fn software_of<'d>(
        &'d self,
        maker: &str,
        model: &str,
    ) -> impl Iterator<Item = &'d HardwareRule> + use<'d> {
        self.fitting(maker, model, true)
    }

    /// The software of which this hardware runs one; which, its name does not tell.
    pub fn possible_software_of<'d>(
        &'d self,
        maker: &str,
        model: &str,
    ) -> impl Iterator<Item = &'d HardwareRule> + use<'d> {
        self.fitting(maker, model, false)
    }

    /// The software that hardware of this name runs whoever the ledger calls its maker, for suggestions: by the rules of
    /// all other makers that tell a model by more than a few letters.
    pub(crate) fn software_of_any<'d>(
        &'d self,
        maker: &str,
        model: &str,
    ) -> impl Iterator<Item = &'d HardwareRule> + use<'d> {
        const TELLING: usize = 5;
        let own: Vec<usize> =
            self.rules_of.get(maker).into_iter().flatten().map(|(number, _)| *number).collect();
        let model = fold_product(model);
        self.rules.iter().enumerate().filter(move |(number, _)| !own.contains(number)).filter_map(
            move |(_, r)| {
                let fits = |(pattern, rest): &(String, Rest)| {
                    pattern.chars().count() >= TELLING && rest.fits(pattern, &model)
                };
                r.models.iter().any(fits).then_some(&r.rule)
            },
        )
    }

    fn fitting<'d>(
        &'d self,
        maker: &str,
        model: &str,
        wanted: bool,
    ) -> impl Iterator<Item = &'d HardwareRule> + use<'d> {
        // A maker's name may be the beginning of a model's: `NetScaler MPX`, `NetScaler`.
        let models = [self.product(maker, model), fold_product(model)];
        let rules = self.rules_of.get(maker).map(Vec::as_slice).unwrap_or_default();
        let rules = rules.iter().filter(move |(_, sure)| *sure == wanted);
        rules.filter_map(|&(number, _)| self.rules.get(number)).filter_map(move |r| {
            let fits = r.models.iter().any(|(pattern, rest)| models.iter().any(|m| rest.fits(pattern, m)));
            fits.then_some(&r.rule)
        })
    }
}

impl Dictionary {
    /// What the dictionary knows of a program of this name. Lists that do not tell the publisher are common: then the
    /// name alone decides, by patterns of more than a few letters (`EX*` is a switch, not Excel).
    pub fn program<'d>(
        &'d self,
        maker: Option<&'d str>,
        name: &str,
    ) -> impl Iterator<Item = &'d HardwareRule> {
        const TELLING: usize = 4;
        let name = name.to_owned();
        let of_maker = move |r: &&FoldedRule| r.sure && maker.is_none_or(|maker| r.maker == maker);
        self.rules.iter().filter(of_maker).filter_map(move |r| {
            let own = self.product(&r.maker, &name);
            let fits = |(pattern, rest): &(String, Rest)| {
                let told = maker.is_some() || *rest == Rest::Nothing || pattern.chars().count() >= TELLING;
                told && rest.fits(pattern, &own)
            };
            r.models.iter().any(fits).then_some(&r.rule)
        })
    }
}

#[cfg(test)]
mod tests;
