//! Forms without scripts, and forms that were refused: nothing that was typed is lost.

use shindan_e2e::story::{Who, walk};

#[tokio::test]
async fn the_main_forms_work_without_scripts() {
    walk("plain", async |story| {
        let o = story.lang;
        let mut person = story.visitor_without_scripts().await?;
        person.open("/login").await?;
        if person.ask("return typeof htmx").await? != "undefined" {
            return Err("scripts of the page run although they are switched off".to_owned());
        }
        story.enter(&mut person, Who::Operator).await?;
        person.open("/cases").await?;
        person.press("Fortinet FG-80F → 7.2.7, 7.4.3").await?;
        let judge = o.of("影響の有無を判断", "Judge whether it is affected");
        person.follow(judge).await?;
        person.tick(o.of("影響なし", "not affected")).await?;
        let reason = o.of("影響がない理由", "Why it is not affected");
        person.fill(o.of("説明", "Note"), "SSL-VPN を使っていない").await?;
        person.press(judge).await?;
        // Refused: a reason is missing. What was typed is still there.
        if person.value(o.of("説明", "Note")).await?.trim() != "SSL-VPN を使っていない" {
            return Err("what was typed is lost after the refusal".to_owned());
        }
        person.shot("refused").await?;
        person.choose_at(reason, 3).await?;
        person.press(judge).await?;
        person.sees(o.of("影響なし", "not affected")).await?;
        person.shot("judged").await?;
        person.open("/records/system").await?;
        person.press("画像管理システム").await?;
        person.press(o.of("訂正・終了など", "Corrections and endings")).await?;
        person.press(o.of("システムの登録内容を変更", "Change the system's record")).await?;
        person.shot("change").await?;
        person.finish().await
    })
    .await;
}

#[tokio::test]
async fn a_refused_form_keeps_what_was_typed() {
    walk("refused", async |story| {
        let o = story.lang;
        let mut person = story.person(Who::Operator).await?;
        person.open("/records/change/new").await?;
        person.fill(o.of("件名", "Title"), "書きかけの件名").await?;
        person.fill(o.of("システム", "System"), "そんなシステムはない").await?;
        person.fill(o.of("作業内容", "What is done, step by step"), "長い手順\n二行目").await?;
        person.ask("document.querySelectorAll('form').forEach((form) => { form.noValidate = true })").await?;
        person.press(o.of("適用作業を計画", "Plan a change")).await?;
        person.shot("refused").await?;
        for (label, typed) in [
            (o.of("件名", "Title"), "書きかけの件名"),
            (o.of("作業内容", "What is done, step by step"), "長い手順\n二行目"),
        ] {
            let kept = person.value(label).await?;
            if kept.trim() != typed {
                return Err(format!("{label} is \"{kept}\" after the refusal"));
            }
        }
        person.finish().await
    })
    .await;
}
