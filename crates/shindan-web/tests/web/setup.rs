//! The first start over HTTP: nobody without the code, six pages, and what is left to do.

use shindan_server::Limits;

use super::served::{PASSWORD, Served, empty_folder, field, set_up_folder};

#[test]
fn nobody_sets_the_server_up_without_the_code() {
    let served = Served::new(empty_folder(), Some("0123456789abcdef"));
    let stranger = served.browser();
    assert_eq!(stranger.get("/").location(), "/setup");
    assert_eq!(stranger.get("/assets/import").location(), "/setup");
    assert_eq!(stranger.get("/login").location(), "/setup");
    for path in [
        "/setup",
        "/setup?code=",
        "/setup?code=0123456789abcdee",
        "/setup/organisation",
        "/setup/administrator",
    ] {
        let answer = stranger.get(path);
        assert_eq!(answer.status, 403, "{path}");
        assert!(answer.text().contains("サーバを起動した画面"), "{path}");
    }
    let fields = [("csrf", "x"), ("name", "よその病院"), ("kind", "institution"), ("prefix", "BAD")];
    assert_eq!(stranger.post("/setup/organisation", &fields).status, 403);
    // REST says so in words.
    let rest = stranger.get("/api/v1/me");
    assert!(matches!(rest.status, 401 | 503), "{}", rest.text());
}

#[test]
fn the_first_start_leads_from_an_empty_folder_to_a_person_who_is_logged_in() {
    let served = Served::new(empty_folder(), Some("0123456789abcdef"));
    let browser = served.browser();
    let first = browser.get("/setup?code=0123456789abcdef");
    assert_eq!((first.status, first.location().as_str()), (303, "/setup"), "the code leaves the address bar");
    assert!(browser.get("/setup").text().contains("1/6"));
    let csrf = browser.csrf("/setup/organisation");
    // The administrator comes after the organisation.
    assert_eq!(browser.get("/setup/administrator").location(), "/setup/organisation");
    let wrong = browser.post("/setup/organisation", &[("csrf", &csrf), ("name", " "), ("prefix", "MED")]);
    assert_eq!(wrong.status, 422);
    assert!(wrong.text().contains("組織の名称を入力してください"));
    let wrong =
        browser.post("/setup/organisation", &[("csrf", &csrf), ("name", "<架空>病院"), ("prefix", "医療")]);
    assert_eq!(wrong.status, 422);
    assert!(wrong.text().contains("&#60;架空&#62;病院"), "what was typed stays, escaped");
    let fields =
        [("csrf", csrf.as_str()), ("name", "架空総合病院"), ("kind", "institution"), ("prefix", "kakuu")];
    assert_eq!(browser.post("/setup/organisation", &fields).location(), "/setup/administrator");
    // Somebody who pauses finds what they answered.
    assert!(browser.get("/setup/organisation").text().contains("架空総合病院"));
    let with = |password: &'static str, again: &'static str| {
        vec![
            ("csrf", csrf.clone()),
            ("name", "佐藤 一郎".to_owned()),
            ("role", "manager".to_owned()),
            ("role", "operator".to_owned()),
            ("password", password.to_owned()),
            ("again", again.to_owned()),
        ]
    };
    let try_with = |fields: Vec<(&str, String)>| {
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
        browser.post("/setup/administrator", &fields)
    };
    let differs = try_with(with(PASSWORD, "something else"));
    assert_eq!(differs.status, 422);
    assert!(differs.text().contains("2 回のパスワードが同じではありません"));
    let weak = try_with(with("short", "short"));
    assert_eq!(weak.status, 422, "{}", weak.text());
    assert!(weak.text().contains("佐藤 一郎"), "what was typed stays");
    assert!(!weak.text().contains("short"), "passwords do not come back");
    let begun = try_with(with(PASSWORD, PASSWORD));
    assert_eq!(begun.location(), "/setup/keys", "{}", begun.text());
    assert!(!served.folder.join("first-start.json").exists());
    let keys = browser.get("/setup/keys");
    assert_eq!(keys.status, 200, "{}", keys.text());
    let csrf = field(&keys.text(), "csrf");
    assert_eq!(browser.post("/setup/keys", &[("csrf", &csrf)]).location(), "/setup/keys");
    assert!(browser.get("/setup/keys").text().contains("架空総合病院"), "the card names the organisation");
    assert_eq!(browser.get("/setup/card").status, 200);
    let network = browser.get("/setup/network");
    assert!(network.text().contains("閉域網の場合"));
    let added = browser.post("/setup/network", &[("csrf", &csrf)]);
    assert_eq!(added.location(), "/setup/network?told=setup-sources", "{}", added.text());
    assert!(browser.get("/setup/network").text().contains("情報源は登録済みです"));
    let next = browser.get("/setup/next").text();
    assert!(next.contains("6/6") && next.contains("資産台帳を取り込む"));
    let today = browser.get("/").text();
    assert!(today.contains("使い始めるまでに残っていること"));
    // The first pages are over, for everybody.
    assert_eq!(browser.get("/setup").location(), "/");
    assert_eq!(served.browser().get("/setup?code=0123456789abcdef").location(), "/");
    assert_eq!(served.browser().get("/setup/keys").location(), "/login?next=%2Fsetup%2Fkeys");
}

#[test]
fn the_first_password_waits_in_the_same_short_line_as_all_others() {
    let limits = Limits { hashing: 1, waiting_to_hash: 0, ..Limits::default() };
    let served = Served::empty_within("0123456789abcdef", limits);
    let browser = served.browser();
    assert_eq!(browser.get("/setup?code=0123456789abcdef").status, 303);
    let csrf = browser.csrf("/setup/organisation");
    let organisation = [("csrf", csrf.as_str()), ("name", "架空病院"), ("prefix", "KAK")];
    assert_eq!(browser.post("/setup/organisation", &organisation).status, 303);
    let cookies = browser.cookies.borrow().clone();
    let begin = || {
        let browser = served.browser();
        browser.cookies.borrow_mut().clone_from(&cookies);
        let person =
            [("csrf", csrf.as_str()), ("name", "佐藤 一郎"), ("password", PASSWORD), ("again", PASSWORD)];
        browser.post("/setup/administrator", &person)
    };
    let answers: Vec<_> = std::thread::scope(|scope| {
        let all: Vec<_> = (0..8).map(|_| scope.spawn(begin)).collect();
        all.into_iter().map(|one| one.join().unwrap()).collect()
    });
    assert!(answers.iter().any(|answer| answer.status == 303), "one of them began");
    let away: Vec<_> = answers.iter().filter(|answer| answer.status == 503).collect();
    assert!(!away.is_empty(), "{:?}", answers.iter().map(|answer| answer.status).collect::<Vec<_>>());
    for answer in away {
        assert_eq!(answer.header("retry-after"), "2");
        assert!(answer.text().contains("<h1"), "it is a page");
    }
}

#[test]
fn a_folder_that_was_set_up_has_no_first_start() {
    let served = Served::new(set_up_folder(), None);
    let mut browser = served.browser();
    assert_eq!(browser.get("/setup").location(), "/");
    assert_eq!(browser.get("/setup/administrator").location(), "/");
    browser.log_in();
    browser.language = "en";
    assert!(browser.get("/").text().contains("Left to do"));
}

#[test]
fn an_organisation_can_be_both_and_each_step_can_be_left_and_gone_on_with() {
    let served = Served::new(empty_folder(), Some("0123456789abcdef"));
    let come_back = || {
        let browser = served.browser();
        assert_eq!(browser.get("/setup?code=0123456789abcdef").status, 303);
        browser
    };
    let browser = come_back();
    let csrf = browser.csrf("/setup/organisation");
    let fields = |name: &'static str, provides_as: &'static str, prefix: &'static str| {
        [("csrf", csrf.clone()), ("name", name.to_owned()), ("kind", "both".to_owned())]
            .into_iter()
            .chain([("provides_as", provides_as.to_owned()), ("prefix", prefix.to_owned())])
            .collect::<Vec<_>>()
    };
    let send = |fields: Vec<(&str, String)>| {
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
        browser.post("/setup/organisation", &fields)
    };
    // Each mistake is told at its field.
    let wrong = send(fields("架空病院", "架空病院", "医療"));
    assert_eq!(wrong.status, 422);
    let at = |page: &str, field: &str| {
        let field = page.split(&format!("<div class=\"field wrong\"><label for=\"{field}\"")).nth(1);
        field.and_then(|rest| rest.split("</div>").next()).unwrap_or_default().to_owned()
    };
    assert!(at(&wrong.text(), "provides_as").contains("別の名称"), "{}", wrong.text());
    assert!(at(&wrong.text(), "prefix").contains("半角の英字と数字"), "{}", wrong.text());
    assert!(at(&wrong.text(), "name").is_empty());
    assert_eq!(send(fields("架空病院", "", "KAK")).location(), "/setup/administrator");
    // Another browser, another day: the answers are still there.
    let browser = come_back();
    let page = browser.page("/setup/organisation");
    assert!(page.contains("value=\"架空病院\"") && page.contains("value=\"架空病院（提供部門）\""), "{page}");
    assert!(page.contains("value=\"both\" checked"), "{page}");
    let csrf = browser.csrf("/setup/administrator");
    let person = [("csrf", csrf.as_str()), ("name", "佐藤 一郎"), ("role", "manager"), ("role", "operator")];
    let with = |more: [(&'static str, &'static str); 2]| [person.as_slice(), &more].concat();
    let short = browser.post("/setup/administrator", &with([("password", "short"), ("again", "short")]));
    assert!(!at(&short.text(), "password").is_empty(), "{}", short.text());
    let begun = browser.post("/setup/administrator", &with([("password", PASSWORD), ("again", PASSWORD)]));
    assert_eq!(begun.location(), "/setup/keys", "{}", begun.text());
    // Logged in anew, the last three are there in any order.
    let browser = served.browser();
    let form = [("name", "佐藤 一郎"), ("password", PASSWORD)];
    assert_eq!(browser.post("/login", &form).status, 303);
    for step in ["/setup/next", "/setup/network", "/setup/keys"] {
        assert_eq!(browser.get(step).status, 200, "{step}");
    }
    let parties = browser.page("/records/party");
    let place =
        parties.split("架空病院（提供部門）").next().and_then(|before| before.rsplit("href=\"").next());
    let place = place.and_then(|rest| rest.split('"').next()).unwrap().to_owned();
    assert!(browser.page(&place).contains("提供事業者"), "{parties}");
}
