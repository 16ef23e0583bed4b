use super::{Options, check};
use crate::words::{Lang, Words};
use crate::{digest, sample};

fn html(result: &shindan_domain::finding::CheckResult, lang: Lang) -> String {
    check(result, &Words::new(lang), &Options::default()).unwrap()
}

/// Writes the samples where SHINDAN_REPORT_PREVIEW says, to look at them in a browser.
#[test]
fn preview() {
    let Some(folder) = std::env::var_os("SHINDAN_REPORT_PREVIEW") else { return };
    let folder = std::path::PathBuf::from(folder);
    for lang in Lang::ALL {
        for (name, result) in [
            ("hospital", sample::hospital()),
            ("nothing", sample::nothing_found()),
            ("many", sample::many(10_000)),
        ] {
            std::fs::write(folder.join(format!("{name}-{lang}.html")), html(&result, lang)).unwrap();
        }
    }
}
