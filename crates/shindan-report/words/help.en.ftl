# Help, and wrong usage. Keys are made from the structure of the command line (help-verb-argument).

help-about = shindan: vulnerability management for medical information systems, with proof.
help-after = Exit codes:
    {"  "}0  done; findings alone never change it
    {"  "}1  the condition of --fail-on is met
    {"  "}2  wrong usage
    {"  "}3  some input is unreadable (the readable part is printed)
    {"  "}4  the knowledge base is missing, or older than --max-age
    {"  "}10 tampered with, 11 no means of verification, 12 key not acceptable (patch verify)
    Where several apply: 2, 4, 3, 1, 0.

    New here: shindan demo    About a command: shindan check --help    Japanese: --lang ja
help-heading-usage = Usage:
help-heading-commands = Commands
help-heading-arguments = Arguments
help-heading-options = Options
help-values = (values: { $value })
help-default = (default: { $value })
help-env = (environment: { $value })

help-kb = The knowledge base of advisories: build, status, show, export
help-kb-build = Read advisories (OSV, CSAF, CVE, JVN, KEV, EPSS) and replace the knowledge base at once
help-kb-build-paths = Files, folders and zips, in any mixture
help-kb-build-add = Extend the present knowledge base instead of replacing it
help-kb-build-devices = A device dictionary of your own (TOML), read after the one that ships
help-kb-status = What was loaded and what was rejected, per source
help-kb-show = Every source's opinion about one vulnerability, side by side
help-kb-export = Every advisory, one JSON object a line
help-check = Check SBOMs, lock files and device lists: what hits, what to do first, what is unknown
help-check-paths = SBOM (CycloneDX, SPDX), lock files (Cargo, npm, pip, yarn, pnpm, Poetry, Go, Maven, .NET and more), package lists (dpkg, rpm, apk), systeminfo and lists of Windows, version output of network devices, device list (Excel, OpenDocument, CSV); or folders of them
help-check-output = Write to this file instead of standard output (xlsx needs it)
help-check-format = Form of the output (table: terminal; json: programs; jsonl: a line for each finding, as soon as it is there; html: print and pass on; csv, xlsx: spreadsheets; sarif, cyclonedx-vex: other tools)
help-check-explain = Show for every component or device of this name, purl, model or asset number all statements looked at and the rules used (table or json).
help-who = Who is hit by this one vulnerability
help-who-paths = Inventories, as for check
help-version-order = Check lines such as "1.0 < 1.1" on standard input against the order of a scheme
help-version-order-scheme = OSV ecosystem name, or one of semver npm cargo go pypi maven nuget gem composer deb rpm apk pub cran hackage generic
help-cvss = Compute CVSS scores (v2, v3.0, v3.1, v4.0), one JSON object a line
help-cvss-vectors = CVSS vectors; - reads one a line from standard input
help-crosswalk = Controls of the guidelines and the requirements they are tied to
help-crosswalk-show = Show controls, requirements and how they are tied, with marks of certainty
help-crosswalk-show-pack = A pack of your own (TOML), merged with those that ship; repeatable
help-crosswalk-show-data-dir = Also show the official wording that was imported into this folder
help-crosswalk-import = Read the official wording of controls and requirements from the extracted text of a page of annex 2
help-crosswalk-import-file = The extracted text of one page
help-crosswalk-import-pack = A pack of your own (TOML), merged with those that ship; repeatable
help-demo = A sample hospital and its vendor, through the whole pipeline, with a report
help-demo-dir = Folder to write to; must be absent, empty or an earlier demo

help-any-data-dir = Folder of the knowledge base
help-any-id = Number such as CVE, GHSA, RUSTSEC, JVNDB or ICSMA, in any case
help-any-format = Form of the output
help-any-fail-on = End with 1 if there is a finding of this priority or a more urgent one, or anything undetermined; repeatable. Values: immediate, out-of-cycle, scheduled, defer, undetermined
help-any-now = The time the answer holds for (2026-11-22 or 2026-11-22T09:00:00+09:00); the present if not given
help-any-max-age = End with 4 if the newest document of the knowledge base is older than so many days
help-any-allow-stale = Use knowledge older than --max-age all the same, and say so
help-any-lang = Language of tables, reports and messages; JSON does not depend on it
help-any-color = Colour in tables; nothing is told by colour alone
help-any-help = Print this help
help-any-version = Print the version

usage-missing = something is missing: { $argument }
usage-missing-command = name a command.
usage-missing-value = { $argument } needs a value.
usage-unknown-argument = there is no option or argument "{ $argument }".
usage-unknown-command = there is no command "{ $command }".
usage-wrong-value = "{ $value }" is no value for { $argument }.
usage-pdf-on-terminal = a PDF cannot be shown on a terminal: name a file with --output.
usage-workbook-on-terminal = a workbook cannot be shown on a terminal: name a file with --output.
usage-conflict = give { $argument } only once.
usage-other = the command line is wrong.
usage-explain-format = --explain has --format table and json.
usage-perhaps = Did you mean: { $value }
usage-more = Add --help for an explanation.
usage-expected-fail-on = One of immediate, out-of-cycle, scheduled, defer, undetermined is expected.
usage-expected-scheme = An OSV ecosystem name or one of these is expected: { $known }
usage-expected-time = A date such as 2026-11-22 or a time such as 2026-11-22T09:00:00+09:00 is expected.
usage-expected-days = A number of days is expected, a whole number from 0.

## Register of assets
help-inventory = The register of assets: import ledgers, undo, show, say what models are
help-inventory-import = Import a ledger of assets (Excel, OpenDocument, CSV); headings and columns are found. With cells that cannot be read, the rest is imported and the exit code is 3
help-inventory-import-file = The ledger (xlsx, xls, ods, csv, tsv)
help-inventory-import-preview = Import nothing; show what was understood, which cells to look at and what would change
help-inventory-import-mapping = A mapping file (TOML) with what columns and words mean; remembered for the same headings
help-inventory-import-save-mapping = Write what the columns were taken for to this file
help-inventory-import-sheet = Name of the sheet to read
help-inventory-import-ledger = Name of the ledger; found out by headings and common assets if not given
help-inventory-import-strict = Import nothing if a single cell cannot be read
help-inventory-undo = Take the last import back; that is recorded, too
help-inventory-imports = List the imports
help-inventory-show = List the registered assets
help-inventory-show-unsettled = Only assets of which something is to be settled: who patches them, kind, version ...
help-inventory-remove = Take an asset off the register that is no longer in its ledger
help-inventory-remove-asset = Its number, or its key in the JSON
help-inventory-remove-reason = Why
help-inventory-map = Say which products makers and models are
help-inventory-map-list = Makers and models that were not found, with suggestions, and what was said
help-inventory-map-set = Record which product a maker and model are
help-inventory-map-set-product = Name in advisories, "Vendor/Product"; repeatable
help-inventory-map-set-cpe = CPE name; repeatable
help-inventory-map-set-none = No published product; judged by hand
help-inventory-map-set-reason = Why there is no published product
help-inventory-map-remove = Take back what was recorded
help-any-maker = Maker as the ledger writes it
help-any-model = Model as the ledger writes it
help-any-by = Who does this, as long as the installation is not set up (then: a token); the user of the system if not given
help-check-register = Check the register of assets, too (done if no inventories are named)
help-who-register = Check the register of assets, too (done if no inventories are named)
usage-expected-product = "Vendor/Product" is expected, such as "Fortinet/FortiOS".
usage-expected-cpe = A CPE name is expected, such as cpe:2.3:o:fortinet:fortios:*:*:*:*:*:*:*:*.
