# Devices: dossier and life; terms, labels, events, reasons, lists, the operating rule, help.

# Terms
term-record-kind-device = Device dossier
term-device-state-in-use = in use
term-device-state-stopped = stopped, disconnection to be confirmed
term-device-state-faulty = faulty, disconnection to be confirmed
term-device-state-disconnected = disconnection confirmed
term-device-state-seen-again = seen again, disconnection to be confirmed
term-device-state-disposed = disposed of
term-device-category-medical-device = medical device
term-device-category-iot-device = IoT device
term-device-category-network-device = network device
term-device-category-remote-maintenance = equipment of a maintenance line
term-device-category-server = server
term-device-category-terminal = terminal
term-device-category-application = application
term-maker-information-mds = MDS (maker's security disclosure)
term-maker-information-sds = SDS (service provider's security disclosure)
term-maker-information-mds2 = MDS2
term-maker-information-sbom = list of software (SBOM)
term-maker-information-notice = security notice
term-maker-information-other = other document
term-maker-information-not-obtainable = not obtainable (request on file)
term-risk-level-low = low
term-risk-level-medium = medium
term-risk-level-high = high
term-use-comparison-same = as intended
term-use-comparison-differs = other than intended
term-line-kind-ipsec-vpn = IPsec VPN
term-line-kind-tls-vpn = TLS VPN
term-line-kind-closed-network = closed network of a carrier
term-line-kind-mobile = mobile network
term-line-kind-dial-up = telephone line
term-line-kind-cloud = service on the internet
term-line-kind-other = other line
term-line-connection-always = always connected
term-line-connection-on-demand = connected for maintenance only
term-line-connection-cut = cut
term-update-result-applied = update applied
term-update-result-nothing-new = no update
term-update-result-not-possible = cannot be applied yet
term-stop-kind-stopped = stopped
term-stop-kind-faulty = faulty
term-disconnection-means-cable-removed = network cable taken out
term-disconnection-means-port-shut = switch port shut
term-disconnection-means-wireless-revoked = wireless access revoked
term-disconnection-means-line-cut = line cut
term-disconnection-means-removed = carried away
term-disconnection-means-access-revoked = account or certificate revoked
term-rule-state-missing = none
term-rule-state-awaits-approval = waits for approval
term-rule-state-in-force = in force
term-rule-state-out-of-date = out of date
term-rule-state-superseded = replaced
term-rule-state-sent-back = sent back
term-step-stop-device = record that a device is no longer used
term-step-confirm-disconnected = confirm the disconnection
term-step-take-back-into-use = record that a device is used again
term-step-dispose = dispose of the device
term-step-analyse-device = analyse the risk of the device
term-step-write-rule = write the operating rule
term-step-approve-rule = approve the operating rule
term-remediation-use = use of a device
term-reopen-reason-use-changed = the use of the device changed
kind-use_differs = use other than intended
value-finding-kind-use_differs = use other than intended

# Labels
label-device-category = Category
label-mac-addresses = MAC addresses
label-ip-addresses = IP addresses
label-dhcp = Address by DHCP
label-host-names = Host names
label-serial-number = Serial number
label-firmware = Firmware
label-intended-use = Intended use
label-actual-use = Actual use
label-use-comparison = Use
label-uses = Statements of use
label-remote-line = Maintenance line
label-line-owner = Owner of the line
label-line-provider = Maintained by
label-update-method = How it is updated
label-next-update = Next check for updates
label-updates = Updates
label-maker-information = Information of the maker
label-risk-analyses = Risk analyses
label-measures = Measures
label-likelihood = Likelihood
label-confidentiality = Confidentiality
label-operating-rules = Operating rule
label-department = Department
label-provisions = Provisions
label-life = History of use
label-how = How
label-checked-at = Checked at
label-disconnection = Disconnected by
label-seen-as = Seen as

# Events
event-device-registered = dossier opened
event-device-changed = changed
event-device-informed = information of the maker filed
event-device-use-stated = use stated
event-device-analysed = risk analysed
event-device-updates-planned = updates laid down
event-device-updated = looked for updates
event-device-rule-written = operating rule written
event-device-rule-approved = operating rule approved
event-device-rule-sent-back = operating rule sent back
event-device-stopped = no longer used
event-device-disconnection-confirmed = disconnection confirmed
event-device-back-in-use = back in use
event-device-disposed = disposed of
event-device-seen-again = seen again

# Reasons
reason-device-twice = The asset has a dossier already: { $record }. Continue there.
reason-device-network-invalid = "{ $value }" in "{ $field }" cannot be read. Write MAC addresses as 00:1b:78:aa:bb:cc, IP addresses as 192.0.2.7 or dhcp, host names without spaces.
reason-device-use-without-case = A use other than intended needs a case that treats it.
reason-device-case-not-needed = A use as intended needs no case.
reason-device-dossier-incomplete = The dossier does not say enough for this step. Record what is listed first.
reason-device-information-missing = No information of the maker is filed. File MDS, SDS or MDS2 ({ $do-device-inform }); if the maker gives none, file the request as { $with-not-obtainable }.
reason-device-use-not-stated = Nobody has stated how the device is used. Look on the spot and record it ({ $do-device-state-use }).
reason-device-use-differs = The device has been used otherwise than its maker intends since { $date }. Work on its case until it is closed, or correct the use and state it again.
reason-device-use-not-patched = A patch remedies neither a use other than intended nor a missing mechanism against alteration. Decide another measure.
reason-device-analysis-missing = The risk is not analysed. Analyse it from the maker's information and the use ({ $do-device-analyse }).
reason-device-analysis-outdated = Facts changed since the risk analysis. Analyse the risk again ({ $do-device-analyse }).
reason-device-update-method-missing = Nobody has laid down how the device is updated. Say who, how and how often ({ $do-device-plan-updates }).
reason-device-interval-invalid = The interval must be one day or more.
reason-device-update-overdue = Somebody should have looked for updates by { $date }. Look, and record it ({ $do-device-record-update }).
reason-device-support-ended = Support of { $value } ended on { $date }. Decide to replace, isolate or accept.
reason-device-rule-missing = There is no operating rule. Write one ({ $do-device-write-rule }).
reason-device-rule-not-approved = Version { $version } of the operating rule waits for approval by somebody who neither wrote it nor analysed the risk.
reason-device-rule-out-of-date = The dossier has changed since version { $version } of the operating rule was written. Write the next version ({ $do-device-write-rule }).
reason-device-no-rule-waits = No operating rule waits for approval.
reason-device-no-rule = There is no such version of the operating rule. Look up the versions: { $do-device-show }.
reason-device-line-without-owner = Nobody is named whose the maintenance line "{ $value }" is. Find out and record it ({ $do-device-set-line }).
reason-device-disconnection-open = The device has not been used since { $date }, and nobody has confirmed that it is disconnected. Look and record it ({ $do-device-confirm-disconnected }).
reason-device-was-seen-again = The device was seen on { $date } as { $value } although its disconnection had been confirmed. Look again and record it.
reason-device-checked-too-early = It was checked at { $date }, before the device stopped or was last seen ({ $since }). Look again.
reason-device-disposed-too-early = { $date } is before the day on which its disconnection was checked ({ $since }).
reason-device-seen-before = It was seen at { $date }, before its disconnection was checked at { $since }. That is no news.
reason-device-needs-document = Who reported the stop can confirm the disconnection only with a document, such as a photograph or the table of the switch. Add { $with-document }, or let somebody else confirm it.
reason-control-devices-in-order = { $count ->
    [one] One device in use has a current risk analysis, an approved operating rule and an update method.
   *[other] { $count } devices in use have a current risk analysis, an approved operating rule and an update method.
}
reason-control-device-analysis-missing = { $count ->
    [one] One device in use has no current risk analysis. Analyse the risk ({ $do-device-analyse }).
   *[other] { $count } devices in use have no current risk analysis. Analyse the risk ({ $do-device-analyse }).
}
reason-control-device-rule-missing = { $count ->
    [one] One device in use has no operating rule that is approved and up to date. Write and approve it ({ $do-device-write-rule }, { $do-device-approve-rule }).
   *[other] { $count } devices in use have no operating rule that is approved and up to date. Write and approve it ({ $do-device-write-rule }, { $do-device-approve-rule }).
}
reason-control-device-updates-missing = { $count ->
    [one] For one device in use no way of updating is laid down. Lay it down ({ $do-device-plan-updates }).
   *[other] For { $count } devices in use no way of updating is laid down. Lay it down ({ $do-device-plan-updates }).
}
reason-control-device-updates-overdue = { $count ->
    [one] For one device in use nobody looked for updates in time. Look and record it ({ $do-device-record-update }).
   *[other] For { $count } devices in use nobody looked for updates in time. Look and record it ({ $do-device-record-update }).
}
reason-control-device-use-differs = { $count ->
    [one] One device is used otherwise than its maker intends. Close its case, or correct the use.
   *[other] { $count } devices are used otherwise than their makers intend. Close their cases, or correct the use.
}
reason-control-device-line-without-owner = { $count ->
    [one] For one maintenance line nobody is named whose it is. Find out and record it ({ $do-device-set-line }).
   *[other] For { $count } maintenance lines nobody is named whose they are. Find out and record it ({ $do-device-set-line }).
}
reason-control-device-without-dossier = { $count ->
    [one] One medical or IoT device of the register has no dossier. Open one ({ $do-device-new }).
   *[other] { $count } medical or IoT devices of the register have no dossier. Open one ({ $do-device-new }).
}

# Lists
device-alarms-head = { $count ->
     [0] { $day }: nothing is open about { $devices } dossiers.
    *[other] { $day }: something is to be done about { $count } of { $devices } devices.
    }
device-stopped-head = { $count ->
     [0] { $day }: no device of { $devices } dossiers is stopped and still to be disconnected.
    *[other] { $day }: { $count } of { $devices } devices are no longer used, and nobody has confirmed that they are disconnected.
    }
device-stopped-title = Stopped devices whose disconnection is to be confirmed
device-stopped-lead = Check on the spot that each device is off the network, and record who confirmed it and how.
device-made = Made { $made } from the records. Devices without a dossier are not in this list.
device-col-number = Number
device-col-name = Device
device-col-category = Category
device-col-state = State
device-col-system = System
device-col-since = Open since
device-col-days = Days
device-col-why = Why, or seen as
device-col-alarms = What is to be done
device-col-by-hand = Confirmed by, how, when

# Operating rule
rule-title = Operating rule for a device
rule-number = Number of the rule
rule-written = Written on
rule-category = Category
rule-system = System
rule-owner = Owner of the device
rule-department = Responsible department
rule-asset = Key in the register
rule-serial = Serial number
rule-addresses = IP addresses
rule-macs = MAC addresses
rule-hosts = Host names
rule-purpose = Purpose and scope
rule-purpose-text = This rule lays down how "{ $device }" is operated safely. It applies to everybody who uses, administers or maintains the device. The department responsible is: { $department }.
rule-use = Use
rule-intended = Use that the maker intends
rule-actual = Use here
rule-comparison = Comparison
rule-use-same = The device is used for this only. Whoever wants to use it otherwise asks the responsible department first.
rule-use-differs = The use here differs from what the maker intends. What was decided about that in its case is to be followed.
rule-information = Security information of the maker
rule-risk = Risks and measures
rule-threat = What could happen
rule-likelihood = Likelihood
rule-patient-safety = Effect on patients
rule-availability = Effect on the work
rule-confidentiality = Effect on confidentiality
rule-measures = Measures
rule-line = Maintenance line
rule-line-none = The device is not maintained by a line from outside. Nobody connects one without permission of the responsible department.
rule-line-text = Who maintains by the line announces the work, and the responsible department keeps a record of each connection.
rule-line-kind = Line
rule-line-owner = Owner of the line
rule-line-provider = Maintained by
rule-line-connection = Connection
rule-nobody = not settled
rule-updates = Updates and support
rule-updated-by = Updated by
rule-update-how = How
rule-update-interval = Interval of checks
rule-update-next = Next check
rule-support-end = Support ends
rule-days = { $days ->
     [one] { $days } day
    *[other] { $days } days
    }
rule-updates-text = Security-critical updates are checked for in the interval below and applied in time. If one cannot be applied, that is recorded and another measure is decided.
rule-provisions = Provisions
rule-stopping = When the device is stopped or faulty
rule-stopping-text = Report to the responsible department at once when the device is no longer used or is faulty. Disconnect it from the network, and confirm on the spot that it is disconnected: who confirmed it and how is recorded. It is disposed of only after that; data on it are erased before.
rule-upkeep = Review of this rule
rule-upkeep-text = When the device, its use, its connection, the maker's information or the risk changes, this rule is out of date and is written again.
rule-sign-wrote = Written by
rule-sign-approved = Approved by
rule-sign-date = In force from

# Usage
usage-expected-support-end = DATE=WHAT is expected, such as 2029-03-31=operating system.

# Help
help-device = Devices: dossier, use, risk, operating rule, updates, and from stop to disposal
help-device-new = Open the dossier of an asset; what is not given comes from the register
help-device-new-asset = The asset: its name, or its number in the register (org asset list)
help-device-change = Change what the device is; lists that are given replace the old ones
help-device-new-category = What it is: medical-device, iot-device, network-device, remote-maintenance, server, terminal, application
help-device-new-name = What it is called
help-device-new-macs = MAC address (00:1b:78:aa:bb:cc); repeatable
help-device-new-addresses = Fixed IP address, or dhcp; repeatable
help-device-new-host-names = Host name; repeatable
help-device-new-serial = Serial number
help-device-new-firmware = Version of firmware or software
help-device-new-support-ends = Last day of support and of what (2029-03-31=operating system); repeatable
help-device-change-category = What it is: medical-device, iot-device, network-device, remote-maintenance, server, terminal, application
help-device-change-name = What it is called
help-device-change-macs = MAC address (00:1b:78:aa:bb:cc); repeatable
help-device-change-addresses = Fixed IP address, or dhcp; repeatable
help-device-change-host-names = Host name; repeatable
help-device-change-serial = Serial number
help-device-change-firmware = Version of firmware or software
help-device-change-support-ends = Last day of support and of what (2029-03-31=operating system); repeatable
help-device-inform = File information of the maker: MDS, SDS, MDS2, SBOM, notice
help-device-inform-kind = What it is: mds, sds, mds2, sbom, notice, other; not-obtainable with the request as file
help-device-inform-content = What it says that matters here
help-device-inform-edition = Edition or version, as it stands there
help-device-inform-dated = The day that stands there (2026-03-31)
help-device-use = State how the device is used, compared with what its maker intends; a difference opens a case
help-device-use-intended = What it is for, as the maker states; as stated before if not given
help-device-use-actual = What it is used for
help-device-use-same = That is what the maker intends
help-device-use-differs = That is something else: a case is opened
help-device-analyse = Record the risk analysis from the maker's information and the use
help-device-analyse-risk = What could happen
help-device-analyse-measures = What is done about it
help-device-analyse-likelihood = How likely it is: low, medium, high
help-device-analyse-patient-safety = How bad for patients: low, medium, high
help-device-analyse-availability = How bad for the work: low, medium, high
help-device-analyse-confidentiality = How bad for what is confidential: low, medium, high
help-device-rule = The operating rule of a device
help-device-rule-write = Write the next version from the dossier; printed in both languages and kept
help-device-rule-write-department = Which department answers for the device (no names of persons)
help-device-rule-write-provisions = What is to be observed; repeatable, one paragraph each
help-device-rule-approve = Approve the version that waits; not by who wrote it or analysed the risk
help-device-rule-send-back = Send the version that waits back
help-device-rule-print = Print a version as HTML, in the language of --lang
help-device-rule-print-version-number = Which version; the newest approved one if not given
help-device-line = Say by which line the device is maintained from outside, or that there is none
help-device-line-kind = ipsec-vpn, tls-vpn, closed-network, mobile, dial-up, cloud, other
help-device-line-description = What it is called: number of the contract, name of the equipment
help-device-line-owner = Whose line it is
help-device-line-provider = Who maintains by it
help-device-line-connection = always, on-demand, cut
help-device-line-none = There is no such line
help-device-updates = Lay down who updates the device, how, and how often somebody looks
help-device-updates-how = How, and how critical updates come in time
help-device-updates-party = Who updates it; who patches the asset if not given
help-device-updated = Record that somebody looked for updates, or applied one
help-device-updated-result = applied, nothing-new, not-possible
help-device-updated-firmware = The version that runs since
help-device-updated-on = On which day (2026-11-26); today if not given
help-device-stop = Record that the device is no longer used; its disconnection is to be confirmed
help-device-stop-since = Since when (2026-11-26 or with time); now if not given
help-device-fault = Record that the device is faulty; its disconnection is to be confirmed
help-device-fault-since = Since when (2026-11-26 or with time); now if not given
help-device-back-in-use = Record that the device is used again
help-device-confirm-disconnected = Confirm that the device is disconnected: by whom, how
help-device-confirm-disconnected-means = cable-removed, port-shut, wireless-revoked, line-cut, removed, access-revoked
help-device-confirm-disconnected-how = How it was confirmed
help-device-confirm-disconnected-checked = When somebody looked (2026-11-26 or with time); now if not given
help-device-dispose = Record that the device is gone for good; only after its disconnection was confirmed
help-device-dispose-how = How, and what became of the data on it
help-device-dispose-on = On which day (2026-11-26); today if not given
help-device-alarms = What is to be done about devices: disconnection, support, updates, use, rule, line
help-device-list = List devices
help-device-show = Show a device with its dossier
help-report-devices = Devices that are no longer used and of which nobody confirmed that they are disconnected
