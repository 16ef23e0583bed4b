//! The parts of a form as the page shows them: one after the other, groups opened and closed.

use std::collections::BTreeMap;

use shindan_domain::ledger::Kind;
use shindan_report::words::Words;

use super::body::{Wrong, within};
use super::choices::Choices;
use super::field::{Field, Of, Shape};
use super::folds::{self, Fold};
use super::present::Present;
use super::typed::Typed;

/// Rows that a list shows at first.
const FIRST_ROWS: usize = 3;
/// More choices than this stand in a list that opens.
const RADIOS: usize = 4;
/// More records than this are typed with a list of suggestions, not ticked.
const TICKED: usize = 12;

/// A part of the page.
#[derive(Debug, Clone)]
pub(crate) enum Part {
    /// A group begins.
    Open {
        legend: String,
        hint: String,
        /// It opens on demand; whether it is open now.
        details: Option<bool>,
        required: bool,
    },
    /// A group ends.
    Close { details: bool },
    /// A field.
    Field(Shown),
    /// The button that gives further rows.
    More { path: String },
}

/// A field as it is shown.
#[derive(Debug, Clone)]
pub(crate) struct Shown {
    pub id: String,
    pub path: String,
    pub label: String,
    pub hint: String,
    pub required: bool,
    /// What is wrong with it, in words.
    pub wrong: String,
    /// What somebody else made of it meanwhile.
    pub meanwhile: String,
    /// The cursor stands here at first.
    pub first: bool,
    pub widget: Widget,
}

/// How a field is filled in.
#[derive(Debug, Clone)]
pub(crate) enum Widget {
    /// One line: type of the input, value, the list of suggestions.
    Input {
        of: &'static str,
        value: String,
        list: String,
    },
    /// Several single lines with one name.
    Inputs {
        values: Vec<String>,
        list: String,
    },
    Area {
        value: String,
        rows: u8,
    },
    Flag {
        on: bool,
    },
    Radios(Vec<Pick>),
    Select(Vec<Pick>),
    Checks(Vec<Pick>),
    /// Files: what was taken in before, and whether several can be sent.
    File {
        kept: Vec<Kept>,
        several: bool,
    },
}

/// Something to choose.
#[derive(Debug, Clone)]
pub(crate) struct Pick {
    pub value: String,
    pub text: String,
    pub on: bool,
}

/// A file that was taken in with the form before.
#[derive(Debug, Clone)]
pub(crate) struct Kept {
    /// `hash name`.
    pub value: String,
    /// What is said about it.
    pub text: String,
}

/// Makes the parts.
pub(crate) struct Making<'m> {
    pub w: &'m Words,
    pub of: Of<'m>,
    pub typed: &'m Typed,
    pub choices: &'m Choices,
    /// What is wrong, in words, by path.
    pub wrong: &'m BTreeMap<String, String>,
    /// More rows for this list.
    pub more: Option<&'m str>,
    /// What is stored, in a form that changes it.
    pub present: Option<&'m Present>,
    /// What somebody else made of fields meanwhile, in words, by path.
    pub meanwhile: BTreeMap<String, String>,
    parts: Vec<Part>,
}

impl<'m> Making<'m> {
    pub(crate) fn new(
        (w, of): (&'m Words, Of<'m>),
        typed: &'m Typed,
        choices: &'m Choices,
        wrong: &'m BTreeMap<String, String>,
    ) -> Making<'m> {
        Making {
            w,
            of,
            typed,
            choices,
            wrong,
            more: None,
            present: None,
            meanwhile: BTreeMap::new(),
            parts: Vec::new(),
        }
    }

    /// The parts of all fields; the cursor stands in the first that is wrong.
    pub(crate) fn parts(mut self, fields: &[Field]) -> Vec<Part> {
        let folds = folds::of(self.of);
        let folded = |field: &Field| folds.iter().any(|fold| fold.fields.contains(&field.name.as_str()));
        let usual = fields.iter().filter(|field| !folded(field));
        usual.for_each(|field| self.field(field, &field.name));
        folds.iter().for_each(|fold| self.fold(fold, fields));
        let focus = |part: &mut Part| match part {
            Part::Field(shown) if !shown.wrong.is_empty() => {
                shown.first = true;
                true
            }
            _ => false,
        };
        let _found = self.parts.iter_mut().any(focus);
        self.parts
    }

    fn fields(&mut self, fields: &[Field], above: &str) {
        for field in fields {
            self.field(field, &within(above, field));
        }
    }

    fn fold(&mut self, fold: &Fold, fields: &[Field]) {
        let (key, inside) = (fold.words(self.of), fold.among(fields));
        let open = inside.iter().any(|field| self.typed.has(&field.path) || self.touched(&field.path));
        let hint = self.w.t(&format!("{key}-hint"));
        self.parts.push(Part::Open { legend: self.w.t(&key), hint, details: Some(open), required: false });
        inside.iter().for_each(|field| self.field(field, &field.name));
        self.parts.push(Part::Close { details: true });
    }

    fn field(&mut self, field: &Field, path: &str) {
        match &field.shape {
            Shape::Group(fields) => {
                let details = (!field.required).then(|| self.touched(path));
                self.open(field, details);
                self.wrong_group(field, path);
                self.fields(fields, path);
                self.parts.push(Part::Close { details: details.is_some() });
            }
            Shape::Rows(fields) | Shape::Pairs(fields) => self.rows(field, fields, path),
            _ => {
                let shown = self.shown(field, path);
                self.parts.push(Part::Field(shown));
            }
        }
    }

    fn open(&mut self, field: &Field, details: Option<bool>) {
        let (legend, hint) = (label(self.w, self.of, field), hint(self.w, self.of, field));
        self.parts.push(Part::Open { legend, hint, details, required: field.required });
    }

    fn rows(&mut self, field: &Field, fields: &[Field], path: &str) {
        let details = (!field.required).then(|| self.touched(path));
        self.open(field, details);
        self.wrong_group(field, path);
        let known = self.typed.rows(path).last().map_or(0, |last| last + 1);
        let more = if self.more == Some(path) { FIRST_ROWS } else { 0 };
        for row in 0..(known + more).max(FIRST_ROWS) {
            let legend = self.w.get("web-form-row", &[("number", (row + 1).to_string().as_str().into())]);
            self.parts.push(Part::Open { legend, hint: String::new(), details: None, required: false });
            self.fields(fields, &format!("{path}.{row}"));
            self.parts.push(Part::Close { details: false });
        }
        self.parts.push(Part::More { path: path.to_owned() });
        self.parts.push(Part::Close { details: details.is_some() });
    }

    /// What is wrong with a group as a whole.
    fn wrong_group(&mut self, field: &Field, path: &str) {
        if let Some(text) = self.wrong.get(path) {
            let shown = Shown { wrong: text.clone(), ..self.bare(field, path, Widget::Checks(Vec::new())) };
            self.parts.push(Part::Field(shown));
        }
    }

    /// Whether something stands or is wrong below.
    fn touched(&self, path: &str) -> bool {
        let below = format!("{path}.");
        self.typed.any_below(&below)
            || self.more.is_some_and(|more| more == path || more.starts_with(&below))
            || self.meanwhile.contains_key(path)
            || self.wrong.keys().any(|known| known == path || known.starts_with(&below))
    }

    fn bare(&self, field: &Field, path: &str, widget: Widget) -> Shown {
        Shown {
            id: format!("f-{}", path.replace(['.', '_'], "-")),
            path: path.to_owned(),
            label: label(self.w, self.of, field),
            hint: hint(self.w, self.of, field),
            required: field.required,
            wrong: self.wrong.get(path).cloned().unwrap_or_default(),
            meanwhile: self.meanwhile.get(path).cloned().unwrap_or_default(),
            first: false,
            widget,
        }
    }

    fn shown(&self, field: &Field, path: &str) -> Shown {
        let mut shown = self.bare(field, path, self.widget(field, path));
        if let Shape::Record(kind) | Shape::Records(kind) = &field.shape
            && self.choices.more.contains(kind)
        {
            shown.hint = format!("{} {}", shown.hint, self.w.t("web-form-many")).trim().to_owned();
        }
        // In a row, a field is needed only if the row is.
        let in_row = path.split('.').any(|part| part.parse::<usize>().is_ok());
        let in_group = path.contains('.');
        shown.required = field.required && !in_row && (!in_group || self.group_needed(path));
        self.changes_value(field, path, &mut shown);
        shown
    }

    /// In a form that changes what is stored: whether the field can be emptied.
    fn changes_value(&self, field: &Field, path: &str, shown: &mut Shown) {
        let Some(present) = self.present.filter(|_| !path.contains('.')) else { return };
        shown.required = shown.required || present.must_hold(field);
        if let Some(names) = present.files(path) {
            let before = self.w.get("web-form-files-before", &[("names", names.into())]);
            shown.hint = format!("{} {before}", shown.hint).trim().to_owned();
        }
        if present.can_be_empty(field) {
            shown.hint = format!("{} {}", shown.hint, self.w.t("web-form-can-be-empty")).trim().to_owned();
        }
    }

    /// Whether nothing can be chosen in a field that its command can do without.
    fn can_be_none(&self, field: &Field, path: &str) -> bool {
        let of_form = self.present.filter(|_| !path.contains('.'));
        !field.required && !of_form.is_some_and(|present| present.must_hold(field))
    }

    /// Whether the browser may insist on a field inside a group: only where something of the group stands already.
    fn group_needed(&self, path: &str) -> bool {
        path.rsplit_once('.').is_some_and(|(group, _)| self.touched(group))
    }

    fn widget(&self, field: &Field, path: &str) -> Widget {
        let text = self.typed.text(path).to_owned();
        let input = |of, list| Widget::Input { of, value: text.clone(), list };
        match &field.shape {
            Shape::Area => Widget::Area { value: self.typed.text(path).to_owned(), rows: 4 },
            Shape::Lines => Widget::Area { value: self.typed.all(path).join("\n"), rows: 4 },
            Shape::Day => input("date", String::new()),
            Shape::Moment => input("datetime-local", String::new()),
            Shape::Number(_) => input("number", String::new()),
            Shape::Flag => Widget::Flag { on: !text.is_empty() },
            Shape::Change => Widget::Radios(self.changes(&text, self.can_be_none(field, path))),
            Shape::Choice(set, values) => {
                let picks = self.terms(set, values, &[&text], !self.can_be_none(field, path));
                if values.len() <= RADIOS { Widget::Radios(picks) } else { Widget::Select(picks) }
            }
            Shape::Choices(set, values) => {
                Widget::Checks(self.terms(set, values, &self.typed.all(path), true))
            }
            Shape::File | Shape::Files => {
                let several = field.shape == Shape::Files;
                let kept: Vec<Kept> =
                    self.typed.all(path).into_iter().map(|value| kept(value, self.w)).collect();
                // Of a single file the one that was sent last.
                let from = if several { 0 } else { kept.len().saturating_sub(1) };
                Widget::File { kept: kept.into_iter().skip(from).collect(), several }
            }
            Shape::Record(kind) => input("text", list_of(kind.as_str())),
            Shape::Id(kind) => Widget::Select(self.ids(*kind, &text)),
            Shape::Records(kind) => self.records(*kind, path),
            Shape::Inside => input("text", self.inside_list()),
            Shape::Insides => self.inputs(path, self.inside_list()),
            Shape::Line | Shape::Group(_) | Shape::Rows(_) | Shape::Pairs(_) => input("text", String::new()),
        }
    }

    fn inside_list(&self) -> String {
        if self.choices.inside.is_empty() { String::new() } else { list_of("inside") }
    }

    fn inputs(&self, path: &str, list: String) -> Widget {
        let mut values: Vec<String> = self.typed.all(path).into_iter().map(str::to_owned).collect();
        let more = if self.more == Some(path) { FIRST_ROWS } else { 0 };
        let empty = FIRST_ROWS.saturating_sub(values.len()).max(1) + more;
        values.extend(std::iter::repeat_n(String::new(), empty));
        Widget::Inputs { values, list }
    }

    fn changes(&self, text: &str, stays: bool) -> Vec<Pick> {
        let pick = |value: &str| Pick {
            value: value.to_owned(),
            text: self.w.t(&format!("web-form-change-{}", if value.is_empty() { "none" } else { value })),
            on: text == value,
        };
        ["", "yes", "no"].into_iter().filter(|value| stays || !value.is_empty()).map(pick).collect()
    }

    fn terms(&self, set: &str, values: &[String], on: &[&str], required: bool) -> Vec<Pick> {
        let none = Pick {
            value: String::new(),
            text: self.w.t("web-form-none"),
            on: on.iter().all(|one| one.is_empty()),
        };
        let pick = |value: &String| Pick {
            text: self.w.t(&format!("term-{set}-{value}")),
            on: on.contains(&value.as_str()),
            value: value.clone(),
        };
        (!required).then_some(none).into_iter().chain(values.iter().map(pick)).collect()
    }

    fn ids(&self, kind: Kind, text: &str) -> Vec<Pick> {
        let none = Pick { value: String::new(), text: self.w.t("web-form-none"), on: text.is_empty() };
        let all = self.choices.records.get(&kind).into_iter().flatten();
        let pick = |choice: &super::choices::Choice| Pick {
            value: choice.id.clone(),
            text: choice.text.clone(),
            on: choice.id == text,
        };
        std::iter::once(none).chain(all.map(pick)).collect()
    }

    fn records(&self, kind: Kind, path: &str) -> Widget {
        let all = self.choices.records.get(&kind).map(Vec::as_slice).unwrap_or_default();
        let on = self.typed.all(path);
        let known = on.iter().all(|one| all.iter().any(|choice| choice.called == *one));
        // Of devices, only those stand here about which something was recorded; any of the ledger can be meant.
        let partial = kind == Kind::Asset || self.choices.more.contains(&kind);
        if all.is_empty() || all.len() > TICKED || partial || !known {
            return self.inputs(path, list_of(kind.as_str()));
        }
        let pick = |choice: &super::choices::Choice| Pick {
            value: choice.called.clone(),
            text: choice.text.clone(),
            on: on.contains(&choice.called.as_str()),
        };
        Widget::Checks(all.iter().map(pick).collect())
    }
}

fn list_of(name: &str) -> String {
    format!("known-{name}")
}

fn kept(value: &str, w: &Words) -> Kept {
    let name = value.split_once(' ').map_or("", |(_, name)| name);
    Kept { value: value.to_owned(), text: w.get("web-form-file-kept", &[("name", name.into())]) }
}

/// The keys under which a field's words can stand, the most particular first.
pub(crate) fn keys(prefix: &str, of: Of<'_>, field: &Field) -> Vec<String> {
    let plain = |text: &str| text.replace(['.', '_'], "-");
    let (path, name) = (plain(&field.path), plain(&field.name));
    let mut keys =
        vec![format!("{prefix}-{}-{}-{path}", of.kind, of.command), format!("{prefix}-{}-{path}", of.kind)];
    if path != name {
        keys.push(format!("{prefix}-{path}"));
    }
    keys.push(format!("{prefix}-{name}"));
    keys
}

/// What a field is called.
pub(crate) fn label(w: &Words, of: Of<'_>, field: &Field) -> String {
    let keys = keys("field", of, field);
    // A test names every field that has no words.
    keys.iter().find_map(|key| w.known(key)).unwrap_or_else(|| field.name.clone())
}

/// What helps with it; empty: nothing.
fn hint(w: &Words, of: Of<'_>, field: &Field) -> String {
    let known = keys("hint", of, field).iter().find_map(|key| w.known(key));
    match (&field.shape, known) {
        (_, Some(hint)) => hint,
        (Shape::Lines, None) => w.t("web-form-one-a-line"),
        (Shape::Moment, None) => w.t("web-form-japan-time"),
        _ => String::new(),
    }
}

/// What is wrong, in words, by path.
pub(crate) fn words_of(wrong: &[Wrong], w: &Words) -> BTreeMap<String, String> {
    wrong.iter().map(|(path, key)| (path.clone(), w.t(key))).collect()
}
