//! Steps that are taken once more: their forms open with what was said, and the page says what to go on with.

use jiff::ToSpan;
use shindan_domain::people::Role;

use super::served::{Answer, Browser, Served, encoded};

/// The address of a record of the demo that is listed there.
fn listed(browser: &Browser<'_>, kind: &str, query: &str) -> String {
    let list = browser.page(&format!("/records/{kind}?{query}"));
    let main = list.split("<main").nth(1).unwrap();
    let begin = format!("href=\"/records/{kind}/");
    let links = main.split(&begin).skip(1);
    let id = links.map(|rest| rest.split('"').next().unwrap()).find(|id| id.len() == 36);
    format!("/records/{kind}/{}", id.unwrap_or_else(|| panic!("no {kind} {query}: {list}")))
}

fn take(browser: &Browser<'_>, form: &str, fields: &[(&str, &str)]) -> Answer {
    let page = browser.get(form);
    assert_eq!(page.status, 200, "{form}: {}", page.text());
    let (csrf, once, seen) = (page.field("csrf"), page.field("once"), page.field("seen"));
    let mut all = vec![("csrf", csrf.as_str()), ("once", once.as_str()), ("seen", seen.as_str())];
    all.extend_from_slice(fields);
    browser.post(form, &all)
}

/// The values of a field that are ticked or chosen.
fn chosen(page: &str, name: &str) -> Vec<String> {
    let begin = format!("name=\"{name}\" value=\"");
    let inputs = page.split(&begin).skip(1);
    let ticked = inputs.filter(|rest| rest.split('>').next().unwrap().contains(" checked"));
    let mut all: Vec<String> = ticked.map(|rest| rest.split('"').next().unwrap().to_owned()).collect();
    let select = format!("<select id=\"f-{}\"", name.replace('_', "-"));
    if let Some(select) = page.split(&select).nth(1) {
        let options = select.split("</select>").next().unwrap().split("<option value=\"").skip(1);
        let on = options.filter(|option| option.split('>').next().unwrap().contains(" selected"));
        all.extend(on.map(|option| option.split('"').next().unwrap().to_owned()));
    }
    all.retain(|value| !value.is_empty());
    all
}

#[test]
fn judging_analysing_and_deciding_open_with_what_was_said() {
    let served = Served::demo();
    let operator = served.person(Role::Operator);
    let case = listed(&operator, "case", "state=detected");
    let step = |name: &str| format!("{case}/do/{name}");
    let first = operator.page(&step("judge"));
    assert_eq!(chosen(&first, "applicability"), [""; 0], "the first time, nothing is said before");
    assert!(!first.contains("空欄にすると「なし」になります"));

    let said = [("applicability", "affected"), ("note", "版が範囲に入る\n設置場所も確かめた")];
    let done = take(&operator, &step("judge"), &said);
    assert_eq!(done.status, 303, "{}", done.text());
    let page = operator.page(&done.location());
    let go_on =
        page.split("class=\"go-on\"").nth(1).expect("what comes next").split("</nav>").next().unwrap();
    assert!(go_on.contains(&format!("href=\"{}\"", step("analyse"))), "{go_on}");
    let again = operator.page(&step("judge"));
    assert_eq!(chosen(&again, "applicability"), ["affected"]);
    assert!(again.contains(">\n版が範囲に入る\n設置場所も確かめた</textarea>"), "{again}");

    let said = [
        ("patient_safety", "minor"),
        ("availability", "serious"),
        ("note", "受付が止まる"),
        ("departs", "immediate"),
        ("departs_because", "代わりの機器がない"),
    ];
    let done = take(&operator, &step("analyse"), &said);
    assert_eq!(done.status, 303, "{}", done.text());
    let again = operator.page(&step("analyse"));
    assert_eq!(chosen(&again, "patient_safety"), ["minor"]);
    assert_eq!(chosen(&again, "availability"), ["serious"]);
    assert_eq!(chosen(&again, "departs"), ["immediate"]);
    assert!(again.contains("受付が止まる</textarea>") && again.contains("代わりの機器がない</textarea>"));

    // Within what the policy of the demo permits.
    let today = shindan_app::clock::day_in_japan(shindan_app::clock::now());
    let [until, later] = [60_i64, 61].map(|days| today.checked_add(days.days()).unwrap().to_string());
    let said = [("treatment", "accept"), ("reason", "次の更改で解消する"), ("until", until.as_str())];
    let done = take(&operator, &step("decide"), &said);
    assert_eq!(done.status, 303, "{}", done.text());
    let page = operator.page(&done.location());
    let go_on =
        page.split("class=\"go-on\"").nth(1).expect("what comes next").split("</nav>").next().unwrap();
    assert!(!go_on.contains("/do/approve"), "who decided does not approve: {go_on}");
    assert!(go_on.contains("<small>"), "and is told what it waits for: {go_on}");
    let again = operator.page(&step("decide"));
    assert_eq!(chosen(&again, "treatment"), ["accept"]);
    assert!(again.contains(&format!("value=\"{until}\"")) && again.contains("次の更改で解消する</textarea>"));
    // What is sent again without a change of somebody else in between is the new decision.
    let said = [("treatment", "accept"), ("reason", "次の更改で解消する"), ("until", later.as_str())];
    assert_eq!(take(&operator, &step("decide"), &said).status, 303);
    assert!(operator.page(&step("decide")).contains(&format!("value=\"{later}\"")));
}

#[test]
fn tests_and_impact_open_with_what_is_planned_and_a_change_leads_to_its_case() {
    let served = Served::demo();
    let operator = served.person(Role::Operator);
    let change = listed(&operator, "change", &format!("text={}", encoded("LB-01")));
    let tests = operator.page(&format!("{change}/do/plan-tests"));
    assert!(tests.contains("name=\"tests.0.name\" value=\"接続\""), "{tests}");
    assert!(tests.contains("更新後も保守端末から接続できる</textarea>"));
    let mandatory = tests.split("name=\"tests.0.mandatory\"").nth(1).unwrap();
    assert!(mandatory.split('>').next().unwrap().contains("checked"));

    let page = operator.page(&change);
    let case = page.split("href=\"/records/case/").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let go_on = page.split("class=\"go-on\"").nth(1).expect("the case").split("</nav>").next().unwrap();
    assert!(go_on.contains(&format!("href=\"/records/case/{case}\"")), "{go_on}");
    let of_case = operator.page(&format!("/records/case/{case}"));
    let go_on = of_case.split("class=\"go-on\"").nth(1).expect("its change").split("</nav>").next().unwrap();
    assert!(go_on.contains(&format!("href=\"{change}\"")), "{go_on}");

    let value = |page: &str, name: &str| {
        let rest = page.split(&format!("name=\"{name}\" value=\"")).nth(1).unwrap_or_default();
        rest.split('"').next().unwrap_or_default().to_owned()
    };
    let system = operator.page("/records/system?show=all&text=%E4%BF%9D%E5%AE%88%E5%9B%9E%E7%B7%9A");
    assert!(system.contains("電子カルテ保守回線"));
    let institution = operator.page("/records/party?show=all");
    let name = |page: &str| {
        let main = page.split("<tbody>").nth(1).unwrap();
        main.split("href=\"/records/party/")
            .nth(1)
            .unwrap()
            .split('>')
            .nth(1)
            .unwrap()
            .split('<')
            .next()
            .unwrap()
            .to_owned()
    };
    let party = name(&institution);
    let plan = [
        ("kind", "patch"),
        ("title", "二台目の更新"),
        ("description", "更新して再起動する"),
        ("case", case.as_str()),
        ("system", "電子カルテ保守回線"),
        ("assets", "LB-01"),
        ("institution", party.as_str()),
    ];
    let begun = operator.get("/records/change/new");
    let mut fields = vec![("csrf", begun.field("csrf")), ("once", begun.field("once"))];
    fields.extend(plan.iter().map(|(name, value)| (*name, (*value).to_owned())));
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let done = operator.post("/records/change/new", &fields);
    assert_eq!(done.status, 303, "{}", done.text());
    let change = done.location().split('?').next().unwrap().to_owned();
    let impact = format!("{change}/do/assess-impact");
    assert_eq!(value(&operator.page(&impact), "stop_minutes"), "");
    let done = take(&operator, &impact, &[("text", "30分止まる"), ("stop_minutes", "30")]);
    assert_eq!(done.status, 303, "{}", done.text());
    let again = operator.page(&impact);
    assert_eq!(value(&again, "stop_minutes"), "30");
    assert!(again.contains("30分止まる</textarea>"));
}

#[test]
fn verifying_a_patch_asks_for_little_and_keeps_everything_when_it_is_refused() {
    let served = Served::demo();
    let operator = served.person(Role::Operator);
    let patch = listed(&operator, "patch", "show=all");
    let address = format!("{patch}/do/verify");
    let form = operator.page(&address);
    let form = form.split("<form class=\"form\"").nth(1).unwrap();
    let usual = form.split("<details").next().unwrap();
    let names: Vec<&str> = usual
        .split(" name=\"")
        .skip(1)
        .map(|rest| rest.split('"').next().unwrap())
        .filter(|name| !matches!(*name, "csrf" | "once" | "seen" | "add"))
        .collect();
    assert_eq!(names, ["file", "digests", "channel", "keys", "signatures"]);
    assert_eq!(form.matches("<details class=\"more\">").count(), 4, "closed at first: {form}");
    assert!(form.contains("製造元が SHA256SUMS のような一覧を公開しているときに使います"));

    let csrf = super::served::field(form, "csrf");
    let fields =
        [("csrf", csrf.as_str()), ("once", "web-V1"), ("identity", "maker@example.jp"), ("rpm", "yes")];
    let refused = operator.post_file(&address, &fields, ("checksums", "SHA256SUMS", b"00  p.bin\n"));
    assert_eq!(refused.status, 422, "the file is missing");
    let page = refused.text();
    let folds: Vec<&str> = page.split("<details class=\"more\"").skip(1).collect();
    let of = |text: &str| folds.iter().find(|fold| fold.split("</details>").next().unwrap().contains(text));
    for kept in ["value=\"maker@example.jp\"", "SHA256SUMS</label>", "name=\"rpm\" value=\"yes\" checked"] {
        let fold = of(kept).unwrap_or_else(|| panic!("{kept} is lost: {page}"));
        assert!(fold.starts_with(" open"), "{kept} is in sight");
    }
    assert!(page.contains("製造元が公表") && folds.len() == 4);
}

#[test]
fn pages_have_the_time_of_japan_in_both_languages_and_say_so() {
    let served = Served::demo();
    let japanese = served.person(Role::Operator);
    let mut english = served.person(Role::Operator);
    // As the browser wants it, not as the person chose: nothing is kept.
    english.language = "en";
    for at in ["/cases?show=all", "/ledger", "/sources", "/records/source-check?show=all", "/account"] {
        let (ja, en) = (japanese.page(at), english.page(at));
        assert!(en.contains("<html lang=\"en\""), "{at}");
        assert!(en.contains("(Japan time, JST)") && ja.contains("（日本時間）"), "{at}");
        let times = |page: &str| -> Vec<String> {
            let main = page.split("<main").nth(1).unwrap().split("<footer").next().unwrap().to_owned();
            let cells = main.split(['<', '>']).map(str::trim).map(str::to_owned);
            let digits = |text: &str| text.replace(['年', '月'], "-").replace("日 ", " ");
            let is_time = |text: &String| {
                let (day, time) = text.split_once(' ').unwrap_or_default();
                day.len() >= 8 && time.len() == 5 && time.as_bytes()[2] == b':'
            };
            cells.map(|cell| digits(&cell)).filter(is_time).collect()
        };
        let hours = |all: Vec<String>| -> Vec<String> {
            all.iter().map(|text| text.split(' ').nth(1).unwrap().to_owned()).collect()
        };
        assert_eq!(hours(times(&en)), hours(times(&ja)), "{at}");
        let marked = en.match_indices("Z<").any(|(at, _)| en[..at].ends_with(|c: char| c.is_ascii_digit()));
        assert!(!marked, "{at}: no time of another zone");
    }
}
