//! Lists, ranges and series of models inside a product's name: `MX800/700/600`, `MX400～MX850`, `PA-400 series`.

use super::Closeness;
use crate::names::{mark, meaning};

/// Words that make the model in front of them a series; folded.
const SERIES_WORDS: &[&str] = &["series", "family", "シリズ", "フアミリ", "フアミリイ"];

/// So many words may stand between a model and the word that makes it a series: `X-300 switch family`.
const WORDS_BETWEEN: usize = 2;

pub(super) fn is_series_word(token: &str) -> bool {
    SERIES_WORDS.contains(&token)
}

/// A model number: `mx800` is (`mx`, 800, ``), `60f` is (``, 60, `f`), `48xxx` is (``, 48000, ``) and 1000 wide.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Unit<'t> {
    letters: &'t str,
    number: u32,
    /// How many digits were written, with those that `x` stands for.
    digits: usize,
    suffix: &'t str,
    /// How many numbers `x` at the end stands for; 1 without.
    wide: u32,
}

impl<'t> Unit<'t> {
    /// Reads one word.
    fn of_word(word: &'t str) -> Option<Self> {
        let start = word.find(|c: char| c.is_ascii_digit())?;
        let (letters, rest) = word.split_at_checked(start)?;
        let length = rest.bytes().take_while(u8::is_ascii_digit).count();
        let (digits, suffix) = rest.split_at_checked(length)?;
        if !letters.chars().all(char::is_alphabetic) || suffix.chars().any(|c| c.is_ascii_digit()) {
            return None;
        }
        // One `x` may be a letter of the model (2960X); two or more stand for digits (48xxx).
        let open = suffix.bytes().take_while(|b| *b == b'x').count();
        let (open, suffix) = if open >= 2 { (open, suffix.get(open..)?) } else { (0, suffix) };
        let wide = 10u32.checked_pow(u32::try_from(open).ok()?)?;
        let number = digits.parse::<u32>().ok()?.checked_mul(wide)?;
        Some(Unit { letters, number, digits: length + open, suffix, wide })
    }

    /// Reads the model number at the beginning of `tokens`, whose letters may stand in a word of their own (`PA-400`,
    /// `FortiGate 60F`, `2960-X`); with how many tokens it takes.
    fn at(tokens: &[&'t str]) -> Option<(Self, usize)> {
        let (first, rest) = tokens.split_first()?;
        if mark::is(first) {
            return None;
        }
        if let Some(mut unit) = Unit::of_word(first) {
            let mut taken = 1;
            if let [hyphen, letters, ..] = rest
                && *hyphen == mark::HYPHEN
                && unit.suffix.is_empty()
                && letters.len() <= 2
                && letters.bytes().all(|b| b.is_ascii_alphabetic())
            {
                unit.suffix = letters;
                taken = 3;
            }
            return Some((unit, taken));
        }
        if !first.chars().all(char::is_alphabetic) || is_series_word(first) || meaning(first).is_some() {
            return None;
        }
        let hyphens = usize::from(rest.first() == Some(&mark::HYPHEN));
        let number = rest.get(hyphens)?;
        if !number.starts_with(|c: char| c.is_ascii_digit()) {
            return None;
        }
        let (unit, taken) = Unit::at(rest.get(hyphens..)?)?;
        Some((Unit { letters: first, ..unit }, taken + 1 + hyphens))
    }

    /// The numbers that a series of this name has: `400` those below 500, `48xxx` a thousand, `2960` itself only.
    fn series(&self) -> std::ops::Range<u32> {
        let mut wide = self.wide;
        if self.suffix.is_empty() && wide == 1 && self.number > 0 {
            while let Some(wider) = wide.checked_mul(10).filter(|wider| self.number.is_multiple_of(*wider)) {
                wide = wider;
            }
        }
        self.number..self.number.saturating_add(wide)
    }
}

/// False for most names, quickly: only hyphens inside model numbers, no list, range or series.
fn may_name_several(tokens: &[&str]) -> bool {
    let numbered = |t: &str| t.bytes().any(|b| b.is_ascii_digit());
    tokens.windows(3).any(|three| {
        let [a, mark, b] = three else { return false };
        numbered(a) && numbered(b) && meaning(mark).is_some()
    }) || tokens.iter().any(|t| is_series_word(t) || matches!(meaning(t), Some(mark::RANGE | mark::LIST)))
}

/// What a product's name says about several models at once.
#[derive(Debug, Default)]
pub(super) struct Series<'t> {
    /// Members of lists that leave out the letters: 700 in `MX800/700`.
    listed: Vec<(&'t str, &'t str)>,
    ranges: Vec<(Unit<'t>, Unit<'t>)>,
    series: Vec<Unit<'t>>,
    /// Letters of which every number belongs to the series: `SRX series`.
    lettered: Vec<&'t str>,
    /// Words that are ends of a range or name a series.
    ends: Vec<&'t str>,
}

impl<'t> Series<'t> {
    /// Reads a product's name, given as folded words and marks.
    pub(super) fn of(tokens: &[&'t str]) -> Self {
        let mut found = Series::default();
        if !may_name_several(tokens) {
            return found;
        }
        let mut at = 0;
        // Models of the present list, with the words that name them.
        let mut run: Vec<(Unit<'t>, &[&'t str])> = Vec::new();
        let mut since = 0;
        while let Some(token) = tokens.get(at) {
            let rest = tokens.get(at..).unwrap_or_default();
            if is_series_word(token) {
                found.take_series(&run, tokens.get(..at).unwrap_or_default());
                run.clear();
                at += 1;
            } else if let Some((mut unit, taken)) = Unit::at(rest) {
                let words = rest.get(..taken).unwrap_or_default();
                let between = at.checked_sub(1).and_then(|n| tokens.get(n)).and_then(|t| meaning(t));
                match (run.last().copied().filter(|_| since == 0), between) {
                    (Some((before, _)), Some(mark)) => {
                        let ranges = found.ranges.len();
                        unit = found.take_next(before, unit, mark, words);
                        // `S7-410` is one model, not S7 and 410.
                        if mark == mark::HYPHEN && found.ranges.len() == ranges {
                            run.clear();
                        }
                    }
                    (_, None | Some(mark::HYPHEN)) => run.clear(),
                    _ => {}
                }
                run.push((unit, words));
                since = 0;
                at += taken;
            } else {
                if meaning(token).is_none() {
                    since += 1;
                    if since > WORDS_BETWEEN {
                        run.clear();
                    }
                }
                at += 1;
            }
        }
        found
    }

    /// What a mark between two models means: a list whose second member may leave out the letters, or a range.
    fn take_next(&mut self, before: Unit<'t>, unit: Unit<'t>, mark: &str, words: &[&'t str]) -> Unit<'t> {
        let bare = unit.letters.is_empty() && !before.letters.is_empty();
        // A number with more or fewer digits is none of the list: `(865240/41/42)` are part numbers.
        let follows = bare && unit.digits == before.digits;
        if mark == mark::LIST {
            if let Some(word) = words.first().filter(|_| follows) {
                self.listed.push((before.letters, word));
                return Unit { letters: before.letters, ..unit };
            }
            return unit;
        }
        let letters = unit.letters == before.letters && !unit.letters.is_empty();
        let round = |unit: &Unit<'_>| unit.number.is_multiple_of(10);
        let numbers = if mark == mark::RANGE {
            follows || unit.letters == before.letters
        } else {
            // A hyphen before a bare number is mostly a part of the model number: only round ends are taken.
            follows && round(&before) && round(&unit)
        };
        let suffix = unit.suffix == before.suffix || before.suffix.is_empty();
        if (letters || numbers) && suffix && before.number < unit.number {
            let unit = Unit { letters: before.letters, ..unit };
            self.ranges.push((before, unit));
            self.ends.extend(words.iter().filter(|w| !mark::is(w)));
            return unit;
        }
        unit
    }

    fn take_series(&mut self, run: &[(Unit<'t>, &[&'t str])], front: &[&'t str]) {
        for (unit, words) in run {
            self.series.push(*unit);
            // The letters in front of the number are compared as words.
            let numbered = words.iter().skip_while(|w| !w.bytes().any(|b| b.is_ascii_digit()));
            self.ends.extend(numbered.filter(|w| !mark::is(w)));
        }
        if let Some(letters) = front.last()
            && run.is_empty()
            && (2..=4).contains(&letters.len())
            && letters.bytes().all(|b| b.is_ascii_alphabetic())
            && meaning(letters).is_none()
        {
            self.lettered.push(letters);
            self.ends.push(letters);
        }
    }

    /// True if the name speaks of single models only.
    pub(super) fn is_empty(&self) -> bool {
        self.ranges.is_empty() && self.series.is_empty() && self.lettered.is_empty()
    }

    /// True for a word that is an end of a range or names a series.
    pub(super) fn is_end(&self, word: &str) -> bool {
        let is_low =
            |(low, _): &(Unit<'_>, Unit<'_>)| Unit::of_word(word).is_some_and(|u| u.number == low.number);
        self.ends.contains(&word) || self.ranges.iter().any(is_low)
    }

    /// True if a list names this model without its letters: `mx700` of `MX800/700`.
    pub(super) fn lists(&self, word: &str) -> bool {
        self.listed.iter().any(|(letters, rest)| {
            word.len() == letters.len() + rest.len() && word.starts_with(letters) && word.ends_with(rest)
        })
    }

    /// The same for a model in two words.
    pub(super) fn lists_joined(&self, letters: &str, rest: &str) -> bool {
        self.listed.contains(&(letters, rest))
    }

    /// Whether the model number at the beginning of `words` lies in a range or belongs to a series; with how many words
    /// it takes.
    pub(super) fn holds(&self, words: &[&str]) -> Option<(Closeness, usize)> {
        if self.is_empty() {
            return None;
        }
        let (unit, taken) = Unit::at(words)?;
        // The letters in front may be no part of the model number: `IntelliVue 800`.
        let bare = words.first().and_then(|word| Unit::of_word(word)).map(|unit| (unit, 1));
        for (unit, taken) in [Some((unit, taken)), bare].into_iter().flatten() {
            let in_range = |(low, high): &(Unit<'_>, Unit<'_>)| {
                let suffix = high.suffix.is_empty() || high.suffix == unit.suffix;
                low.letters == unit.letters
                    && suffix
                    && (low.number..=high.number).contains(&unit.number)
                    && (low.digits..=high.digits).contains(&unit.digits)
            };
            if self.ranges.iter().any(in_range) {
                return Some((Closeness::InRange, taken));
            }
            let in_series = |series: &Unit<'_>| {
                series.letters == unit.letters
                    && series.digits == unit.digits
                    && series.series().contains(&unit.number)
                    && unit.suffix.starts_with(series.suffix)
            };
            if self.series.iter().any(in_series) || self.lettered.contains(&unit.letters) {
                return Some((Closeness::InSeries, taken));
            }
        }
        None
    }
}

#[cfg(test)]
mod tests;
