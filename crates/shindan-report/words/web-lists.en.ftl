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
web-search-advisories = named by { $count ->
    [one] 1 advisory
   *[other] { $count } advisories
}
web-search-count = { $count }
web-search-count-more = { $count } or more
web-search-no-knowledge = There is no vulnerability information yet, so that vulnerabilities and products were not searched. See the sources.
web-search-older-knowledge = The vulnerability information was built before it could be searched: only an identifier that is exactly equal was looked for. Look at the sources to build it anew; then titles and products are found, too.
web-search-only-names = Numbers, titles and names were searched; the text of records and the contents of files were not.
web-search-products = Products (named by vulnerability information)
web-src-result = Last result
web-told-calendar = Dates are written the way you chose.
web-zone = { $at } (Japan time, JST)

# Events of histories that had no words elsewhere.
event-assessment-cancelled = Cancelled
event-assessment-closed = Assessment closed
event-assessment-exception-approved = Run against production approved
event-assessment-exception-asked = Permission for a run against production asked for
event-assessment-explained = Why findings are no longer found was recorded
event-assessment-plan-assessed = Assessment of the plan completed
event-assessment-plan-changed = Plan changed
event-assessment-plan-deliverable-dropped = Deliverable left out
event-assessment-plan-deliverable-stated = Whether the source can be had was stated
event-assessment-plan-ended = Plan ended
event-assessment-plan-joined = Findings judged to be one, or not
event-assessment-plan-known = What is known of the findings brought up to date
event-assessment-plan-laid-down = Plan laid down
event-assessment-plan-triggered = Assessment asked for by a release
event-assessment-planned = Assessment planned
event-assessment-read = Reports taken in
event-assessment-scan-begun = Scan begun
event-assessment-scan-ended = Scan ended
event-assessment-started = Assessment started
event-assessment-target-explained = Why something outside of the targets was touched was recorded
event-clinical-network-marked = Marked as a clinical network
event-clinical-network-unmarked = No longer marked as a clinical network
event-exchange-bundle-refused = Bundle refused
event-exchange-bundle-taken = Bundle taken in
event-installation-bundle-made = Bundle written
event-scan-finding-approved = Decision on a finding approved
event-scan-finding-proposed = Decision on a finding proposed
event-scan-finding-put-in-case = Finding put into a case
event-scan-finding-rejected = Decision on a finding sent back
event-scan-finding-withdrawn = Decision on a finding withdrawn
event-scan-targets-permitted = Targets permitted
event-scan-targets-removed = Permission of targets removed
term-policy-days-decide-days = Until the decision
term-policy-days-done-days = Until it is done
term-asset-kind-server = server
term-asset-kind-terminal = terminal
term-asset-kind-network-device = network device
term-asset-kind-remote-maintenance = remote maintenance device
term-asset-kind-medical-device = medical device
term-asset-kind-iot-device = IoT device
term-asset-kind-application = application or service
