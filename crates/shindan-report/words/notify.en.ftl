# Notifications: who hears of what, and what they hear.

term-record-kind-subscription = Receiver of notifications
term-notify-topic-new-cases = new cases
term-notify-topic-surges = cases that surge
term-notify-topic-failed-checks = failed checks
term-notify-topic-missed-checks = missed checks
term-notify-topic-alarms = alarms
term-notify-topic-notices = notices to be judged
term-subscription-state-subscription-active = told
term-subscription-state-subscription-failing = messages do not arrive
term-subscription-state-subscription-ended = ended
term-message-language-ja = Japanese
term-message-language-en = English
term-delivery-failure-delivery-settings = the settings file names no such receiver, or says nothing that can be used
term-delivery-failure-delivery-recipient = the address is no mail address
term-delivery-failure-delivery-connect = no connection
term-delivery-failure-delivery-timeout = no answer in time
term-delivery-failure-delivery-cut = the connection ended too early
term-delivery-failure-delivery-tls = the connection could not be secured (TLS)
term-delivery-failure-delivery-login = user and password were not accepted
term-delivery-failure-delivery-later = the server asked to come back later
term-delivery-failure-delivery-refused = the server refused the message
term-delivery-failure-delivery-protocol = what answered does not take messages
term-delivery-failure-delivery-cancelled = stopped

label-language = Language
label-messages = Messages delivered
label-told-at = Told at
label-told-up-to = Told up to entry
label-topics = Hears of

event-subscription-begun = begun
event-subscription-told = told
event-subscription-not-told = message not delivered
event-subscription-ended = ended

reason-subscription-name-invalid = "{ $value }" is no short name of a receiver. Use a to z, 0 to 9 and hyphens, at most 64; the address stands in the settings file.
reason-subscription-name-taken = There is a receiver called "{ $value }" already. End that one, or choose another short name.
reason-subscription-without-topic = Say what this receiver hears of ({ $with-topic }).
reason-message-not-delivered = { $count ->
    [one] One message was not delivered ({ $delivery }). What it told is kept and told later. Correct the settings file or the server.
   *[other] { $count } messages in a row were not delivered ({ $delivery }). What they told is kept and told later. Correct the settings file or the server.
}

notify-subject = [shindan] cases: { $cases }, checks failed or missed: { $failed }, others: { $others }
notify-subject-urgent = [shindan] URGENT: cases: { $cases } (surging: { $surges }), checks failed or missed: { $failed }, others: { $others }
notify-opening = What changed from { $from } to { $until }:
notify-surges = Exploited now, or far more likely to be ({ $count }):
notify-cases = New or reopened cases ({ $count }):
notify-failed = Checks of sources that failed ({ $count }); nobody knows whether there is anything new:
notify-missed = Checks that nobody made ({ $count }):
notify-alarms = Suspicious about sources ({ $count }):
notify-notices = Notices to be judged ({ $count }):
notify-more = ... and { $count } more.
notify-case = { $number } [{ $priority }] { $title }
notify-case-surged = { $text } ({ $vulnerabilities })
notify-failed-line = { $source }, { $at }: { $failure }
notify-missed-line = { $source }, { $date }
notify-alarm-line = { $source }: { $reason }
notify-closing = This message is no answer to whether you are affected. See { $do-case-list }, { $do-source-status } and { $do-notice-list }.

notify-told = { $name }: told ({ $count })
notify-not-told = { $name }: not delivered ({ $reason }); told again later
notify-nothing = Nobody has to hear of anything now.
help-notify = Who hears of what changed, by mail or webhook
help-notify-add = Let somebody hear of what changes from now on
help-notify-add-name = Short name of the receiver (a to z, 0 to 9, hyphens); the settings file says which address it means
help-notify-add-person = Whose it is
help-notify-add-topic = What they hear of; repeatable; everything if not given
help-notify-add-least = Cases from this priority on
help-notify-add-interval = A digest after so many hours; urgent things at once, at most one message an hour
help-notify-add-language = Language of the messages
help-notify-end = Let them hear of nothing any more
help-notify-end-record = The receiver
help-notify-end-reason = Why
help-notify-list = List receivers
help-notify-show = Show a receiver: what was told, and whether messages arrive
help-notify-send = Tell now what is due, and end (exit code 3 if a message was not delivered)
help-notify-send-settings = Settings file (TOML) with the mail server and the addresses
help-serve-notify = Settings file (TOML) with the mail server and the addresses; without it, nobody is told
help-scheduler-run-notify = Settings file (TOML) with the mail server and the addresses; without it, nobody is told
cli-notify-settings = { $path }: the settings of notifications cannot be used: { $reason }
