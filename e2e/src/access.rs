//! The accessibility and layout check of the page that is open.

use std::collections::{BTreeMap, BTreeSet};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::{Mutex, PoisonError};

use fantoccini::Client;
use serde_json::{Value, json};

use crate::browser::devtools;
use crate::{Lang, Outcome};

/// Widths in CSS pixels: a phone, the smallest screen of a ward at a zoom of 200 %, and that screen, where the story goes on.
pub const WIDTHS: [(u32, u32); 3] = [(390, 844), (640, 360), (1280, 720)];

const SCRIPT: &str = include_str!("access.js");

/// One thing that somebody cannot read, reach or tell.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Fault {
    pub rule: String,
    /// The element, as a way down to it and the start of its words.
    pub place: String,
    pub what: String,
}

/// The page without what tells one record or session from another: in long words with a digit (identifiers, days, tokens), each
/// letter is the same. Headings, attributes, short numbers and all lengths stay what they are.
const ALIKE: &str = "return document.documentElement.outerHTML.replace(/\\b(?=[\\w-]*\\d)[\\w-]{8,}/g, (word) => '*'.repeat(word.length))";

/// Pages that any story of this run looked at, by the hash of their text without such words.
static LOOKED_AT: Mutex<BTreeSet<u64>> = Mutex::new(BTreeSet::new());

/// True if no page like the one that is open was looked at in this run: stories meet the log-in and the first page again and again.
pub async fn is_new(client: &Client) -> Outcome<bool> {
    let told =
        client.execute(ALIKE, Vec::new()).await.map_err(|error| format!("text of the page: {error}"))?;
    let Some(text) = told.as_str() else { return Err(format!("text of the page: {told}")) };
    let mut hasher = DefaultHasher::new();
    text.hash(&mut hasher);
    let mut known = LOOKED_AT.lock().unwrap_or_else(PoisonError::into_inner);
    Ok(known.insert(hasher.finish()))
}

/// Every fault of the page that is open: its content once, its colours in light and dark, its layout at each width.
pub async fn faults(client: &Client, lang: Lang) -> Outcome<Vec<Fault>> {
    let mut found = Vec::new();
    for (theme, parts) in [("light", json!(["content", "colour"])), ("dark", json!(["colour"]))] {
        // Without movement: a colour on its way to another is neither.
        let features = json!([
            { "name": "prefers-color-scheme", "value": theme },
            { "name": "prefers-reduced-motion", "value": "reduce" },
        ]);
        devtools(client, "Emulation.setEmulatedMedia", json!({ "media": "", "features": features })).await?;
        found.extend(run(client, lang, parts, theme).await?);
    }
    devtools(client, "Emulation.setEmulatedMedia", json!({ "media": "", "features": [] })).await?;
    for (width, height) in WIDTHS {
        let wanted = json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": false });
        devtools(client, "Emulation.setDeviceMetricsOverride", wanted).await?;
        found.extend(run(client, lang, json!(["layout"]), &format!("{width} px")).await?);
    }
    Ok(found)
}

async fn run(client: &Client, lang: Lang, parts: Value, at: &str) -> Outcome<Vec<Fault>> {
    let told = client
        .execute(SCRIPT, vec![json!({ "lang": lang.code(), "parts": parts })])
        .await
        .map_err(|error| format!("accessibility check: {error}"))?;
    let faults = told.as_array().ok_or_else(|| format!("accessibility check gave {told}"))?;
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    Ok(faults
        .iter()
        .map(|one| Fault {
            rule: text(&one["rule"]),
            place: text(&one["where"]),
            what: format!("{} [{at}]", text(&one["what"])),
        })
        .collect())
}

/// The faults of many pages, each once, with the first page that shows it and how many do.
#[derive(Debug, Default)]
pub struct Report {
    found: BTreeMap<(String, String), (String, usize)>,
}

impl Report {
    /// Notes what a page has.
    pub fn note(&mut self, page: &str, faults: Vec<Fault>) {
        for fault in faults {
            let element = fault.place.split(" \"").next().unwrap_or_default().to_owned();
            let line = format!("{}: {} {} (first on {page})", fault.rule, fault.place, fault.what);
            let kind = fault.what.chars().filter(|letter| !letter.is_ascii_digit()).collect::<String>();
            self.found.entry((format!("{} {kind}", fault.rule), element)).or_insert((line, 0)).1 += 1;
        }
    }

    /// Nothing was found, or all of it as text.
    pub fn outcome(&self) -> Outcome {
        if self.found.is_empty() {
            return Ok(());
        }
        let lines = self.found.values().map(|(line, count)| format!("  {line}, {count} time(s)"));
        Err(format!("accessibility:\n{}", lines.collect::<Vec<_>>().join("\n")))
    }
}
