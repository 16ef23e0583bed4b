//! Lists of devices: nothing is hidden, nothing is a key, what people wrote is escaped, JSON follows its schema.

use jiff::civil::date;
use shindan_domain::device::{DeviceCategory, DeviceState};
use shindan_domain::ledger::{Kind, Stream};
use shindan_domain::process::{Reason, ReasonCode};
use uuid::Uuid;

use super::*;
use crate::table::Style;
use crate::words::{Lang, Words};

fn device(number: u128, state: DeviceState, open_since: Option<Date>) -> DeviceLine {
    DeviceLine {
        stream: Stream::new(Kind::Device, Uuid::from_u128(number)),
        number: format!("MED-2026-{number:04}"),
        name: "<script>ポンプ</script>".to_owned(),
        key: "id:pump".to_owned(),
        category: DeviceCategory::IotDevice,
        state,
        system: None,
        open_since,
        why: open_since.map(|_| "更改した".to_owned()),
        alarms: vec![Reason::new(ReasonCode::DeviceDisconnectionOpen).with("date", "2026-11-20")],
    }
}

fn sample() -> DeviceReport {
    DeviceReport {
        as_of: date(2026, 11, 27),
        made: "2026-11-26T22:00:00Z".parse().unwrap(),
        devices: 7,
        lines: vec![
            device(1, DeviceState::Stopped, Some(date(2026, 9, 20))),
            device(2, DeviceState::SeenAgain, Some(date(2026, 11, 27))),
        ],
    }
}

#[test]
fn days_are_counted_across_months_and_the_state_is_a_word() {
    let sample = sample();
    let days: Vec<_> = sample.lines.iter().map(|line| line.days_open(sample.as_of)).collect();
    assert_eq!(days, [Some(68), Some(0)]);
    for lang in Lang::ALL {
        let words = Words::new(lang);
        let style = Style { color: false, width: Some(220), max_age_days: None };
        let html = stopped_html(&sample, &words).unwrap();
        for text in [stopped_table(&sample, &words, &style), html.clone()] {
            for state in [DeviceState::Stopped, DeviceState::SeenAgain] {
                assert!(text.contains(&words.term(state.term())), "{lang}: {text}");
            }
            assert!(text.contains("68") && text.contains("MED-2026-0002") && text.contains('7'));
            assert!(!text.contains("[device-") && !text.contains("{$"), "{lang}: {text}");
        }
        assert!(html.contains("@page{size:A4") && html.contains(&format!("lang=\"{lang}\"")));
        assert!(!html.contains("<script") && !html.contains("http://") && !html.contains("https://"));
        let alarms = alarms_table(&sample, &words, &style);
        assert!(alarms.contains("2026-11-20") && !alarms.contains("device-disconnection-open"), "{alarms}");
        let none = DeviceReport { lines: Vec::new(), ..sample.clone() };
        assert!(stopped_table(&none, &words, &style).contains('7'), "of how many is said without any, too");
    }
}

#[test]
fn json_follows_its_schema() {
    let mut bytes = Vec::new();
    write_devices(&mut bytes, &sample()).unwrap();
    let value: serde_json::Value = serde_json::from_slice(&bytes).unwrap();
    let schema = include_str!("../../../../docs/schemas/devices-1.json");
    let schema: serde_json::Value = serde_json::from_str(schema).unwrap();
    let validator = jsonschema::draft202012::new(&schema).unwrap();
    let errors: Vec<String> =
        validator.iter_errors(&value).map(|e| format!("{}: {e}", e.instance_path())).collect();
    assert!(errors.is_empty(), "{errors:#?}");
    assert_eq!(value["devices"][0]["days_open"], 68);
    for key in ["as_of", "devices", "dossiers", "made"] {
        let mut less = value.clone();
        less.as_object_mut().unwrap().remove(key);
        assert!(!validator.is_valid(&less), "{key} is required");
    }
    for state in DeviceState::ALL {
        let mut other = value.clone();
        other["devices"][0]["state"] = serde_json::json!(state);
        assert!(validator.is_valid(&other), "{state} is in the schema");
    }
    for category in DeviceCategory::ALL {
        let mut other = value.clone();
        other["devices"][0]["category"] = serde_json::json!(category);
        assert!(validator.is_valid(&other), "{category} is in the schema");
    }
}
