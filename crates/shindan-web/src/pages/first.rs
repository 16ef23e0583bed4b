//! Where somebody is led before anything else: to the log-in, or to what must be settled of the own account.

use axum::body::Body;
use axum::http::Response;
use shindan_app::records::accounts::Must;

use crate::address::encoded;
use crate::answer::Answer;
use crate::asked::Asked;

/// Nobody is logged in: to the log-in, and back afterwards.
pub(crate) fn log_in(asked: &Asked) -> Response<Body> {
    let here = asked.here();
    let next = if here == "/" { String::new() } else { format!("?next={}", encoded(&here)) };
    Answer::see(format!("/login{next}")).into_response(&[], asked.htmx)
}

/// Where a person must go before anything else.
pub(crate) fn own_account(must: Must) -> &'static str {
    match must {
        Must::ChangePassword => "/account?must=password",
        Must::EnrolTotp => "/account?must=totp",
    }
}
