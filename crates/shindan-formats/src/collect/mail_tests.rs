use super::*;

/// As a Japanese mailer writes it: ISO-2022-JP, an encoded subject, a PDF with a name in Japanese.
const MAIL: &[u8] = b"Received: from x\r\nFrom: =?ISO-2022-JP?B?GyRCP0dDRxsoQg==?= <a@example.or.jp>\r\n\
Date: Thu, 8 Oct 2026 19:59:30 +0900 (JST)\r\nMessage-ID: <1@example.or.jp>\r\n\
Subject: =?ISO-2022-JP?B?GyRCP0dDRxsoQg==?=\r\n =?ISO-2022-JP?B?GyRCP0dDRxsoQg==?= CVE-2026-1234\r\n\
Content-Type: multipart/mixed; boundary=\"=_b 1\"\r\n\r\npreamble\r\n--=_b 1\r\n\
Content-Type: multipart/alternative; boundary=inner\r\n\r\n--inner\r\n\
Content-Type: text/plain; charset=ISO-2022-JP\r\nContent-Transfer-Encoding: 7bit\r\n\r\n\
\x1b$B?GCG\x1b(B <script> JVNVU#97232160\r\n--inner\r\nContent-Type: text/html; charset=utf-8\r\n\r\n<p>page</p>\r\n--inner--\r\n\
--=_b 1\r\nContent-Type: application/pdf; name*=utf-8''%E8%A8%BA.pdf\r\nContent-Transfer-Encoding: base64\r\n\
Content-Disposition: attachment\r\n\r\nJVBERi0=\r\n--=_b 1--\r\n";

fn read_mail(bytes: &[u8]) -> Result<Mail, Diagnostic> {
    read(bytes, "mail.eml", &Limits::DEFAULT)
}

fn with_body(headers: &str, body: &str) -> Result<Mail, Diagnostic> {
    read_mail(format!("From: a@b\nDate: Thu, 8 Oct 2026 19:59:30 +0900\n{headers}\n\n{body}").as_bytes())
}

#[test]
fn a_mail_with_parts_becomes_news() {
    let mail = read_mail(MAIL).expect("reads");
    assert_eq!(
        (mail.item.id.as_str(), mail.item.title.as_str()),
        ("<1@example.or.jp>", "診断診断 CVE-2026-1234")
    );
    assert_eq!(mail.from, "診断 <a@example.or.jp>");
    assert_eq!(mail.item.published.map(|at| at.to_string()).as_deref(), Some("2026-10-08T10:59:30Z"));
    assert_eq!(mail.item.text, "診断 <script> JVNVU#97232160", "plain text, not the page");
    assert_eq!(mail.item.vulnerabilities.iter().collect::<Vec<_>>(), ["CVE-2026-1234", "JVNVU#97232160"]);
    assert_eq!(mail.item.link, None);
    let pdf = Attachment { name: "診.pdf".to_owned(), kind: "application/pdf".to_owned(), size: 8 };
    assert_eq!(mail.attachments, [pdf]);
    assert!(mail.diagnostics.is_empty(), "{:?}", mail.diagnostics);
}

#[test]
fn a_page_alone_is_read_without_its_code() {
    let page = "<style>p{}</style><p>A</p><SCRIPT>alert('x')</SCRIPT><p>B &lt;</p><script>cut";
    let mail = with_body("Subject: s\nContent-Type: text/html", page).expect("reads");
    assert_eq!(mail.item.text, "A\nB <");
    assert!(mail.item.id.ends_with("a@b s"), "{}", mail.item.id);
}

#[test]
fn what_cannot_be_read_is_told_and_never_blank() {
    let table = [
        ("Content-Type: text/plain; charset=x-none", "a", "charset-unknown"),
        ("Content-Transfer-Encoding: base64", "*", "transfer-encoding"),
        ("Content-Transfer-Encoding: x-own", "a", "transfer-encoding"),
        ("Content-Type: multipart/mixed", "a", "boundary"),
        ("Content-Type: multipart/mixed; boundary=b", "--b\n\na", "boundary"),
    ];
    for (headers, body, reason) in table {
        let error = with_body(headers, body).expect_err(headers);
        assert_eq!(
            (error.code, error.params["reason"].as_str()),
            (Code::MailPartUnreadable, reason),
            "{headers}"
        );
    }
    let mixed = "--b\nContent-Type: text/plain; charset=x-none\n\na\n--b\n\nreadable\n--b--\n";
    let mail = with_body("Content-Type: multipart/mixed; boundary=b", mixed).expect("one part reads");
    assert_eq!(mail.item.text, "readable");
    assert_eq!(mail.diagnostics[0].code, Code::MailPartUnreadable);
    let mail = with_body("Subject: =?x-none?B?YQ==?=", "a").expect("the subject is shown as it stands");
    assert_eq!((mail.item.title.as_str(), mail.diagnostics.len()), ("=?x-none?B?YQ==?=", 1));
}

#[test]
fn what_is_no_mail_is_refused() {
    for text in ["plain text", "Subject: x\n\nbody", "From: a\n\nbody", "a: b\n", "{\"From\": 1}\n\n"] {
        assert_eq!(read_mail(text.as_bytes()).expect_err(text).code, Code::FormatUnknown);
    }
    assert_eq!(read_mail(b"").expect_err("empty").code, Code::FileEmpty);
    let small = Limits { file_size: 10, ..Limits::DEFAULT };
    assert_eq!(read(MAIL, "f", &small).expect_err("large").code, Code::FileTooLarge);
}

#[test]
fn a_mail_that_is_cut_off_in_its_parts_is_refused() {
    let end = MAIL.len() - "--=_b 1--\r\n".len();
    for at in 0..end {
        assert!(read_mail(MAIL.get(..at).unwrap_or_default()).is_err(), "{at}");
    }
}
