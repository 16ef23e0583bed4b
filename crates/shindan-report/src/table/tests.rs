use super::{Style, check};
use crate::sample;
use crate::words::{Lang, Words};

#[test]
fn look() {
    println!(
        "{}",
        check(&sample::hospital(), &Words::new(Lang::Ja), &Style { width: Some(110), ..Style::default() })
    );
}
