//! Every page is rendered from its sample in both languages: no key without words, no tag left open, no style or script inside.
//!
//! To add a page: implement [`Sample`] for its context, and name it in [`every_page_renders_in_both_languages`].

use askama::Template;
use shindan_report::words::{Lang, Words};

use crate::asked::Asked;
use crate::frame::{Area, Frame, Link, Signed};

/// A context with contents as they could be.
pub(crate) trait Sample: Template + Sized {
    /// The name of the page in messages.
    const NAME: &'static str;
    /// The context; every list has a row, every option is there.
    fn sample(frame: Frame) -> Self;
}

/// A frame as a logged-in person sees it.
pub(crate) fn frame(lang: Lang) -> Frame {
    let request = axum::http::Request::builder().uri("/cases?show=all").body(()).unwrap();
    let mut asked = Asked::of(&request.into_parts().0);
    asked.lang = lang;
    let mut frame = Frame::new(&asked, Area::Cases, "A <title> & more".to_owned());
    frame.lead = "lead".to_owned();
    frame.crumbs = vec![Link::new("crumb", "/cases")];
    frame.primary = Some(Link::new("primary", "/records/case/new"));
    frame.person = Some(Signed { name: "<運用> 太郎".to_owned(), roles: "role".to_owned() });
    frame.csrf = "token".to_owned();
    frame.made = "2026-11-27 09:00".to_owned();
    frame.fresh = "fresh".to_owned();
    frame.counts = [1, 0, 2, 0, 0, 0];
    frame.switch = Some(crate::frame::Switch {
        systems: vec![("1".to_owned(), "<運用>".to_owned(), true)],
        more: true,
        says: "<運用>".to_owned(),
        all: Some(Link::new("all", "/cases?system=all")),
    });
    frame.told = Some("told".to_owned());
    frame
}

fn check<P: Sample>(pages: &mut Vec<(String, String)>) {
    for lang in Lang::ALL {
        let text = P::sample(frame(lang)).render().unwrap();
        pages.push((format!("{} {lang}", P::NAME), text));
    }
}

#[test]
fn every_page_renders_in_both_languages() {
    use super::{account, area, figures, form, list, login, record, search, today, trouble, vulnerability};
    let mut pages = Vec::new();
    check::<account::Page>(&mut pages);
    check::<account::Given>(&mut pages);
    check::<account::Enrol>(&mut pages);
    check::<area::Page>(&mut pages);
    check::<form::Page>(&mut pages);
    check::<form::ResultPage>(&mut pages);
    check::<list::Page>(&mut pages);
    check::<super::assets::import::Page>(&mut pages);
    check::<super::assets::list::Page>(&mut pages);
    check::<super::assets::one::Page>(&mut pages);
    check::<super::assets::past::One>(&mut pages);
    check::<super::assets::past::Page>(&mut pages);
    check::<super::assets::preview::Ledger>(&mut pages);
    check::<super::assets::preview::List>(&mut pages);
    check::<login::Invitation>(&mut pages);
    check::<login::Page>(&mut pages);
    check::<record::Page>(&mut pages);
    check::<search::Page>(&mut pages);
    check::<super::setup::after::Keys>(&mut pages);
    check::<super::setup::after::Network>(&mut pages);
    check::<super::setup::after::NextSteps>(&mut pages);
    check::<super::setup::before::Administrator>(&mut pages);
    check::<super::setup::before::Language>(&mut pages);
    check::<super::setup::before::Locked>(&mut pages);
    check::<super::setup::before::Organisation>(&mut pages);
    check::<today::Page>(&mut pages);
    check::<trouble::Page>(&mut pages);
    check::<figures::Page>(&mut pages);
    check::<vulnerability::List>(&mut pages);
    check::<vulnerability::Page>(&mut pages);
    check::<super::crosswalk::Page>(&mut pages);
    check::<super::sources::Page>(&mut pages);
    check::<super::work::Page>(&mut pages);
    check::<super::bundles::Page>(&mut pages);
    check::<super::bundles::LookedPage>(&mut pages);
    check::<super::settings::Page>(&mut pages);
    check::<super::settings::RolesPage>(&mut pages);
    check::<super::assessments::Page>(&mut pages);
    check::<super::confirmation::Page>(&mut pages);
    check::<super::reports::Page>(&mut pages);
    check::<super::ledger::Page>(&mut pages);
    check::<super::ledger::EntryPage>(&mut pages);
    check::<super::ledger::VerifiedPage>(&mut pages);
    check::<super::ledger::RefusalsPage>(&mut pages);
    for (name, text) in &pages {
        looks_right(name, text);
    }
}

/// What must hold for every page.
fn looks_right(name: &str, text: &str) {
    for forbidden in [" style=\"", "<style", " onclick=", "javascript:", "http://", "https://", "<script>"] {
        let text = text.replace("http://www.w3.org/", "");
        assert!(!text.contains(forbidden), "{name}: {forbidden}");
    }
    assert!(!text.contains("<運用>"), "{name}: what people wrote is escaped");
    let keys = ["web-", "form-", "fig-", "label-", "term-", "reason-", "paper-"];
    let words = text.split(['>', '"']).filter(|part| !part.contains(['=', ' ', '/', '.']));
    for word in words {
        let word = word.split('<').next().unwrap_or_default().trim();
        let is_key = keys.iter().any(|key| word.starts_with(key)) && word.len() > 6;
        assert!(!is_key || text.contains(&format!("class=\"{word}")), "{name}: {word} has no words");
    }
    balanced(name, text);
}

/// Every element that is opened is closed, in order.
fn balanced(name: &str, text: &str) {
    const VOID: [&str; 8] = ["meta", "link", "input", "img", "br", "hr", "source", "col"];
    let mut open: Vec<String> = Vec::new();
    for tag in text.split('<').skip(1) {
        let inside = tag.split('>').next().unwrap_or_default();
        let word: String =
            inside.trim_start_matches('/').chars().take_while(|c| c.is_ascii_alphanumeric()).collect();
        if word.is_empty()
            || inside.starts_with('!')
            || VOID.contains(&word.as_str())
            || inside.ends_with('/')
        {
            continue;
        }
        if inside.starts_with('/') {
            let last = open.pop();
            assert_eq!(last.as_deref(), Some(word.as_str()), "{name}: closed out of order near {tag:.60}");
        } else {
            open.push(word);
        }
    }
    assert!(open.is_empty(), "{name}: {open:?} never closed");
}

/// Keys that stand in templates and code of this crate have words: a typing error shows here, not on a page.
#[test]
fn every_key_that_is_asked_for_has_words() {
    let words = Words::new(Lang::Ja);
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut folders = vec![root.join("src"), root.join("templates")];
    let mut seen = 0;
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).unwrap().flatten() {
            if entry.path().is_dir() {
                folders.push(entry.path());
                continue;
            }
            let text = std::fs::read_to_string(entry.path()).unwrap();
            for key in text.split('"').filter(|part| part.starts_with("web-")) {
                let whole = key.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-');
                if whole && !key.ends_with('-') {
                    seen += 1;
                    assert!(words.known(key).is_some(), "{}: {key} has no words", entry.path().display());
                }
            }
        }
    }
    assert!(seen > 30, "the files were read");
}
