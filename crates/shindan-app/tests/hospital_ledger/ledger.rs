//! The ledger of an invented hospital: 300 rows of mixed quality, built as a workbook by a deterministic program.
//!
//! What is wrong with it is what was seen to be wrong with ledgers: titles, headings over two rows, sections, sums, blocks
//! that share a merged cell, marks for "as above", several scripts and misspellings of one maker, dates of three calendars,
//! numbers where texts should be, errors, repetitions, blanks. The generator writes down what it did: that is the oracle.

use rust_xlsxwriter::{ExcelDateTime, Format, FormatAlign, Formula, Workbook, Worksheet, XlsxError};

/// First row of devices (from 0): title, date, note, and two rows of headings above it.
const FIRST: u32 = 5;

/// What was built, and what is true of it.
pub struct Ledger {
    /// The workbook.
    pub bytes: Vec<u8>,
    /// Devices.
    pub devices: Vec<Device>,
    /// Addresses of cells that cannot be understood, in the order of the rows.
    pub bad_cells: Vec<String>,
    /// Numbers of devices without anybody who patches them.
    pub unpatched: Vec<String>,
    /// Numbers of devices that were disposed of.
    pub retired: Vec<String>,
    /// Rows that are no devices.
    pub other_rows: usize,
}

/// One device.
#[derive(Clone, Default)]
pub struct Device {
    pub id: String,
    pub kind: &'static str,
    pub maker: &'static str,
    pub model: &'static str,
    pub version: String,
    pub os: &'static str,
    pub place: &'static str,
    /// What the demo's advisories say about it.
    pub hits: &'static [&'static str],
}

type Row = (&'static str, &'static str, &'static str, &'static str, &'static [&'static str]);

/// Maker, model, version, OS, and what the demo's advisories say: worked out from `demo/README.md`, never from a run.
const NETWORK: &[Row] = &[
    ("フォーティネット", "FortiGate-60F", "v6.0.4", "", &["CVE-2018-13379"]),
    ("Fortinet", "FortiGate-100F", "7.0.12", "", &["CVE-2024-21762"]),
    ("ＦＯＲＴＩＮＥＴ", "FG-80F", "7.2.1", "", &["CVE-2022-40684", "CVE-2024-21762"]),
    ("フォーティネットジャパン合同会社", "FortiGate-200F", "7.4.4", "", &[]),
    ("F5", "BIG-IP i2600", "15.1.0", "", &["CVE-2020-5902"]),
    ("アライドテレシス", "AT-x930-28GTX", "5.5.3-0.1", "", &[]),
    ("ヤマハ", "RTX1220", "Rev.15.04.06", "", &[]),
    ("日本電気", "QX-S4120GT-28", "7.1.24", "", &[]),
    ("シスコシステムズ", "Catalyst 2960X-48TS-L", "15.2(7)E8", "", &[]),
    ("Cisco", "C9200L-24T-4G", "17.09.04a", "", &[]),
];

const SERVERS: &[Row] = &[
    ("HPE", "ProLiant DL380 Gen10", "", "Windows Server 2019 Standard (17763.5936)", &["CVE-2024-38193"]),
    ("デル", "PowerEdge R640", "", "Windows Server 2019 17763.6293", &[]),
    ("富士通", "PRIMERGY RX2540 M5", "", "Windows Server 2016", &[]),
    ("フィリップス", "Vue PACS", "12.2.8.400", "", &["CVE-2023-40159"]),
    ("株式会社フィリップス・ジャパン", "IntelliSpace PACS", "4.4.551", "", &["CVE-2018-17906"]),
];

const TERMINALS: &[Row] = &[
    ("デル", "OptiPlex 3080", "", "Windows 10 Pro 22H2 19045.4529", &["CVE-2024-38193"]),
    ("DELL", "OptiPlex 3080", "", "Win10 Pro 22H2 (19045.5011)", &[]),
    ("日本HP", "ProDesk 400 G7", "", "Windows 11 Pro 23H2 22631.4037", &[]),
    ("富士通", "ESPRIMO D7011", "", "Windows10 Pro", &[]),
];

const MEDICAL: &[Row] = &[
    (
        "Phillips",
        "Patient Information Center iX (PIC iX)",
        "C.02",
        "",
        &["CVE-2021-43548", "CVE-2021-43550", "CVE-2021-43552"],
    ),
    ("フクダ電子", "DS-8900", "V02-11", "", &[]),
    ("日本光電工業株式会社", "CNS-6201", "04-05", "", &[]),
    (
        "GEヘルスケア・ジャパン",
        "B650",
        "2.0.5",
        "",
        &[
            "CVE-2020-6961",
            "CVE-2020-6962",
            "CVE-2020-6963",
            "CVE-2020-6964",
            "CVE-2020-6965",
            "CVE-2020-6966",
        ],
    ),
    ("テルモ", "TE-SS830", "1.05", "", &[]),
    ("日本ベクトン・ディッキンソン", "Alaris PC Unit Model 8015", "9.33.1", "", &["CVE-2020-25165"]),
    ("BD", "Alaris PC Unit Model 8015", "12.1.2", "", &[]),
    ("キヤノンメディカルシステムズ", "Aquilion ONE", "V10.5", "", &[]),
];

const OFFICE: &[Row] = &[
    ("リコー", "IM C4500", "1.09", "", &[]),
    ("キヤノン", "imageRUNNER ADVANCE DX C5840F", "20.32", "", &[]),
    ("アクシス", "P3245-V", "10.12.182", "", &[]),
];

/// Section, kind, prefix of the numbers, number of rows, what they are made of.
const PARTS: [(&str, &str, &str, usize, &[Row]); 5] = [
    ("■ ネットワーク機器", "ネットワーク機器", "NW", 40, NETWORK),
    ("■ サーバ", "サーバ", "SV", 30, SERVERS),
    ("■ 端末", "端末", "PC", 110, TERMINALS),
    ("■ 医療機器", "医療機器", "ME", 90, MEDICAL),
    ("■ 複合機・カメラ", "複合機", "OA", 30, OFFICE),
];

const PLACES: [&str; 6] = ["サーバ室", "外来", "4階病棟", "ICU", "手術室", "医事課"];

/// Builds the ledger.
pub fn hospital() -> Ledger {
    Builder::default().build().expect("a workbook")
}

#[derive(Default)]
struct Builder {
    devices: Vec<Device>,
    bad_cells: Vec<String>,
    unpatched: Vec<String>,
    retired: Vec<String>,
    other_rows: usize,
}

impl Builder {
    fn build(mut self) -> Result<Ledger, XlsxError> {
        let mut book = Workbook::new();
        let cover = book.add_worksheet();
        cover.set_name("表紙")?;
        cover.write(2, 1, "みなと総合病院　情報機器等管理台帳")?;
        let example = book.add_worksheet();
        example.set_name("記入例")?;
        headings(example, 0)?;
        example.write(2, 1, "NW-000")?.write(2, 3, "○○電機")?.write(2, 4, "ABC-1")?.write(2, 6, "1.0")?;
        let sheet = book.add_worksheet();
        sheet.set_name("機器一覧")?;
        sheet.merge_range(0, 0, 0, 15, "情報機器等管理台帳", &Format::new().set_bold())?;
        sheet.write(1, 14, "2026年11月1日現在")?;
        sheet.write(2, 0, "※ 印の列は必ず記入してください。")?;
        headings(sheet, FIRST - 2)?;
        let mut row = FIRST;
        self.other_rows = 3;
        for (title, kind, prefix, count, models) in PARTS {
            sheet.merge_range(row, 0, row, 15, title, &Format::new())?;
            row += 1;
            for number in 0..count {
                self.device(sheet, row, number, kind, prefix, models)?;
                row += 1;
            }
            self.places(sheet, row - u32::try_from(count).expect("small"), count)?;
            sheet.write(row, 1, "小計")?.write(row, 4, format!("{count} 台"))?;
            row += 1;
            self.other_rows += 2;
        }
        sheet.write(row, 1, "合計")?.write(row, 4, "300 台")?;
        sheet.write(row + 1, 0, "※ 2026年10月の棚卸による。")?;
        self.other_rows += 2;
        let lists = book.add_worksheet();
        lists.set_name("選択肢")?;
        lists.set_hidden(true);
        for (row, text) in (0..).zip(["種別", "サーバ", "端末", "ネットワーク機器", "医療機器"])
        {
            lists.write(row, 0, text)?;
        }
        let Builder { devices, bad_cells, unpatched, retired, other_rows } = self;
        Ok(Ledger { bytes: book.save_to_buffer()?, devices, bad_cells, unpatched, retired, other_rows })
    }

    fn device(
        &mut self,
        sheet: &mut Worksheet,
        row: u32,
        number: usize,
        kind: &'static str,
        prefix: &str,
        models: &[Row],
    ) -> Result<(), XlsxError> {
        // Runs of the same model, so that marks for "as above" make sense.
        let (maker, model, version, os, hits) = models[number / 2 % models.len()];
        let total = self.devices.len();
        let id = format!("{prefix}-{:03}", number + 1);
        let place = PLACES[number / 5 % PLACES.len()];
        let mut device =
            Device { id: id.clone(), kind, maker, model, version: version.to_owned(), os, place, hits };
        sheet.write(row, 0, u32::try_from(total + 1).expect("small"))?;
        // Numbers are typed in wide letters here and there.
        let typed = if total % 23 == 5 { wide(&id) } else { id.clone() };
        sheet.write(row, 1, typed)?;
        sheet.write(row, 2, if number % 2 == 1 { "〃" } else { kind })?;
        let again = number % 2 == 1;
        sheet.write(row, 3, if again { "〃" } else { maker })?;
        sheet.write(row, 4, if again { "同上" } else { model })?;
        sheet.write(row, 5, format!("SN{:06}", 7_919 * (total + 1) % 1_000_003))?;
        self.version(sheet, row, total, &mut device)?;
        sheet.write(row, 7, os)?;
        sheet.write(row, 8, format!("10.{}.{}.{}", total / 200, number / 100, number % 100 + 10))?;
        sheet.write(row, 9, if total.is_multiple_of(3) { "院内" } else { "閉域" })?;
        self.support_end(sheet, row, total)?;
        if total.is_multiple_of(7) {
            self.unpatched.push(id.clone());
            sheet.write(row, 13, ["", "未定", "―"][total % 3])?;
        } else {
            sheet.write(
                row,
                13,
                ["情報システム課", "臨床工学室", "株式会社サンプルメディカルシステムズ"][total % 3],
            )?;
        }
        let retired = total % 61 == 60;
        sheet.write(
            row,
            14,
            if retired {
                "廃棄済み"
            } else if total % 61 == 30 {
                "廃棄予定"
            } else {
                "使用中"
            },
        )?;
        if retired {
            self.retired.push(id.clone());
            self.unpatched.retain(|other| *other != id);
            device.hits = &[];
        }
        if total % 17 == 3 {
            sheet.write(row, 15, "要確認\n（担当変更あり）")?;
        }
        self.devices.push(device);
        Ok(())
    }

    fn version(
        &mut self,
        sheet: &mut Worksheet,
        row: u32,
        total: usize,
        device: &mut Device,
    ) -> Result<(), XlsxError> {
        if device.version.is_empty() {
            return Ok(());
        }
        match total % 53 {
            // Somebody typed 3-1, and it became a date.
            11 => {
                let date = Format::new().set_num_format("m\"月\"d\"日\"");
                sheet.write_with_format(row, 6, &ExcelDateTime::from_ymd(2026, 3, 1)?, &date)?;
                self.bad(6, row);
                device.version.clear();
                device.hits = &[];
            }
            // A formula that found nothing.
            29 => {
                sheet.write_formula(row, 6, Formula::new("VLOOKUP(1,A1,1)").set_result("#N/A"))?;
                self.bad(6, row);
                device.version.clear();
                device.hits = &[];
            }
            // Left blank.
            40 => {
                device.version.clear();
                device.hits = &[];
            }
            _ => drop(sheet.write(row, 6, device.version.as_str())?),
        }
        if device.version.is_empty() && device.hits.is_empty() && ALL_VERSIONS.contains(&device.model) {
            device.hits = &["CVE-2018-17906"];
        }
        Ok(())
    }

    fn support_end(&mut self, sheet: &mut Worksheet, row: u32, total: usize) -> Result<(), XlsxError> {
        let date = Format::new().set_num_format("yyyy/m/d");
        let era = Format::new().set_num_format("[$-411]ggge\"年\"m\"月\"d\"日\"");
        let day = ExcelDateTime::from_ymd(2029, 3, 31)?;
        match total % 10 {
            0 => sheet.write_with_format(row, 12, &day, &date)?,
            1 => sheet.write_with_format(row, 12, &day, &era)?,
            2 => sheet.write(row, 12, "令和11年3月31日")?,
            3 => sheet.write(row, 12, "R11.3.31")?,
            4 => sheet.write(row, 12, "2029.3.31")?,
            5 => sheet.write(row, 12, 47_208)?,
            6 if total % 50 == 26 => {
                self.bad(12, row);
                sheet.write(row, 12, "2025/13/45")?
            }
            7 => sheet.write(row, 12, "未定")?,
            _ => sheet,
        };
        Ok(())
    }

    /// The place is written once for five rows, in a merged cell.
    fn places(&mut self, sheet: &mut Worksheet, first: u32, count: usize) -> Result<(), XlsxError> {
        let middle = Format::new().set_align(FormatAlign::VerticalCenter);
        for block in 0..count.div_ceil(5) {
            let top = first + u32::try_from(block * 5).expect("small");
            let bottom = (top + 4).min(first + u32::try_from(count).expect("small") - 1);
            sheet.merge_range(top, 10, bottom, 10, PLACES[block % PLACES.len()], &middle)?;
        }
        Ok(())
    }

    fn bad(&mut self, column: u8, row: u32) {
        self.bad_cells.push(format!("{}{}", char::from(b'A' + column), row + 1));
    }
}

/// Products of which the advisory means all versions: a blank version is no way out.
const ALL_VERSIONS: &[&str] = &["IntelliSpace PACS"];

/// Two rows of headings, merged as people merge them.
fn headings(sheet: &mut Worksheet, row: u32) -> Result<(), XlsxError> {
    let bold = Format::new().set_bold();
    for (column, text) in
        [(0, "No."), (1, "管理番号※"), (2, "種別"), (7, "OS"), (10, "設置場所"), (15, "備　考")]
    {
        sheet.merge_range(row, column, row + 1, column, text, &bold)?;
    }
    sheet.merge_range(row, 3, row, 6, "機器情報", &bold)?;
    for (column, text) in [(3, "メーカー名"), (4, "型式・型番"), (5, "製造番号\n(S/N)"), (6, "ﾊﾞｰｼﾞｮﾝ")]
    {
        sheet.write(row + 1, column, text)?;
    }
    sheet.merge_range(row, 8, row, 9, "ネットワーク", &bold)?;
    sheet.write(row + 1, 8, "IPアドレス")?.write(row + 1, 9, "公開範囲")?;
    sheet.merge_range(row, 11, row, 12, "サポート", &bold)?;
    sheet.write(row + 1, 11, "契約")?.write(row + 1, 12, "終了日")?;
    sheet.merge_range(row, 13, row, 14, "運用", &bold)?;
    sheet.write(row + 1, 13, "更新責任者")?.write(row + 1, 14, "使用状況")?;
    Ok(())
}

fn wide(text: &str) -> String {
    text.chars().map(|c| char::from_u32(u32::from(c) + 0xFEE0).expect("ASCII")).collect()
}
