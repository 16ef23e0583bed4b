//! How close an advisory's product name is to the model of a device, word by word.

mod series;

use std::cell::OnceCell;

use series::Series;

use crate::names::{mark, meaning};

/// How close a product's name is to the model asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Closeness {
    /// Equal after folding, or by the dictionary.
    Equal,
    /// The advisory's name contains every word of the model: `IntelliVue MX100 / MX750` for `IntelliVue MX750`.
    Within,
    /// The advisory names a range of models that the model lies in: `IntelliVue MX400-MX850` for `IntelliVue MX800`.
    InRange,
    /// The advisory names a series that the model belongs to by its number: `PA-400 series` for `PA-440`.
    InSeries,
    /// The advisory names a family that the model may belong to: `IntelliVue` for `IntelliVue MX750`.
    Family,
}

/// A longer model, in words, resembles nothing.
const LONGEST: usize = 60;

/// The model asked: its words, and those of them that are no gloss.
pub(crate) struct Model<'m> {
    asked: Asked<'m>,
    /// Without Japanese words beside a Latin model number: `MX800 生体情報モニタ`.
    bare: Option<Asked<'m>>,
    /// Its words joined.
    joined: String,
}

/// Words of a model.
#[derive(Clone)]
struct Asked<'m> {
    words: Vec<&'m str>,
    /// For each word, whether a hyphen joins it to the one in front: `24ts` of `2960X-24TS-L`.
    joined: Vec<bool>,
    /// True if a series was asked for: it is no member of another one.
    is_series: bool,
}

impl<'m> Model<'m> {
    /// From folded words, with the marks between them.
    pub(crate) fn new(tokens: &'m [String]) -> Self {
        let is_series = tokens.iter().any(|token| series::is_series_word(token));
        let mut asked = Asked { words: Vec::new(), joined: Vec::new(), is_series };
        let mut hyphen = false;
        for token in tokens {
            if !mark::is(token) && !series::is_series_word(token) {
                asked.words.push(token);
                asked.joined.push(hyphen);
            }
            hyphen = token == mark::HYPHEN;
        }
        let mut bare = asked.clone();
        let latin: Vec<bool> = asked.words.iter().map(|word| word.is_ascii()).collect();
        let mut keep = latin.iter();
        bare.words.retain(|_| keep.next().is_some_and(|latin| *latin));
        let mut keep = latin.iter();
        bare.joined.retain(|_| keep.next().is_some_and(|latin| *latin));
        let numbered = bare.words.iter().any(|w| w.bytes().any(|b| b.is_ascii_digit()));
        let told = bare.words.len() < asked.words.len() && numbered && telling(&bare.words);
        Model { bare: told.then_some(bare), joined: asked.words.concat(), asked }
    }

    /// False, quickly, for most names that [`closeness`] would refuse; `product` are words and marks with blanks between.
    pub(crate) fn may_be_close(&self, product: &str) -> bool {
        // Letters of a model are never told by a range: what stands in front of its number must be in the name.
        let lettered = |asked: &Asked<'_>| {
            let mut front = asked.words.iter().take_while(|word| word.bytes().all(|b| !b.is_ascii_digit()));
            front.all(|word| product.contains(word))
        };
        let family = || {
            product.split(' ').all(|token| {
                token.bytes().any(|b| b.is_ascii_digit())
                    || self.joined.contains(token)
                    || meaning(token).is_some()
                    || series::is_series_word(token)
            })
        };
        lettered(&self.asked) || self.bare.as_ref().is_some_and(lettered) || family()
    }
}

/// Compares a model with the name of an advisory's product, given as folded words with the marks between them; equal
/// names are found elsewhere.
pub(crate) fn closeness(model: &Model<'_>, product: &[&str]) -> Option<Closeness> {
    let words: Vec<&str> =
        product.iter().copied().filter(|t| !mark::is(t) && !series::is_series_word(t)).collect();
    let is_series = product.iter().any(|t| series::is_series_word(t));
    if model.asked.words.is_empty()
        || model.asked.words.len() > LONGEST
        || (!is_series && same(&model.asked.words, &words))
    {
        return None;
    }
    let name = Name { words: &words, tokens: product, series: OnceCell::new() };
    let as_asked = compare(&model.asked, &name);
    match (as_asked, &model.bare) {
        // A gloss in Japanese must not hide a name that is otherwise the same.
        (None | Some(Closeness::Family), Some(bare)) => {
            let plain =
                if same(&bare.words, &words) { Some(Closeness::Within) } else { compare(bare, &name) };
            plain.or(as_asked)
        }
        _ => as_asked,
    }
}

/// The name of an advisory's product.
struct Name<'p> {
    /// Without marks and without the word "series".
    words: &'p [&'p str],
    tokens: &'p [&'p str],
    /// Read when the words alone do not tell: most names are settled by them.
    series: OnceCell<Series<'p>>,
}

impl<'p> Name<'p> {
    fn series(&self) -> &Series<'p> {
        self.series.get_or_init(|| Series::of(self.tokens))
    }
}

fn compare(model: &Asked<'_>, product: &Name<'_>) -> Option<Closeness> {
    if telling(&model.words)
        && let Some(found) = contains(product, model)
    {
        return Some(found);
    }
    family(product, model)
}

/// True if the joined words are equal: `MX 800` and `MX800`.
fn same(a: &[&str], b: &[&str]) -> bool {
    let bytes = |words: &[&str]| words.iter().map(|w| w.len()).sum::<usize>();
    bytes(a) == bytes(b) && a.iter().flat_map(|w| w.bytes()).eq(b.iter().flat_map(|w| w.bytes()))
}

/// Whether a product's name contains every word of the model: as written or listed, in a range, or by its series.
fn contains(product: &Name<'_>, model: &Asked<'_>) -> Option<Closeness> {
    let mut found = Closeness::Within;
    let mut at = 0;
    while let Some(word) = model.words.get(at) {
        let next = model.words.get(at + 1).copied();
        let as_written = written(product, word, next);
        // `PA-440`: the letters may be written although the number is only held.
        let parted = as_written == Some(1)
            && next.is_some_and(|next| next.starts_with(|c: char| c.is_ascii_digit()))
            && next.is_some_and(|next| written(product, next, None).is_none());
        if let Some(taken) = as_written.filter(|_| !parted) {
            at += taken;
            continue;
        }
        let Some((closer, taken)) = held(product, model, at) else {
            at += as_written?;
            continue;
        };
        found = found.max(closer);
        at += taken;
        // What is joined to the number of a series tells its member apart: `Catalyst 2960X-24TS-L`.
        while closer == Closeness::InSeries && model.joined.get(at) == Some(&true) {
            at += 1;
        }
    }
    Some(found)
}

/// How many words of the model the product's name has as they are, joined (`MX 800` for `MX800`), parted, or listed.
fn written(product: &Name<'_>, word: &str, next: Option<&str>) -> Option<usize> {
    let words = product.words;
    let parted = || words.windows(2).any(|pair| matches!(pair, [a, b] if joins(a, b, word)));
    if words.contains(&word) || parted() {
        return Some(1);
    }
    if let Some(next) = next
        && words.iter().any(|own| joins(word, next, own))
    {
        return Some(2);
    }
    if !product.tokens.contains(&mark::LIST) {
        return None;
    }
    if product.series().lists(word) {
        return Some(1);
    }
    product.series().lists_joined(word, next?).then_some(2)
}

/// True if `whole` is `a` and `b` without a gap, and they meet between a letter and a digit.
fn joins(a: &str, b: &str, whole: &str) -> bool {
    whole.len() == a.len() + b.len() && whole.starts_with(a) && whole.ends_with(b) && {
        let digit = |byte: Option<u8>| byte.is_some_and(|b| b.is_ascii_digit());
        digit(a.bytes().next_back()) != digit(b.bytes().next())
    }
}

/// Whether the product's name is that of a family: every word of it is one of the model, which says more.
fn family(product: &Name<'_>, model: &Asked<'_>) -> Option<Closeness> {
    let is_series = product.tokens.iter().any(|t| series::is_series_word(t));
    let told = telling(product.words);
    if !told && !is_series {
        return None;
    }
    let has = |word: &str| {
        model.words.contains(&word)
            || model.words.iter().any(|own| lettered(own) == Some(word))
            || model.words.windows(2).any(|pair| matches!(pair, [a, b] if joins(a, b, word)))
    };
    let mut found = Closeness::Family;
    let mut plain = 0;
    for word in product.words {
        if has(word) {
            plain += 1;
        } else if meaning(word).is_some() {
            // A connective is no word of the name.
        } else if product.series().is_end(word) {
            // A series or a range stands for its members, never for what lies outside.
            let (closer, _) = (0..model.words.len()).find_map(|at| held(product, model, at))?;
            if closer == Closeness::InSeries {
                found = closer;
            }
        } else {
            return None;
        }
    }
    // Every word written, none left for the series: the whole is its member all the same.
    if is_series && plain == product.words.len() {
        let held = (0..model.words.len()).find_map(|at| held(product, model, at));
        // `MX series` is short, but its members have a number.
        return held.map(|(closer, _)| closer).or(told.then_some(found));
    }
    told.then_some(found)
}

/// Whether the model number at `at` lies in a range of the product's name, or belongs to a series of it; with how many
/// words it takes.
fn held(product: &Name<'_>, model: &Asked<'_>, at: usize) -> Option<(Closeness, usize)> {
    let held = product.series().holds(model.words.get(at..).unwrap_or_default());
    held.filter(|(closer, _)| !model.is_series || *closer != Closeness::InSeries)
}

/// The letters of a model number such as `mx800`: a family of its own.
fn lettered(word: &str) -> Option<&str> {
    let start = word.find(|c: char| c.is_ascii_digit())?;
    let (letters, rest) = word.split_at_checked(start)?;
    let numbered = rest.bytes().take_while(u8::is_ascii_digit).count() >= 2;
    ((1..=5).contains(&letters.len()) && numbered).then_some(letters)
}

/// One short word without a digit ("switch", "x") says too little to compare by.
fn telling(words: &[&str]) -> bool {
    words.len() > 1 || words.iter().any(|w| w.chars().any(|c| c.is_ascii_digit()) || w.chars().count() > 4)
}
