//! Texts of data packs in both languages. Only packs carry prose; results carry codes and parameters.

use serde::{Deserialize, Serialize};

/// The same text in Japanese and English; neither is empty.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Localised {
    /// 日本語
    pub ja: String,
    /// English
    pub en: String,
}

impl Localised {
    /// Both texts.
    pub fn new(ja: impl Into<String>, en: impl Into<String>) -> Self {
        Localised { ja: ja.into(), en: en.into() }
    }

    /// The text of a language: `ja`, or English for every other tag.
    pub fn get(&self, language: &str) -> &str {
        if language == "ja" { &self.ja } else { &self.en }
    }
}
