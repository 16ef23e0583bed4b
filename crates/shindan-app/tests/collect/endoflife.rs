//! endoflife.date, in both forms of its interface.

use shindan_app::knowledge;
use shindan_domain::collect::{CheckOutcome, Failure, SourceKind};
use shindan_mirror::{Fault, Page};

use crate::World;

const FULL: &str = r#"{"schema_version":"1.2.0","generated_at":"2026-11-20T00:00:00+00:00","total":1,"result":[
    {"name":"fortios","label":"FortiOS","category":"os","tags":[],"aliases":[],"identifiers":[],"labels":{"eol":"Support"},
     "links":{"html":"https://endoflife.date/fortios"},"releases":[{"name":"7.0","label":"7.0","releaseDate":"2021-03-30",
     "isLts":false,"isEol":true,"eolFrom":"2025-09-30","isMaintained":false}]}]}"#;
const CYCLES: &str = r#"[{"cycle":"7.0","releaseDate":"2021-03-30","eol":"2025-09-30","latest":"7.0.15"}]"#;

#[test]
fn one_answer_holds_everything() {
    let mut world = World::new("eol", vec![Page::new("/api/v1/products/full", FULL)]);
    let source = world.add("endoflife", SourceKind::Endoflife, "/api");
    assert_eq!(world.sync(source), CheckOutcome::NewItems { count: 1 });
    assert!(knowledge::show(&world.folder(), "EOL:fortios:7.0").is_ok());
    assert_eq!(world.sync(source), CheckOutcome::NothingNew);
    world.mirror.put(Page::new("/api/v1/products/full", FULL.replace("\"total\":1", "\"total\":2")));
    assert_eq!(world.failure(source), Failure::Unreadable, "it announces more products than it holds");
}

#[test]
fn the_older_form_is_a_file_for_each_product() {
    let pages = vec![
        Page::new("/api/all.json", r#"["fortios","php"]"#),
        Page::new("/api/fortios.json", CYCLES),
        Page::new("/api/php.json", CYCLES),
    ];
    let mut world = World::new("eol-older", pages);
    let source = world.add("endoflife", SourceKind::Endoflife, "/api/all.json");
    assert_eq!(world.sync(source), CheckOutcome::NewItems { count: 2 });
    assert!(knowledge::show(&world.folder(), "EOL:php:7.0").is_ok());
    world.mirror.put(Page::new("/api/php.json", CYCLES).etag(Some("\"other\"")));
    world.mirror.always("/api/php.json", Fault::Status(500));
    assert_eq!(world.failure(source), Failure::Status);
    assert!(knowledge::show(&world.folder(), "EOL:php:7.0").is_ok(), "what was there stays");
}
