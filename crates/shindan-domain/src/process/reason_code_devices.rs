//! The second half of the list of reasons: devices, sightings, agreements on roles, exchange, interfaces.

/// Adds these reasons to those before, and hands all of them on.
macro_rules! with_reasons_about_devices {
    ($then:ident { $($before:tt)* }) => {
        with_reasons_about_assessments! { $then {
            $($before)*

             // ---- devices -------------------------------------------------------------------------------------
             /// The asset has a dossier already. Params: `record` (number).
             DeviceTwice = "device-twice";
             /// A text is no MAC address, IP address or host name. Params: `field`, `value`.
             DeviceNetworkInvalid = "device-network-invalid";
             /// A use other than intended has no case.
             DeviceUseWithoutCase = "device-use-without-case";
             /// A use as intended needs no case.
             DeviceCaseNotNeeded = "device-case-not-needed";
             /// The dossier lacks what the step rests on; everything is listed.
             DeviceDossierIncomplete = "device-dossier-incomplete";
             /// No information of the maker is filed, nor that there is none to be had.
             DeviceInformationMissing = "device-information-missing";
             /// Nobody stated how the device is used.
             DeviceUseNotStated = "device-use-not-stated";
             /// The device is used otherwise than its maker intends. Params: `date`.
             DeviceUseDiffers = "device-use-differs";
             /// The risk of the device is not analysed.
             DeviceAnalysisMissing = "device-analysis-missing";
             /// Facts changed since the risk analysis.
             DeviceAnalysisOutdated = "device-analysis-outdated";
             /// Nobody laid down how the device is updated.
             DeviceUpdateMethodMissing = "device-update-method-missing";
             /// An interval of no days.
             DeviceIntervalInvalid = "device-interval-invalid";
             /// Nobody looked for updates in time. Params: `date`.
             DeviceUpdateOverdue = "device-update-overdue";
             /// The maker's support has ended. Params: `date`, `value` (of what).
             DeviceSupportEnded = "device-support-ended";
             /// The device has no operating rule.
             DeviceRuleMissing = "device-rule-missing";
             /// The operating rule waits for approval. Params: `version`.
             DeviceRuleNotApproved = "device-rule-not-approved";
             /// The dossier says something else since the operating rule was written. Params: `version`.
             DeviceRuleOutOfDate = "device-rule-out-of-date";
             /// No operating rule waits for approval.
             DeviceNoRuleWaits = "device-no-rule-waits";
             /// There is no such operating rule to print.
             DeviceNoRule = "device-no-rule";
             /// A patch does not remedy a use other than intended.
             DeviceUseNotPatched = "device-use-not-patched";
             /// Nobody is named whose the maintenance line is. Params: `value` (the line).
             DeviceLineWithoutOwner = "device-line-without-owner";
             /// The device is no longer used and nobody confirmed that it is disconnected. Params: `date`.
             DeviceDisconnectionOpen = "device-disconnection-open";
             /// The device was seen after its disconnection had been confirmed. Params: `date`, `value` (by what).
             DeviceWasSeenAgain = "device-was-seen-again";
             /// Somebody looked before the device stopped or was last seen. Params: `date`, `since`.
             DeviceCheckedTooEarly = "device-checked-too-early";
             /// A disposal before the disconnection was looked at. Params: `date`, `since`.
             DeviceDisposedTooEarly = "device-disposed-too-early";
             /// It was seen before its disconnection was looked at. Params: `date`, `since`.
             DeviceSeenBefore = "device-seen-before";
             /// Who reported the stop confirms the disconnection alone only with a document.
             DeviceNeedsDocument = "device-needs-document";
             /// Devices in use with a current risk analysis, an approved operating rule and an update method. Params: `count`.
             ControlDevicesInOrder = "control-devices-in-order";
             /// Devices in use without a current risk analysis. Params: `count`.
             ControlDeviceAnalysisMissing = "control-device-analysis-missing";
             /// Devices in use without an operating rule that is approved and up to date. Params: `count`.
             ControlDeviceRuleMissing = "control-device-rule-missing";
             /// Devices in use for which no way of updating is laid down. Params: `count`.
             ControlDeviceUpdatesMissing = "control-device-updates-missing";
             /// Devices in use for which nobody looked for updates in time. Params: `count`.
             ControlDeviceUpdatesOverdue = "control-device-updates-overdue";
             /// Devices that are used otherwise than their makers intend. Params: `count`.
             ControlDeviceUseDiffers = "control-device-use-differs";
             /// Maintenance lines of which nobody is named whose they are. Params: `count`.
             ControlDeviceLineWithoutOwner = "control-device-line-without-owner";
             /// Assets without a dossier: nobody can tell what they are and whether a rule is needed. Params: `count`.
             ControlDeviceWithoutDossier = "control-device-without-dossier";

             // ---- sightings -----------------------------------------------------------------------------------
             /// A retired device that was seen is closed by its disconnection, confirmed after it was last seen. Params: `last`.
             SightingNeedsDisconnection = "sighting-needs-disconnection";
             /// Only an unknown device is registered; this one is known.
             SightingNotUnknown = "sighting-not-unknown";
             /// Only a retired device is closed by its disconnection.
             SightingNotRetired = "sighting-not-retired";
             /// The register has no such device.
             SightingAssetUnknown = "sighting-asset-unknown";
             /// To be registered or explained. Params: `seen` (addresses).
             SightingToRegister = "sighting-to-register";
             /// To be found, retired or explained. Params: `seen`.
             SightingToFind = "sighting-to-find";
             /// What was seen is to be recorded in the register, or explained. Params: `seen`.
             SightingToRecord = "sighting-to-record";
             /// The file does not say when it was taken, and nobody else did. Params: `file`.
             SightingTakenMissing = "sighting-taken-missing";
             /// There is nothing to compare with: neither register nor dossier knows a device that is known on a network.
             SightingRegisterEmpty = "sighting-register-empty";
             /// What was seen is recorded in a dossier, and the device has none. Params: `asset`.
             SightingNoDossier = "sighting-no-dossier";
             /// Nothing was ever imported that could be compared.
             SightingNothingImported = "sighting-nothing-imported";
             /// Devices with hardware addresses of their own making (randomised). Params: `count`, `examples`.
             SightingRandomised = "sighting-randomised";
             /// Devices of which only an address was seen. Params: `count`, `examples`.
             SightingAddressOnly = "sighting-address-only";
             /// Devices whose name several registered devices have. Params: `count`, `examples`.
             SightingNameAmbiguous = "sighting-name-ambiguous";
             /// Devices that were known by a fixed address only. Params: `count`, `examples`.
             SightingKnownByAddress = "sighting-known-by-address";
             /// Registered devices on networks that nobody looked at. Params: `count`, `examples`.
             SightingNotWatched = "sighting-not-watched";
             /// Registered devices on networks of which the files do not show by what the register knows them. Params: `count`,
             /// `examples`.
             SightingNotShown = "sighting-not-shown";
             /// Registered devices that were not seen yet, on networks that have not been watched long enough. Params: `count`,
             /// `examples`, `days`.
             SightingWatchedTooShort = "sighting-watched-too-short";
             /// Whether registered devices are missing was not asked.
             SightingAbsenceNotAsked = "sighting-absence-not-asked";
             /// Retired devices were seen on the network. Params: `count`.
             ControlRetiredSeen = "control-retired-seen";
             /// Devices on the network are not registered. Params: `count`.
             ControlUnknownDevices = "control-unknown-devices";

             // ---- agreements on roles -------------------------------------------------------------------------
             /// Two parties or duties of an agreement have the same name or key. Params: `field`, `value`.
             AgreementNameTwice = "agreement-name-twice";
             /// Two names of an agreement mean the same party. Params: `party`.
             AgreementPartyTwice = "agreement-party-twice";
             /// Who runs or supplies the system is not among those who sign. Params: `field`.
             AgreementPartyMissing = "agreement-party-missing";
             /// Fewer than two parties sign.
             AgreementPartiesMissing = "agreement-parties-missing";
             /// No duty stands in the agreement.
             AgreementDutiesMissing = "agreement-duties-missing";
             /// The day of review is not after the first day. Params: `since`, `date`.
             AgreementDaysReversed = "agreement-days-reversed";
             /// The first day lies before that of the last version. Params: `date`, `since`.
             AgreementBeforeLast = "agreement-before-last";
             /// The number of the version is not the one that is worked on, or the next. Params: `expected`, `found`.
             AgreementVersionInvalid = "agreement-version-invalid";
             /// No party is accountable for a duty. Params: `duty`, `what` (its text).
             AccountableMissing = "accountable-missing";
             /// More than one party is accountable for a duty. Params: `duty`, `what` (its text), `parties`.
             AccountableTwice = "accountable-twice";
             /// The party that is accountable for a duty does not sign. Params: `duty`, `what` (its text), `party`.
             AccountableDoesNotSign = "accountable-does-not-sign";
             /// The agreement cannot be proposed or confirmed; everything that is missing is listed.
             AgreementIncomplete = "agreement-incomplete";
             /// The content was changed since it was seen. Params: `expected`, `found` (SHA-256).
             AgreementContentDiffers = "agreement-content-differs";
             /// Next: propose it.
             AgreementNotProposed = "agreement-not-proposed";
             /// A party has not confirmed. Params: `party`.
             AgreementNotConfirmed = "agreement-not-confirmed";
             /// Something changed on which it rests. Params: `cause` (reopening-cause), `asset`.
             AgreementToBeRenewed = "agreement-to-be-renewed";
             /// Parties that sign and do not agree to duties. Params: `count`, `duties` (keys), `topics`, `parties`.
             DutyNotAgreed = "duty-not-agreed";
             /// The partner's file is an agreement that the partner has not confirmed. Params: `party`.
             AgreementFileUnconfirmed = "agreement-file-unconfirmed";
             /// The partner's file does not name the content of the agreement by its hash. Params: `expected` (SHA-256).
             AgreementFileOtherContent = "agreement-file-other-content";
             /// The content of the file has another hash than it says. Params: `expected`, `found` (SHA-256).
             AgreementFileChanged = "agreement-file-changed";
             /// Devices of the system need a valid agreement on roles; each device and each agreement that does not count is listed.
             ServiceNeedsAgreement = "service-needs-agreement";
             /// A device needs an agreement. Params: `asset`, `category`.
             DeviceNeedsAgreement = "device-needs-agreement";
             /// The system has no agreement.
             AgreementAbsent = "agreement-absent";
             /// An agreement does not count today. Params: `agreement` (number), `standing` (agreement-standing).
             AgreementDoesNotCount = "agreement-does-not-count";
             /// No device is recorded, so that nobody can tell whether an agreement is needed.
             ControlNoDevices = "control-no-devices";
             /// Systems in service with IoT or medical devices and without a valid agreement. Params: `count`.
             ControlServiceWithoutAgreement = "control-service-without-agreement";
             /// Agreements whose day of review has passed. Params: `count`.
             ControlAgreementOverdue = "control-agreement-overdue";
             /// Agreements that were re-opened and not renewed. Params: `count`.
             ControlAgreementReopened = "control-agreement-reopened";
             /// Assets whose patching no duty covers. Params: `count`.
             ControlPatchingNotAgreed = "control-patching-not-agreed";
             /// Assets that another party patches than was agreed. Params: `count`.
             ControlPatchingContradicts = "control-patching-contradicts";
             /// Devices whose remote-maintenance line no duty covers. Params: `count`.
             ControlLineNotAgreed = "control-line-not-agreed";
             /// Devices whose remote-maintenance line is another party's than was agreed. Params: `count`.
             ControlLineContradicts = "control-line-contradicts";
             /// Agreements in force. Params: `count`.
             ControlAgreementsInForce = "control-agreements-in-force";

             // ---- exchange with another party -----------------------------------------------------------------
             /// The card is that of this installation.
             PartnerIsOurselves = "partner-is-ourselves";
             /// The card is that of another installation than the record.
             OtherInstallation = "other-installation";
             /// The card's key was revoked; it does not come back.
             KeyWasRevoked = "key-was-revoked";
             /// The card, or its key, was replaced by a newer one; it does not come back.
             KeyWasReplaced = "key-was-replaced";
             /// No card of the partner has the fingerprint that is named. Params: `fingerprint`.
             RevokeUnknownCard = "revoke-unknown-card";
             /// No card of the partner counts, so that the one that is to be revoked must be named.
             RevokeNamesNone = "revoke-names-none";
             /// The fingerprint that was typed is not that of the card.
             FingerprintDiffers = "fingerprint-differs";
             /// The fingerprint of the partner's card was not confirmed yet.
             CardNotConfirmed = "card-not-confirmed";
             /// No card of the partner counts.
             PartnerKeyMissing = "partner-key-missing";
             /// The file that is sealed does not follow the one before. Params: `next`.
             SealOutOfTurn = "seal-out-of-turn";
             /// A sealed file without contents that tells nothing.
             ContentsMissing = "contents-missing";
             /// The file was acknowledged, or is void already. Params: `number`.
             FileSettled = "file-settled";
             /// The partner acknowledges another file than the one that was sent under the number. Params: `number`.
             ReceiptOtherFile = "receipt-other-file";
             /// The partner's receipt is outstanding. Params: `number`, `date` (last day on which the file can be accepted).
             ReceiptOutstanding = "receipt-outstanding";
             /// The next file tells the partner that these are void. Params: `numbers`.
             VoidToTell = "void-to-tell";
             /// The partner's own signed file calls the number void.
             VoidByPartner = "void-by-partner";
             /// Nothing shows that these numbers are missing, or they are not the next ones. Params: `number`, `next`, `until`.
             NoGap = "no-gap";
             /// No sealed file of the partner with this content was accepted.
             SealedNotAccepted = "sealed-not-accepted";
             /// The file is no sealed file, card or receipt.
             SealedUnrecognised = "sealed-unrecognised";
             /// A newer version of the program wrote it. Params: `found`, `known`.
             SealedNewerFormat = "sealed-newer-format";
             /// The file ends too early.
             SealedTruncated = "sealed-truncated";
             /// The file is not what was signed. Params: `part`.
             SealedTampered = "sealed-tampered";
             /// The file is larger than permitted. Params: `part`, `limit`.
             SealedOversize = "sealed-oversize";
             /// A name in the file could write outside its folder, or twice to the same place. Params: `name`.
             SealedUnsafeName = "sealed-unsafe-name";
             /// The file is encrypted, and not for this installation, or damaged.
             SealedCannotDecrypt = "sealed-cannot-decrypt";
             /// The file is for another installation, or for a former card of this one. Params: `receiver`.
             SealedWrongReceiver = "sealed-wrong-receiver";
             /// No card with the key that signed it was taken in. Params: `key`.
             SealedUnknownKey = "sealed-unknown-key";
             /// The card with the key that signed it was not confirmed. Params: `key`.
             SealedUnconfirmedKey = "sealed-unconfirmed-key";
             /// The key that signed it was revoked or replaced. Params: `key`.
             SealedRevokedKey = "sealed-revoked-key";
             /// The file was accepted before, or its number was given up. Params: `number`, `next`.
             SealedReplay = "sealed-replay";
             /// Files before this one are missing. Params: `number`, `next`, `missing`.
             SealedGap = "sealed-gap";
             /// The file does not follow the one that was accepted before. Params: `number`.
             SealedChainDiffers = "sealed-chain-differs";
             /// The time in which it could be accepted is over. Params: `number`, `date`.
             SealedExpired = "sealed-expired";
             /// What to do with a content. Params: `file`.
             ContentSbom = "content-sbom";
             /// As above. Params: `file`.
             ContentAdvisory = "content-advisory";
             /// As above. Params: `file`.
             ContentInquiry = "content-inquiry";
             /// As above. Params: `file`.
             ContentAnswer = "content-answer";
             /// As above. Params: `file`.
             ContentPatchManifest = "content-patch-manifest";
             /// As above. Params: `file`.
             ContentAgreement = "content-agreement";
             /// As above. Params: `file`.
             ContentConfirmation = "content-confirmation";
             /// As above. Params: `file`.
             ContentMds = "content-mds";
             /// As above. Params: `file`.
             ContentDocument = "content-document";

             // ---- interfaces ----------------------------------------------------------------------------------
             /// Nothing would notice that data was altered on the way.
             InterfaceWithoutMechanism = "interface-without-mechanism";
             /// An interface without a mechanism is dealt with in a case, and none was opened.
             InterfaceCaseMissing = "interface-case-missing";
             /// Nobody has tried whether the mechanism notices altered data.
             InterfaceUntested = "interface-untested";
             /// Altered data was accepted.
             InterfaceTestFailed = "interface-test-failed";
             /// Interfaces without a mechanism against alteration. Params: `count`.
             ControlInterfacesWithoutMechanism = "control-interfaces-without-mechanism";
             /// Interfaces whose mechanism nobody tested. Params: `count`.
             ControlInterfacesUntested = "control-interfaces-untested";
             /// Interfaces that accepted altered data. Params: `count`.
             ControlInterfacesFailed = "control-interfaces-failed";
             /// Interfaces whose mechanism should have been tested again. Params: `count`.
             ControlInterfacesOverdue = "control-interfaces-overdue";
             /// Interfaces whose mechanism refused altered data. Params: `count`.
             ControlInterfacesTested = "control-interfaces-tested";
             /// Interfaces over which sealed files went. Params: `count`.
             ControlInterfacesSealed = "control-interfaces-sealed";
             /// Sealed files that were refused lately: altered, replayed, not provably the partner's. Params: `count`, `days`.
             ControlFilesRefused = "control-files-refused";
             /// A signed letter does not say in its own line that it confirms the agreement. Params: `line`.
             AgreementLetterUnclear = "agreement-letter-unclear";
             /// A signed file does not say in its own line that the device is disconnected. Params: `line`.
             DeviceLetterUnclear = "device-letter-unclear";
             /// No data exchange with another party is registered.
             ControlInterfacesNone = "control-interfaces-none";
        } }
    };
}

pub(super) use with_reasons_about_devices;
