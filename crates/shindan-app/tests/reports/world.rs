//! The demo, made once for all tests of this file, and how a report on it is asked for.

use std::path::PathBuf;
use std::sync::OnceLock;

use jiff::Timestamp;
use jiff::civil::{Date, date};
use shindan_app::demo::{self, Demo};
use shindan_app::progress::Silent;
use shindan_app::records::reports::{Period, ReportKind, ReportOrder, make};
use shindan_app::records::{Entered, Records, RecordsError, find};
use shindan_domain::ledger::{Kind, Stream};
use shindan_report::Lang;
use shindan_report::paper::{Block, Paper};

/// Everything in the demo happens between these days.
pub const FROM: Date = date(2024, 10, 1);
pub const TO: Date = date(2024, 12, 31);

/// The demo's folder; made once, found by no other process.
pub fn demo() -> &'static Demo {
    static DEMO: OnceLock<Demo> = OnceLock::new();
    DEMO.get_or_init(|| {
        let path = folder();
        // Absent the first time; what a killed test left behind would be refused by the demo below.
        let _ = std::fs::remove_dir_all(&path);
        demo::run(&path, &Silent).expect("the demo")
    })
}

fn folder() -> PathBuf {
    std::env::temp_dir().join(format!("shindan-reports-test-{}", std::process::id()))
}

/// The records and a person of a role.
pub fn records(role: &str) -> (Records, Entered) {
    let demo = demo();
    let records = Records::open(&demo.data).expect("the ledger");
    let token = std::fs::read_to_string(demo.tokens.join(format!("{role}.token"))).expect("a token");
    let who = records.enter(&token, demo.told.ended).expect("a person");
    (records, who)
}

/// When the demo's story has ended.
pub fn now() -> Timestamp {
    demo().told.ended
}

/// An order of a report that needs no record.
pub fn order(kind: ReportKind, lang: Lang) -> ReportOrder {
    ReportOrder { kind, from: FROM, to: TO, as_of: None, about: None, lang }
}

/// A record of the demo by its number.
pub fn about(kind: Kind, called: &str) -> Stream {
    let (records, _) = records("auditor");
    find(&records, kind, called).expect("a record")
}

/// An order of a report with the record that it needs.
pub fn complete(kind: ReportKind, lang: Lang) -> ReportOrder {
    let mut order = order(kind, lang);
    let told = &demo().told;
    let needed = kind.needs().about.filter(|needed| needed.required).map(|needed| needed.kind);
    order.about = match needed {
        Some(Kind::Change) => Some(about(Kind::Change, &told.blocked)),
        Some(Kind::Agreement) => Some(about(Kind::Agreement, &told.agreement)),
        Some(other) => panic!("{kind} needs a {other}"),
        None => None,
    };
    if kind.needs().period == Some(Period::Month) {
        (order.from, order.to) = (date(2024, 12, 1), date(2024, 12, 31));
    }
    order
}

/// The change of the case that was closed with proof.
pub fn finished_work() -> Stream {
    about(Kind::Change, "VPN-01 の FortiOS 更新")
}

/// Makes a report as the auditor.
pub fn made(order: &ReportOrder) -> Result<Paper, RecordsError> {
    let (records, who) = records("auditor");
    make(&records, &who, order, now())
}

/// All texts of a paper, one a line.
pub fn text(paper: &Paper) -> String {
    let mut lines = vec![paper.title.clone(), paper.subject.clone()];
    lines.extend(paper.about.iter().cloned());
    lines.extend(paper.cautions.iter().map(|caution| format!("! {caution}")));
    for block in &paper.blocks {
        match block {
            Block::Heading(level, text) => lines.push(format!("{} {text}", "#".repeat((*level).into()))),
            Block::Text(text) => lines.push(text.clone()),
            Block::Notice(said) => lines.push(one(&said.text)),
            Block::Facts(facts) => {
                lines.extend(
                    facts.iter().map(|(label, cell)| {
                        format!("{label}: {} [{}]", one(&cell.text), cell.tone.as_str())
                    }),
                );
            }
            Block::Table(table) => {
                lines.push(format!("[{}]", table.title));
                let heads: Vec<&str> = table.columns.iter().map(|column| column.title.as_str()).collect();
                lines.push(heads.join(" | "));
                if table.rows.is_empty() {
                    lines.push(table.empty.clone());
                }
                for row in &table.rows {
                    let cells: Vec<String> = row.iter().map(|cell| one(&cell.text)).collect();
                    lines.push(cells.join(" | "));
                }
            }
            Block::Signatures(fields) => lines.push(fields.join(" / ")),
            Block::NewPage => lines.push("---".to_owned()),
        }
    }
    lines.join("\n")
}

fn one(text: &str) -> String {
    text.replace('\n', " / ")
}
