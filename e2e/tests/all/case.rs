//! From the vulnerability to the decision: who is hit, does it apply, what is done, and somebody else approves.

use shindan_e2e::Outcome;
use shindan_e2e::page::Visitor;
use shindan_e2e::story::{Who, walk};

/// The demo's case that nobody has looked at yet.
const CASE: &str = "Fortinet FG-80F → 7.2.2";

async fn analyse_and_decide(operator: &mut Visitor) -> Outcome {
    let o = operator.lang;
    operator.follow(o.of("影響の有無を判断", "Judge whether it is affected")).await?;
    operator.tick(o.of("影響あり", "affected")).await?;
    operator.fill(o.of("説明", "Note"), "管理画面が院外から見える").await?;
    operator.shot("judge").await?;
    operator.press(o.of("影響の有無を判断", "Judge whether it is affected")).await?;
    operator.sees(o.of("影響あり", "affected")).await?;
    operator.follow(o.of("リスクを分析", "Analyse the risk")).await?;
    operator
        .choose(o.of("患者の安全への影響", "Effect on the safety of patients"), o.of("小さい", "small"))
        .await?;
    operator.choose(o.of("診療継続への影響", "Effect on the service"), o.of("大きい", "serious")).await?;
    operator.fill(o.of("説明", "Note"), "検査室の通信が止まりうる").await?;
    operator.press(o.of("リスクを分析", "Analyse the risk")).await?;
    operator.follow(o.of("処置を決定", "Decide the measure")).await?;
    operator.choose(o.of("処置", "Measure"), o.of("パッチ適用", "patch")).await?;
    operator.fill(o.of("理由", "Why"), "7.2.2 で直る").await?;
    operator.shot("decide").await?;
    operator.press(o.of("処置を決定", "Decide the measure")).await
}

#[tokio::test]
async fn a_case_is_analysed_decided_and_approved_by_another_person() {
    walk("case", async |story| {
        let o = story.lang;
        let mut operator = story.person(Who::Operator).await?;
        operator.press(o.of("脆弱性", "Vulnerabilities")).await?;
        operator.shot("vulnerabilities").await?;
        operator.fill(o.of("識別子", "Identifier"), "CVE-2022-40684").await?;
        operator.press(o.of("誰が影響を受けるか調べる", "Who is hit?")).await?;
        operator.sees("VPN-03").await?;
        operator.sees(o.of("影響を受ける機器・システム", "Who is hit")).await?;
        operator.shot("who-is-hit").await?;
        operator.press(o.of("対応", "Cases")).await?;
        operator.press(CASE).await?;
        operator.shot("detected").await?;
        analyse_and_decide(&mut operator).await?;
        // Who decided does not approve: no button, and why.
        operator.press(o.of("いまはできないこと", "What cannot be done now")).await?;
        operator.offers_not(o.of("処置の決定を承認", "Approve the decision")).await?;
        operator.sees(o.of("必要な役割：承認者", "needs role: Approver")).await?;
        operator.shot("decided").await?;
        let address = operator.path().await?.split('?').next().unwrap_or_default().to_owned();
        operator.finish().await?;

        let mut approver = story.person(Who::Approver).await?;
        approver.sees(CASE).await?;
        approver.press(CASE).await?;
        if approver.path().await? != address {
            return Err("Today leads the approver to another case".to_owned());
        }
        approver.follow(o.of("処置の決定を承認", "Approve the decision")).await?;
        approver.shot("approve").await?;
        approver.press(o.of("処置の決定を承認", "Approve the decision")).await?;
        approver.sees(o.of("承認済み", "approved")).await?;
        approver.sees("承認 三郎").await?;
        approver.shot("approved").await?;
        approver.finish().await
    })
    .await;
}
