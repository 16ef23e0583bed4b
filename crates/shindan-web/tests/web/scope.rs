//! The switch between systems: where the choice is kept, what each page does with it and says, and that nothing is left out quietly.

use std::collections::BTreeSet;

use shindan_domain::people::Role;

use super::served::{Browser, Served};

/// The systems of the switch: identifier, name.
fn systems(page: &str) -> Vec<(String, String)> {
    let select = page.split("<select id=\"of-system\"").nth(1).expect("a switch");
    let options = select.split("</select>").next().unwrap().split("<option value=\"").skip(2);
    let option = |option: &str| {
        let (id, rest) = option.split_once('"').unwrap();
        let name = rest.split_once('>').unwrap().1.split("</option>").next().unwrap();
        (id.to_owned(), name.to_owned())
    };
    options.map(option).collect()
}

fn choose(browser: &Browser<'_>, system: &str, back: &str) -> super::served::Answer {
    let csrf = browser.page("/account").split("name=\"csrf\" value=\"").nth(1).unwrap().to_owned();
    let csrf = csrf.split('"').next().unwrap();
    let back = super::served::encoded(back);
    browser.post("/system", &[("csrf", csrf), ("back", &back), ("system", system)])
}

/// Addresses of records that a page links to.
fn records(page: &str, kind: &str) -> BTreeSet<String> {
    let main = page.split("<main").nth(1).unwrap();
    let begin = format!("href=\"/records/{kind}/");
    let links = main.split(&begin).skip(1);
    links.map(|link| link.split(['"', '/', '?']).next().unwrap().to_owned()).collect()
}

#[test]
fn the_choice_goes_along_stands_in_the_address_and_ends_with_the_session() {
    let served = Served::shared();
    let operator = served.person(Role::Operator);
    let all = systems(&operator.page("/cases"));
    let (monitors, name) = all.iter().find(|(_, name)| name.contains("生体情報モニタ")).unwrap();
    assert!(
        !operator.page("/cases").contains("class=\"of-system\""),
        "nothing is said while nothing is chosen"
    );

    let to = choose(&operator, monitors, "/cases?sort=due&after=x");
    assert_eq!((to.status, to.location().as_str()), (303, "/cases?sort=due"));
    let to = operator.get("/cases?sort=due");
    assert_eq!(to.location(), format!("/cases?sort=due&system={monitors}"), "it stands in the address");
    let page = operator.page(&to.location());
    assert!(page.contains(&format!("「{name}」のものだけ")), "said in words");
    assert!(page.contains(&format!("value=\"{monitors}\" selected")));
    assert!(page.contains(&format!("name=\"system\" value=\"{monitors}\"")), "a search keeps it");
    for narrowed in ["/", "/assets", "/records/agreement", "/records/device", "/records/review"] {
        let to = operator.get(narrowed).location();
        assert_eq!(to, format!("{narrowed}?system={monitors}"));
        assert!(operator.page(&to).contains("class=\"of-system\""), "{narrowed}");
    }
    for whole in ["/evidence", "/vulnerabilities", "/records/patch", "/ledger", "/figures"] {
        assert!(operator.page(whole).contains("では絞り込まれません"), "{whole}");
    }
    for apart in ["/settings", "/records/party/new", &format!("/records/system/{monitors}")] {
        assert!(operator.page(apart).contains("選んだシステムでは変わりません"), "{apart}");
    }
    // An address that somebody handed on holds for that page alone.
    let (other, other_name) = all.iter().find(|(id, _)| id != monitors).unwrap();
    let page = operator.page(&format!("/cases?system={other}"));
    assert!(page.contains(&format!("「{other_name}」のものだけ")) && page.contains("この画面だけ"));
    let page = operator.page("/cases?system=all");
    assert!(page.contains("この画面だけ、すべてのシステム") && page.contains("value=\"all\" selected"));
    assert_eq!(
        operator.get("/cases").location(),
        format!("/cases?system={monitors}"),
        "what was chosen stays"
    );

    let elsewhere = served.person(Role::Operator);
    assert_eq!(elsewhere.get("/cases").status, 200, "another session has not chosen");
    assert_eq!(choose(&operator, "all", "/cases").location(), "/cases");
    assert_eq!(operator.get("/cases").status, 200);
    choose(&operator, other, "/");
    let csrf = operator.page("/account").split("name=\"csrf\" value=\"").nth(1).unwrap()[..].to_owned();
    operator.post("/logout", &[("csrf", csrf.split('"').next().unwrap())]);
    assert!(!operator.cookies.borrow().keys().any(|name| name.starts_with("shindan_system")));
}

#[test]
fn only_a_form_of_the_session_chooses_and_only_a_system_that_there_is() {
    let operator = Served::shared().person(Role::Operator);
    let known = systems(&operator.page("/cases")).remove(0).0;
    let foreign = operator.post("/system", &[("csrf", "x"), ("back", ""), ("system", &known)]);
    assert_eq!(foreign.status, 403);
    let unknown = choose(&operator, "00000000-0000-0000-0000-000000000000", "/cases");
    assert_eq!(unknown.status, 404);
    assert!(unknown.text().contains("システムを選び直してください"));
    for at in ["/", "/cases", "/assets", "/records/change"] {
        let answer = operator.get(&format!("{at}?system=nonsense"));
        assert_eq!(answer.status, 404, "{at}");
        assert!(answer.text().contains("「nonsense」というシステムはありません"), "{at}");
    }
    assert_eq!(operator.get("/cases").status, 200, "nothing was chosen");
    let guest = Served::shared().browser();
    let answer = guest.post("/system", &[("csrf", ""), ("system", &known)]);
    assert!(answer.location().starts_with("/login"), "{}", answer.status);
}

#[test]
fn the_first_page_and_its_numbers_are_those_of_the_system() {
    let served = Served::shared();
    for role in [Role::Operator, Role::Approver] {
        let person = served.person(role);
        let whole = person.page("/");
        let (mut cases, mut changes) = (BTreeSet::new(), BTreeSet::new());
        for (system, name) in systems(&whole) {
            let page = person.page(&format!("/?system={system}"));
            let own = person.page(&format!("/cases?show=all&system={system}"));
            for case in records(&page, "case") {
                assert!(records(&own, "case").contains(&case), "{name}: {case}");
                cases.insert(case);
            }
            changes.extend(records(&page, "change"));
            assert!(
                page.contains("すべて表示しています"),
                "what belongs to no system stays, and that is told"
            );
            let shown = |page: &str| records(page, "patch").len() + records(page, "notice").len();
            assert_eq!(shown(&page), shown(&whole), "{name}");
        }
        assert!(changes.is_subset(&records(&whole, "change")));
        assert!(!cases.is_empty(), "something of a system waits for {role:?}");
    }
}

#[test]
fn assets_are_those_that_are_recorded_as_part_of_the_system() {
    let operator = Served::shared().person(Role::Operator);
    let whole = operator.page("/assets");
    let number = |page: &str| {
        page.split("class=\"between listing\"><span>").nth(1).unwrap().split('<').next().unwrap().to_owned()
    };
    let mut counts = BTreeSet::new();
    for (system, _) in systems(&whole) {
        let page = operator.page(&format!("/assets?system={system}"));
        assert!(page.contains("記録のない機器は表示していません"));
        counts.insert(number(&page));
        let rows = |text: &str| text.lines().filter(|line| line.contains("FortiGate")).count();
        let file = operator.page(&format!("/assets?system={system}&as=csv"));
        assert_eq!(rows(&file) > 0, page.contains("FortiGate"), "the file is what the page shows");
    }
    assert!(counts.len() > 1, "systems have different assets: {counts:?}");
    assert!(!counts.contains(&number(&whole)), "no system has all of them");
}
