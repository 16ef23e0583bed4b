# Texts of the command line.

cli-error = error
cli-warning = warning
cli-note = note
cli-more-diagnostics = { $count } more errors and warnings; `shindan kb status --format json` or `--format json` lists all of them.
cli-more-of-a-kind = … and { $count } more of this kind.
cli-not-found = { $id } is not in the knowledge base. Check the number, or add documents that name it with `shindan kb build --add`. This does not mean that nothing is affected.
cli-no-such-component = None of the inventories has a component or device with the name, purl, model or asset number "{ $name }".
cli-near-names = Near names: { $names }
cli-nothing-readable = No document could be read, so the knowledge base was left as it was. See the errors above.
cli-not-written = The output cannot be written ({ $reason }). Check free space and permissions.
cli-stdin-not-utf8 = Standard input is not UTF-8. Convert it to UTF-8 first.
cli-stage-reading = Reading documents
cli-stage-fetching = Fetching { $source } ({ $size })
cli-stage-indexing = Building the index
cli-stage-writing = Writing
cli-demo-folder = { $path } holds other files. Name an empty folder or a new one.
cli-demo-intro = A sample hospital and its vendor went through the whole pipeline, from advisories to the report (as of { $time }, no network used).
cli-demo-report = Report (HTML): { $path }
cli-demo-next = What to try next:
cli-demo-json = The same answer as JSON
cli-demo-who = Who is hit by this vulnerability
cli-demo-show = Every source's opinion side by side
cli-demo-own = Check your own SBOM or device list (columns as in { $path })

## Register of assets
cli-register-missing = There is no register of assets in { $path }. Name inventories to check, or import a ledger with `shindan inventory import`.
cli-nothing-to-undo = There is no import to take back.
cli-asset-unknown = { $name } is not in the register. See `shindan inventory show`.
cli-asset-still-there = { $name } is still in its ledger. Delete it there and import again, or mark it as disposed of.
cli-identity-unknown = Nothing is recorded about { $maker } { $model }. See `shindan inventory map list`.
