//! Dart pub.

/// Appends the key of `text`.
///
/// # Errors
/// The reason why `text` has no order here.
pub fn write_key(text: &str, out: &mut Vec<u8>) -> Result<(), &'static str> {
    let _ = (text, out);
    Err("not ordered yet")
}
