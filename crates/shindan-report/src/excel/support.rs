//! サポート終了: what is no longer supported, and what will not be, by day.

use jiff::civil::Date;
use jiff::tz::{Offset, TimeZone};
use rust_xlsxwriter::XlsxError;
use rustc_hash::FxHashSet;
use shindan_domain::finding::{CheckResult, Finding};
use shindan_domain::identifier::FindingKind;
use shindan_domain::inventory::Asset;

use super::Context;
use super::style::Tone;
use super::table::{Entry, Head};
use crate::digest;
use crate::phrases;
use crate::words::{Lang, Words};

/// Replacing a system takes a budget year.
const SOON_DAYS: i64 = 365;

/// Something with a day on which its support ends.
struct Support<'a> {
    day: Option<Date>,
    written: &'a str,
    finding: Option<&'a Finding>,
    asset: Option<&'a Asset>,
    input: usize,
}

pub(super) fn write(context: &mut Context<'_>) -> Result<(), XlsxError> {
    let (result, words) = (context.result, context.words);
    let heads = [
        ("col-state", 14),
        ("col-support-end", 16),
        ("col-days-left", 12),
        ("col-name", 36),
        ("col-version", 16),
        ("col-place", 18),
        ("col-site", 20),
        ("col-patched-by", 24),
        ("col-do", 48),
        ("col-source", 24),
        ("col-document", 30),
    ];
    let heads = heads.map(|(key, most)| Head { word: words.t(key), most });
    let today = today(result, words);
    let mut all: Vec<Support<'_>> = ended(result).chain(planned(result)).collect();
    all.sort_by_key(|support| (support.day.is_none(), support.day));
    let mut table = context.table("sheet-support", heads.into())?;
    for support in &all {
        table.row(entries(support, today, result, words))?;
    }
    table.end(&words.t("support-none"))
}

/// The day of the answer where its reader is.
fn today(result: &CheckResult, words: &Words) -> Date {
    let zone = match words.lang() {
        Lang::Ja => TimeZone::fixed(Offset::constant(9)),
        Lang::En => TimeZone::UTC,
    };
    result.as_of.to_zoned(zone).date()
}

/// Findings that support has ended.
fn ended(result: &CheckResult) -> impl Iterator<Item = Support<'_>> {
    let ended = result.findings.iter().filter(|f| f.vulnerability.kind == FindingKind::EndOfLife);
    ended.map(|finding| {
        let asset = finding.asset.as_deref();
        let of_asset = || asset.and_then(|asset| asset.support_end.as_deref());
        let written = finding.vulnerability.support_end.as_deref().or_else(of_asset).unwrap_or_default();
        let day = written.parse().ok();
        Support { day, written, finding: Some(finding), asset, input: finding.input }
    })
}

/// Assets whose ledger names the day, as far as there is no finding about them.
fn planned(result: &CheckResult) -> impl Iterator<Item = Support<'_>> {
    let told: FxHashSet<(usize, &str)> = ended(result)
        .filter_map(|support| Some((support.input, support.asset?.asset_id.as_str())))
        .filter(|(_, id)| !id.is_empty())
        .collect();
    let inputs = result.inputs.iter().enumerate();
    let assets = inputs.flat_map(|(input, report)| report.assets.iter().map(move |asset| (input, asset)));
    assets.filter_map(move |(input, asset)| {
        let written = asset.support_end.as_deref()?;
        let untold = !told.contains(&(input, asset.asset_id.as_str()));
        untold.then(|| Support {
            day: written.parse().ok(),
            written,
            finding: None,
            asset: Some(asset),
            input,
        })
    })
}

fn entries<'e>(
    support: &Support<'e>,
    today: Date,
    result: &'e CheckResult,
    words: &Words,
) -> [Entry<'e>; 11] {
    let left = support.day.and_then(|day| today.until(day).ok()).map(|span| i64::from(span.get_days()));
    let (state, tone) = match left {
        _ if support.finding.is_some() => ("support-ended", Tone::Alarm),
        None => ("unknown", Tone::Open),
        Some(left) if left < 0 => ("support-ended", Tone::Alarm),
        Some(left) if left <= SOON_DAYS => ("support-soon", Tone::Warning),
        Some(_) => ("support-going-on", Tone::Plain),
    };
    let asset = support.asset;
    let of_asset = |text: fn(&Asset) -> Option<&str>| asset.and_then(text).unwrap_or_default();
    let basis = support.finding.and_then(|finding| finding.bases().first());
    let component = support.finding.map(|finding| finding.component.as_ref());
    [
        Entry::text(words.t(state)).toned(tone),
        if support.written.is_empty() {
            Entry::text(words.t("unknown")).toned(Tone::Open)
        } else {
            Entry::day(support.written)
        },
        left.map_or(Entry::empty(), Entry::days),
        Entry::text(match (component, asset) {
            (Some(component), _) => component.name.clone(),
            (None, Some(asset)) => {
                let names = [asset.maker.as_deref(), asset.model.as_deref()];
                names.into_iter().flatten().collect::<Vec<_>>().join(" ")
            }
            (None, None) => String::new(),
        })
        .toned(Tone::Strong),
        Entry::text(
            component.and_then(digest::version_of).unwrap_or_else(|| of_asset(|a| a.firmware.as_deref())),
        ),
        Entry::text(match of_asset(|a| Some(&a.asset_id)) {
            "" => digest::name_of(result, support.input),
            id => id,
        }),
        Entry::text(of_asset(|a| a.place.as_deref())),
        match asset.map(|asset| asset.patched_by.as_deref()) {
            Some(Some(who)) => Entry::text(who),
            Some(None) => Entry::text(words.t("unsettled")).toned(Tone::Open),
            None => Entry::empty(),
        },
        match (support.finding, tone) {
            (Some(finding), _) => Entry::text(phrases::action(finding, words)),
            (None, Tone::Alarm) => Entry::text(words.t("do-replace")),
            (None, Tone::Warning) => Entry::text(words.t("do-plan-replacement")),
            _ => Entry::empty(),
        },
        match basis {
            Some(basis) => Entry::text(basis.source.as_str()),
            None => Entry::text(words.t("source-ledger")),
        },
        match basis {
            Some(basis) => Entry::text(basis.place.as_str()),
            None => Entry::text(digest::path_of(result, support.input)),
        },
    ]
}
