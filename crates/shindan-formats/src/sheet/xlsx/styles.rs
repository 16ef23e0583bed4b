//! Number formats (ECMA-376 part 1, 18.8): which format each style of a cell has.

use std::collections::BTreeMap;

use shindan_domain::diagnostic::Diagnostic;

use super::Package;
use crate::sheet::markup::{Markup, Piece};
use crate::sheet::number::Format;

/// The number format of each style, in order.
pub(super) fn read(package: &Package<'_>, name: &str) -> Result<Vec<Format>, Diagnostic> {
    let Some(text) = package.part(name)? else { return Ok(Vec::new()) };
    let mut markup = Markup::new(&text, package.place(name));
    let mut own: BTreeMap<u32, Format> = BTreeMap::new();
    let mut ids = Vec::new();
    let mut of_cells = false;
    while let Some(piece) = markup.next()? {
        match piece {
            Piece::Start(tag) => match tag.name() {
                "numFmt" => {
                    if let (Some(id), Some(code)) = (tag.number("numFmtId"), tag.attribute("formatCode")) {
                        own.insert(id, Format::of_code(&code));
                    }
                }
                "cellXfs" => of_cells = true,
                "xf" if of_cells => ids.push(tag.number("numFmtId").unwrap_or(0)),
                _ => {}
            },
            Piece::End(name) if name == "cellXfs" => of_cells = false,
            _ => {}
        }
    }
    Ok(ids.into_iter().map(|id| own.get(&id).cloned().unwrap_or_else(|| Format::built_in(id))).collect())
}
