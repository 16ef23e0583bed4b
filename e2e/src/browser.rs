//! chromedriver on a port of its own, and sessions of Chromium in it.

use std::collections::BTreeSet;
use std::process::{Child, Command, Stdio};
use std::sync::Mutex;
use std::time::Duration;

use fantoccini::wd::WebDriverCompatibleCommand;
use fantoccini::{Client, ClientBuilder};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};

use crate::{Lang, Outcome, web};

/// A running chromedriver. Its sessions and it are ended when this is dropped, also after a panic.
pub struct Browser {
    child: Child,
    port: u16,
    sessions: Mutex<Vec<String>>,
}

/// A command of chromedriver that WebDriver does not have.
#[derive(Debug)]
struct Extra {
    path: &'static str,
    body: Value,
}

impl WebDriverCompatibleCommand for Extra {
    fn endpoint(&self, base: &url::Url, session: Option<&str>) -> Result<url::Url, url::ParseError> {
        base.join(&format!("session/{}/{}", session.unwrap_or_default(), self.path))
    }

    fn method_and_body(&self, _: &url::Url) -> (http::Method, Option<String>) {
        (http::Method::POST, Some(self.body.to_string()))
    }
}

/// Sends a command of the browser's debugging protocol.
pub async fn devtools(client: &Client, command: &str, parameters: Value) -> Outcome<Value> {
    let extra = Extra { path: "goog/cdp/execute", body: json!({ "cmd": command, "params": parameters }) };
    client.issue_cmd(extra).await.map_err(|error| format!("{command}: {error}"))
}

/// What one of the browser's logs has since it was last asked.
async fn log(client: &Client, kind: &str) -> Outcome<Vec<Value>> {
    let extra = Extra { path: "se/log", body: json!({ "type": kind }) };
    let told = client.issue_cmd(extra).await.map_err(|error| format!("log of {kind}: {error}"))?;
    Ok(told.as_array().cloned().unwrap_or_default())
}

/// The messages on the console since it was last asked; also what the browser itself complains about, such as a
/// resource that cannot be loaded or a breach of the content security policy. An answer that refuses (4xx) to a form
/// is a page of its own, not a fault: the browser's line about it is left out.
pub async fn console(client: &Client) -> Outcome<Vec<String>> {
    let messages = log(client, "browser").await?;
    let text = |entry: &Value| entry["message"].as_str().unwrap_or_default().to_owned();
    Ok(messages.iter().map(text).filter(|message| !is_refused_page(message)).collect())
}

/// The line of the browser about the page itself: `ADDRESS - Failed to load resource: …status of 422`. One about a
/// style sheet, script or picture has that file's address (`/assets/VERSION/NAME`).
fn is_refused_page(message: &str) -> bool {
    let Some((address, what)) = message.split_once(" - Failed to load resource: ") else { return false };
    what.contains("status of 4") && !(address.contains("/assets/") && address.contains('.'))
}

/// The addresses that were asked for since it was last asked and that are not on the server at `port`.
pub async fn outside(client: &Client, port: u16) -> Outcome<BTreeSet<String>> {
    let own =
        [format!("http://127.0.0.1:{port}/"), "data:".to_owned(), "blob:".to_owned(), "about:".to_owned()];
    let mut found = BTreeSet::new();
    for entry in log(client, "performance").await? {
        let message: Value = serde_json::from_str(entry["message"].as_str().unwrap_or_default())
            .map_err(|error| format!("log of requests: {error}"))?;
        let message = &message["message"];
        let address = match message["method"].as_str() {
            Some("Network.requestWillBeSent") => &message["params"]["request"]["url"],
            Some("Network.webSocketCreated") => &message["params"]["url"],
            _ => continue,
        };
        let address = address.as_str().unwrap_or_default();
        if !own.iter().any(|own| address.starts_with(own)) {
            found.insert(address.to_owned());
        }
    }
    Ok(found)
}

impl Browser {
    /// Starts chromedriver.
    pub fn start() -> Outcome<Browser> {
        let port = web::free_ports()?;
        let child = Command::new("chromedriver")
            .arg(format!("--port={port}"))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .map_err(|error| {
                format!("cannot start chromedriver: {error} (Debian: apt-get install chromium-driver)")
            })?;
        let browser = Browser { child, port, sessions: Mutex::default() };
        web::wait_for(port, "/status", Duration::from_secs(30))?;
        Ok(browser)
    }

    /// A new person's browser: nothing remembered, no way to any host but this machine.
    pub async fn session(&self, lang: Lang, scripts: bool) -> Outcome<Client> {
        let mut options = json!({
            "args": [
                "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
                "--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-quic",
                "--hide-scrollbars", "--force-prefers-reduced-motion", "--window-size=1280,720", "--force-device-scale-factor=1",
                "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
                format!("--accept-lang={}", lang.code()),
                format!("--lang={}", lang.code()),
            ],
            "prefs": {
                "intl.accept_languages": lang.code(),
                "credentials_enable_service": false,
                "profile.password_manager_leak_detection": false,
            },
        });
        if !scripts {
            options["prefs"]["profile.managed_default_content_settings.javascript"] = json!(2);
        }
        if let Ok(binary) = std::env::var("SHINDAN_CHROMIUM") {
            options["binary"] = json!(binary);
        }
        let wanted = json!({
            "browserName": "chrome",
            "goog:chromeOptions": options,
            "goog:loggingPrefs": { "browser": "ALL", "performance": "ALL" },
        });
        let Value::Object(wanted) = wanted else { return Err("the wishes are no object".to_owned()) };
        let client = ClientBuilder::new(HttpConnector::new())
            .capabilities(wanted)
            .connect(&format!("http://127.0.0.1:{}", self.port))
            .await
            .map_err(|error| format!("cannot start Chromium: {error}"))?;
        // A page in a window that nobody looks at has no focus, so that Tab would lead nowhere.
        devtools(&client, "Emulation.setFocusEmulationEnabled", json!({ "enabled": true })).await?;
        // Without the browser's own bars, as after the layouts that the check tries.
        let screen = json!({ "width": 1280, "height": 720, "deviceScaleFactor": 1, "mobile": false });
        devtools(&client, "Emulation.setDeviceMetricsOverride", screen).await?;
        if let (Ok(Some(id)), Ok(mut sessions)) = (client.session_id().await, self.sessions.lock()) {
            sessions.push(id);
        }
        Ok(client)
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        for id in self.sessions.get_mut().map(std::mem::take).unwrap_or_default() {
            // The session may have ended; what counts is that no browser stays behind.
            let _ = web::ask(self.port, "DELETE", &format!("/session/{id}"), Duration::from_secs(10));
        }
        // As above: it may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
