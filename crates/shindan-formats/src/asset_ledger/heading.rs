//! What the heading of a column may mean, in Japanese and English.
//!
//! Headings are compared without punctuation, width, case and long vowel marks: 「メーカー名」, 「ﾒｰｶ」 and `Maker` meet here.
//! A word stands for a meaning with a weight: 100 where it can mean nothing else, less where another column of the same
//! ledger may have the better claim.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use shindan_domain::asset_ledger::LedgerColumn;
use unicode_normalization::UnicodeNormalization;

use LedgerColumn as C;

/// A meaning and how sure it is, from 0 to 100.
pub(super) type Meaning = (LedgerColumn, u32);

/// From this weight on a heading counts as understood.
pub(super) const UNDERSTOOD: u32 = 45;
/// From this weight on a heading means nothing else.
pub(super) const CERTAIN: u32 = 90;

/// The words of each meaning. The weight stands in front.
const WORDS: &[(LedgerColumn, &[(u32, &str)])] = &[
    (
        C::AssetId,
        &[
            (
                100,
                "管理番号 資産番号 資産管理番号 機器番号 機器管理番号 備品番号 台帳番号 固定資産番号 管理no 資産no",
            ),
            (
                100,
                "機器no 備品no meno me番号 me管理番号 機器id 資産id 管理id 管理コード 機器コード 資産コード",
            ),
            (100, "assetid assetno assetnumber assettag inventoryno inventorynumber equipmentid equipmentno"),
            (60, "id no 番号 通番 通し番号 連番 項番 整理番号 コード tag"),
        ],
    ),
    (
        C::Name,
        &[
            (
                100,
                "機器名 機器名称 装置名 装置名称 名称 品名 システム名 システム名称 一般名 一般的名称 名前 品目名 資産名",
            ),
            (100, "資産名称 備品名 name devicename assetname equipmentname systemname"),
            (70, "品目 用途 description 機器 装置 医療機器名 販売名 使用目的"),
            (55, "製品名 製品名称 商品名 product productname 製品"),
        ],
    ),
    (
        C::Host,
        &[
            (
                100,
                "ホスト名 コンピュータ名 コンピューター名 pc名 端末名 サーバ名 サーバー名 マシン名 hostname computername",
            ),
            (100, "netbios名 netbiosname machinename host 機器ホスト名 端末名称 ノード名"),
        ],
    ),
    (
        C::Kind,
        &[
            (
                100,
                "種別 区分 分類 機器種別 機器区分 機器分類 種類 資産区分 資産種別 資産分類 カテゴリ カテゴリー 大分類",
            ),
            (100, "kind type category class devicetype assettype devicekind 機器種類 機器の種類 装置種別"),
            (60, "中分類 小分類 役割 role"),
        ],
    ),
    (
        C::Maker,
        &[
            (
                100,
                "メーカー メーカー名 製造元 製造業者 製造会社 製造者 製造販売業者 製造販売元 製造メーカー ベンダー",
            ),
            (100, "ベンダー名 ブランド 製造社 メーカ名称 製造販売会社 製造業者名 製造販売業者名"),
            (100, "maker manufacturer make vendor brand makername vendorname mfr"),
        ],
    ),
    (
        C::Model,
        &[
            (
                100,
                "型番 型式 型名 型 モデル モデル名 製品型番 機器型番 機種型番 製品番号 品番 モデル番号 形式 型式番号",
            ),
            (95, "機種 機種名"),
            (100, "model modelname modelno modelnumber partnumber productnumber"),
            (60, "製品名 製品名称 製品 商品名 product productname 販売名"),
            (30, "機器名 機器名称"),
        ],
    ),
    (
        C::Serial,
        &[
            (
                100,
                "製造番号 シリアル シリアル番号 シリアルno 製番 製造no 個体番号 機番 製造シリアル 製造番号シリアル",
            ),
            (100, "sn serial serialnumber serialno"),
        ],
    ),
    (
        C::Firmware,
        &[
            (
                100,
                "ファームウェア ファームウエア ファームウェアバージョン ファームウェア版数 ファームバージョン ファーム",
            ),
            (100, "fw fwバージョン fwver fwversion ファームver firmware firmwareversion"),
            (95, "バージョン ver version 版 版数 rev リビジョン revision"),
            (
                90,
                "ソフトウェアバージョン ソフトバージョン ソフトウエアバージョン ソフトver swバージョン swver softwareversion",
            ),
            (
                90,
                "ソフトウェア版数 システムバージョン アプリケーションバージョン ソフトウェアver バージョン情報",
            ),
        ],
    ),
    (
        C::Os,
        &[(
            100,
            "os オペレーティングシステム os名 os種別 os名称 基本ソフト 基本ソフトウェア 搭載os operatingsystem osname",
        )],
    ),
    (
        C::OsVersion,
        &[
            (100, "osバージョン osver osversion os版数 osビルド osbuild osbuildnumber osビルド番号"),
            (60, "ビルド build ビルド番号"),
        ],
    ),
    (
        C::Address,
        &[
            (100, "ip ipアドレス ipaddress ipv4 ipv4アドレス ipaddr 固定ip 固定ipアドレス ipadd ip番号"),
            (55, "アドレス address"),
        ],
    ),
    (
        C::Mac,
        &[(100, "mac macアドレス macaddress 物理アドレス macaddr イーサネットアドレス 有線mac mac有線")],
    ),
    (
        C::Place,
        &[
            (
                100,
                "設置場所 場所 設置箇所 設置フロア フロア 部屋 部屋名 病棟 棟 建物 階 階数 設置室 所在 所在地 配置場所 配置先",
            ),
            (100, "使用場所 設置先 設置部屋 location place site room floor ward building"),
            (70, "設置部署 使用部署 配置部署 利用場所 保管場所"),
            (50, "部署 部署名 部門"),
        ],
    ),
    (
        C::Zone,
        &[
            (
                100,
                "ネットワーク セグメント vlan vlanid ネットワークセグメント nw nwセグメント 接続ネットワーク 接続nw セグメント名",
            ),
            (
                100,
                "接続先ネットワーク 所属セグメント ネットワーク区分 ネットワーク名 接続lan nw区分 zone network segment subnet",
            ),
            (70, "lan 系統 接続系統 サブネット ネットワーク系統 接続先 接続先nw"),
        ],
    ),
    (
        C::Exposure,
        &[
            (
                100,
                "公開範囲 公開区分 外部公開 インターネット公開 exposure 公開 公開有無 外部公開有無 インターネット公開有無",
            ),
            (
                90,
                "外部接続 インターネット接続 ネット接続 外部接続有無 インターネット接続有無 internet 外部接続区分",
            ),
            (90, "外部接続の有無 インターネット接続の有無 外部ネットワーク接続 院外接続 院外接続有無"),
        ],
    ),
    (
        C::PatchedBy,
        &[
            (
                100,
                "更新責任者 パッチ適用者 パッチ適用責任者 更新担当 更新担当者 パッチ担当 パッチ担当者 更新実施者 パッチ適用担当",
            ),
            (
                100,
                "アップデート担当 アップデート担当者 アップデート実施者 脆弱性対応者 脆弱性対応担当 patchedby patchowner",
            ),
            (
                70,
                "更新者 保守業者 保守会社 保守担当 保守担当者 保守担当業者 保守先 保守契約先 保守ベンダー 保守ベンダ 保守責任者",
            ),
            (70, "保守 保守事業者 保守委託先 保守業者名 maintainer maintainedby maintenancevendor"),
        ],
    ),
    (
        C::SupportEnd,
        &[
            (
                100,
                "サポート終了 サポート終了日 サポート期限 サポート満了日 サポート終了年月 サポート終了予定 サポート終了予定日",
            ),
            (
                100,
                "eol eos eosl eol日 eosl日 supportend supportenddate endofsupport endoflife メーカーサポート終了",
            ),
            (80, "保守期限 保守終了 保守終了日 保守満了日 保守満了 保守期間 メーカー保守期限 保守終了年月"),
            (55, "保守契約期限 保守契約満了日 保守契約終了日 保守契約期間"),
        ],
    ),
    (
        C::Introduced,
        &[
            (
                100,
                "導入日 導入年月 導入年月日 導入時期 導入年度 導入年 購入日 購入年月 購入年月日 取得日 取得年月日 納入日",
            ),
            (
                100,
                "納入年月日 設置日 設置年月日 使用開始日 使用開始年月日 稼働開始日 購入年度 取得年度 設置年月",
            ),
            (100, "introduced purchased purchasedate installdate installed installationdate dateofpurchase"),
        ],
    ),
    (
        C::State,
        &[
            (
                100,
                "状態 使用状況 稼働状況 稼働状態 利用状況 使用状態 利用状態 ステータス 現況 状況 使用区分 稼働区分",
            ),
            (100, "status state"),
            (60, "廃棄 廃棄区分 稼働"),
        ],
    ),
    (
        C::Owner,
        &[
            (
                100,
                "管理部署 管理部門 所管部署 所管 担当部署 主管部署 管理者 管理責任者 担当者 管理担当 管理担当者 所管課",
            ),
            (100, "管理課 機器管理者 owner department admin administrator 所有者 所属 管理元 資産管理者"),
            (70, "部署 部署名 部門 責任者 担当 担当者名 使用者 利用者 使用者名 user 所属部署 利用部署"),
        ],
    ),
    (
        C::Confirmed,
        &[
            (100, "最終確認日 棚卸日 最終棚卸日 確認日 現物確認日 最終確認 棚卸確認日 調査日 実地確認日"),
            (100, "lastconfirmed lastseen confirmed lastverified"),
            (50, "最終更新日 更新日 更新年月日 点検日 最終点検日"),
        ],
    ),
    (
        C::Remarks,
        &[(
            100,
            "備考 備考欄 メモ 注記 コメント 摘要 特記事項 remarks remark note notes comment comments memo その他",
        )],
    ),
];

/// Words that make a heading mean something that no ledger of vulnerabilities needs, whatever else it contains.
const OTHER: &[&str] = &[
    "連絡先",
    "電話",
    "tel",
    "fax",
    "内線",
    "メール",
    "mail",
    "金額",
    "価格",
    "費用",
    "台数",
    "数量",
    "個数",
    "写真",
    "url",
    "住所",
    "承認番号",
    "契約番号",
    "契約書",
    "減価償却",
    "耐用年数",
    "リース",
    "単価",
    "購入先",
    "納入業者",
    "販売店",
    "ポート番号",
    "ポート数",
    "パスワード",
    "ライセンス",
    "点検結果",
    "周期",
    "コンセント",
];

/// A text in one form for comparison of headings: NFKC, lower case, letters and digits only, without long vowel marks.
pub(super) fn folded(text: &str) -> String {
    // Most cells that are asked about are data in ASCII.
    if text.is_ascii() {
        return text.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect();
    }
    text.nfkc()
        .flat_map(char::to_lowercase)
        .filter(|c| c.is_alphanumeric() && *c != 'ー')
        .map(|c| if c == 'ェ' { 'エ' } else { c })
        .collect()
}

struct Word {
    folded: String,
    /// Number of characters.
    length: usize,
    column: LedgerColumn,
    weight: u32,
}

fn words() -> &'static [Word] {
    static FOLDED: OnceLock<Vec<Word>> = OnceLock::new();
    FOLDED.get_or_init(|| {
        let mut words = Vec::new();
        for (column, groups) in WORDS {
            for (weight, texts) in *groups {
                words.extend(texts.split(' ').map(|text| {
                    let folded = folded(text);
                    Word { length: folded.chars().count(), folded, column: *column, weight: *weight }
                }));
            }
        }
        words
    })
}

/// Longest heading, in characters, of which parts are looked at. A longer text is a sentence.
const LONGEST: usize = 60;

/// Every word with its meanings.
fn known() -> &'static BTreeMap<&'static str, Vec<Meaning>> {
    static KNOWN: OnceLock<BTreeMap<&'static str, Vec<Meaning>>> = OnceLock::new();
    KNOWN.get_or_init(|| {
        let mut known: BTreeMap<&'static str, Vec<Meaning>> = BTreeMap::new();
        for word in words() {
            known.entry(word.folded.as_str()).or_default().push((word.column, word.weight));
        }
        known
    })
}

fn others() -> &'static [String] {
    static FOLDED: OnceLock<Vec<String>> = OnceLock::new();
    FOLDED.get_or_init(|| OTHER.iter().map(|word| folded(word)).collect())
}

/// The one meaning that this text has as a heading, if it can mean nothing else. Costs little: rows of data are asked, too.
pub(super) fn certain(text: &str) -> Option<LedgerColumn> {
    // In bytes: a character has four at most.
    if text.len() > LONGEST * 4 {
        return None;
    }
    let mut meanings = exact(&folded(text));
    if has_asides(text) {
        meanings.extend(exact(&folded(&without_asides(text))));
    }
    let best = meanings.into_iter().max_by_key(|(_, weight)| *weight);
    best.filter(|(_, weight)| *weight >= CERTAIN).map(|(column, _)| column)
}

/// True if the text is one of the words of headings.
pub(super) fn is_word(text: &str) -> bool {
    if text.len() > LONGEST * 4 {
        return false;
    }
    let is_known = |text: &str| known().contains_key(folded(text).as_str());
    is_known(text) || (has_asides(text) && is_known(&without_asides(text)))
}

/// What a heading may mean, the likeliest first. `path` holds the headings over one another, the upper one first.
pub(super) fn meanings(path: &[&str]) -> Vec<Meaning> {
    let Some(own) = path.last() else { return Vec::new() };
    let mut found = meanings_of(own);
    if let [.., parent, own] = path {
        // 「OS」 over 「バージョン」 is the version of the OS, not of the device.
        let joined = format!("{parent}{own}");
        let of_both = exact(&folded(&without_asides(&joined)));
        if let Some((_, best)) = of_both.first()
            && *best >= found.first().map_or(0, |(_, weight)| *weight)
        {
            found = of_both;
        }
        if found.is_empty() {
            found = meanings_of(&joined);
        }
    }
    found.sort_by_key(|(column, weight)| (std::cmp::Reverse(*weight), *column));
    found
}

fn meanings_of(heading: &str) -> Vec<Meaning> {
    let whole = folded(heading);
    let plain = folded(&without_asides(heading));
    for text in [&plain, &whole, &inside_aside(heading)] {
        let meanings = exact(text);
        if !meanings.is_empty() {
            return meanings;
        }
    }
    let text = if plain.is_empty() { &whole } else { &plain };
    if whole.chars().count() > LONGEST || others().iter().any(|word| whole.contains(word.as_str())) {
        return Vec::new();
    }
    containing(text)
}

fn exact(text: &str) -> Vec<Meaning> {
    known().get(text).cloned().unwrap_or_default()
}

/// Meanings of words that are part of the heading: the longer the part, and the nearer to the end, the likelier. (In
/// Japanese the end of a compound says what it is: 「保守機器の設置場所」.)
fn containing(text: &str) -> Vec<Meaning> {
    let length = text.chars().count().max(1);
    let mut found: Vec<Meaning> = Vec::new();
    for word in words() {
        let least = if word.folded.is_ascii() { 4 } else { 2 };
        if word.length < least || word.weight < 70 || !text.contains(word.folded.as_str()) {
            continue;
        }
        let share = u32::try_from(25 * word.length / length).unwrap_or(25);
        let end = if text.ends_with(word.folded.as_str()) { 15 } else { 0 };
        let weight = (word.weight * 4 / 10 + share + end).min(CERTAIN - 5);
        match found.iter_mut().find(|(column, _)| *column == word.column) {
            Some((_, known)) => *known = (*known).max(weight),
            None => found.push((word.column, weight)),
        }
    }
    found.retain(|(_, weight)| *weight >= UNDERSTOOD);
    found
}

/// False if [`without_asides`] would change nothing that is compared.
fn has_asides(text: &str) -> bool {
    text.trim_start().starts_with(|c: char| c.is_ascii_digit())
        || text.contains(['(', '[', '【', '〔', '<', '〈', '（', '［', '＜'])
}

/// The heading without what stands in brackets, and without marks and numbers in front: `(1) メーカー名（必須）※`.
fn without_asides(heading: &str) -> String {
    let mut depth = 0_usize;
    let mut kept = String::new();
    for c in heading.nfkc() {
        match c {
            '(' | '[' | '【' | '〔' | '<' | '〈' => depth += 1,
            ')' | ']' | '】' | '〕' | '>' | '〉' => depth = depth.saturating_sub(1),
            _ if depth == 0 => kept.push(c),
            _ => {}
        }
    }
    let rest = kept.trim().trim_start_matches(|c: char| c.is_ascii_digit());
    if rest.starts_with(['.', '、', ' ', ':']) { rest.to_owned() } else { kept }
}

/// What stands in brackets: 「サポート（EOL）」 is not understood without it.
fn inside_aside(heading: &str) -> String {
    let text: String = heading.nfkc().collect();
    let inside = text.split_once(['(', '[', '【']).and_then(|(_, rest)| rest.split([')', ']', '】']).next());
    folded(inside.unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn best(path: &[&str]) -> Option<LedgerColumn> {
        meanings(path).first().map(|(column, _)| *column)
    }

    #[test]
    fn headings_of_ledgers() {
        for (heading, expected) in [
            ("管理番号", Some(C::AssetId)),
            ("No.", Some(C::AssetId)),
            ("メーカー", Some(C::Maker)),
            ("ﾒｰｶｰ名", Some(C::Maker)),
            ("製造販売業者名", Some(C::Maker)),
            ("Manufacturer", Some(C::Maker)),
            ("型式・型番", Some(C::Model)),
            ("機種名", Some(C::Model)),
            ("S/N", Some(C::Serial)),
            ("製造番号（シリアル）", Some(C::Serial)),
            ("ファームウエア Ver.", Some(C::Firmware)),
            ("バージョン\n(現在)", Some(C::Firmware)),
            ("OS", Some(C::Os)),
            ("ＯＳバージョン", Some(C::OsVersion)),
            ("IPアドレス", Some(C::Address)),
            ("mac_address", Some(C::Mac)),
            ("設置場所※", Some(C::Place)),
            ("機器の設置場所", Some(C::Place)),
            ("VLAN ID", Some(C::Zone)),
            ("インターネット接続の有無", Some(C::Exposure)),
            ("パッチ適用者", Some(C::PatchedBy)),
            ("保守業者", Some(C::PatchedBy)),
            ("保守業者連絡先", None),
            ("サポート（EOL）", Some(C::SupportEnd)),
            ("保守期限", Some(C::SupportEnd)),
            ("1. 種別", Some(C::Kind)),
            ("導入年月", Some(C::Introduced)),
            ("購入価格", None),
            ("使用状況", Some(C::State)),
            ("担当者", Some(C::Owner)),
            ("最終確認日", Some(C::Confirmed)),
            ("備　考", Some(C::Remarks)),
            ("コンピューター名", Some(C::Host)),
            ("耐用年数", None),
            ("診療科", None),
            ("", None),
        ] {
            assert_eq!(best(&[heading]), expected, "{heading}: {:?}", meanings(&[heading]));
        }
    }

    #[test]
    fn headings_over_one_another() {
        for (path, expected) in [
            (["OS", "バージョン"], Some(C::OsVersion)),
            (["機器情報", "メーカー"], Some(C::Maker)),
            (["機器情報", "型番"], Some(C::Model)),
            (["ソフトウェア", "バージョン"], Some(C::Firmware)),
            (["サポート", "終了日"], Some(C::SupportEnd)),
            (["保守", "業者"], Some(C::PatchedBy)),
            (["設置", "場所"], Some(C::Place)),
            (["保守", "電話番号"], None),
        ] {
            assert_eq!(best(&path), expected, "{path:?}: {:?}", meanings(&path));
        }
    }

    #[test]
    fn no_word_has_two_weights_for_one_meaning() {
        let mut seen = std::collections::BTreeMap::new();
        for word in words() {
            let before = seen.insert((word.column, word.folded.clone()), word.weight);
            assert!(before.is_none_or(|before| before == word.weight), "{}", word.folded);
            assert!(!word.folded.is_empty());
        }
    }
}
