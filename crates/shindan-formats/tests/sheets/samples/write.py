"""Writes the workbooks beside this file, each with another program's library, so that the readers meet files that they
did not write themselves. Needs openpyxl, xlwt and odfpy; run by hand, the files are committed.
"""
import datetime

import odf.opendocument
import odf.style
import odf.table
import odf.text
import openpyxl
import xlwt

DAY = datetime.date(2027, 3, 31)
LONG = "長い備考 " * 1500


def xlsx():
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "機器一覧"
    sheet["A1"] = "医療機器台帳（2026年11月）"
    sheet.merge_cells("A1:E1")
    sheet.append(["管理番号", "機器名", "版", "サポート終了", "台数"])
    sheet.append(["ME-001", "生体情報モニタ\n（4階）", 1.1, DAY, 3])
    sheet["C3"].number_format = "0.00"
    sheet["D3"].number_format = 'yyyy"年"m"月"d"日"'
    sheet.append([12, "輸液ポンプ", 2.5, 46477, True])
    sheet["A4"].number_format = '"ME-"000'
    sheet.append(["ME-003", "=A3", "#N/A", None, "=1/0"])
    sheet["C5"].data_type = "e"
    sheet["A7"] = "合計"
    sheet["E7"] = 6
    sheet.merge_cells("B3:B4")
    sheet.row_dimensions[4].hidden = True
    hidden = book.create_sheet("作業用")
    hidden.sheet_state = "hidden"
    hidden["B2"] = "一時"
    book.save("openpyxl.xlsx")
    book.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904
    sheet["D3"] = DAY
    book.save("openpyxl-1904.xlsx")


def xls():
    book = xlwt.Workbook(encoding="utf-8")
    sheet = book.add_sheet("機器一覧")
    sheet.write_merge(0, 0, 0, 4, "医療機器台帳（2026年11月）")
    for column, text in enumerate(["管理番号", "機器名", "版", "サポート終了", "台数"]):
        sheet.write(1, column, text)
    sheet.write(2, 0, "ME-001")
    sheet.write_merge(2, 3, 1, 1, "生体情報モニタ\n（4階）")
    sheet.write(2, 2, 1.1, xlwt.easyxf(num_format_str="0.00"))
    sheet.write(2, 3, DAY, xlwt.easyxf(num_format_str='yyyy"年"m"月"d"日"'))
    sheet.write(2, 4, 3)
    sheet.write(3, 0, 12, xlwt.easyxf(num_format_str='"ME-"000'))
    sheet.write(3, 2, 2.5)
    sheet.write(3, 3, 46477)
    sheet.write(3, 4, True)
    sheet.row(3).hidden = True
    sheet.write(4, 0, "ASCII only")
    sheet.write(4, 1, LONG)
    sheet.write(4, 2, 123456789012345.0)
    sheet.write(4, 3, -0.25)
    hidden = book.add_sheet("作業用")
    hidden.visibility = 1
    hidden.write(1, 1, "一時")
    for row in range(40):
        hidden.write(row + 2, 0, f"共有文字列 {row} " + "x" * 40)
    book.save("xlwt.xls")
    old = xlwt.Workbook()
    old.dates_1904 = True
    old.add_sheet("Sheet1").write(0, 0, 45015, xlwt.easyxf(num_format_str="yyyy/m/d"))
    old.save("xlwt-1904.xls")


def ods():
    book = odf.opendocument.OpenDocumentSpreadsheet()
    hide = odf.style.Style(name="hide", family="table")
    hide.addElement(odf.style.TableProperties(display="false"))
    book.automaticstyles.addElement(hide)

    def cell(text=None, **attributes):
        if text is not None:
            attributes.setdefault("valuetype", "string")
        made = odf.table.TableCell(**attributes)
        for line in [] if text is None else text.split("\n"):
            made.addElement(odf.text.P(text=line))
        return made

    table = odf.table.Table(name="機器一覧")

    def row(cells, **attributes):
        made = odf.table.TableRow(**attributes)
        for one in cells:
            made.addElement(one)
        table.addElement(made)

    row([cell("医療機器台帳（2026年11月）", numbercolumnsspanned=5), odf.table.CoveredTableCell(numbercolumnsrepeated=4)])
    row([cell(text) for text in ["管理番号", "機器名", "版", "サポート終了", "台数"]])
    row([
        cell("ME-001"),
        cell("生体情報モニタ\n（4階）", numberrowsspanned=2),
        cell("1.10", valuetype="float", value="1.1"),
        cell("2027年3月31日", valuetype="date", datevalue="2027-03-31"),
        cell("3", valuetype="float", value="3"),
    ])
    row([
        cell("ME-012"),
        odf.table.CoveredTableCell(),
        cell("2.5", valuetype="float", value="2.5"),
        cell(None),
        cell("TRUE", valuetype="boolean", booleanvalue="true"),
    ], visibility="filter")
    row([cell("#N/A", formula="of:=NA()", valuetype="string"), cell("同じ", numbercolumnsrepeated=2)])
    row([cell(None, numbercolumnsrepeated=1024)], numberrowsrepeated=1000000)
    row([cell("末尾")])
    book.spreadsheet.addElement(table)
    hidden = odf.table.Table(name="作業用", stylename=hide)
    line = odf.table.TableRow()
    line.addElement(cell("一時"))
    hidden.addElement(line)
    book.spreadsheet.addElement(hidden)
    book.save("odfpy.ods")


xlsx()
xls()
ods()
