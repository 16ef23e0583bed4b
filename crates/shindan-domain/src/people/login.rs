//! What the log of log-ins says.

use crate::terms;

terms! {
    /// What came of a log-in, or how a session ended.
    pub enum LoginOutcome ("login-outcome") {
        /// The person is in.
        In = "in",
        /// Name, password or code was wrong: which one is kept nowhere.
        Failed = "failed",
        /// Nothing was looked at: too many failures before. Noted once for each time of waiting.
        Throttled = "throttled",
        /// The person logged out.
        Out = "out",
        /// A session was ended from another one, by an administrator, or because the password or the person's standing changed.
        Ended = "ended",
    }
}
