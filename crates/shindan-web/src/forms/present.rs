//! What is stored already: a form that changes a record opens with it. What the person leaves is left, what they empty is emptied, and
//! what somebody else changed meanwhile is shown beside.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};
use shindan_app::records::{Records, state_after};
use shindan_domain::ledger::{Kind, Stream};
use shindan_domain::record_id::PersonId;
use shindan_report::words::Words;
use shindan_server::problem::Problem;
use uuid::Uuid;

use super::body::{Wrong, value};
use super::choices::Choices;
use super::field::{Field, Of, Shape};
use super::typed::Typed;
use crate::visit::Visit;

/// What a command does with a field that its body does not name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Absent {
    /// It stays as it is: only what was changed is sent.
    Stays,
    /// It is empty: everything is sent.
    Empty,
}

/// Where the values of a form's fields stand in the stored state: below which place, fields that stand elsewhere (an empty place:
/// nowhere), and what absence means. In a place, `$` is the last of a list, `?` the one with the key that the form names, `**` however
/// deep, for what is kept as the stages go on.
struct Places {
    below: &'static str,
    but: &'static [(&'static str, &'static str)],
    absent: Absent,
}

fn places(of: Of<'_>) -> Option<Places> {
    let stays = |below, but| Some(Places { below, but, absent: Absent::Stays });
    let empty = |below, but| Some(Places { below, but, absent: Absent::Empty });
    match (of.kind, of.command) {
        ("party" | "site" | "system" | "environment" | "product" | "release" | "deployment", "change") => {
            stays("/particulars", &[])
        }
        ("asset", "change") => {
            const BUT: &[(&str, &str)] = &[
                ("patcher", "/particulars/patcher/party"),
                ("settle_by", "/particulars/patcher/to-be-settled"),
            ];
            stays("/particulars", BUT)
        }
        ("source" | "interface" | "assessment-plan", "change") => stays("/draft", &[]),
        ("device", "change") => {
            const BUT: &[(&str, &str)] = &[
                ("macs", "/network/macs"),
                ("addresses", "/network/addresses"),
                ("host_names", "/network/host_names"),
                ("serial", "/network/serial"),
                ("firmware", "/network/firmware"),
            ];
            stays("", BUT)
        }
        // Its lists are extended, not replaced.
        ("patch", "correct") => {
            stays("/particulars", &[("cases", ""), ("vulnerabilities", ""), ("expected", "")])
        }
        ("agreement", "dates") => stays("/content", &[]),
        ("agreement", "change-duty") => stays("/content/duties/?", &[("duty", "")]),
        ("device", "set-line") => empty("", &[("line", "/remote_line"), ("reason", "")]),
        ("device", "plan-updates") => empty(
            "/updates",
            &[
                ("how", "/updates/method/how"),
                ("every_days", "/updates/method/interval_days"),
                ("responsible", "/updates/method/responsible"),
            ],
        ),
        ("device", "state-use") => empty("/uses/$/given", &[("documents", ""), ("reason", "")]),
        ("device", "write-rule") => empty("/rules/$/text", &[]),
        ("notice", "judge") => empty("/judgement", &[]),
        // Done once more, they open with what was said before.
        ("case", "judge") => empty("/stage/judgement", &[]),
        ("case", "analyse") => empty(
            "/stage/analysis/inputs",
            &[
                ("departs", "/stage/analysis/inputs/departs/priority"),
                ("departs_because", "/stage/analysis/inputs/departs/reason"),
            ],
        ),
        ("case", "decide") => empty("/stage/decision", &[("until", "/stage/decision/accept_until")]),
        ("change", "assess-impact") => empty("/stage/**/impact", &[]),
        ("change", "plan-tests") => empty("/stage/**", &[]),
        // What came out is told anew each time; where it is tested, seldom changes.
        ("change", "run-test") => empty("/nowhere", &[("place", "/stage/**/runs/$/place")]),
        // A consent that was withdrawn: the next one is for another time.
        ("change", "consent") => empty("/stage/**/consent", &[("from", ""), ("until", "")]),
        ("person", "assign") => empty("", &[]),
        _ => None,
    }
}

/// Fields that only say that another one holds nothing: that is told from the other one.
pub(crate) const TELL_EMPTY: &[(&str, &str, &str)] = &[
    ("source", "interval_hours", "no_interval"),
    ("source", "responsible", "no_responsible"),
    ("interface", "mechanism", "no_mechanism"),
];

/// Whether a field of a form that changes something is told from another one, and not asked for.
pub(crate) fn is_told(of: Of<'_>, name: &str) -> bool {
    of.command == "change"
        && (name == "clear" || TELL_EMPTY.iter().any(|(kind, _, told)| *kind == of.kind && *told == name))
}

/// Of two such fields one is given.
fn instead(name: &str) -> Option<&'static str> {
    match name {
        "patcher" => Some("settle_by"),
        "settle_by" => Some("patcher"),
        _ => None,
    }
}

/// What a form that changes something begins with.
#[derive(Debug, Clone)]
pub(crate) struct Present {
    kind: String,
    absent: Absent,
    /// What is stored now.
    now: Typed,
    /// What was stored when the form was opened.
    was: Typed,
    /// Fields that the command takes away by name.
    clears: BTreeSet<String>,
    /// Names of the files that stand in fields now, by path: they do not go along by themselves.
    files: BTreeMap<String, String>,
}

impl Present {
    /// What is stored, for a step that changes it. `seen`: the revision that the person saw.
    ///
    /// # Errors
    /// Those of reading the record.
    pub(crate) fn read(
        visit: &Visit<'_, '_>,
        of: Of<'_>,
        (stream, fields, schema): (Stream, &[Field], &Value),
        (choices, typed, seen): (&Choices, &Typed, Option<u64>),
    ) -> Result<Option<Present>, Problem> {
        if (of.kind, of.command) == ("person", "rename") {
            let name = visit.session.records.name(PersonId(stream.id)).unwrap_or_default();
            let now = Typed::of(vec![("name".to_owned(), name)]);
            return Ok(Some(Present::new(of, Absent::Empty, (now.clone(), now), schema)));
        }
        let Some(places) = places(of) else { return Ok(None) };
        let (records, who) = (&*visit.session.records, &visit.session.who);
        let called = Called { records, choices };
        let state = |entries| {
            let state = state_after(records, who, stream, entries);
            state.map_err(|error| visit.session.problem(error))
        };
        let stored = state(None)?;
        let now = places.typed(of, &stored, fields, &called, typed);
        let was = match seen {
            Some(seen) => places.typed(of, &state(Some(seen))?, fields, &called, typed),
            None => now.clone(),
        };
        // The first time, there is nothing to begin with.
        if places.absent == Absent::Empty && now.is_empty() && was.is_empty() {
            return Ok(None);
        }
        let files = places.files(&stored, fields, typed);
        Ok(Some(Present { files, ..Present::new(of, places.absent, (now, was), schema) }))
    }

    fn new(of: Of<'_>, absent: Absent, (now, was): (Typed, Typed), schema: &Value) -> Present {
        let clears = schema["properties"]["clear"]["items"]["enum"].as_array().into_iter().flatten();
        let clears = clears.filter_map(Value::as_str).map(str::to_owned).collect();
        Present { kind: of.kind.to_owned(), absent, now, was, clears, files: BTreeMap::new() }
    }

    /// What the form shows when it is opened: what the address gives, else what is stored.
    pub(crate) fn opened(&self, fields: &[Field], asked: &Typed) -> Typed {
        let mut typed = asked.clone();
        for field in fields.iter().filter(|field| !asked.has(&field.path)) {
            typed.take_over(&field.path, &self.now);
        }
        typed
    }

    /// After somebody else changed the record: what the person left alone is taken over as it is now.
    pub(crate) fn rebased(&self, fields: &[Field], sent: &Typed) -> Typed {
        let mut typed = sent.clone();
        for field in fields {
            if same(field, sent, &self.was) && !same(field, &self.was, &self.now) {
                typed.take_over(&field.path, &self.now);
            }
        }
        typed
    }

    /// What is stored otherwise than it was when the form was opened, and otherwise than the form says: by path, in words.
    pub(crate) fn meanwhile(&self, fields: &[Field], typed: &Typed, w: &Words) -> BTreeMap<String, String> {
        let changed = fields.iter().filter(|field| !same(field, &self.was, &self.now));
        let text = |field: &Field| {
            let now = shown(field, &self.now, w);
            let key =
                if same(field, typed, &self.now) { "web-form-taken-over" } else { "web-form-stored-now" };
            (
                field.path.clone(),
                w.get(
                    key,
                    &[("now", now.as_str().into()), ("before", shown(field, &self.was, w).as_str().into())],
                ),
            )
        };
        changed.map(text).collect()
    }

    /// The names of the files that stand in a field now.
    pub(crate) fn files(&self, path: &str) -> Option<&str> {
        self.files.get(path).map(String::as_str)
    }

    /// Whether a field of the form as a whole can be emptied.
    pub(crate) fn can_be_empty(&self, field: &Field) -> bool {
        let told = TELL_EMPTY.iter().any(|(kind, name, _)| *kind == self.kind && *name == field.name);
        let list = matches!(
            field.shape,
            Shape::Lines
                | Shape::Files
                | Shape::Choices(..)
                | Shape::Records(_)
                | Shape::Insides
                | Shape::Rows(_)
                | Shape::Group(_)
        );
        !field.required && (list || told || self.absent == Absent::Empty || self.clears.contains(&field.name))
    }

    /// Whether a field must hold something, though its command can do without it: nothing takes its value away.
    pub(crate) fn must_hold(&self, field: &Field) -> bool {
        !self.can_be_empty(field)
            && self.now.has(&field.path)
            && instead(&field.name).is_none()
            && !matches!(field.shape, Shape::Flag)
    }

    /// The body: what was changed, and what was emptied. What did not come with the form at all is left alone.
    ///
    /// # Errors
    /// Which fields are wrong.
    pub(crate) fn body(&self, fields: &[Field], typed: &Typed) -> Result<Value, Vec<Wrong>> {
        if self.absent == Absent::Empty {
            return super::body::body(fields, typed);
        }
        let (mut body, mut wrong, mut clear) = (Map::new(), Vec::new(), Vec::new());
        for field in fields.iter().filter(|field| field.required || typed.holds(&field.path)) {
            let given = value(field, &field.path, typed, &mut wrong);
            if field.required {
                match given {
                    Some(given) => drop(body.insert(field.name.clone(), given)),
                    None => wrong.push((field.path.clone(), "web-form-needed")),
                }
                continue;
            }
            let before = value(field, &field.path, &self.was, &mut Vec::new());
            if given == before || wrong.iter().any(|(path, _)| path.starts_with(&field.path)) {
                continue;
            }
            match given {
                Some(given) => drop(body.insert(field.name.clone(), given)),
                None => self.emptied((field, typed), &mut body, &mut clear, &mut wrong),
            }
        }
        if !clear.is_empty() {
            body.insert("clear".to_owned(), Value::Array(clear));
        }
        if wrong.is_empty() { Ok(Value::Object(body)) } else { Err(wrong) }
    }

    fn emptied(
        &self,
        (field, typed): (&Field, &Typed),
        body: &mut Map<String, Value>,
        clear: &mut Vec<Value>,
        wrong: &mut Vec<Wrong>,
    ) {
        let told = TELL_EMPTY.iter().find(|(kind, name, _)| *kind == self.kind && *name == field.name);
        if let Some((_, _, told)) = told {
            body.insert((*told).to_owned(), Value::Bool(true));
        } else if self.clears.contains(&field.name) {
            clear.push(Value::String(field.name.clone()));
        } else if let Shape::Group(_) = field.shape {
            body.insert(field.name.clone(), Value::Object(Map::new()));
        } else if self.can_be_empty(field) {
            body.insert(field.name.clone(), Value::Array(Vec::new()));
        } else if !instead(&field.name).is_some_and(|other| typed.has(other)) {
            wrong.push((field.path.clone(), "web-form-must-hold"));
        }
    }
}

/// What a further version of a policy begins with: the last one, if the address names a policy (`from`).
///
/// # Errors
/// Those of reading it.
pub(crate) fn further(
    visit: &Visit<'_, '_>,
    fields: &[Field],
    choices: &Choices,
    typed: &mut Typed,
) -> Result<(), Problem> {
    let Some(from) = typed.pressed("from").map(str::to_owned) else { return Ok(()) };
    let stream = visit.find(Kind::Policy, &from)?;
    let (records, who) = (&*visit.session.records, &visit.session.who);
    let state = state_after(records, who, stream, None).map_err(|error| visit.session.problem(error))?;
    let called = Called { records, choices };
    let content = at(&state, "/versions/$/content", typed).unwrap_or(&Value::Null);
    let about = content["kind"].as_str().unwrap_or_default().replace('-', "_");
    for field in fields {
        match field.name.as_str() {
            "title" => fill(field, &field.path, &state["title"], &called, typed),
            name if name == about => fill(field, &field.path, &content["says"], &called, typed),
            _ => {}
        }
    }
    Ok(())
}

fn same(field: &Field, one: &Typed, other: &Typed) -> bool {
    let of = |typed| value(field, &field.path, typed, &mut Vec::new());
    of(one) == of(other)
}

/// The value of a field in words.
fn shown(field: &Field, typed: &Typed, w: &Words) -> String {
    let term = |set: &str, value: &str| w.t(&format!("term-{set}-{value}"));
    let values = typed.below(&field.path).into_iter().map(|value| match &field.shape {
        Shape::Choice(set, _) | Shape::Choices(set, _) => term(set, value),
        Shape::Change => w.t(&format!("web-form-change-{value}")),
        _ => value.to_owned(),
    });
    let values = values.collect::<Vec<_>>();
    if values.is_empty() { w.t("web-form-nothing") } else { values.join(" / ") }
}

/// How records are called.
struct Called<'c> {
    records: &'c Records,
    choices: &'c Choices,
}

impl Called<'_> {
    fn of(&self, kind: Kind, id: &str) -> String {
        let listed = self.choices.records.get(&kind).into_iter().flatten().find(|choice| choice.id == id);
        let by_name = || self.records.called(Stream::new(kind, id.parse::<Uuid>().ok()?));
        listed.map(|choice| choice.called.clone()).or_else(by_name).unwrap_or_else(|| id.to_owned())
    }
}

impl Places {
    /// Where the value of a field stands; `None`: nowhere.
    fn of(&self, field: &Field) -> Option<String> {
        match self.but.iter().find(|(name, _)| *name == field.name) {
            Some((_, "")) => None,
            Some((_, place)) => Some((*place).to_owned()),
            // A field of the same name below the place, whatever is written between its words.
            None => Some(format!("{}/{}", self.below, field.name)),
        }
    }

    /// The names of files that are stored, by the path of their field.
    fn files(&self, state: &Value, fields: &[Field], typed: &Typed) -> BTreeMap<String, String> {
        let of_files = fields.iter().filter(|field| matches!(field.shape, Shape::Files));
        let named = of_files.filter_map(|field| {
            let stored = at(state, &self.of(field)?, typed)?.as_array()?;
            let names: Vec<&str> = stored.iter().filter_map(|one| one["name"].as_str()).collect();
            (!names.is_empty()).then(|| (field.path.clone(), names.join(", ")))
        });
        named.collect()
    }

    fn typed(
        &self,
        of: Of<'_>,
        state: &Value,
        fields: &[Field],
        called: &Called<'_>,
        typed: &Typed,
    ) -> Typed {
        let mut present = Typed::default();
        for field in fields {
            let Some(place) = self.of(field) else { continue };
            if let Some(stored) = at(state, &place, typed) {
                fill(field, &field.path, stored, called, &mut present);
            }
        }
        if (of.kind, of.command) == ("device", "change")
            && state.pointer("/network/dhcp") == Some(&Value::Bool(true))
        {
            present.add("addresses".to_owned(), "dhcp".to_owned());
        }
        present
    }
}

/// What stands at a place of the state.
fn at<'v>(state: &'v Value, place: &str, typed: &Typed) -> Option<&'v Value> {
    let (mut here, mut deep) = (state, false);
    for part in place.split('/').skip(1) {
        if part == "**" {
            deep = true;
            continue;
        }
        if std::mem::take(&mut deep) {
            here = inside(here, part)?;
            continue;
        }
        here = match (part, here) {
            ("$", Value::Array(all)) => all.last()?,
            ("?", Value::Array(all)) => all.iter().find(|one| one["key"] == typed.text("duty"))?,
            (name, Value::Object(all)) => all.get(name).or_else(|| all.get(&name.replace('_', "-")))?,
            _ => return None,
        };
    }
    Some(here).filter(|value| !value.is_null())
}

/// What has this name, however deep inside; lists are not looked into.
fn inside<'v>(value: &'v Value, name: &str) -> Option<&'v Value> {
    let all = value.as_object()?;
    all.get(name).or_else(|| all.values().find_map(|below| inside(below, name)))
}

/// Writes a stored value as a person would have typed it.
fn fill(field: &Field, path: &str, stored: &Value, called: &Called<'_>, typed: &mut Typed) {
    let all = || stored.as_array().into_iter().flatten();
    match &field.shape {
        Shape::Group(fields) => below(fields, path, stored, called, typed),
        Shape::Rows(fields) => {
            for (row, one) in all().enumerate() {
                below(fields, &format!("{path}.{row}"), one, called, typed);
            }
        }
        // Files are not sent again, and names with values are never changed as a whole.
        Shape::File | Shape::Files | Shape::Pairs(_) => {}
        Shape::Lines | Shape::Choices(..) | Shape::Insides => {
            all().filter_map(Value::as_str).for_each(|text| typed.add(path.to_owned(), text.to_owned()));
        }
        Shape::Records(kind) => {
            all().filter_map(Value::as_str).for_each(|id| typed.add(path.to_owned(), called.of(*kind, id)))
        }
        shape => {
            if let Some(text) = one(shape, stored, called) {
                typed.add(path.to_owned(), text);
            }
        }
    }
}

fn below(fields: &[Field], path: &str, stored: &Value, called: &Called<'_>, typed: &mut Typed) {
    for field in fields {
        let value = stored.get(&field.name).or_else(|| stored.get(field.name.replace('_', "-")));
        if let Some(value) = value.filter(|value| !value.is_null()) {
            fill(field, &format!("{path}.{}", field.name), value, called, typed);
        }
    }
}

fn one(shape: &Shape, stored: &Value, called: &Called<'_>) -> Option<String> {
    match (shape, stored) {
        (Shape::Flag, Value::Bool(on)) => on.then(|| "yes".to_owned()),
        (Shape::Change, Value::Bool(on)) => Some(if *on { "yes" } else { "no" }.to_owned()),
        (Shape::Record(kind), Value::String(id)) => Some(called.of(*kind, id)),
        (Shape::Moment, Value::String(text)) => Some(super::body::as_typed(text.parse().ok()?)),
        (_, Value::String(text)) => Some(text.clone()),
        (_, Value::Number(number)) => Some(number.to_string()),
        _ => None,
    }
}
