use super::*;

fn header(text: &str) -> Result<String, Fault> {
    header_text(text.as_bytes())
}

#[test]
fn encoded_words() {
    assert_eq!(header("=?ISO-2022-JP?B?GyRCP0dDRxsoQg==?= x").as_deref(), Ok("診断 x"));
    assert_eq!(header("=?utf-8?q?a_=E8=A8=BA?= =?UTF-8?Q?=E6=96=AD?=").as_deref(), Ok("a 診断"));
    // One character, cut between two words.
    assert_eq!(header("=?utf-8?B?6Kg=?= =?utf-8?B?ug==?=").as_deref(), Ok("診"));
    assert_eq!(header("=?utf-8*ja?B?6Ki6?=").as_deref(), Ok("診"));
    assert_eq!(header("a =? b =?x?y?z").as_deref(), Ok("a =? b =?x?y?z"));
    assert_eq!(header("=?utf-9?B?6Ki6?="), Err(Fault::CharsetUnknown));
    assert_eq!(header("=?utf-8?B?6Kg=?="), Err(Fault::CharsetInvalid));
    assert_eq!(header("=?utf-8?B?*?="), Err(Fault::TransferEncoding));
}

#[test]
fn character_sets_are_decoded_without_replacement() {
    // Escape sequences that follow one another at once, as mailers write them.
    assert_eq!(decode_charset(b"\x1b$B?G\x1b(B\x1b$BCG\x1b(B", "ISO-2022-JP").as_deref(), Ok("診断"));
    assert_eq!(decode_charset(b"\x90f", "cp932").as_deref(), Ok("診"));
    assert_eq!(decode_charset("診".as_bytes(), "us-ascii").as_deref(), Ok("診"));
    assert_eq!(decode_charset(b"\x90", "utf-8"), Err(Fault::CharsetInvalid));
    assert_eq!(decode_charset(b"x", "iso-2022-kr"), Err(Fault::CharsetUnknown));
}

#[test]
fn transfer_encodings() {
    assert_eq!(base64(b"YQ==").as_deref(), Some(&b"a"[..]));
    assert_eq!(base64(b"YW\r\nJj").as_deref(), Some(&b"abc"[..]));
    assert_eq!(base64(b"YWJjZ"), None, "cut off");
    assert_eq!(base64(b"Y=Q="), None);
    assert_eq!(base64(b"Y-Q="), None);
    assert_eq!(quoted_printable(b"a=3D=\r\nb=").as_deref(), Some(&b"a=b"[..]));
    assert_eq!(quoted_printable(b"a=3"), None);
    assert_eq!(quoted_printable(b"a=zz"), None);
}

#[test]
fn headers_are_unfolded_and_needed() {
    let (headers, body) = Headers::split(b"From: a\r\nSubject: b\r\n c\r\n\r\nbody").expect("headers");
    assert_eq!(headers.text("subject"), Some(Ok("b c".to_owned())));
    assert_eq!(body, b"body");
    for text in ["", "\r\nFrom: a", "no header\n\n", " folded: first\n\n", ": x\n\n"] {
        assert_eq!(Headers::split(text.as_bytes()), None, "{text:?}");
    }
}

#[test]
fn nesting_and_numbers_are_limited() {
    let mut mail = "text".to_owned();
    for depth in 0..40 {
        mail =
            format!("Content-Type: multipart/mixed; boundary=b{depth}\n\n--b{depth}\n{mail}\n--b{depth}--\n");
    }
    let (headers, body) = Headers::split(mail.as_bytes()).expect("headers");
    assert_eq!(parts(&headers, body), Err(Fault::TooMany));
    let many = "--b\n\nx\n".repeat(1000) + "--b--\n";
    let (headers, _) = Headers::split(b"Content-Type: multipart/mixed; boundary=\"b\"\n\n").expect("headers");
    assert_eq!(parts(&headers, many.as_bytes()), Err(Fault::TooMany));
}

proptest::proptest! {
    #[test]
    fn nothing_panics(bytes in proptest::collection::vec(proptest::prelude::any::<u8>(), 0..60), text in "(\\PC|=\\?|\\?=|utf-8|[BQ?=%*'\";\\\\]){0,30}") {
        // Whatever they answer: that they answer is what is tested.
        let _ = (header(&text), extended_value(&text), base64(&bytes), quoted_printable(&bytes));
        let _ = decode_charset(&bytes, "iso-2022-jp");
        let _ = outside_quotes(&text, ';');
        if let Some((headers, body)) = Headers::split(&[b"Content-Type: ", text.as_bytes(), b"\n\n", &bytes].concat()) {
            let _ = parts(&headers, body);
        }
    }
}
