//! Steps, pages and fields that texts name: a reader at the command line is told what to type, a reader of pages what stands there.
//!
//! A text says `{ $do-device-new }` or `{ $with-taken }`. Both ways of saying it stand in one table, and a text is written once.

use super::{Reader, Words};

/// A name in texts; what is typed; the key of what stands on the page, empty where no page does it.
type Way = (&'static str, &'static str, &'static str);

/// In the order of their names.
const WAYS: &[Way] = &[
    ("do-agreement-add-duty", "agreement duty add", "form-agreement-add-duty"),
    ("do-agreement-new", "agreement new", "form-agreement-new"),
    ("do-agreement-propose", "agreement propose", "form-agreement-propose"),
    ("do-agreement-revise", "agreement revise", "form-agreement-revise"),
    ("do-assess-report", "report assessments", ""),
    ("do-assessment-explain", "assess run explain", "form-assessment-explain"),
    ("do-assessment-plan-state-deliverable", "assess deliverable", "form-assessment-plan-state-deliverable"),
    ("do-bundle-export", "bundle export", "web-src-export"),
    ("do-bundle-import", "bundle import", "web-src-import"),
    ("do-case-list", "case list", "web-nav-cases"),
    ("do-check", "check", "form-task-case-refresh"),
    ("do-check-explain", "check --explain", ""),
    ("do-crosswalk-show", "crosswalk show", "web-nav-crosswalk"),
    ("do-device-analyse", "device analyse", "form-device-analyse"),
    ("do-device-approve-rule", "device rule approve", "form-device-approve-rule"),
    ("do-device-confirm-disconnected", "device confirm-disconnected", "form-device-confirm-disconnected"),
    ("do-device-inform", "device inform", "form-device-inform"),
    ("do-device-new", "device new", "form-device-new"),
    ("do-device-plan-updates", "device updates", "form-device-plan-updates"),
    ("do-device-record-update", "device updated", "form-device-record-update"),
    ("do-device-set-line", "device line", "form-device-set-line"),
    ("do-device-show", "device show", "web-nav-devices"),
    ("do-device-state-use", "device use", "form-device-state-use"),
    ("do-device-write-rule", "device rule write", "form-device-write-rule"),
    ("do-environment-permit-target", "assess target permit", "form-environment-permit-target"),
    ("do-exchange-confirm", "exchange partner confirm", "form-exchange-confirm"),
    ("do-exchange-copy", "exchange copy", ""),
    ("do-exchange-extract", "exchange extract", ""),
    ("do-exchange-give-up", "exchange void --received", "form-exchange-give-up"),
    ("do-exchange-new", "exchange partner add", "form-exchange-new"),
    ("do-inquiry-form", "inquiry form", "web-nav-inquiries"),
    ("do-interface-change", "interface change", "form-interface-change"),
    ("do-interface-new", "interface add", "form-interface-new"),
    ("do-interface-test", "interface test", "form-interface-test"),
    ("do-inventory-import", "inventory import", "web-assets-import"),
    ("do-inventory-remove", "inventory remove", "web-assets-remove"),
    ("do-kb-build", "kb build", ""),
    ("do-notice-list", "notice list", "web-nav-notices"),
    ("do-party-pin-key", "org pin", "form-party-pin-key"),
    ("do-patch-correct", "patch correct", "form-patch-correct"),
    ("do-patch-new", "patch register", "form-patch-new"),
    ("do-patch-verify", "patch verify", "form-patch-verify"),
    ("do-person-issue-token", "token issue", "form-person-issue-token"),
    ("do-policy-new", "policy propose", "form-policy-new"),
    ("do-portfolio-add", "portfolio add", "web-assets-import"),
    ("do-portfolio-rebuild", "portfolio rebuild", ""),
    ("do-release-add-sbom", "org sbom", "form-release-add-sbom"),
    ("do-sighting-accept-version", "device sightings accept-version", "form-sighting-accept-version"),
    ("do-sighting-register", "device sightings register", "form-sighting-register"),
    ("do-source-change", "sources change", "form-source-change"),
    ("do-source-check", "sources check", "form-source-check"),
    ("do-source-check-confirm", "sources confirm", "form-source-check-confirm"),
    ("do-source-checks", "sources checks", "web-nav-sources"),
    ("do-source-mail", "sources mail", ""),
    ("do-source-new", "sources add", "form-source-new"),
    ("do-source-resume", "sources resume", "form-source-resume"),
    ("do-source-status", "sources status", "web-nav-sources"),
    ("do-sync", "sync", "form-task-sync"),
    ("do-task-exchange-import", "exchange import", "form-task-exchange-import"),
    ("do-task-inquiry-answers", "inquiry import", "form-task-inquiry-answers"),
    ("do-task-sighting-import", "device sightings import", "form-task-sighting-import"),
    ("with-absent-days", "--absent-days", "field-absent-days"),
    ("with-accept-expired", "--accept-expired", "web-src-bundle-because"),
    ("with-case", "--case", "field-case"),
    ("with-column", "--column", ""),
    ("with-deployment", "--deployment", "field-deployment"),
    ("with-document", "--document", "field-documents"),
    ("with-environment", "--environment", "field-environment"),
    ("with-identity", "--identity", "field-identity"),
    ("with-issuer", "--issuer", "field-issuer"),
    ("with-key", "--key", "field-key"),
    ("with-may-leave-out", "--may-leave-out", "field-may-leave-out"),
    ("with-mechanism", "--mechanism", "field-mechanism"),
    ("with-minutes", "--minutes", ""),
    ("with-name", "--name", "field-patch-verify-name"),
    ("with-not-obtainable", "--kind not-obtainable", "term-maker-information-not-obtainable"),
    ("with-on-release", "--on-release", "field-on-release"),
    ("with-once", "--once", ""),
    ("with-partner-file", "--partner-file", "field-partner-file"),
    ("with-partner-key", "--partner-key", ""),
    ("with-release", "--release", "field-release"),
    ("with-reply-to", "--reply-to", "field-reply-to"),
    ("with-scope", "--scope write", "term-token-scope-write"),
    ("with-sheet", "--sheet", "web-assets-sheet"),
    ("with-signature", "--signature", ""),
    ("with-since", "--since", "web-src-bundle-since"),
    ("with-system", "--system", "field-system"),
    ("with-taken", "--taken", "field-taken"),
    ("with-target", "--target", "field-targets"),
    ("with-topic", "--topic", ""),
    ("with-way-configuration", "--way configuration", "term-assessment-way-configuration"),
];

/// What this reader is told about a step or field; `None`: nothing has this name.
pub(super) fn text(name: &str, words: &Words) -> Option<String> {
    let way = find(name)?;
    Some(told(way, words))
}

/// What is typed, as a text shows it; `None`: nothing has this name.
pub(super) fn typed(name: &str) -> Option<String> {
    find(name).map(|(_, typed, _)| shown(typed))
}

/// What this reader is told about a verb of the command line, such as `device sightings import`.
pub(super) fn of_verb(verb: &str, words: &Words) -> String {
    let way = WAYS.iter().find(|(name, typed, _)| name.starts_with("do-") && *typed == verb);
    way.map_or_else(|| shown(verb), |way| told(way, words))
}

/// A verb or an option as a text shows it: `` `shindan device new` ``, `` `--taken` ``.
pub(super) fn shown(typed: &str) -> String {
    if typed.starts_with('-') { format!("`{typed}`") } else { format!("`shindan {typed}`") }
}

fn told((_, typed, page): &Way, words: &Words) -> String {
    match words.reader {
        Reader::CommandLine => shown(typed),
        Reader::Pages if page.is_empty() && typed.starts_with('-') => shown(typed),
        Reader::Pages if page.is_empty() => {
            words.get("way-on-server", &[("command", (&shown(typed)).into())])
        }
        Reader::Pages => words.get("way-on-page", &[("name", (&words.t(page)).into())]),
    }
}

fn find(name: &str) -> Option<&'static Way> {
    let at = WAYS.binary_search_by(|(known, _, _)| (*known).cmp(name)).ok()?;
    WAYS.get(at)
}

/// Every verb and option that texts name, for the test that the command line has them all.
pub fn all_typed() -> impl Iterator<Item = &'static str> {
    WAYS.iter().map(|(_, typed, _)| *typed)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::Lang;

    #[test]
    fn every_way_has_words_and_is_said_to_each_reader_in_their_terms() {
        assert!(WAYS.is_sorted_by_key(|(name, _, _)| *name), "they are found by their names");
        for lang in Lang::ALL {
            let pages = Words::new(lang);
            for (name, typed, page) in WAYS {
                assert!(
                    page.is_empty() || pages.known(page).is_some(),
                    "{lang}: {name} has no words: {page}"
                );
                let told = text(name, &pages).unwrap();
                assert!(page.is_empty() || !told.contains(typed) && !told.contains('`'), "{lang}: {told}");
                assert_eq!(text(name, &pages.for_command_line()), Some(shown(typed)));
            }
        }
        assert_eq!(text("do-nothing", &Words::new(Lang::En)), None);
    }

    #[test]
    fn a_text_names_the_form_on_a_page_and_the_verb_at_the_command_line() {
        let words = Words::new(Lang::En);
        let key = "reason-sighting-nothing-imported";
        assert!(words.t(key).contains("(“Read what is on a network”)"), "{}", words.t(key));
        let typed = words.for_command_line().t(key);
        assert!(typed.contains("(`shindan device sightings import`)"), "{typed}");
    }
}
