//! The last part of the list of reasons: accounts for the browser.

/// Adds these reasons to those before, and hands all of them on.
macro_rules! with_reasons_about_accounts {
    ($then:ident { $($before:tt)* }) => {
        $then! {
            $($before)*

             // ---- accounts
             /// The password is too short. Params: `least` (characters).
             PasswordTooShort = "password-too-short";
             /// The password is too long. Params: `most` (characters).
             PasswordTooLong = "password-too-long";
             /// The password is the person's name.
             PasswordIsName = "password-is-name";
             /// Many people choose it.
             PasswordCommon = "password-common";
             /// The present password is another one.
             PasswordWrong = "password-wrong";
             /// The person has no password.
             PasswordMissing = "password-missing";
             /// An authenticator app is set up already.
             TotpAlready = "totp-already";
             /// No authenticator app is set up, or none is being set up.
             TotpMissing = "totp-missing";
             /// The code is not the one that the app shows now, or was used before.
             CodeWrong = "code-wrong";
             /// Name or code is wrong, it was used, or its time is over: which one is not said.
             InvitationInvalid = "invitation-invalid";
             /// Too many wrong tries. Params: `seconds` (to wait).
             TriesExhausted = "tries-exhausted";
        }
    };
}

pub(super) use with_reasons_about_accounts;
