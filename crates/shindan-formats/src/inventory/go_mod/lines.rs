//! The lines of a `go.mod`: directives, blocks of directives, comments, quoted words.
//!
//! Source: Go Modules Reference, "Lexical elements" and "Grammar".

/// One directive, as if it stood alone: the verb of a block is repeated for each of its lines.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Directive {
    pub(super) verb: String,
    pub(super) words: Vec<String>,
    /// From 1.
    pub(super) line: u64,
}

pub(super) fn directives(text: &str) -> Vec<Directive> {
    let mut directives = Vec::new();
    let mut block: Option<(String, u64)> = None;
    let mut comment = false;
    for (line, content) in (1..).zip(text.lines()) {
        let words = words(content, &mut comment);
        match (&block, words.as_slice()) {
            (_, []) => {}
            (Some(_), [close]) if close == ")" => block = None,
            (Some((verb, _)), _) => directives.push(Directive { verb: verb.clone(), words, line }),
            (None, [verb, open]) if open == "(" => block = Some((verb.clone(), line)),
            (None, [verb, open, close]) if open == "(" && close == ")" => {
                directives.push(Directive { verb: verb.clone(), words: vec!["()".to_owned()], line });
            }
            (None, [verb, rest @ ..]) => {
                directives.push(Directive { verb: verb.clone(), words: rest.to_vec(), line });
            }
        }
    }
    // A block that never ends: the file was cut off, which must be told.
    if let Some((verb, line)) = block {
        directives.push(Directive { verb: format!("{verb} ("), words: Vec::new(), line });
    }
    directives
}

/// The words of a line without comments. `comment` is whether a block comment is open.
fn words(line: &str, comment: &mut bool) -> Vec<String> {
    let mut words = Vec::new();
    let mut rest = line;
    loop {
        if *comment {
            let Some((_, after)) = rest.split_once("*/") else { return words };
            *comment = false;
            rest = after;
        }
        rest = rest.trim_start();
        let Some(first) = rest.chars().next() else { return words };
        if rest.starts_with("//") {
            return words;
        }
        if let Some(after) = rest.strip_prefix("/*") {
            *comment = true;
            rest = after;
            continue;
        }
        let (word, after) = match first {
            '"' | '`' => quoted(rest, first),
            '(' | ')' => rest.split_at(1),
            _ => {
                let end = rest.find([' ', '\t', '(', ')']).unwrap_or(rest.len());
                rest.split_at(end)
            }
        };
        words.push(word.to_owned());
        rest = after;
    }
}

/// The inside of a quoted word, and what follows it. Module paths and versions hold no escapes.
fn quoted(text: &str, quote: char) -> (&str, &str) {
    let inside = text.get(1..).unwrap_or_default();
    inside.split_once(quote).unwrap_or((inside, ""))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &[&str]) {
        let shown: Vec<String> = directives(text)
            .iter()
            .map(|directive| format!("{} {} {}", directive.line, directive.verb, directive.words.join("|")))
            .collect();
        assert_eq!(shown, expected, "{text}");
    }

    #[test]
    fn blocks_comments_and_quotes() {
        check("module a.jp/x // c\n\ngo 1.21\n", &["1 module a.jp/x", "3 go 1.21"]);
        check(
            "require (\n\ta v1 // indirect\n\t\"b\" `v2`\n)\ngo 1\n",
            &["2 require a|v1", "3 require b|v2", "5 go 1"],
        );
        check("retract [v1.0.0, v1.1.0]\n", &["1 retract [v1.0.0,|v1.1.0]"]);
        check("require ()\n", &["1 require ()"]);
        check("/* a\nb */ go 1 // c\n", &["2 go 1"]);
        check("require (\n a v1\n", &["2 require a|v1", "1 require ( "]);
        check("", &[]);
    }
}
