//! Rules of the CycloneDX JSON schemas (1.2 to 1.7) for the parts that do not matter for matching: hashes, licences,
//! SWID tags, pedigree, services, citations … A violation is reported, nothing is lost.
//!
//! Source: `bom-1.2.schema.json` to `bom-1.7.schema.json` of the CycloneDX specification; SPDX licence list 3.27.
//!
//! The rules are data; [`Check`] applies them while the JSON is read, without building a tree.

use std::borrow::Cow;
use std::sync::LazyLock;

use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::{NO_COMPONENT, State};
use crate::inventory::lenient::Key;

/// What a value must be.
pub(super) enum Rule {
    /// Anything.
    Any,
    /// A text that the function accepts. The text is the name of the rule.
    Text(&'static str, fn(&str) -> bool),
    /// A `bom-ref`, which dependencies may point to.
    Reference,
    /// An object.
    Object(&'static Object),
    /// An array of such values.
    List(&'static Rule),
    /// An array of such objects with a rule over all of them: it is given what [`Seen`] tells of the list.
    ListWith(&'static Rule, fn(Seen, u32) -> Option<&'static str>),
}

/// The fields of an object.
pub(super) struct Object {
    /// Known fields. Bit *n* of [`Seen::fields`] is the *n*-th of them.
    pub(super) fields: &'static [(&'static str, Rule)],
    /// Rule over the fields that are there, given the minor version of the specification.
    pub(super) whole: fn(Seen, u32) -> Option<&'static str>,
}

/// Which fields are there: of an object, or of any object of a list.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Seen {
    fields: u32,
    /// Number of objects in the list.
    length: usize,
    /// Number of objects in the list that have the first field.
    with_first: usize,
}

impl Seen {
    fn has(self, index: u32) -> bool {
        self.fields & (1 << index) != 0
    }
}

const fn no_rule(_: Seen, _: u32) -> Option<&'static str> {
    None
}

static HASH: Object = Object {
    fields: &[
        ("alg", Rule::Text("hash-alg", is_hash_algorithm)),
        ("content", Rule::Text("hash-content", is_hash)),
    ],
    whole: |seen, _| (!(seen.has(0) && seen.has(1))).then_some("hash-incomplete"),
};

static ATTACHMENT: Object = Object {
    fields: &[("encoding", Rule::Text("attachment-encoding", |text| text == "base64"))],
    whole: no_rule,
};

static PROPERTY: Object = Object {
    fields: &[("name", Rule::Any)],
    // The name became mandatory in 1.6.
    whole: |seen, minor| (minor >= 6 && !seen.has(0)).then_some("property-without-name"),
};

static LICENCE: Object = Object {
    fields: &[
        ("id", Rule::Text("licence-id", is_licence)),
        ("name", Rule::Any),
        ("text", Rule::Object(&ATTACHMENT)),
        ("properties", Rule::List(&Rule::Object(&PROPERTY))),
    ],
    whole: |seen, _| (seen.has(0) == seen.has(1)).then_some("licence-id-or-name"),
};

static LICENCE_CHOICE: Object = Object {
    fields: &[("expression", Rule::Any), ("license", Rule::Object(&LICENCE))],
    whole: |seen, _| (seen.has(0) == seen.has(1)).then_some("licence-or-expression"),
};

/// From 1.5 to 1.6 a list of licences held either licences or exactly one expression.
fn licences_whole(seen: Seen, minor: u32) -> Option<&'static str> {
    ((5..=6).contains(&minor) && seen.with_first > 0 && seen.length > 1)
        .then_some("licence-expression-not-alone")
}

static SWID: Object = Object {
    fields: &[("tagId", Rule::Any), ("name", Rule::Any), ("text", Rule::Object(&ATTACHMENT))],
    whole: |seen, _| (!(seen.has(0) && seen.has(1))).then_some("swid-incomplete"),
};

static ISSUE: Object = Object {
    fields: &[(
        "type",
        Rule::Text("issue-type", |text| matches!(text, "defect" | "enhancement" | "security")),
    )],
    whole: |seen, _| (!seen.has(0)).then_some("issue-type"),
};

static PATCH: Object = Object {
    fields: &[
        (
            "type",
            Rule::Text("patch-type", |text| {
                matches!(text, "unofficial" | "monkey" | "backport" | "cherry-pick")
            }),
        ),
        ("resolves", Rule::List(&Rule::Object(&ISSUE))),
    ],
    whole: |seen, _| (!seen.has(0)).then_some("patch-type"),
};

static PEDIGREE: Object =
    Object { fields: &[("patches", Rule::List(&Rule::Object(&PATCH)))], whole: no_rule };

static SERVICE_DATA: Object = Object {
    fields: &[
        (
            "flow",
            Rule::Text("service-data-flow", |text| {
                matches!(text, "inbound" | "outbound" | "bi-directional" | "unknown")
            }),
        ),
        ("classification", Rule::Any),
    ],
    whole: |seen, _| (!(seen.has(0) && seen.has(1))).then_some("service-data-incomplete"),
};

static SERVICE: Object = Object {
    fields: &[
        ("name", Rule::Any),
        ("bom-ref", Rule::Reference),
        ("data", Rule::List(&Rule::Object(&SERVICE_DATA))),
        ("licenses", Rule::ListWith(&Rule::Object(&LICENCE_CHOICE), licences_whole)),
        ("properties", Rule::List(&Rule::Object(&PROPERTY))),
        ("services", Rule::List(&Rule::Object(&SERVICE))),
    ],
    whole: |seen, _| (!seen.has(0)).then_some("service-without-name"),
};

static CITATION: Object = Object {
    fields: &[
        ("pointers", Rule::Any),
        ("expressions", Rule::Any),
        ("attributedTo", Rule::Any),
        ("process", Rule::Any),
    ],
    whole: |seen, _| {
        if seen.has(0) == seen.has(1) {
            Some("citation-pointers-or-expressions")
        } else {
            (!(seen.has(2) || seen.has(3))).then_some("citation-without-attribution")
        }
    },
};

static DISTRIBUTION: Object = Object {
    fields: &[(
        "tlp",
        Rule::Text("distribution-tlp", |text| {
            matches!(text, "CLEAR" | "GREEN" | "AMBER" | "AMBER_AND_STRICT" | "RED")
        }),
    )],
    whole: no_rule,
};

/// Fields of `metadata`, but for those that are read: `component`, `timestamp` and who made it. No other field is
/// allowed.
static METADATA: &[(&str, Rule)] = &[
    ("licenses", Rule::ListWith(&Rule::Object(&LICENCE_CHOICE), licences_whole)),
    ("properties", Rule::List(&Rule::Object(&PROPERTY))),
    ("distributionConstraints", Rule::Object(&DISTRIBUTION)),
    ("lifecycles", Rule::Any),
];

pub(super) static HASHES: Rule = Rule::List(&Rule::Object(&HASH));
pub(super) static LICENCES: Rule = Rule::ListWith(&Rule::Object(&LICENCE_CHOICE), licences_whole);
pub(super) static SWID_TAG: Rule = Rule::Object(&SWID);
pub(super) static PEDIGREE_OF: Rule = Rule::Object(&PEDIGREE);
pub(super) static ONE_SERVICE: Rule = Rule::Object(&SERVICE);
pub(super) static CITATIONS: Rule = Rule::List(&Rule::Object(&CITATION));

/// A field of `metadata` with its rule.
pub(super) fn metadata_rule(field: &str) -> Option<&'static (&'static str, Rule)> {
    METADATA.iter().find(|(name, _)| *name == field)
}

/// Component types of all versions.
pub(super) fn is_component_type(text: &str) -> bool {
    matches!(
        text,
        "library"
            | "application"
            | "framework"
            | "container"
            | "platform"
            | "operating-system"
            | "device"
            | "device-driver"
            | "firmware"
            | "file"
            | "machine-learning-model"
            | "data"
            | "cryptographic-asset"
    )
}

/// Component scopes.
pub(super) fn is_scope(text: &str) -> bool {
    matches!(text, "required" | "optional" | "excluded")
}

/// `urn:uuid:` and a UUID in lower case.
pub(super) fn is_serial_number(text: &str) -> bool {
    let Some(uuid) = text.strip_prefix("urn:uuid:") else {
        return false;
    };
    let mut groups = uuid.split('-');
    let lengths = [8, 4, 4, 4, 12];
    let lower_hex = |group: &str| group.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b));
    lengths.iter().all(|length| groups.next().is_some_and(|group| group.len() == *length && lower_hex(group)))
        && groups.next().is_none()
}

fn is_hash(text: &str) -> bool {
    // Looks at every byte on purpose: without an early end the compiler compares many bytes at once.
    matches!(text.len(), 32 | 40 | 64 | 96 | 128)
        && text.bytes().fold(true, |all, byte| all & byte.is_ascii_hexdigit())
}

fn is_hash_algorithm(text: &str) -> bool {
    matches!(
        text,
        "SHA-256"
            | "SHA-1"
            | "SHA-512"
            | "MD5"
            | "SHA-384"
            | "SHA3-256"
            | "SHA3-384"
            | "SHA3-512"
            | "BLAKE2b-256"
            | "BLAKE2b-384"
            | "BLAKE2b-512"
            | "BLAKE3"
            | "Streebog-256"
            | "Streebog-512"
    )
}

/// Identifiers of licences and exceptions, sorted. The schemas list both.
static SPDX: LazyLock<Vec<&'static str>> = LazyLock::new(|| include_str!("spdx_ids.txt").lines().collect());

fn is_licence(text: &str) -> bool {
    // Most components have one of these; the rest is looked up.
    matches!(text, "MIT" | "Apache-2.0" | "BSD-3-Clause" | "ISC" | "BSD-2-Clause")
        || SPDX.binary_search(&text).is_ok()
}

/// Applies a rule to the value that is read.
pub(super) struct Check<'s, 'p, 'de> {
    pub(super) state: &'s mut State<'p, 'de>,
    pub(super) rule: &'static Rule,
    /// Field of the component or document that is being checked, for the place of a violation.
    pub(super) field: &'static str,
}

impl<'p, 'de> Check<'_, 'p, 'de> {
    fn inner<'t>(&'t mut self, rule: &'static Rule) -> Check<'t, 'p, 'de> {
        Check { state: self.state, rule, field: self.field }
    }

    fn violation(&mut self, rule: &'static str, value: &str) {
        self.state.violation(rule, self.field, value);
    }

    fn scalar(&mut self, value: &str) {
        match self.rule {
            Rule::Any => {}
            Rule::Reference => self.violation("bom-ref-of-wrong-kind", value),
            Rule::Text(name, _) => self.violation(name, value),
            Rule::Object(_) | Rule::List(_) | Rule::ListWith(..) => {
                self.violation("value-of-wrong-kind", value)
            }
        }
    }

    fn object<A: MapAccess<'de>>(
        &mut self,
        object: &'static Object,
        mut entries: A,
    ) -> Result<Seen, A::Error> {
        let mut seen = Seen { length: 1, ..Seen::default() };
        while let Some(Key(key)) = entries.next_key()? {
            match object.fields.iter().zip(0_u32..).find(|((name, _), _)| *name == key) {
                Some(((_, rule), index)) => {
                    seen.fields |= 1 << index;
                    entries.next_value_seed(self.inner(rule))?;
                }
                None => {
                    entries.next_value::<IgnoredAny>()?;
                }
            }
        }
        seen.with_first = usize::from(seen.has(0));
        if let Some(rule) = (object.whole)(seen, self.state.minor) {
            self.violation(rule, "");
        }
        Ok(seen)
    }
}

impl<'de> DeserializeSeed<'de> for Check<'_, '_, 'de> {
    type Value = Seen;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Seen, D::Error> {
        if let Rule::Any = self.rule {
            return deserializer.deserialize_ignored_any(IgnoredAny).map(|_| Seen::default());
        }
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Check<'_, '_, 'de> {
    type Value = Seen;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a value of the specification")
    }

    fn visit_borrowed_str<E: serde::de::Error>(self, text: &'de str) -> Result<Seen, E> {
        match self.rule {
            Rule::Reference => {
                self.state.refer(Cow::Borrowed(text), NO_COMPONENT);
                Ok(Seen::default())
            }
            _ => self.visit_str(text),
        }
    }

    fn visit_str<E>(mut self, text: &str) -> Result<Seen, E> {
        match self.rule {
            Rule::Reference => self.state.refer(Cow::Owned(text.to_owned()), NO_COMPONENT),
            Rule::Text(_, accepts) if accepts(text) => {}
            _ => self.scalar(text),
        }
        Ok(Seen::default())
    }

    fn visit_bool<E>(mut self, value: bool) -> Result<Seen, E> {
        self.scalar(if value { "true" } else { "false" });
        Ok(Seen::default())
    }

    fn visit_i64<E>(mut self, value: i64) -> Result<Seen, E> {
        self.scalar(&value.to_string());
        Ok(Seen::default())
    }

    fn visit_u64<E>(mut self, value: u64) -> Result<Seen, E> {
        self.scalar(&value.to_string());
        Ok(Seen::default())
    }

    fn visit_f64<E>(mut self, value: f64) -> Result<Seen, E> {
        self.scalar(&value.to_string());
        Ok(Seen::default())
    }

    /// `null` stands for absent: several producers write it, and nothing is lost.
    fn visit_unit<E>(self) -> Result<Seen, E> {
        Ok(Seen::default())
    }

    fn visit_seq<A: SeqAccess<'de>>(mut self, mut items: A) -> Result<Seen, A::Error> {
        let (item, whole) = match self.rule {
            Rule::List(item) => (*item, no_rule as fn(Seen, u32) -> Option<&'static str>),
            Rule::ListWith(item, whole) => (*item, *whole),
            _ => {
                self.scalar("[…]");
                while items.next_element::<IgnoredAny>()?.is_some() {}
                return Ok(Seen::default());
            }
        };
        let mut all = Seen::default();
        while let Some(one) = items.next_element_seed(self.inner(item))? {
            all.fields |= one.fields;
            all.length += 1;
            all.with_first += one.with_first;
        }
        if let Some(rule) = whole(all, self.state.minor) {
            self.violation(rule, "");
        }
        Ok(all)
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut entries: A) -> Result<Seen, A::Error> {
        match self.rule {
            Rule::Object(object) => self.object(object, entries),
            _ => {
                self.scalar("{…}");
                while entries.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
                Ok(Seen::default())
            }
        }
    }
}
