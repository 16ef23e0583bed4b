use crate::closeness::{Closeness, Model, closeness};
use crate::names::Dictionary;

/// How close `product` is to `model`, both as people write them.
fn close(model: &str, product: &str) -> Option<Closeness> {
    let dictionary = Dictionary::default();
    let [model, product] = [model, product].map(|text| dictionary.marked_product_words("maker", text));
    let product: Vec<&str> = product.iter().map(String::as_str).collect();
    closeness(&Model::new(&model), &product)
}

#[test]
fn ranges_lists_and_series() {
    use Closeness::{Family, InRange, InSeries, Within};
    let mut wrong = Vec::new();
    for (model, product, expected) in [
        // Ranges, in every spelling.
        ("IntelliVue MX800", "IntelliVue patient monitor MX400-MX850", Some(InRange)),
        ("IntelliVue MX-800", "IntelliVue MX400 - MX850", Some(InRange)),
        ("IntelliVue MX 800", "IntelliVue MX400～MX850", Some(InRange)),
        ("MX800", "IntelliVue MX400 to MX850", Some(InRange)),
        ("IntelliVue MX800", "IntelliVue MX400 through MX850", Some(InRange)),
        ("IntelliVue MX800", "IntelliVue MX400〜850", Some(InRange)),
        ("IntelliVue MX800", "IntelliVue MX400からMX850まで", Some(InRange)),
        ("IntelliVue MX500", "IntelliVue Patient Monitors MX (MX400-550)", Some(InRange)),
        ("PA-440", "PA-400 ～ PA-460", Some(InRange)),
        ("FortiGate 80F", "FortiGate 60F～90F", Some(InRange)),
        ("IntelliVue MX400", "IntelliVue MX400-MX850", Some(Within)),
        ("IntelliVue MX900", "IntelliVue MX400-MX850", None),
        ("IntelliVue MX80", "IntelliVue MX400-MX850", None),
        ("IntelliVue MP500", "IntelliVue MX400-MX850", None),
        ("FortiGate 100F", "FortiGate 60F～90F", None),
        ("FortiGate 80E", "FortiGate 60F～90F", None),
        // A hyphen is mostly no range.
        ("X2615", "WLAN AP X2612-8000", None),
        ("CP 900", "SIMATIC CP 343-1", None),
        // Lists: what stands between two members is none.
        ("CARESCAPE B650", "CARESCAPE B450, B650, B850", Some(Within)),
        ("CARESCAPE B650", "CARESCAPE B450、B650 および B850", Some(Within)),
        ("CARESCAPE B550", "CARESCAPE B450, B650, B850", None),
        ("FortiGate 61F", "FortiGate 60F/61F", Some(Within)),
        ("FortiGate-61F", "FortiGate 60F/61F", Some(Within)),
        ("FortiGate 62F", "FortiGate 60F/61F", None),
        ("IntelliVue MX700", "IntelliVue MP monitors MX800/700/600 ((865240/41/42) WLAN", Some(Within)),
        ("IntelliVue MX650", "IntelliVue MP monitors MX800/700/600 ((865240/41/42) WLAN", None),
        ("IntelliVue MX42", "IntelliVue MP monitors MX800/700/600 ((865240/41/42) WLAN", None),
        // Series.
        ("PA-440", "PA-400 series", Some(InSeries)),
        ("PA-440", "PA-400シリーズ", Some(InSeries)),
        ("PA-440", "PA-220, PA-400 and PA-800 series", Some(InSeries)),
        ("PA-540", "PA-400 series", None),
        ("PA-4400", "PA-400 series", None),
        ("PA-400シリーズ", "PA-400 Series", Some(Within)),
        ("Catalyst 2960X-24TS-L", "Catalyst 2960-X シリーズ", Some(InSeries)),
        ("Catalyst 2960-24TC-S", "Catalyst 2960-X シリーズ", None),
        ("SRX345", "SRX Series", Some(InSeries)),
        ("EX345", "SRX Series", None),
        ("EDS-408A-MM-SC", "EDS-408A series", Some(InSeries)),
        ("SCALANCE X308-2M", "SCALANCE X-300 switch family (incl. SIPLUS NET variants)", Some(InSeries)),
        ("FL SWITCH 48123", "FL SWITCH 3xxx 4xxx and 48xxx Series", Some(InSeries)),
        ("FL SWITCH 5812", "FL SWITCH 3xxx 4xxx and 48xxx Series", None),
        // Families are in doubt, and a gloss in Japanese hides nothing.
        ("IntelliVue MX750", "IntelliVue", Some(Family)),
        ("IntelliVue MX750 生体情報モニタ", "IntelliVue MX750", Some(Within)),
        ("生体情報モニタ MX800", "IntelliVue MX400-MX850", Some(InRange)),
        ("X", "Switch X", None),
        ("", "Switch X", None),
        ("MX4294967296", "MX400-MX99999999999", None),
        ("MX1000000001", "MX-1000000000 series", Some(InSeries)),
    ] {
        if close(model, product) != expected {
            wrong.push((model, product, close(model, product), expected));
        }
    }
    assert!(wrong.is_empty(), "model, product, found, expected: {wrong:#?}");
}

#[test]
fn a_number_behind_a_hyphen_is_one_model_with_what_stands_in_front() {
    let family = |number: &str| format!("SIMATIC S7-{number} CPU family (incl. SIPLUS variants)");
    assert_eq!(close(&family("1200"), &family("410")), None);
    assert_eq!(close(&family("410"), &family("400")), None, "a family is no member of another one");
    assert_eq!(close("SIMATIC S7-315 CPU", &family("300")), Some(Closeness::InSeries));
    assert_eq!(close("SIMATIC S7-315 CPU", &family("400")), None);
    assert_eq!(close("SIMATIC CM 1542SP-1", "SIMATIC CM 1542-1"), None);
    assert_eq!(close("H3W2GR1V", "H3W2GR1"), None);
    assert_eq!(close("FR Configurator2", "FR Configurator"), None);
}
