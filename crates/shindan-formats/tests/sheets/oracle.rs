//! calamine, the reader that most Rust programs use, beside ours: the same cells, the same values.

use std::io::Cursor;

use calamine::{Data, Reader, SheetVisible};
use rust_xlsxwriter::{ExcelDateTime, Format, Formula, Workbook as Writer};
use shindan_formats::sheet::{Address, Content, Sheet};

use crate::{read, samples};

/// Every cell of calamine is one of ours, and the other way round.
fn compare(bytes: &[u8], name: &str) -> usize {
    let ours = read(bytes, name).expect("a workbook");
    let mut theirs = calamine::open_workbook_auto_from_rs(Cursor::new(bytes.to_vec())).expect("a workbook");
    let metadata = theirs.sheets_metadata().to_vec();
    assert_eq!(
        metadata.iter().map(|sheet| sheet.name.as_str()).collect::<Vec<_>>(),
        ours.sheets.iter().map(|sheet| sheet.name.as_str()).collect::<Vec<_>>(),
        "{name}"
    );
    let mut cells = 0;
    for (sheet, meta) in ours.sheets.iter().zip(metadata) {
        assert_eq!(sheet.hidden, meta.visible != SheetVisible::Visible, "{name}: {}", sheet.name);
        let range = theirs.worksheet_range(&sheet.name).expect("a sheet");
        let (top, left) = range.start().unwrap_or_default();
        let mut seen = 0;
        for (row, column, value) in range.used_cells() {
            let row = u32::try_from(row).expect("a row") + top + 1;
            let column = u32::try_from(column).expect("a column") + left;
            seen += usize::from(same(sheet, Address { row, column }, value, name));
        }
        let ours = sheet.rows.iter().flat_map(|row| &row.cells);
        let calculated = ours.filter(|(_, cell)| cell.content != Content::Uncalculated).count();
        assert_eq!(seen, calculated, "{name}: {}", sheet.name);
        cells += seen;
    }
    cells
}

/// False for a cell that is blank.
fn same(sheet: &Sheet, at: Address, value: &Data, name: &str) -> bool {
    if matches!(value, Data::String(text) if text.trim().is_empty()) {
        return false;
    }
    let row = sheet.rows.iter().find(|row| row.number == at.row);
    let cell = row.and_then(|row| row.cell(at.column)).unwrap_or_else(|| panic!("{name}: {at}: {value:?}"));
    let same = match (value, cell.content) {
        (Data::String(text), Content::Text) => *text == cell.text,
        (Data::Float(theirs), Content::Number { value, .. }) => *theirs == value,
        (Data::Int(theirs), Content::Number { value, .. }) => *theirs as f64 == value,
        (Data::Bool(truth), Content::Boolean) => truth.to_string().to_uppercase() == cell.text,
        (Data::DateTime(_) | Data::DateTimeIso(_), Content::Date) => true,
        (Data::Error(error), Content::Error) => error.to_string() == cell.text,
        // calamine gives the text of an error in ods as text.
        (Data::String(text), Content::Error) => *text == cell.text,
        _ => false,
    };
    assert!(same, "{name}: {at}: {value:?} and {cell:?}");
    true
}

#[test]
fn samples_of_other_programs() {
    let mut cells = 0;
    for path in samples() {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        cells += compare(&std::fs::read(&path).expect("readable"), &name);
    }
    eprintln!("{cells} cells");
    assert!(cells > 90, "{cells}");
}

/// A workbook with one of everything.
pub fn of_everything() -> Vec<u8> {
    let mut book = Writer::new();
    let sheet = book.add_worksheet();
    sheet.set_name("一覧").expect("a name");
    let date = Format::new().set_num_format("yyyy/m/d");
    let era = Format::new().set_num_format("[$-411]ggge\"年\"m\"月\"d\"日\"");
    let two = Format::new().set_num_format("0.00");
    let day = ExcelDateTime::from_ymd(2027, 3, 31).expect("a date");
    for (column, text) in (0..).zip(["診断", " 前後 ", "改\n行", "<&>\"'", "_x000D_", "𠮷野家", "ｻｰﾊﾞ"])
    {
        sheet.write(0, column, text).expect("written");
    }
    sheet.write_with_format(1, 0, &day, &date).expect("written");
    sheet.write_with_format(1, 1, &day, &era).expect("written");
    sheet.write_with_format(1, 2, 1.1, &two).expect("written");
    sheet.write(1, 3, 1.1).expect("written");
    sheet.write(1, 4, 12_345_678_901_234_f64).expect("written");
    sheet.write(1, 5, true).expect("written");
    sheet.write_formula(2, 0, Formula::new("A1").set_result("診断")).expect("written");
    sheet.write_formula(2, 1, Formula::new("1/0").set_result("#DIV/0!")).expect("written");
    sheet.write_formula(2, 2, Formula::new("1+1").set_result("2")).expect("written");
    sheet.merge_range(3, 0, 5, 1, "結合", &Format::new()).expect("merged");
    for row in 10..400 {
        sheet.write(row, 0, format!("機器 {row}")).expect("written");
        sheet.write(row, 30, f64::from(row) * 0.1).expect("written");
    }
    let hidden = book.add_worksheet();
    hidden.set_hidden(true);
    hidden.write(0, 0, "隠し").expect("written");
    book.save_to_buffer().expect("a workbook")
}

#[test]
fn a_workbook_with_one_of_everything() {
    let bytes = of_everything();
    assert!(compare(&bytes, "everything.xlsx") > 790);
    let workbook = read(&bytes, "everything.xlsx").expect("a workbook");
    let sheet = &workbook.sheets[0];
    let text = |row: u32, column: u32| {
        let row = sheet.rows.iter().find(|r| r.number == row).expect("a row");
        row.cell(column).map(|cell| cell.text.clone()).unwrap_or_default()
    };
    assert_eq!([text(2, 0), text(2, 1), text(2, 2), text(2, 3)], ["2027-03-31", "2027-03-31", "1.10", "1.1"]);
    assert_eq!(text(2, 4), "12345678901234");
    assert_eq!(sheet.merged.len(), 1);
}
