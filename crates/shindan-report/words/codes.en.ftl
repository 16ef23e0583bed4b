# Diagnostic codes and reasons for "undetermined". One line each: what is wrong, and what to do next.
# Only plain { $name } placeables (no selectors, no functions): the `text` of JSON output is made from this file.

## Reading input
code-file-unreadable = The file or folder cannot be opened ({ $reason }). Check the path and the permission to read it.
code-file-empty = The file is empty. Check whether the export failed, and fetch it again.
code-folder-empty = The folder holds no file. Check the path.
code-file-too-large = The file is too large ({ $size } bytes, limit { $limit } bytes). Split it, or pass only the part that is needed.
code-format-unknown = This is not a format that can be read ({ $hint }). Which formats are read, and how to export them, is in docs/formats.md; advisories go to { $do-kb-build }, inventories to { $do-check }.
code-format-unsupported = This format ({ $format } { $version }) is not read yet. Get it in a format or version that is.
code-encoding-invalid = The character encoding cannot be recognised (at byte { $offset }). Save it as UTF-8, or, for a device list, as Shift_JIS (CP932).
code-json-invalid = This is not valid JSON ({ $reason }). Check whether it was cut off, and fetch it again.
code-json-trailing-content = More content follows the JSON value. Check whether several files were joined into one.
code-xml-invalid = This is not well-formed XML ({ $reason }). Check whether it was cut off, and fetch it again.
code-xml-entity-refused = The XML declares entities or a DOCTYPE and was refused for safety. Obtain the genuine file without such declarations.
code-toml-invalid = This is not valid TOML ({ $reason }). Generate the file again.
code-yaml-invalid = This is not valid YAML ({ $reason }). Check whether it was cut off or edited, and generate it again.
code-csv-invalid = A CSV row cannot be read ({ $reason }). Check quotes and the number of columns; this row is not part of the result.
code-depth-exceeded = It is nested too deeply (limit { $limit } levels). Check that it is the right file.
code-line-too-long = A line is too long (limit { $limit } bytes). Check that it is the right file.
code-archive-invalid = The archive cannot be read ({ $reason }). Fetch it again.
code-archive-too-many-entries = The archive holds more files than allowed (limit { $limit }). Split it.
code-archive-bomb = The archive inflates beyond the limit ({ $limit }) and was not unpacked. Check where it came from.
code-archive-path-traversal = The archive holds a name that leads outside of it ({ $name }) and that entry was refused. Check where it came from.
code-archive-nested = The archive holds another archive ({ $name }), which was not opened. Unpack it first.
code-file-skipped = Files that are of no interest here were passed over ({ $hint }).
code-link-skipped = A { $hint } inside a folder was not followed, so nothing was read from it. Name its target itself.
code-field-missing = The required field { $field } is absent. Check the settings of the program that wrote the file.
code-field-invalid = Field { $field } has the invalid value "{ $value }" (expected: { $expected }). Correct it where the file is made.
code-field-tolerated = Field { $field } has the irregular value "{ $value }" (expected: { $expected }), which was read tolerantly. Please check it.
code-field-unknown = Field { $field } is not known to this program (known: { $expected }). Check the spelling.
code-spec-violation = The document violates its specification ({ $rule }). This does not affect the result.
code-reference-dangling = Field { $field } refers to "{ $value }", which does not exist. Ask whoever made the file.
code-reference-cycle = References form a circle ({ $value }). It was read without following the circle; check the content.
code-duplicate-identifier = Field { $field } defines the identifier "{ $value }" more than once. Check whether the same thing is listed twice.
code-date-invalid = The date "{ $value }" in field { $field } cannot be read and was treated as absent.
code-source-reported-error = The source answered with an error ({ $code }: { $message }). Fetch it again later.
code-source-placeholder = The source's own "there is nothing" entry was not counted as information.
code-feed-page = This is a page with records { $first } to { $last } of { $total }. See that all other pages are imported too.
code-feed-empty = The list has no entries, although this source always keeps some in it. This is not "nothing new": look at the source's page and at its address in the settings.
code-page-instead-of-data = A web page ("{ $title }") came instead of the data. The address may have moved, or a proxy may have put its own page in place. Open the address in a browser.
code-address-refused = The address { $value } is not used ({ $reason }). If you trust a further host, add it to the settings of the source.
code-list-too-long = The list has more than { $limit } entries and was not read. Check that it is the right file.
code-digests-contradict = The list of digests has two different ones for { $name }, so it proves nothing. Fetch it again.
code-mail-part-unreadable = A part of the mail ({ $part }) cannot be read ({ $reason }). Open the mail in your mail program and save it again, or enter the text by hand.

## Advisories
code-advisory-without-product = { $id } names no product that could be matched. Read the original and check by eye whether it concerns a device of yours.
code-opinion-without-version = The document clears "{ $name }" without telling which version it means. This was used only for the very element of its own document; nothing else of that name was cleared. Ask its author for the version, or for a package URL.
code-advisory-replaced = Two different records of { $id } exist; the newer one was used.
code-advisory-withdrawn = { $id } was withdrawn by its source and makes no findings.
code-cvss-invalid = The CVSS vector "{ $vector }" is malformed and was not used ({ $reason }). Look the severity up in the original.
code-ecosystem-unknown = The package ecosystem "{ $ecosystem }" is not supported. Components of it cannot be judged.
code-update-catalogue-refused = This is the catalogue of Windows Update for offline scans (wsusscn2.cab), which is not read. Give { $do-kb-build } the monthly documents of Microsoft's Security Update Guide (CVRF or CSAF) instead, and the installed updates to { $do-check }.
code-vulnerabilities-not-stated = This { $format } document is an inventory that states no vulnerabilities, so it adds nothing to the knowledge base. Give it to { $do-check }.

## Inventories
code-inventory-empty = The inventory lists no component and no device, which does not mean that nothing is affected. Check the export settings and make it again.
code-referenced-documents-not-read = The inventory refers to { $count } other documents. What they list was not judged; give them as well.
code-purl-invalid = The purl "{ $purl }" is malformed ({ $reason }) and cannot be used for matching. Have it corrected where the SBOM is made.
code-cpe-invalid = The CPE name "{ $cpe }" is malformed ({ $reason }) and cannot be used for matching. Have it corrected where the SBOM is made.
code-requirement-unpinned = "{ $requirement }" is not pinned to one version. Pass a list of the versions actually installed (a lock file, an SBOM, the output of pip freeze).
code-dependencies-direct-only = This file names direct dependencies only. What they bring along is not listed and was not judged: pass a lock file or an SBOM.
code-inventory-exceeds-use = This file ({ $format }) may list more packages than are used. A finding may concern one that is not.
code-requirement-not-package = "{ $line }" is not a package and was not judged. Check separately what it points to.
code-device-field-missing = Row { $row } has no { $field }. Fill in maker, model and firmware in the device list.
code-release-derived = The list of packages does not name the release of the operating system; { $release } was derived from { $evidence }. If that is wrong, give an SBOM whose purls state distro.
code-release-not-derived = The operating system or its release could not be derived from the list ({ $count } packages). Give a list that includes the package that names the release, such as base-files or redhat-release.
code-packages-not-installed = { $count } packages that are not installed (removed, with configuration left behind) were passed over.
code-package-details-missing = { $count } packages lack { $fields }. Without EPOCH, versions are compared without epochs; without SOURCERPM, what is published under the source package is missed. List NAME, EPOCH, VERSION, RELEASE, ARCH and SOURCERPM with rpm -qa --qf.
code-column-unknown = Column "{ $column }" was not used. If it matters, check how its heading is spelt.
code-workbook-encrypted = The file is protected by a password and cannot be read. Open it in the spreadsheet program and save a copy without a password.
code-workbook-invalid = The file cannot be read as a workbook ({ $reason }). Open it in the spreadsheet program and save it as xlsx.
code-sheet-too-large = The table is too large and was read in part only (limit { $limit } { $unit }). Save it without sheets, rows and columns that do not belong to the ledger.
code-ledger-not-found = No table that looks like a ledger was found (sheets: { $sheets }). Check that there is a row of headings (number, maker, model …); name its place with { $with-sheet } or with header_row in a mapping file.
code-sheet-missing = There is no sheet "{ $sheet }" (there are: { $sheets }). Check its name.
code-table-not-read = Another table looks like a ledger and was not read (sheet "{ $sheet }", from row { $row }, { $count } rows). Name it with { $with-sheet } or with header_row in a mapping file and import it on its own.
code-mapping-column-missing = The ledger has no column "{ $value }", which the mapping file names for { $field }. Check whether the headings have changed.
code-column-ambiguous = Two columns could be { $field }; "{ $column }" was used and "{ $other }" was not. A mapping file can say otherwise.
code-column-doubtful = Column "{ $column }" was read as { $field }, and its cells do not look like it. A mapping file can correct that.
code-column-counts-rows = Column "{ $column }" counts the rows and was not taken for the number of the device. If it is one, name it as asset_id in a mapping file.
code-column-filled-down = Column "{ $column }" seems to be written once for a block of rows; { $count } blank cells were filled from above. If that is wrong, fill in the blank cells of the ledger.
code-section-applied = The section "{ $section }" was taken as { $field } of the { $count } rows below it that leave it blank.
code-default-applied = { $count } blank cells of { $field } were given the default "{ $value }" of the mapping file.
code-rows-left-out = { $count } rows were not taken for devices (rows { $rows }).
code-hidden-rows-read = { $count } hidden rows were read, too. Check that they hold no devices that are of no concern.
code-cell-error = Cell { $cell } ({ $field }) holds an error or a formula that was never calculated ({ $value }). Open the file in the spreadsheet program, correct it and save it.
code-cell-invalid = Cell { $cell } ({ $field }) holds "{ $value }", which is not understood (expected something like { $expected }). The value was kept as written.
code-version-is-number = The version "{ $value }" in cell { $cell } is stored as a number, so that zeros at its end may have been lost (1.10 becomes 1.1). Check it at the device and make the cell a text.
code-version-is-date = The spreadsheet program has turned the version in cell { $cell } into a date ({ $value }). What it was is unknown, so it was not used. Make the cell a text and type it again.
code-assets-retired = { $count } assets that are called disposed of or returned were not judged.
code-assets-not-in-ledger = { $count } assets that are no longer in their ledger were judged all the same. If they were disposed of, take them off with { $do-inventory-remove }.
code-portfolio-damaged = Something that the portfolio keeps is damaged or missing ({ $reason }). Make it anew with { $do-portfolio-rebuild }; if an original is damaged, add it again with { $do-portfolio-add }.
code-register-damaged = A record of the register of assets is damaged or missing ({ $reason }). Restore it from a backup, or import the ledgers again into another folder.
code-embedded-vulnerabilities-ignored = { $count } vulnerabilities that the inventory itself states in a notation that is not read (CycloneDX extension 1.0, SPDX 3 security profile) were not used; the result rests on the advisories loaded.
code-services-not-matched = { $count } services in the inventory were not matched. Look at their suppliers' notices separately.
code-updates-incomplete = The list of installed updates is cut off ({ $found } of { $stated }) and was not used. Get the file again.
code-updates-unknown = The file does not tell which updates are installed. Put the output of Get-HotFix into the same folder and give that as well.
code-updates-by-build = Cumulative updates are named by the build they bring, not by number; the build is used.
code-updates-without-number = { $count } entries of updates that have no KB number were not used.
code-windows-not-named = It does not show which Windows "{ $name }" is. Put the output of systeminfo into the same folder and give that as well. If it is one that this version does not know yet, look at the maker's own notices.
code-programs-passed-over = Of the list of programs, { $updates } updates and { $parts } parts of other programs were passed over.
code-host-joined = What this file tells was taken together with { $file }, as one host.
code-host-ambiguous = It is unknown which host the file is about: the folder holds files of { $count } hosts. Put the host's name into the file's name, or give each host a folder of its own.
code-host-contradiction = This file ({ $second }) contradicts { $file } ({ $first }), so they were not taken together: their builds differ, or their lists of updates have nothing in common. One of them is another host's, or older.
code-sighting-line-unreadable = This line could not be read and was not compared: { $value }
code-sightings-none = The file ({ $format }) names no device (passed over: { $skipped }). Nothing follows from it; check that it is the right file and complete.
code-sighting-scan-unfinished = The scan did not come to its end ({ $reason }). What it did not reach is not known; scan again.
code-scan-unfinished = The scan did not come to its end ({ $reason }). What it does not name is not taken as gone.
code-scan-time-untold = This report of { $tool } does not tell when it was made: its findings are taken in, but nothing is gone by it and it proves nothing. Let somebody who neither tests, started the run nor scanned import the same file with its time ({ $with-taken }).
code-scan-read-elsewhere = This is no report of a scan but { $format }. Read it with { $verb }.
code-scan-entry-unreadable = The entry { $entry } cannot be read ({ $reason }); its finding is missing here.
code-scan-empty = The report ({ $format }) holds nothing: neither findings nor anything that shows that a scan took place. Scan again, or export the report again.
code-scan-time-without-zone = The time "{ $value }" in { $field } has no zone; it was taken as Japan's.
code-scan-too-many = More findings than are read ({ $limit }); the rest was left out.
code-scan-mapping-missing = No known tool wrote this table. Say which column holds what ({ $with-column }, such as title=HEADING). Headings: { $columns }
code-scan-tool-version-missing = The report does not tell the version of { $tool }.
code-scan-version-not-matched = { $product } { $version } was disclosed and could not be held against the knowledge base without doubt: it knows no such product, or cannot order the version, or there is none. Look it up by hand.
code-scan-check-not-carried-out = The check { $rule } could not be carried out ({ $reason }). It is neither passed nor failed; look at the target and check again.
code-scan-redirect-not-followed = { $from } leads to { $to }, which is outside of what is permitted. It was not followed.
code-scan-address-not-permitted = { $host } leads to { $address }, which is outside of what is permitted. Nothing was sent there.
reason-scan-check-not-carried-out = check not carried out
reason-scan-time-untold = time of the scan not told
reason-scan-address-not-permitted = address not permitted

## Why something could not be judged
code-version-missing = The version of "{ $name }" is unknown, so it cannot be judged. Find it on the device or ask the supplier, and enter it in the inventory.
code-order-unknown = Version "{ $version }" cannot be ordered by the rules of { $scheme } against the versions of the advisory. Compare it with the original text.
code-range-undetermined = The statement about affected versions, "{ $text }", cannot be read by machine. Read the original and check whether it includes your version.
code-range-git-only = Only commits ({ $repository }) are given, no versions. Ask the supplier which version contains the fix.
code-identifier-missing = "{ $name }" carries no identifier to match by (purl, CPE, or maker and model). Ask for identifiers in the SBOM, or enter them in the device list.
code-ecosystem-not-covered = No advisories for { $ecosystem } have been loaded, so it cannot be judged. Load a source that covers it with kb build.
code-release-unknown = It is unknown which release of the operating system "{ $name }" belongs to, so it cannot be judged. Add distro to the purl, or find out the release.
code-maker-unknown = No loaded advisory names the maker "{ $maker }". Check the spelling, and look at the maker's own security notices.
code-model-unknown = Advisories name the maker "{ $maker }", but none the model "{ $model }". Check the spelling and the name of the software it runs.
code-product-unknown = No advisory in the knowledge base names this product ({ $product }). A name may differ: check the CPE name or ask the maker.
code-product-ambiguous = The affected product is named only loosely, "{ $product }". Read the original or ask the maker whether yours is affected.
code-platform-unknown = The vulnerability holds only on a certain platform ({ $platform }), and the inventory does not show whether that is so. Check the configuration.
code-under-investigation = The source ({ $source }) is still investigating. Watch for news, and ask if it is urgent.
code-update-state-unknown = It is not known whether the update with the fix is installed: neither the last part of the build of Windows nor the list of installed updates tells (known of the version so far: { $version }). Give the output of ver and of `Get-HotFix` (or `systeminfo`) as well, or load Microsoft's monthly documents (CVRF or CSAF).
code-program-unknown = No advisory in the knowledge base names the installed program "{ $program }". A name may differ: look at the supplier's own notices where it matters.
code-identity-judged-by-hand = "{ $model }" of the maker "{ $maker }" is judged by a person, because no published advisory names it (reason: { $reason }). Look at the maker's notices regularly.
code-confirmed-product-unknown = "{ $model }" of the maker "{ $maker }" was confirmed to be "{ $product }", but no advisory in the knowledge base names that product. Load its source with kb build, or review what was confirmed.
code-software-unsettled = "{ $model }" of the maker "{ $maker }" runs one of several pieces of software ({ $products }), and its name does not tell which. Look at the device, and confirm the product.
code-support-end-unreadable = The end of support "{ $value }" cannot be read, so it cannot be told whether support has ended. Write the date as 2027-03-31.

## About the answer as a whole
code-support-ends-soon = Support of "{ $name }" ends soon: there is none from { $date } on ({ $days } days left). Plan the update or the replacement.
code-support-ends-soon-summary = Support ends within 90 days for devices or products: { $count } ({ $names } and others; for the first there is none from { $date } on). Plan the update or the replacement.

## Data packs and policies
code-catalog-conflict = The guideline pack { $catalog } contradicts itself or another at { $entry } ({ $reason }). Correct the data file.
code-annex-without-rows = There is no row number (such as ②-2) in this text. Give the extracted text of one page of annex 2.
code-annex-too-long = There are { $count } different pieces of text, more than the { $limit } that one page can have. Import one page at a time.
code-decision-table-invalid = The decision table { $table } has gaps or is ambiguous ({ $reason }). Correct the table.

## Knowledge base
code-knowledge-missing = There is no knowledge base here. Load advisories with { $do-kb-build }, then run this again.
code-knowledge-stale = The advisories are out of date (newest { $newest }, { $days } days ago, { $limit } allowed). Load newer ones.
code-knowledge-stale-allowed = The result rests on advisories that are out of date (newest { $newest }, { $days } days ago, { $limit } allowed). Vulnerabilities published since are not in it; load newer advisories and check again.
code-knowledge-damaged = The index of the knowledge base is damaged ({ $reason }). Rebuild it with { $do-kb-build }.
code-knowledge-version = The index of the knowledge base was written by another version of this program ({ $found }, needed { $expected }). Rebuild it with { $do-kb-build }.
code-alias-fusion-refused = { $first } and { $second } would have been taken for one through { $through }; they are counted separately.
code-source-never-checked = No look at the source { $title } ({ $name }) has ever succeeded: what it tells is missing from this answer. { $do-sync } looks at it; { $do-source-status } says what is wrong.
code-source-check-overdue = The source { $title } ({ $name }) was not looked at in time; what is known from it is of { $at }. Look at it with { $do-sync }.
code-source-check-failed = The last look at the source { $title } ({ $name }) failed; what is known from it is of { $at }. { $do-source-status } says why.
code-source-suspicious = What the source { $title } ({ $name }) brought last is suspicious ({ $alarms }) and nobody has confirmed it: something may be missing from this answer. See { $do-source-checks }, then { $do-source-check-confirm }.
code-source-stopped = The source { $title } ({ $name }) is not looked at any more, and what it told up to { $at } is still used. { $do-source-resume } continues a paused one.
code-sources-not-told = The knowledge base was collected from sources, and whether they were looked at cannot be told ({ $reason }). The answer may rest on old information.
code-advisories-restricted = { $value } is marked TLP:{ $tlp } and not for everybody. Ask its publisher before you pass it on.
code-documents-unproven = { $count } documents came without digest and signature; their source promises none. Only the connection (TLS) shows where they are from.

## What the result of a check shows as evidence
evidence-components-compared = { $components } components and devices were compared with published vulnerability information as of { $data_as_of }: { $judged } judged, { $findings } findings, { $undetermined } with something undetermined.
evidence-sources-consulted = Sources consulted: { $sources } (documents: { $documents }, advisories: { $advisories }), the newest of { $newest }.
evidence-source-state = { $source }: advisories: { $advisories }, the newest of { $newest }
evidence-priorities-computed = All { $findings } findings have a priority (immediate { $immediate }, out of cycle { $out-of-cycle }, scheduled { $scheduled }, defer { $defer }), as input for the risk analysis.
evidence-devices-judged = { $judged } of { $devices } devices were compared with published vulnerability information as of { $data_as_of }; { $undetermined } have something undetermined.

## What is not shown yet
evidence-no-evidence-from-check = A check cannot show this. Another record is needed.
evidence-no-components = The inventories given list no component.
evidence-nothing-judged = None of { $components } could be judged.
evidence-no-findings = There are no findings, so there is no priority to rest on.
evidence-no-devices = The inventories given list no device.
evidence-no-sources = No advisories have been loaded.
evidence-undetermined-remain = Still with something that could not be judged: { $undetermined }.
evidence-data-date-unknown = It is unknown how old the advisories are.
evidence-sources-partly-unreadable = Documents or records of the sources that could not be read: { $rejected }.
evidence-regularity-not-shown = One check does not show that it is done regularly.
evidence-prompt-action-not-shown = A check does not show that anybody acted promptly.
evidence-decision-not-taken = The priority is an input: no risk analysis was approved and no measure decided.
evidence-operating-rule-not-shown = No operating rule and no way of applying updates is shown.
evidence-retired-devices-not-shown = Devices that are stopped or no longer used but still connected were not looked for.
evidence-patched-by-unsettled = Assets with nobody named who patches them: { $count }.

# Rules used on the way to the answer (check --explain)
rule-as-specified = Read as the specification of the identifier says.
rule-source-package = Looked up by the source package that the identifier names, because the distribution's advisories speak of source packages.
rule-names-folded = Compared without signs, case, width and legal form.
rule-maker-alias = The device dictionary knows "{ $written }" as another spelling of { $maker }.
rule-runs-software = The device dictionary says that { $pattern } of { $maker } runs { $product }.
rule-names-resemble = The names resemble each other (shared words, or a number within a series).
rule-confirmed-by-person = A person said that it is this product.
rule-other-identity-judged = Another identity could be judged, so that this one need not be.
rule-in-range = Version { $version } lies in the range { $range }.
rule-all-versions = Every version is meant.
rule-not-in-range = Version { $version } lies outside the range { $range }.
rule-other-release = It is about another release (theirs { $theirs }, here { $own }).
rule-other-edition = It is about another edition or platform (theirs { $theirs }, here { $own }).
rule-outside-product = It holds inside { $product } only, which the inventory does not show.
rule-update-installed = The update { $update }, which contains the fix, is installed.
rule-update-replaced = The installed update { $installed } replaces { $update }, which contains the fix.
rule-withdrawn = Its source took it back.
rule-undetermined = Whether this is meant cannot be told.
rule-clears-within = It calls this version not affected or fixed; that counts within the same advisory.
rule-denies = Somebody who knows the product states that it is not affected or fixed (VEX); that counts against other advisories, too.
rule-clears-nothing = It calls something not affected or fixed, but cannot be compared with this; it does not count.
rule-cleared-by-itself = The same advisory calls this version not affected or fixed.
rule-denied = { $source } ({ $advisory }) states that it is not affected or fixed.
rule-superseded = A newer document of the same source says otherwise: { $advisory } ({ $source }).
rule-contradicted = The statement does not count: another document of the same weight, or the same source, calls it affected.
rule-answered-by-hit = Another statement settles that it is affected, so that this one need not be settled.
rule-answered-by-versions = It names no versions; a source that does, does not mean this one.
rule-answered-by-denial = { $source } ({ $advisory }) states that it is not affected or fixed.
rule-said-already = The same question about the same vulnerability is open elsewhere, and stands for this one.
rule-alias-merged = { $first } and { $second } are the same vulnerability (says { $advisory } of { $source }).
rule-alias-refused = { $advisory } of { $source } takes { $first } and { $second } for the same; two CVE numbers are never made one.
rule-alias-withdrawn = { $advisory } of { $source } took { $first } and { $second } for the same, and was taken back.
