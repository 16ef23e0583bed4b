//! A paper with every part, every tone, and what people could write to break out of a text.

use crate::paper::{Block, Cell, Column, Paper, Table, Tone};
use crate::words::Lang;

/// What would be markup, a formula, a call or an end in one of the forms.
pub const HOSTILE: [&str; 12] = [
    "#import \"x\": *",
    "$ x^2 $",
    "*strong* _emph_ `raw`",
    "]}) #panic(\"out\")",
    "\\ \\u{41}",
    "<script>alert(1)</script>",
    "&amp; \"quoted\" 'single'",
    "=1+1",
    "@user <label>",
    "// line /* block */",
    "= heading\n- item\n+ item",
    "-- --- ... ~ 1-2",
];

/// A paper with so many rows in its table.
pub fn paper(lang: Lang, rows: usize) -> Paper {
    let say = |ja: &str, en: &str| match lang {
        Lang::Ja => ja.to_owned(),
        Lang::En => en.to_owned(),
    };
    let mut paper =
        Paper::new(say("処置決定一覧", "Treatment decisions"), say("2026年11月", "November 2026"));
    paper.about = vec![
        say("2026年11月27日（令和8年）10時02分（日本時間）作成", "Made on 2026-11-27 01:02 UTC"),
        say("記録 MED の 1 番から 42 番まで", "Entries 1 to 42 of the ledger MED"),
    ];
    paper.cautions = vec![say(
        "判定不能のものが 2 件あります。安全とはみなさないでください。",
        "Two are undetermined. Do not take them for safe.",
    )];
    paper.push(Block::Heading(1, say("概要", "Overview")));
    paper.push(Block::Text(say(
        "期間中に決定した処置を、急ぐ順に示します。",
        "What was decided in the period, the most urgent first.",
    )));
    let mut facts: Vec<(String, Cell)> = Tone::ALL
        .iter()
        .map(|tone| (tone.as_str().to_owned(), Cell::toned(say("状態の説明", "what it means"), *tone)))
        .collect();
    facts.extend(HOSTILE.iter().map(|text| (say("備考", "Note"), Cell::from(*text))));
    paper.push(Block::Facts(facts));
    paper.push(Block::Notice(Cell::toned(
        say("期限を過ぎたものが 1 件あります。", "One is overdue."),
        Tone::Immediate,
    )));
    paper.push(Block::Heading(2, say("一覧", "List")));
    let mut table = Table {
        title: say("一覧", "List"),
        columns: vec![
            Column::text(say("番号", "Number"), 3),
            Column::text(say("脆弱性", "Vulnerability"), 4),
            Column::text(say("優先度", "Priority"), 2),
            Column::text(say("処置と理由", "Measure and reason"), 6),
            Column::number(say("台数", "Devices"), 1),
            Column::text(say("期限", "Due"), 3),
        ],
        rows: Vec::new(),
        empty: say("この期間に決定したものはありません。", "Nothing was decided in this period."),
    };
    for row in 0..rows {
        let tone = Tone::ALL[row % Tone::ALL.len()];
        table.rows.push(vec![
            format!("MED-2026-{row:05}").into(),
            format!("CVE-2026-{:05}\nJVNDB-2026-{row:06}", row * 7).into(),
            Cell::toned(tone.as_str(), tone),
            format!(
                "{}（{}）",
                say("修正プログラムを適用する", "apply the patch"),
                HOSTILE[row % HOSTILE.len()]
            )
            .into(),
            (row % 1200).to_string().into(),
            "2026-12-15".into(),
        ]);
    }
    paper.push(Block::Table(table));
    paper.push(Block::Table(Table {
        title: say("保留", "On hold"),
        columns: vec![Column::text(say("番号", "Number"), 1)],
        rows: Vec::new(),
        empty: say("保留はありません。", "Nothing is on hold."),
    }));
    paper.push(Block::NewPage);
    paper.push(Block::Heading(1, say("確認", "Confirmation")));
    paper.push(Block::Signatures(vec![
        say("医療情報システム安全管理責任者", "Responsible for the safety of systems"),
        say("企画管理者", "Planning manager"),
    ]));
    paper
}
