//! The grammar: a statement is a list of clauses, a clause yields one piece, pieces are joined to ranges.
//!
//! ```text
//! statement = clause { [separator] clause } ;
//! clause    = { noun } [hint] piece { bracket } ;
//! piece     = operator version | version [post | "to" version | series] | "between" … | "all" … ;
//! bracket   = "(" CVE numbers ")" | "(" excluding versions ")" | "(" "formerly" … ")" ;
//! ```
//!
//! Every function returns `None` for "not understood". There is no recursion except one step below "all versions".

use std::cmp::Ordering;

use shindan_domain::version::{Bound, Scheme, VersionRange};

use super::phrase::{self, Phrase};
use super::token::{Key, Token};

/// What a statement says.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Statement {
    /// True if the text says that every version is meant.
    pub all: bool,
    /// Otherwise these.
    pub ranges: Vec<VersionRange>,
    /// Minus these.
    pub except: Vec<VersionRange>,
    /// CVE numbers that the text is limited to.
    pub scope: Vec<String>,
    /// What narrows the product down ("for Windows").
    pub hint: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Piece {
    All,
    Lower(Bound),
    Upper(Bound),
    Exact(Phrase),
    Interval(Bound, Bound),
    Series(Bound, Bound),
}

/// What stands between two pieces.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Gap {
    /// Nothing but blanks.
    None,
    /// A new line.
    Line,
    /// A comma, a bar, "and".
    Separator,
}

struct Parser<'a> {
    tokens: &'a [Token],
    at: usize,
    scope: Vec<String>,
    except: Vec<Phrase>,
    hint: Option<String>,
    /// Set when a noun ("version", "firmware") was passed since the last piece: then `7` is a version.
    noun: bool,
}

/// Parses all tokens or nothing.
pub(super) fn parse(tokens: &[Token], scheme: Scheme) -> Option<Statement> {
    let mut parser = Parser { tokens, at: 0, scope: Vec::new(), except: Vec::new(), hint: None, noun: false };
    let pieces = parser.pieces()?;
    let except = parser.except.iter().map(|p| exact_or_series(p, scheme)).collect();
    let (scope, hint) = (parser.scope, parser.hint);
    if let [(Piece::All, _)] = pieces.as_slice() {
        return Some(Statement { all: true, ranges: Vec::new(), except, scope, hint });
    }
    let ranges = join(pieces, scheme)?;
    if !scope.is_empty() && ranges.len() != 1 {
        // Which of the conditions the CVE numbers belong to is not said.
        return None;
    }
    Some(Statement { all: false, ranges, except, scope, hint })
}

fn exact_or_series(phrase: &Phrase, scheme: Scheme) -> VersionRange {
    match &phrase.series {
        Some(series) => VersionRange {
            scheme,
            lower: Bound::Inclusive(series.first.clone()),
            upper: Bound::Exclusive(series.next.clone()),
        },
        None => VersionRange::exactly(scheme, phrase.text.clone()),
    }
}

impl Parser<'_> {
    fn peek(&self) -> Option<&Token> {
        self.tokens.get(self.at)
    }

    fn rest(&self) -> &[Token] {
        self.tokens.get(self.at..).unwrap_or(&[])
    }

    fn key(&self) -> Option<Key> {
        match self.peek() {
            Some(Token::Key(key)) => Some(*key),
            _ => None,
        }
    }

    fn take(&mut self, wanted: Key) -> bool {
        let found = self.key() == Some(wanted);
        self.at += usize::from(found);
        found
    }

    /// Passes nouns, which say nothing of their own. BIOS is kept as a hint.
    fn nouns(&mut self) -> Option<()> {
        loop {
            match self.key() {
                Some(Key::Noun) => self.noun = true,
                Some(Key::Bios) => {
                    self.noun = true;
                    self.set_hint("BIOS".to_owned())?;
                }
                _ => return Some(()),
            }
            self.at += 1;
        }
    }

    fn set_hint(&mut self, hint: String) -> Option<()> {
        if self.hint.as_ref().is_some_and(|known| *known != hint) {
            return None;
        }
        self.hint = Some(hint);
        Some(())
    }

    /// All pieces, each with what stands in front of it.
    fn pieces(&mut self) -> Option<Vec<(Piece, Gap)>> {
        let mut out: Vec<(Piece, Gap)> = Vec::new();
        loop {
            let separated = self.separators();
            self.nouns()?;
            if self.peek().is_none() {
                // A trailing comma or "and" means that the text was cut off.
                return (separated != Gap::Separator && !out.is_empty()).then_some(out);
            }
            if !out.is_empty() && !self.scope.is_empty() {
                // The limitation to CVE numbers stood behind an earlier clause.
                return None;
            }
            self.try_hint(out.is_empty())?;
            let piece = self.piece()?;
            out.push((piece, separated));
            self.nouns()?;
            self.brackets()?;
            self.noun = false;
        }
    }

    fn separators(&mut self) -> Gap {
        let mut gap = Gap::None;
        while let Some(key) = self.key() {
            match key {
                Key::Pipe | Key::Comma | Key::And | Key::Slash => gap = Gap::Separator,
                Key::Break if gap == Gap::None => gap = Gap::Line,
                Key::Break => {}
                _ => break,
            }
            self.at += 1;
        }
        gap
    }

    /// `for Windows`, `core`, `Windows 版` in front of the first version.
    fn try_hint(&mut self, first: bool) -> Option<()> {
        let words: Vec<&str> = self
            .rest()
            .iter()
            .map_while(|token| if let Token::Word(word) = token { Some(word.as_str()) } else { None })
            .collect();
        let (Some(opening), true) = (words.first().copied(), first) else { return Some(()) };
        let text = words.join(" ");
        let after = self.tokens.get(self.at + words.len()..).unwrap_or(&[]);
        let edition = matches!(after.first(), Some(Token::Key(Key::Edition)));
        let for_words = opening.eq_ignore_ascii_case("for") && words.len() > 1 && phrase::begins(after);
        let component = words.len() == 1 && opening.eq_ignore_ascii_case("core") && phrase::begins(after);
        if edition || for_words || component {
            self.at += words.len() + usize::from(edition);
            self.set_hint(text)?;
            self.nouns()?;
        }
        Some(())
    }

    fn version(&mut self, after_operator: bool) -> Option<Phrase> {
        let (phrase, count) = phrase::read(self.rest(), after_operator)?;
        self.at += count;
        Some(phrase)
    }

    fn piece(&mut self) -> Option<Piece> {
        if let Some(Key::All | Key::Star) = self.key() {
            return self.all();
        }
        self.limited()
    }

    /// "all versions", alone or as a mere opening of a limit ("all versions < V2.0").
    fn all(&mut self) -> Option<Piece> {
        self.at += 1;
        self.nouns()?;
        match self.key() {
            Some(Key::Lt | Key::Le | Key::Gt | Key::Ge | Key::Between | Key::FromBefore) => self.limited(),
            None if self.peek().is_none() => Some(Piece::All),
            Some(Key::Open | Key::Break) => Some(Piece::All),
            _ => None,
        }
    }

    fn limited(&mut self) -> Option<Piece> {
        match self.key() {
            Some(key @ (Key::Lt | Key::Le | Key::Gt | Key::Ge | Key::Eq)) => {
                self.at += 1;
                self.nouns()?;
                let mut phrase = self.operand()?;
                phrase.bare = true;
                phrase.strong = true;
                self.nouns()?;
                Some(match key {
                    Key::Lt => Piece::Upper(upper(&phrase, false)),
                    Key::Le => Piece::Upper(upper(&phrase, true)),
                    Key::Gt => Piece::Lower(lower(&phrase, false)),
                    Key::Ge => {
                        // "since 2.0 onwards" says it twice.
                        self.take(Key::PostGe);
                        Piece::Lower(lower(&phrase, true))
                    }
                    _ => exact(phrase),
                })
            }
            Some(Key::Tilde) => {
                self.at += 1;
                let phrase = self.version(true)?;
                Some(Piece::Upper(upper(&phrase, true)))
            }
            Some(Key::Between) => self.between(),
            Some(Key::FromBefore) => self.starting_from(),
            _ => self.after_version(),
        }
    }

    /// The version behind an operator; `<=(R4.10)` occurs too.
    fn operand(&mut self) -> Option<Phrase> {
        if self.take(Key::Open) {
            let phrase = self.version(true)?;
            return self.take(Key::Close).then_some(phrase);
        }
        self.version(true)
    }

    /// "(including)" or "(excluding)": true for including.
    fn side(&mut self) -> Option<bool> {
        let side = match self.rest() {
            [Token::Key(Key::Open), Token::Key(Key::Including), Token::Key(Key::Close), ..] => true,
            [Token::Key(Key::Open), Token::Key(Key::Excluding), Token::Key(Key::Close), ..] => false,
            _ => return None,
        };
        self.at += 3;
        Some(side)
    }

    fn between(&mut self) -> Option<Piece> {
        self.at += 1;
        self.nouns()?;
        let low = self.version(true)?;
        let low_side = self.side().unwrap_or(true);
        if !self.take(Key::And) {
            return None;
        }
        self.nouns()?;
        let high = self.version(true)?;
        // Whether the upper end belongs to it must be said; "between A and B" alone leaves it open.
        let high_side = self.side()?;
        interval(lower(&low, low_side), upper(&high, high_side))
    }

    fn starting_from(&mut self) -> Option<Piece> {
        self.at += 1;
        self.nouns()?;
        let low = self.version(true)?;
        let low_side = self.side().unwrap_or(true);
        self.nouns()?;
        if self.take(Key::To) || self.take(Key::Dash) {
            self.nouns()?;
            let high = self.version(true)?;
            let high_side = self.side().unwrap_or(true);
            return interval(lower(&low, low_side), upper(&high, high_side));
        }
        self.take(Key::PostGe);
        Some(Piece::Lower(lower(&low, low_side)))
    }

    /// A version with what follows it.
    fn after_version(&mut self) -> Option<Piece> {
        let noun_before = self.noun;
        let mut phrase = self.version(false)?;
        phrase.strong |= noun_before && phrase.bare;
        // の and バージョン may stand between the version and what is said about it.
        let back = self.at;
        self.nouns()?;
        match self.key() {
            Some(Key::PostLt) => self.step(Piece::Upper(upper(&phrase, false))),
            Some(Key::PostLe) => self.step(Piece::Upper(upper(&phrase, true))),
            Some(Key::PostGt) => self.step(Piece::Lower(lower(&phrase, false))),
            Some(Key::PostGe) => self.step(Piece::Lower(lower(&phrase, true))),
            Some(Key::FromAfter | Key::Tilde | Key::To | Key::Dash) => self.open_interval(&phrase),
            Some(Key::Series) => {
                self.at += 1;
                self.nouns()?;
                self.take(Key::All);
                let series =
                    phrase.as_series().filter(|_| phrase.strong || noun_before || is_number(&phrase))?;
                Some(Piece::Series(Bound::Inclusive(series.first), Bound::Exclusive(series.next)))
            }
            Some(Key::All) => {
                let series = phrase.as_series()?;
                self.step(Piece::Series(Bound::Inclusive(series.first), Bound::Exclusive(series.next)))
            }
            Some(Key::Open) => match self.side() {
                Some(low_side) => self.marked_interval(&phrase, low_side),
                None => {
                    self.at = back;
                    Some(exact(phrase))
                }
            },
            _ => Some(exact(phrase)),
        }
    }

    fn step(&mut self, piece: Piece) -> Option<Piece> {
        self.at += 1;
        Some(piece)
    }

    /// "2.0.3 (including) and 2.0.6 (excluding)"
    fn marked_interval(&mut self, low: &Phrase, low_side: bool) -> Option<Piece> {
        if !self.take(Key::And) {
            return None;
        }
        let high = self.version(true)?;
        let high_side = self.side()?;
        interval(lower(low, low_side), upper(&high, high_side))
    }

    /// A から …, A 〜 …, A to …, A - …
    fn open_interval(&mut self, low: &Phrase) -> Option<Piece> {
        let key = self.key()?;
        self.at += 1;
        self.nouns()?;
        let Some(high) = self.version(key != Key::Dash) else {
            let open = matches!(key, Key::FromAfter | Key::Tilde);
            return open.then(|| Piece::Lower(lower(low, true)));
        };
        if key == Key::Dash && !(low.strong && high.strong) {
            return None;
        }
        self.nouns()?;
        let inclusive = match self.key() {
            Some(Key::PostLt) => {
                self.at += 1;
                false
            }
            Some(Key::PostLe) => {
                self.at += 1;
                true
            }
            Some(Key::PostGe | Key::PostGt) => return None,
            _ => self.side().unwrap_or(true),
        };
        interval(lower(low, true), upper(&high, inclusive))
    }

    /// Brackets behind a clause: CVE numbers, exceptions, harmless remarks. Anything else is not understood.
    fn brackets(&mut self) -> Option<()> {
        while self.key() == Some(Key::Open) {
            let inside: Vec<Token> =
                self.rest().iter().skip(1).take_while(|t| **t != Token::Key(Key::Close)).cloned().collect();
            if self.tokens.get(self.at + 1 + inside.len()) != Some(&Token::Key(Key::Close)) {
                return None;
            }
            if let Some(cves) = cve_list(&inside) {
                self.scope.extend(cves);
            } else if let Some(excepted) = exceptions(&inside) {
                self.except.extend(excepted);
            } else if !is_remark(&inside) {
                return None;
            }
            self.at += inside.len() + 2;
            self.nouns()?;
        }
        Some(())
    }
}

fn is_number(phrase: &Phrase) -> bool {
    phrase.text.bytes().all(|b| b.is_ascii_digit())
}

fn cve_list(tokens: &[Token]) -> Option<Vec<String>> {
    let mut out = Vec::new();
    for token in tokens {
        match token {
            Token::Cve(cve) => out.push(cve.clone()),
            Token::Key(Key::Comma | Key::And | Key::Only | Key::Noun | Key::Break | Key::Slash) => {}
            _ => return None,
        }
    }
    (!out.is_empty()).then_some(out)
}

/// "excluding 9.4.2.6 and 9.5.3.2", 「2.3.1 および 2.12.2 を除く」
fn exceptions(tokens: &[Token]) -> Option<Vec<Phrase>> {
    let excluding = Token::Key(Key::Excluding);
    let list = if tokens.first() == Some(&excluding) {
        tokens.get(1..)?
    } else if tokens.last() == Some(&excluding) {
        tokens.get(..tokens.len() - 1)?
    } else {
        return None;
    };
    let mut out = Vec::new();
    let mut at = 0;
    while at < list.len() {
        if let Some(Token::Key(Key::Comma | Key::And | Key::Noun)) = list.get(at) {
            at += 1;
            continue;
        }
        let (phrase, count) = phrase::read(list.get(at..)?, false)?;
        if !phrase.bare {
            return None;
        }
        out.push(phrase);
        at += count;
    }
    (!out.is_empty()).then_some(out)
}

/// "(formerly Power Manager)", "(all editions)": nothing about versions.
fn is_remark(tokens: &[Token]) -> bool {
    let formerly = matches!(tokens.first(), Some(Token::Word(w)) if w.eq_ignore_ascii_case("formerly"))
        && tokens.iter().all(|t| matches!(t, Token::Word(_)));
    let editions = matches!(tokens,
        [Token::Key(Key::All), Token::Word(w)] if w.eq_ignore_ascii_case("editions"));
    formerly || editions
}

fn exact(phrase: Phrase) -> Piece {
    match &phrase.series {
        Some(series) => {
            Piece::Series(Bound::Inclusive(series.first.clone()), Bound::Exclusive(series.next.clone()))
        }
        None => Piece::Exact(phrase),
    }
}

fn lower(phrase: &Phrase, inclusive: bool) -> Bound {
    match (&phrase.series, inclusive) {
        (Some(series), true) => Bound::Inclusive(series.first.clone()),
        (Some(series), false) => Bound::Inclusive(series.next.clone()),
        (None, true) => Bound::Inclusive(phrase.text.clone()),
        (None, false) => Bound::Exclusive(phrase.text.clone()),
    }
}

fn upper(phrase: &Phrase, inclusive: bool) -> Bound {
    match (&phrase.series, inclusive) {
        (Some(series), true) => Bound::Exclusive(series.next.clone()),
        (Some(series), false) => Bound::Exclusive(series.first.clone()),
        (None, true) => Bound::Inclusive(phrase.text.clone()),
        (None, false) => Bound::Exclusive(phrase.text.clone()),
    }
}

/// An interval whose ends are in order; a text that says otherwise was not understood.
fn interval(low: Bound, high: Bound) -> Option<Piece> {
    let (Bound::Inclusive(a) | Bound::Exclusive(a), Bound::Inclusive(b) | Bound::Exclusive(b)) =
        (&low, &high)
    else {
        return None;
    };
    (phrase::compare(a, b) != Ordering::Greater).then_some(Piece::Interval(low, high))
}

/// Joins pieces to ranges: a lower limit with the upper limit that follows it, a version with an upper limit glued
/// to it ("2.0.0 before 2.1.3"). Texts whose conditions could be meant in two ways are not understood.
fn join(pieces: Vec<(Piece, Gap)>, scheme: Scheme) -> Option<Vec<VersionRange>> {
    let mut joined: Vec<Piece> = Vec::new();
    for (piece, gap) in pieces {
        let low = match (&piece, joined.last(), gap) {
            (Piece::Upper(_), Some(Piece::Lower(low)), _) => Some(low.clone()),
            (Piece::Upper(_), Some(Piece::Series(low, _)), Gap::None) => Some(low.clone()),
            (Piece::Upper(_), Some(Piece::Exact(phrase)), Gap::None) if phrase.bare => {
                Some(lower(phrase, true))
            }
            _ => None,
        };
        match (low, piece) {
            (Some(low), Piece::Upper(high)) => {
                joined.pop();
                joined.push(interval(low, high)?);
            }
            // Two versions side by side: what the blank between them means is not said.
            (_, _) if gap == Gap::None && !joined.is_empty() => return None,
            (_, piece) => joined.push(piece),
        }
    }
    let open_below = joined.iter().filter(|p| matches!(p, Piece::Upper(_))).count();
    let single: Vec<&Phrase> = joined
        .iter()
        .filter_map(|p| if let Piece::Exact(phrase) = p { Some(phrase) } else { None })
        .collect();
    // "< 1.99 | 2.20" and "<= 5.0.27 | <= 6.0.16": each may be meant within its series only.
    if open_below > 1 || (open_below == 1 && !single.is_empty()) {
        return None;
    }
    // A number alone may be a model; `1.0-2.0` alone is a range.
    let doubtful = match single.as_slice() {
        [] => false,
        [only] if joined.len() == 1 => !only.strong && only.split_range().is_none(),
        several => !several.iter().any(|phrase| phrase.strong),
    };
    if doubtful {
        return None;
    }
    joined.into_iter().map(|piece| range(piece, scheme)).collect()
}

fn range(piece: Piece, scheme: Scheme) -> Option<VersionRange> {
    let (lower, upper) = match piece {
        Piece::All => return None,
        Piece::Lower(low) => (low, Bound::Unbounded),
        Piece::Upper(high) => (Bound::Unbounded, high),
        Piece::Interval(low, high) | Piece::Series(low, high) => (low, high),
        Piece::Exact(phrase) => match phrase.split_range() {
            Some((low, high)) => (Bound::Inclusive(low), Bound::Inclusive(high)),
            None if phrase.bare => return Some(VersionRange::exactly(scheme, phrase.text)),
            None => return None,
        },
    };
    Some(VersionRange { scheme, lower, upper })
}
