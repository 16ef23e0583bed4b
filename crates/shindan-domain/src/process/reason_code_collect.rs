//! The fourth part of the list of reasons: sources, checks of them, notices.

/// Adds these reasons to those before, and hands all of them on.
macro_rules! with_reasons_about_collecting {
    ($then:ident { $($before:tt)* }) => {
        with_reasons_about_accounts! { $then {
            $($before)*

             // ---- sources
             /// No short name: `[a-z0-9-]`, at most 64, no name of a device of Windows. Params: `value`.
             SourceNameInvalid = "source-name-invalid";
             /// Another source has, or had, the short name. Params: `value`.
             SourceNameTaken = "source-name-taken";
             /// A source that is fetched has no address. Params: `kind`.
             SourceAddressMissing = "source-address-missing";
             /// The address is no `https://` address. Params: `value`.
             SourceAddressInvalid = "source-address-invalid";
             /// The address carries a user, a password or a key. Params: `value` (without it).
             SourceAddressSecret = "source-address-secret";
             /// The same address stands twice.
             SourceAddressTwice = "source-address-twice";
             /// A number is out of bounds. Params: `field`, `value`, `least`, `most`.
             SourceSettingInvalid = "source-setting-invalid";
             /// Nobody answers for the source.
             SourceWithoutResponsible = "source-without-responsible";

             /// This program does not fetch sources of this kind. Params: `kind`.
             SourceKindNotFetched = "source-kind-not-fetched";
             /// For a time the source is not looked at.
             SourcePaused = "source-paused";
             /// Mails are dropped into mailing lists only. Params: `kind`.
             SourceTakesNoMails = "source-takes-no-mails";
             /// A setting by which the network is reached cannot be used. Params: `value`, `reason`.
             SourceReachInvalid = "source-reach-invalid";
             /// Another process is looking at sources.
             SyncUnderWay = "sync-under-way";

             // ---- checks
             /// The check ends before it begins.
             CheckEndsBeforeStart = "check-ends-before-start";
             /// Only a person looks by hand.
             CheckHandNeedsPerson = "check-hand-needs-person";
             /// *New items*, and none.
             CheckNewIsNothing = "check-new-is-nothing";
             /// Something is said to have come from a source that was not reached. Params: `count`.
             CheckNotReachedIsNothing = "check-not-reached-is-nothing";
             /// A part was not answered, so that nobody knows what is new. Params: `value` (address).
             CheckNotAnswered = "check-not-answered";
             /// Nothing was answered, and no person says what is new.
             CheckWithoutAnswer = "check-without-answer";
             /// Somebody confirmed it already.
             CheckConfirmedAlready = "check-confirmed-already";
             /// Next: look again. Params: `failure` (check-failure).
             CheckToBeRepeated = "check-to-be-repeated";
             /// Next: a person confirms that they looked at it.
             CheckToBeConfirmed = "check-to-be-confirmed";
             /// It failed. Params: `failure` (check-failure), and those of the failure.
             CheckFailedBecause = "check-failed-because";

             // ---- alarms
             /// It has fewer rows. Params: `before`, `now`, `percent`.
             AlarmRowsDropped = "alarm-rows-dropped";
             /// The newest date in it is old. Params: `date`, `days`.
             AlarmNewestStandsStill = "alarm-newest-stands-still";
             /// It is smaller. Params: `before`, `now` (bytes), `percent`.
             AlarmFeedShrinks = "alarm-feed-shrinks";
             /// It is of another format. Params: `before`, `now` (a format, or why it could not be read).
             AlarmFormatChanged = "alarm-format-changed";
             /// Its certificate was not accepted.
             AlarmCertificateTrouble = "alarm-certificate-trouble";
             /// The same bytes come for a long time. Params: `date`, `days`.
             AlarmUnchangedTooLong = "alarm-unchanged-too-long";
             /// Its clock and ours differ. Params: `seconds`.
             AlarmClockSkew = "alarm-clock-skew";

             // ---- notices
             /// Next: judge whether it concerns us.
             NoticeNotJudged = "notice-not-judged";
             /// Next: judge again, it was updated.
             NoticeUpdatedSince = "notice-updated-since";
             /// What does not concern us has no cases.
             NoticeCasesNotOurs = "notice-cases-not-ours";

             // ---- control status
             /// No source is looked at.
             ControlSourcesNone = "control-sources-none";
             /// None of JPCERT/CC, NCO, IPA and JVN is looked at by a plan.
             ControlSourcesNotNamed = "control-sources-not-named";
             /// Sources without an interval. Params: `count`.
             ControlSourcesUnplanned = "control-sources-unplanned";
             /// Sources that were looked at in time. Params: `count`.
             ControlSourcesInTime = "control-sources-in-time";
             /// Sources that were not looked at in time. Params: `count`.
             ControlSourcesOverdue = "control-sources-overdue";
             /// Sources that were never looked at. Params: `count`.
             ControlSourcesNever = "control-sources-never";
             /// Sources with days in the period on which they were missed. Params: `count`.
             ControlSourcesMissed = "control-sources-missed";
             /// Sources whose last check failed. Params: `count`.
             ControlSourcesFailed = "control-sources-failed";
             /// Sources whose last check is suspicious. Params: `count`.
             ControlSourcesSuspicious = "control-sources-suspicious";
             /// Sources whose checks no person confirmed in time. Params: `count`.
             ControlSourcesUnconfirmed = "control-sources-unconfirmed";
             /// Sources whose checks a person confirmed in time. Params: `count`.
             ControlSourcesConfirmed = "control-sources-confirmed";
             /// Notices about which nobody judged. Params: `count`.
             ControlNoticesOpen = "control-notices-open";
             /// Notices about which somebody judged. Params: `count`.
             ControlNoticesJudged = "control-notices-judged";

             // ---- notifications
             /// No short name of a receiver: `[a-z0-9-]`, at most 64. Params: `value`.
             SubscriptionNameInvalid = "subscription-name-invalid";
             /// Another receiver has the short name. Params: `value`.
             SubscriptionNameTaken = "subscription-name-taken";
             /// Nothing is said of what the receiver hears.
             SubscriptionWithoutTopic = "subscription-without-topic";
             /// Next: set it right; messages do not arrive. Params: `delivery` (delivery-failure), `count`.
             MessageNotDelivered = "message-not-delivered";

             // ---- bundles for closed networks
             /// The file is no bundle.
             BundleUnrecognised = "bundle-unrecognised";
             /// The bundle, or a later one, was taken in before. Params: `number`, `last`.
             BundleReplay = "bundle-replay";
             /// What changed since a bundle that was never taken in. Params: `number`, `since`, `last`.
             BundleGap = "bundle-gap";
             /// It was made later than now. Params: `number`, `date`, `now`.
             BundleFromFuture = "bundle-from-future";
             /// Its time is over. Params: `number`, `date`.
             BundleExpired = "bundle-expired";
             /// A file that did not change at the sender's is not here, or is another one. Params: `number`, `file`.
             BundleNeedsFull = "bundle-needs-full";
             /// A source here has the same short name and is of another kind. Params: `value`, `kind`, `found`.
             BundleSourceDiffers = "bundle-source-differs";
             /// No bundle with this number was made here. Params: `number`, `last`.
             BundleSinceUnknown = "bundle-since-unknown";
             /// The terms of the source are not noted as unclear. Params: `value`.
             BundleCannotLeaveOut = "bundle-cannot-leave-out";
             /// There is no source that is fetched.
             BundleWithoutSources = "bundle-without-sources";
             /// A bundle brought it, and the sender did not know it to be recent. Params: `date` (or `-`).
             AlarmCarriedStale = "alarm-carried-stale";
        } }
    };
}

pub(super) use with_reasons_about_collecting;
