# Words of cases, policies and the status of controls. Keys: term-set-value, reason-code, label-code.

## Policy
term-policy-kind-due-dates = due dates
term-policy-kind-decision-table = decision table for priorities
term-policy-kind-confirmation-interval = intervals of confirmation
term-policy-kind-second-factor = second factor
term-policy-state-proposed = waits for approval
term-policy-state-approved = in force
term-policy-state-superseded = replaced by the next version
term-policy-state-rejected = not approved
term-policy-state-withdrawn = withdrawn

## Cases
term-subject-system = system
term-subject-release = release of a product
term-subject-deployment = deployment at a site
term-subject-register = whole asset register
term-case-state-detected = detected
term-case-state-judged = applicability judged
term-case-state-analysed = risk analysed
term-case-state-decided = decided, waits for approval
term-case-state-approved = approved
term-case-state-in-progress = in progress
term-case-state-confirmed = treatment confirmed
term-case-state-closed = closed
term-case-state-accepted = risk accepted until a date
term-case-state-reopened = reopened
term-applicability-affected = affected
term-applicability-not-affected = not affected
term-applicability-fixed = fixed
term-applicability-under-investigation = under investigation
term-treatment-patch = patch
term-treatment-configuration-change = configuration change
term-treatment-mitigation = mitigation
term-treatment-isolation = isolation
term-treatment-replacement = replacement
term-treatment-accept = accept the risk
term-reopen-reason-acceptance-ended = the acceptance has ended
term-reopen-reason-alternative-ended = the agreed alternative has ended
term-reopen-reason-review-due = the review date of the measure has passed
term-reopen-reason-surge = newly exploited, or suddenly far more likely to be
term-reopen-reason-advisory-revised = the source revised the score or the fix
term-reopen-reason-version-changed = the version changed and is still affected
term-reopen-reason-matched-again = what was gone is found again
term-reopen-reason-new-findings = further findings have the same remedy
term-reopen-reason-provider-reopened = the inherited decision of the provider no longer counts
term-reopen-reason-site-override = the site decides otherwise than the provider
term-reopen-reason-by-person = somebody decided so
term-remediation-update = same update
term-remediation-fixed-version = same fixed version of the same component
term-remediation-advisory = same advisory
term-remediation-vulnerability = same vulnerability
term-progress-waiting = not started
term-progress-working = being done
term-progress-done = done
term-progress-impossible = cannot be done
term-effect-none = none
term-effect-minor = small (work goes on)
term-effect-serious = serious (work is hindered)
term-effect-critical = critical (care or patient safety is in danger)
term-effect-unknown = not known yet
term-priority-immediate = immediate
term-priority-out-of-cycle = out of cycle
term-priority-scheduled = scheduled
term-priority-defer = defer
term-justification-component_not_present = the component is not there
term-justification-vulnerable_code_not_present = the vulnerable code is not there
term-justification-vulnerable_code_not_in_execute_path = the vulnerable code is never executed
term-justification-vulnerable_code_cannot_be_controlled_by_adversary = an attacker cannot reach the vulnerable code
term-justification-inline_mitigations_already_exist = protection in the product stops the attack

## Steps
term-step-propose = propose
term-step-revise = revise
term-step-approve = approve
term-step-reject = reject
term-step-withdraw = withdraw
term-step-judge = judge applicability
term-step-analyse = analyse the risk
term-step-decide = decide on a measure
term-step-decline = decline
term-step-progress = record progress
term-step-prove-patch = record proof of a patch
term-step-show-effect = record evidence of effect
term-step-replace = record a replacement
term-step-confirm = confirm
term-step-close = close
term-step-reopen = reopen
term-step-inherit = inherit the decision
term-step-agree-alternative = agree on an alternative
term-step-record-evidence = record evidence

## Controls
term-control-verdict-met = recorded, no gap
term-control-verdict-gaps = gaps
term-control-verdict-not-applicable = not applicable
term-control-verdict-undetermined = undetermined
term-exclusion-state-proposed = waits for approval
term-exclusion-state-approved = excluded
term-exclusion-state-rejected = not approved
term-exclusion-state-withdrawn = withdrawn
term-exclusion-state-expired = expired
term-control-topic-source-checks = checks of sources
term-control-topic-other-row = rows without a rule

## Reasons: policy
reason-policy-not-approved = No policy ({ $kind }) is in force (now: { $state }). Propose one and have somebody else approve it.
reason-policy-awaits-approval = Version { $version } waits for approval. An approver other than the proposer should read it and approve or reject it.
reason-policy-content-invalid = The value "{ $value }" of { $field } cannot be used. Days must be 1 or more, shorter for what is more urgent, and later for closing than for deciding. Write probabilities as decimals such as 0.5.
reason-policy-kind-differs = This policy is about "{ $expected }". Propose "{ $found }" as a policy of its own.

## Reasons: judgement, analysis, decision
reason-justification-missing = "Not affected" needs a justification. Choose one of the five: component not there, code not there, never executed, cannot be reached, protected in the product.
reason-justification-not-needed = A justification for "not affected" cannot be given when the judgement is "{ $applicability }". Remove it.
reason-analysis-incomplete = The risk analysis leaves out "{ $value }". Analyse again with every vulnerability of the case and the path to the priority.
reason-analysis-outdated = On { $since } findings were added or revised, which the earlier judgement or analysis does not cover. Look at them and judge or analyse again.
reason-accept-without-end = Accepting a risk needs a last day. Say until when it is accepted.
reason-end-not-needed = This measure takes no such date. Remove the date.
reason-accepted-never-closes = A case with an accepted risk cannot be closed. When the acceptance ends, decide on a measure again.
reason-decision-missing = Nothing has been approved (now: { $state }). Judge, analyse, decide and have it approved, in this order.

## Reasons: closing proof
reason-proof-missing = { $count ->
    [one] One piece of proof is missing. Record it in the list below.
   *[other] { $count } pieces of proof are missing. Record those in the list below.
}
reason-proof-of-patch-missing = { $place }: no applied and verified change is recorded. Apply the patch and record the check afterwards (new matching, or a document that shows the fixed build).
reason-proof-of-fix-missing = { $place }: nothing shows that it is fixed. Match the current inventory again, or register a document that shows the fixed build.
reason-proof-of-effect-missing = { $place }: nothing shows the effect of the measure. Check the effect and register the evidence.
reason-proof-of-replacement-missing = { $place }: the replacement is not proven. Register evidence that the old asset was retired, and the matching of the new one.
reason-still-matched = { $place }: the latest matching still finds it. Import the new inventory and match again, or, if the version does not show the fix, register a document that does.
reason-review-too-late = { $field }: { $date } is later than the approved policy permits. Not after { $latest }.
reason-rematch-too-old = { $place }: the matching is older than the change. Import the inventory as it is after the change and match again.
reason-successor-is-place = { $place } cannot be the replacement: it is affected itself. Name another asset, or treat this one first.
reason-review-date-missing = A measure that is no patch needs a review date. Say when its effect is checked next.
reason-other-treatment = The approved measure is "{ $treatment }"; this record belongs to another one. To change the measure, reopen the case and decide again.

## Reasons: inheriting the provider's decision
reason-inheritance-subject = Only the case of a deployment inherits, and only from the case of a release (this case: { $subject }, from: { $from }).
reason-inheritance-unsettled = The provider's case is not approved yet (now: { $state }). Wait for it, or decide for the site.
reason-inheritance-not-covered = The provider has not decided on: { $vulnerability }. Ask the provider, or decide for the site.
reason-inheritance-overridden = This site decides for itself, so that the provider's decision is not inherited. Decide on a measure for the site.
reason-not-inherited = The decision of this case was not inherited. Reopen the case to change it.

## Reasons: what to do next
reason-to-be-judged = Next: judge whether it applies.
reason-to-be-analysed = Next: analyse the risk.
reason-to-be-decided = Next: decide on a measure.
reason-to-be-approved = Next: have it approved by somebody who did not judge, analyse or decide.
reason-to-be-confirmed = Next: somebody who did not record the evidence confirms that the treatment is complete.
reason-to-be-closed = Everything is there. Close the case.
reason-due-not-set = There is no due date because no policy about due dates was approved. Propose one and have it approved.
reason-all-gone = The latest matching finds it nowhere any more. Find out why and close the case with proof.

## Reasons: exclusions
reason-exclusion-awaits-approval = The proposal to exclude control { $control } waits for approval. An approver other than the proposer should decide.
reason-exclusion-review-due = Review by { $date } whether it may stay excluded. After that day it applies again.

## Reasons: status of controls
reason-control-nothing-recorded = No record can tell. If it is done, register the records.
reason-control-not-covered = This version keeps no records about "{ $topic }". A person has to check the records that are kept elsewhere.
reason-control-never-judged = No matching of an inventory with vulnerability information is recorded. Import inventories and match them.
reason-control-judged-too-long-ago = The last matching ({ $last }) is longer ago than the { $days } days of the policy. Match again.
reason-control-policy-missing = There is no approved policy ({ $kind }). Propose one and have it approved.
reason-control-cases-undecided = { $count ->
    [one] One case has no approved decision by its due date. Decide it and have it approved.
   *[other] { $count } cases have no approved decision by their due date. Decide the oldest first and have them approved.
}
reason-control-cases-overdue = { $count ->
    [one] One case was not closed by its due date. Go on with the treatment, or review the decision.
   *[other] { $count } cases were not closed by their due date. Go on with the treatment, or review the decision.
}
reason-control-cases-without-due = { $count ->
    [one] One case has no due date. Approve a policy about due dates and apply it to the case.
   *[other] { $count } cases have no due date. Approve a policy about due dates and apply it to the cases.
}
reason-control-acceptance-ended = { $count ->
    [one] One accepted risk has passed its last day. Decide on a measure again.
   *[other] { $count } accepted risks have passed their last day. Decide on a measure again.
}
reason-control-cases-decided = { $count ->
    [one] For one case the risk was analysed and a measure approved.
   *[other] For { $count } cases the risk was analysed and a measure approved.
}
reason-control-cases-closed = { $count ->
    [one] One case was closed with proof.
   *[other] { $count } cases were closed with proof.
}
reason-control-judged-regularly = { $count ->
    [one] One subject was matched (last: { $last }).
   *[other] { $count } subjects were matched (last: { $last }).
}
reason-control-undetermined-remain = { $count ->
    [one] For one subject the last matching left something undetermined. Look at the list and add what is missing.
   *[other] For { $count } subjects the last matching left something undetermined. Look at the list and add what is missing.
}
reason-control-patches-unverified = { $count ->
    [one] One patch was applied without proof that it is genuine. Check it against its source and record the result.
   *[other] { $count } patches were applied without proof that they are genuine. Check them against their source and record the result.
}
reason-control-effect-untested = { $count ->
    [one] One patch was applied without a test of its effect. Check it in a test environment or by matching again, and record the result.
   *[other] { $count } patches were applied without a test of their effect. Check it in a test environment or by matching again, and record the result.
}
reason-control-patches-verified = { $count ->
    [one] One patch was proven genuine and effective before it was applied.
   *[other] { $count } patches were proven genuine and effective before they were applied.
}
reason-control-impact-missing = { $count ->
    [one] One change was applied without an assessment of its impact. Assess it and record the result.
   *[other] { $count } changes were applied without an assessment of their impact. Assess it and record the result.
}
reason-control-tests-unconfirmed = { $count ->
    [one] One change was applied before its test results were confirmed. Test, and have somebody other than the tester confirm the result.
   *[other] { $count } changes were applied before their test results were confirmed. Test, and have somebody other than the tester confirm the result.
}
reason-control-emergency-tests = { $count ->
    [one] One emergency change has not been tested yet. Test it and confirm the result.
   *[other] { $count } emergency changes have not been tested yet. Test them and confirm the result.
}
reason-control-changes-tested = { $count ->
    [one] For one change the impact assessment and the confirmed test results are recorded.
   *[other] For { $count } changes the impact assessment and the confirmed test results are recorded.
}
reason-control-confirmation-overdue = { $count ->
    [one] One confirmation was not finished in time. Obtain the report and judge.
   *[other] { $count } confirmations were not finished in time. Obtain the report and judge.
}
reason-control-unfit-open = { $count ->
    [one] In one confirmation something was judged unfit and nothing was done yet. Act and record it.
   *[other] In { $count } confirmations something was judged unfit and nothing was done yet. Act and record it.
}
reason-control-confirmed-too-long-ago = The last confirmation ({ $last }) is longer ago than the { $days } days of the policy. Instruct the operator to confirm.
reason-control-confirmed = { $count ->
    [one] One confirmation was carried out from instruction to judgement (last: { $last }).
   *[other] { $count } confirmations were carried out from instruction to judgement (last: { $last }).
}
reason-control-review-overdue = { $count ->
    [one] One review was not finished in time. Review and have the result approved.
   *[other] { $count } reviews were not finished in time. Review and have the result approved.
}
reason-control-reviewed-too-long-ago = The last review ({ $last }) is longer ago than the { $days } days of the policy. Review again.
reason-control-reviewed = { $count ->
    [one] One review was carried out and approved (last: { $last }).
   *[other] { $count } reviews were carried out and approved (last: { $last }).
}
reason-control-nobody-patches = { $count ->
    [one] For one asset nobody is named who patches it. Settle it and enter it in the register.
   *[other] For { $count } assets nobody is named who patches them. Settle it and enter it in the register.
}
reason-control-support-ended = { $count ->
    [one] One asset is in use although its support has ended. Decide to replace, isolate or accept.
   *[other] { $count } assets are in use although their support has ended. Decide to replace, isolate or accept.
}
reason-control-still-connected = { $count ->
    [one] For one stopped or retired asset nobody confirmed that it is disconnected. Check that it is off the network and record it.
   *[other] For { $count } stopped or retired assets nobody confirmed that they are disconnected. Check that they are off the network and record it.
}
reason-control-inquiries-overdue = { $count ->
    [one] One inquiry was not answered in time. Remind the provider.
   *[other] { $count } inquiries were not answered in time. Remind the provider.
}
reason-control-excluded = Approved as not applicable: { $reason }

## Names of fields
label-subject = Subject
label-remediation = Grouped by
label-vulnerabilities = Vulnerabilities
label-vulnerability = Vulnerability
label-aliases = Also known as
label-places = Affected assets and components
label-place = Asset or component
label-component = Component
label-version = Version
label-priority = Priority
label-applicability = Applicability
label-justification = Why not affected
label-treatment = Measure
label-judgement = Judgement
label-analysis = Risk analysis
label-decision = Reason for the decision
label-confirmation = Confirmation of the treatment
label-progress = Progress
label-proof = Proof
label-decide-by = Decide by
label-done-by = Close by
label-published = Published
label-noticed = Noticed
label-decided = Decided
label-done = Closed
label-hours-to-notice = Published to noticed (hours)
label-hours-to-decide = Noticed to decided (hours)
label-hours-to-done = Noticed to closed (hours)
label-policy = Policy
label-kev = Known exploited since (KEV)
label-epss = Probability of exploitation (EPSS)
label-cvss = CVSS
label-exposure = Exposure
label-asset-role = Kind of asset
label-patient-safety = Effect on patient safety
label-availability = Effect on availability
label-path = Path to the priority
label-outcome = Outcome of the table
label-departs = Why the priority departs from the table
label-origin = Origin
label-value = Value
label-point = Decision point
label-evidence = Evidence
label-defaulted = Default
label-inherited = Inherited from
label-overridden = Site decides for itself
label-alternative = Agreed alternative
label-reopened = Reopened because
label-outdated = Changed since the analysis
label-past = Past decisions
label-review = Review on
label-successor = New asset
label-change = Change
label-gone = No longer found since
label-versions = Versions
label-days = Due dates (days)
label-decide-days = Until the decision
label-done-days = Until closing
label-verify-after-change = Until the check after a change (days)
label-chase-inquiry = Until an inquiry is chased (days)
label-review-days = Interval of reviews (days)
label-confirm-days = Interval of confirmations (days)
label-judge-days = Interval of matching (days)
label-immediate = Immediate
label-out-of-cycle = Out of cycle
label-scheduled = Scheduled
label-rules = Priority rules
label-rules-version = Version of the rules
label-table = Decision table
label-surge-epss = EPSS that counts as a surge
label-control = Control
label-proposed = Proposed
