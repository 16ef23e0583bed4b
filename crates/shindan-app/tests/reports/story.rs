//! What the reports say about the demo's story.

use shindan_app::records::reports::ReportKind;
use shindan_domain::ledger::Kind;
use shindan_report::Lang;

use crate::world::{about, demo, made, order, text};

#[test]
fn dump() {
    for lang in Lang::ALL {
        for kind in ReportKind::ALL {
            let mut order = order(*kind, lang);
            if kind.needs().about.is_some() {
                order.about = Some(about(Kind::Change, &demo().told.blocked));
            }
            println!("=================\n{}", text(&made(&order).unwrap()));
        }
    }
}
