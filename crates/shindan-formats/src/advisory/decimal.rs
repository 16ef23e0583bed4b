//! Numbers kept as text: no binary fraction ever stands between what a source prints and what is shown.

/// A number from 0 to 1 as plain decimal text, digit by digit as written: `5e-05` becomes `0.00005`.
pub(super) fn plain_decimal(text: &str) -> Option<String> {
    let value: f64 = text.parse().ok()?;
    if !(0.0..=1.0).contains(&value) || text.len() > 40 {
        return None;
    }
    let text = text.trim_start_matches('+');
    let Some((mantissa, exponent)) = text.split_once(['e', 'E']) else {
        let plain = text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
        return (plain && text.starts_with(|c: char| c.is_ascii_digit())).then(|| text.to_owned());
    };
    let exponent: i32 = exponent.parse().ok()?;
    if !(-60..=60).contains(&exponent) {
        return None;
    }
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = format!("{whole}{fraction}");
    if !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    Some(place_point(&digits, i32::try_from(whole.len()).ok()? + exponent))
}

/// Writes `digits` with the decimal point behind `position` of them (which may be outside of them).
fn place_point(digits: &str, position: i32) -> String {
    let (whole, fraction) = match usize::try_from(position) {
        Err(_) | Ok(0) => {
            let zeros = usize::try_from(position.unsigned_abs()).unwrap_or_default();
            (String::new(), format!("{}{digits}", "0".repeat(zeros)))
        }
        Ok(position) => match digits.split_at_checked(position) {
            Some((whole, fraction)) => (whole.to_owned(), fraction.to_owned()),
            None => (format!("{digits:0<position$}"), String::new()),
        },
    };
    let whole = whole.trim_start_matches('0');
    let fraction = fraction.trim_end_matches('0');
    let whole = if whole.is_empty() { "0" } else { whole };
    if fraction.is_empty() { whole.to_owned() } else { format!("{whole}.{fraction}") }
}
