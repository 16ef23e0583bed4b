//! Remediations: what to do, and, of Microsoft's, which update brings the fix for which product.
//!
//! Source: CVRF 1.1 and 1.2, `vuln.xsd`; Microsoft adds `Supercedence`, `FixedBuild`, `SubType`, `RestartRequired`.

use std::collections::BTreeMap;

use shindan_domain::advisory::{Remediation, Supersedence};
use shindan_domain::diagnostic::Code;
use shindan_domain::windows;

use super::head::address;
use super::tree::Tree;
use super::{Report, SUMMARY};
use crate::advisory::markup;
use crate::advisory::microsoft::Fix;
use crate::text::shorten;
use crate::xml::Element;

/// All remediations of one vulnerability.
#[derive(Debug, Default)]
pub(super) struct Remedies {
    /// For people.
    pub list: Vec<Remediation>,
    /// By product id. Those that name no product hold for all, under the empty id.
    pub fixes: BTreeMap<String, Fix>,
    /// Which updates replace which.
    pub supersedes: Vec<Supersedence>,
}

/// Reads `Remediations`.
pub(super) fn read(
    vulnerability: &Element,
    pointer: &str,
    microsoft: bool,
    tree: &Tree,
    report: &mut Report<'_>,
) -> Remedies {
    let mut remedies = Remedies::default();
    let all = vulnerability.all("Remediations").flat_map(|list| list.all("Remediation"));
    for (index, element) in all.enumerate() {
        let pointer = format!("{pointer}/Remediations/Remediation[{}]", index + 1);
        let Some(category) = category(element.attribute("Type").unwrap_or_default()) else { continue };
        let description = markup::plain(element.child_text("Description").unwrap_or_default());
        let update = if microsoft { windows::update(&description) } else { None };
        let remediation = Remediation {
            category: category.to_owned(),
            details: shorten(&details(element, &description, update.as_deref()), SUMMARY),
            url: element.child_text("URL").and_then(address),
        };
        if !remedies.list.contains(&remediation) {
            remedies.list.push(remediation);
        }
        if category == "vendor_fix" && microsoft {
            remedies.fix(element, update, &pointer, tree, report);
        }
    }
    remedies
}

fn category(kind: &str) -> Option<&'static str> {
    Some(match kind.to_ascii_lowercase().as_str() {
        "vendor fix" => "vendor_fix",
        "workaround" => "workaround",
        "mitigation" => "mitigation",
        "none available" => "none_available",
        "will not fix" => "no_fix_planned",
        // Microsoft's "Release Notes", "FAQ" and "Known Issue" tell nothing to do.
        _ => return None,
    })
}

/// `KB5036451 (Monthly Rollup, 7.0.17)`
fn details(element: &Element, description: &str, update: Option<&str>) -> String {
    let more: Vec<&str> =
        ["SubType", "FixedBuild"].into_iter().filter_map(|name| element.child_text(name)).collect();
    let name = update.unwrap_or(description);
    if more.is_empty() { name.to_owned() } else { format!("{name} ({})", more.join(", ")) }
}

impl Remedies {
    /// Files update, build and supersedence of a vendor fix.
    fn fix(
        &mut self,
        element: &Element,
        update: Option<String>,
        pointer: &str,
        tree: &Tree,
        report: &mut Report<'_>,
    ) {
        if let Some(text) = element.child_text("Supercedence") {
            let older = windows::updates(text);
            if older.is_empty() {
                let place = report.place(element, &format!("{pointer}/Supercedence"));
                let expected = "KB5035849";
                let params = [("field", "Supercedence"), ("value", text), ("expected", expected)];
                report.push(Code::FieldTolerated, place, &params);
            }
            let newer = update.iter().cloned();
            self.supersedes.extend(newer.flat_map(|newer| {
                let others = older.iter().filter(|older| **older != newer).cloned().collect::<Vec<_>>();
                others.into_iter().map(move |older| Supersedence { newer: newer.clone(), older })
            }));
        }
        let mut named = tree.named(element, pointer, report);
        if element.child("ProductID").is_none() && element.child("GroupID").is_none() {
            named.push(String::new());
        }
        let build = element.child_text("FixedBuild");
        for id in named {
            let fix = self.fixes.entry(id).or_default();
            if let Some(update) = update.as_ref().filter(|update| !fix.updates.contains(update)) {
                fix.updates.push(update.clone());
            }
            if let Some(build) = build.filter(|build| !fix.builds.iter().any(|known| known == build)) {
                fix.builds.push(build.to_owned());
            }
        }
    }

    /// The fix for a product.
    pub(super) fn of(&self, product: &str) -> Fix {
        let mut found = self.fixes.get(product).cloned().unwrap_or_default();
        if let Some(general) = self.fixes.get("") {
            found.updates.extend(
                general.updates.iter().filter(|u| !found.updates.contains(u)).cloned().collect::<Vec<_>>(),
            );
            found.builds.extend(
                general.builds.iter().filter(|b| !found.builds.contains(b)).cloned().collect::<Vec<_>>(),
            );
        }
        found
    }
}
