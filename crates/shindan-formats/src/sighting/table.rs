//! Tables with a heading, as CSV or TSV: leases that a Windows DHCP server exports, and lists of any other tool. Columns are
//! known by their headings, in Japanese or English.

use core::net::IpAddr;
use std::borrow::Cow;
use std::collections::BTreeSet;

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::{Offset, TimeZone};
use shindan_domain::diagnostic::{Code, Diagnostic};
use shindan_domain::sighting::{Lease, LeaseState, MacAddress, Observed, SightingFormat};
use unicode_normalization::UnicodeNormalization;

use super::found::Found;
use crate::sheet::{DELIMITERS, Rows};
use crate::text::shorten;

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Column {
    Mac,
    /// An identifier of the client, which is mostly its hardware address.
    Client,
    Address,
    Name,
    Serial,
    Vendor,
    Port,
    Version,
    Seen,
    State,
    Expires,
}

/// Headings in one form: NFKC, lower case, letters and digits only.
const HEADINGS: &[(Column, &[&str])] = &[
    (
        Column::Mac,
        &[
            "mac",
            "macaddress",
            "macaddr",
            "macアドレス",
            "物理アドレス",
            "hwaddress",
            "hardwareaddress",
            "ethernetaddress",
            "physicaladdress",
        ],
    ),
    (Column::Client, &["clientid", "uniqueid", "一意のid", "一意id", "クライアントid"]),
    (
        Column::Address,
        &[
            "ip",
            "ipaddress",
            "ipaddr",
            "ipアドレス",
            "ipv4",
            "ipv4address",
            "ipv4アドレス",
            "ipv6",
            "ipv6address",
            "ipv6アドレス",
            "clientipaddress",
            "クライアントipアドレス",
            "address",
            "アドレス",
        ],
    ),
    (
        Column::Name,
        &[
            "hostname",
            "host",
            "ホスト名",
            "ホスト",
            "name",
            "名前",
            "computername",
            "コンピュータ名",
            "コンピューター名",
            "devicename",
            "機器名",
            "機器名称",
            "dnsname",
            "fqdn",
        ],
    ),
    (
        Column::Serial,
        &["serial", "serialnumber", "serialno", "シリアル", "シリアル番号", "シリアルno", "製造番号"],
    ),
    (
        Column::Vendor,
        &["vendor", "maker", "manufacturer", "ベンダ", "ベンダー", "メーカ", "メーカー", "製造元"],
    ),
    (
        Column::Port,
        &[
            "port",
            "switchport",
            "interface",
            "ポート",
            "接続ポート",
            "スイッチポート",
            "インターフェイス",
            "インターフェース",
        ],
    ),
    (
        Column::Version,
        &[
            "version",
            "firmware",
            "firmwareversion",
            "バージョン",
            "ファームウェア",
            "ファームウエア",
            "ファームウェアバージョン",
            "ファームウェア版",
        ],
    ),
    (
        Column::Seen,
        &[
            "lastseen",
            "seen",
            "seenat",
            "detected",
            "最終検出",
            "最終検知",
            "最終検出日時",
            "最終検知日時",
            "検出日時",
            "検知日時",
        ],
    ),
    (Column::State, &["addressstate", "アドレスの状態"]),
    (
        Column::Expires,
        &["leaseexpirytime", "leaseexpiration", "leaseexpires", "リースの有効期限", "リース有効期限"],
    ),
];

fn folded(text: &str) -> String {
    text.nfkc().flat_map(char::to_lowercase).filter(|c| c.is_alphanumeric() || *c == 'ー').collect()
}

fn column(heading: &str) -> Option<Column> {
    let heading = folded(heading);
    HEADINGS.iter().find(|(_, names)| names.contains(&heading.as_str())).map(|(column, _)| *column)
}

/// Where the table begins and how it is written.
struct Shape<'a> {
    delimiter: u8,
    columns: Vec<Option<Column>>,
    headings: Vec<Cow<'a, str>>,
    /// Line of the headings.
    line: u64,
}

impl Shape<'_> {
    fn has(&self, column: Column) -> bool {
        self.columns.contains(&Some(column))
    }
}

/// The headings stand in the first rows: `Export-Csv` writes a line `#TYPE …` above them, people write titles.
fn shape(text: &str) -> Option<Shape<'_>> {
    DELIMITERS.into_iter().find_map(|delimiter| {
        let rows = Rows::new(text, delimiter).take(5).filter_map(Result::ok);
        let shapes = rows.map(|row| Shape {
            delimiter,
            columns: row.cells.iter().map(|cell| column(cell)).collect(),
            headings: row.cells,
            line: row.line,
        });
        shapes.into_iter().find(|shape| {
            let identified =
                shape.has(Column::Mac) || shape.has(Column::Client) || shape.has(Column::Address);
            identified && shape.columns.iter().flatten().count() >= 2
        })
    })
}

/// The format, if it is a table with headings that are known.
pub(super) fn format(text: &str) -> Option<SightingFormat> {
    let shape = shape(text)?;
    let leases = [Column::Client, Column::State, Column::Expires]
        .into_iter()
        .filter(|column| shape.has(*column))
        .count();
    Some(if leases > 0 { SightingFormat::DhcpCsv } else { SightingFormat::Table })
}

pub(super) fn read(text: &str, found: &mut Found) {
    let Some(shape) = shape(text) else { return };
    for (heading, column) in shape.headings.iter().zip(&shape.columns) {
        if column.is_none() && !heading.trim().is_empty() {
            let diagnostic = Diagnostic::new(Code::ColumnUnknown, found.place(shape.line));
            found.report.diagnostics.push(diagnostic.with("column", shorten(heading, 40)));
        }
    }
    let leases = found.report.format == SightingFormat::DhcpCsv;
    for row in Rows::new(text, shape.delimiter) {
        match row {
            Err(broken) => found.unreadable(broken.line, &broken.reason),
            Ok(row) if row.line <= shape.line || row.is_blank() => {}
            Ok(row) => {
                let cells: Vec<(Column, &str)> = shape
                    .columns
                    .iter()
                    .zip(&row.cells)
                    .filter_map(|(column, cell)| Some(((*column)?, cell.trim())))
                    .filter(|(_, cell)| !matches!(*cell, "" | "-" | "N/A" | "n/a"))
                    .collect();
                match entry(&cells, row.line, leases, found) {
                    Ok(Some(observed)) => found.see(observed),
                    Ok(None) => {}
                    Err(cell) => found.unreadable(row.line, &cell),
                }
            }
        }
    }
}

/// One row; `None`: it is counted already. The error is the cell that cannot be read.
fn entry(
    cells: &[(Column, &str)],
    line: u64,
    leases: bool,
    found: &mut Found,
) -> Result<Option<Observed>, String> {
    let mut one = Observed { line, ..Observed::default() };
    let mut lease = Lease { state: LeaseState::Active, renewed: None, ends: None };
    for (column, cell) in cells.iter().copied() {
        match column {
            Column::Mac => one.mac = Some(cell.parse().map_err(|_| cell.to_owned())?),
            // Other identifiers are allowed here; a hardware address may have its type in front.
            Column::Client => one.mac = one.mac.or_else(|| client(cell)),
            Column::Address => one.addresses.extend(addresses(cell)?),
            Column::Name => drop(one.names.insert(shorten(cell, 255))),
            Column::Serial => one.serial = Some(shorten(cell, 120)),
            Column::Vendor => one.vendor = Some(shorten(cell, 120)),
            Column::Port => one.port = Some(shorten(cell, 120)),
            Column::Version => one.version = Some(shorten(cell, 200)),
            Column::Seen => match time(cell) {
                Some(at) => one.seen_at = Some(at),
                None => {
                    let diagnostic = Diagnostic::new(Code::DateInvalid, found.place(line));
                    let diagnostic = diagnostic.with("field", "last-seen").with("value", shorten(cell, 60));
                    found.report.diagnostics.push(diagnostic);
                }
            },
            Column::State => lease.state = state(cell),
            // Written as the server's language wants it, and of no consequence: the state says what counts.
            Column::Expires => lease.ends = time(cell),
        }
    }
    if leases {
        if lease.state != LeaseState::Active {
            found.skipped().ended += 1;
            return Ok(None);
        }
        one.lease = Some(lease);
    }
    let nobody =
        one.mac.is_none() && one.addresses.is_empty() && one.names.is_empty() && one.serial.is_none();
    if nobody {
        found.skipped().incomplete += 1;
        return Ok(None);
    }
    Ok(Some(one))
}

fn client(text: &str) -> Option<MacAddress> {
    let digits: String = text.chars().filter(char::is_ascii_hexdigit).collect();
    let typed = digits.len() == 14 && digits.starts_with("01");
    text.parse().ok().or_else(|| digits.get(2..).filter(|_| typed)?.parse().ok())
}

/// States of `Get-DhcpServerv4Lease`: Active, ActiveReservation, InactiveReservation, Expired, Declined, Offered.
fn state(text: &str) -> LeaseState {
    match text.to_ascii_lowercase().as_str() {
        "inactivereservation" | "inactive" => LeaseState::Reserved,
        "expired" | "declined" | "offered" => LeaseState::Ended,
        _ => LeaseState::Active,
    }
}

fn addresses(cell: &str) -> Result<BTreeSet<IpAddr>, String> {
    let parts = cell
        .split(|c: char| c.is_whitespace() || matches!(c, ',' | ';' | '、'))
        .filter(|part| !part.is_empty());
    parts.map(|part| super::found::address(part).ok_or_else(|| cell.to_owned())).collect()
}

/// A time with its zone, else in Japan; a day is its beginning.
fn time(text: &str) -> Option<Timestamp> {
    if let Ok(time) = text.parse::<Timestamp>() {
        return Some(time);
    }
    let text = text.replace('/', "-");
    let (day, rest) = text.split_once(['T', ' ']).unwrap_or((text.as_str(), ""));
    let padded = |part: &str, width: usize| format!("{part:0>width$}");
    let day: Vec<&str> = day.split('-').collect();
    let [year, month, date] = day.as_slice() else { return None };
    let day: Date = format!("{}-{}-{}", padded(year, 4), padded(month, 2), padded(date, 2)).parse().ok()?;
    let at: DateTime = match rest.trim() {
        "" => day.at(0, 0, 0, 0),
        rest => {
            let parts: Vec<String> = rest.split(':').map(|part| padded(part, 2)).collect();
            format!("{day}T{}", parts.join(":")).parse().ok()?
        }
    };
    let japan = TimeZone::fixed(Offset::constant(9));
    Some(at.to_zoned(japan).ok()?.timestamp())
}
