//! To come in and to go.

use shindan_e2e::story::{Who, walk};

#[tokio::test]
async fn a_wrong_password_is_refused_and_the_right_one_opens() {
    walk("login", async |story| {
        let mut person = story.visitor().await?;
        let (name, password) = Who::Operator.account();
        person.log_in(name, "not the password").await?;
        person.shot("refused").await?;
        person.sees(person.of("ログインできませんでした", "You could not be logged in")).await?;
        person.log_in(name, password).await?;
        person.sees(person.of("あなたを待っているもの", "Waiting for you")).await?;
        person.shot("today").await?;
        person.finish().await
    })
    .await;
}

#[tokio::test]
async fn who_leaves_is_gone() {
    walk("logout", async |story| {
        let mut person = story.person(Who::Manager).await?;
        person.press(person.of("ログアウト", "Log out")).await?;
        person.shot("gone").await?;
        person.open("/cases").await?;
        person.sees(person.of("パスワード", "Password")).await?;
        person.sees_not("DEMO-2024-").await?;
        person.finish().await
    })
    .await;
}
