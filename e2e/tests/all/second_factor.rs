//! A policy asks a role for a second factor: nothing goes on before an app is set up, nobody comes in without its code, and a recovery
//! code helps once.

use shindan_e2e::page::Visitor;
use shindan_e2e::story::{Who, walk};
use shindan_e2e::{Outcome, codes};

/// One proposes that operators need an app, another approves.
async fn ask_operators(manager: &mut Visitor, approver: &mut Visitor) -> Outcome {
    let o = manager.lang;
    manager.open("/records/policy/new").await?;
    manager.fill(o.of("件名", "Title"), "二要素認証").await?;
    manager.fill(o.of("理由", "Why"), "安全管理委員会の決定").await?;
    manager.tick(o.of("運用担当者", "System operator")).await?;
    manager.shot("asked").await?;
    manager.press(o.of("方針を提案", "Propose a policy")).await?;
    let policy = manager.path().await?.split('?').next().unwrap_or_default().to_owned();
    approver.open(&policy).await?;
    approver.follow(o.of("方針を承認", "Approve the policy")).await?;
    approver.press(o.of("方針を承認", "Approve the policy")).await?;
    approver.shot("in-force").await
}

/// Sets the app up; its secret, and the recovery codes.
async fn set_up(operator: &mut Visitor) -> Outcome<(String, Vec<String>)> {
    let o = operator.lang;
    operator
        .sees(o.of("先に進む前に、認証アプリを設定してください。", "Set up an authenticator app"))
        .await?;
    operator.shot("first-the-app").await?;
    operator.press(o.of("認証アプリを設定する", "Set up an app")).await?;
    let secret = operator.ask("return document.querySelector('main details code').textContent").await?;
    let secret = secret.as_str().unwrap_or_default().to_owned();
    let label = o.of("アプリに表示された6桁の数字", "The six digits that the app shows");
    let wrong = if codes::code(&secret, 0)? == "000000" { "000001" } else { "000000" };
    operator.fill(label, wrong).await?;
    operator.press(o.of("確かめて有効にする", "Check and switch on")).await?;
    operator.shot("wrong-code").await?;
    operator.offers_not(o.of("認証アプリを外す", "Remove the app")).await?;
    if operator.find("field", label, None).await?.is_none() {
        return Err("a wrong code leads away from the page on which the app is set up".to_owned());
    }
    let secret = operator.ask("return document.querySelector('main details code').textContent").await?;
    let secret = secret.as_str().unwrap_or_default().to_owned();
    operator.fill(label, &codes::code(&secret, 0)?).await?;
    operator.press(o.of("確かめて有効にする", "Check and switch on")).await?;
    operator.sees(o.of("回復コードです", "Recovery codes")).await?;
    operator.shot("recovery-codes").await?;
    let script =
        "return Array.from(document.querySelectorAll('ul.given code')).map((one) => one.textContent)";
    let shown = operator.ask(script).await?;
    let shown = shown.as_array().into_iter().flatten().filter_map(|one| one.as_str().map(str::to_owned));
    let recovery: Vec<String> = shown.collect();
    if recovery.len() == 10 { Ok((secret, recovery)) } else { Err(format!("{} codes", recovery.len())) }
}

/// Logs in with password and code; whether that leads in.
async fn tries(operator: &mut Visitor, code: &str) -> Outcome<bool> {
    let (name, password) = Who::Operator.account();
    let o = operator.lang;
    operator.log_in(name, password).await?;
    operator.sees(o.of("確認コードも必要です", "A code is needed, too")).await?;
    operator.fill(o.of("パスワード", "Password"), password).await?;
    operator.fill(o.of("確認コード", "Code"), code).await?;
    operator.press(o.of("ログイン", "Log in")).await?;
    let refused = operator.has(o.of("ログインできませんでした", "You could not be logged in")).await?;
    Ok(!refused && operator.path().await?.split('?').next() == Some("/"))
}

#[tokio::test]
async fn an_operator_logs_in_with_an_app_once_a_policy_asks_for_it() {
    walk("second-factor", async |story| {
        let o = story.lang;
        let mut operator = story.person(Who::Operator).await?;
        let (mut manager, mut approver) =
            (story.person(Who::Manager).await?, story.person(Who::Approver).await?);
        ask_operators(&mut manager, &mut approver).await?;
        manager.finish().await?;
        approver.finish().await?;

        // Who is logged in already does nothing else first, whatever is opened.
        for page in ["/cases", "/records/case/new", "/"] {
            operator.open(page).await?;
            if operator.path().await? != "/account?must=totp" {
                return Err(format!("{page} leads to {} without the app", operator.path().await?));
            }
        }
        let (secret, recovery) = set_up(&mut operator).await?;
        operator.open("/cases").await?;
        operator.sees(o.of("対応", "Cases")).await?;
        operator.press(o.of("ログアウト", "Log out")).await?;

        let wrong = if codes::code(&secret, 1)? == "000000" { "000001" } else { "000000" };
        if tries(&mut operator, wrong).await? {
            return Err("a wrong code leads in".to_owned());
        }
        operator.shot("refused").await?;
        // The code of the present step was used to set the app up; the next one counts already, and once.
        let code = codes::code(&secret, 1)?;
        if !tries(&mut operator, &code).await? {
            return Err("the code of the app does not lead in".to_owned());
        }
        operator.shot("in").await?;
        operator.press(o.of("ログアウト", "Log out")).await?;
        if tries(&mut operator, &code).await? {
            return Err("a code counts twice".to_owned());
        }
        let [first, ..] = recovery.as_slice() else { return Err("no recovery code".to_owned()) };
        if !tries(&mut operator, first).await? {
            return Err("a recovery code does not lead in".to_owned());
        }
        operator.open("/account").await?;
        operator.sees(o.of("残りの回復コード：9個", "Recovery codes left: 9")).await?;
        operator.press(o.of("ログアウト", "Log out")).await?;
        if tries(&mut operator, first).await? {
            return Err("a recovery code counts twice".to_owned());
        }
        operator.finish().await
    })
    .await;
}
