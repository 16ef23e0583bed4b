//! What the cells of a column look like, which supports its heading, contradicts it, or stands in for it.

use core::net::Ipv4Addr;
use std::collections::BTreeSet;

use shindan_domain::asset_ledger::LedgerColumn;
use unicode_normalization::UnicodeNormalization;

use super::words;
use crate::sheet::{Cell, Content};

/// How many cells of a column are looked at.
pub(super) const LOOKED_AT: usize = 300;

/// Shares of the cells of a column, in percent of those with content.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Looks {
    /// Cells with content.
    pub(super) filled: usize,
    pub(super) mac: usize,
    pub(super) address: usize,
    pub(super) date: usize,
    pub(super) kind: usize,
    pub(super) exposure: usize,
    pub(super) version: usize,
    /// Different texts.
    pub(super) distinct: usize,
    /// Its numbers count from 1, one by one; a section may begin anew.
    pub(super) counts_rows: bool,
}

impl Looks {
    /// Looks at the cells of one column, in the order of the rows.
    pub(super) fn of<'c>(cells: impl Iterator<Item = &'c Cell>) -> Looks {
        let mut looks = Looks::default();
        let mut texts = BTreeSet::new();
        let mut numbers: Vec<i64> = Vec::new();
        for cell in cells.take(LOOKED_AT) {
            let text: String = cell.text.nfkc().collect();
            let text = text.trim();
            looks.filled += 1;
            looks.mac += usize::from(is_mac(text));
            looks.address += usize::from(is_address(text));
            looks.date += usize::from(cell.content == Content::Date || words::date(text).is_some());
            looks.kind += usize::from(words::kind(text).is_some());
            looks.exposure += usize::from(words::exposure(text).is_some());
            looks.version += usize::from(is_version(text));
            numbers.extend(text.parse::<i64>());
            texts.insert(text.to_owned());
        }
        let one_more = |pair: &[i64]| matches!(pair, [a, b] if *b == a.saturating_add(1) || *b == 1);
        looks.counts_rows = numbers.len() >= 3
            && numbers.len() * 10 >= looks.filled * 6
            && numbers.first() == Some(&1)
            && numbers.windows(2).all(one_more);
        looks.distinct = texts.len();
        let filled = looks.filled.max(1);
        for count in [
            &mut looks.mac,
            &mut looks.address,
            &mut looks.date,
            &mut looks.kind,
            &mut looks.exposure,
            &mut looks.version,
        ] {
            *count = *count * 100 / filled;
        }
        looks
    }

    /// True if the cells cannot be what the heading says.
    pub(super) fn contradict(&self, column: LedgerColumn) -> bool {
        if self.filled < 3 {
            return false;
        }
        match column {
            LedgerColumn::Mac => self.mac < 20,
            LedgerColumn::Address => self.address < 20,
            LedgerColumn::SupportEnd | LedgerColumn::Introduced | LedgerColumn::Confirmed => self.date < 20,
            LedgerColumn::Maker | LedgerColumn::Model | LedgerColumn::Place => {
                self.date > 60 || self.mac > 60
            }
            LedgerColumn::Firmware => self.date > 60 && self.version < 50,
            _ => false,
        }
    }

    /// What a column without an understood heading is, judging by its cells alone.
    pub(super) fn suggest(&self) -> Option<LedgerColumn> {
        if self.filled < 3 {
            return None;
        }
        if self.mac >= 60 {
            Some(LedgerColumn::Mac)
        } else if self.address >= 60 {
            Some(LedgerColumn::Address)
        } else if self.kind >= 70 && self.distinct < self.filled {
            Some(LedgerColumn::Kind)
        } else if self.exposure >= 80 {
            Some(LedgerColumn::Exposure)
        } else {
            None
        }
    }
}

/// One MAC address in any usual notation, or several.
pub(super) fn is_mac(text: &str) -> bool {
    let mut any = false;
    for part in text.split([' ', '\n', ',', '/', '、']).map(str::trim).filter(|part| !part.is_empty()) {
        let digits: String = part.chars().filter(|c| !matches!(c, ':' | '-' | '.')).collect();
        if digits.len() != 12 || !digits.bytes().all(|b| b.is_ascii_hexdigit()) {
            return false;
        }
        any = true;
    }
    any
}

/// One IP address, several, a network, or the word for an address that changes.
pub(super) fn is_address(text: &str) -> bool {
    let lower = text.to_lowercase();
    if matches!(lower.as_str(), "dhcp" | "動的" | "自動" | "自動取得" | "dhcp予約") {
        return true;
    }
    let mut any = false;
    for part in lower.split([' ', '\n', ',', '、', '~', '〜', '～']).map(str::trim) {
        if part.is_empty() {
            continue;
        }
        let host = part.split('/').next().unwrap_or(part);
        let four = host.parse::<Ipv4Addr>().is_ok();
        // Ledgers write leading zeros: 192.168.010.001.
        let zeros = host.split('.').count() == 4
            && host.split('.').all(|octet| octet.len() <= 3 && octet.parse::<u8>().is_ok());
        let six = host.contains(':') && host.parse::<core::net::Ipv6Addr>().is_ok();
        // The end of a range: 192.168.1.10〜15.
        let end = any && host.parse::<u8>().is_ok();
        if !(four || zeros || six || end) {
            return false;
        }
        any = true;
    }
    any
}

/// Something like `v6.0.4`, `C.02`, `Ver.3`, `12.2(33)SXI`.
fn is_version(text: &str) -> bool {
    let short = text.chars().count() <= 40;
    let digit = text.chars().any(|c| c.is_ascii_digit());
    let dots = text.contains('.')
        || text.to_lowercase().starts_with('v')
        || text.bytes().all(|b| b.is_ascii_digit());
    short && digit && dots && !text.contains('@')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_of_ledgers() {
        for text in [
            "192.168.1.10",
            "192.168.010.001",
            "10.0.0.0/24",
            "DHCP",
            "192.168.1.1, 192.168.1.2",
            "fe80::1",
            "192.168.1.10〜15",
        ] {
            assert!(is_address(text), "{text}");
        }
        for text in ["192.168.1.300", "192.168.1", "1.2.3", "なし", "", "host"] {
            assert!(!is_address(text), "{text}");
        }
        for text in [
            "00:11:22:AA:bb:ff",
            "00-11-22-AA-BB-FF",
            "0011.22aa.bbff",
            "001122AABBFF",
            "00:11:22:AA:bb:ff\n00:11:22:AA:bb:fe",
        ] {
            assert!(is_mac(text), "{text}");
        }
        for text in ["00:11:22:AA:bb", "00:11:22:AA:bb:gg", "123456789012345", ""] {
            assert!(!is_mac(text), "{text}");
        }
    }

    #[test]
    fn columns_by_their_cells() {
        let looks = |texts: &[&str]| {
            let cells: Vec<Cell> = texts.iter().map(|text| Cell::text(*text)).collect();
            Looks::of(cells.iter())
        };
        assert!(looks(&["1", "2", "3", "4"]).counts_rows);
        assert!(looks(&["1", "2", "【病棟】", "3", "1", "2"]).counts_rows);
        assert!(!looks(&["1", "3", "4"]).counts_rows);
        assert!(!looks(&["101", "102", "103"]).counts_rows);
        assert_eq!(looks(&["サーバ", "端末", "端末", "端末"]).suggest(), Some(LedgerColumn::Kind));
        assert_eq!(looks(&["10.0.0.1", "10.0.0.2", "DHCP"]).suggest(), Some(LedgerColumn::Address));
        assert_eq!(looks(&["内科", "外科", "眼科"]).suggest(), None);
        assert!(looks(&["2027/3/31", "2028/3/31", "未定"]).contradict(LedgerColumn::Maker));
        assert!(!looks(&["2027/3/31", "2028/3/31", "未定"]).contradict(LedgerColumn::SupportEnd));
    }
}
