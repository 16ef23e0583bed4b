//! Ledgers of assets (資産台帳): what their columns mean, how a table was understood, and what was read of it.
//!
//! A ledger is whatever a hospital keeps: any sheet with a heading row. Which column means what is guessed and told; a
//! person can correct it once.

use serde::{Deserialize, Serialize};

use crate::diagnostic::Diagnostic;
use crate::finding::Confidence;
use crate::inventory::Asset;

macro_rules! columns {
    ($($(#[$meta:meta])* $name:ident = $text:literal,)*) => {
        /// What a column of a ledger means.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum LedgerColumn {
            $($(#[$meta])* #[serde(rename = $text)] $name,)*
        }

        impl LedgerColumn {
            /// Every meaning.
            pub const ALL: &'static [LedgerColumn] = &[$(LedgerColumn::$name,)*];

            /// The stable text form, as in mapping files and JSON output.
            pub fn as_str(self) -> &'static str {
                match self { $(LedgerColumn::$name => $text,)* }
            }
        }
    };
}

columns! {
    /// 管理番号
    AssetId = "asset_id",
    /// 機器名
    Name = "name",
    /// ホスト名
    Host = "host",
    /// 種別
    Kind = "kind",
    /// メーカー
    Maker = "maker",
    /// 型番
    Model = "model",
    /// 製造番号
    Serial = "serial",
    /// バージョン
    Firmware = "firmware",
    /// OS
    Os = "os",
    /// OS のバージョン, where it has a column of its own.
    OsVersion = "os_version",
    /// IP アドレス
    Address = "address",
    /// MAC アドレス
    Mac = "mac",
    /// 設置場所; several columns (棟, 階, 部屋) are joined.
    Place = "place",
    /// ネットワーク
    Zone = "zone",
    /// 公開範囲
    Exposure = "exposure",
    /// 更新責任者
    PatchedBy = "patched_by",
    /// サポート終了日
    SupportEnd = "support_end",
    /// 導入日
    Introduced = "introduced",
    /// 状態
    State = "state",
    /// 管理部署, 担当者
    Owner = "owner",
    /// 最終確認日
    Confirmed = "confirmed",
    /// 備考
    Remarks = "remarks",
}

impl LedgerColumn {
    /// The meaning with this text form.
    pub fn parse(text: &str) -> Option<LedgerColumn> {
        LedgerColumn::ALL.iter().copied().find(|column| column.as_str() == text)
    }
}

/// Who said what a column means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum MappedBy {
    /// Guessed from its heading.
    Heading,
    /// Guessed from what its cells look like.
    Content,
    /// A mapping file that was given.
    MappingFile,
    /// The mapping that was used before for the same headings.
    Remembered,
}

impl MappedBy {
    /// The stable text form, as in JSON output.
    pub fn as_str(self) -> &'static str {
        match self {
            MappedBy::Heading => "heading",
            MappedBy::Content => "content",
            MappedBy::MappingFile => "mapping-file",
            MappedBy::Remembered => "remembered",
        }
    }
}

/// A column of the ledger and what it was taken for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MappedColumn {
    /// Its letters at the edge of the sheet: `A`, `AB`.
    pub letters: String,
    /// Its heading; headings over several rows are joined by ` / `.
    pub heading: String,
    /// What it means; `None` if it is not used.
    pub column: Option<LedgerColumn>,
    /// Who says so.
    pub by: Option<MappedBy>,
    /// How sure that is.
    pub confidence: Option<Confidence>,
}

/// A table that was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LedgerTable {
    /// Sheet it is on; `None` in a text.
    pub sheet: Option<String>,
    /// The sheet is hidden.
    pub hidden: bool,
    /// First row of the headings, from 1.
    pub first_row: u32,
    /// Last row of the headings, from 1.
    pub last_row: u32,
    /// Rows with content below the headings.
    pub rows: usize,
    /// How many of its headings are understood.
    pub known: usize,
    /// How much it looks like a ledger: the table with most points is read.
    pub score: u32,
}

/// One row of a ledger.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LedgerRow {
    /// Its number at the edge of the sheet, from 1.
    pub row: u32,
    /// Line of the text, from 1; `None` in a workbook.
    pub line: Option<u64>,
    /// What it says.
    pub asset: Asset,
}

/// Why a row is no asset.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LeftOutReason {
    /// It stands above the headings: a title, a date.
    AboveHeadings,
    /// The heading of a section: a ward, a kind of device.
    Section,
    /// A sum.
    Total,
    /// A remark about the table, or an example of how to fill it in.
    Note,
    /// The headings once more.
    HeadingsAgain,
    /// Nothing but a number in front: a row that was prepared and not used.
    Unused,
    /// It belongs to another table below.
    OtherTable,
    /// It has more cells than there are headings, so that its values stand in the wrong columns.
    TooWide,
}

impl LeftOutReason {
    /// Every reason.
    pub const ALL: [LeftOutReason; 8] = [
        LeftOutReason::AboveHeadings,
        LeftOutReason::Section,
        LeftOutReason::Total,
        LeftOutReason::Note,
        LeftOutReason::HeadingsAgain,
        LeftOutReason::Unused,
        LeftOutReason::OtherTable,
        LeftOutReason::TooWide,
    ];

    /// The stable text form, as in JSON output.
    pub fn as_str(self) -> &'static str {
        match self {
            LeftOutReason::AboveHeadings => "above-headings",
            LeftOutReason::Section => "section",
            LeftOutReason::Total => "total",
            LeftOutReason::Note => "note",
            LeftOutReason::HeadingsAgain => "headings-again",
            LeftOutReason::Unused => "unused",
            LeftOutReason::OtherTable => "other-table",
            LeftOutReason::TooWide => "too-wide",
        }
    }
}

/// A row that is no asset, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeftOut {
    /// Its number at the edge of the sheet, from 1.
    pub row: u32,
    /// Why.
    pub reason: LeftOutReason,
    /// What stands in it, shortened.
    pub text: String,
}

/// What was read of a ledger.
#[derive(Debug, Clone, PartialEq)]
pub struct LedgerReading {
    /// Path as given.
    pub path: String,
    /// The table that was read.
    pub table: LedgerTable,
    /// Other tables that look like ledgers and were not read, the likeliest first.
    pub others: Vec<LedgerTable>,
    /// The columns with a heading or content.
    pub columns: Vec<MappedColumn>,
    /// The headings in one form: the same ledger has the same ones next year.
    pub fingerprint: String,
    /// The assets.
    pub rows: Vec<LedgerRow>,
    /// Rows that are no assets.
    pub left_out: Vec<LeftOut>,
    /// What is wrong with single cells (param `cell`), in the order of the rows.
    pub cells: Vec<Diagnostic>,
    /// Everything else that was odd.
    pub diagnostics: Vec<Diagnostic>,
}

/// What somebody has to find out about an asset before it can be judged well.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Unsettled {
    /// Nobody is named who patches it.
    PatchedBy,
    /// What it is (server, medical device …) is missing or not understood.
    Kind,
    /// No maker.
    Maker,
    /// No model.
    Model,
    /// Neither a version nor an operating system.
    Version,
    /// How far an attacker reaches it is missing or not understood.
    Exposure,
}

impl Unsettled {
    /// Everything that can be unsettled.
    pub const ALL: [Unsettled; 6] = [
        Unsettled::PatchedBy,
        Unsettled::Kind,
        Unsettled::Maker,
        Unsettled::Model,
        Unsettled::Version,
        Unsettled::Exposure,
    ];

    /// The stable text form, as in JSON output.
    pub fn as_str(self) -> &'static str {
        match self {
            Unsettled::PatchedBy => "patched-by",
            Unsettled::Kind => "kind",
            Unsettled::Maker => "maker",
            Unsettled::Model => "model",
            Unsettled::Version => "version",
            Unsettled::Exposure => "exposure",
        }
    }

    /// What is unsettled about an asset. Nothing, if the asset is no longer there.
    pub fn of(asset: &Asset) -> Vec<Unsettled> {
        if asset.retired {
            return Vec::new();
        }
        // A computer without maker and model is judged by its operating system.
        let named = asset.os.is_some();
        let open = |unsettled: &Unsettled| match unsettled {
            Unsettled::PatchedBy => asset.patched_by.is_none(),
            Unsettled::Kind => asset.kind.is_none(),
            Unsettled::Maker => asset.maker.is_none() && !named,
            Unsettled::Model => asset.model.is_none() && !named,
            Unsettled::Version => asset.firmware.is_none() && !named,
            Unsettled::Exposure => asset.exposure.is_none(),
        };
        Unsettled::ALL.into_iter().filter(open).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_forms_are_read_back() {
        for column in LedgerColumn::ALL {
            assert_eq!(LedgerColumn::parse(column.as_str()), Some(*column));
        }
        assert_eq!(LedgerColumn::parse("Maker"), None);
    }

    #[test]
    fn what_is_unsettled() {
        let empty = Asset::default();
        assert_eq!(Unsettled::of(&empty), Unsettled::ALL);
        let computer = Asset { os: Some("Windows 11".to_owned()), ..Asset::default() };
        assert_eq!(Unsettled::of(&computer), [Unsettled::PatchedBy, Unsettled::Kind, Unsettled::Exposure]);
        assert_eq!(Unsettled::of(&Asset { retired: true, ..Asset::default() }), []);
    }
}
