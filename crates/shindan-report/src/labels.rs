//! Words that a report asks for again and again, looked up once each.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use crate::words::Words;

/// Labels looked up once each; a report asks for the same twenty of them ten thousand times.
pub(crate) struct Labels<'a> {
    words: &'a Words,
    known: RefCell<BTreeMap<(&'static str, &'static str), Rc<str>>>,
}

impl<'a> Labels<'a> {
    pub fn new(words: &'a Words) -> Self {
        Labels { words, known: RefCell::default() }
    }

    /// Where they come from.
    pub fn words(&self) -> &'a Words {
        self.words
    }

    /// The label of `value` in `family`.
    pub fn label(&self, family: &'static str, value: &'static str) -> Rc<str> {
        self.remember((family, value), || self.words.label(family, value))
    }

    /// A text without values.
    pub fn text(&self, key: &'static str) -> Rc<str> {
        self.remember(("", key), || self.words.t(key))
    }

    fn remember(&self, key: (&'static str, &'static str), make: impl FnOnce() -> String) -> Rc<str> {
        if let Some(text) = self.known.borrow().get(&key) {
            return Rc::clone(text);
        }
        let text: Rc<str> = make().into();
        self.known.borrow_mut().insert(key, Rc::clone(&text));
        text
    }
}
