//! First of all: the checks notice what they are there for. A check that cannot fail proves nothing.

use shindan_e2e::Outcome;
use shindan_e2e::page::Visitor;
use shindan_e2e::story::walk;

/// Puts markup into the page that is open.
async fn put(visitor: &Visitor, script: &str) -> Outcome {
    visitor.ask(script).await.map(|_| ())
}

fn must_tell(outcome: Outcome, words: &[&str]) -> Outcome {
    let Err(faults) = outcome else { return Err(format!("nothing was noticed; expected {words:?}")) };
    match words.iter().find(|words| !faults.contains(**words)) {
        Some(missing) => Err(format!("\"{missing}\" was not noticed, only:\n{faults}")),
        None => Ok(()),
    }
}

#[tokio::test]
async fn errors_requests_and_faults_are_noticed() {
    walk("canary", async |story| {
        let mut person = story.visitor().await?;
        person.open("/login").await?;
        person.finish().await.map_err(|error| format!("the page of the log-in has faults before any was made: {error}"))?;
        put(&person, "setTimeout(() => { throw new Error('canary') })").await?;
        put(
            &person,
            "document.querySelector('main').insertAdjacentHTML('beforeend', \
             '<h4>too deep</h4><h1>a second one</h1><input name=nameless><button></button><img src=data:,>' + \
             '<p id=twice>a</p><p id=twice>b</p><p id=pale>pale</p><table><tr><th>no scope</th></tr></table>' + \
             '<div id=wide>wide</div><button aria-describedby=nowhere>a</button><button tabindex=3>b</button>' + \
             '<fieldset><p>c</p></fieldset><svg><circle r=4></circle></svg><ul><p>d</p></ul>' + \
             '<a id=tiny href=/login>i</a><a id=near href=/login>i</a><button id=blind>e</button>'); \
             document.documentElement.lang = 'fr'; \
             document.getElementById('pale').style.color = '#999'; \
             document.getElementById('pale').style.background = '#fff'; \
             document.getElementById('wide').style.width = '2000px'; \
             for (const id of ['tiny', 'near']) document.getElementById(id).style.cssText = \
             'display:inline-block;width:8px;height:8px;font-size:6px'; \
             const blind = new CSSStyleSheet(); blind.replaceSync('#blind:focus-visible{outline:none}'); \
             document.adoptedStyleSheets = [blind];",
        )
        .await?;
        tokio::time::sleep(std::time::Duration::from_millis(200)).await;
        person.look().await?;
        // A page of the program cannot even ask (its content security policy), so this one is another's.
        let page = "data:text/html,<img src=http://outside.invalid/x.png>";
        person.client().goto(page).await.map_err(|error| error.to_string())?;
        let expected = [
            "Error: canary", "request to outside, on text/html,<img src=http://outside.invalid/x.png>: http://outside.invalid/x.png", "language:", "one-h1:", "heading-order:", "label:", "name:",
            "alternative:", "duplicate-id:", "contrast:", "table:", "too-wide:", "reference:", "tab-order:",
            "legend:", "list:", "target:", "looks as it does without focus",
        ];
        must_tell(person.finish().await, &expected)
    })
    .await;
}
