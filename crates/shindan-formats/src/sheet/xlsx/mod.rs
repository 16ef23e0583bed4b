//! Office Open XML workbooks (xlsx, xlsm, xltx).
//!
//! Source: ECMA-376 part 1 (5th edition), chapter 18, and part 2 for the package. Read are the workbook, shared strings,
//! number formats and the cells of each sheet; drawings, macros, links to other workbooks and everything else is left
//! closed.

mod cells;
mod strings;
mod styles;

use shindan_domain::diagnostic::{Code, Diagnostic, Place, Severity};

use super::markup::{Markup, Piece};
use super::number::DateSystem;
use super::{Budget, MOST_SHEETS, WORKBOOK, Workbook, inside, invalid};
use crate::archive::Archive;
use crate::xml;

/// The parts of the package.
struct Package<'b> {
    archive: Archive<'b>,
    path: &'b str,
}

impl Package<'_> {
    /// The text of a part. `None` if there is none of that name.
    fn part(&self, name: &str) -> Result<Option<String>, Diagnostic> {
        let Some(index) = self.archive.find(name) else { return Ok(None) };
        let entry = self.archive.entry(index)?;
        let text = xml::decode(&entry.bytes, self.path).map_err(|mut diagnostic| {
            diagnostic.place = self.place(name);
            diagnostic
        })?;
        Ok(Some(text.into_owned()))
    }

    fn place(&self, name: &str) -> Place {
        inside(self.path, name)
    }

    /// The relations of a part: id, type, target as a name inside the archive.
    fn relations(&self, part: &str) -> Result<Vec<Relation>, Diagnostic> {
        let (folder, file) = part.rsplit_once('/').unwrap_or(("", part));
        let name = format!("{folder}/_rels/{file}.rels");
        let name = name.trim_start_matches('/');
        let Some(text) = self.part(name)? else { return Ok(Vec::new()) };
        let mut markup = Markup::new(&text, self.place(name));
        let mut relations = Vec::new();
        while let Some(piece) = markup.next()? {
            let Piece::Start(tag) = piece else { continue };
            if tag.name() == "Relationship"
                && let (Some(id), Some(kind), Some(target)) =
                    (tag.attribute("Id"), tag.attribute("Type"), tag.attribute("Target"))
            {
                relations.push(Relation { id, kind, target: resolved(folder, &target) });
            }
        }
        Ok(relations)
    }
}

struct Relation {
    id: String,
    kind: String,
    target: String,
}

/// The name of a part as another part in `folder` writes it: absolute, or relative to the folder.
fn resolved(folder: &str, target: &str) -> String {
    let target = target.replace('\\', "/");
    if let Some(absolute) = target.strip_prefix('/') {
        return absolute.to_owned();
    }
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    for part in target.split('/') {
        match part {
            "." | "" => {}
            ".." => drop(parts.pop()),
            _ => parts.push(part),
        }
    }
    parts.join("/")
}

/// A sheet as the workbook lists it.
struct Listed {
    name: String,
    hidden: bool,
    relation: String,
}

/// Reads a workbook.
pub(super) fn read(bytes: &[u8], path: &str) -> Result<Workbook, Diagnostic> {
    let package = Package { archive: Archive::open(bytes, path, &WORKBOOK)?, path };
    let main = main_part(&package)?;
    let Some(text) = package.part(&main)? else {
        return Err(invalid(Place::file(path), "the part that lists the sheets is missing"));
    };
    let (system, listed) = sheets(&text, package.place(&main))?;
    let relations = package.relations(&main)?;
    let related = |end: &str| relations.iter().find(|r| r.kind.ends_with(end)).map(|r| r.target.as_str());
    let mut budget = Budget::default();
    let strings = match related("/sharedStrings") {
        Some(name) => strings::read(&package, name)?,
        None => Vec::new(),
    };
    let formats = match related("/styles") {
        Some(name) => styles::read(&package, name)?,
        None => Vec::new(),
    };
    let context = cells::Context { strings: &strings, formats: &formats, system };
    let mut workbook = Workbook::default();
    for sheet in listed {
        let Some(relation) = relations.iter().find(|r| r.id == sheet.relation) else {
            let place = inside(path, &sheet.name);
            workbook.diagnostics.push(invalid(place, "the sheet is listed and not there"));
            continue;
        };
        // Chart sheets and dialogs have no cells.
        if !relation.kind.ends_with("/worksheet") {
            continue;
        }
        match cells::read(&package, &relation.target, &sheet.name, &context, &mut budget) {
            Ok((mut read, problem)) => {
                read.hidden = sheet.hidden;
                workbook.sheets.push(read);
                workbook.diagnostics.extend(problem);
            }
            Err(problem) => workbook.diagnostics.push(problem),
        }
    }
    if workbook.sheets.is_empty()
        && let Some(first) = workbook.diagnostics.iter().position(|d| d.severity() == Severity::Error)
    {
        return Err(workbook.diagnostics.swap_remove(first));
    }
    Ok(workbook)
}

/// The part that lists the sheets.
fn main_part(package: &Package<'_>) -> Result<String, Diagnostic> {
    let relations = package.relations("")?;
    let main = relations.into_iter().find(|r| r.kind.ends_with("/officeDocument")).map(|r| r.target);
    let main = main.unwrap_or_else(|| "xl/workbook.xml".to_owned());
    if main.ends_with(".bin") || package.archive.find("xl/workbook.bin").is_some() {
        return Err(Diagnostic::new(Code::FormatUnsupported, Place::file(package.path))
            .with("format", "Excel binary workbook (xlsb)")
            .with("version", ""));
    }
    Ok(main)
}

fn sheets(text: &str, place: Place) -> Result<(DateSystem, Vec<Listed>), Diagnostic> {
    let mut markup = Markup::new(text, place.clone());
    let mut system = DateSystem::From1900;
    let mut listed = Vec::new();
    while let Some(piece) = markup.next()? {
        let Piece::Start(tag) = piece else { continue };
        match tag.name() {
            "workbookPr" if tag.is_set("date1904") => system = DateSystem::From1904,
            "sheet" => {
                if listed.len() >= MOST_SHEETS {
                    return Err(Diagnostic::new(Code::SheetTooLarge, place)
                        .with("unit", "sheets")
                        .with("limit", MOST_SHEETS));
                }
                listed.push(Listed {
                    name: tag.attribute("name").unwrap_or_default(),
                    hidden: tag.attribute("state").is_some_and(|state| state != "visible"),
                    relation: tag.attribute("id").unwrap_or_default(),
                });
            }
            _ => {}
        }
    }
    Ok((system, listed))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn targets_are_absolute_or_relative() {
        assert_eq!(resolved("xl", "worksheets/sheet1.xml"), "xl/worksheets/sheet1.xml");
        assert_eq!(resolved("xl", "/xl/worksheets/sheet1.xml"), "xl/worksheets/sheet1.xml");
        assert_eq!(resolved("xl", "../custom/sheet.xml"), "custom/sheet.xml");
        assert_eq!(resolved("", "xl\\workbook.xml"), "xl/workbook.xml");
        assert_eq!(resolved("xl", "../../../etc/passwd"), "etc/passwd");
    }
}
