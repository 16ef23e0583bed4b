//! The register as a list shows it: which assets, in which order, and what stands in each column.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jiff::civil::Date;
use shindan_app::records::RecordsError;
use shindan_app::records::assets::{
    OfAsset, PatchedBy, of_register, open_cases_of_register, patched_of_register,
};
use shindan_domain::asset_ledger::Unsettled;
use shindan_domain::inventory::{AssetKind, Exposure};
use shindan_domain::register::{Register, RegisteredAsset};
use shindan_report::paper::Tone;
use shindan_report::words::Words;
use shindan_server::problem::Problem;

use super::texts::{Sought, Text, Texts};
use crate::address::encoded;
use crate::asked::Asked;
use crate::listing::{Cell as ListCell, Column, Columns, Piece};
use crate::scope::QUERY;
use crate::visit::Visit;

/// What the list is called in addresses.
pub(crate) const LIST: &str = "assets";

/// Support that ends within so many days is told.
const SOON: i64 = 180;

/// Which assets, and in which order, as it stands in the address.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Wanted {
    pub text: String,
    pub show: String,
    pub kind: String,
    pub support: String,
    pub exposure: String,
    pub sort: String,
    /// The system that is shown alone, as the address names it.
    pub system: String,
}

/// What can be shown: name in the address, key of its name.
pub(crate) const SHOW: &[(&str, &str)] = &[
    ("", "web-assets-show-used"),
    ("patched", "web-assets-show-patched"),
    ("unsettled", "web-assets-show-unsettled"),
    ("cases", "web-assets-show-cases"),
    ("missing", "web-assets-show-missing"),
    ("all", "web-show-all"),
];
/// Support: name in the address, key of its name.
pub(crate) const SUPPORT: &[(&str, &str)] = &[
    ("", "web-assets-support-any"),
    ("past", "web-assets-support-past"),
    ("soon", "web-assets-support-soon"),
    ("unknown", "web-assets-support-unknown"),
];
/// Orders: name in the address, key of its name.
pub(crate) const SORTS: &[(&str, &str)] = &[
    ("", "web-assets-sort-number"),
    ("name", "web-assets-sort-name"),
    ("version", "web-assets-sort-version"),
    ("support", "web-assets-sort-support"),
    ("confirmed", "web-assets-sort-confirmed"),
    ("cases", "web-assets-sort-cases"),
];

impl Wanted {
    /// From an address; what is not known is refused rather than passed over.
    pub(crate) fn of(asked: &Asked) -> Result<Wanted, Problem> {
        let text = |name: &str| asked.query(name).unwrap_or_default();
        let known = |name: &str, values: Vec<&'static str>| {
            let value = text(name);
            if value.is_empty() || values.contains(&value.as_str()) {
                return Ok(value);
            }
            Err(Problem::new("query-invalid", 400).with("name", name).with("value", value))
        };
        Ok(Wanted {
            text: text("text"),
            system: text(QUERY),
            show: known("show", SHOW.iter().map(|(name, _)| *name).collect())?,
            kind: known(
                "kind",
                AssetKind::ALL.iter().map(|kind| kind.as_str()).chain(["unknown"]).collect(),
            )?,
            support: known("support", SUPPORT.iter().map(|(name, _)| *name).collect())?,
            exposure: known("exposure", vec!["open", "controlled", "small", "unknown"])?,
            sort: known("sort", SORTS.iter().map(|(name, _)| *name).collect())?,
        })
    }

    /// As the part of an address after `?`.
    pub(crate) fn query(&self) -> String {
        let pairs = [
            (QUERY, &self.system),
            ("text", &self.text),
            ("show", &self.show),
            ("kind", &self.kind),
            ("support", &self.support),
            ("exposure", &self.exposure),
            ("sort", &self.sort),
        ];
        let pairs = pairs.into_iter().filter(|(_, value)| !value.is_empty());
        pairs.map(|(name, value)| format!("{name}={}", encoded(value))).collect::<Vec<_>>().join("&")
    }

    fn passes(&self, asset: &RegisteredAsset, told: &Told, today: Date) -> bool {
        let ledger = &asset.asset;
        let shown = match self.show.as_str() {
            "patched" => !ledger.retired && nobody_patches(asset, told),
            "unsettled" => !Unsettled::of(ledger).is_empty(),
            "cases" => told.open_cases.contains_key(&asset.key),
            "missing" => asset.missing_since.is_some(),
            "all" => true,
            _ => !ledger.retired,
        };
        let end = day(&ledger.support_end);
        let support = match self.support.as_str() {
            "past" => end.is_some_and(|end| end < today),
            "soon" => end.is_some_and(|end| end >= today && is_soon(end, today)),
            "unknown" => end.is_none(),
            _ => true,
        };
        let is = |wanted: &str, value: Option<&'static str>| {
            wanted.is_empty() || wanted == value.unwrap_or("unknown")
        };
        shown
            && support
            && is(&self.kind, ledger.kind.map(AssetKind::as_str))
            && is(&self.exposure, ledger.exposure.map(Exposure::as_str))
    }
}

/// Nobody is named, neither in the ledger nor in the records.
fn nobody_patches(asset: &RegisteredAsset, told: &Told) -> bool {
    asset.asset.patched_by.is_none() && !told.patched.contains(&asset.key)
}

/// What the records tell of all assets at once, as far as it decides which are shown, and in which order.
#[derive(Debug, Default)]
struct Told {
    open_cases: BTreeMap<String, u64>,
    patched: BTreeSet<String>,
}

impl Told {
    fn of(visit: &Visit<'_, '_>, register: &Register, wanted: &Wanted) -> Result<Told, Problem> {
        let (records, who) = (&*visit.session.records, &visit.session.who);
        let told = || -> Result<Told, RecordsError> {
            let mut told = Told::default();
            if wanted.show == "cases" || wanted.sort == "cases" {
                told.open_cases = open_cases_of_register(records, who, register)?;
            }
            if wanted.show == "patched" {
                told.patched = patched_of_register(records, who)?;
            }
            Ok(told)
        };
        told().map_err(|error| visit.session.problem(error))
    }
}

fn is_soon(end: Date, today: Date) -> bool {
    today.until(end).is_ok_and(|span| i64::from(span.get_days()) <= SOON)
}

/// An asset as the list shows it.
#[derive(Debug, Clone)]
pub(crate) struct Row {
    pub address: String,
    pub number: String,
    pub name: String,
    pub kind: String,
    pub product: String,
    pub version: String,
    pub patched: (String, Tone),
    pub support: (String, Tone),
    pub exposure: (String, Tone),
    pub place: String,
    pub confirmed: String,
    pub cases: usize,
    pub device: Option<(String, String)>,
    pub remarks: Vec<(String, Tone)>,
}

impl Row {
    /// When support ends, as the reader writes days.
    pub(crate) fn support_shown(&self, w: &Words) -> String {
        shindan_report::dates::written(&self.support.0, w).into_owned()
    }
}

/// The assets that are wanted, in the order that is wanted; of one system alone, if their keys are given. The records are looked at only
/// where they decide.
///
/// # Errors
/// Those of reading the records.
pub(crate) fn matching<'r>(
    visit: &Visit<'_, '_>,
    register: &'r Arc<Register>,
    wanted: &Wanted,
    of_system: Option<&BTreeSet<String>>,
) -> Result<Vec<&'r RegisteredAsset>, Problem> {
    let today = shindan_app::clock::day_in_japan(visit.session.call.now);
    let told = Told::of(visit, register, wanted)?;
    let (texts, sought) = (Texts::of(register), Sought::of(&wanted.text));
    let is_wanted = |(asset, text): &(&RegisteredAsset, &Text)| {
        of_system.is_none_or(|assets| assets.contains(&asset.key))
            && wanted.passes(asset, &told, today)
            && text.holds(&sought)
    };
    let mut found: Vec<_> = texts.with(register).filter(is_wanted).collect();
    // Equal ones stand by their number.
    found.sort_by_key(|(_, text)| text.number);
    match wanted.sort.as_str() {
        "support" => found.sort_by_key(|(asset, _)| day(&asset.asset.support_end).unwrap_or(Date::MAX)),
        // What was never confirmed comes first.
        "confirmed" => found.sort_by_key(|(asset, _)| day(&asset.asset.confirmed).unwrap_or(Date::MIN)),
        "cases" => {
            found
                .sort_by_cached_key(|(asset, _)| std::cmp::Reverse(told.open_cases.get(&asset.key).copied()));
        }
        "name" => found.sort_by_key(|(_, text)| text.name),
        "version" => found.sort_by_key(|(_, text)| text.version),
        _ => {}
    }
    Ok(found.into_iter().map(|(asset, _)| asset).collect())
}

fn of(visit: &Visit<'_, '_>, asset: &RegisteredAsset) -> Result<OfAsset, Problem> {
    let found = of_register(visit.session.records, &visit.session.who, &asset.key);
    found.map_err(|error| visit.session.problem(error))
}

fn day(text: &Option<String>) -> Option<Date> {
    text.as_deref()?.parse().ok()
}

/// The same assets as they are shown.
///
/// # Errors
/// Those of reading the records.
pub(crate) fn rows(visit: &Visit<'_, '_>, found: &[&RegisteredAsset]) -> Result<Vec<Row>, Problem> {
    let today = shindan_app::clock::day_in_japan(visit.session.call.now);
    let mut rows = Vec::with_capacity(found.len());
    for asset in found {
        rows.push(row(asset, &of(visit, asset)?, today, &visit.w));
    }
    Ok(rows)
}

/// An asset as it is shown.
pub(crate) fn row(asset: &RegisteredAsset, of: &OfAsset, today: Date, w: &Words) -> Row {
    let ledger = &asset.asset;
    let text = |value: &Option<String>| value.clone().unwrap_or_default();
    let joined = |parts: [&Option<String>; 2], between: &str| {
        parts.into_iter().flatten().cloned().collect::<Vec<_>>().join(between)
    };
    let end = day(&ledger.support_end);
    let exposure = ledger.exposure.map(|exposure| w.label("exposure", exposure.as_str()));
    let kind = ledger.kind.map(|kind| w.label("asset-kind", kind.as_str()));
    Row {
        address: format!("/assets/{}", encoded(&asset.key)),
        number: if ledger.label().is_empty() { asset.key.clone() } else { ledger.label().to_owned() },
        name: text(&ledger.name),
        kind: kind.unwrap_or_else(|| text(&ledger.kind_text)),
        product: joined([&ledger.maker, &ledger.model], " "),
        version: joined([&ledger.firmware, &ledger.os], " / "),
        patched: patched(asset, of, today, w),
        support: (text(&ledger.support_end), tone_of_support(end, today)),
        exposure: match exposure {
            Some(known) => (known, Tone::Plain),
            None if text(&ledger.exposure_text).is_empty() => (w.t("web-assets-open"), Tone::Undetermined),
            None => (text(&ledger.exposure_text), Tone::Undetermined),
        },
        place: text(&ledger.place),
        confirmed: text(&ledger.confirmed),
        cases: of.open_cases(),
        device: of.devices.first().map(|(stream, called)| (crate::address::address(*stream), called.clone())),
        remarks: remarks(asset, w),
    }
}

fn tone_of_support(end: Option<Date>, today: Date) -> Tone {
    match end {
        Some(end) if end < today => Tone::Immediate,
        Some(end) if is_soon(end, today) => Tone::Late,
        _ => Tone::Plain,
    }
}

/// Who patches it: never nobody (SPEC.md section 3).
pub(crate) fn patched(asset: &RegisteredAsset, of: &OfAsset, today: Date, w: &Words) -> (String, Tone) {
    let ledger = asset.asset.patched_by.clone();
    match (&of.patcher, ledger) {
        (Some(PatchedBy::Party(_, name)), _) => (name.clone(), Tone::Plain),
        (_, Some(named)) => (named, Tone::Plain),
        (Some(PatchedBy::ToBeSettled(day)), None) => {
            let tone = if *day < today { Tone::Immediate } else { Tone::Undetermined };
            let until = shindan_report::dates::date(*day, w);
            (w.get("web-assets-patched-until", &[("day", (&until).into())]), tone)
        }
        (None, None) if asset.asset.retired => (String::new(), Tone::Plain),
        (None, None) => (w.t("web-assets-open"), Tone::Undetermined),
    }
}

fn remarks(asset: &RegisteredAsset, w: &Words) -> Vec<(String, Tone)> {
    let mut all = Vec::new();
    if asset.asset.retired {
        all.push((w.t("inventory-retired"), Tone::Quiet));
    }
    if asset.missing_since.is_some() {
        all.push((w.t("web-assets-not-in-ledger"), Tone::Late));
    }
    all
}

/// The columns of the list.
///
/// # Errors
/// Status 400 if the address names a column that there is none of.
pub(crate) fn columns(visit: &Visit<'_, '_>) -> Result<Columns, Problem> {
    let of = |id, key: &str, class, share| Column::new(id, visit.w.t(key), class, share);
    let all = vec![
        of("number", "ledger-asset_id", "number", 3),
        of("name", "ledger-name", "", 4),
        of("kind", "ledger-kind", "", 3),
        of("product", "web-assets-product", "title", 5),
        of("version", "ledger-firmware", "", 4),
        of("patched", "ledger-patched_by", "", 4),
        of("support", "ledger-support_end", "day", 3),
        of("exposure", "ledger-exposure", "", 3),
        of("place", "ledger-place", "", 4),
        of("confirmed", "ledger-confirmed", "day", 3),
        of("cases", "web-assets-open-cases", "n", 2),
        of("dossier", "web-assets-dossier", "number", 3).aside(),
        of("remarks", "web-assets-remarks", "", 3).aside(),
    ];
    Columns::of(visit, LIST, all)
}

/// A row of the list.
pub(crate) fn cells(columns: &Columns, row: &Row, w: &Words) -> Vec<ListCell> {
    let toned = |(text, tone): &(String, Tone)| ListCell::toned(text.clone(), *tone);
    columns.row(|id| match id {
        "number" => ListCell::link(row.number.clone(), row.address.clone()),
        "name" => ListCell::text(row.name.clone()),
        "kind" => ListCell::text(row.kind.clone()),
        "product" => ListCell::text(row.product.clone()),
        "version" => ListCell::text(row.version.clone()),
        "patched" => toned(&row.patched),
        "support" => ListCell::day_or_text(&row.support.0, w).with_tone(row.support.1),
        "exposure" => toned(&row.exposure),
        "place" => ListCell::text(row.place.clone()),
        "confirmed" => ListCell::day_or_text(&row.confirmed, w),
        "cases" if row.cases > 0 => {
            ListCell::number(row.cases as u64).leading(format!("{}#cases", row.address))
        }
        "cases" => ListCell::number(0),
        "dossier" => match &row.device {
            Some((address, called)) => ListCell::link(called.clone(), address.clone()),
            None => ListCell::default(),
        },
        _ => {
            let pieces = row.remarks.iter().map(|(text, tone)| Piece::toned(text.clone(), *tone));
            pieces.fold(ListCell::default(), ListCell::with)
        }
    })
}
