//! The knowledge base on the terminal: its state, and one vulnerability with every source's opinion.

use jiff::Timestamp;
use shindan_domain::advisory::{Affected, Opinion};
use shindan_domain::finding::{CheckResult, VulnerabilityFacts};
use shindan_domain::knowledge::{KnowledgeSummary, SourceSummary};
use shindan_domain::version::VersionClaim;

use super::Style;
use super::check::age;
use super::layout::{self, colored, heading, line, plain, put};
use crate::json::show::{indices_of, statements};
use crate::words::{Words, grouped};
use crate::{dates, digest, phrases};

/// The knowledge base per source, with what was rejected and why.
pub fn kb_status(knowledge: &KnowledgeSummary, as_of: Timestamp, words: &Words, style: &Style) -> String {
    let mut out = String::new();
    line(&mut out, &words.t("kb-title"));
    let counts = [
        ("documents", knowledge.documents.into()),
        ("advisories", knowledge.advisories.into()),
        ("vulnerabilities", knowledge.vulnerabilities.into()),
        ("rejected", knowledge.rejected.into()),
    ];
    line(&mut out, &words.get("kb-counts", &counts));
    let built = knowledge.built_at.map_or_else(|| words.t("unknown"), |t| dates::moment(t, words));
    let values = [("time", (&built).into()), ("generation", knowledge.generation.into())];
    line(&mut out, &words.get("kb-built", &values));
    sources(&mut out, &knowledge.sources, as_of, words, style);
    for source in &knowledge.sources {
        rejections(&mut out, source, words);
    }
    out
}

/// The freshness of each source, below the answer of a check.
pub(super) fn freshness(out: &mut String, result: &CheckResult, words: &Words, style: &Style) {
    heading(out, &words.t("freshness-title"));
    let style = Style { max_age_days: digest::max_age(result, style.max_age_days), ..*style };
    if result.knowledge.sources.is_empty() {
        line(out, &words.t("freshness-none"));
        return;
    }
    sources(out, &result.knowledge.sources, result.as_of, words, &style);
}

fn sources(out: &mut String, sources: &[SourceSummary], as_of: Timestamp, words: &Words, style: &Style) {
    let columns = ["col-source", "col-documents", "col-advisories", "col-rejected", "col-newest", "col-age"]
        .map(|k| words.t(k));
    let mut table = layout::table(&columns, style);
    for source in sources {
        let (text, meaning) = age(digest::age(source.newest, as_of, style.max_age_days), words);
        let newest = source.newest.map_or_else(|| words.t("unknown"), |t| dates::day(t, words));
        table.add_row(vec![
            plain(&source.name),
            plain(grouped(source.documents)),
            plain(grouped(source.advisories)),
            plain(grouped(source.rejected)),
            plain(newest),
            match meaning {
                Some(meaning) => colored(text, meaning),
                None => plain(text),
            },
        ]);
    }
    put(out, &table);
}

fn rejections(out: &mut String, source: &SourceSummary, words: &Words) {
    if source.rejected == 0 && source.warnings.is_empty() {
        return;
    }
    heading(out, &source.name);
    for (code, count) in &source.warnings {
        let name = words.label("reason", code);
        line(out, &words.get("warning-count", &[("n", (*count).into()), ("text", (&name).into())]));
    }
    for rejection in &source.rejections {
        let text = words.code(rejection.code, &rejection.params);
        line(out, &format!("{}: {text}", rejection.place));
    }
    let listed = u64::try_from(source.rejections.len()).unwrap_or(u64::MAX);
    if source.rejected > listed {
        line(out, &words.get("rejections-more", &[("n", (source.rejected - listed).into())]));
    }
}

/// One vulnerability with every source's opinion.
pub fn kb_show<'a>(
    facts: &VulnerabilityFacts,
    opinions: impl IntoIterator<Item = impl Into<Opinion<'a>>>,
    words: &Words,
    style: &Style,
) -> String {
    let mut out = String::new();
    line(&mut out, &format!("{}  {}", facts.id, phrases::title(facts, words)));
    let others: Vec<&str> = facts.aliases.iter().filter(|a| **a != facts.id).map(String::as_str).collect();
    if !others.is_empty() {
        line(&mut out, &words.get("aliases", &[("ids", (&others.join(", ")).into())]));
    }
    let scores = phrases::scores(facts, words);
    if !scores.is_empty() {
        line(&mut out, &scores);
    }
    let mut any = false;
    for one in opinions {
        any = true;
        opinion(&mut out, one.into(), facts, words, style);
    }
    if !any {
        line(&mut out, &words.t("show-no-opinion"));
    }
    out
}

fn opinion(out: &mut String, opinion: Opinion<'_>, facts: &VulnerabilityFacts, words: &Words, style: &Style) {
    let advisory = opinion.advisory;
    heading(out, &layout::clean(&format!("{}  {}  {}", advisory.source, advisory.id, advisory.title)));
    if let Some(time) = advisory.withdrawn {
        line(out, &words.get("withdrawn-on", &[("day", (&dates::day(time, words)).into())]));
    }
    let indices = indices_of(advisory, facts);
    let columns = ["col-product", "col-status", "col-versions", "col-fixed"].map(|k| words.t(k));
    let mut table = layout::table(&columns, style);
    for statement in statements(advisory, &indices) {
        let is_open = matches!(statement.versions, VersionClaim::Undetermined { .. });
        let versions = versions(statement, words);
        table.add_row(vec![
            plain(product(statement)),
            plain(words.label("status", statement.status.as_str())),
            if is_open { colored(versions, layout::Meaning::Undetermined) } else { plain(versions) },
            plain(statement.fixed_versions.join(", ")),
        ]);
    }
    if table.row_count() == 0 {
        line(out, &words.t("show-no-product"));
    } else {
        put(out, &table);
    }
    if let Some(document) = opinion.document {
        let path = layout::clean(&document.path);
        let values = [("path", path.as_ref().into()), ("hash", (&document.sha256).into())];
        line(out, &words.get("show-document", &values));
    }
}

pub(crate) fn product(statement: &Affected) -> String {
    let product = &statement.product;
    let names = [&product.vendor, &product.product].into_iter().flatten();
    let named = names.map(String::as_str).collect::<Vec<_>>().join(" / ");
    if !named.is_empty() {
        return named;
    }
    let package = [&product.ecosystem, &product.package].into_iter().flatten();
    let package = package.map(String::as_str).collect::<Vec<_>>().join(" / ");
    if !package.is_empty() {
        return package;
    }
    product.purl.as_ref().or(product.cpes.first()).cloned().unwrap_or_default()
}

pub(crate) fn versions(statement: &Affected, words: &Words) -> String {
    match &statement.versions {
        VersionClaim::All => words.t("range-all"),
        VersionClaim::Undetermined { code, params } => words.code(*code, params),
        VersionClaim::Ranged { ranges, except } => {
            let mut text = join_ranges(ranges, words);
            if !except.is_empty() {
                let except = join_ranges(except, words);
                text.push('\n');
                text.push_str(&words.get("range-except", &[("ranges", (&except).into())]));
            }
            text
        }
    }
}

fn join_ranges(ranges: &[shindan_domain::version::VersionRange], words: &Words) -> String {
    ranges.iter().map(|r| phrases::range(&r.to_string(), words)).collect::<Vec<_>>().join("\n")
}
