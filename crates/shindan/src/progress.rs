//! Progress bars on standard error, if it is a terminal.

use std::io::IsTerminal;

use indicatif::{HumanBytes, ProgressBar, ProgressStyle};
use shindan_app::progress::{Progress, Stage};
use shindan_report::Words;

/// Shows one bar, which changes its words with the stage.
pub struct Bar<'w> {
    bar: ProgressBar,
    words: &'w Words,
}

impl<'w> Bar<'w> {
    /// A bar that shows nothing where nobody looks.
    pub fn new(words: &'w Words) -> Self {
        let bar = if std::io::stderr().is_terminal() { ProgressBar::new(0) } else { ProgressBar::hidden() };
        Bar { bar, words }
    }
}

impl Progress for Bar<'_> {
    fn stage(&self, stage: Stage, total: Option<u64>) {
        let key = match stage {
            Stage::Reading => "cli-stage-reading",
            Stage::Indexing => "cli-stage-indexing",
            Stage::Comparing => "cli-stage-comparing",
            Stage::Writing => "cli-stage-writing",
            Stage::Done => {
                self.bar.finish_and_clear();
                return;
            }
        };
        let template = if total.is_some() { "{msg} {bar:30} {pos}/{len} {eta}" } else { "{msg} {spinner}" };
        if let Ok(style) = ProgressStyle::with_template(template) {
            self.bar.set_style(style);
        }
        self.bar.set_length(total.unwrap_or(0));
        self.bar.set_position(0);
        self.bar.set_message(self.words.t(key));
    }

    fn advance(&self, steps: u64) {
        self.bar.inc(steps);
    }

    fn fetching(&self, source: &str, bytes: u64, total: Option<u64>) {
        if self.bar.is_hidden() {
            return;
        }
        let size = match total {
            Some(total) => format!("{} / {}", HumanBytes(bytes), HumanBytes(total)),
            None => HumanBytes(bytes).to_string(),
        };
        let values = [("source", source.into()), ("size", (&size).into())];
        self.bar.set_message(self.words.get("cli-stage-fetching", &values));
    }
}
