//! Japanese phrases of JVN version text.
//!
//! 「X より前」「X 未満」 exclude X; 「X 以前」「X およびそれ以前」「X 以下」「X まで」 include it, and so do
//! 「X 以降」「X 以上」「X から」 at the lower end.

use super::token::{Key, Token};

const PHRASES: [(&str, Key); 83] = [
    ("より前", Key::PostLt),
    ("よりも前", Key::PostLt),
    ("よりまえ", Key::PostLt),
    ("より古い", Key::PostLt),
    ("よりも古い", Key::PostLt),
    ("未満", Key::PostLt),
    ("みまん", Key::PostLt),
    ("以前", Key::PostLe),
    ("いぜん", Key::PostLe),
    ("それ以前", Key::PostLe),
    ("およびそれ以前", Key::PostLe),
    ("およびそれより前", Key::PostLe),
    ("およびこれ以前", Key::PostLe),
    ("および以前", Key::PostLe),
    ("及びそれ以前", Key::PostLe),
    ("及びそれより前", Key::PostLe),
    ("及び以前", Key::PostLe),
    ("またはそれ以前", Key::PostLe),
    ("または以前", Key::PostLe),
    ("又はそれ以前", Key::PostLe),
    ("もしくはそれ以前", Key::PostLe),
    ("かそれ以前", Key::PostLe),
    ("とそれ以前", Key::PostLe),
    ("並びにそれ以前", Key::PostLe),
    ("ならびにそれ以前", Key::PostLe),
    ("、それ以前", Key::PostLe),
    ("以下", Key::PostLe),
    ("およびそれ以下", Key::PostLe),
    ("及びそれ以下", Key::PostLe),
    ("まで", Key::PostLe),
    ("迄", Key::PostLe),
    ("より後", Key::PostGt),
    ("よりも後", Key::PostGt),
    ("より新しい", Key::PostGt),
    ("以降", Key::PostGe),
    ("いこう", Key::PostGe),
    ("それ以降", Key::PostGe),
    ("およびそれ以降", Key::PostGe),
    ("および以降", Key::PostGe),
    ("及びそれ以降", Key::PostGe),
    ("及び以降", Key::PostGe),
    ("またはそれ以降", Key::PostGe),
    ("かそれ以降", Key::PostGe),
    ("とそれ以降", Key::PostGe),
    ("以上", Key::PostGe),
    ("以後", Key::PostGe),
    ("から", Key::FromAfter),
    ("全バージョン", Key::All),
    ("全ての製品バージョン", Key::All),
    ("全てのバージョン", Key::All),
    ("すべてのバージョン", Key::All),
    ("全てのファームウェアバージョン", Key::All),
    ("すべてのファームウェアバージョン", Key::All),
    ("全ファームウェアバージョン", Key::All),
    ("全てのファームウェア", Key::All),
    ("すべてのファームウェア", Key::All),
    ("全版", Key::All),
    ("バージョン", Key::Noun),
    ("ヴァージョン", Key::Noun),
    ("ファームウェア", Key::Noun),
    ("ファームウエア", Key::Noun),
    ("ソフトウェアバージョン", Key::Noun),
    ("リリース", Key::Noun),
    // JVN's own examples mark an invented version like this.
    ("[例]", Key::Noun),
    ("の", Key::Noun),
    ("系列", Key::Series),
    ("系", Key::Series),
    ("シリーズ", Key::Series),
    ("版", Key::Edition),
    ("エディション", Key::Edition),
    ("を除く", Key::Excluding),
    ("は除く", Key::Excluding),
    ("のみ", Key::Only),
    ("だけ", Key::Only),
    ("および", Key::And),
    ("及び", Key::And),
    ("並びに", Key::And),
    ("ならびに", Key::And),
    ("または", Key::And),
    ("又は", Key::And),
    ("もしくは", Key::And),
    ("かつ", Key::And),
    ("と", Key::And),
];

/// Suffix words, brought to the form in which English texts write them, because a version is compared as text.
const SUFFIXES: [(&str, &str); 5] = [
    ("ビルド", "Build"),
    ("パッチ", "Patch"),
    ("サービスパック", "SP"),
    ("アップデート", "Update"),
    ("修正プログラム", "Hotfix"),
];

/// The longest known phrase at the start of `rest`, with its length in bytes.
pub(super) fn longest(rest: &str) -> Option<(Token, usize)> {
    let phrase = PHRASES
        .iter()
        .filter(|(text, _)| rest.starts_with(text))
        .max_by_key(|(text, _)| text.len())
        .map(|(text, key)| (Token::Key(*key), text.len()));
    let suffix = SUFFIXES
        .iter()
        .find(|(text, _)| rest.starts_with(text))
        .map(|(text, word)| (Token::Word((*word).to_owned()), text.len()));
    phrase.into_iter().chain(suffix).max_by_key(|(_, length)| *length)
}

/// True if the text holds kana or kanji.
pub(super) fn is_japanese(text: &str) -> bool {
    text.chars().any(|c| matches!(c, '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}'))
}
