//! Lists of devices.

use std::io::Write;

use askama::Template;
use serde_json::{Error, Value, json};

use super::{DeviceLine, DeviceReport};
use crate::dates;
use crate::json::write_line;
use crate::records::reason_json;
use crate::table::Style;
use crate::table::layout::{self, Meaning, colored, line, plain, put};
use crate::words::Words;

/// What is open about devices, for the terminal.
pub fn alarms_table(report: &DeviceReport, words: &Words, style: &Style) -> String {
    let mut out = head("device-alarms-head", report, words);
    if report.lines.is_empty() {
        return out;
    }
    let keys = ["device-col-number", "device-col-name", "device-col-category", "device-col-state"];
    let mut head: Vec<String> = keys.iter().map(|key| words.t(key)).collect();
    head.push(words.t("device-col-alarms"));
    let mut table = layout::table(&head, style);
    for one in &report.lines {
        let alarms: Vec<String> =
            one.alarms.iter().map(|reason| format!("・{}", words.reason(reason))).collect();
        table.add_row(vec![
            plain(&one.number),
            plain(&one.name),
            plain(words.term(one.category.term())),
            state(one, words),
            plain(alarms.join("\n")),
        ]);
    }
    layout::widen(&mut table, 4, 50);
    put(&mut out, &table);
    out
}

/// 停止機器一覧 for the terminal.
pub fn stopped_table(report: &DeviceReport, words: &Words, style: &Style) -> String {
    let mut out = head("device-stopped-head", report, words);
    if report.lines.is_empty() {
        return out;
    }
    let mut table = layout::table(&stopped_columns(words), style);
    for one in &report.lines {
        let mut cells = stopped_cells(one, report, words).into_iter().map(plain).collect::<Vec<_>>();
        if let Some(cell) = cells.get_mut(3) {
            *cell = state(one, words);
        }
        table.add_row(cells);
    }
    put(&mut out, &table);
    out
}

/// How many devices the list has, of how many dossiers.
pub(super) fn stopped_head(report: &DeviceReport, words: &Words) -> String {
    head("device-stopped-head", report, words).trim_end().to_owned()
}

fn head(key: &str, report: &DeviceReport, words: &Words) -> String {
    let mut out = String::new();
    let day = report.as_of.to_string();
    let values = [
        ("day", day.as_str().into()),
        ("count", report.lines.len().into()),
        ("devices", report.devices.into()),
    ];
    line(&mut out, &words.get(key, &values));
    out
}

fn state(one: &DeviceLine, words: &Words) -> comfy_table::Cell {
    let text = words.term(one.state.term());
    if one.open_since.is_some() { colored(text, Meaning::Immediate) } else { plain(text) }
}

pub(super) fn stopped_columns(words: &Words) -> Vec<String> {
    [
        "device-col-number",
        "device-col-name",
        "device-col-category",
        "device-col-state",
        "device-col-system",
        "device-col-since",
        "device-col-days",
        "device-col-why",
    ]
    .iter()
    .map(|key| words.t(key))
    .collect()
}

pub(super) fn stopped_cells(one: &DeviceLine, report: &DeviceReport, words: &Words) -> Vec<String> {
    vec![
        one.number.clone(),
        one.name.clone(),
        words.term(one.category.term()),
        words.term(one.state.term()),
        one.system.clone().unwrap_or_default(),
        one.open_since.map(|day| day.to_string()).unwrap_or_default(),
        one.days_open(report.as_of).map(|days| days.to_string()).unwrap_or_default(),
        one.why.clone().unwrap_or_default(),
    ]
}

#[derive(Template)]
#[template(path = "devices.html")]
struct Page<'a> {
    w: &'a Words,
    lead: String,
    made: String,
    columns: Vec<String>,
    rows: Vec<Vec<String>>,
}

/// 停止機器一覧 as one self-contained page that prints on A4, with a place to confirm each device by hand.
///
/// # Errors
/// Only what formatting into a string can report, which does not happen with the views of this crate.
pub fn stopped_html(report: &DeviceReport, words: &Words) -> Result<String, askama::Error> {
    let made = dates::moment(report.made, words);
    Page {
        w: words,
        lead: stopped_head(report, words),
        made: words.get("device-made", &[("made", made.as_str().into())]),
        columns: stopped_columns(words),
        rows: report.lines.iter().map(|one| stopped_cells(one, report, words)).collect(),
    }
    .render()
}

/// Writes a list of devices, schema `shindan.devices/1`.
///
/// # Errors
/// What writing reports.
pub fn write_devices<W: Write>(writer: W, report: &DeviceReport) -> Result<(), Error> {
    let device = |one: &DeviceLine| -> Value {
        json!({
            "id": one.stream.id,
            "number": one.number,
            "name": one.name,
            "asset": one.key,
            "category": one.category,
            "state": one.state,
            "system": one.system,
            "open_since": one.open_since,
            "days_open": one.days_open(report.as_of),
            "why": one.why,
            "alarms": one.alarms.iter().map(reason_json).collect::<Vec<_>>(),
        })
    };
    write_line(
        writer,
        &json!({
            "schema": "shindan.devices/1",
            "as_of": report.as_of,
            "made": report.made,
            "dossiers": report.devices,
            "devices": report.lines.iter().map(device).collect::<Vec<_>>(),
        }),
    )
}
