//! Checks that are specific to a kind of application.

use std::io::Write;

use serde_json::{Error, Value, json};
use shindan_domain::assessment::{ApplicationKind, Check, CheckPack};

use crate::json::write_line;
use crate::table::Style;
use crate::table::layout::{self, plain, put};
use crate::words::{Lang, Words};

fn of(pack: &CheckPack, kind: Option<ApplicationKind>) -> impl Iterator<Item = &Check> {
    pack.checks.iter().filter(move |check| kind.is_none_or(|kind| check.kinds.contains(&kind)))
}

/// The checks for the terminal.
pub fn checks(pack: &CheckPack, kind: Option<ApplicationKind>, words: &Words, style: &Style) -> String {
    let keys =
        ["assess-col-check", "assess-col-kinds", "assess-col-what", "assess-col-ways", "assess-col-source"];
    let head: Vec<String> = keys.iter().map(|key| words.t(key)).collect();
    let mut table = layout::table(&head, style);
    let join = |texts: Vec<String>| texts.join("\n");
    for check in of(pack, kind) {
        let text = match words.lang() {
            Lang::Ja => &check.text.ja,
            Lang::En => &check.text.en,
        };
        let title = match words.lang() {
            Lang::Ja => &check.title.ja,
            Lang::En => &check.title.en,
        };
        table.add_row(vec![
            plain(&check.key),
            plain(join(check.kinds.iter().map(|kind| words.term(kind.term())).collect())),
            plain(format!("{title}\n{text}")),
            plain(join(check.ways.iter().map(|way| words.term(way.term())).collect())),
            plain(join(check.references.clone())),
        ]);
    }
    let mut out = String::new();
    put(&mut out, &table);
    out
}

/// The checks as JSON.
///
/// # Errors
/// Those of writing.
pub fn write_checks(
    out: &mut dyn Write,
    pack: &CheckPack,
    kind: Option<ApplicationKind>,
) -> Result<(), Error> {
    let one = |check: &Check| -> Value {
        json!({
            "key": check.key,
            "kinds": check.kinds.iter().map(|kind| kind.as_str()).collect::<Vec<_>>(),
            "title": { "ja": check.title.ja, "en": check.title.en },
            "text": { "ja": check.text.ja, "en": check.text.en },
            "ways": check.ways.iter().map(|way| way.as_str()).collect::<Vec<_>>(),
            "references": check.references,
        })
    };
    let all: Vec<Value> = of(pack, kind).map(one).collect();
    write_line(
        out,
        &json!({ "schema": "shindan.assessment-checks/1", "id": pack.id, "version": pack.version, "checks": all }),
    )
}
