//! The coverage line: what every report says before anything else. So many of so many were judged, by which methods,
//! on information of which day, and what no loaded source covers.

use shindan_domain::finding::{CheckResult, EcosystemCoverage};

use crate::words::Words;
use crate::{dates, digest, phrases};

/// The parts of the coverage line, each a sentence; absent if there is nothing to say.
pub(crate) struct CoverageLine {
    /// How many were judged and how many were not.
    judged: String,
    /// By which methods.
    methods: Option<String>,
    /// Of which day the information is, source by source.
    data: String,
    /// What is not covered.
    gaps: Option<String>,
}

impl CoverageLine {
    /// The coverage line of an answer.
    pub fn of(result: &CheckResult, words: &Words) -> Self {
        let coverage = &result.coverage;
        let values = [
            ("components", coverage.components.into()),
            ("judged", coverage.judged.into()),
            ("undetermined", coverage.undetermined.into()),
        ];
        CoverageLine {
            judged: words.get("coverage-line", &values),
            methods: listed("coverage-line-methods", "methods", methods(result, words), words),
            data: listed("coverage-line-data", "sources", sources(result, words), words)
                .unwrap_or_else(|| words.t("coverage-line-no-data")),
            gaps: listed("coverage-line-gaps", "gaps", gaps(result, words), words),
        }
    }

    /// The sentences in their order.
    pub fn sentences(&self) -> impl Iterator<Item = &str> {
        let parts = [Some(&self.judged), self.methods.as_ref(), Some(&self.data), self.gaps.as_ref()];
        parts.into_iter().flatten().map(String::as_str)
    }

    /// All sentences in one line.
    pub fn whole(&self, words: &Words) -> String {
        self.sentences().collect::<Vec<_>>().join(phrases::between_sentences(words))
    }
}

fn listed(key: &str, name: &str, items: Vec<String>, words: &Words) -> Option<String> {
    let list = phrases::list(&items, words);
    (!items.is_empty()).then(|| words.get(key, &[(name, (&list).into())]))
}

fn counted(name: &str, count: usize, words: &Words) -> String {
    words.get("name-and-count", &[("name", name.into()), ("n", count.into())])
}

fn methods(result: &CheckResult, words: &Words) -> Vec<String> {
    let methods = result.coverage.by_method.iter();
    methods.map(|(method, count)| counted(&words.label("method", method), *count, words)).collect()
}

fn sources(result: &CheckResult, words: &Words) -> Vec<String> {
    let sources = result.knowledge.sources.iter();
    sources
        .map(|source| {
            let day = source.newest.map_or_else(|| words.t("age-unknown"), |time| dates::day(time, words));
            format!("{} {day}", source.name)
        })
        .collect()
}

fn gaps(result: &CheckResult, words: &Words) -> Vec<String> {
    let ecosystems = &result.coverage.ecosystems;
    let mut gaps: Vec<String> = ecosystems
        .iter()
        .filter(|e| e.lacks_advisories())
        .map(|e| {
            words.get("coverage-gap-ecosystem", &[("name", (&e.name).into()), ("n", e.components.into())])
        })
        .collect();
    let nameless = ecosystems.iter().filter(|e| e.name == EcosystemCoverage::NO_IDENTIFIER);
    let unreadable = result.inputs.iter().filter(|input| digest::is_unreadable(input)).count();
    for (key, count) in [
        ("coverage-gap-identifier", nameless.map(|e| e.components).sum()),
        ("coverage-gap-input", unreadable),
    ] {
        if count > 0 {
            gaps.push(words.get(key, &[("n", count.into())]));
        }
    }
    gaps
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample;
    use crate::words::Lang;

    #[test]
    fn says_what_was_judged_how_from_when_and_what_is_left_out() {
        let result = sample::hospital();
        let ja = Words::new(Lang::Ja);
        assert_eq!(
            CoverageLine::of(&result, &ja).whole(&ja),
            "調査の範囲：部品・機器 214 件のうち 203 件を判定、13 件に判定できない点あり。\
             判定の方法：CPE 名 6 件、メーカー名と型番 3 件、メーカー名と製品名 11 件、機器と搭載ソフトの対応表 4 件、\
             パッケージ識別子（purl） 179 件。\
             情報の時点（情報源ごとの最新）：CISA 2026-11-18、CISA KEV 2026-11-20、FIRST EPSS 2026-11-20、\
             JVN iPedia 2026-11-01、院内メモ 日付不明。\
             含まれないもの：Hex の 2 件（脆弱性情報の取り込みなし）、読み取れない入力 1 件。"
        );
        let en = Words::new(Lang::En);
        let whole = CoverageLine::of(&result, &en).whole(&en);
        assert!(whole.starts_with("Coverage: 203 of 214 components and devices judged; 13 have"), "{whole}");
        assert!(
            whole.ends_with(" Not covered: 2 of Hex (no advisories loaded), 1 input could not be read."),
            "{whole}"
        );
    }

    #[test]
    fn without_sources_it_says_so() {
        let mut result = sample::nothing_found();
        result.knowledge.sources.clear();
        result.coverage = Default::default();
        result.inputs.clear();
        let words = Words::new(Lang::En);
        assert_eq!(
            CoverageLine::of(&result, &words).sentences().collect::<Vec<_>>(),
            [
                "Coverage: 0 of 0 components and devices judged; 0 have something that could not be judged.",
                "No source of information was loaded."
            ]
        );
    }
}
