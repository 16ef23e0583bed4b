# Sentences of the report and of the terminal.

report-title = What hits us: vulnerability check
who-title = Who is hit by { $id }
as-of = As of { $time }
contents = Contents
skip-to-content = Skip to the content
footer = This report is complete in one file and does not connect to any network. It is the result at that time, not the record of a decision.

banner-unreadable = Some input could not be read. The result covers only what could be read and does not mean "not affected".

headline-findings = { $findings ->
    [one] { $findings } finding
   *[other] { $findings } findings
} among the { $judged } components and devices judged.
headline-none = No findings among the { $judged } components and devices judged.
headline-nothing-judged = Nothing could be judged, so whether anything is affected is unknown.
headline-not-affected = { $n ->
    [one] One more is stated to be not affected or fixed by somebody who knows the product; it is not among the findings.
   *[other] { $n } more are stated to be not affected or fixed by somebody who knows the product; they are not among the findings.
}
headline-undetermined = { $entries ->
    [one] { $entries } point
   *[other] { $entries } points
} could not be judged ({ $components ->
    [one] { $components } component or device
   *[other] { $components } components or devices
}). That does not mean "not affected".

count = { $n }
places = { $n ->
    [one] { $n } place
   *[other] { $n } places
}
components = { $n ->
    [one] { $n } component or device
   *[other] { $n } components or devices
}
and-more = and { $n } more
undetermined = Undetermined
judged = Components and devices judged
components-all = All components and devices
findings = Findings
confidence = Confidence
confidence-is = { $confidence } confidence
cvss-score = CVSS { $score } ({ $severity })
version-unknown = version unknown
without-version = { $name } (version unknown)
exploited = Known exploited
fix-unknown = no fixed version known
fix-support-ended = none (support has ended)
no-support-since = no support since { $date }
range-all = all versions
range-except = except { $ranges }
has-defaults = priority rests partly on defaults
any-vulnerability = (any)
also-known-as = Also known as, and related:
aliases = Also known as: { $ids }

col-priority = Priority
col-component = Product or component
col-place = Place or asset
col-hits = Vulnerabilities
col-do = What to do
col-vulnerability = Vulnerability
col-fixed = Fixed in
col-why = Why
col-reason = Reason
col-count = Count
col-next = What to do
col-examples = Examples
col-said = Who says so, and why
col-explanation = Explanation
col-method = Method
col-judged = Judged
col-source = Source
col-documents = Documents
col-advisories = Advisories
col-rejected = Rejected
col-newest = Newest
col-age = Age
col-product = Product
col-status = Status
col-versions = Versions
col-control = Number
col-control-text = Control or requirement
col-evidence = What this result shows
col-open = What is not shown yet
col-mark = Mark
col-risk = Risk scenario
col-requirements = Requirements
col-title = Title
col-item = Item
col-catalog = Pack
col-certainty = Certainty of the mark

first-title = What to do first
first-lead = The same product in the same version is one piece of work; the most urgent comes first.
first-more = { $n ->
    [one] { $n } more piece of work is
   *[other] { $n } more pieces of work are
} in the list of findings.
first-nothing-urgent = Nothing needs work now or at the next maintenance. What was deferred is in the list of findings.
first-undetermined = Look at what is undetermined below.
do-update = Update to one of { $versions }, or later
do-update-one = Update to { $versions } or later
do-update-all = Update to a version that satisfies all of these
do-rest-unknown = No fixed version is known for the rest: ask the supplier
do-ask = No fixed version is known: ask the supplier, and consider mitigation or isolation
do-replace = Support has ended: plan the replacement, and isolate it until then
do-succeed = No longer maintained: consider moving to a successor
do-configure = Correct the configuration

findings-title = Findings ({ $n })
chart-priority = Findings by priority
filter-place = Place or asset
filter-component = Product or component
filter-text = Any text (CVE …)
filter-shown = %1 of %2 shown

not-affected-title = Stated to be not affected ({ $n })
not-affected-lead = Advisories say that these are affected; somebody who knows the product states in a VEX document that they are not, or that they contain the fix, or an installed update brings the fix. They are not among the findings. Look at who says so and why.
not-affected-open = Open the list
opinion-says = { $source } ({ $advisory }): { $status }
opinion-update = The installed update { $update } contains the fix.
opinion-no-reason = No reason is given.
disputed = Somebody states the contrary: { $opinion }

undetermined-title = Undetermined ({ $n })
undetermined-lead = Neither affected nor not affected can be said of these. Do not take them for safe; go through them reason by reason.
undetermined-none = Nothing was left undetermined.
undetermined-none-readable = Nothing was left undetermined in what could be read. About the input that could not be read nothing is known.
undetermined-more = { $n } more; --format json lists all of them.
card-undetermined = Whether these are affected is unknown. They need a look.
entries-of-components = { $n } ({ $components ->
    [one] { $components } component or device
   *[other] { $components } components or devices
})

coverage-title = What was covered
coverage-lead = Of { $components } components and devices, { $judged } were judged; { $undetermined } have something that could not be judged (those judged in part count in both).
coverage-line = Coverage: { $judged } of { $components } components and devices judged; { $undetermined } have something that could not be judged.
coverage-line-methods = Methods: { $methods }.
coverage-line-data = Information as of (newest of each source): { $sources }.
coverage-line-no-data = No source of information was loaded.
coverage-line-gaps = Not covered: { $gaps }.
coverage-gap-ecosystem = { $n } of { $name } (no advisories loaded)
coverage-gap-identifier = { $n } without an identifier to match by
coverage-gap-input = { $n ->
    [one] { $n } input could not be read
   *[other] { $n } inputs could not be read
}
name-and-count = { $name } { $n }
chart-coverage = Judged, by method
ecosystem-not-covered = { $name }: no advisories have been loaded, so { $n } could not be judged.
patched-by-unsettled = { $n ->
    [one] { $n } asset has
   *[other] { $n } assets have
} nobody named who patches it. Settle it and enter it in the device list.

freshness-title = Freshness of the sources
freshness-lead = Days since the newest document of each source. Vulnerabilities published later are not in this result.
freshness-none = There are no sources. Load advisories first.
chart-freshness = Days since the newest document
age-days = { $n ->
    [one] { $n } day ago
   *[other] { $n } days ago
}
age-stale = { $n ->
    [one] { $n } day ago
   *[other] { $n } days ago
} (out of date)
age-unknown = date unknown

inputs-title = Input files
input-unreadable = could not be read
notes-not-shown = { $n ->
    [one] { $n } note is
   *[other] { $n } notes are
} shown by --format json.
diagnostics-more = { $n } more; --format json lists all of them.
table-see-more = Use --format json for every detail, --format html to print or pass on.

evidence-title = Controls that this evidences
evidence-lead = Rows that this result backs as a record. It is not a statement of compliance; a person decides.

reading-title = How to read this
reading-kev = Listed by CISA among the vulnerabilities known to be exploited (KEV).
reading-cvss = How severe the vulnerability is in itself, from 0.0 to 10.0. It does not know where the product stands.
reading-epss = The estimated probability, from 0 to 1, of being exploited within the next 30 days.
reading-path = The priority comes from the SSVC decision table; the steps taken are shown in order. A dotted line marks a default of the policy, taken because nothing was known. Filling in exposure and kind in the device list makes it surer.
reading-limits = The result rests on the advisories loaded and the inventories given. Devices and components that are not listed, and vulnerabilities not yet published, are not in it.

crosswalk-title = Controls and the requirements they belong to
crosswalk-lead = Texts are in our own words. Check the original where it says inferred or unreadable.
wording-title = { $path }: read the official wording of { $controls } controls and { $requirements } requirements.
wording-lead = Texts are lines of the page joined together. Where it says inferred, the page itself does not show the order. Check them against the original.
wording-official = Official wording (imported)
wording-variant = other wording
wording-unknown = No pack knows { $number } (line { $line }).
quoted = "{ $text }"
col-official-certainty = certainty
col-official = official wording
with-certainty = { $value } ({ $certainty })
nothing-shown = nothing

kb-title = State of the knowledge base
kb-counts = { $documents } documents, { $advisories } advisories, { $vulnerabilities } vulnerabilities, { $rejected } rejected
kb-built = Generation { $generation }, built { $time }
warning-count = { $n } times: { $text }
rejections-more = { $n } more were rejected.
withdrawn-on = Withdrawn by its source on { $day }.
show-no-opinion = No source says anything about this vulnerability.
show-no-product = It names no product. Read the original.
show-document = Document: { $path } (SHA-256 { $hash })
table-evidence = Controls and requirements that this partly evidences: { $numbers } (what it shows and what it does not: --format html)

# Columns and rows of spreadsheets
record-finding = Finding
record-not-affected = Stated not affected
record-coverage = Coverage
col-record = Record
col-finding-kind = Kind
col-name = Product or component
col-version = Version
col-site = Location
col-asset-kind = Kind of asset
col-exposure = Exposure
col-patched-by = Patched by
col-cvss = CVSS
col-cvss-vector = CVSS vector
col-epss = EPSS
col-range = Range that contains it
col-advisory-ids = Advisory numbers
col-aliases = Also known as
col-document = Place in the source
col-support-end = End of support
col-input = Input file
col-pointer = Place in the input
col-purl = purl
col-cpe = CPE
col-code = Code
unsettled = to be settled
path-step = { $point }: { $value } ({ $origin })
opinion-states = { $source } says "{ $status }"

# Sentences of SARIF and CycloneDX
exit-done = done
exit-fail-on = a condition of --fail-on is met
exit-unreadable = some input is unreadable (what could be read is in the results)
exit-knowledge = the knowledge base is older than --max-age
sarif-help-levels = Levels follow the priority: error is immediate or out of cycle, warning is scheduled, note is deferred.
sarif-finding = { $id } hits { $component } ({ $place }). { $title } Affected versions: { $range }. Priority: { $priority }. What to do: { $action }
sarif-undetermined = { $component }: { $reason } What to do: { $next }
vex-finding = The version is in the affected range ({ $range }; { $method }). Priority: { $priority }. Nobody has decided yet whether it has an effect here.
vex-undetermined = Undetermined: { $reason }

# Excel
footer-workbook = This is the result at that time, not the record of a decision.
sheet-overview = Overview
sheet-first = What to do first
sheet-first-question = Where to begin. The same product in the same version is one piece of work; the most urgent comes first.
sheet-findings = Findings
sheet-findings-question = Which vulnerability hits which device or component, and why.
sheet-undetermined = Undetermined
sheet-undetermined-question = Of what neither affected nor not affected can be said, and what to do for each reason. Do not take it for safe.
sheet-not-affected = Stated not affected
sheet-not-affected-question = What somebody who knows the product calls not affected or fixed; who says so, and why.
sheet-assets = Assets
sheet-assets-question = What was found on which asset of the lists, and what is not settled yet.
sheet-support = End of support
sheet-support-question = What is no longer supported, and what will not be.
sheet-sources = Sources
sheet-sources-question = What this result rests on, and how new it is.
sheet-evidence = Evidence
sheet-evidence-question = Rows of the guidelines that this result backs as a record. It is not a statement of compliance; a person decides.
sheet-goes-on = Goes on on the sheet "{ $name }".
sheet-continues = Continues the sheet "{ $name }".
sheets-title = Sheets
sheets-print = Only the main columns of each sheet are printed; the others are for the screen.
result-title = Result
reasons-title = Reasons for undetermined, and what to do
input-remarks = ({ $n ->
    [one] { $n } warning or unreadable part
   *[other] { $n } warnings or unreadable parts
})
not-affected-none = Nobody states "not affected" or "fixed" about anything here.
assets-none = The lists given hold no assets.
evidence-none = No guideline pack was loaded.
support-none = The end of support is not known of anything here. That does not mean that support goes on.
support-ended = ended
support-soon = ends within a year
support-going-on = goes on
support-counted = Devices and components whose support is known to have ended (counted among the findings).
do-plan-replacement = Support ends soon: plan the replacement
source-ledger = device list
state-stale = out of date
reading-path-workbook = The priority comes from the SSVC decision table; the steps taken stand under "Explanation" in the list of findings. "default of the policy" marks what was taken because nothing was known. Filling in exposure and kind in the device list makes it surer.
reading-limits-title = Limits of this result
col-asset = Asset number
col-asset-name = Name
col-unsettled = Not settled
col-found = Findings
col-most-urgent = Most urgent
col-maker = Maker
col-model = Model
col-os = OS
col-serial = Serial number
col-zone = Network
col-owner = Owner
col-place-count = Places
col-state = State
col-days-left = Days left
col-age-days = Age in days
col-formats = Formats
col-rejections = Why rejected
explain-title = How "{ $name }" was judged ({ $n })
explain-identities = Identities used
explain-tried = { $written } → { $looked }: { $n ->
    [one] 1 statement
   *[other] { $n } statements
} ({ $method })
explain-no-identity = There is no identifier that advisories could be compared with.
explain-candidates = Statements looked at ({ $n })
explain-no-candidate = No statement is about this name.
explain-merges = How identifiers were put together
explain-priorities = How priorities came about
explain-step = { $point }: { $value } ({ $origin })
explain-default = { $step } *default, because nothing is known
explain-denials = Stated to be not affected
explain-open = What could not be judged
explain-open-none = Nothing.
col-outcome = Outcome
col-statement = Source and statement
col-rule = Rules used

## Register of assets
inventory-read = Read { $rows } devices from { $path }, { $place }.
inventory-place-sheet = sheet "{ $sheet }" (headings in row { $rows })
inventory-place-hidden = hidden sheet "{ $sheet }" (headings in row { $rows })
inventory-place-text = table (headings in row { $rows })
inventory-other-table = Another candidate, not read: { $place }
inventory-ledger-follows = Taken as ledger "{ $ledger }", which was last imported as record { $number }.
inventory-ledger-new = Taken as a new ledger, "{ $ledger }".
inventory-columns = What the columns mean
inventory-not-used = (not used)
inventory-first-rows = First rows as understood
inventory-left-out = Rows that were not taken for devices
inventory-left-out-rows = { $reason }: { $count } (rows { $rows })
inventory-cells = Cells to look at ({ $n })
inventory-changes = Compared with the register
inventory-change-counts = New { $added }, changed { $changed }, unchanged { $unchanged }, no longer in the ledger { $missing }, back again { $returned }
inventory-missing = No longer in the ledger: { $n } (kept in the register): { $list }
inventory-returned = Back in the ledger: { $n }: { $list }
inventory-repeated = Row { $row } may be the same device as row { $first } ({ $mark }). They are kept apart.
inventory-more = { $n } more; --format json lists all.
inventory-unsettled = To be settled
inventory-unsettled-line = { $label }: { $n } devices ({ $list })
inventory-unsettled-count = { $label }: { $n } devices
inventory-imported = Imported as record { $number }. To take it back: `shindan inventory undo`.
inventory-preview = This is a preview; the register is as it was. Leave out --preview to import.
inventory-refused = Nothing was imported. Correct the cells above, or leave out --strict.
inventory-no-imports = No ledger has been imported. Use `shindan inventory import`.
inventory-undone-by = Taken back (record { $number })
inventory-outcome = New { $added }, changed { $changed }, gone { $missing }
inventory-undone = The import of ledger "{ $ledger }" (record { $number }) was taken back (record { $record }). To have it again, import it again.
inventory-no-assets = No such assets.
inventory-assets = { $n } registered assets
inventory-retired = Disposed of
inventory-missing-since = Not in the ledger (since record { $number })
inventory-removed = { $key } was taken off the register.
map-unresolved = { $n } makers and models whose names were not found
map-suggestion = { $product } ({ $n } advisories)
map-next = Once you know the product, record it: `shindan inventory map set --maker … --model … --product "Vendor/Product"`. If there is none, say why: --none --reason.
map-confirmed = Said by somebody ({ $n })
map-by-hand = No such product ({ $reason })
map-set = Recorded for { $maker } { $model } (record { $number }).
map-removed = What was said about { $maker } { $model } was taken back (record { $number }).
col-letters = Column
col-heading = Heading
col-meaning = Meaning
col-confidence = Confidence
col-by = Because of
col-row = Row
col-cell = Cell
col-field = Field
col-before = Before
col-after = After
col-when = When
col-who = Who
col-ledger = Ledger
col-file = File
col-assets = Assets
col-where = Location
col-suggestions = Suggestions
col-identity = Product
col-import-record = Record
