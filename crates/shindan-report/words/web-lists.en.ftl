# Lists: choice of columns, files, how days are written, search.
problem-list-too-long = A file holds { $limit } rows at most. Narrow the list with filters or a search, and save it again.
problem-title-list-too-long = Too many rows for a file
web-assets-sort-name = Name
web-assets-sort-version = Version
web-calendar = How dates are written
web-calendar-era = Japanese era, on Japanese pages (Reiwa 8)
web-calendar-lead = Used on Japanese pages and in files saved from lists. English pages always show 2026-11-27. Lists are ordered by the real date. Reports show the western year with the era beside it, whatever is chosen here.
web-calendar-set = Use this
web-calendar-western = Western calendar (2026)
web-columns = Columns
web-columns-lead = Columns of this list
web-columns-show = Show these
web-columns-usual = Back to the usual ones
web-evid-as-of = As of the end of { $day }
web-evid-group = Group
web-evid-guideline = Guideline
web-evid-how-many = Number of records
web-evid-mark = Mark
web-evid-text = What it demands
web-evid-verdict = Status
web-file-remark = (remark)
web-file-rows = { $count ->
    [one] 1 row
   *[other] { $count } rows
}. All rows, with the filter, order and columns of the page.
web-file-save = Save:
web-hit-asset = Asset
web-hit-cut = { $listed } of { $count } that are not meant are listed
web-hit-no-row = No row.
web-ledger-code = Code
web-ledger-missing = What is missing
web-ledger-newest-first = Newest first
web-logins-none = There is no log-in yet.
web-src-result = Last result
web-told-calendar = Dates are written the way you chose.
web-zone = { "" }
