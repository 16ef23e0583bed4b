//! A paper as a page: self-contained, or as the fragment that a page of the web application holds.
//!
//! Nothing here holds a script, an address or a `style` attribute, so that the strictest content security policy shows it.
//! Everything that comes from a paper goes through `text`, which escapes it.

use std::fmt::Write as _;

use super::{Block, Cell, Layout, Paper, Table, Tone, head_line};
use crate::table::clean;
use crate::words::Words;

/// How the fragment looks; all of its classes begin with `paper`.
pub const STYLE: &str = include_str!("../../templates/paper.css");

/// Characters of a word above which it is divided where a line ends.
const LONG: usize = 24;

/// The page around a fragment.
const AROUND: &str = "html{background:#fff}body{margin:6mm auto;max-width:190mm}body.paper-lying{max-width:277mm}@media print{body{margin:0;max-width:none}body.paper-lying{max-width:none}}";

/// A paper as one HTML file that needs no network and prints on A4.
pub fn page(paper: &Paper, words: &Words) -> String {
    let (size, class) = match paper.layout {
        Layout::Portrait => ("portrait", ""),
        Layout::Landscape => ("landscape", " class=\"paper-lying\""),
    };
    let mut out = String::with_capacity(1 << 14);
    // Writing to a text does not fail, here and below.
    let _ = write!(
        out,
        "<!DOCTYPE html>\n<html lang=\"{}\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; \
         base-uri 'none'; form-action 'none'\">\n<meta name=\"robots\" content=\"noindex\">\n<title>",
        words.lang()
    );
    text(&mut out, &head_line(paper));
    let _ = write!(
        out,
        "</title>\n<style>\n@page{{size:A4 {size};margin:12mm 12mm 16mm;@bottom-center{{content:counter(page) \" / \" \
         counter(pages);font-size:9pt}}}}\n{AROUND}\n{STYLE}</style>\n</head>\n<body{class}>\n"
    );
    body(&mut out, paper, words, 1);
    out.push_str("</body>\n</html>\n");
    out
}

/// What stands in a paper, for a page that has its own title: its headings begin at the second level.
pub fn fragment(paper: &Paper, words: &Words) -> String {
    let mut out = String::with_capacity(1 << 13);
    body(&mut out, paper, words, 2);
    out
}

/// `top` is the level of the title.
fn body(out: &mut String, paper: &Paper, words: &Words, top: u8) {
    let _ =
        writeln!(out, "<article class=\"paper\" lang=\"{}\">\n<header class=\"paper-head\">", words.lang());
    element(out, &format!("h{top}"), "paper-title", &paper.title);
    if !paper.subject.is_empty() {
        element(out, "p", "paper-subject", &paper.subject);
    }
    for line in &paper.about {
        element(out, "p", "paper-about", line);
    }
    out.push_str("</header>\n");
    if !paper.cautions.is_empty() {
        let _ = writeln!(out, "<div class=\"paper-cautions\" role=\"note\">");
        element(out, "p", "paper-label", &words.t("paper-cautions"));
        out.push_str("<ul>\n");
        for caution in &paper.cautions {
            element(out, "li", "", caution);
        }
        out.push_str("</ul></div>\n");
    }
    // A paper may begin with a heading of the second depth; the page's levels leave none out (WCAG 1.3.1).
    let mut last = top;
    for (index, block) in paper.blocks.iter().enumerate() {
        match block {
            Block::Heading(depth, heading) => {
                let level = top.saturating_add(*depth).min(last.saturating_add(1)).clamp(2, 6);
                last = level;
                element(out, &format!("h{level}"), &format!("paper-h{}", (*depth).clamp(1, 4)), heading);
            }
            Block::Text(said) => element(out, "p", "paper-text", said),
            Block::Notice(said) => notice(out, said),
            Block::Facts(facts) => write_facts(out, facts),
            Block::Table(table) => write_table(out, table, paper.is_titled_above(index)),
            Block::Signatures(fields) => signatures(out, fields, words),
            Block::NewPage => out.push_str("<hr class=\"paper-break\">\n"),
        }
    }
    out.push_str("</article>\n");
}

/// Adds a text; what would be markup is escaped, what would reorder a line is replaced.
fn text(out: &mut String, foreign: &str) {
    for character in clean(foreign).chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            other => out.push(other),
        }
    }
}

/// Name and class are ours, the text is not.
fn element(out: &mut String, name: &str, class: &str, said: &str) {
    open(out, name, class, "");
    text(out, said);
    let _ = writeln!(out, "</{name}>");
}

fn open(out: &mut String, name: &str, class: &str, attributes: &str) {
    let _ = match class {
        "" => write!(out, "<{name}{attributes}>"),
        class => write!(out, "<{name} class=\"{class}\"{attributes}>"),
    };
}

/// The class of a tone; none for a plain one.
fn toned(tone: Tone) -> String {
    if tone == Tone::Plain { String::new() } else { format!("paper-{}", tone.as_str()) }
}

fn notice(out: &mut String, said: &Cell) {
    let class = format!("paper-notice {}", toned(said.tone));
    open(out, "p", class.trim_end(), " role=\"note\"");
    text(out, &said.text);
    out.push_str("</p>\n");
}

fn write_facts(out: &mut String, facts: &[(String, Cell)]) {
    out.push_str("<table class=\"paper-facts\"><tbody>\n");
    for (label, value) in facts {
        out.push_str("<tr><th scope=\"row\">");
        text(out, label);
        out.push_str("</th>");
        open(out, "td", &toned(value.tone), "");
        text(out, &value.text);
        out.push_str("</td></tr>\n");
    }
    out.push_str("</tbody></table>\n");
}

fn write_table(out: &mut String, table: &Table, titled: bool) {
    let class = if titled { "paper-table-title paper-unseen" } else { "paper-table-title" };
    if table.rows.is_empty() {
        if !titled {
            element(out, "p", "paper-table-title", &table.title);
        }
        element(out, "p", "paper-empty", &table.empty);
        return;
    }
    out.push_str("<table class=\"paper-table\">");
    element(out, "caption", class, &table.title);
    out.push_str("<colgroup>");
    for share in table.percentages() {
        let _ = write!(out, "<col class=\"paper-w{share}\">");
    }
    out.push_str("</colgroup><thead><tr>");
    for column in &table.columns {
        open(out, "th", if column.numbers { "paper-number" } else { "" }, " scope=\"col\"");
        text(out, &column.title);
        out.push_str("</th>");
    }
    for _ in table.columns.len()..table.width() {
        out.push_str("<td></td>");
    }
    out.push_str("</tr></thead><tbody>\n");
    for row in &table.rows {
        out.push_str("<tr>");
        for (index, cell) in row.iter().enumerate() {
            let numbers = table.columns.get(index).is_some_and(|column| column.numbers);
            let mut classes = vec![toned(cell.tone)];
            classes.extend(numbers.then(|| "paper-number".to_owned()));
            classes.extend(is_long(&cell.text).then(|| "paper-long".to_owned()));
            open(out, "td", classes.join(" ").trim(), "");
            text(out, &cell.text);
            out.push_str("</td>");
        }
        out.push_str("</tr>\n");
    }
    out.push_str("</tbody></table>\n");
}

/// Whether a text holds something that has no place to end a line and would make its column too wide.
fn is_long(text: &str) -> bool {
    text.split_whitespace().any(|word| word.chars().count() > LONG)
}

fn signatures(out: &mut String, fields: &[String], words: &Words) {
    out.push_str("<div class=\"paper-signs\">\n");
    for field in fields {
        out.push_str("<div class=\"paper-sign\">");
        element(out, "p", "paper-sign-for", field);
        for key in ["paper-sign-date", "paper-sign-title", "paper-sign-name"] {
            element(out, "p", "paper-sign-line", &words.t(key));
        }
        out.push_str("</div>\n");
    }
    out.push_str("</div>\n");
}
