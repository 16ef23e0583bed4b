//! What the inspection asks for: the crosswalk, its records, an unbroken ledger, and reports that print.

use shindan_e2e::Outcome;
use shindan_e2e::story::{Who, walk};

/// Fetches a link of the page as the browser would save it: status, type and the first bytes.
const FETCH: &str = "const done = arguments[arguments.length - 1]; \
    fetch(arguments[0]).then(async (answer) => { const bytes = new Uint8Array(await answer.arrayBuffer()); \
    done({ status: answer.status, kind: answer.headers.get('content-type'), name: answer.headers.get('content-disposition'), \
    size: bytes.length, head: String.fromCharCode(...bytes.slice(0, 60)) }); }).catch((error) => done({ status: String(error) }))";

#[tokio::test]
async fn the_crosswalk_leads_to_records_and_the_ledger_is_whole() {
    walk("evidence", async |story| {
        let o = story.lang;
        let mut auditor = story.person(Who::Auditor).await?;
        auditor.press(o.of("証跡", "Evidence")).await?;
        auditor.sees("②-3").await?;
        auditor.sees(o.of("判読不能", "unreadable")).await?;
        auditor.shot("crosswalk").await?;
        auditor.ask("document.querySelectorAll('details').forEach((one) => { one.open = true })").await?;
        auditor.press("DEMO-2024-0018").await?;
        auditor.sees(o.of("経緯", "History")).await?;
        auditor.shot("record").await?;
        auditor.press(o.of("証跡", "Evidence")).await?;
        auditor.press(o.of("台帳", "Ledger")).await?;
        auditor.press(o.of("今すぐ検証する", "Verify now")).await?;
        auditor.sees(o.of("問題は見つかりませんでした", "Nothing wrong was found")).await?;
        auditor.shot("verified").await?;
        auditor.finish().await
    })
    .await;
}

#[tokio::test]
async fn a_report_is_shown_and_saved_in_three_forms() {
    walk("report", async |story| {
        let o = story.lang;
        let mut auditor = story.person(Who::Auditor).await?;
        auditor.open("/reports").await?;
        auditor.shot("choose").await?;
        auditor.press(o.of("統制実施証跡", "Evidence of controls")).await?;
        auditor.sees("②-3").await?;
        auditor.shot("preview").await?;
        let forms = [
            ("PDF", "application/pdf", "%PDF-"),
            ("Excel", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "PK\u{3}\u{4}"),
            ("HTML", "text/html", "<!"),
        ];
        for (words, kind, head) in forms {
            let link = auditor.find("link", words, None).await?.ok_or(format!("no link {words}"))?;
            let address = link.attr("href").await.map_err(|error| error.to_string())?.unwrap_or_default();
            let got = auditor
                .client()
                .execute_async(FETCH, vec![address.clone().into()])
                .await
                .map_err(|error| format!("{address}: {error}"))?;
            expect(&got, kind, head).map_err(|error| format!("{address}: {error}: {got}"))?;
        }
        auditor.finish().await
    })
    .await;
}

fn expect(got: &serde_json::Value, kind: &str, head: &str) -> Outcome {
    if got["status"] != 200 {
        return Err("not 200".to_owned());
    }
    if !got["kind"].as_str().unwrap_or_default().starts_with(kind) {
        return Err(format!("not {kind}"));
    }
    if !got["head"].as_str().unwrap_or_default().starts_with(head) || got["size"].as_u64() < Some(1000) {
        return Err(format!("does not begin with {head}"));
    }
    Ok(())
}
