//! One piece of news, from the fields of whatever format to [`FeedItem`].

use std::collections::BTreeSet;

use shindan_domain::diagnostic::{Code, Diagnostic, Place};

use super::{FeedItem, ItemClass, locations, moments, named};
use crate::advisory::markup;
use crate::text::shorten;

/// Longest title, in characters.
const TITLE: usize = 500;
/// Longest identifier, in characters.
const ID: usize = 500;
/// Longest text that is kept, in characters.
const TEXT: usize = 20_000;

/// Grades that MyJVN gives alerts, besides `Info`. Source: MyJVN API, getAlertList.
const GRADES: [&str; 4] = ["Low", "Medium", "High", "Critical"];

/// The fields of an item as they stand in the document; empty texts are absent.
#[derive(Default)]
pub(super) struct Raw {
    /// Identifiers, the most trusted first.
    pub(super) ids: Vec<Option<String>>,
    pub(super) title: String,
    pub(super) link: Option<String>,
    /// The time of the first publication, with the name of its field.
    pub(super) published: Option<(&'static str, String)>,
    pub(super) updated: Option<(&'static str, String)>,
    /// A time of which the format does not tell what it is the time of.
    pub(super) dated: Option<(&'static str, String)>,
    /// The text, which may hold markup.
    pub(super) text: String,
    /// Further texts that name vulnerabilities.
    pub(super) naming: Vec<String>,
    /// The category of an entry of Atom; MyJVN gives the grade of an alert there.
    pub(super) category: Option<String>,
}

/// Makes the item; `None` with a diagnostic if nothing identifies it.
pub(super) fn finish(raw: Raw, place: &Place, diagnostics: &mut Vec<Diagnostic>) -> Option<FeedItem> {
    let title = shorten(&markup::plain(&raw.title), TITLE);
    let link = raw.link.filter(|link| !link.trim().is_empty()).and_then(|link| {
        let page = locations::page(&link);
        if page.is_none() {
            let told = Diagnostic::new(Code::FieldTolerated, place.clone()).with("field", "link");
            diagnostics
                .push(told.with("value", shorten(&link, 100)).with("expected", "an address of a page"));
        }
        page
    });
    let ids = raw.ids.into_iter().flatten().map(|id| shorten(&id, ID));
    let Some(id) = ids.chain(link.clone()).find(|id| !id.is_empty()) else {
        let told = Diagnostic::new(Code::FieldMissing, place.clone());
        diagnostics.push(told.with("field", "guid, id, link"));
        return None;
    };
    let class = match class_of(&id, &title, link.as_deref().unwrap_or_default()) {
        ItemClass::Other if raw.category.is_some_and(|term| GRADES.contains(&term.as_str())) => {
            ItemClass::Alert
        }
        class => class,
    };
    let mut time = |field: Option<(&'static str, String)>| {
        field.and_then(|(name, text)| moments::field(Some(&text), name, place, diagnostics))
    };
    let (published, updated, dated) = (time(raw.published), time(raw.updated), time(raw.dated));
    let text = cut(&markup::plain(&raw.text), place, diagnostics);
    let mut vulnerabilities = BTreeSet::new();
    let naming = raw.naming.iter().map(String::as_str);
    for text in
        [id.as_str(), &title, link.as_deref().unwrap_or_default(), &raw.text].into_iter().chain(naming)
    {
        named::collect(text, &mut vulnerabilities);
    }
    // The one time of an item that was changed is the time of the change.
    let first = if class == ItemClass::Update { None } else { dated };
    let published = published.or(first);
    let updated = updated.or(dated).or(published);
    let title = if title.is_empty() { link.clone().unwrap_or_else(|| id.clone()) } else { title };
    Some(FeedItem { id, title, link, published, updated, text, vulnerabilities, class })
}

/// The text up to the limit; that it was cut is told.
fn cut(text: &str, place: &Place, diagnostics: &mut Vec<Diagnostic>) -> String {
    let text = text.trim();
    let Some((end, _)) = text.char_indices().nth(TEXT) else { return text.to_owned() };
    let told = Diagnostic::new(Code::FieldTolerated, place.clone()).with("field", "description");
    diagnostics.push(
        told.with("value", text.chars().count()).with("expected", format!("at most {TEXT} characters")),
    );
    format!("{}…", text.get(..end).unwrap_or_default())
}

/// The kind of an item. Source: JPCERT/CC mixes alerts (`/at/`, `(公開)`, `(更新)`) and weekly reports (`/wr/`) in one list;
/// IPA and NCO begin or end titles with 注意喚起 or 更新.
fn class_of(id: &str, title: &str, link: &str) -> ItemClass {
    let lower = title.to_lowercase();
    let holds = |words: &[&str]| words.iter().any(|word| lower.contains(word));
    let numbered = |prefix: &str| {
        let number = id.strip_prefix(prefix);
        number.is_some_and(|number| number.len() >= 4 && number.bytes().all(|byte| byte.is_ascii_digit()))
    };
    let end = title.trim_end();
    if link.contains("/wr/") || numbered("wr") || holds(&["weekly report", "週報"]) {
        return ItemClass::Weekly;
    }
    let marks = ["(更新)", "（更新）", "【更新】", "[更新]"];
    if marks.iter().any(|mark| end.ends_with(mark) || end.starts_with(mark))
        || end.starts_with("更新：")
        || end.starts_with("更新:")
    {
        return ItemClass::Update;
    }
    let published = ["(公開)", "（公開）"].iter().any(|mark| end.ends_with(mark));
    if link.contains("/at/") || numbered("at") || published || holds(&["注意喚起", "security alert"]) {
        return ItemClass::Alert;
    }
    ItemClass::Other
}

#[cfg(test)]
mod tests {
    use super::*;

    fn made(raw: Raw) -> (Option<FeedItem>, Vec<Code>) {
        let mut told = Vec::new();
        let item = finish(raw, &Place::file("f"), &mut told);
        (item, told.into_iter().map(|diagnostic| diagnostic.code).collect())
    }

    #[test]
    fn classes() {
        let table = [
            ("at260024", "A に関する注意喚起 (公開)", "https://x/at/2026/at260024.html", ItemClass::Alert),
            ("at260024", "A に関する注意喚起 (更新)", "https://x/at/2026/at260024.html", ItemClass::Update),
            ("wr261001", "Weekly Report: B (更新)", "https://x/wr/2026/wr261001.html", ItemClass::Weekly),
            ("x", "更新：C の脆弱性対策について", "", ItemClass::Update),
            ("x", "【注意喚起】D", "", ItemClass::Alert),
            ("attack", "E の脆弱性対策について", "", ItemClass::Other),
        ];
        for (id, title, link, class) in table {
            assert_eq!(class_of(id, title, link), class, "{title}");
        }
        let words: BTreeSet<_> = ItemClass::ALL.map(ItemClass::as_str).into();
        assert_eq!(words.len(), ItemClass::ALL.len());
    }

    #[test]
    fn an_item_needs_something_that_identifies_it() {
        let (item, told) = made(Raw { title: "t".to_owned(), ..Raw::default() });
        assert_eq!((item, told), (None, vec![Code::FieldMissing]));
        let link = Some("https://example.org/a".to_owned());
        let (item, told) = made(Raw { link, ..Raw::default() });
        let item = item.expect("the link identifies it");
        assert_eq!(
            (item.id.as_str(), item.title.as_str()),
            ("https://example.org/a", "https://example.org/a")
        );
        assert!(told.is_empty());
        let ids = vec![None, Some("7".to_owned())];
        let (item, told) = made(Raw { ids, link: Some("javascript:x()".to_owned()), ..Raw::default() });
        assert_eq!(item.expect("the id identifies it").link, None);
        assert_eq!(told, [Code::FieldTolerated]);
    }

    #[test]
    fn a_long_text_is_cut_and_told() {
        let ids = vec![Some("7".to_owned())];
        let (item, told) = made(Raw { ids, text: "診".repeat(TEXT + 1), ..Raw::default() });
        assert_eq!(item.expect("an item").text.chars().count(), TEXT + 1, "with the sign of the cut");
        assert_eq!(told, [Code::FieldTolerated]);
    }
}
