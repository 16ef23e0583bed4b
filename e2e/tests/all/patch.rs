//! A patch is dropped, its hashes are computed, and the result stands there in words.

use shindan_e2e::story::{Who, walk};

/// What stands in the file of the story, and its SHA-256 (`printf 'firmware 7.2.2\n' | sha256sum`).
const FILE: &str = "firmware 7.2.2\n";
const SHA256: &str = "9721325493452af8704d8cf520046c4cbe0089c4dfa8ce172b8ced192bf25a09";

#[tokio::test]
async fn a_patch_is_verified_and_a_tampered_one_is_told() {
    walk("patch", async |story| {
        let o = story.lang;
        let file = story.program.folder().join("FGT_80F-v7.2.2.out");
        std::fs::write(&file, FILE).map_err(|error| format!("{}: {error}", file.display()))?;
        let take = o.of("パッチを受け入れ", "Take a patch in");
        let verify = o.of("真正性を検証", "Verify that it is genuine");
        let wrong = "0".repeat(64);
        for (name, value, good) in
            [("FortiOS 7.2.2", SHA256, true), ("FortiOS 7.2.2 (2)", wrong.as_str(), false)]
        {
            let mut operator = story.person(Who::Operator).await?;
            operator.open("/records/patch/new").await?;
            operator.fill(o.of("パッチの名称", "Name of the patch"), name).await?;
            operator.upload(o.of("パッチのファイル", "File of the patch"), &file).await?;
            operator.fill(o.of("製造元が公表した値", "Published values"), &format!("sha256:{value}")).await?;
            operator.fill(o.of("製造元", "Maker"), "株式会社サンプルメディカルシステムズ").await?;
            operator.fill(o.of("入手元", "Where it was fetched"), "保守ポータル").await?;
            operator.fill(o.of("入手経路", "By which other way it was learnt"), "電話での読み合わせ").await?;
            operator.fill(o.of("脆弱性（CVE・JVNDB 等）", "Vulnerabilities"), "CVE-2022-40684").await?;
            operator.press(take).await?;
            operator.sees(&SHA256[..16]).await?;
            operator.shot("taken").await?;
            operator.follow(verify).await?;
            operator.upload(o.of("パッチのファイル", "File of the patch"), &file).await?;
            operator
                .fill(o.of("公表されたハッシュ値", "Published digests"), &format!("sha256:{value}"))
                .await?;
            operator.fill(o.of("入手経路", "By which other way it was learnt"), "電話での読み合わせ").await?;
            operator.shot("verify").await?;
            operator.press(verify).await?;
            operator.sees(if good { o.of("真正", "Genuine") } else { o.of("改ざん", "Tampered") }).await?;
            operator.shot("verdict").await?;
            operator.press(o.of("記録へ戻る", "Back to the record")).await?;
            operator.sees(if good { o.of("一致", "match") } else { o.of("不一致", "mismatch") }).await?;
            operator.shot(if good { "genuine" } else { "tampered" }).await?;
            operator.finish().await?;
        }
        Ok(())
    })
    .await;
}
