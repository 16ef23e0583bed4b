# papers

# ---- what reports say (report-)
term-report-kind-control = Evidence of controls
term-report-kind-decisions = Treatment decisions
term-report-kind-overdue = What is overdue
term-report-kind-accepted = Register of accepted risks
term-report-kind-patches = Record of patch verification
term-report-kind-work-plan = Work plan
term-report-kind-work-report = Work report
term-report-kind-assessments = Report on security assessments
term-report-kind-collection = Record of collection
term-report-kind-agreement = Sharing of roles
term-report-kind-stopped-devices = Stopped devices
term-report-kind-device-status = State of devices
term-report-kind-reviews = Record of reviews

report-about-period = Period: { $from } to { $to }
report-about-as-of = As of: { $day } (records up to { $until })
report-about-ledger = Records: { $prefix } (installation { $installation }), ledger up to entry { $entries }
report-about-made = Made: { $made }
report-caution-nothing = There is no record up to that day.
report-caution-names = The day is in the past. What is recorded is shown as it was then; names of persons, parties and systems are those of today.
report-caution-running = The period has not ended. This report knows the records up to { $day }.
report-caution-present = This report cannot be made for a past day. It shows how things stood when it was made.
report-caution-checkpoint = It has no checkpoint of the ledger: looking at a report makes none. For one, make a checkpoint on the page of the ledger and make the report again, or issue it with { $do-assess-report }.

report-not-recorded = not recorded
report-not-applicable = not applicable
report-not-approved = not approved
report-not-confirmed = not confirmed
report-not-applied = not applied
report-not-run = not run
report-no-due-date = no due date set
report-person-without-name = name not recorded ({ $id })
report-word-of = { $signer } ({ $means })
report-recorded-by = recorded by { $recorder }
report-inherited = taken over from { $case }
report-alternative-until = alternative: { $what } (until { $until })
report-aside = { $text } ({ $aside })
report-late = { $days ->
    [one] 1 day late
   *[other] { $days } days late
}
report-no-longer = no longer counts since { $at }
report-no-longer-because = no longer counts since { $at } ({ $because })
report-mandatory = mandatory
report-optional = optional
report-minutes = { $count } min
report-no-stop = no stop
report-bytes = { $count } bytes
report-size = Size
report-version = version { $version }
report-every-system = all systems

report-decisions-subject = Decisions: { $count }
report-decisions-caution = Decisions that were sent back, or changed before they were approved, are not listed. They stand in the history of each case.
report-decisions-table = Decisions and approvals of the period
report-decisions-empty = Nothing was decided or approved in the period (cases looked at: { $cases }).
report-decisions-open-text = The following cases have no decision that counts. That there is none does not mean that nothing needs to be done.
report-decisions-open = Cases without a decision
report-decisions-open-empty = No case is without a decision (cases looked at: { $cases }).

report-overdue-subject = Overdue: { $count }
report-overdue-text = Looked at: cases, changes, inquiries, confirmations, reviews, sharing of roles, assessments, sources, devices, discrepancies in networks, exchanged files, tests of interfaces. Something is overdue from the day after its last day.
report-overdue-table = Overdue
report-overdue-empty = Nothing is overdue (records looked at: { $records }).
report-overdue-without-due = Cases without a due date: { $count }. As they have none, they do not appear here.
report-overdue-no-policy = No policy about due dates is approved. Due dates of cases, and of the confirmation after a change, cannot be told.
report-overdue-what = What is late
report-overdue-days = Days late
report-overdue-who = Responsible or concerned
report-overdue-case-decide = decision on the treatment
report-overdue-case-done = completion
report-overdue-case-acceptance = end of the accepted risk
report-overdue-case-alternative = end of the alternative
report-overdue-case-review = review of the measure's effect
report-overdue-change-consent = end of the consented time (not applied)
report-overdue-change-confirm = confirmation after the change
report-overdue-change-emergency = tests and confirmation to be made up after an emergency
report-overdue-inquiry = answer to the inquiry
report-overdue-instruction = report, judgement or measure of the confirmation
report-overdue-instruction-next = instruction for the next confirmation
report-overdue-review = review or its approval
report-overdue-agreement = review of the sharing of roles
report-overdue-interface = test of the interface
report-overdue-assessment-plan = assessment
report-overdue-assessment = start or end of a planned assessment
report-overdue-scan-finding = end of the decision about a finding
report-overdue-sighting = end of the explanation
report-overdue-exchange = receipt for a file that was sent
report-overdue-source = look at the source
report-overdue-device-disconnection = confirmation that the stopped device is disconnected
report-overdue-device-update = look for updates
report-overdue-device-support = support by the maker
report-overdue-asset-patcher = settling who patches it

report-accepted-subject = Accepted risks: { $count }
report-accepted-caution = An accepted risk is borne until a day; it is not removed. After that day its case is open again.
report-accepted-table = Risks that are accepted
report-accepted-empty = No risk is accepted (cases looked at: { $cases }).
report-accepted-ended = Acceptances that ended in the period
report-accepted-ended-empty = No acceptance ended in the period (cases looked at: { $cases }).

report-patches-subject = Patches: { $count }
report-patches-caution = Genuine means: by the recorded means the file is the one that its maker published. It does not say whether the patch is good.
report-patches-table = Patches registered or verified in the period
report-patches-empty = No patch was registered or verified in the period (patches looked at: { $patches }).
report-patch-registered = Registered by
report-patches-checks = Verification of the file
report-patches-not-verified = The file was not verified.
report-patches-applied = Where it was applied
report-patches-not-planned = No change that uses this patch is planned.
report-patches-former = Files that were replaced
report-effect-not-tested = effect not tested
report-effect-stated = stated, waits for a second person
report-effect-not-effective = the weakness is still there
report-effect-effective = the weakness is gone
report-effect-by = Tested by
report-knowledge = generation { $generation }
report-knowledge-used = Knowledge used

report-work-missing = What is missing
report-work-signatures = Signatures
report-work-tests = Planned tests
report-work-no-tests = No test is planned.
report-work-runs = Tests that were run
report-work-no-runs = No test was run.
report-tested-file = tested file SHA-256 { $hash }
report-work-not-kept = The work ended before; its present state does not hold this. See its history.
report-work-emergency-caution = This was an emergency. An approval took the place of tests, confirmation and consent before the application.
report-work-applied = What was applied
report-work-nothing-applied = Nothing was applied.
report-work-confirmed = Confirmation after the application
report-work-nothing-confirmed = There is nothing to confirm.
report-work-cancelled = Given up because
report-work-cannot-apply = Cannot be applied because
report-work-case = State of the case
report-rematched = matched again on { $at } with generation { $generation } of the knowledge; findings left: { $remaining }
report-signature-planned = Planned by
report-signature-tested = Test results confirmed by
report-signature-consented = Consent of the institution
report-signature-applied = Work done by
report-signature-confirmed = Confirmed after the work by
report-signature-institution = Received by the institution

report-devices-subject = Devices: { $count }
report-devices-caution = When a device was last confirmed is what the list of devices says. What is not recorded does not count as done.
report-devices-without-dossier = Devices without a dossier: { $count }. Their risk, way of updating and operating rule are not known.
report-devices-device = Device
report-devices-last = Last confirmed
report-devices-table = State of devices
report-devices-empty = No device was registered on that day.
report-devices-count = { $count }
report-devices-retired = retired (by the list)
report-devices-listed = listed
report-devices-no-cases = no open case
report-devices-no-alarms = no alarm
report-devices-analysis-old = not analysed since it changed
report-devices-to-be-settled = not settled (until { $until })
report-devices-updated = { $on }: { $result }

report-reviews-subject = Reviews: { $count }
report-reviews-table = Reviews of the period
report-reviews-empty = No review was made or approved in the period (items looked at: { $items }).
report-reviews-items-text = Items that are reviewed, and when they are due next.
report-reviews-items = Items
report-reviews-none = No item is registered for review.
# ---- how a paper is written
paper-about = About this paper
paper-cautions = Please note
paper-sign = To be signed
paper-sign-date = Date
paper-sign-name = Name, signature or seal
paper-sheet-first = Cover
paper-sheet-table = Table
paper-sheet-see = On sheet "{ $name }" ({ $count ->
    [one] one row
   *[other] { $count } rows
}).
paper-glyphs = Characters that the font of this PDF does not have are shown as 〓 ({ $codes }). The HTML and Excel forms of the same report have them as they are.
paper-glyphs-more = and { $count } more
paper-pdf-too-large = this report is too large for a PDF ({ $cells } cells in its tables, at most { $most }): write it as a workbook or as CSV.
paper-sign-title = Organisation and post
paper-sign-confirmed = I have confirmed the content
paper-none = None.

# ---- reports as papers
paper-control-title = Evidence of controls
paper-control-count = { $count ->
    [one] one row
   *[other] { $count } rows
}
paper-control-group = { $group } ({ $catalog })
paper-control-elsewhere = Rows outside the correspondence table
paper-control-col-control = Control
paper-control-col-requirement = Requirement it is linked to
paper-control-col-evidence = Records
paper-devices-list = Stopped devices
paper-devices-none = There is no device whose disconnection is to be confirmed.
paper-agreement-state = State
paper-agreement-party = { $name } ({ $part })
paper-agreement-letter = Letter
report-patches-when = Verified
report-patches-outcome = Outcome
report-work-done = What was done
report-work-when = Applied

# ---- help of reports
help-any-as-of = The day in Japan (2026-11-26) up to whose end the records are looked at; today if not given
help-any-from = First day of the period (2026-11-01, days in Japan); the first of the month of its last day if not given
help-any-to = Last day of the period (2026-11-30, days in Japan); the day of the report if not given
help-any-change = The change
help-report-decisions = Treatment decisions of a period: what was decided, by whom, why, who approved it; cases without a decision, too
help-report-overdue = Everything whose day has passed: cases, changes, inquiries, confirmations, reviews, roles, assessments, sources, devices
help-report-accepted = Risks that are accepted until a day, and acceptances that ended in the period
help-report-patches = How patches were verified: file, where it came from, checks, effect, where it was applied
help-report-work-plan = The plan of a change: impact, tests, consent, how it is taken back
help-report-work-report = What was done in a change, and the confirmation after it
help-report-device-status = The state of every device: use, support, updates, who patches it, risk, open cases
help-report-reviews = Reviews of a period with their approval, and when each item is due next
help-report-oscal = The status of controls as OSCAL assessment results (JSON). Satisfied is only what the records show
