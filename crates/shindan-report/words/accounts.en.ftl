# Accounts for the browser: log-in, passwords, authenticator apps, sessions

term-action-own-account = keeping one's own password, authenticator app and sessions
term-action-read-logins = reading who logged in
term-login-outcome-in = logged in
term-login-outcome-failed = failed
term-login-outcome-throttled = refused while waiting
term-login-outcome-out = logged out
term-login-outcome-ended = session ended

label-invited-until = Invited until
label-password-set-at = Password since
label-recovery-codes-at = Recovery codes since
label-totp-since = Authenticator app since

event-person-password-set = password set
event-person-invited = invited
event-person-totp-enrolled = authenticator app set up
event-person-totp-removed = authenticator app removed
event-person-recovery-codes-issued = recovery codes given

reason-password-too-short = The password is too short. Take { $least } characters or more: a sentence is easy to remember, spaces are fine, and no signs or digits are asked for.
reason-password-too-long = The password is too long. Take { $most } characters at most.
reason-password-is-name = Your name cannot be your password. Take another one.
reason-password-common = Many people choose this password, so it is guessed at once. Take another one.
reason-password-wrong = This is not your present password. If you forgot it, ask an administrator for an invitation code.
reason-password-missing = There is no password yet. Set one first.
reason-totp-already = An authenticator app is set up already. To change to another device, remove it first.
reason-totp-missing = No authenticator app is set up, or setting it up took longer than 15 minutes. Begin again.
reason-code-wrong = The code is not right. Type the six digits that the app shows now; each code can be used once. If this goes on, look at the clock of your telephone.
reason-invitation-invalid = Name or invitation code is not right, or the code was used or is too old. Ask an administrator for a new one.
reason-tries-exhausted = Too many wrong tries. Wait { $seconds } seconds and try again.

accounts-col-session = id
accounts-col-begun = logged in
accounts-col-seen = last used
accounts-col-expires = ends
accounts-col-address = from
accounts-col-agent = browser
accounts-col-at = when
accounts-col-outcome = outcome
accounts-col-person = person
accounts-no-sessions = No browser is logged in.
accounts-no-logins = Nobody logged in or tried to.
accounts-nobody = (cannot be said)
accounts-more = Earlier ones: --before { $number }

help-setup-password-stdin = Read the first person's password from the first line of standard input, to log in by browser
help-user-password = Set your own password; with a name: give that person an invitation code (administrators)
help-user-password-person = Who gets an invitation code; your own password is set if nobody is named
help-any-password-stdin = Read passwords from standard input, one a line, instead of asking at the terminal
help-user-sessions = Browsers that are logged in: your own, or as an administrator anybody's
help-user-sessions-person = Name or id; yourself if not given
help-user-end-session = End a session in the browser: your own, or as an administrator anybody's
help-user-end-session-session = The session's id, as user sessions tells it
help-user-end-session-all-of = End all sessions of this person
help-user-logins = Who logged in, failed and logged out, when and from where: all for administrators and auditors, your own for everybody
help-user-logins-person = Only this person
help-user-logins-own = Only your own
help-user-logins-outcome = Only this outcome: in, failed, throttled, out, ended
help-user-logins-before = Only those before this number, as the page before told it
help-user-totp = The authenticator app (it is set up in the browser)
help-user-totp-remove = Remove an authenticator app: your own with your password, or as an administrator anybody else's
help-user-totp-remove-person = Name or id; yourself if not given

cli-password-old = Present password:{" "}
cli-password-new = New password (12 characters or more):{" "}
cli-password-again = Once more:{" "}
cli-password-differs = The two are not the same. Nothing was changed; run it again.
cli-password-no-terminal = Passwords cannot be asked for at the terminal ({ $reason }). To give them on standard input, add --password-stdin.
cli-password-stdin = No password could be read from standard input. Write one a line: the present one, if there is one, then the new one.
cli-invitation-once = This invitation code is shown once and kept nowhere. It can be used once within 24 hours. Hand it to the person yourself:
cli-invitation-repeated = The same request was done before. Its invitation code was shown then and is kept nowhere.
cli-session-ended = The session has ended.
cli-sessions-ended = { $count ->
    [one] One session has ended.
   *[other] { $count } sessions have ended.
}
cli-session-unknown = The session has ended. Log in again.
