//! Components: the part of the document that is matched, and the part that must be quick.

use std::borrow::Cow;

use serde::de::{Deserialize, DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use shindan_domain::diagnostic::Code;
use shindan_domain::inventory::{Component, Texts};

use super::named::Named;
use super::opinions::Subject;
use super::properties::{Properties, Source};
use super::rules::{self, Check, Rule};
use super::{NO_COMPONENT, Started, State, licences};
use crate::inventory::defects;
use crate::inventory::lenient::{Text, refuse_other_kinds};
use crate::inventory::package_url;
use crate::text::shorten;

/// `components`, at the pointer of the state.
pub(super) struct Components<'s, 'p, 'de>(pub(super) &'s mut State<'p, 'de>);

impl Components<'_, '_, '_> {
    fn refuse(&mut self, value: &str) {
        self.0.refuse("components", value, "array");
    }
}

impl<'de> DeserializeSeed<'de> for Components<'_, '_, 'de> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Components<'_, '_, 'de> {
    type Value = ();

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("an array of components")
    }

    refuse_other_kinds!(but seq);

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<(), A::Error> {
        let state = self.0;
        let outer = state.pointer.len();
        state.pointer.push_str("/components/");
        let stem = state.pointer.len();
        let mut index = 0_u64;
        loop {
            state.pointer.push_str(itoa::Buffer::new().format(index));
            let more = items.next_element_seed(ComponentSeed { state, subject: false })?.is_some();
            state.pointer.truncate(stem);
            if !more {
                break;
            }
            index += 1;
        }
        state.pointer.truncate(outer);
        Ok(())
    }
}

/// A key of a component that is read.
#[derive(Clone, Copy)]
enum Field {
    Name,
    Version,
    Purl,
    Cpe,
    BomRef,
    Type,
    Scope,
    VersionRange,
    IsExternal,
    Components,
    Properties,
    Licences,
    /// Who made it, the best source first.
    Maker(usize),
    Checked(&'static str, &'static Rule),
    Other,
}

impl<'de> Deserialize<'de> for Field {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_identifier(FieldVisitor)
    }
}

struct FieldVisitor;

impl Visitor<'_> for FieldVisitor {
    type Value = Field;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a key")
    }

    fn visit_str<E>(self, key: &str) -> Result<Field, E> {
        Ok(match key {
            "name" => Field::Name,
            "version" => Field::Version,
            "purl" => Field::Purl,
            "cpe" => Field::Cpe,
            "bom-ref" => Field::BomRef,
            "type" => Field::Type,
            "scope" => Field::Scope,
            "versionRange" => Field::VersionRange,
            "isExternal" => Field::IsExternal,
            "components" => Field::Components,
            "manufacturer" => Field::Maker(0),
            "supplier" => Field::Maker(1),
            "publisher" => Field::Maker(2),
            "hashes" => Field::Checked("hashes", &rules::HASHES),
            "licenses" => Field::Licences,
            "properties" => Field::Properties,
            "swid" => Field::Checked("swid", &rules::SWID_TAG),
            "pedigree" => Field::Checked("pedigree", &rules::PEDIGREE_OF),
            _ => Field::Other,
        })
    }
}

/// The fields of one component that matter.
#[derive(Default)]
struct Parts<'de> {
    name: Option<Cow<'de, str>>,
    version: Option<Cow<'de, str>>,
    purl: Option<Cow<'de, str>>,
    cpe: Option<Cow<'de, str>>,
    reference: Option<Cow<'de, str>>,
    /// Names of manufacturer, supplier and publisher.
    makers: [Option<Cow<'de, str>>; 3],
    /// Source package, told by one producer.
    source: Source<'de>,
    has_type: bool,
    has_range: bool,
    external: bool,
}

/// One component, at the pointer of the state.
pub(super) struct ComponentSeed<'s, 'p, 'de> {
    pub(super) state: &'s mut State<'p, 'de>,
    /// It is `metadata.component`.
    pub(super) subject: bool,
}

impl ComponentSeed<'_, '_, '_> {
    fn refuse(&mut self, value: &str) {
        self.state.refuse("", value, "object");
    }
}

impl<'de> DeserializeSeed<'de> for ComponentSeed<'_, '_, 'de> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for ComponentSeed<'_, '_, 'de> {
    type Value = ();

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a component")
    }

    refuse_other_kinds!(but map);

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<(), A::Error> {
        let ComponentSeed { state, subject } = self;
        // The component's place in the list is before its parts.
        let number = state.components.begin(&state.pointer);
        let started = Started { number, references: state.references.len() };
        state.unfinished.push(started);
        let mut parts = Parts::default();
        while let Some(field) = entries.next_key::<Field>()? {
            match field {
                Field::Name => set(&mut parts.name, entries.next_value()?, "name", state),
                Field::Version => set(&mut parts.version, entries.next_value()?, "version", state),
                Field::Purl => set(&mut parts.purl, entries.next_value()?, "purl", state),
                Field::Cpe => set(&mut parts.cpe, entries.next_value()?, "cpe", state),
                Field::BomRef => match entries.next_value()? {
                    Text::Str(reference) => parts.reference = Some(reference),
                    other => set(&mut parts.reference, other, "bom-ref", state),
                },
                Field::Type => {
                    parts.has_type = true;
                    check_word(
                        entries.next_value()?,
                        "type",
                        "component-type",
                        rules::is_component_type,
                        state,
                    );
                }
                Field::Scope => {
                    check_word(entries.next_value()?, "scope", "component-scope", rules::is_scope, state);
                }
                Field::VersionRange => {
                    parts.has_range = entries.next_value::<Text<'_>>()? != Text::Null;
                }
                Field::IsExternal => {
                    parts.external = entries.next_value::<Text<'_>>()? == Text::Scalar("true".to_owned());
                }
                Field::Components => entries.next_value_seed(Components(state))?,
                Field::Properties => {
                    entries.next_value_seed(Properties { state, source: &mut parts.source })?;
                }
                Field::Licences => licences::check(state, &mut entries)?,
                Field::Maker(rank) => {
                    let Named(name) = entries.next_value()?;
                    if let Some(maker) = parts.makers.get_mut(rank) {
                        *maker = name;
                    }
                }
                Field::Checked(field, rule) => {
                    entries.next_value_seed(Check { state, rule, field })?;
                }
                Field::Other => {
                    entries.next_value::<IgnoredAny>()?;
                }
            }
        }
        state.unfinished.pop();
        state.finish_component(started, parts, subject);
        Ok(())
    }
}

/// Takes over a text field; a second one of the same name is reported, and the first one stays.
fn set<'de>(
    slot: &mut Option<Cow<'de, str>>,
    value: Text<'de>,
    field: &'static str,
    state: &mut State<'_, 'de>,
) {
    let value = match value {
        Text::Str(text) if !text.is_empty() => Some(text),
        other => {
            let pointer = format!("{}/{field}", state.pointer);
            other.accept(field, &pointer, &mut state.found)
        }
    };
    if slot.is_none() {
        *slot = value;
    } else if let Some(value) = value {
        let diagnostic = state.found.at_field(Code::DuplicateIdentifier, &state.pointer);
        state.found.push(diagnostic.with("field", field).with("value", shorten(&value, 200)));
    }
}

fn check_word<'de>(
    value: Text<'de>,
    field: &'static str,
    rule: &'static str,
    accepts: fn(&str) -> bool,
    state: &mut State<'_, 'de>,
) {
    match value {
        Text::Str(text) if accepts(&text) => {}
        Text::Null => {}
        Text::Str(text) => state.violation(rule, field, &text),
        Text::Scalar(text) | Text::Fraction(text) => state.violation(rule, field, &text),
        Text::Composite => state.violation(rule, field, "{} / []"),
    }
}

impl<'de> State<'_, 'de> {
    /// Completes a component, or takes it back if nothing is known about it or if it is a subject that could not be
    /// matched.
    fn finish_component(&mut self, started: Started, parts: Parts<'de>, subject: bool) {
        let number = started.number;
        self.check_parts(&parts);
        if subject {
            self.subject = parts.name.as_deref().map(str::to_owned);
        }
        let identified = parts.purl.is_some() || parts.cpe.is_some();
        let named = parts.name.is_some() || parts.reference.is_some();
        let kept = identified || (named && !subject);
        let owner = if kept { u32::try_from(number).unwrap_or(NO_COMPONENT) } else { NO_COMPONENT };
        let reference = parts.reference.clone();
        let completed = parts.purl.as_deref().zip(parts.source.name.as_deref()).and_then(|(purl, source)| {
            package_url::with_source(purl, source, parts.source.full_version().as_deref())
        });
        let maker = parts.makers.into_iter().flatten().next().map(Cow::into_owned);
        let purl = parts.purl.as_deref();
        let name = parts.name.as_deref().or(purl).or(parts.reference.as_deref()).unwrap_or_default();
        let (version, cpe) = (parts.version.as_deref(), parts.cpe.as_deref());
        self.components.set(number, Texts { name, version, purl: completed.as_deref().or(purl), cpe });
        if subject {
            if let Some(component) = self.components.get(number) {
                let reference = reference.as_deref().map(str::to_owned);
                self.about = Some(Subject { component, reference, maker });
            }
        } else if kept
            && !identified
            && let Some(maker) = maker
        {
            self.makers.push((owner, maker));
        }
        if let Some(reference) = reference {
            self.refer(reference, owner);
        }
        if !kept {
            let taken_back = self.take_back(started);
            self.unlisted_subject = taken_back.filter(|_| subject && named).or(self.unlisted_subject.take());
        }
    }

    /// Removes the components that were being read when the text ended: nothing reliable is known about them.
    pub(super) fn drop_unfinished(&mut self) {
        while let Some(started) = self.unfinished.pop() {
            self.take_back(started);
        }
    }

    /// Removes a component. Components inside it keep their place; references to them move up by one.
    fn take_back(&mut self, started: Started) -> Option<Component> {
        let number = started.number;
        let removed_component = self.components.remove(number);
        let removed = u32::try_from(number).unwrap_or(NO_COMPONENT);
        for (_, _, owner) in self.references.iter_mut().skip(started.references) {
            if *owner != NO_COMPONENT && *owner > removed {
                *owner -= 1;
            }
        }
        // Those inside it were noted last.
        for (owner, _) in self.makers.iter_mut().rev().take_while(|(owner, _)| *owner > removed) {
            *owner -= 1;
        }
        removed_component
    }

    fn check_parts(&mut self, parts: &Parts<'de>) {
        if parts.name.is_none() {
            let diagnostic = self.found.at_field(Code::FieldMissing, &self.pointer);
            self.found.push(diagnostic.with("field", "name"));
        }
        if !parts.has_type {
            self.violation("component-without-type", "type", "");
        }
        if parts.has_range && parts.version.is_some() {
            self.violation("version-and-range", "versionRange", "");
        }
        if parts.has_range && !parts.external {
            self.violation("range-of-internal-component", "versionRange", "");
        }
        let pointer = &self.pointer;
        defects::report(&mut self.found, parts.purl.as_deref(), parts.cpe.as_deref(), |found, code| {
            found.at_field(code, pointer)
        });
    }
}
