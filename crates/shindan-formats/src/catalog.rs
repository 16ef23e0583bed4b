//! Guideline data packs (TOML) of `catalog/`, ours and the user's. The format is described in `catalog/README.md`.

use shindan_domain::crosswalk::{
    Catalog, Certainty, CheckEvidence, Control, Crosswalk, CrosswalkError, Gap, Link, Mark, Provenance,
    Requirement, Section, Stated, StatedError, Variant,
};
use shindan_domain::diagnostic::{Code, Diagnostic, Place};

pub use crate::toml_fields::PackReading;
use crate::toml_fields::{Fields, Reader, read};

/// The `schema` line of a pack.
pub const CATALOG_SCHEMA: &str = "shindan.catalog/1";

/// Reads one pack and checks everything that needs no other pack.
pub fn read_catalog(path: &str, bytes: &[u8]) -> PackReading<Catalog> {
    read(path, bytes, |reader, root| {
        reader.schema(root, CATALOG_SCHEMA)?;
        let id = reader.text(root, "id");
        let version = reader.text(root, "version");
        let title = reader.localised(root, "title");
        let provenance = provenance(reader, root);
        // The place of each entry, so that a contradiction found later points to its line.
        let mut places = Vec::new();
        let sections = each(reader, root, "section", &mut places, section);
        let controls = each(reader, root, "control", &mut places, control);
        let requirements = each(reader, root, "requirement", &mut places, requirement);
        let gaps = each(reader, root, "gap", &mut places, gap);
        let catalog = Catalog {
            id: id?,
            version: version?,
            title: title?,
            provenance: provenance?,
            sections: sections?,
            controls: controls?,
            requirements: requirements?,
            gaps: gaps?,
        };
        match catalog.validated() {
            Ok(catalog) => Some(catalog),
            Err(errors) => {
                for error in errors {
                    // The last entry of that name: of two, the second is the one to look at.
                    let place = places.iter().rev().find(|(entry, _)| entry == error.entry());
                    let offset = place.map_or(0, |(_, offset)| *offset);
                    reader
                        .report(Code::CatalogConflict, offset, Some(error.entry().to_owned()))
                        .add("catalog", error.catalog())
                        .add("entry", error.entry())
                        .add("reason", &error);
                }
                None
            }
        }
    })
}

/// Reads any number of packs, given as (path, content), and merges them. A conflict is an error: no crosswalk comes
/// out, because nobody could tell which of two contradicting packs counts.
pub fn read_crosswalk<'a>(packs: impl IntoIterator<Item = (&'a str, &'a [u8])>) -> PackReading<Crosswalk> {
    let mut diagnostics = Vec::new();
    let mut catalogs = Vec::new();
    let mut paths: Vec<(String, &str)> = Vec::new();
    let mut complete = true;
    for (path, bytes) in packs {
        let reading = read_catalog(path, bytes);
        diagnostics.extend(reading.diagnostics);
        match reading.value {
            Some(catalog) => {
                paths.push((catalog.id.clone(), path));
                catalogs.push(catalog);
            }
            None => complete = false,
        }
    }
    if !complete {
        return PackReading { value: None, diagnostics };
    }
    match Crosswalk::new(catalogs) {
        Ok(crosswalk) => PackReading { value: Some(crosswalk), diagnostics },
        Err(errors) => {
            diagnostics.extend(errors.iter().map(|error| conflict(error, &paths)));
            PackReading { value: None, diagnostics }
        }
    }
}

fn conflict(error: &CrosswalkError, paths: &[(String, &str)]) -> Diagnostic {
    let path = paths.iter().rev().find(|(id, _)| id == error.catalog()).map_or("", |(_, path)| *path);
    Diagnostic::new(Code::CatalogConflict, Place::file(path).at_field(error.entry()))
        .with("catalog", error.catalog())
        .with("entry", error.entry())
        .with("reason", error)
}

/// Reads every table of a list; `None` if one of them failed, so that no entry is silently missing.
fn each<'f, 'i, T>(
    reader: &mut Reader<'_>,
    root: &mut Fields<'f, 'i>,
    name: &str,
    places: &mut Vec<(String, usize)>,
    build: fn(&mut Reader<'_>, &mut Fields<'f, 'i>) -> Option<T>,
) -> Option<Vec<T>> {
    let tables = reader.tables(root, name);
    let expected = tables.len();
    let mut built = Vec::with_capacity(expected);
    for mut fields in tables {
        if reader.has(&fields, "id") {
            let id = reader.optional_text(&mut fields, "id").unwrap_or_default();
            places.push((id, fields.offset()));
        }
        built.extend(build(reader, &mut fields));
        reader.finish(&fields);
    }
    (built.len() == expected).then_some(built)
}

fn provenance(reader: &mut Reader<'_>, root: &mut Fields<'_, '_>) -> Option<Provenance> {
    let mut fields = reader.table(root, "provenance")?;
    let document = reader.localised(&mut fields, "document");
    let issuer = reader.localised(&mut fields, "issuer");
    let version = reader.text(&mut fields, "version");
    let published = reader.text(&mut fields, "published").filter(|date| {
        let valid = is_date(date);
        if !valid {
            let offset = reader.offset_of(&fields, "published");
            reader.invalid(offset, "provenance.published", date, "YYYY-MM-DD, YYYY-MM, YYYY");
        }
        valid
    });
    let page = reader.optional_text(&mut fields, "page");
    let url = reader.optional_text(&mut fields, "url");
    let remark = reader.optional_localised(&mut fields, "remark");
    reader.finish(&fields);
    Some(Provenance {
        document: document?,
        issuer: issuer?,
        version: version?,
        published: published?,
        page,
        url,
        remark,
    })
}

fn is_date(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    let widths: Vec<usize> = parts.iter().map(|part| part.len()).collect();
    let digits = parts.iter().all(|part| part.bytes().all(|byte| byte.is_ascii_digit()));
    let within = |index: usize, most: u8| {
        parts.get(index).is_none_or(|part| part.parse::<u8>().is_ok_and(|value| (1..=most).contains(&value)))
    };
    digits && [&[4][..], &[4, 2], &[4, 2, 2]].contains(&widths.as_slice()) && within(1, 12) && within(2, 31)
}

fn section(reader: &mut Reader<'_>, fields: &mut Fields<'_, '_>) -> Option<Section> {
    let number = reader.text(fields, "number");
    let id = reader.text(fields, "id");
    let mut certainty = Certainties::read(reader, fields, &["title", "heading"]);
    let title = reader.optional_localised(fields, "title");
    let title = certainty.join(reader, fields, "title", title);
    let heading = reader.optional_localised(fields, "heading");
    let heading = certainty.join(reader, fields, "heading", heading);
    let links = links(reader, fields);
    let remark = reader.optional_localised(fields, "remark");
    Some(Section { number: number?, id: id?, title: title?, heading: heading?, links: links?, remark })
}

fn control(reader: &mut Reader<'_>, fields: &mut Fields<'_, '_>) -> Option<Control> {
    const MARKS: [(&str, Mark); 2] = [("◎", Mark::DoubleCircle), ("○", Mark::Circle)];
    let number = reader.text(fields, "number");
    let id = reader.text(fields, "id");
    let section = reader.optional_text(fields, "section");
    let mut certainty = Certainties::read(reader, fields, &["page", "text", "mark", "risk"]);
    let page = reader.optional_number(fields, "page");
    let page = certainty.join(reader, fields, "page", page);
    let text = reader.optional_localised(fields, "text");
    let text = certainty.join(reader, fields, "text", text);
    let mark = reader.optional_choice(fields, "mark", &MARKS);
    let mark = certainty.join(reader, fields, "mark", mark);
    let risk = reader.optional_localised(fields, "risk");
    let risk = certainty.join(reader, fields, "risk", risk);
    let links = links(reader, fields);
    let check_evidence = check_evidence(reader, fields);
    Some(Control {
        number: number?,
        id: id?,
        section,
        page: page?,
        text: text?,
        mark: mark?,
        risk: risk?,
        links: links?,
        check_evidence: check_evidence?,
    })
}

fn requirement(reader: &mut Reader<'_>, fields: &mut Fields<'_, '_>) -> Option<Requirement> {
    let number = reader.text(fields, "number");
    let id = reader.text(fields, "id");
    let mut certainty = Certainties::read(reader, fields, &["title", "text", "item"]);
    let title = reader.optional_localised(fields, "title");
    let title = certainty.join(reader, fields, "title", title);
    let text = reader.optional_localised(fields, "text");
    let text = certainty.join(reader, fields, "text", text);
    let item = reader.optional_text(fields, "item");
    let item = certainty.join(reader, fields, "item", item);
    let variants = variants(reader, fields);
    let check_evidence = check_evidence(reader, fields);
    Some(Requirement {
        number: number?,
        id: id?,
        title: title?,
        text: text?,
        item: item?,
        variants: variants?,
        check_evidence: check_evidence?,
    })
}

fn gap(reader: &mut Reader<'_>, fields: &mut Fields<'_, '_>) -> Option<Gap> {
    let subject = reader.localised(fields, "subject");
    let reason = reader.localised(fields, "reason");
    Some(Gap { subject: subject?, reason: reason? })
}

fn variants(reader: &mut Reader<'_>, fields: &mut Fields<'_, '_>) -> Option<Vec<Variant>> {
    let tables = reader.tables(fields, "variant");
    let expected = tables.len();
    let mut variants = Vec::new();
    for mut table in tables {
        let text = reader.localised(&mut table, "text");
        let certainty = reader.choice(&mut table, "certainty", &STATED);
        reader.finish(&table);
        variants.extend(text.zip(certainty).map(|(text, certainty)| Variant { text, certainty }));
    }
    (variants.len() == expected).then_some(variants)
}

/// Links and variants are there or not; an unreadable one could not have been written down.
const STATED: [(&str, Certainty); 2] = [("read", Certainty::Read), ("inferred", Certainty::Inferred)];

fn links(reader: &mut Reader<'_>, fields: &mut Fields<'_, '_>) -> Option<Vec<Link>> {
    let tables = reader.tables(fields, "links");
    let expected = tables.len();
    let mut links = Vec::new();
    for mut table in tables {
        let requirement = reader.text(&mut table, "to");
        let certainty = reader.choice(&mut table, "certainty", &STATED);
        reader.finish(&table);
        links.extend(
            requirement.zip(certainty).map(|(requirement, certainty)| Link { requirement, certainty }),
        );
    }
    (links.len() == expected).then_some(links)
}

fn check_evidence(reader: &mut Reader<'_>, fields: &mut Fields<'_, '_>) -> Option<Vec<CheckEvidence>> {
    let names = reader.texts(fields, "check_evidence");
    let mut found = Vec::new();
    for (name, offset) in &names {
        match CheckEvidence::ALL.into_iter().find(|evidence| evidence.as_str() == name) {
            Some(evidence) => found.push(evidence),
            None => {
                let known = CheckEvidence::ALL.map(CheckEvidence::as_str).join(", ");
                reader.invalid(*offset, &fields.path_of("check_evidence"), name, &known);
            }
        }
    }
    (found.len() == names.len()).then_some(found)
}

/// The `certainty` table of an entry: one word per field.
struct Certainties(Vec<(&'static str, Option<Certainty>)>);

impl Certainties {
    fn read(reader: &mut Reader<'_>, fields: &mut Fields<'_, '_>, names: &[&'static str]) -> Certainties {
        let words = Certainty::ALL.map(|certainty| (certainty.as_str(), certainty));
        let Some(mut table) = reader.table(fields, "certainty") else {
            return Certainties(names.iter().map(|name| (*name, None)).collect());
        };
        let stated = names.iter().map(|name| (*name, reader.choice(&mut table, name, &words))).collect();
        reader.finish(&table);
        Certainties(stated)
    }

    /// Joins a field with its certainty; a contradiction is reported at the field.
    fn join<T>(
        &mut self,
        reader: &mut Reader<'_>,
        fields: &Fields<'_, '_>,
        name: &'static str,
        value: Option<T>,
    ) -> Option<Stated<T>> {
        let certainty =
            self.0.iter().find(|(known, _)| *known == name).and_then(|(_, certainty)| *certainty)?;
        // A field that is there but could not be read has its own diagnostic already.
        if value.is_none() && reader.has(fields, name) && certainty != Certainty::Unreadable {
            return None;
        }
        let (offset, path) = (reader.offset_of(fields, name), fields.path_of(name));
        match Stated::new(value, certainty) {
            Ok(stated) => Some(stated),
            Err(error @ StatedError::InventedValue) => {
                reader.invalid(offset, &path, "", &error.to_string());
                None
            }
            Err(StatedError::MissingValue) => {
                reader.report(Code::FieldMissing, offset, Some(path.clone())).add("field", path);
                None
            }
        }
    }
}
