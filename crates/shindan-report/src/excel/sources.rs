//! 情報源: what the answer rests on, and how old it is.

use rust_xlsxwriter::XlsxError;

use super::Context;
use super::style::Tone;
use super::table::{Entry, Head};
use crate::dates;
use crate::digest::{self, Age};

pub(super) fn write(context: &mut Context<'_>) -> Result<(), XlsxError> {
    let (result, words) = (context.result, context.words);
    let heads = [
        ("col-source", 40),
        ("col-newest", 16),
        ("col-age-days", 14),
        ("col-state", 18),
        ("col-documents", 14),
        ("col-advisories", 14),
        ("col-rejected", 12),
        ("col-formats", 26),
        ("col-rejections", 80),
    ];
    let heads = heads.map(|(key, most)| Head { word: words.t(key), most });
    let limit = digest::max_age(result, context.options.max_age_days);
    let mut table = context.table("sheet-sources", heads.into())?;
    for source in &result.knowledge.sources {
        let (days, state, tone) = match digest::age(source.newest, result.as_of, limit) {
            Age::Days(days) => (Some(days), String::new(), Tone::Plain),
            Age::Stale(days) => (Some(days), words.t("state-stale"), Tone::Warning),
            Age::Unknown => (None, words.t("age-unknown"), Tone::Open),
        };
        let rejections = source.rejections.iter().map(|rejection| {
            let text = words.code(rejection.code, &rejection.params);
            format!("{}: {text}", rejection.place)
        });
        let rejected = if source.rejected > 0 { Tone::Warning } else { Tone::Plain };
        table.row([
            Entry::text(source.name.as_str()).toned(Tone::Strong),
            source.newest.map_or(Entry::empty(), |newest| Entry::day(dates::day(newest, words))),
            days.map_or(Entry::empty(), Entry::large_count),
            Entry::text(state).toned(tone),
            Entry::large_count(source.documents),
            Entry::large_count(source.advisories),
            Entry::large_count(source.rejected).toned(rejected),
            Entry::text(source.formats.join(", ")),
            Entry::text(rejections.collect::<Vec<_>>().join("\n")),
        ])?;
    }
    table.end(&words.t("freshness-none"))
}
