//! Why products are not affected: `flags` (VEX justifications) and `threats` of the category `impact`, by product.
//!
//! Source: CSAF 2.0, sections 3.2.3.5 (flags), 3.2.3.14 (threats) and 4.5 (profile VEX).

use std::collections::BTreeMap;

use serde_json::Value;
use shindan_domain::advisory::Justification;

use super::tree::Tree;
use crate::advisory::walk::{items, text, texts};
use crate::text::shorten;

/// The reasons that one vulnerability gives.
#[derive(Debug, Default)]
pub(super) struct Reasons {
    /// Labels of flags by product id; `None` for flags that name no product, which hold for all of them.
    labels: BTreeMap<Option<String>, Vec<String>>,
    impacts: BTreeMap<Option<String>, Vec<String>>,
}

impl Reasons {
    pub(super) fn read(value: &Value, tree: &Tree) -> Reasons {
        let mut reasons = Reasons::default();
        for flag in items(value, "flags") {
            if let Some(label) = text(flag, "label") {
                add(&mut reasons.labels, flag, label, tree);
            }
        }
        for threat in items(value, "threats").filter(|threat| text(threat, "category") == Some("impact")) {
            if let Some(details) = text(threat, "details") {
                add(&mut reasons.impacts, threat, details, tree);
            }
        }
        reasons
    }

    /// True if anything is said about the product.
    pub(super) fn cover(&self, id: &str) -> bool {
        !(told(&self.labels, id).is_empty() && told(&self.impacts, id).is_empty())
    }

    /// The justification, and the words for a person. Of several labels the first one counts; the others, and those
    /// that are not on the list, stand among the words.
    pub(super) fn of(&self, id: &str) -> (Option<Justification>, String) {
        let labels = told(&self.labels, id);
        let known = |label: &str| Justification::ALL.into_iter().find(|one| one.as_str() == label);
        let justification = labels.iter().find_map(|label| known(label));
        let rest =
            labels.into_iter().filter(|label| justification.is_none() || known(label) != justification);
        let words: Vec<&str> = rest.chain(told(&self.impacts, id)).collect();
        (justification, shorten(&words.join(" "), 400))
    }
}

fn told<'r>(map: &'r BTreeMap<Option<String>, Vec<String>>, id: &str) -> Vec<&'r str> {
    let own = map.get(&Some(id.to_owned())).into_iter().flatten();
    let mut list: Vec<&str> = Vec::new();
    for text in own.chain(map.get(&None).into_iter().flatten()) {
        if !list.contains(&text.as_str()) {
            list.push(text);
        }
    }
    list
}

fn add(map: &mut BTreeMap<Option<String>, Vec<String>>, entry: &Value, text: &str, tree: &Tree) {
    let members =
        texts(entry, "group_ids").filter_map(|id| tree.groups.get(id)).flatten().map(String::as_str);
    let mut ids: Vec<Option<String>> =
        texts(entry, "product_ids").chain(members).map(|id| Some(id.to_owned())).collect();
    if entry.get("product_ids").is_none() && entry.get("group_ids").is_none() {
        ids.push(None);
    }
    for id in ids {
        map.entry(id).or_default().push(text.to_owned());
    }
}
