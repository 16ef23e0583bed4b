//! Who is hit: from a vulnerability to products, from products to systems and sites.

use shindan_domain::priority::Decision;

use super::Figure;
use super::drawing::{Anchor, Drawing, SMALL, Sample, TEXT, Tone, WIDTH, fitting};
use crate::paper::{Column, Table};
use crate::words::Words;

/// A product with its version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HitProduct {
    /// Name and version.
    pub name: String,
    /// The most urgent of its findings.
    pub priority: Decision,
    /// Where it is: numbers into [`Relations::places`].
    pub places: Vec<usize>,
}

/// A system, a site or a device.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HitPlace {
    /// What it is called.
    pub name: String,
}

/// Who is hit by one vulnerability.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Relations {
    /// Its identifier.
    pub vulnerability: String,
    /// What is hit, the most urgent first.
    pub products: Vec<HitProduct>,
    /// Where.
    pub places: Vec<HitPlace>,
    /// Components for which it could not be told.
    pub undetermined: u64,
}

/// Products and places that are drawn, so that with the vulnerability there are at most 40.
const PRODUCTS: usize = 14;
const PLACES: usize = 24;
/// Where products end and places begin.
const MIDDLE: (i64, i64) = (300, 352);
const STEP: i64 = 42;
const BOX: i64 = 34;

/// Who is hit.
pub fn relations(data: &Relations, id: &str, words: &Words) -> Figure {
    let title = words.get("fig-relations-title", &[("id", (&data.vulnerability).into())]);
    let mut said = Vec::new();
    let description = if data.products.is_empty() {
        words.t("fig-relations-empty")
    } else {
        let counts = [("products", data.products.len().into()), ("places", data.places.len().into())];
        words.get("fig-relations-description", &counts)
    };
    said.push(description.clone());
    let chosen = Chosen::of(data);
    let left_out = (
        data.products.len() - chosen.products.len().min(data.products.len()),
        data.places.len() - chosen.places.len().min(data.places.len()),
    );
    if left_out != (0, 0) {
        let counts = [("products", left_out.0.into()), ("places", left_out.1.into())];
        said.push(words.get("fig-relations-left-out", &counts));
    }
    if data.undetermined > 0 {
        said.push(words.get("fig-relations-undetermined", &[("count", data.undetermined.into())]));
    }
    let svg = (!data.products.is_empty() || data.undetermined > 0)
        .then(|| drawn(data, &chosen, id, &title, &description, words));
    Figure { table: table(data, &title, words), title, description, svg, said }
}

/// What is drawn: the first products, and the first places of those.
struct Chosen<'d> {
    products: Vec<&'d HitProduct>,
    /// Numbers of places in the order in which they are drawn.
    places: Vec<usize>,
}

impl Chosen<'_> {
    fn of(data: &Relations) -> Chosen<'_> {
        let products: Vec<&HitProduct> = data.products.iter().take(PRODUCTS).collect();
        let mut places = Vec::new();
        for place in products.iter().flat_map(|product| &product.places) {
            if places.len() < PLACES && !places.contains(place) && *place < data.places.len() {
                places.push(*place);
            }
        }
        Chosen { products, places }
    }
}

fn drawn(
    data: &Relations,
    chosen: &Chosen<'_>,
    id: &str,
    title: &str,
    description: &str,
    words: &Words,
) -> String {
    let mut drawing = Drawing::new(id);
    drawing.frame((0, 1), (WIDTH - 1, BOX + 4), "fig-taken");
    let head = fitting(&data.vulnerability, WIDTH - 24, TEXT);
    drawing.text((12, 27), Anchor::Start, TEXT, &head);
    let columns = [(24, words.t("fig-relations-products")), (MIDDLE.1, words.t("fig-relations-places"))];
    for (x, name) in columns {
        drawing.text((x, 68), Anchor::Start, SMALL, &fitting(&name, MIDDLE.0 - 24, SMALL));
    }
    let row = |place: usize| 80 + i64::try_from(place).unwrap_or(0) * STEP;
    for (place, product) in chosen.products.iter().enumerate() {
        for target in &product.places {
            if let Some(at) = chosen.places.iter().position(|place| place == target) {
                let line = [(MIDDLE.0, row(place) + BOX / 2), (MIDDLE.1, row(at) + BOX / 2)];
                drawing.path(&line, "fig-axis");
            }
        }
    }
    let doubts = usize::from(data.undetermined > 0);
    let trunk = (chosen.products.len() + doubts).saturating_sub(1);
    drawing.path(&[(8, BOX + 5), (8, row(trunk) + BOX / 2)], "fig-axis");
    let mut tones: Vec<Decision> = Vec::new();
    for (place, product) in chosen.products.iter().enumerate() {
        node(&mut drawing, row(place), Tone::of(product.priority), &product.name);
        if !tones.contains(&product.priority) {
            tones.push(product.priority);
        }
    }
    for (place, target) in chosen.places.iter().enumerate() {
        let Some(target) = data.places.get(*target) else { continue };
        drawing.frame((MIDDLE.1, row(place)), (WIDTH - MIDDLE.1 - 1, BOX), "fig-line");
        let name = fitting(&target.name, WIDTH - MIDDLE.1 - 17, SMALL);
        drawing.text((MIDDLE.1 + 8, row(place) + 24), Anchor::Start, SMALL, &name);
    }
    tones.sort();
    let legend: Vec<(Sample, String)> = tones
        .iter()
        .map(|tone| (Sample::Tone(Tone::of(*tone)), words.label("priority", tone.as_str())))
        .collect();
    if data.undetermined > 0 {
        let name = words.get("fig-relations-doubts", &[("count", data.undetermined.into())]);
        node(&mut drawing, row(chosen.products.len()), Tone::Undetermined, &name);
    }
    let rows = (chosen.products.len() + doubts).max(chosen.places.len());
    let end = drawing.legend(row(rows) + 6, &legend);
    drawing.finish(end + 6, title, description)
}

/// A box of the left column.
fn node(drawing: &mut Drawing, y: i64, tone: Tone, name: &str) {
    drawing.path(&[(8, y + BOX / 2), (24, y + BOX / 2)], "fig-axis");
    drawing.frame((24, y), (MIDDLE.0 - 24, BOX), "fig-line");
    drawing.area((24, y), (16, BOX), tone);
    let name = fitting(name, MIDDLE.0 - 24 - 16 - 16, SMALL);
    drawing.text((48, y + 24), Anchor::Start, SMALL, &name);
}

fn table(data: &Relations, title: &str, words: &Words) -> Table {
    let columns = vec![
        Column::text(words.t("fig-relations-product"), 4),
        Column::text(words.t("fig-priority"), 2),
        Column::text(words.t("fig-relations-places"), 5),
    ];
    let rows = data.products.iter().map(|product| {
        let places = product.places.iter().filter_map(|place| data.places.get(*place));
        let names: Vec<&str> = places.map(|place| place.name.as_str()).collect();
        vec![
            (&product.name).into(),
            words.label("priority", product.priority.as_str()).into(),
            names.join("\n").into(),
        ]
    });
    Table { title: title.to_owned(), columns, rows: rows.collect(), empty: words.t("fig-relations-empty") }
}
