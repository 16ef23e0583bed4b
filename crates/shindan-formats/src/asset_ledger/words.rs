//! Words of a ledger and what they mean: kinds, exposures, dates, placeholders.

use jiff::civil::Date;
use shindan_domain::inventory::{AssetKind, Exposure};
use unicode_normalization::UnicodeNormalization;

/// A text in one form for comparison: NFKC, lower case, no white space.
pub(super) fn folded(text: &str) -> String {
    text.nfkc().flat_map(char::to_lowercase).filter(|c| !c.is_whitespace()).collect()
}

/// True for what people write into a cell that they leave open.
pub(super) fn is_placeholder(text: &str) -> bool {
    matches!(
        folded(text).as_str(),
        "" | "-"
            | "--"
            | "ー"
            | "―"
            | "–"
            | "—"
            | "?"
            | "n/a"
            | "na"
            | "none"
            | "unknown"
            | "tbd"
            | "不明"
            | "未定"
            | "未設定"
            | "未確認"
            | "なし"
            | "無し"
            | "該当なし"
    )
}

/// What the text forms of a kind contain. A text that contains words of two kinds is not understood, with one
/// exception: a firewall or router that is the VPN device is the way in for remote maintenance.
const KINDS: &[(AssetKind, &[&str])] = &[
    (
        AssetKind::RemoteMaintenance,
        &[
            "保守回線",
            "リモート保守",
            "遠隔保守",
            "リモートメンテナンス",
            "vpn",
            "remote-maintenance",
            "remotemaintenance",
        ],
    ),
    (
        AssetKind::MedicalDevice,
        &[
            "医療機器",
            "モダリティ",
            "生体情報モニタ",
            "患者監視",
            "ベッドサイドモニタ",
            "セントラルモニタ",
            "輸液ポンプ",
            "シリンジポンプ",
            "人工呼吸器",
            "超音波診断",
            "内視鏡",
            "心電計",
            "分析装置",
            "検査装置",
            "撮影装置",
            "画像診断",
            "x線",
            "レントゲン",
            "透析",
            "血液ガス",
            "除細動",
            "麻酔器",
            "手術台",
            "電子内視鏡",
            "血圧計",
            "送信機",
            "保育器",
            "ホルター",
            "ct装置",
            "mri装置",
            "超音波",
            "造影剤注入",
            "自動分析",
            "medical",
            "modality",
            "patientmonitor",
            "infusionpump",
            "ventilator",
        ],
    ),
    (
        AssetKind::NetworkDevice,
        &[
            "ネットワーク機器",
            "通信機器",
            "スイッチ",
            "ルータ",
            "ファイアウォール",
            "ファイヤーウォール",
            "アクセスポイント",
            "ロードバランサ",
            "負荷分散",
            "無線lan",
            "ハブ",
            "メディアコンバータ",
            "ネットワーク装置",
            "nw機器",
            "network",
            "switch",
            "router",
            "firewall",
            "utm",
            "accesspoint",
            "loadbalancer",
        ],
    ),
    (
        AssetKind::IotDevice,
        &[
            "iot",
            "カメラ",
            "センサ",
            "camera",
            "sensor",
            "プリンタ",
            "複合機",
            "printer",
            "mfp",
            "入退室",
            "ナースコール",
        ],
    ),
    (AssetKind::Server, &["サーバ", "server", "ストレージ", "storage"]),
    (
        AssetKind::Terminal,
        &[
            "端末",
            "パソコン",
            "シンクライアント",
            "タブレット",
            "ノートpc",
            "デスクトップ",
            "ワークステーション",
            "ハンディターミナル",
            "terminal",
            "workstation",
            "laptop",
            "desktop",
            "tablet",
        ],
    ),
    (
        AssetKind::Application,
        &["アプリケーション", "アプリ", "ソフトウェア", "ソフトウエア", "ソフト", "application", "software"],
    ),
];

/// Kinds whose word is too short to look for inside others.
const SHORT_KINDS: &[(&str, AssetKind)] = &[
    ("pc", AssetKind::Terminal),
    ("クライアント", AssetKind::Terminal),
    ("nas", AssetKind::Server),
    ("l2sw", AssetKind::NetworkDevice),
    ("l3sw", AssetKind::NetworkDevice),
    ("sw", AssetKind::NetworkDevice),
    ("fw", AssetKind::NetworkDevice),
    ("ap", AssetKind::NetworkDevice),
    ("ct", AssetKind::MedicalDevice),
    ("mri", AssetKind::MedicalDevice),
    ("cr", AssetKind::MedicalDevice),
    ("dr", AssetKind::MedicalDevice),
    ("me機器", AssetKind::MedicalDevice),
    ("検体検査", AssetKind::MedicalDevice),
    ("hub", AssetKind::NetworkDevice),
    ("サービス", AssetKind::Application),
    ("service", AssetKind::Application),
];

/// 種別. `None` if the text is unknown or names two kinds.
pub(super) fn kind(text: &str) -> Option<AssetKind> {
    let folded = folded(text);
    if let Some((_, kind)) = SHORT_KINDS.iter().find(|(word, _)| *word == folded) {
        return Some(*kind);
    }
    let mut named = KINDS.iter().filter(|(_, words)| words.iter().any(|word| folded.contains(word)));
    let first = named.next()?.0;
    match (first, named.next(), named.next()) {
        (kind, None, _) => Some(kind),
        (AssetKind::RemoteMaintenance, Some((AssetKind::NetworkDevice, _)), None) => Some(first),
        _ => None,
    }
}

/// 公開範囲 under a heading: 「有」 means something only beside the question.
pub(super) fn exposure_under(text: &str, heading: &str) -> Option<Exposure> {
    if let Some(exposure) = exposure(text) {
        return Some(exposure);
    }
    let published = heading.contains("公開") || heading == "exposure";
    match yes_or_no(text)? {
        // A way out is no way in; what it is remains to be settled.
        true => published.then_some(Exposure::Open),
        false => Some(Exposure::Controlled),
    }
}

fn yes_or_no(text: &str) -> Option<bool> {
    match folded(text).as_str() {
        "有" | "あり" | "有り" | "○" | "◯" | "〇" | "yes" | "y" | "true" | "する" | "可" | "済" | "済み" => {
            Some(true)
        }
        "無" | "なし" | "無し" | "×" | "✕" | "✗" | "no" | "n" | "false" | "しない" | "不可" => {
            Some(false)
        }
        _ => None,
    }
}

/// 「なし」, 「無」, 「×」
pub(super) fn is_no(text: &str) -> bool {
    yes_or_no(text) == Some(false)
}

/// 廃棄, 返却 …: the asset is no longer there. 「廃棄予定」 is still in use.
pub(super) fn is_retired(text: &str, heading: &str) -> bool {
    let asks = ["廃棄", "除却", "撤去"].iter().any(|word| heading.contains(word));
    let folded = folded(text);
    let plain = folded.trim_end_matches('み').trim_end_matches('済');
    matches!(
        plain,
        "廃棄"
            | "除却"
            | "撤去"
            | "返却"
            | "廃止"
            | "売却"
            | "処分"
            | "廃棄処分"
            | "譲渡"
            | "retired"
            | "disposed"
            | "returned"
            | "scrapped"
            | "decommissioned"
    ) || (asks && yes_or_no(text) == Some(true))
}

/// A mark for "as above".
pub(super) fn is_ditto(text: &str) -> bool {
    matches!(
        text.trim(),
        "〃" | "″" | "\"" | "”" | "々" | "同上" | "同" | "仝" | "ditto" | "''" | "〃　" | "↓"
    )
}

/// A row of sums, by the folded text of one of its cells.
pub(super) fn is_total(folded: &str) -> bool {
    let words =
        ["合計", "小計", "総計", "総合計", "計", "total", "subtotal", "grandtotal", "台数合計", "合計台数"];
    let plain = folded.trim_end_matches([':', '台']);
    words.contains(&plain) || plain.ends_with("合計") || plain.ends_with("小計")
}

/// A remark about the table, by the folded text of its first cell.
pub(super) fn is_note(folded: &str) -> bool {
    let marks = [
        "※", "注)", "注:", "注意", "(注", "注1", "注記", "凡例", "備考:", "*", "以上", "note:", "notes:",
        "(以上",
    ];
    marks.iter().any(|mark| folded.starts_with(mark))
}

/// A row that shows how to fill in the table.
pub(super) fn is_example(folded: &str) -> bool {
    matches!(
        folded,
        "例" | "記入例"
            | "(例)"
            | "[例]"
            | "【例】"
            | "例)"
            | "サンプル"
            | "記載例"
            | "入力例"
            | "example"
            | "sample"
    )
}

/// 公開範囲. Whole texts only: 「非公開」 contains 「公開」.
pub(super) fn exposure(text: &str) -> Option<Exposure> {
    match folded(text).as_str() {
        "open"
        | "internet"
        | "public"
        | "インターネット"
        | "インターネット公開"
        | "インターネット接続"
        | "外部公開"
        | "公開"
        | "インターネット接続あり"
        | "dmz" => Some(Exposure::Open),
        "controlled" | "internal" | "intranet" | "院内" | "院内lan" | "院内のみ" | "院内限定" | "内部"
        | "内部のみ" | "内部限定" | "社内" | "vpn" | "vpn限定" | "vpn経由" | "限定公開" | "非公開" => {
            Some(Exposure::Controlled)
        }
        "small"
        | "local"
        | "standalone"
        | "isolated"
        | "offline"
        | "closed"
        | "閉域"
        | "閉域網"
        | "スタンドアロン"
        | "隔離"
        | "オフライン"
        | "未接続"
        | "ネットワーク未接続"
        | "接続なし"
        | "非接続"
        | "単独" => Some(Exposure::Small),
        _ => None,
    }
}

/// How a date was understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Understood {
    /// `YYYY-MM-DD`
    pub(super) iso: String,
    /// No day was given; the last day of the month was taken.
    pub(super) whole_month: bool,
}

/// A date in the forms that ledgers use: `2027-03-31`, `2027/3/31`, `2027.3.31`, `20270331`, `2027年3月31日`, `令和9年3月31日`,
/// `R9.3.31`, with a time of day (which is dropped), or a month alone (`2027年3月`, `2027/3`, `2027年3月末`).
pub(super) fn date(text: &str) -> Option<Understood> {
    let folded: String = text.nfkc().collect();
    let folded = folded.trim().split([' ', 'T']).next()?.to_lowercase();
    let (era, rest) = era(&folded);
    let numbers = numbers(rest)?;
    let year = |number: i16| if era == 0 { Some(number) } else { number.checked_add(era) };
    let (year, month, day) = match *numbers.as_slice() {
        [packed] if era == 0 && rest.len() == 8 => split_packed(packed)?,
        [y, month] => (year(i16::try_from(y).ok()?)?, i8::try_from(month).ok()?, None),
        [y, month, day] => {
            (year(i16::try_from(y).ok()?)?, i8::try_from(month).ok()?, Some(i8::try_from(day).ok()?))
        }
        _ => return None,
    };
    if !(1989..=2199).contains(&year) {
        return None;
    }
    let first = Date::new(year, month, day.unwrap_or(1)).ok()?;
    let date = if day.is_none() { first.last_of_month() } else { first };
    Some(Understood { iso: date.to_string(), whole_month: day.is_none() })
}

/// The year before the first year of the era, and the text behind the era's name.
fn era(text: &str) -> (i16, &str) {
    let eras = [("令和", 2018), ("平成", 1988), ("昭和", 1925), ("r", 2018), ("h", 1988), ("s", 1925)];
    for (name, offset) in eras {
        if let Some(rest) = text.strip_prefix(name) {
            return (offset, rest.trim_start_matches('.'));
        }
    }
    (0, text)
}

/// `9年3月31日`, `2027/3/31`, `元年5月1日` → numbers. `None` if anything else stands there.
fn numbers(text: &str) -> Option<Vec<i32>> {
    let text = text.replace("元年", "1年");
    let text = text.trim_end_matches('末').trim_end_matches(['日', '月']);
    let numbers: Vec<i32> = text
        .split(['年', '月', '/', '-', '.'])
        .map(|part| if part.bytes().all(|b| b.is_ascii_digit()) { part.parse().ok() } else { None })
        .collect::<Option<_>>()?;
    Some(numbers)
}

fn split_packed(packed: i32) -> Option<(i16, i8, Option<i8>)> {
    let day = i8::try_from(packed % 100).ok()?;
    let month = i8::try_from(packed / 100 % 100).ok()?;
    Some((i16::try_from(packed / 10_000).ok()?, month, Some(day)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn iso(text: &str) -> Option<String> {
        date(text).map(|understood| understood.iso)
    }

    #[test]
    fn dates_of_ledgers() {
        for text in [
            "2027-03-31",
            "2027/3/31",
            "2027.3.31",
            "20270331",
            "2027年3月31日",
            "令和9年3月31日",
            "R9.3.31",
            "Ｒ９．３．３１",
            "r09/03/31",
            "2027/3/31 0:00:00",
            "2027-03-31T00:00:00",
            "2027/3",
            "2027年3月",
            "2027年3月末",
            "令和9年3月",
        ] {
            assert_eq!(iso(text).as_deref(), Some("2027-03-31"), "{text}");
        }
        assert_eq!(iso("令和元年5月1日").as_deref(), Some("2019-05-01"));
        assert_eq!(iso("H31.4.30").as_deref(), Some("2019-04-30"));
        assert_eq!(iso("2028/2").as_deref(), Some("2028-02-29"));
        for text in [
            "46477",
            "2027-02-30",
            "2027/13/1",
            "31/3/2027",
            "未定",
            "",
            "3月31日",
            "2027",
            "R9",
            "R",
            "令和99999年1月1日",
            "2027/3/31まで",
            "2027//3",
            "--",
            "昭和9年3月31日",
        ] {
            assert_eq!(iso(text), None, "{text}");
        }
    }

    #[test]
    fn kinds_of_ledgers() {
        for (text, expected) in [
            ("サーバ", Some(AssetKind::Server)),
            ("電子カルテサーバー", Some(AssetKind::Server)),
            ("ｻｰﾊﾞ", Some(AssetKind::Server)),
            ("端末", Some(AssetKind::Terminal)),
            ("ＰＣ", Some(AssetKind::Terminal)),
            ("L2スイッチ", Some(AssetKind::NetworkDevice)),
            ("Firewall", Some(AssetKind::NetworkDevice)),
            ("VPN装置", Some(AssetKind::RemoteMaintenance)),
            ("ファイアウォール兼VPN", Some(AssetKind::RemoteMaintenance)),
            ("生体情報モニター", Some(AssetKind::MedicalDevice)),
            ("IoT機器", Some(AssetKind::IotDevice)),
            ("ソフトウェア", Some(AssetKind::Application)),
            ("サーバ室の端末", None),
            ("その他", None),
            ("", None),
        ] {
            assert_eq!(kind(text), expected, "{text}");
        }
        for kind_of_table in AssetKind::ALL {
            assert_eq!(
                kind(kind_of_table.as_str()),
                Some(kind_of_table),
                "the stable text form is understood"
            );
        }
    }

    #[test]
    fn exposures_of_ledgers() {
        assert_eq!(exposure("インターネット 公開"), Some(Exposure::Open));
        assert_eq!(exposure("非公開"), Some(Exposure::Controlled));
        assert_eq!(exposure("VPN限定"), Some(Exposure::Controlled));
        assert_eq!(exposure("閉域"), Some(Exposure::Small));
        assert_eq!(exposure("インターネット非公開"), None);
        for exposure_of_table in [Exposure::Small, Exposure::Controlled, Exposure::Open] {
            assert_eq!(exposure(exposure_of_table.as_str()), Some(exposure_of_table));
        }
    }
}
