//! Sentences beside the packs: which row, which requirement, which wording; and what is left.

use std::collections::BTreeMap;

use shindan_domain::crosswalk::wording::{
    UnknownEntry, Unreadable, UnreadablePart, WordedControl, WordedRequirement, Wording,
};
use shindan_domain::crosswalk::{Certainty, Crosswalk};

use super::Sentence;
use super::junction::{Junctions, WIDE};
use super::likeness::{Cell, Target, Targets, nearness};
use super::page::{Page, chapter};

/// A sentence less like a text of the packs than this is not placed.
const LEAST_LIKENESS: f64 = 0.15;
/// What standing in the section of the row counts for, in shares of likeness.
const SAME_SECTION: f64 = 0.15;
/// Cells of risk scenarios are narrower than those of controls by at least this, in half-width columns.
const NARROWER: usize = 4;

pub(super) fn align(
    page: &Page,
    targets: &Targets,
    junctions: &Junctions<'_>,
    sentences: &[Sentence],
    crosswalk: &Crosswalk,
) -> Wording {
    let mut table = Table::empty(page, targets);
    let usual = usual_width(page, junctions, sentences);
    for sentence in sentences {
        let Some(&first) = sentence.pieces.first() else { continue };
        let closes = sentence.pieces.last().is_some_and(|&last| page.pieces[last].closes());
        if junctions.is_heading(first) {
            table.heading(sentence);
        } else if !closes {
            table.left(sentence);
        } else if page.pieces[first].width >= WIDE {
            table.requirement(sentence);
        } else if table.width(sentence) + NARROWER <= usual {
            table.risk(sentence);
        } else {
            table.control(sentence);
        }
    }
    table.finish(crosswalk)
}

/// The middle width of full lines of narrow cells.
fn usual_width(page: &Page, junctions: &Junctions<'_>, sentences: &[Sentence]) -> usize {
    let narrow = |n: &usize| page.pieces[*n].width < WIDE && !junctions.is_heading(*n);
    let full = sentences.iter().flat_map(|s| s.pieces.split_last().map(|(_, full)| full).unwrap_or_default());
    let mut widths: Vec<usize> = full.copied().filter(narrow).map(|n| page.pieces[n].width).collect();
    widths.sort_unstable();
    widths.get(widths.len() / 2).copied().unwrap_or_default()
}

/// The cells of the page, being filled.
struct Table<'p> {
    page: &'p Page,
    targets: &'p Targets,
    /// By index of the target.
    controls: BTreeMap<usize, Vec<&'p Sentence>>,
    requirements: BTreeMap<usize, Vec<&'p Sentence>>,
    /// By section.
    risks: BTreeMap<String, Vec<&'p Sentence>>,
    titles: BTreeMap<String, &'p Sentence>,
    /// By number of the requirement.
    headings: BTreeMap<String, String>,
    unreadable: Vec<Unreadable>,
    unknown: Vec<UnknownEntry>,
}

impl<'p> Table<'p> {
    fn empty(page: &'p Page, targets: &'p Targets) -> Self {
        Table {
            page,
            targets,
            controls: BTreeMap::new(),
            requirements: BTreeMap::new(),
            risks: BTreeMap::new(),
            titles: BTreeMap::new(),
            headings: BTreeMap::new(),
            unreadable: Vec::new(),
            unknown: Vec::new(),
        }
    }

    fn text(&self, sentence: &Sentence) -> String {
        sentence.pieces.iter().map(|&n| self.page.pieces[n].text.as_str()).collect()
    }

    fn chars(&self, sentence: &Sentence) -> Vec<char> {
        sentence.pieces.iter().flat_map(|&n| self.page.pieces[n].chars.iter().copied()).collect()
    }

    fn width(&self, sentence: &Sentence) -> usize {
        sentence.pieces.iter().map(|&n| self.page.pieces[n].width).max().unwrap_or_default()
    }

    fn lines(&self, sentences: &[&Sentence]) -> Vec<u32> {
        let pieces = sentences.iter().flat_map(|s| &s.pieces);
        let mut lines: Vec<u32> = pieces.flat_map(|&n| self.page.pieces[n].lines.iter().copied()).collect();
        lines.sort_unstable();
        lines.dedup();
        lines
    }

    fn first_line(&self, sentence: &Sentence) -> u32 {
        self.lines(&[sentence]).first().copied().unwrap_or_default()
    }

    /// The target of a cell that a sentence is most like, if it is like one at all.
    fn best(&self, sentence: &Sentence, fits: impl Fn(&Target) -> bool) -> Option<usize> {
        let chars = self.chars(sentence);
        let near = |target: &Target| {
            let of = sentence.pieces.iter().map(|&n| nearness(&self.page.pieces[n], target, self.page));
            let nearness = of.fold(0.0, f64::max);
            // Words are shared across sections more easily than cells are.
            if nearness > 0.0 { nearness + SAME_SECTION } else { 0.0 }
        };
        let all = self.targets.all.iter().enumerate().filter(|(_, target)| fits(target));
        let scored = all.map(|(n, target)| (n, self.targets.likeness(&chars, target) + near(target)));
        let best = scored.max_by(|a, b| a.1.total_cmp(&b.1))?;
        (best.1 >= LEAST_LIKENESS).then_some(best.0)
    }

    /// What could not be placed.
    fn left(&mut self, sentence: &Sentence) {
        let (text, lines) = (self.text(sentence), self.lines(&[sentence]));
        self.unreadable.push(Unreadable { part: UnreadablePart::Piece, number: None, text, lines });
    }

    fn heading(&mut self, sentence: &'p Sentence) {
        let first = sentence.pieces.first().map(|&n| &self.page.pieces[n]);
        if let Some(circled) = first.and_then(|piece| piece.circled()) {
            let number = circled.to_string();
            if self.targets.all.iter().any(|t| t.cell == Cell::SectionTitle && t.number == number) {
                self.titles.entry(number).or_insert(sentence);
            } else {
                self.unknown.push(UnknownEntry { number, line: self.first_line(sentence) });
            }
        } else if let Some(chapter) = chapter(&self.chars(sentence)) {
            self.chapter(sentence, &chapter);
        } else {
            self.left(sentence);
        }
    }

    /// `9.医療情報システムに用いる情報機器等の資産管理`
    fn chapter(&mut self, sentence: &Sentence, chapter: &str) {
        let of_chapter = |target: &Target| {
            target.cell == Cell::RequirementTitle && split_number(&target.number).1 == chapter
        };
        let Some(found) = self.best(sentence, of_chapter) else {
            let number = format!("{chapter}.");
            if !self.unknown.iter().any(|known| known.number == number) {
                self.unknown.push(UnknownEntry { number, line: self.first_line(sentence) });
            }
            return;
        };
        let text = self.text(sentence);
        let title = text.split_once(['.', '．']).map_or("", |(_, title)| title).trim();
        let known = self.headings.entry(self.targets.all[found].number.clone()).or_default();
        if title.chars().count() > known.chars().count() {
            *known = title.to_owned();
        }
    }

    fn requirement(&mut self, sentence: &'p Sentence) {
        match self.best(sentence, |target| target.cell == Cell::Requirement) {
            Some(target) => self.requirements.entry(target).or_default().push(sentence),
            None => self.left(sentence),
        }
    }

    fn control(&mut self, sentence: &'p Sentence) {
        let on_page = |target: &Target| {
            target.cell == Cell::Control && self.page.labels.iter().any(|l| l.number == target.number)
        };
        match self.best(sentence, on_page) {
            Some(target) => self.controls.entry(target).or_default().push(sentence),
            None => self.left(sentence),
        }
    }

    /// A risk scenario stands beside the rows of its section.
    fn risk(&mut self, sentence: &'p Sentence) {
        let lines = self.lines(&[sentence]);
        let distance = |line: u32| lines.iter().map(|own| own.abs_diff(line)).min().unwrap_or(u32::MAX);
        let nearest = self.page.labels.iter().min_by_key(|label| distance(label.line));
        let section: Option<String> = nearest.map(|label| label.number.chars().take(1).collect());
        let known =
            |section: &String| self.targets.all.iter().any(|t| t.cell == Cell::Risk && t.number == *section);
        match section.filter(known) {
            Some(section) => self.risks.entry(section).or_default().push(sentence),
            None => self.left(sentence),
        }
    }

    fn finish(mut self, crosswalk: &Crosswalk) -> Wording {
        let controls = self.worded_controls();
        let requirements = self.worded_requirements(crosswalk);
        self.missing(crosswalk, &controls, &requirements);
        self.unreadable.sort_by(|a, b| (a.part, &a.lines).cmp(&(b.part, &b.lines)));
        self.unknown.sort_by_key(|entry| entry.line);
        Wording { controls, requirements, unreadable: self.unreadable, unknown: self.unknown }
    }

    fn worded_controls(&mut self) -> Vec<WordedControl> {
        let mut worded: Vec<WordedControl> = Vec::new();
        for label in &self.page.labels {
            let number = &label.number;
            if worded.iter().any(|known| known.number == *number) {
                continue;
            }
            let control = |t: &Target| t.cell == Cell::Control && t.number == *number;
            let Some(target) = self.targets.all.iter().position(control) else {
                self.unknown.push(UnknownEntry { number: number.clone(), line: label.line });
                continue;
            };
            let mut sentences = self.controls.remove(&target).unwrap_or_default();
            sentences.sort_by_key(|sentence| self.first_line(sentence));
            let text: String = sentences.iter().map(|sentence| self.text(sentence)).collect();
            let shown = sentences.len() == 1 && sentences.iter().all(|sentence| sentence.shown);
            let section: String = number.chars().take(1).collect();
            let risk = self.risks.get(&section).map(|all| all.iter().map(|s| self.text(s)).collect());
            worded.push(WordedControl {
                catalog: self.targets.all[target].catalog.clone(),
                number: number.clone(),
                certainty: match (text.is_empty(), shown) {
                    (true, _) => Certainty::Unreadable,
                    (false, true) => Certainty::Read,
                    (false, false) => Certainty::Inferred,
                },
                text: Some(text).filter(|text| !text.is_empty()),
                variants: Vec::new(),
                risk,
                lines: self.lines(&sentences),
            });
        }
        worded
    }

    fn worded_requirements(&self, crosswalk: &Crosswalk) -> Vec<WordedRequirement> {
        let found: Vec<(usize, Vec<Paragraph<'p>>)> = self
            .requirements
            .iter()
            .map(|(target, sentences)| (*target, self.paragraphs(sentences)))
            .collect();
        let mut worded = Vec::new();
        for catalog in crosswalk.catalogs() {
            for requirement in &catalog.requirements {
                let this = |t: &Target| {
                    t.cell == Cell::Requirement && t.catalog == catalog.id && t.number == requirement.number
                };
                let paragraphs = found.iter().find(|(t, _)| this(&self.targets.all[*t]));
                let title = self.headings.get(&requirement.number).cloned();
                if paragraphs.is_none() && title.is_none() {
                    continue;
                }
                let paragraphs = paragraphs.map(|(_, p)| p.as_slice()).unwrap_or_default();
                worded.push(self.worded_requirement(&catalog.id, &requirement.number, title, paragraphs));
            }
        }
        worded
    }

    fn worded_requirement(
        &self,
        catalog: &str,
        number: &str,
        title: Option<String>,
        paragraphs: &[Paragraph<'p>],
    ) -> WordedRequirement {
        let count = paragraphs.iter().map(|p| p.wordings.len()).max().unwrap_or_default();
        let mut texts = (0..count).map(|wording| self.wording(paragraphs, wording));
        let text = texts.next();
        let variants: Vec<String> = texts.filter(|variant| Some(variant) != text.as_ref()).collect();
        let sentences: Vec<&Sentence> = paragraphs.iter().flat_map(|p| p.wordings.iter().copied()).collect();
        let shown = sentences.iter().all(|sentence| sentence.shown);
        let (volume, chapter) = split_number(number);
        WordedRequirement {
            catalog: catalog.to_owned(),
            number: number.to_owned(),
            volume: volume.to_owned(),
            chapter: chapter.to_owned(),
            title,
            certainty: match (&text, shown) {
                (None, _) => Certainty::Unreadable,
                (Some(_), true) => Certainty::Read,
                (Some(_), false) => Certainty::Inferred,
            },
            text,
            variants,
            lines: self.lines(&sentences),
        }
    }

    /// One wording of all paragraphs; a paragraph without it has only one.
    fn wording(&self, paragraphs: &[Paragraph<'p>], wording: usize) -> String {
        let of = |p: &Paragraph<'p>| p.wordings.get(wording).or(p.wordings.first()).map(|s| self.text(s));
        paragraphs.iter().filter_map(of).collect::<Vec<_>>().join("\n")
    }

    /// Sentences that say the same are one paragraph; paragraphs in their order.
    fn paragraphs(&self, sentences: &[&'p Sentence]) -> Vec<Paragraph<'p>> {
        let mut paragraphs: Vec<Paragraph<'p>> = Vec::new();
        for &sentence in sentences {
            let chars = self.chars(sentence);
            let number = item(&chars);
            let same = |p: &&mut Paragraph<'p>| {
                p.number == number && p.wordings.iter().any(|known| alike(&self.chars(known), &chars))
            };
            match paragraphs.iter_mut().find(same) {
                Some(paragraph) => paragraph.wordings.push(sentence),
                None => paragraphs.push(Paragraph { number, wordings: vec![sentence] }),
            }
        }
        // The two layers of the page are set in columns of different width. Nothing on the page says which one is in
        // force; the wider one is the one that the packs follow.
        for paragraph in &mut paragraphs {
            paragraph.wordings.sort_by_key(|sentence| std::cmp::Reverse(self.width(sentence)));
        }
        let line = |p: &Paragraph<'p>| p.wordings.iter().map(|s| self.first_line(s)).min();
        paragraphs.sort_by_key(|p| (p.number, line(p)));
        paragraphs
    }

    /// What the packs have and the page does not tell.
    fn missing(
        &mut self,
        crosswalk: &Crosswalk,
        controls: &[WordedControl],
        requirements: &[WordedRequirement],
    ) {
        let mut add = |part, number: &str, text: String, lines: Vec<u32>| {
            self.unreadable.push(Unreadable { part, number: Some(number.to_owned()), text, lines });
        };
        for control in controls {
            add(UnreadablePart::Mark, &control.number, String::new(), Vec::new());
            if control.text.is_none() {
                add(UnreadablePart::ControlText, &control.number, String::new(), Vec::new());
            }
        }
        for requirement in requirements {
            add(UnreadablePart::ItemNumber, &requirement.number, String::new(), Vec::new());
        }
        for catalog in crosswalk.catalogs() {
            let on_page = |number: &String| controls.iter().any(|c| c.number == *number);
            let of_page = controls.iter().any(|c| c.catalog == catalog.id);
            for control in catalog.controls.iter().filter(|c| of_page && !on_page(&c.number)) {
                add(UnreadablePart::Control, &control.number, String::new(), Vec::new());
            }
            for section in catalog.sections.iter().filter(|_| of_page) {
                let title = self.titles.get(&section.number);
                if title.is_none() || section.title.certainty() != Certainty::Read {
                    let text = title.map(|s| sentence_text(self.page, s)).unwrap_or_default();
                    let lines = title.map(|s| sentence_lines(self.page, s)).unwrap_or_default();
                    add(UnreadablePart::SectionTitle, &section.number, text, lines);
                }
            }
            let known = |number: &String| requirements.iter().any(|r| r.number == *number);
            for requirement in catalog.requirements.iter().filter(|r| !known(&r.number)) {
                add(UnreadablePart::Requirement, &requirement.number, String::new(), Vec::new());
            }
        }
    }
}

fn sentence_text(page: &Page, sentence: &Sentence) -> String {
    sentence.pieces.iter().map(|&n| page.pieces[n].text.as_str()).collect()
}

fn sentence_lines(page: &Page, sentence: &Sentence) -> Vec<u32> {
    let mut lines: Vec<u32> =
        sentence.pieces.iter().flat_map(|&n| page.pieces[n].lines.iter().copied()).collect();
    lines.sort_unstable();
    lines
}

/// One paragraph of a requirement in its wordings, the one set in the widest column first.
struct Paragraph<'p> {
    /// `(1)`; 0 for what stands above the items.
    number: u32,
    wordings: Vec<&'p Sentence>,
}

/// `(2)…` → 2
fn item(chars: &[char]) -> u32 {
    let Some(('(', rest)) = chars.split_first().map(|(first, rest)| (*first, rest)) else { return 0 };
    let digits: String = rest.iter().take_while(|c| c.is_ascii_digit()).take(3).collect();
    digits.parse().unwrap_or(0)
}

/// True if the two texts have most pairs of characters in common.
fn alike(a: &[char], b: &[char]) -> bool {
    let pairs = |text: &[char]| -> std::collections::BTreeSet<Vec<char>> {
        text.windows(2).map(<[char]>::to_vec).collect()
    };
    let (a, b) = (pairs(a), pairs(b));
    let common = a.intersection(&b).count();
    2 * common > a.len().max(b.len())
}

/// `企画管理編 9` → (`企画管理編`, `9`)
fn split_number(number: &str) -> (&str, &str) {
    number.rsplit_once(' ').unwrap_or(("", number))
}
