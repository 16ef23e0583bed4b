//! Numbers as their format shows them, and the dates that Excel keeps as numbers.
//!
//! Source: ECMA-376 part 1, 18.8.30 (numFmt) with its table of built-in formats, and 18.17.4 (dates). Only what a
//! ledger needs is shown exactly: decimals, leading zeros, text around the number, dates. Whatever else a format does
//! (fractions, exponents, conditions) gives the plain value, and the cell says that it is not exact.

use jiff::civil::Date;

use super::{Cell, Content};

/// From which day serial numbers count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum DateSystem {
    /// Day 1 is 1900-01-01, and a 29 February 1900 is counted that never was.
    #[default]
    From1900,
    /// Day 0 is 1904-01-01.
    From1904,
}

/// What a format makes of a number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Format {
    /// As many digits as there are.
    General,
    /// A date, and which parts of it are shown beside the year.
    Date { day: bool, month: bool },
    /// A time of day alone.
    Time,
    /// A fixed number of decimals, least number of digits before them, and text around the number.
    Fixed { before: String, least: usize, decimals: usize, after: String },
    /// Something that is not shown exactly here.
    Other,
}

impl Format {
    /// A format by its number, as far as the standard defines it. The numbers from 27 are those of Japanese Excel.
    pub(super) fn built_in(id: u32) -> Format {
        match id {
            1 | 3 => Format::fixed(0),
            2 | 4 => Format::fixed(2),
            14..=16 | 22 | 27..=31 | 35 | 36 | 50 | 53 | 56 | 57 => Format::Date { day: true, month: true },
            17 | 34 | 52 | 55 => Format::Date { day: false, month: true },
            51 | 54 | 58 => Format::Date { day: false, month: false },
            18..=21 | 32 | 33 | 45..=47 => Format::Time,
            0 | 49 => Format::General,
            _ => Format::Other,
        }
    }

    fn fixed(decimals: usize) -> Format {
        Format::Fixed { before: String::new(), least: 1, decimals, after: String::new() }
    }

    /// A format by its code, such as `0.00` or `yyyy"年"m"月"d"日"`.
    pub(super) fn of_code(code: &str) -> Format {
        let section = first_section(code);
        let plain = section.trim().to_ascii_lowercase();
        if matches!(plain.as_str(), "general" | "@" | "") {
            return Format::General;
        }
        if plain.contains("general") {
            return Format::Other;
        }
        Tokens::of(section).format()
    }

    /// The cell that a number with this format is.
    pub(super) fn show(&self, value: f64, system: DateSystem) -> Cell {
        let plain = |exact| Cell { text: general(value), content: Content::Number { value, exact } };
        match self {
            Format::General | Format::Other => plain(value.fract() == 0.0),
            Format::Date { day, month } => match date_text(value, system, *day, *month) {
                Some(text) => Cell { text, content: Content::Date },
                None => plain(true),
            },
            Format::Time => plain(true),
            Format::Fixed { before, least, decimals, after } => {
                let digits = format!("{:.*}", (*decimals).min(30), value.abs());
                let whole = digits.split('.').next().map_or(0, str::len);
                let zeros = "0".repeat(least.saturating_sub(whole).min(30));
                let sign = if value < 0.0 { "-" } else { "" };
                let text = format!("{sign}{before}{zeros}{digits}{after}");
                Cell { text, content: Content::Number { value, exact: true } }
            }
        }
    }
}

/// The section for positive numbers.
fn first_section(code: &str) -> &str {
    let mut quoted = false;
    let mut escaped = false;
    for (at, c) in code.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => quoted = !quoted,
            ';' if !quoted => return code.get(..at).unwrap_or(code),
            _ => {}
        }
    }
    code
}

/// What occurs in a section of a format.
#[derive(Default)]
struct Tokens {
    before: String,
    after: String,
    least: usize,
    decimals: usize,
    digits: bool,
    point: bool,
    year: bool,
    month: bool,
    day: bool,
    clock: bool,
    other: bool,
}

impl Tokens {
    fn of(section: &str) -> Tokens {
        let mut tokens = Tokens::default();
        let mut chars = section.chars();
        while let Some(c) = chars.next() {
            match c {
                '"' => chars.by_ref().take_while(|c| *c != '"').for_each(|c| tokens.literal(c)),
                '\\' => chars.next().into_iter().for_each(|c| tokens.literal(c)),
                // A blank as wide as the next character; the next character repeated.
                '_' | '*' => drop(chars.next()),
                '[' => tokens.bracket(&chars.by_ref().take_while(|c| *c != ']').collect::<String>()),
                _ => tokens.symbol(c),
            }
        }
        tokens
    }

    fn literal(&mut self, c: char) {
        if self.digits { self.after.push(c) } else { self.before.push(c) }
    }

    /// `[h]` is a duration; `[$-411]`, `[Red]` and `[$¥-411]` are not of interest; a condition is.
    fn bracket(&mut self, inner: &str) {
        match inner.chars().next().map(|c| c.to_ascii_lowercase()) {
            Some('h' | 's') => self.clock = true,
            Some('m') if inner.chars().all(|c| c.eq_ignore_ascii_case(&'m')) => self.clock = true,
            Some('<' | '>' | '=') => self.other = true,
            _ => {}
        }
    }

    fn symbol(&mut self, c: char) {
        match c {
            '0' | '#' | '?' => {
                self.digits = true;
                if self.point {
                    self.decimals += 1;
                    // `#` shows a decimal only where there is one.
                    self.other |= c != '0';
                } else {
                    self.least += usize::from(c == '0');
                }
            }
            '.' if self.digits || !self.dated() => self.point = true,
            '%' | 'E' | 'e' | '/' if self.digits => self.other = true,
            'y' | 'Y' | 'e' | 'g' | 'G' => self.year = true,
            'm' | 'M' => self.month = true,
            'd' | 'D' | 'a' => self.day = true,
            'h' | 'H' | 's' | 'S' => self.clock = true,
            ',' if self.digits => {}
            _ => self.literal(c),
        }
    }

    fn dated(&self) -> bool {
        self.year || self.month || self.day || self.clock
    }

    fn format(self) -> Format {
        if self.year || self.day || (self.month && !self.clock) {
            return Format::Date { day: self.day, month: self.month };
        }
        if self.clock {
            return Format::Time;
        }
        if self.other || !self.digits {
            return Format::Other;
        }
        Format::Fixed {
            before: self.before,
            least: self.least.max(usize::from(self.decimals == 0)),
            decimals: self.decimals,
            after: self.after,
        }
    }
}

/// A number with all its digits and no more: `1.1`, `12345678901234`.
pub(super) fn general(value: f64) -> String {
    if value.abs() >= 1e21 || (value != 0.0 && value.abs() < 1e-9) {
        format!("{value:e}")
    } else {
        value.to_string()
    }
}

/// The day that a serial number means. `None` outside the years 1900 to 9999.
pub(crate) fn date(serial: f64, system: DateSystem) -> Option<Date> {
    if !serial.is_finite() || !(0.0..3_000_000.0).contains(&serial) {
        return None;
    }
    // Below three millions, so that it is exact.
    let days = serial.floor() as i32;
    let (epoch, days) = match system {
        DateSystem::From1904 => (Date::new(1904, 1, 1), days),
        // Before the day that never was, counting is off by one.
        DateSystem::From1900 if days < 60 => (Date::new(1899, 12, 31), days),
        DateSystem::From1900 => (Date::new(1899, 12, 30), days),
    };
    epoch.ok()?.checked_add(jiff::Span::new().days(days)).ok()
}

/// `2027-03-31`, `2027-03`, `2027`, or `2027-03-31 09:30:00`.
fn date_text(serial: f64, system: DateSystem, day: bool, month: bool) -> Option<String> {
    let date = date(serial, system)?;
    if !day {
        let year = format!("{:04}", date.year());
        return Some(if month { format!("{year}-{:02}", date.month()) } else { year });
    }
    let seconds = (serial.fract() * 86_400.0).round() as u32;
    if seconds == 0 || seconds >= 86_400 {
        return Some(date.to_string());
    }
    Some(format!("{date} {:02}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(code: &str, value: f64) -> String {
        Format::of_code(code).show(value, DateSystem::From1900).text
    }

    #[test]
    fn decimals_and_zeros_are_what_the_format_shows() {
        for (code, value, text) in [
            ("General", 1.1, "1.1"),
            ("0.00", 1.1, "1.10"),
            ("0.0_ ", 7.0, "7.0"),
            ("0000", 12.0, "0012"),
            ("\"PC-\"0000", 12.0, "PC-0012"),
            ("0\"号機\"", 3.0, "3号機"),
            ("\"Ver.\"0.0", 2.0, "Ver.2.0"),
            ("#,##0", 1234.0, "1234"),
            ("#,##0.00_);[Red](#,##0.00)", 1.5, "1.50"),
            ("0.##", 1.5, "1.5"),
            ("@", 10.0, "10"),
            ("General\"台\"", 3.0, "3"),
            ("0.00E+00", 150.0, "150"),
            ("0%", 0.5, "0.5"),
        ] {
            assert_eq!(shown(code, value), text, "{code}");
        }
        assert_eq!(general(1e15), "1000000000000000");
        assert_eq!(general(1e300), "1e300");
    }

    #[test]
    fn whether_the_digits_are_certain() {
        let exact =
            |code: &str, value: f64| match Format::of_code(code).show(value, DateSystem::From1900).content {
                Content::Number { exact, .. } => Some(exact),
                _ => None,
            };
        assert_eq!(exact("General", 1.1), Some(false));
        assert_eq!(exact("General", 12.0), Some(true));
        assert_eq!(exact("0.00", 1.1), Some(true));
        assert_eq!(exact("0.##", 1.1), Some(false));
        assert_eq!(exact("yyyy/m/d", 46_477.0), None);
    }

    #[test]
    fn dates_of_both_systems() {
        for (serial, system, iso) in [
            (1.0, DateSystem::From1900, "1900-01-01"),
            (59.0, DateSystem::From1900, "1900-02-28"),
            (61.0, DateSystem::From1900, "1900-03-01"),
            (46_477.0, DateSystem::From1900, "2027-03-31"),
            (45_015.0, DateSystem::From1904, "2027-03-31"),
            (46_477.75, DateSystem::From1900, "2027-03-31"),
        ] {
            assert_eq!(date(serial, system).expect("a date").to_string(), iso);
        }
        for serial in [-1.0, f64::NAN, f64::INFINITY, 1e9] {
            assert_eq!(date(serial, DateSystem::From1900), None);
        }
    }

    #[test]
    fn formats_of_dates() {
        for (code, text) in [
            ("yyyy/m/d", "2027-03-31"),
            ("yyyy\"年\"m\"月\"d\"日\";@", "2027-03-31"),
            ("[$-411]ge.m.d;@", "2027-03-31"),
            ("[$-411]ggge\"年\"m\"月\"d\"日\"", "2027-03-31"),
            ("m/d", "2027-03-31"),
            ("yyyy\"年\"m\"月\"", "2027-03"),
            ("mmm-yy", "2027-03"),
            ("yyyy\"年\"", "2027"),
            ("yyyy/m/d h:mm", "2027-03-31"),
        ] {
            assert_eq!(shown(code, 46_477.0), text, "{code}");
        }
        assert_eq!(shown("yyyy/m/d h:mm", 46_477.5), "2027-03-31 12:00:00");
        assert_eq!(Format::of_code("h:mm:ss"), Format::Time);
        assert_eq!(Format::of_code("[h]:mm"), Format::Time);
        assert_eq!(Format::built_in(14), Format::Date { day: true, month: true });
        assert_eq!(Format::built_in(30), Format::Date { day: true, month: true });
        assert_eq!(Format::built_in(2).show(1.1, DateSystem::From1900).text, "1.10");
    }
}
