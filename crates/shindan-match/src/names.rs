//! Names of makers and products, folded so that different spellings meet.
//!
//! NFKC, case, punctuation, trademark signs and corporate forms are folded; nothing else is guessed. Spelling variants
//! come from the device dictionary, which people can read and extend.

use rustc_hash::FxHashMap;
use shindan_domain::devices::{DeviceDictionary, HardwareRule};
use unicode_normalization::UnicodeNormalization;

/// Legal forms that are no part of a maker's name, as separate words.
const CORPORATE_WORDS: &[&str] = &[
    "inc",
    "incorporated",
    "corp",
    "corporation",
    "co",
    "company",
    "ltd",
    "limited",
    "llc",
    "llp",
    "lp",
    "plc",
    "gmbh",
    "ag",
    "kg",
    "kgaa",
    "se",
    "sa",
    "sas",
    "sarl",
    "spa",
    "srl",
    "bv",
    "nv",
    "ab",
    "as",
    "asa",
    "oy",
    "oyj",
    "aps",
    "pty",
    "pte",
    "kk",
    "株式会社",
    "有限会社",
    "合同会社",
    "株",
    "有",
    "the",
];

/// Words that say "this is the firmware of", which one source writes and another does not.
const FIRMWARE_WORDS: &[&str] = &["firmware", "ファームウェア", "ファームウエア"];

/// Lower-cased words of `text` after NFKC; everything that is neither letter nor digit separates.
pub fn words(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word = String::new();
    let mut push = |word: &mut String| {
        if !word.is_empty() {
            words.push(std::mem::take(word));
        }
    };
    // The trademark signs would become the letters "tm" under NFKC.
    let cleaned = text.chars().filter(|c| !matches!(c, '®' | '™' | '℠' | '©'));
    for c in cleaned.nfkc().flat_map(char::to_lowercase) {
        if c.is_alphanumeric() || c == 'ー' {
            word.push(c);
        } else {
            push(&mut word);
        }
    }
    push(&mut word);
    words
}

/// The words of a maker's name without its legal form, joined: `株式会社フィリップス・ジャパン` → `フィリップスジャパン`.
pub fn fold_maker(text: &str) -> String {
    maker_words(text).concat()
}

/// The words of a maker's name without its legal form.
pub fn maker_words(text: &str) -> Vec<String> {
    let mut words = words(text);
    for word in &mut words {
        for form in ["株式会社", "有限会社", "合同会社"] {
            if let Some(rest) = word.strip_prefix(form).or_else(|| word.strip_suffix(form))
                && !rest.is_empty()
            {
                *word = rest.to_owned();
            }
        }
    }
    // N.V., S.p.A.: single letters at the end that make up a legal form.
    let letters = words.iter().rev().take_while(|w| w.len() == 1).count();
    let front = words.len() - letters;
    if letters > 1 && CORPORATE_WORDS.contains(&words[front..].concat().as_str()) {
        words.truncate(front.max(1));
    }
    let kept: Vec<String> =
        words.iter().filter(|w| !CORPORATE_WORDS.contains(&w.as_str())).cloned().collect();
    if kept.is_empty() { words } else { kept }
}

/// The words of a product's name, without the word "firmware".
pub fn product_words(text: &str) -> Vec<String> {
    let all = words(text);
    let kept: Vec<String> = all.iter().filter(|w| !FIRMWARE_WORDS.contains(&w.as_str())).cloned().collect();
    if kept.is_empty() { all } else { kept }
}

/// The words of a product's name, joined.
pub fn fold_product(text: &str) -> String {
    product_words(text).concat()
}

/// Folded makers with their aliases, and the hardware → software rules, ready for lookup.
#[derive(Debug, Clone, Default)]
pub struct Dictionary {
    makers: FxHashMap<String, String>,
    rules: Vec<FoldedRule>,
}

#[derive(Debug, Clone)]
struct FoldedRule {
    maker: String,
    /// (folded pattern, open end)
    models: Vec<(String, bool)>,
    rule: HardwareRule,
}

impl Dictionary {
    /// Prepares a dictionary for lookup.
    pub fn new(source: &DeviceDictionary) -> Self {
        let mut makers = FxHashMap::default();
        for maker in &source.makers {
            let name = fold_maker(&maker.name);
            for alias in &maker.aliases {
                makers.insert(fold_maker(alias), name.clone());
            }
        }
        let mut dictionary = Dictionary { makers, rules: Vec::new() };
        for rule in &source.rules {
            let maker = dictionary.maker(&rule.maker);
            // As the model that is asked about: without the maker's name in front.
            let folded = |model: &String| (dictionary.product(&maker, model), model.ends_with('*'));
            let models = rule.models.iter().map(folded).collect();
            dictionary.rules.push(FoldedRule { maker, models, rule: rule.clone() });
        }
        dictionary
    }

    /// The folded name of a maker, aliases resolved.
    pub fn maker(&self, text: &str) -> String {
        let folded = fold_maker(text);
        self.makers.get(&folded).cloned().unwrap_or(folded)
    }

    /// The folded name of a product, without the maker's name in front: `Philips IntelliVue` → `intellivue`.
    pub fn product(&self, maker: &str, text: &str) -> String {
        self.product_words(maker, text).concat()
    }

    /// As [`Dictionary::product`], as separate words.
    pub fn product_words(&self, maker: &str, text: &str) -> Vec<String> {
        let mut words = product_words(text);
        for taken in (1..words.len()).rev() {
            if self.maker(&words[..taken].concat()) == maker {
                words.drain(..taken);
                break;
            }
        }
        words
    }

    /// The software that this hardware runs.
    pub fn software_of<'d>(&'d self, maker: &'d str, model: &str) -> impl Iterator<Item = &'d HardwareRule> {
        let model = self.product(maker, model);
        self.rules.iter().filter(move |r| r.maker == maker).filter_map(move |r| {
            let fits = r.models.iter().any(|(pattern, open)| {
                if *open { model.starts_with(pattern.as_str()) } else { model == *pattern }
            });
            fits.then_some(&r.rule)
        })
    }
}

impl Dictionary {
    /// What the dictionary knows of a program of this name. Lists that do not tell the publisher are common: then the
    /// name alone decides.
    pub fn program<'d>(
        &'d self,
        maker: Option<&'d str>,
        name: &str,
    ) -> impl Iterator<Item = &'d HardwareRule> {
        let name = name.to_owned();
        self.rules.iter().filter(move |r| maker.is_none_or(|maker| r.maker == maker)).filter_map(move |r| {
            let own = self.product(&r.maker, &name);
            let fits =
                r.models.iter().any(
                    |(pattern, open)| {
                        if *open { own.starts_with(pattern.as_str()) } else { own == *pattern }
                    },
                );
            fits.then_some(&r.rule)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use shindan_domain::devices::Maker;

    fn dictionary() -> Dictionary {
        Dictionary::new(&DeviceDictionary {
            makers: vec![
                Maker {
                    name: "Philips".into(), aliases: vec!["Phillips".into(), "フィリップス".into()]
                },
                Maker { name: "Fortinet".into(), aliases: vec!["フォーティネット".into()] },
            ],
            rules: vec![HardwareRule {
                maker: "Fortinet".into(),
                models: vec!["FortiGate*".into()],
                vendor: "Fortinet".into(),
                product: "FortiOS".into(),
                cpe: None,
            }],
        })
    }

    #[test]
    fn one_maker_in_many_spellings() {
        let d = dictionary();
        for text in
            ["Philips", "Phillips ", "PHILIPS, Inc.", "株式会社フィリップス", "ﾌｨﾘｯﾌﾟｽ", "Philips（株）"]
        {
            assert_eq!(d.maker(text), "philips", "{text}");
        }
        assert_eq!(d.maker("B. Braun Melsungen AG"), "bbraunmelsungen");
        assert_eq!(d.maker("Philips N.V."), "philips");
        assert_eq!(d.maker("Esaote S.p.A."), "esaote");
        assert_eq!(d.maker("N.V."), "n", "nor to nothing");
        assert_eq!(d.maker("株式会社"), "株式会社", "a name is never folded to nothing");
    }

    #[test]
    fn products_lose_the_maker_and_the_word_firmware() {
        let d = dictionary();
        assert_eq!(d.product("philips", "Phillips IntelliVue® MX-800 Firmware"), "intellivuemx800");
        assert_eq!(d.product("qualcomm", "MDM9645 ファームウェア"), "mdm9645");
        assert_eq!(d.product("philips", "Philips"), "philips");
    }

    #[test]
    fn hardware_runs_software() {
        let d = dictionary();
        let products: Vec<_> =
            d.software_of("fortinet", "FortiGate-60F").map(|r| r.product.as_str()).collect();
        assert_eq!(products, ["FortiOS"]);
        assert_eq!(d.software_of("fortinet", "FortiSwitch 124E").count(), 0);
    }
}
