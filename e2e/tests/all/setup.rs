//! The first start: from an empty folder to the first import.

use std::path::Path;

use shindan_e2e::story::walk_empty;

#[tokio::test]
async fn an_empty_installation_is_set_up_and_imports_its_ledger() {
    walk_empty("setup", async |story| {
        let o = story.lang;
        let told = story.program.told();
        let Some(code) = told.split("/setup?code=").nth(1).and_then(|rest| rest.split_whitespace().next())
        else {
            return Err(format!("the address of the set-up is not shown:\n{told}"));
        };
        let mut person = story.visitor().await?;
        person.open("/").await?;
        person.shot("locked").await?;
        person.open(&format!("/setup?code={code}")).await?;
        person.shot("language").await?;
        person.press_within("main", o.of("日本語", "English")).await?;
        person.fill(o.of("組織の名称", "Name of the organisation"), "見本クリニック").await?;
        person.tick(o.of("医療機関", "A medical institution")).await?;
        person.shot("organisation").await?;
        person.press(o.of("次へ", "Next")).await?;
        person.fill(o.of("氏名", "Name"), "見本 一郎").await?;
        person.fill(o.of("パスワード", "Password"), "short").await?;
        person.fill(o.of("パスワード（もう一度", "Password, again"), "shorter").await?;
        // The browser would not send it; what the server says is wanted here.
        person.ask("document.querySelectorAll('form').forEach((form) => { form.noValidate = true })").await?;
        person.press(o.of("登録して始める", "Register and begin")).await?;
        person.shot("refused").await?;
        if person.value(o.of("氏名", "Name")).await? != "見本 一郎" {
            return Err("the name is lost after the refusal".to_owned());
        }
        person.fill(o.of("パスワード", "Password"), "見本の合言葉は四つの語でできている").await?;
        person
            .fill(o.of("パスワード（もう一度", "Password, again"), "見本の合言葉は四つの語でできている")
            .await?;
        person.press(o.of("登録して始める", "Register and begin")).await?;
        person.shot("keys").await?;
        person.press(o.of("次へ", "Next")).await?;
        person.shot("network").await?;
        person.press(o.of("次へ", "Next")).await?;
        person.shot("next").await?;
        person.open("/assets/import").await?;
        let ledger = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/ledger.csv");
        person.upload(o.of("ファイル", "File"), &ledger).await?;
        person.press(o.of("内容を確認する", "Look at")).await?;
        person.sees("ﾒｰｶｰ名").await?;
        person.shot("columns").await?;
        person.press(o.of("登録する", "Register")).await?;
        person.shot("imported").await?;
        person.open("/assets").await?;
        person.sees("FortiGate-60F").await?;
        person.shot("assets").await?;
        person.finish().await
    })
    .await;
}
