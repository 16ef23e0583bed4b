//! Figures: data → SVG, with the same data as a table and in words (UI.md, issue 8 point 6).
//!
//! Each figure is a pure function of its data, an `id` that the page chooses, and [`Words`](crate::words::Words). The page puts
//! [`Figure::svg`] where it belongs, [`Figure::said`] below it and [`Figure::table`] into a `<details>`; [`STYLE`] belongs to its
//! style sheet. Without that style sheet a figure is black and white and says the same.
//!
//! Invariants, stated as absences: no script, no `style` (pages forbid both), no colour without pattern, shape or sign, no
//! number that stands in the picture alone, nothing left out that is not counted in words.

mod drawing;
mod epss;
mod over_time;
mod relations;
mod sources;
#[cfg(test)]
mod tests;
mod times;
mod tree;

pub use epss::{EpssHistory, epss};
pub use over_time::{OverTime, Week, over_time};
pub use relations::{HitPlace, HitProduct, Relations, relations};
pub use sources::{SourceDays, SourceRow, freshness, month};
pub use times::{Measured, Strip, Taken, Times, times};
pub use tree::{Branch, Question, SsvcTree, tree};

use crate::paper::Table;

/// The style sheet of figures, for light and dark, screen and print.
pub const STYLE: &str = include_str!("../../templates/figure.css");

/// A figure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Figure {
    /// What it shows; also the caption.
    pub title: String,
    /// The same in a sentence or two, for who does not see it.
    pub description: String,
    /// The picture; `None` where there is nothing to draw, which [`Figure::said`] says.
    pub svg: Option<String>,
    /// What stands below it: what is left out, percentiles, since when.
    pub said: Vec<String>,
    /// All of its data.
    pub table: Table,
}
