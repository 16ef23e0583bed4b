//! How much one name is like another, as a number out of 1000. For suggestions only.

use super::sounds::sounds;
use crate::closeness::{Closeness, Model, closeness};
use crate::names::mark;

/// Below this, a name is no suggestion.
pub(super) const LEAST: u32 = 250;

/// Why one name is like another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Alike {
    Same,
    Within,
    Shared,
    Spelling,
}

/// What a name counts that is the same once a misspelt word is written right, out of 1000.
const RESPELLED: u32 = 850;

/// How much a product is like the model asked, given as folded words and marks.
pub(super) fn of_product(model: &[String], product: &[&str]) -> Option<(u32, Alike)> {
    let as_written = of_product_as_written(model, product);
    if let Some((_, Alike::Same | Alike::Within)) = as_written {
        return as_written;
    }
    let right = respelled(model, product).and_then(|model| of_product_as_written(&model, product));
    match right {
        Some((score, Alike::Same | Alike::Within)) => Some((score * RESPELLED / 1000, Alike::Spelling)),
        _ => as_written,
    }
}

/// The model with each misspelt word as the product writes it; `None` if no word is nearly one of the product.
fn respelled(model: &[String], product: &[&str]) -> Option<Vec<String>> {
    let mut changed = false;
    let mut right = Vec::with_capacity(model.len());
    for word in model {
        let alike = |other: &&&str| of_word(word, other).is_some_and(|score| score >= 650);
        let other = product.iter().find(alike).filter(|_| !product.contains(&word.as_str()));
        changed |= other.is_some();
        right.push(other.map_or_else(|| word.clone(), |other| (*other).to_owned()));
    }
    changed.then_some(right)
}

fn of_product_as_written(model: &[String], product: &[&str]) -> Option<(u32, Alike)> {
    let own: Vec<&str> = model.iter().map(String::as_str).filter(|t| !mark::is(t)).collect();
    let theirs: Vec<&str> = product.iter().copied().filter(|t| !mark::is(t)).collect();
    if own.concat() == theirs.concat() {
        return Some((1000, Alike::Same));
    }
    let close = match closeness(&Model::new(model), product) {
        Some(Closeness::Equal | Closeness::Within) => 900,
        Some(Closeness::InRange) => 880,
        Some(Closeness::InSeries) => 860,
        Some(Closeness::Family) => 800,
        None => 0,
    };
    let (shared, spelled) = words(&own, &theirs);
    if close > 0 {
        // Of several names that contain the model, the one that says least besides is the likeliest.
        return Some((close + shared / 20, Alike::Within));
    }
    let total = shared + spelled;
    if total < LEAST {
        return None;
    }
    Some((total.min(790), if shared >= spelled { Alike::Shared } else { Alike::Spelling }))
}

/// How much of both names is the same, and how much is spelled alike.
fn words(own: &[&str], theirs: &[&str]) -> (u32, u32) {
    let weight = |word: &str| {
        let letters = u32::try_from(word.chars().count().min(20)).unwrap_or(20);
        // A model number says more than a word such as "monitor".
        if word.bytes().any(|b| b.is_ascii_digit()) { letters * 3 } else { letters }
    };
    let total: u32 = own.iter().chain(theirs).map(|word| weight(word)).sum();
    let (mut shared, mut spelled) = (0, 0);
    for word in own {
        if theirs.contains(word) {
            shared += 2 * weight(word);
        } else if let Some(written_out) = initials(word, theirs) {
            shared += weight(word) + written_out.iter().map(|word| weight(word)).sum::<u32>();
        } else if let Some(best) = theirs.iter().filter_map(|other| of_word(word, other)).max() {
            spelled += 2 * weight(word) * best / 1000;
        }
    }
    let of_total = |part: u32| (part * 1000).checked_div(total).unwrap_or(0).min(1000);
    (of_total(shared), of_total(spelled))
}

/// The words of which `word` is made of the first letters: `PIC` for Patient Information Center.
fn initials<'t, 'w>(word: &str, theirs: &'t [&'w str]) -> Option<&'t [&'w str]> {
    let length = word.chars().count();
    let spells = |words: &&[&str]| words.iter().filter_map(|w| w.chars().next()).eq(word.chars());
    (length >= 3).then(|| theirs.windows(length).find(spells)).flatten()
}

/// How much one word is like another, other one.
fn of_word(a: &str, b: &str) -> Option<u32> {
    let short = a.chars().count().min(b.chars().count());
    if short < 2 {
        return None;
    }
    if short >= 3 && (a.starts_with(b) || b.starts_with(a)) {
        return Some(600);
    }
    // Of model numbers, another digit is another model.
    let numbered = |word: &str| word.bytes().any(|byte| byte.is_ascii_digit());
    if numbered(a) || numbered(b) {
        let letters = |word: &str| -> String { word.chars().take_while(|c| !c.is_ascii_digit()).collect() };
        let same = letters(a) == letters(b) && letters(a).len() >= 2;
        return same.then_some(300);
    }
    match distance(a, b, 2) {
        Some(1) if short >= 4 => Some(800),
        Some(2) if short >= 7 => Some(650),
        _ => alike_in_sound(a, b).then_some(600),
    }
}

/// How much a maker's folded name is like another one; 1000 is equal.
pub(super) fn of_maker(own: &str, own_sound: &str, other: &str) -> Option<u32> {
    if own == other {
        return Some(1000);
    }
    let short = own.chars().count().min(other.chars().count());
    if short < 3 {
        return None;
    }
    if short >= 4 && (own.starts_with(other) || other.starts_with(own)) {
        return Some(850);
    }
    match distance(own, other, 2) {
        Some(1) if short >= 4 => return Some(900),
        Some(2) if short >= 7 => return Some(800),
        _ => {}
    }
    let mixed = own.is_ascii() != other.is_ascii();
    (mixed && own_sound.len() >= 3 && sounds(other) == own_sound).then_some(900)
}

fn alike_in_sound(a: &str, b: &str) -> bool {
    if a.is_ascii() == b.is_ascii() {
        return false;
    }
    let sound = sounds(a);
    sound.len() >= 3 && sound == sounds(b)
}

/// How many letters must be changed, added, left out, or exchanged with their neighbour; `None` if more than `most`.
fn distance(a: &str, b: &str, most: usize) -> Option<usize> {
    const LONGEST: usize = 40;
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    if a.len().abs_diff(b.len()) > most || a.len() > LONGEST || b.len() > LONGEST {
        return None;
    }
    let mut before: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut row = vec![i + 1];
        for (j, y) in b.iter().enumerate() {
            let at = |row: &[usize], at: usize| row.get(at).copied().unwrap_or(usize::MAX - 1);
            let mut least =
                (at(&last, j) + usize::from(x != y)).min(at(&last, j + 1) + 1).min(at(&row, j) + 1);
            let swapped = i > 0 && j > 0 && a.get(i - 1) == Some(y) && b.get(j - 1) == Some(x);
            if swapped {
                least = least.min(at(&before, j - 1) + 1);
            }
            row.push(least);
        }
        if row.iter().min().is_none_or(|least| *least > most) {
            return None;
        }
        before = std::mem::replace(&mut last, row);
    }
    last.last().copied().filter(|changes| *changes <= most)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distances() {
        for (a, b, expected) in [
            ("philips", "philips", Some(0)),
            ("philips", "phillips", Some(1)),
            ("philips", "phliips", Some(1)),
            ("omron", "omrom", Some(1)),
            ("innovation", "inovation", Some(1)),
            ("controls", "contols", Some(1)),
            ("abcd", "wxyz", None),
            ("", "ab", Some(2)),
            ("", "", Some(0)),
        ] {
            assert_eq!(distance(a, b, 2), expected, "{a} {b}");
            assert_eq!(distance(b, a, 2), expected, "{b} {a}");
        }
        assert_eq!(distance(&"a".repeat(50), &"a".repeat(50), 2), None, "longer words are not compared");
    }
}
