//! A figure on a page: picture, what stands below it, and its data as a table.

use shindan_report::figure::Figure;

use super::paper_table::Grid;

/// A figure for a template.
#[derive(Debug, Clone)]
pub(crate) struct Shown {
    pub title: String,
    pub description: String,
    /// SVG of our own making; nothing of it is anybody's text without being escaped there.
    pub svg: Option<String>,
    pub said: Vec<String>,
    pub table: Grid,
}

impl From<Figure> for Shown {
    fn from(figure: Figure) -> Shown {
        Shown {
            title: figure.title,
            description: figure.description,
            svg: figure.svg,
            said: figure.said,
            table: figure.table.into(),
        }
    }
}

#[cfg(test)]
pub(crate) fn sample() -> Shown {
    Shown {
        title: "figure".to_owned(),
        description: "description".to_owned(),
        svg: Some("<svg><title>t</title></svg>".to_owned()),
        said: vec!["<運用>".to_owned()],
        table: super::paper_table::sample(),
    }
}
