//! Language, search, keyboard, and what somebody sees who may change nothing.

use std::time::Duration;

use shindan_e2e::story::{Who, walk};

#[tokio::test]
async fn the_language_is_the_persons_and_stays() {
    walk("language", async |story| {
        let (here, there) = (story.lang, story.lang.of("English", "日本語"));
        let mut person = story.person(Who::Manager).await?;
        person.sees(here.of("今日", "Today")).await?;
        // The page that comes is in the other language, and held against that.
        person.lang = if here.code() == "ja" { shindan_e2e::Lang::En } else { shindan_e2e::Lang::Ja };
        person.press(there).await?;
        person.sees(person.of("今日", "Today")).await?;
        person.shot("other").await?;
        person.open("/cases").await?;
        person.sees(person.of("並べ替え", "Order")).await?;
        person.finish().await
    })
    .await;
}

#[tokio::test]
async fn search_finds_by_number_product_and_two_characters() {
    walk("search", async |story| {
        let mut person = story.person(Who::Operator).await?;
        for (asked, found) in [
            ("CVE-2024-21762", "FortiOS: code execution through the SSL VPN"),
            ("画像", "画像管理システム"),
            ("花子", "管理 花子"),
            ("DEMO-2024-0020", "LB-01"),
        ] {
            person.fill(person.of("検索", "Search"), asked).await?;
            person.press(person.of("検索", "Search")).await?;
            person.sees(found).await?;
            person.shot("found").await?;
        }
        person.finish().await
    })
    .await;
}

#[tokio::test]
async fn the_keyboard_is_enough() {
    walk("keyboard", async |story| {
        let mut person = story.person(Who::Operator).await?;
        let focused = "const at = document.activeElement; return (at.id || at.textContent.trim().slice(0, 60)) + '|' + \
                       at.matches(':focus-visible') + '|' + getComputedStyle(at).outlineStyle";
        let wait = || tokio::time::sleep(Duration::from_millis(300));
        // Whoever logged in with the mouse begins at the top of the next page.
        person.open("/").await?;
        // Tab: first the way past the navigation.
        person.tab().await?;
        let first = person.ask(focused).await?;
        if first != format!("{}|true|solid", person.of("本文へ移動", "Skip to content")) {
            return Err(format!("the first stop of Tab is {first}"));
        }
        person.shot("skip").await?;
        // `/` goes to the search, and does not type itself.
        person.ask("document.activeElement.blur()").await?;
        person.keys("/").await?;
        if person.ask("return document.activeElement.id + document.activeElement.value").await? != "q" {
            return Err("/ does not lead to the search".to_owned());
        }
        // `g` and a letter go to an area; `j` and `k` along the rows, and Enter opens.
        person.ask("document.activeElement.blur()").await?;
        person.keys("gc").await?;
        wait().await;
        if person.path().await? != "/cases" {
            return Err(format!("g c leads to {}", person.path().await?));
        }
        person.look().await?;
        let at = "const at = document.activeElement.closest('tr'); \
                  return at ? Array.from(at.parentElement.children).indexOf(at) : -1";
        for (key, row) in [("j", 0), ("j", 1), ("k", 0)] {
            person.keys(key).await?;
            if person.ask(at).await? != row {
                return Err(format!("{key} does not lead to row {row}"));
            }
        }
        person.shot("row").await?;
        person.keys("\u{e007}").await?;
        wait().await;
        if !person.path().await?.starts_with("/records/case/") {
            return Err(format!("Enter leads to {}", person.path().await?));
        }
        person.look().await?;
        // Tab reaches the next step, and it can be seen that it does.
        let step = person.of("影響の有無を判断", "Judge whether it is affected").to_owned();
        for _ in 0..80 {
            person.tab().await?;
            if person.ask(focused).await? == format!("{step}|true|solid") {
                person.shot("step").await?;
                return person.finish().await;
            }
        }
        Err(format!("Tab does not reach {step}"))
    })
    .await;
}

#[tokio::test]
async fn an_auditor_changes_nothing_and_is_told_why() {
    walk("auditor", async |story| {
        let o = story.lang;
        let mut auditor = story.person(Who::Auditor).await?;
        auditor.open("/cases").await?;
        auditor.press("Fortinet FG-80F → 7.2.2").await?;
        auditor.offers_not(o.of("影響の有無を判断", "Judge whether it is affected")).await?;
        auditor.sees(o.of("必要な役割：企画管理者 / 運用担当者", "needs role:")).await?;
        auditor.shot("case").await?;
        let forms =
            "return Array.from(document.querySelectorAll('main form[method=post]:not([action=\"/columns\"]) button'), (one) => one.textContent)";
        for page in ["/assets", "/cases", "/records/patch", "/records/system", "/sources", "/settings"] {
            auditor.open(page).await?;
            let found = auditor.ask(forms).await?;
            if found.as_array().is_none_or(|found| !found.is_empty()) {
                return Err(format!("{page} offers an auditor to change something: {found}"));
            }
        }
        auditor.open("/assets/import").await?;
        auditor.shot("import").await?;
        auditor.finish().await
    })
    .await;
}
