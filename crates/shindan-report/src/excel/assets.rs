//! 情報機器等: every asset of the inventories, what was found about it, and what nobody has settled yet.

use rust_xlsxwriter::XlsxError;
use rustc_hash::FxHashMap;
use shindan_domain::finding::CheckResult;
use shindan_domain::inventory::Asset;
use shindan_domain::priority::Decision;

use super::Context;
use super::style::Tone;
use super::table::{Entry, Head};
use crate::phrases;
use crate::words::Words;

/// Columns that are printed.
const PRINTED: usize = 13;

/// What was found about an asset.
#[derive(Default)]
struct Tally {
    findings: usize,
    urgent: Option<Decision>,
    undetermined: usize,
}

/// Two mentions of one asset: its number, or what else tells it from others, in its inventory.
type Key<'a> = (usize, &'a str, [Option<&'a str>; 4]);

fn key(input: usize, asset: &Asset) -> Key<'_> {
    let more = [&asset.maker, &asset.model, &asset.serial, &asset.place];
    let numbered = !asset.asset_id.is_empty();
    (input, &asset.asset_id, more.map(|text| text.as_deref().filter(|_| !numbered)))
}

pub(super) fn write(context: &mut Context<'_>) -> Result<(), XlsxError> {
    let (result, words) = (context.result, context.words);
    let heads = [
        ("col-asset", 16),
        ("col-unsettled", 30),
        ("col-found", 10),
        ("col-most-urgent", 14),
        ("undetermined", 12),
        ("col-asset-name", 24),
        ("col-asset-kind", 18),
        ("col-maker", 22),
        ("col-model", 26),
        ("col-version", 18),
        ("col-site", 18),
        ("col-patched-by", 22),
        ("col-support-end", 16),
        ("col-os", 24),
        ("col-serial", 18),
        ("col-zone", 18),
        ("col-exposure", 20),
        ("col-owner", 20),
        ("col-input", 28),
    ];
    let heads = heads.map(|(key, most)| Head { word: words.t(key), most });
    let tallies = tallies(result);
    let mut table = context.table("sheet-assets", heads.into())?.printed(PRINTED);
    for (input, report) in result.inputs.iter().enumerate() {
        for asset in &report.assets {
            let tally = tallies.get(&key(input, asset));
            table.row(entries(asset, tally, &report.path, words))?;
        }
    }
    table.end(&words.t("assets-none"))
}

fn tallies(result: &CheckResult) -> FxHashMap<Key<'_>, Tally> {
    let mut tallies: FxHashMap<Key<'_>, Tally> = FxHashMap::default();
    for finding in &result.findings {
        if let Some(asset) = finding.asset.as_deref() {
            let tally = tallies.entry(key(finding.input, asset)).or_default();
            tally.findings += 1;
            tally.urgent =
                Some(tally.urgent.map_or(finding.priority(), |known| known.min(finding.priority())));
        }
    }
    for entry in &result.undetermined {
        if let Some(asset) = entry.asset.as_deref() {
            tallies.entry(key(entry.input, asset)).or_default().undetermined += 1;
        }
    }
    tallies
}

fn entries<'e>(asset: &'e Asset, tally: Option<&Tally>, input: &'e str, words: &Words) -> [Entry<'e>; 19] {
    let text = |text: &'e Option<String>| Entry::text(text.as_deref().unwrap_or_default());
    let known = |label: Option<String>, written: &'e Option<String>| match label {
        Some(label) => Entry::text(label),
        None => text(written),
    };
    let unsettled = unsettled(asset, words);
    let findings = tally.map_or(0, |tally| tally.findings);
    let undetermined = tally.map_or(0, |tally| tally.undetermined);
    [
        Entry::text(asset.asset_id.as_str()).toned(Tone::Strong),
        if unsettled.is_empty() {
            Entry::empty()
        } else {
            Entry::text(phrases::list(&unsettled, words)).toned(Tone::Open)
        },
        Entry::count(findings),
        match tally.and_then(|tally| tally.urgent) {
            Some(urgent) => {
                Entry::text(words.label("priority", urgent.as_str())).toned(Tone::Priority(urgent))
            }
            None => Entry::empty(),
        },
        Entry::count(undetermined).toned(if undetermined > 0 { Tone::Open } else { Tone::Plain }),
        text(&asset.name),
        known(asset.kind.map(|kind| words.label("asset-kind", kind.as_str())), &asset.kind_text),
        text(&asset.maker),
        text(&asset.model),
        text(&asset.firmware),
        text(&asset.place),
        text(&asset.patched_by),
        asset.support_end.as_deref().map_or(Entry::empty(), Entry::day),
        text(&asset.os),
        text(&asset.serial),
        text(&asset.zone),
        known(
            asset.exposure.map(|exposure| words.label("exposure", exposure.as_str())),
            &asset.exposure_text,
        ),
        text(&asset.owner),
        Entry::text(input),
    ]
}

/// What the ledger leaves open, of what decides priority and work. Values that were not understood are open, too.
fn unsettled(asset: &Asset, words: &Words) -> Vec<String> {
    let day = asset.support_end.as_deref().and_then(|text| text.parse::<jiff::civil::Date>().ok());
    let open = [
        ("col-patched-by", asset.patched_by.is_none()),
        ("col-support-end", day.is_none()),
        ("col-version", asset.firmware.is_none()),
        ("col-exposure", asset.exposure.is_none()),
        ("col-asset-kind", asset.kind.is_none()),
        ("col-site", asset.place.is_none()),
    ];
    open.into_iter().filter(|(_, open)| *open).map(|(key, _)| words.t(key)).collect()
}
