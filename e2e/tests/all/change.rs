//! Stopped at the gate, and through it: nothing is applied before tests, a second person and consent are there.

use shindan_e2e::Outcome;
use shindan_e2e::page::Visitor;
use shindan_e2e::story::{Who, walk};

async fn plan(operator: &mut Visitor) -> Outcome {
    let o = operator.lang;
    operator.open("/records/change/new").await?;
    operator.fill(o.of("件名", "Title"), "画像管理の接続制限").await?;
    operator.choose(o.of("種類", "Kind"), o.of("隔離", "Isolation")).await?;
    operator.fill(o.of("システム", "System"), "画像管理システム").await?;
    operator.fill(o.of("対応案件", "Case"), "DEMO-2024-0006").await?;
    operator.type_into_group(o.of("機器", "Assets"), "SV-02").await?;
    operator.fill(o.of("医療機関", "Medical institution"), "サンプル総合病院").await?;
    operator
        .fill(o.of("作業内容", "What is done, step by step"), "1. 設定を保存 2. 接続元を制限 3. 表示を確認")
        .await?;
    operator.shot("plan").await?;
    operator.press(o.of("適用作業を計画", "Plan a change")).await?;
    operator.follow(o.of("業務への影響を評価", "Assess the impact")).await?;
    operator.fill(o.of("停止時間（分）", "Downtime in minutes"), "10").await?;
    operator.fill(o.of("内容", "Text"), "画像の参照が10分間できない").await?;
    operator.press(o.of("業務への影響を評価", "Assess the impact")).await?;
    operator.follow(o.of("試験を計画", "Plan the tests")).await?;
    operator.fill(o.of("試験の名称", "Name"), "表示").await?;
    operator.fill(o.of("期待する結果", "Expected result"), "画像が表示される").await?;
    operator.tick(o.of("合格が適用の条件", "Required before applying")).await?;
    operator.press(o.of("試験を計画", "Plan the tests")).await
}

#[tokio::test]
async fn nothing_is_applied_before_its_gate_is_open() {
    walk("change", async |story| {
        let o = story.lang;
        let apply = o.of("適用を記録", "Record that it was applied");
        let mut operator = story.person(Who::Operator).await?;
        plan(&mut operator).await?;
        let address = operator.path().await?.split('?').next().unwrap_or_default().to_owned();
        operator.shot("gate-closed").await?;

        // It is not offered. Whoever tries it all the same is refused, with what is in the way and where to remove it.
        operator.press(o.of("いまはできないこと", "What cannot be done now")).await?;
        operator.shot("why-not").await?;
        operator.offers_not(apply).await?;
        operator.open(&format!("{address}/do/apply")).await?;
        operator.press(apply).await?;
        operator.sees(o.of("必須の試験「表示」", "表示")).await?;
        operator.shot("refused").await?;
        operator.follow(o.of("試験の実施を記録", "Record a test")).await?;
        if !operator.path().await?.starts_with(&format!("{address}/do/run-test")) {
            return Err(format!("the blocker leads to {}", operator.path().await?));
        }
        operator.fill(o.of("試験の名称", "Test"), "表示").await?;
        operator.tick(o.of("合格", "passed")).await?;
        operator.choose(o.of("環境", "Environment"), "画像管理 検証環境").await?;
        operator.shot("test").await?;
        operator.press(o.of("試験の実施を記録", "Record a test")).await?;

        // Who tested does not confirm.
        let confirm = o.of("試験結果を確認", "Confirm the test results");
        operator.open(&format!("{address}/do/confirm-tests")).await?;
        operator.press(confirm).await?;
        operator.sees(o.of("別の人", "another person")).await?;
        operator.shot("not-the-tester").await?;

        let mut other = story.person(Who::OtherOperator).await?;
        other.open(&address).await?;
        other.follow(confirm).await?;
        other.press(confirm).await?;
        other.finish().await?;

        // The head of the hospital signs on paper; whoever planned records the paper.
        let paper = story.program.folder().join("consent.txt");
        std::fs::write(&paper, "画像管理の接続制限に同意します。病院長 五郎")
            .map_err(|error| error.to_string())?;
        operator.open(&address).await?;
        operator.sees(o.of("別の人の署名がある書面を記録してください", "paper")).await?;
        let consent = o.of("医療機関の同意を記録", "Record the institution's consent");
        operator.open(&format!("{address}/do/consent")).await?;
        operator.set(o.of("適用開始", "May be applied from"), "2020-01-01T00:00").await?;
        operator.set(o.of("適用終了", "Until"), "2099-01-01T00:00").await?;
        operator.fill(o.of("停止時間（分）", "Downtime in minutes"), "10").await?;
        operator.fill(o.of("切り戻しの方法", "How it is taken back"), "保存した設定を戻す").await?;
        operator.press(o.of("書面による場合", "Given on paper")).await?;
        operator.upload(o.of("書面の写し", "Scan of the paper"), &paper).await?;
        operator.fill(o.of("署名者の氏名", "Name of the signer"), "病院長 五郎").await?;
        operator.shot("consent").await?;
        operator.press(consent).await?;
        operator.sees("病院長 五郎").await?;

        operator.open(&address).await?;
        operator.shot("gate-open").await?;
        operator.follow(apply).await?;
        operator.press(apply).await?;
        operator.sees(o.of("適用済み", "applied")).await?;
        operator.shot("applied").await?;
        operator.finish().await
    })
    .await;
}
