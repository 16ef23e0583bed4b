//! Extracted text of the annex: cells split, columns interleaved, words broken, every requirement twice in two wordings.
//!
//! Lines become pieces (`page`), pieces become sentences (`junction`, `assignment`), sentences are laid beside what the
//! packs say in our own words (`likeness`, `align`). Every text that comes out is made of pieces of the page; what could
//! not be placed is listed. Source: SPEC section 1, and the page itself (別紙2, 30/39).

mod align;
mod assignment;
mod junction;
mod likeness;
mod page;

use shindan_domain::crosswalk::Crosswalk;
use shindan_domain::crosswalk::wording::Wording;
use shindan_domain::diagnostic::{Code, Diagnostic, Place};

use crate::limits::Limits;
use crate::text::{self, Legacy};
use assignment::{FORBIDDEN, assign};
use junction::{Junction, Junctions};
use likeness::Targets;

/// The greatest number of different pieces on a page; page 30 has 108. Work grows with its cube.
const MOST_PIECES: usize = 400;

/// A sentence: pieces in their order, and whether the page itself shows the order.
#[derive(Debug, Clone)]
struct Sentence {
    pieces: Vec<usize>,
    shown: bool,
}

/// Reads the text of one page and lays it beside the packs.
///
/// # Errors
/// `file-empty`, `file-too-large`, `encoding-invalid`, `line-too-long`, `annex-without-rows`, or `annex-too-long` for
/// more than one page.
pub fn read(bytes: &[u8], path: &str, crosswalk: &Crosswalk, limits: &Limits) -> Result<Wording, Diagnostic> {
    let refused = |code: Code| Diagnostic::new(code, Place::file(path));
    if bytes.len() as u64 > limits.file_size {
        return Err(refused(Code::FileTooLarge).with("size", bytes.len()).with("limit", limits.file_size));
    }
    let decoded = text::decode(bytes, Legacy::Cp932, path)?;
    if decoded.text.trim().is_empty() {
        return Err(refused(Code::FileEmpty));
    }
    let lines: Vec<(u32, &str)> = (1..).zip(decoded.text.lines()).collect();
    if let Some((line, _)) = lines.iter().find(|(_, text)| text.len() > LONGEST_LINE) {
        let place = Place::file(path).at_line(u64::from(*line));
        return Err(Diagnostic::new(Code::LineTooLong, place).with("limit", LONGEST_LINE));
    }
    let page = page::read(&lines);
    if page.labels.is_empty() {
        return Err(refused(Code::AnnexWithoutRows));
    }
    if page.pieces.len() > MOST_PIECES {
        let count = page.pieces.len();
        return Err(refused(Code::AnnexTooLong).with("count", count).with("limit", MOST_PIECES));
    }
    let targets = Targets::new(crosswalk);
    let junctions = Junctions::new(&page, &targets);
    let sentences = sentences(&junctions, page.pieces.len());
    Ok(align::align(&page, &targets, &junctions, &sentences, crosswalk))
}

/// A line of one cell is short; anything longer is another kind of file. In bytes.
const LONGEST_LINE: usize = 4_000;

/// Chains the pieces so that the sum of the scores is greatest.
fn sentences(junctions: &Junctions<'_>, count: usize) -> Vec<Sentence> {
    let edges: Vec<Vec<Option<Junction>>> =
        (0..count).map(|a| (0..count).map(|b| junctions.between(a, b)).collect()).collect();
    let begins = junctions.alternatives(&edges);
    // As many columns more as there are pieces: each may be followed by nothing, at no cost.
    let mut cost = vec![vec![0.0; 2 * count]; count];
    for (a, row) in edges.iter().enumerate() {
        for (b, edge) in row.iter().enumerate() {
            cost[a][b] = edge.filter(|_| !begins[b]).map_or(FORBIDDEN, |junction| -junction.score);
        }
    }
    loop {
        let next: Vec<Option<usize>> =
            assign(&cost).into_iter().map(|column| column.filter(|&b| b < count)).collect();
        // Circles are cut where they hold least; every round forbids an edge, so that this ends.
        match weakest_of_a_circle(&next, &edges) {
            Some((a, b)) => cost[a][b] = FORBIDDEN,
            None => return chains(&next, &edges),
        }
    }
}

fn weakest_of_a_circle(next: &[Option<usize>], edges: &[Vec<Option<Junction>>]) -> Option<(usize, usize)> {
    let mut reached = vec![false; next.len()];
    for start in heads(next) {
        let mut at = Some(start);
        while let Some(piece) = at {
            reached[piece] = true;
            at = next[piece];
        }
    }
    let start = reached.iter().position(|r| !r)?;
    let mut circle = vec![(start, next[start]?)];
    while let Some(&(_, at)) = circle.last()
        && at != start
    {
        circle.push((at, next[at]?));
    }
    let score = |&(a, b): &(usize, usize)| edges[a][b].map_or(0.0, |junction| junction.score);
    circle.into_iter().min_by(|x, y| score(x).total_cmp(&score(y)))
}

/// Pieces that follow nothing.
fn heads(next: &[Option<usize>]) -> Vec<usize> {
    let mut follows = vec![false; next.len()];
    for piece in next.iter().flatten() {
        follows[*piece] = true;
    }
    (0..next.len()).filter(|&n| !follows[n]).collect()
}

fn chains(next: &[Option<usize>], edges: &[Vec<Option<Junction>>]) -> Vec<Sentence> {
    let chain = |head: usize| {
        let mut sentence = Sentence { pieces: vec![head], shown: true };
        let mut at = head;
        while let Some(piece) = next[at] {
            sentence.shown &= edges[at][piece].is_some_and(|junction| junction.shown);
            sentence.pieces.push(piece);
            at = piece;
        }
        sentence
    };
    heads(next).into_iter().map(chain).collect()
}

#[cfg(test)]
mod tests;
