//! A story: a program, a browser, and the people who come by. Walked once in each language.

use crate::browser::Browser;
use crate::page::Visitor;
use crate::program::Program;
use crate::{Lang, Outcome};

/// The people of the demo's hospital and their passwords (`demo-hospital-ROLE`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Who {
    Admin,
    Manager,
    Operator,
    OtherOperator,
    Approver,
    Auditor,
}

impl Who {
    /// Name and password.
    pub fn account(self) -> (&'static str, &'static str) {
        match self {
            Who::Admin => ("管理 花子", "demo-hospital-admin"),
            Who::Manager => ("企画 桜子", "demo-hospital-manager"),
            Who::Operator => ("運用 太郎", "demo-hospital-operator"),
            Who::OtherOperator => ("運用 次郎", "demo-hospital-operator-2"),
            Who::Approver => ("承認 三郎", "demo-hospital-approver"),
            Who::Auditor => ("監査 四郎", "demo-hospital-auditor"),
        }
    }
}

/// What a story is given.
pub struct Story {
    pub lang: Lang,
    pub program: Program,
    browser: Browser,
    name: String,
    visitors: usize,
}

impl Story {
    /// Somebody at the door, with a fresh browser.
    pub async fn visitor(&mut self) -> Outcome<Visitor> {
        self.comes(true).await
    }

    /// Somebody whose browser runs no scripts.
    pub async fn visitor_without_scripts(&mut self) -> Outcome<Visitor> {
        self.comes(false).await
    }

    async fn comes(&mut self, scripts: bool) -> Outcome<Visitor> {
        let client = self.browser.session(self.lang, scripts).await?;
        self.visitors += 1;
        let name = format!("{}-{}-{}", self.name, self.lang.code(), self.visitors);
        Ok(Visitor::new(client, self.program.port, self.lang, name))
    }

    /// A person of the demo, logged in and in the language of this story.
    pub async fn person(&mut self, who: Who) -> Outcome<Visitor> {
        let mut visitor = self.visitor().await?;
        self.enter(&mut visitor, who).await?;
        Ok(visitor)
    }

    /// Logs a person of the demo in, and changes to the language of this story.
    pub async fn enter(&self, visitor: &mut Visitor, who: Who) -> Outcome {
        let (name, password) = who.account();
        visitor.log_in(name, password).await?;
        let other = self.lang.of("日本語", "English");
        if visitor.find("button", other, None).await?.is_some() {
            return Err(format!("logging in as {name} changed the language: the page offers {other}"));
        }
        Ok(())
    }
}

/// Walks a story in both languages, each on a demo of its own, and fails with everything that went wrong.
///
/// # Panics
/// If it went wrong; that is what fails the test.
pub async fn walk(name: &str, tell: impl AsyncFn(&mut Story) -> Outcome) {
    told(name, &Lang::BOTH, Program::demo, tell).await;
}

/// The same in one language; for what is long enough to be two tests that run beside each other.
///
/// # Panics
/// As [`walk`].
pub async fn walk_in(lang: Lang, name: &str, tell: impl AsyncFn(&mut Story) -> Outcome) {
    told(name, &[lang], Program::demo, tell).await;
}

/// The same on an installation that is still empty.
///
/// # Panics
/// As [`walk`].
pub async fn walk_empty(name: &str, tell: impl AsyncFn(&mut Story) -> Outcome) {
    told(name, &Lang::BOTH, Program::empty, tell).await;
}

async fn told(
    name: &str,
    langs: &[Lang],
    start: fn(&str) -> Outcome<Program>,
    tell: impl AsyncFn(&mut Story) -> Outcome,
) {
    let mut wrong = Vec::new();
    for &lang in langs {
        let outcome = async {
            let program = start(&format!("{name}-{}", lang.code()))?;
            let browser = Browser::start()?;
            let mut story = Story { lang, program, browser, name: name.to_owned(), visitors: 0 };
            let outcome = tell(&mut story).await;
            let complaints = story.program.complaints();
            outcome.map_err(|error| match complaints.is_empty() {
                true => error,
                false => format!("{error}\nthe program complained:\n{complaints}"),
            })
        };
        if let Err(error) = outcome.await {
            wrong.push(format!("==== {name}, {}:\n{error}", lang.code()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
