//! A person in front of a page: follows links, presses buttons and fills in fields by the words at them.

use std::collections::BTreeSet;
use std::path::Path;
use std::time::{Duration, Instant};

use fantoccini::actions::{InputSource, KeyAction, KeyActions};
use fantoccini::elements::{Element, ElementRef};
use fantoccini::key::Key;
use fantoccini::{Client, Locator};
use serde_json::{Value, json};

use crate::access::Report;
use crate::{Lang, Outcome, access, browser, shots};

const FIND: &str = include_str!("page.js");
/// The key under which WebDriver gives an element (W3C WebDriver, section 12.1).
const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";
/// How long a page may take; generous, because debug builds on a busy machine are tested, too.
const PATIENCE: Duration = Duration::from_secs(30);

/// Somebody with a browser of their own.
pub struct Visitor {
    client: Client,
    port: u16,
    pub lang: Lang,
    /// Begins the names of the pictures: story and language.
    name: String,
    pictures: usize,
    report: Report,
    faults: BTreeSet<String>,
}

fn told(what: &str) -> impl Fn(fantoccini::error::CmdError) -> String + '_ {
    move |error| format!("{what}: {error}")
}

impl Visitor {
    pub(crate) fn new(client: Client, port: u16, lang: Lang, name: String) -> Visitor {
        let (report, faults) = (Report::default(), BTreeSet::new());
        Visitor { client, port, lang, name, pictures: 0, report, faults }
    }

    /// The words that stand on a page in this person's language.
    pub fn of<'a>(&self, ja: &'a str, en: &'a str) -> &'a str {
        self.lang.of(ja, en)
    }

    /// The browser, for what only one story needs.
    pub fn client(&self) -> &Client {
        &self.client
    }

    /// Opens an address of the server as if it were typed, and looks at the page.
    pub async fn open(&mut self, path: &str) -> Outcome {
        self.client
            .goto(&format!("http://127.0.0.1:{}{path}", self.port))
            .await
            .map_err(told(&format!("open {path}")))?;
        self.look().await
    }

    /// The path and query of the page that is open.
    pub async fn path(&self) -> Outcome<String> {
        let address = self.client.current_url().await.map_err(told("address"))?;
        let query = address.query().map(|query| format!("?{query}")).unwrap_or_default();
        Ok(format!("{}{query}", address.path()))
    }

    /// Holds the page that is open against the checks; what is found is told at the end, by [`Visitor::finish`].
    pub async fn look(&mut self) -> Outcome {
        let path = self.path().await?;
        self.listen(&path).await?;
        if !access::is_new(&self.client).await? {
            return Ok(());
        }
        let faults =
            access::faults(&self.client, self.lang).await.map_err(|error| format!("{path}: {error}"))?;
        self.report.note(&path, faults);
        Ok(())
    }

    /// Takes what the console and the log of requests have.
    async fn listen(&mut self, path: &str) -> Outcome {
        for line in browser::console(&self.client).await? {
            self.faults.insert(format!("console, on {path}: {line}"));
        }
        for address in browser::outside(&self.client, self.port).await? {
            self.faults.insert(format!("request to outside, on {path}: {address}"));
        }
        Ok(())
    }

    /// The element of that kind and those words, if the page shows it.
    pub async fn find(&self, kind: &str, words: &str, within: Option<&str>) -> Outcome<Option<Element>> {
        let arguments = vec![json!(kind), json!(words), json!(within)];
        let found = self.client.execute(FIND, arguments).await.map_err(told("find"))?;
        Ok(found[ELEMENT]
            .as_str()
            .map(|id| Element::from_element_id(self.client.clone(), ElementRef::from(id.to_owned()))))
    }

    async fn must(&self, kind: &str, words: &str, within: Option<&str>) -> Outcome<Element> {
        match self.find(kind, words, within).await? {
            Some(element) => Ok(element),
            None => {
                let inside = within.map(|within| format!(" in \"{within}\"")).unwrap_or_default();
                Err(format!("no {kind} \"{words}\"{inside} on {}", self.path().await?))
            }
        }
    }

    /// Follows a link or presses a button with these words, and looks at the page that comes.
    pub async fn press(&mut self, words: &str) -> Outcome {
        self.press_in(None, words).await
    }

    /// Follows the link with these words; a record shows the form of its next step, whose button is called the same.
    pub async fn follow(&mut self, words: &str) -> Outcome {
        let element = self.must("link", words, None).await?;
        self.go(element, words).await
    }

    /// As [`Visitor::press`], within the section, form or row that is called so.
    pub async fn press_within(&mut self, within: &str, words: &str) -> Outcome {
        self.press_in(Some(within), words).await
    }

    async fn press_in(&mut self, within: Option<&str>, words: &str) -> Outcome {
        let element = self.must("press", words, within).await?;
        self.go(element, words).await
    }

    async fn go(&mut self, element: Element, words: &str) -> Outcome {
        // A mark on the page that is left: when it is gone, the next one is there.
        let mark = "window.leftByStory = true; return null";
        self.client.execute(mark, Vec::new()).await.map_err(told("mark"))?;
        let stays = element.tag_name().await.map_err(told("press"))? == "summary";
        self.click(&element).await.map_err(told(&format!("press \"{words}\"")))?;
        if stays { Ok(()) } else { self.arrive(&format!("press \"{words}\"")).await }
    }

    /// Clicks. After the layouts that the check tried, the page may need a moment until everything is in its place again.
    async fn click(&self, element: &Element) -> Result<(), fantoccini::error::CmdError> {
        for _ in 0..10 {
            match element.click().await {
                Err(error) if error.to_string().contains("click intercepted") => {
                    tokio::time::sleep(Duration::from_millis(100)).await;
                }
                outcome => return outcome,
            }
        }
        element.click().await
    }

    /// Waits for the page that comes after the marked one, and looks at it.
    async fn arrive(&mut self, what: &str) -> Outcome {
        let began = Instant::now();
        let there = "return document.readyState === 'complete' && window.leftByStory !== true";
        // While the page changes, there is no page to ask; that is no failure before the time is over.
        while !matches!(self.client.execute(there, Vec::new()).await, Ok(Value::Bool(true))) {
            if began.elapsed() > PATIENCE {
                return Err(format!(
                    "{what}: no page came within {PATIENCE:?}, still on {}",
                    self.path().await?
                ));
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        self.look().await
    }

    /// Types into the field with this label what is to stand there.
    pub async fn fill(&self, label: &str, value: &str) -> Outcome {
        let field = self.must("field", label, None).await?;
        field.clear().await.map_err(told(&format!("clear \"{label}\"")))?;
        field.send_keys(value).await.map_err(told(&format!("fill \"{label}\"")))
    }

    /// Chooses in the list with this label the first choice that begins with these words.
    pub async fn choose(&self, label: &str, words: &str) -> Outcome {
        let field = self.must("field", label, None).await?;
        for option in field.find_all(Locator::Css("option")).await.map_err(told(label))? {
            if option.text().await.map_err(told(label))?.trim().starts_with(words) {
                return option.click().await.map_err(told(&format!("choose \"{words}\"")));
            }
        }
        Err(format!("\"{label}\" does not offer \"{words}\" on {}", self.path().await?))
    }

    /// Chooses in the list with this label the choice at that place, from 0.
    pub async fn choose_at(&self, label: &str, place: usize) -> Outcome {
        let field = self.must("field", label, None).await?;
        field.select_by_index(place).await.map_err(told(&format!("choose in \"{label}\"")))
    }

    /// Sets a field whose value is not typed letter by letter, such as a date and time.
    pub async fn set(&self, label: &str, value: &str) -> Outcome {
        let field = self.must("field", label, None).await?;
        let script = "arguments[0].value = arguments[1]; return arguments[0].value";
        let element = serde_json::to_value(field).map_err(|error| format!("\"{label}\": {error}"))?;
        let set = self.client.execute(script, vec![element, json!(value)]).await.map_err(told(label))?;
        if set == value { Ok(()) } else { Err(format!("\"{label}\" does not take \"{value}\"")) }
    }

    /// Types into the first text field of the group that is called so.
    pub async fn type_into_group(&self, group: &str, value: &str) -> Outcome {
        let script = "const name = (one) => one.querySelector('legend')?.textContent.trim() || ''; \
                      return Array.from(document.querySelectorAll('fieldset')) \
                      .find((one) => name(one).startsWith(arguments[0]))?.querySelector('input[type=text],textarea')";
        let found = self.client.execute(script, vec![json!(group)]).await.map_err(told(group))?;
        let id = found[ELEMENT].as_str().ok_or_else(|| format!("no group \"{group}\" with a text field"))?;
        let field = Element::from_element_id(self.client.clone(), ElementRef::from(id.to_owned()));
        field.send_keys(value).await.map_err(told(group))
    }

    /// Ticks or unticks the box with this label.
    pub async fn tick(&self, label: &str) -> Outcome {
        self.must("field", label, None).await?.click().await.map_err(told(&format!("tick \"{label}\"")))
    }

    /// Gives a file to the field with this label.
    pub async fn upload(&self, label: &str, file: &Path) -> Outcome {
        let field = self.must("field", label, None).await?;
        field.send_keys(&file.display().to_string()).await.map_err(told(&format!("upload to \"{label}\"")))
    }

    /// What stands in the field with this label.
    pub async fn value(&self, label: &str) -> Outcome<String> {
        let field = self.must("field", label, None).await?;
        Ok(field.prop("value").await.map_err(told(label))?.unwrap_or_default())
    }

    /// What a person reads on the page, the navigation and the head included.
    pub async fn text(&self) -> Outcome<String> {
        let told_text = self.client.execute("return document.body.innerText", Vec::new()).await;
        Ok(told_text.map_err(told("text"))?.as_str().unwrap_or_default().to_owned())
    }

    /// Whether the page shows these words.
    pub async fn has(&self, words: &str) -> Outcome<bool> {
        let squeeze = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
        Ok(squeeze(&self.text().await?).contains(&squeeze(words)))
    }

    /// The page must show these words.
    pub async fn sees(&self, words: &str) -> Outcome {
        if self.has(words).await? {
            return Ok(());
        }
        let main = self.ask("return (document.querySelector('main') || document.body).innerText").await?;
        let main = main.as_str().unwrap_or_default().trim();
        Err(format!("\"{words}\" is not shown on {}:\n{main}", self.path().await?))
    }

    /// The page must not show these words.
    pub async fn sees_not(&self, words: &str) -> Outcome {
        if !self.has(words).await? {
            return Ok(());
        }
        Err(format!("\"{words}\" is shown on {}", self.path().await?))
    }

    /// The page must offer no link or button that begins with these words.
    pub async fn offers_not(&self, words: &str) -> Outcome {
        if self.find("press", words, None).await?.is_none() {
            return Ok(());
        }
        Err(format!("\"{words}\" is offered on {}", self.path().await?))
    }

    /// Types keys to whatever has the focus.
    pub async fn keys(&self, keys: &str) -> Outcome {
        let mut strokes = KeyActions::new("keyboard".to_owned());
        for value in keys.chars() {
            strokes = strokes.then(KeyAction::Down { value }).then(KeyAction::Up { value });
        }
        self.client.perform_actions(strokes).await.map_err(told("keys"))
    }

    /// Moves the focus on by one.
    pub async fn tab(&self) -> Outcome {
        self.keys(&char::from(Key::Tab).to_string()).await
    }

    /// Runs a script in the page and gives its result.
    pub async fn ask(&self, script: &str) -> Outcome<Value> {
        self.client.execute(script, Vec::new()).await.map_err(told("script"))
    }

    /// Logs in with the account of the demo.
    pub async fn log_in(&mut self, name: &str, password: &str) -> Outcome {
        self.open("/login").await?;
        self.fill(self.of("名前", "Name"), name).await?;
        self.fill(self.of("パスワード", "Password"), password).await?;
        self.press(self.of("ログイン", "Log in")).await
    }

    /// Keeps a picture of the page.
    pub async fn shot(&mut self, what: &str) -> Outcome {
        self.pictures += 1;
        shots::keep(&self.client, &format!("{}-{:02}-{what}", self.name, self.pictures)).await
    }

    /// Everything that the checks found on the way, or nothing.
    pub async fn finish(&mut self) -> Outcome {
        let path = self.path().await?;
        self.listen(&path).await?;
        let faults = self.faults.iter().map(|fault| format!("  {fault}")).collect::<Vec<_>>().join("\n");
        match (self.report.outcome(), faults.is_empty()) {
            (Ok(()), true) => Ok(()),
            (Ok(()), false) => Err(faults),
            (Err(access), true) => Err(access),
            (Err(access), false) => Err(format!("{faults}\n{access}")),
        }
    }
}
