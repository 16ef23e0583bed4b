# Interfaces: data exchange with other parties, and what notices altered data

term-record-kind-interface = Interface
term-interface-state-without-mechanism = nothing notices alteration
term-interface-state-untested = mechanism not tested
term-interface-state-tested = tested: altered data is refused
term-interface-state-test-failed = test failed: altered data was accepted
term-interface-state-ended = ended
term-integrity-mechanism-sealed-exchange = sealed files (signed by the sender)
term-integrity-mechanism-mutual-tls = TLS with certificates on both sides
term-integrity-mechanism-tls-and-hash = TLS and a hash of each message
term-integrity-mechanism-vpn-and-hash = VPN or private line and a hash of each message
term-integrity-mechanism-signed-messages = each message signed
term-integrity-mechanism-hash-another-way = hash compared that came another way
term-interface-direction-sends = sends
term-interface-direction-receives = receives
term-interface-direction-both-ways = both ways
term-integrity-result-refused = altered data was refused
term-integrity-result-accepted = altered data was accepted
label-direction = Direction
label-exchanged-data = Data
label-former-tests = Tests of what it was before
label-integrity-tests = Tests with altered data
label-mechanism = Against alteration
label-protocol = Over
label-set-up = How it is set up
event-interface-registered = entered
event-interface-changed = operated otherwise
event-interface-tested = tested with altered data
event-interface-ended = ended
reason-interface-without-mechanism = Nothing would notice that data was altered on the way. Agree on a mechanism with the other party and record it: { $do-interface-change } ({ $with-mechanism }).
reason-interface-untested = Nobody has tried whether the mechanism notices anything. Send altered data on purpose, in a test environment, and record what came of it: { $do-interface-test }.
reason-interface-test-failed = Altered data was accepted: the mechanism does not work. Repair it, and test it again.
reason-control-interfaces-without-mechanism = { $count ->
    [one] An interface has nothing that notices altered data
   *[other] { $count } interfaces have nothing that notices altered data
}
reason-control-interfaces-untested = { $count ->
    [one] The mechanism of an interface was never tested
   *[other] The mechanisms of { $count } interfaces were never tested
}
reason-control-interfaces-failed = { $count ->
    [one] An interface accepted altered data
   *[other] { $count } interfaces accepted altered data
}
reason-control-interfaces-overdue = { $count ->
    [one] An interface should have been tested again
   *[other] { $count } interfaces should have been tested again
}
reason-control-interfaces-sealed = { $count ->
    [one] One interface over which sealed files went
   *[other] { $count } interfaces over which sealed files went
}
reason-control-files-refused = { $count ->
    [one] In the last { $days } days one file of the exchange was refused: altered, sent again, or not provably the partner's
   *[other] In the last { $days } days { $count } files of the exchange were refused: altered, sent again, or not provably the partner's
}
reason-control-interfaces-tested = { $count ->
    [one] An interface was tested: altered data is refused
   *[other] { $count } interfaces were tested: altered data is refused
}
reason-control-interfaces-none = No data exchange with another party is registered ({ $do-interface-new })
help-interface = Data exchange with other parties (interfaces): what notices that data was altered on the way, and its tests
help-interface-add = Enter a data exchange of a system with another party
help-interface-add-party = With whom
help-interface-add-name = What it is called
help-interface-add-direction = Which way data goes, seen from the system: sends, receives, both-ways
help-interface-add-data = Which data, in words: "test results"
help-interface-add-protocol = Over what, in words: "HL7 v2 over IPsec-VPN"
help-interface-add-mechanism = What notices altered data: sealed-exchange, mutual-tls, tls-and-hash, vpn-and-hash, signed-messages, hash-another-way; without it, the interface is a gap
help-interface-add-set-up = How the mechanism is set up, in words
help-interface-change = Change how it is operated; a changed mechanism or protocol is to be tested anew
help-interface-change-name = What it is called from now on
help-interface-change-direction = Which way data goes: sends, receives, both-ways
help-interface-change-data = Which data
help-interface-change-protocol = Over what
help-interface-change-mechanism = What notices altered data from now on
help-interface-change-no-mechanism = Nothing notices it any more
help-interface-change-set-up = How the mechanism is set up, in words
help-interface-test = Record that altered data was sent on purpose, and what came of it
help-interface-test-on = On which day (2026-11-26)
help-interface-test-method = What was altered and how it was sent, in words
help-interface-test-result = What came of it: refused (the mechanism works) or accepted (it does not)
help-interface-test-next = When it is tested again (2027-11-30)
help-interface-test-documents = What shows it: log, screenshot; repeatable
help-interface-end = End an interface that is no longer operated
help-interface-list = List interfaces
help-interface-show = Show an interface with its tests
kind-integrity_unchecked = nothing notices altered data
value-finding-kind-integrity_unchecked = nothing notices altered data
term-remediation-integrity = data exchange
reason-interface-case-missing = An interface in which nothing notices altered data needs a case. The program opens one; this is a defect.
