//! Does one piece continue another?
//!
//! The page says so itself where it says the same twice: a requirement stands there in two wordings whose lines break at
//! different places, so that the end of one line and the beginning of the next stand together inside another line. What
//! else counts: lines of one column are equally long, all but the last of a sentence; order in the file; likeness to the
//! same text of the packs. The weights were found on page 30 of the annex and are a judgement, not a law: what does not
//! follow from the page itself is *inferred*.

use super::likeness::{Cell, Targets, nearness};
use super::page::{Page, Piece};

/// The longest end or beginning that is looked for, in characters.
const REACH: usize = 12;
/// Lines of one column differ by no more than this, in half-width columns.
const TOLERANCE: usize = 4;
/// A line from this width on belongs to the column of requirements.
pub(super) const WIDE: usize = 50;
/// A line up to this width is a remnant of a line that was broken twice.
const REMNANT: usize = 8;
/// An edge below this is none.
const LEAST: f64 = 3.0;

/// One piece may follow another.
#[derive(Debug, Clone, Copy)]
pub(super) struct Junction {
    pub score: f64,
    /// The page shows it: by another wording, or as the next line of the same column.
    pub shown: bool,
    overlap: usize,
}

/// Everything that is needed to compare pieces.
pub(super) struct Junctions<'p> {
    page: &'p Page,
    targets: &'p Targets,
    /// All pieces, a line each.
    lines: String,
    /// Likeness of each piece to each target that it may belong to.
    likeness: Vec<Vec<f64>>,
    /// It belongs to a column of headings.
    heading: Vec<bool>,
}

impl<'p> Junctions<'p> {
    pub fn new(page: &'p Page, targets: &'p Targets) -> Self {
        let characters = |piece: &Piece| piece.chars.iter().copied().chain(['\n']).collect::<String>();
        let lines = page.pieces.iter().map(characters).collect();
        let mut junctions =
            Junctions { page, targets, lines, likeness: Vec::new(), heading: vec![false; page.pieces.len()] };
        junctions.mark_headings();
        junctions.likeness = (0..page.pieces.len()).map(|n| junctions.likeness_of(n)).collect();
        junctions
    }

    pub fn is_heading(&self, piece: usize) -> bool {
        self.heading[piece]
    }

    /// Headings stand in columns narrower than those of sentences, and do not end in a full stop.
    fn mark_headings(&mut self) {
        let pieces = &self.page.pieces;
        let mut widths: Vec<usize> =
            pieces.iter().filter(|p| !p.closes() && !p.opens && p.width < WIDE).map(|p| p.width).collect();
        widths.sort_unstable();
        let Some(&middle) = widths.get(widths.len() / 2) else { return };
        for (number, piece) in pieces.iter().enumerate() {
            let narrow = 4 * piece.width <= 3 * middle && piece.width >= REMNANT;
            self.heading[number] = narrow && !piece.closes() && piece.chars.first() != Some(&'(');
        }
        // A remnant belongs to the column of what it continues.
        for number in (0..pieces.len()).filter(|&n| pieces[n].width < REMNANT && !pieces[n].closes()) {
            let before = (0..pieces.len()).filter(|&n| n != number && !pieces[n].closes());
            let overlap = |n: usize| self.overlap(&pieces[n], &pieces[number]);
            let best = before.max_by(|&a, &b| overlap(a).0.total_cmp(&overlap(b).0));
            self.heading[number] = best.is_some_and(|n| overlap(n).0 > 0.0 && self.heading[n]);
        }
    }

    fn likeness_of(&self, number: usize) -> Vec<f64> {
        let piece = &self.page.pieces[number];
        let title = |cell| matches!(cell, Cell::SectionTitle | Cell::RequirementTitle);
        let of = |target: &super::likeness::Target| {
            if title(target.cell) != self.heading[number] {
                return 0.0;
            }
            self.targets.likeness(&piece.chars, target) + nearness(piece, target, self.page)
        };
        self.targets.all.iter().map(of).collect()
    }

    /// The junction of two pieces; `None` if the second one cannot follow the first one.
    pub fn between(&self, a: usize, b: usize) -> Option<Junction> {
        let (first, second) = (&self.page.pieces[a], &self.page.pieces[b]);
        let alternative = first.common_prefix(second) >= 10;
        if a == b || first.closes() || second.opens || alternative || self.heading[a] != self.heading[b] {
            return None;
        }
        let (weight, before, after) = self.overlap(first, second);
        let whole_remnant = (second.width <= REMNANT && after == second.chars.len() && before >= 2)
            || (first.width <= REMNANT && before == first.chars.len() && after >= 2);
        let strong = (weight >= 1.0 && before + after >= 5) || whole_remnant;
        let (distance, forward) = self.distance(first, second);
        // The last line of a heading is short and has no full stop; the line below it is all there is to go by.
        let below = self.heading[a] && first.opens && forward && distance < 0.2;
        if !self.same_column(a, b, strong || below) {
            return None;
        }
        if distance > 6.0 && weight < 2.5 {
            return None;
        }
        let mut score = weight.min(6.0).powi(2) * 3.0
            + (before + after).min(REACH) as f64 * 0.3
            + 10.0 / (1.0 + distance)
            + 12.0 * self.kinship(a, b)
            - self.conflict(a, b);
        // Every sentence has an end, and some lines cannot begin one.
        score += if second.closes() { 8.0 } else { 0.0 };
        score += if cannot_begin(&second.chars) { 8.0 } else { 0.0 };
        let shown = strong || (forward && distance < 1.0);
        (score >= LEAST).then_some(Junction { score, shown, overlap: before.min(after) })
    }

    fn same_column(&self, a: usize, b: usize, strong: bool) -> bool {
        let (first, second) = (&self.page.pieces[a], &self.page.pieces[b]);
        let last = second.closes();
        let difference = first.width.abs_diff(second.width);
        let heading = self.heading[a];
        if heading && (last || second.width > first.width + TOLERANCE) {
            return false;
        }
        // Anything narrow could be the third line of a heading; the page must show it.
        if heading && !first.opens && !strong {
            return false;
        }
        let remnant = first.width <= REMNANT || second.width <= REMNANT;
        if remnant && !strong && (!last || first.width <= REMNANT) {
            return false;
        }
        let same = difference <= TOLERANCE || (last && second.width <= first.width + TOLERANCE);
        let wide = first.width.min(second.width) >= WIDE;
        same || (strong && (remnant || wide || heading || difference <= 2 * TOLERANCE))
    }

    /// How many lines of the same column stand between the two, a row number or title of a section counting as one
    /// and a half; and whether
    /// the second one stands below.
    fn distance(&self, first: &Piece, second: &Piece) -> (f64, bool) {
        let mut nearest = (f64::INFINITY, false);
        for &i in &first.lines {
            for &j in &second.lines {
                let (low, high) = (i.min(j), i.max(j));
                let inside = |line: &u32| low < *line && *line < high;
                let of_column =
                    |p: &&Piece| p.width.abs_diff(first.width) <= TOLERANCE && p.lines.iter().any(inside);
                let between = self.page.pieces.iter().filter(of_column).count() as f64;
                let titles = self.page.pieces.iter().filter(|p| p.circled().is_some());
                let titles = titles.filter(|p| p.lines.iter().any(inside)).count();
                let labels = self.page.labels.iter().filter(|label| inside(&label.line)).count();
                let backward = if j < i { 2.0 } else { 0.0 };
                let distance =
                    between + 1.5 * (labels + titles) as f64 + backward + f64::from(high - low) / 40.0;
                if distance < nearest.0 {
                    nearest = (distance, j > i);
                }
            }
        }
        nearest
    }

    /// The weightiest end of the first piece and beginning of the second one that stand together inside a line:
    /// weight, and their lengths.
    fn overlap(&self, first: &Piece, second: &Piece) -> (f64, usize, usize) {
        let mut best = (0.0, 0, 0);
        for before in 1..=first.chars.len().min(REACH) {
            let end = &first.chars[first.chars.len() - before..];
            let mut after = 0;
            let mut run: String = end.iter().collect();
            while after < second.chars.len().min(REACH) {
                run.push(second.chars[after]);
                if memchr::memmem::find(self.lines.as_bytes(), run.as_bytes()).is_none() {
                    break;
                }
                after += 1;
            }
            if after == 0 {
                break;
            }
            let weight = weight(end).min(weight(&second.chars[..after]));
            if (weight, before + after) > (best.0, best.1 + best.2) {
                best = (weight, before, after);
            }
        }
        best
    }

    /// How alike the two are in what they resemble: 0 to 1.
    fn kinship(&self, a: usize, b: usize) -> f64 {
        let (a, b) = (&self.likeness[a], &self.likeness[b]);
        let product: f64 = a.iter().zip(b).map(|(x, y)| x * y).sum();
        let length = |v: &[f64]| v.iter().map(|x| x * x).sum::<f64>().sqrt();
        let lengths = length(a) * length(b);
        if lengths > 0.0 { product / lengths } else { 0.0 }
    }

    /// What speaks against the two belonging to one cell.
    fn conflict(&self, a: usize, b: usize) -> f64 {
        let mut against = 0.0;
        if let (Some(x), Some(y)) = (self.clear_target(a), self.clear_target(b))
            && x != y
        {
            let requirement = |n: usize| self.targets.all[n].cell == Cell::Requirement;
            against += if requirement(x) == requirement(y) { 2.0 } else { 6.0 };
        }
        // The column of requirements repeats itself, the others do not.
        let repeated = |n: usize| self.page.pieces[n].lines.len() > 1;
        if repeated(a) != repeated(b) {
            against += 8.0;
        }
        against
    }

    /// The target that a piece resembles clearly more than any other.
    fn clear_target(&self, piece: usize) -> Option<usize> {
        let mut order: Vec<(usize, f64)> = self.likeness[piece].iter().copied().enumerate().collect();
        order.sort_by(|x, y| y.1.total_cmp(&x.1));
        match order[..] {
            [(best, first), (_, second), ..] if first - second > 0.08 => Some(best),
            [(best, _)] => Some(best),
            _ => None,
        }
    }

    /// Two wordings of one sentence begin alike; such pieces begin sentences unless something says otherwise.
    pub fn alternatives(&self, edges: &[Vec<Option<Junction>>]) -> Vec<bool> {
        let pieces = &self.page.pieces;
        let follows = |b: usize| edges.iter().any(|row| row[b].is_some_and(|j| j.overlap >= 3));
        let free: Vec<bool> = (0..pieces.len()).map(|n| !follows(n)).collect();
        let alike = |n: usize| {
            (0..pieces.len()).any(|m| m != n && free[m] && pieces[n].common_prefix(&pieces[m]) >= 12)
        };
        (0..pieces.len()).map(|n| free[n] && alike(n)).collect()
    }
}

/// Kanji and katakana tell more than hiragana, which are everywhere.
fn weight(chars: &[char]) -> f64 {
    let hiragana = |c: char| ('ぁ'..='ん').contains(&c);
    let each = |c: &char| if hiragana(*c) || matches!(c, '、' | '。') { 0.7 } else { 1.0 };
    let sum: f64 = chars.iter().map(each).sum();
    if chars.len() <= 2 && chars.iter().all(|c| hiragana(*c)) { sum / 1.4 } else { sum }
}

/// No sentence begins with such a particle, a particle and a comma, a small letter or a closing sign.
fn cannot_begin(chars: &[char]) -> bool {
    match chars {
        ['は' | 'が' | 'も' | 'で', '、', ..] => true,
        [first, ..] => "のをに、。)」ァィゥェォャュョッーん".contains(*first),
        [] => false,
    }
}
