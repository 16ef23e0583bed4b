# Names of enumeration values. The key is "family-value".

unknown = unknown
none = none
yes = yes
no = no

priority-immediate = Immediate
priority-out-of-cycle = Out of cycle
priority-scheduled = Scheduled
priority-defer = Defer
act-immediate = Act now, ahead of normal work.
act-out-of-cycle = Act sooner than the next regular maintenance.
act-scheduled = Act at the next regular maintenance.
act-defer = No action at present; look again if the situation changes.

method-purl = package identifier (purl)
method-cpe = CPE name
method-device-product = maker and product name
method-device-model = maker and model number
method-hardware-software = device-to-software dictionary
method-support-end = end of support date
method-confirmed-identity = identity confirmed by a person
method-bom-link = reference to the SBOM element (BOM-Link)

confidence-high = high
confidence-medium = medium
confidence-low = low
confidence-note-high = The identifier is exactly the same and versions were compared by a declared rule.
confidence-note-medium = Names are the same once spelling is evened out, or versions follow no declared rule.
confidence-note-low = A name is similar, or a text was interpreted. Check the original before you act.

asset-kind-server = server
asset-kind-terminal = terminal
asset-kind-network-device = network device
asset-kind-remote-maintenance = remote maintenance device
asset-kind-medical-device = medical device
asset-kind-iot-device = IoT device
asset-kind-application = application or service

exposure-small = closed network
exposure-controlled = restricted
exposure-open = reachable from the internet

kind-vulnerability = vulnerability
kind-misconfiguration = misconfiguration
kind-unmaintained = no longer maintained
kind-unsound = unsound implementation
kind-end_of_life = support has ended

severity-note = note
severity-warning = warning
severity-error = unreadable

cvss-none = none
cvss-low = low
cvss-medium = medium
cvss-high = high
cvss-critical = critical

point-exploitation = Exploitation
point-exposure = Exposure
point-automatable = Automatable
point-human-impact = Effect on people and care
point-finding-kind = Kind of finding

value-exploitation-none = none known
value-exploitation-poc = proof of concept is public
value-exploitation-public-poc = proof of concept is public
value-exploitation-active = being exploited
value-exposure-small = closed
value-exposure-controlled = restricted
value-exposure-open = open
value-automatable-no = no
value-automatable-yes = yes
value-human-impact-low = low
value-human-impact-medium = medium
value-human-impact-high = high
value-human-impact-very-high = very high
value-finding-kind-misconfiguration = misconfiguration
value-finding-kind-unmaintained = no longer maintained
value-finding-kind-unsound = unsound implementation
value-finding-kind-end-of-life = support has ended
value-finding-kind-end_of_life = support has ended

origin-kev = known exploited (KEV)
origin-cisa-ssvc = CISA's SSVC assessment
origin-epss = EPSS
origin-cvss = CVSS
origin-asset-exposure = exposure in the device list
origin-asset-kind = kind in the device list
origin-policy-rule = rule of the policy
origin-policy-default = default of the policy

status-affected = affected
status-not_affected = not affected
status-fixed = fixed
status-under_investigation = under investigation

state-ranged = ranges
state-all = all versions
state-undetermined = undetermined

inventory-cyclonedx-json = SBOM (CycloneDX)
inventory-cargo-lock = Cargo.lock
inventory-package-lock = package-lock.json
inventory-requirements = requirements.txt
inventory-device-list = device list (CSV, Excel)
inventory-cyclonedx-xml = SBOM (CycloneDX XML)
inventory-spdx-json = SBOM (SPDX JSON)
inventory-spdx-tag-value = SBOM (SPDX tag-value)
inventory-spdx3-json = SBOM (SPDX 3.0 JSON)
inventory-yarn-lock = yarn.lock
inventory-pnpm-lock = pnpm-lock.yaml
inventory-poetry-lock = poetry.lock
inventory-pipfile-lock = Pipfile.lock
inventory-uv-lock = uv.lock
inventory-go-mod = go.mod
inventory-go-sum = go.sum
inventory-gemfile-lock = Gemfile.lock
inventory-composer-lock = composer.lock
inventory-pom-xml = pom.xml (Maven)
inventory-gradle-lockfile = gradle.lockfile
inventory-nuget-lock = packages.lock.json (NuGet)
inventory-dotnet-deps = deps.json (.NET)
inventory-dpkg-status = installed packages (dpkg)
inventory-rpm-list = installed packages (rpm)
inventory-apk-installed = installed packages (apk)
inventory-windows-systeminfo = Windows system information (systeminfo)
inventory-windows-updates = installed Windows updates
inventory-windows-programs = programs installed on Windows
inventory-network-device = version output of a network device
inventory-register = register of assets

certainty-read = as printed
certainty-inferred = inferred
certainty-unreadable = unreadable
unreadable-mark = mark
unreadable-section-title = section title
unreadable-control-text = text of the control
unreadable-control = controls not on the page
unreadable-item-number = number of the item to be observed
unreadable-requirement = requirements not on the page
unreadable-piece = text that could not be placed

# Short names of the reasons why something could not be judged, and what to do about all of them
reason-version-missing = The version is unknown
next-version-missing = Find the version on the device or ask the supplier, and enter it in the inventory
reason-order-unknown = The versions cannot be compared
next-order-unknown = Compare the version with the original advisory
reason-range-undetermined = The statement about affected versions cannot be read
next-range-undetermined = Read the original and check whether it includes your version
reason-range-git-only = Only commits are given as affected
next-range-git-only = Ask the supplier which version contains the fix
reason-identifier-missing = No identifier to match by
next-identifier-missing = Ask whoever made the SBOM for identifiers such as purl
reason-ecosystem-not-covered = No advisories loaded for this ecosystem
next-ecosystem-not-covered = Load a source that covers it, and check again
reason-release-unknown = The release of the operating system is unknown
next-release-unknown = Find out the release, and add distro to the purl
reason-maker-unknown = No advisory names this maker
next-maker-unknown = Check the spelling, and look at the maker's own notices
reason-model-unknown = No advisory names this model
next-model-unknown = Check the spelling of the model and the software it runs
reason-product-unknown = No advisory names this product
next-product-unknown = Check the CPE name or ask the maker
reason-product-ambiguous = The affected product is named only loosely
next-product-ambiguous = Ask the maker whether yours is affected
reason-platform-unknown = The platform is unknown
next-platform-unknown = Check whether you use it in that configuration
reason-under-investigation = The source is still investigating
next-under-investigation = Watch for news, and ask if it is urgent
reason-revision-unknown = The exact build of Windows is unknown
next-revision-unknown = Give the output of ver as well
reason-program-unknown = No advisory names these programs
next-program-unknown = Remove what is not used, and look at the suppliers' notices for what matters
reason-purl-invalid = The purl is malformed
next-purl-invalid = Have it corrected where the SBOM is made
reason-cpe-invalid = The CPE name is malformed
next-cpe-invalid = Have it corrected where the SBOM is made
reason-ecosystem-unknown = The ecosystem is not supported
next-ecosystem-unknown = Look at the supplier's own notices
reason-vulnerabilities-not-stated = Inventory that states no vulnerabilities
reason-requirement-unpinned = The version is not pinned
next-requirement-unpinned = Pass a list of the versions actually installed
reason-dependencies-direct-only = Indirect dependencies are not listed
next-dependencies-direct-only = Pass a lock file or an SBOM
reason-requirement-not-package = Not a package
next-requirement-not-package = Check separately what it points to
reason-device-field-missing = A gap in the device list
next-device-field-missing = Fill in maker, model and firmware
reason-advisory-without-product = The advisory names no product
next-advisory-without-product = Read the original and check whether it concerns a device of yours
reason-other = Another reason
next-other = Follow the explanation below

## Short names of warnings, for counts
reason-link-skipped = Links were not followed
reason-field-tolerated = Values outside their definition were read tolerantly
reason-spec-violation = Against the specification, without effect on matching
reason-reference-cycle = References form a circle
reason-duplicate-identifier = Identifiers occur twice
reason-date-invalid = Dates cannot be read
reason-cvss-invalid = CVSS vectors are malformed
reason-release-not-derived = The release of the operating system does not show
reason-updates-unknown = The installed updates are not told
reason-windows-not-named = It is unknown which Windows it is
reason-host-ambiguous = It is unknown which host a file is about
reason-host-contradiction = Files of one host contradict each other
reason-package-details-missing = A list of packages leaves fields out
reason-table-not-read = Another table looks like a ledger
reason-column-ambiguous = Two columns could mean the same
reason-column-doubtful = A column does not hold what its heading says
reason-column-filled-down = Blank cells were filled from above
reason-cell-error = Cells hold errors or formulas never calculated
reason-cell-invalid = Cells are not understood
reason-version-is-number = Versions are stored as numbers
reason-version-is-date = Versions were turned into dates
reason-assets-not-in-ledger = Assets are no longer in their ledger
reason-knowledge-stale-allowed = Old knowledge was used

## VEX justifications
justification-component_not_present = the component is not present
justification-vulnerable_code_not_present = the vulnerable code is not present
justification-vulnerable_code_not_in_execute_path = the vulnerable code is not executed
justification-vulnerable_code_cannot_be_controlled_by_adversary = an attacker cannot control the vulnerable code
justification-inline_mitigations_already_exist = built-in mitigations already exist
