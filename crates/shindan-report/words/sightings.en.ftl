# Sightings: what is on the network beside what is registered.

# Terms
term-record-kind-sighting = Sighting
term-record-kind-sighting-import = Import of sightings
term-sighting-kind-retired-seen = retired, but seen
term-sighting-kind-unknown-device = unknown device
term-sighting-kind-randomised-device = unknown device (changing MAC)
term-sighting-kind-not-seen = not seen for long
term-sighting-kind-firmware-changed = other version
term-sighting-kind-address-changed = other address
term-sighting-state-open = open
term-sighting-state-explained = explained
term-sighting-state-registered = registered
term-sighting-state-resolved = resolved
term-sighting-resolution-known = the device is known now
term-sighting-resolution-same-device = the same device as another sighting, by its hardware address
term-sighting-resolution-in-use-again = the device is in use again
term-sighting-resolution-disconnected = disconnection confirmed after the last sighting
term-sighting-resolution-seen = the device was seen
term-sighting-resolution-as-registered = what was seen is what is registered
term-sighting-resolution-not-in-use = the device is not in use any more
term-sighting-basis-mac = hardware address
term-sighting-basis-serial = serial number
term-sighting-basis-name = host name
term-sighting-basis-address = fixed IP address only
term-sighting-import-state-complete = read completely
term-sighting-import-state-partial = read in part
term-lease-state-active = leased
term-lease-state-reserved = reserved
term-lease-state-ended = ended
term-sighting-format-nmap-xml = nmap (XML)
term-sighting-format-arp-windows = ARP table (Windows, arp -a)
term-sighting-format-arp-list = ARP table (arp -a)
term-sighting-format-arp-table = ARP table (arp -n)
term-sighting-format-ip-neigh = ARP table (ip neigh)
term-sighting-format-proc-net-arp = ARP table (/proc/net/arp)
term-sighting-format-cisco-arp = ARP table (Cisco)
term-sighting-format-cisco-mac = MAC address table of a switch (Cisco)
term-sighting-format-switch-mac = MAC address table of a switch (other makers)
term-sighting-format-dhcpd-leases = DHCP leases (ISC dhcpd.leases)
term-sighting-format-dhcpd6-leases = DHCPv6 leases (ISC dhcpd6.leases)
term-sighting-format-kea-leases = DHCP leases (ISC Kea)
term-sighting-format-dnsmasq-leases = DHCP leases (dnsmasq)
term-sighting-format-dhcp-csv = DHCP leases (Windows, CSV)
term-sighting-format-dhcp-netsh = DHCP leases (Windows, netsh)
term-sighting-format-table = table with headings (CSV, TSV)
term-step-explain-sighting = explain a sighting
term-step-register-sighting = say which registered device it is
term-step-close-sighting = close a sighting

# Labels
label-absent-days = Missing after (days)
label-addresses = IP addresses
label-basis = Recognised by
label-compared-at = Compared
label-compared-with = Devices compared with
label-device = Dossier
label-discrepancies = Discrepancies
label-files = Files
label-first-seen = First seen
label-hardware-maker = Maker of the network card
label-known-devices = Of these known
label-mac = MAC address
label-network = Network
label-new-discrepancies = New
label-observed = Entries
label-port = Port
label-ranges = Addresses looked at
label-register-key = Key in the register
label-registered-as = Registered as
label-registered-value = Registered
label-reopened-discrepancies = Open again
label-resolved-discrepancies = Resolved
label-seen-devices = Devices seen
label-seen-names = Host names
label-seen-version = Version seen
label-skipped = Passed over
label-taken-at = Taken
label-unreadable = Not readable

# Events
event-sighting-opened = found
event-sighting-seen-again = seen again
event-sighting-reopened = open again
event-sighting-explained = explained
event-sighting-registered = registered
event-sighting-resolved = resolved
event-sighting-import-recorded = files read
event-sighting-import-compared = compared

# Reasons
reason-sighting-needs-disconnection = A retired device that was seen (last { $last }) is closed by its disconnection only, confirmed after it was last seen. Find and disconnect it, and confirm that in its dossier ({ $do-device-confirm-disconnected }).
reason-sighting-not-unknown = The device is known. Only an unknown one is registered.
reason-sighting-not-retired = Only the sighting of a retired device is closed by its disconnection. Explain this one, or put the register right.
reason-sighting-asset-unknown = The register has no such device. Enter it in its ledger and import that ({ $do-inventory-import }), then name its key or number.
reason-sighting-to-register = Find out what it is ({ $seen }). Register it ({ $do-inventory-import }, { $do-sighting-register }), or explain it until a day.
reason-sighting-to-find = Find the device, retire it in the register, or explain until when it is away.
reason-sighting-to-record = Record what was seen ({ $seen }) in dossier or ledger ({ $do-sighting-accept-version } for a version), or explain it until a day.
reason-sighting-taken-missing = { $file } does not say when it was taken. Say it: { $with-taken } 2026-11-26T09:00:00+09:00, or { $with-taken } 2026-11-26.
reason-sighting-register-empty = There is nothing to compare with: no device of the register or dossiers has a MAC address, IP address, host name or serial number. Import the ledger first ({ $do-inventory-import }).
reason-sighting-no-dossier = { $asset } has no dossier in which the version could be recorded. Open one ({ $do-device-new }), or enter the version in its ledger and import that.
reason-sighting-nothing-imported = Nothing was imported yet. Import files first ({ $do-task-sighting-import }).
reason-sighting-randomised = { $count ->
    [one] One unknown device without a name, with a MAC address of its own making (a telephone, a virtual machine): { $examples }
   *[other] { $count } unknown devices without a name, with MAC addresses of their own making (telephones, virtual machines); not listed one by one: { $examples }
}
reason-sighting-address-only = { $count ->
    [one] One unknown device of which only an IP address was seen; import the ARP table of its router, too: { $examples }
   *[other] { $count } unknown devices of which only an IP address was seen; import the ARP table of their router, too: { $examples }
}
reason-sighting-name-ambiguous = { $count ->
    [one] One device with a name that several registered devices have: { $examples }
   *[other] { $count } devices with a name that several registered devices have: { $examples }
}
reason-sighting-known-by-address = { $count ->
    [one] One device taken for known by a fixed IP address only, which another device may have taken: { $examples }
   *[other] { $count } devices taken for known by a fixed IP address only, which another device may have taken: { $examples }
}
reason-sighting-not-watched = { $count ->
    [one] One registered device on a network of which no file was read; nothing is known of it: { $examples }
   *[other] { $count } registered devices on networks of which no file was read; nothing is known of them: { $examples }
}
reason-sighting-not-shown = { $count ->
    [one] One registered device could not have been recognised: the files do not show by what the register knows it: { $examples }
   *[other] { $count } registered devices could not have been recognised: the files do not show by what the register knows them: { $examples }
}
reason-sighting-watched-too-short = { $count ->
    [one] One registered device was not seen, but its network has not been watched for { $days } days yet: { $examples }
   *[other] { $count } registered devices were not seen, but their networks have not been watched for { $days } days yet: { $examples }
}
reason-sighting-absence-not-asked = Whether registered devices are missing was not asked ({ $with-absent-days }).
reason-control-retired-seen = { $count ->
    [one] One retired device was seen on the network. Disconnect it and confirm it.
   *[other] { $count } retired devices were seen on the network. Disconnect them and confirm it.
}
reason-control-unknown-devices = { $count ->
    [one] One device on the network is not registered. Register or explain it.
   *[other] { $count } devices on the network are not registered. Register or explain them.
}

# Wrong usage
usage-expected-taken = A time with zone such as 2026-11-26T09:00:00+09:00 or a day such as 2026-11-26 is expected.
usage-expected-range = Addresses such as 10.1.2.0/24 or 10.1.2.10-10.1.2.99 are expected.

# Help
help-device-sightings = What was seen on the network beside what is registered: retired but seen, unknown, missing, changed
help-device-sightings-import = Read files of what is on a network (nmap, ARP, DHCP, switch, CSV) and compare them with register and dossiers
help-device-sightings-import-files = Files, read by their content: nmap XML, arp -a, ip neigh, show mac address-table, dhcpd.leases, CSV ...
help-device-sightings-import-network = On which network they were taken, as the register calls it; for missing devices
help-device-sightings-import-ranges = Addresses that were looked at as a whole (10.1.2.0/24), besides those of a finished nmap scan; repeatable
help-device-sightings-import-taken = When they were taken, for files that do not say it: a time with zone, or a day (its end counts)
help-device-sightings-import-absent-days = Also list registered devices that were not seen for so many days on networks that were watched
help-device-sightings-compare = Compare the last import of each network again, after the register changed or days went by
help-device-sightings-compare-absent-days = Also list registered devices that were not seen for so many days on networks that were watched
help-device-sightings-list = List open discrepancies, retired but seen first
help-device-sightings-show = Show a discrepancy
help-device-sightings-explain = Explain a discrepancy until a day; not for a retired device
help-device-sightings-register = Say which registered device an unknown one is
help-device-sightings-register-asset = Its key in the register, its number or its name; the device whose name it has if not given
help-device-sightings-accept-version = Record the version that was seen in the dossier of the device
help-device-sightings-close = Close the sighting of a retired device whose disconnection was confirmed after it was last seen
help-device-sightings-imports = List imports
help-device-sightings-show-import = Show an import: files, counts, what came of it
