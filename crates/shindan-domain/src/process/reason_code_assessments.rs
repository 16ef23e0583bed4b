//! The third part of the list of reasons: security assessments.

/// Adds these reasons to those before, and hands all of them on.
macro_rules! with_reasons_about_assessments {
    ($then:ident { $($before:tt)* }) => {
        with_reasons_about_collecting! { $then {
            $($before)*

             // ---- targets and what is never scanned
             /// A range is wider than anybody means. Params: `value`, `limit` (addresses).
             TargetTooWide = "target-too-wide";
             /// A scan of the target would reach what is never scanned. Params: `value`, `kind` (protected-kind), `name`.
             TargetProtected = "target-protected";
             /// The target is not on the list of the environment. Params: `value`.
             TargetNotPermitted = "target-not-permitted";
             /// The target is one of a production environment. Params: `value`.
             TargetIsProduction = "target-is-production";
             /// Medical devices are never scanned, whatever the role.
             MedicalNeverScanned = "medical-never-scanned";

             // ---- plans
             /// No check is chosen. Params: `kind` (application-kind).
             PlanWithoutChecks = "plan-without-checks";
             /// The interval is no days, or the notice is as long as the interval.
             PlanIntervalInvalid = "plan-interval-invalid";
             /// The plan does not ask for an assessment of each release.
             PlanNotOnRelease = "plan-not-on-release";
             /// Nobody stated what was delivered, and whether its source can be had.
             PlanWithoutDeliverables = "plan-without-deliverables";
             /// A deliverable was never assessed by the way that is due. Params: `name`, `way` (assessment-way).
             DeliverableNotAssessed = "deliverable-not-assessed";
             /// The plan knows no such deliverable. Params: `name`.
             DeliverableUnknown = "deliverable-unknown";

             // ---- runs
             /// An assessment from outside needs an environment.
             RunWithoutEnvironment = "run-without-environment";
             /// The environment belongs to another system than the plan. Params: `name`.
             EnvironmentOfOther = "environment-of-other";
             /// An assessment from outside needs targets.
             RunWithoutTargets = "run-without-targets";
             /// A test environment needs no exception.
             ExceptionNotNeeded = "exception-not-needed";
             /// The run is against production and no exception was approved.
             ExceptionMissing = "exception-missing";
             /// The exception does not hold today. Params: `from`, `until`.
             ExceptionNotToday = "exception-not-today";
             /// The period ends before it begins. Params: `from`, `until`.
             PeriodReversed = "period-reversed";
             /// The run is carried out in another way. Params: `way` (assessment-way).
             WayIsAnother = "way-is-another";
             /// The scan did not come to a report. Params: `value` (the scanner), `reason`.
             ScanFailed = "scan-failed";
             /// The scan did not come to a report in its time. Params: `value` (the scanner), `minutes`.
             ScanTimedOut = "scan-timed-out";
             /// A person stopped the scan. Params: `value` (the scanner).
             ScanCancelled = "scan-cancelled";
             /// The same request began a scan whose end is not known. Params: `value` (the scanner), `at`.
             ScanUnderWay = "scan-under-way";
             /// No report was read.
             ReportMissing = "report-missing";
             /// No scan of the run came to its end.
             ReportsUnfinished = "reports-unfinished";
             /// No report that came to its end is of a tool that looks in the way of the run. Params: `way` (assessment-way).
             ReportOfWayMissing = "report-of-way-missing";
             /// No report covers a target of the run, and nobody said why. Params: `value`.
             TargetNotReported = "target-not-reported";
             /// A report touched others than the targets, and nobody said how that came about. Params: `file`, `count`, `first`.
             ReportFlagged = "report-flagged";
             /// A report was made before the run was started, and nobody said how that came about. Params: `file`.
             ReportBeforeStart = "report-before-start";
             /// A report tells a time that lies ahead, and nobody said how that came about. Params: `file`.
             ReportFromFuture = "report-from-future";
             /// Production was scanned outside of the days of the exception, and nobody said how that came about. Params: `file`.
             ReportOutsideException = "report-outside-exception";
             /// Production was scanned, nobody knows when, and nobody said whether it was on a day of the exception. Params: `file`.
             ReportTimeUnknown = "report-time-unknown";
             /// Who tests, started the run or scanned stated when a report was made. Params: `file`.
             ReportTimeByTester = "report-time-by-tester";
             /// A time was stated for a report that tells its own. Params: `file`.
             ReportTellsTime = "report-tells-time";
             /// Another time was stated for the report before. Params: `file`, `date`.
             ReportTimeStated = "report-time-stated";
             /// Nothing is to be said about the report.
             ReportNotFlagged = "report-not-flagged";
             /// The run cannot be closed yet; everything is listed.
             RunIncomplete = "run-incomplete";
             /// Nothing is decided about findings. Params: `count`, `first` (identity and title).
             FindingsUndecided = "findings-undecided";

             // ---- findings
             /// The plan knows no such finding, or several begin so. Params: `value`, `count`.
             FindingUnknown = "finding-unknown";
             /// One and the same finding cannot be joined with itself.
             FindingSame = "finding-same";
             /// The finding is dealt with in a case.
             FindingInCase = "finding-in-case";
             /// The finding is gone; nothing is to be decided about it.
             FindingGone = "finding-gone";

             // ---- cases from findings
             /// Neither a re-test nor the proof of the measure is there, or an inventory was given where only a re-test can tell. Params: `place`.
             RetestMissing = "retest-missing";
             /// The re-test began before the decision was approved. Params: `place`.
             RetestTooEarly = "retest-too-early";

             // ---- scanners
             /// There is no such scanner. Params: `value`, `known`.
             ScannerUnknown = "scanner-unknown";
             /// The scanner is not installed here. Params: `value`.
             ScannerNotInstalled = "scanner-not-installed";
             /// The scanner does not take a target of this kind. Params: `value`, `target`.
             ScannerTargetKind = "scanner-target-kind";
             /// A range holds more addresses than one start scans. Params: `target`, `most`.
             RangeTooLarge = "range-too-large";
             /// A host name could not be looked up, so that nobody can tell what would be scanned. Params: `value`.
             HostNotResolved = "host-not-resolved";

             // ---- control status
             /// No assessment is planned.
             ControlPlansNone = "control-plans-none";
             /// Applications that were assessed in time. Params: `count`.
             ControlPlansInTime = "control-plans-in-time";
             /// Applications whose assessment is overdue. Params: `count`.
             ControlPlansOverdue = "control-plans-overdue";
             /// Applications that were never assessed. Params: `count`.
             ControlPlansNeverAssessed = "control-plans-never-assessed";
             /// Applications with findings about which nothing is decided. Params: `count`.
             ControlFindingsUndecided = "control-findings-undecided";
             /// Assessments that were carried out in a test environment. Params: `count`.
             ControlRunsInTest = "control-runs-in-test";
             /// No assessment in a test environment was closed.
             ControlRunsNoneInTest = "control-runs-none-in-test";
             /// Assessments against production with an approved exception. Params: `count`.
             ControlRunsOnProduction = "control-runs-on-production";
             /// Assessments whose reports touched others than the targets. Params: `count`.
             ControlRunsStrayed = "control-runs-strayed";
             /// Applications whose source was assessed. Params: `count`.
             ControlSourceAssessed = "control-source-assessed";
             /// Applications without source that were assessed from outside. Params: `count`.
             ControlOutsideAssessed = "control-outside-assessed";
             /// Medical devices without source whose settings and documents were assessed. Params: `count`.
             ControlSettingsAssessed = "control-settings-assessed";
             /// Applications of which nobody stated whether the source can be had. Params: `count`.
             ControlDeliverablesNotStated = "control-deliverables-not-stated";
             /// Applications with a deliverable that was never assessed by the way that is due. Params: `count`.
             ControlWayMissing = "control-way-missing";
        } }
    };
}

pub(super) use with_reasons_about_assessments;
