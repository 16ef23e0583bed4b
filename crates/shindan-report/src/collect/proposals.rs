//! Sources that ship as proposals: nothing is fetched because it stands there.

use shindan_domain::collect::SourcePack;

use crate::table::Style;
use crate::table::layout::{self, line, plain, put};
use crate::words::Words;

/// The proposals for the terminal, with what nobody could check about them.
pub fn proposals(pack: &SourcePack, words: &Words, style: &Style) -> String {
    let language = words.lang().as_str();
    let mut out = String::new();
    line(&mut out, &words.t("collect-proposals-head"));
    let pairs: [&[&str]; 4] = [
        &["collect-col-name", "collect-col-proposed"],
        &["collect-col-title", "collect-col-kind", "collect-col-interval"],
        &["collect-col-addresses"],
        &["collect-col-licence", "collect-col-unchecked"],
    ];
    let head = pairs.map(|keys| keys.iter().map(|key| words.t(key)).collect::<Vec<_>>().join("\n"));
    let mut table = layout::table(&head, style);
    for one in &pack.sources {
        let proposed = words.t(if one.proposed { "collect-proposed" } else { "collect-on-demand" });
        let interval = match one.interval_hours {
            Some(hours) => words.get("collect-every-hours", &[("count", u64::from(hours).into())]),
            None => words.t("collect-by-hand-only"),
        };
        let kind = words.term(one.kind.term());
        let mut terms = one.licence.get(language).to_owned();
        if let Some(unchecked) = &one.unchecked {
            terms.push('\n');
            terms.push_str(unchecked.get(language));
        }
        table.add_row(vec![
            plain(format!("{}\n{proposed}", one.name)),
            plain(format!("{}\n{kind}\n{interval}", one.title.get(language))),
            plain(one.addresses.join("\n")),
            plain(terms),
        ]);
    }
    put(&mut out, &table);
    out
}
