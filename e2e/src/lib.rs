//! Browser tests of shindan's pages (UI.md, "Proof"): people of the demo walk their work in Debian's Chromium, in both
//! languages. Every page that they see is held against [`access`], and a message on the console or a request to
//! another host fails the story.
//!
//! Nothing here knows the program's code: it is started as its users start it, and clicked by the words that it shows.

pub mod access;
pub mod browser;
pub mod page;
pub mod program;
pub mod shots;
pub mod story;
pub mod web;

/// What a step gives, or in plain words what went wrong.
pub type Outcome<T = ()> = Result<T, String>;

/// One of the two languages of the pages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lang {
    Ja,
    En,
}

impl Lang {
    pub const BOTH: [Lang; 2] = [Lang::Ja, Lang::En];

    /// `ja` or `en`, as the `lang` of a page says it.
    pub fn code(self) -> &'static str {
        match self {
            Lang::Ja => "ja",
            Lang::En => "en",
        }
    }

    /// The one of the two that stands on a page in this language.
    pub fn of<'a>(self, ja: &'a str, en: &'a str) -> &'a str {
        match self {
            Lang::Ja => ja,
            Lang::En => en,
        }
    }
}
