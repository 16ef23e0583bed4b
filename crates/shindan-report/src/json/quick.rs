//! What stands in an answer ten thousands of times, put into JSON without the machinery that is made for everything.

use serde_json::Error;
use shindan_domain::inventory::ComponentRef;

/// Writes a text with its quotes. Most hold nothing that has to be escaped, and are copied; the rest is serde's.
pub(super) fn text(out: &mut Vec<u8>, text: &str) -> Result<(), Error> {
    // Looks at every byte on purpose: without an early end the compiler compares many bytes at once.
    let plain =
        text.bytes().fold(true, |plain, byte| plain & (byte >= b' ') & (byte != b'"') & (byte != b'\\'));
    if !plain {
        return serde_json::to_writer(out, text);
    }
    out.push(b'"');
    out.extend_from_slice(text.as_bytes());
    out.push(b'"');
    Ok(())
}

/// As [`text`]; `null` where there is none.
pub(super) fn optional(out: &mut Vec<u8>, value: Option<&str>) -> Result<(), Error> {
    match value {
        Some(value) => text(out, value),
        None => {
            out.extend_from_slice(b"null");
            Ok(())
        }
    }
}

/// As [`super::check::ComponentView`] does; a test compares them.
pub(super) fn component(out: &mut Vec<u8>, component: ComponentRef<'_>) -> Result<(), Error> {
    let ComponentRef { name, version, purl, cpe, maker, model, firmware, pointer } = component;
    out.extend_from_slice(b"{\"name\":");
    text(out, name)?;
    let others: [(&[u8], Option<&str>); 6] = [
        (b",\"version\":", version),
        (b",\"purl\":", purl),
        (b",\"cpe\":", cpe),
        (b",\"maker\":", maker),
        (b",\"model\":", model),
        (b",\"firmware\":", firmware),
    ];
    for (key, value) in others {
        out.extend_from_slice(key);
        optional(out, value)?;
    }
    out.extend_from_slice(b",\"pointer\":");
    let (stem, number) = pointer.parts();
    text(out, stem)?;
    if let Some(number) = number {
        // The number belongs inside the quotes.
        out.pop();
        out.extend_from_slice(itoa::Buffer::new().format(number).as_bytes());
        out.push(b'"');
    }
    out.push(b'}');
    Ok(())
}

#[cfg(test)]
mod tests {
    use shindan_domain::inventory::{Component, Components, PackedComponents};

    use super::super::check::ComponentView;
    use super::*;

    #[test]
    fn as_serde_would() {
        let texts = [
            "",
            "a",
            "診断",
            "a\"b",
            "a\\b",
            "tab\tand\nline",
            "\u{1}",
            "\u{7f}",
            "😀",
            "/components/7",
            "a long text without anything that has to be escaped, longer than a register",
            "a long text with one \" at a place that lies behind the first sixteen bytes",
        ];
        let mut packed = PackedComponents::default();
        let mut plain = Vec::new();
        for (n, one) in texts.iter().enumerate() {
            let [after, third] = [1, 2].map(|step| texts[(n + step) % texts.len()]);
            let some = |text: &str, there: bool| there.then(|| text.to_owned());
            let component = Component {
                name: (*one).to_owned(),
                version: some(after, n % 2 == 0),
                purl: some(third, n % 3 == 0),
                cpe: some(after, n % 5 == 0),
                maker: some(third, n % 4 == 0),
                model: some(one, n % 2 == 1),
                firmware: some(after, n % 3 == 1),
                pointer: if n % 2 == 0 { (*one).to_owned() } else { format!("{one}{n}") },
                ..Component::default()
            };
            packed.push(component.clone());
            plain.push(component);
            let mut quick = Vec::new();
            text(&mut quick, one).expect("writes");
            assert_eq!(String::from_utf8(quick).expect("UTF-8"), serde_json::to_string(one).expect("writes"));
        }
        let lists = [Components::from(packed), Components::from(plain)];
        for view in lists.iter().flat_map(Components::views) {
            let mut quick = Vec::new();
            component(&mut quick, view).expect("writes");
            let expected = serde_json::to_string(&ComponentView::from(view)).expect("writes");
            assert_eq!(String::from_utf8(quick).expect("UTF-8"), expected);
        }
        assert_eq!(lists.iter().map(Components::len).sum::<usize>(), 2 * texts.len());
    }
}
