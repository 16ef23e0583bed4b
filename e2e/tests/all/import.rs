//! An SBOM is imported, and from then on its system is hit.

use std::path::Path;

use shindan_e2e::story::{Who, walk};

#[tokio::test]
async fn an_sbom_is_imported_and_who_is_hit_is_found() {
    walk("import", async |story| {
        let o = story.lang;
        let mut operator = story.person(Who::Operator).await?;
        operator.press(o.of("資産", "Assets")).await?;
        operator.press(o.of("台帳・SBOM の取込", "Import")).await?;
        let sbom = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/portal.cdx.json");
        operator.upload(o.of("ファイル", "File"), &sbom).await?;
        operator.press(o.of("内容を確認する", "Look at")).await?;
        operator.sees("log4j-core").await?;
        operator.shot("preview").await?;
        operator
            .choose(o.of("システム・製品の版・導入先", "System, release or deployment"), "画像管理システム")
            .await?;
        operator.press(o.of("登録して調べる", "Keep it and look it up")).await?;
        operator.shot("imported").await?;
        operator.press(o.of("脆弱性", "Vulnerabilities")).await?;
        operator.fill(o.of("識別子", "Identifier"), "CVE-2021-44228").await?;
        operator.press(o.of("誰が影響を受けるか調べる", "Who is hit?")).await?;
        operator.sees("画像連携ゲートウェイ").await?;
        operator.shot("who-is-hit").await?;
        operator.finish().await
    })
    .await;
}
