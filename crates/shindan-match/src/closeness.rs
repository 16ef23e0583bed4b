//! How close an advisory's product name is to the model of a device, word by word.

/// How close a product's name is to the model asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Closeness {
    /// Equal after folding, or by the dictionary.
    Equal,
    /// The advisory's name contains every word of the model: `IntelliVue MX100 / MX750` for `IntelliVue MX750`.
    Within,
    /// The advisory names a family that the model may belong to: `IntelliVue` for `IntelliVue MX750`.
    Family,
}

/// Compares the words of a model with those of an advisory's product; equal names are found elsewhere.
pub(crate) fn closeness(model: &[String], product: &[&str]) -> Option<Closeness> {
    if model.is_empty() || same(model, product) {
        return None;
    }
    if telling(model.iter().map(String::as_str))
        && let Some(found) = contains(product, model)
    {
        return Some(found);
    }
    let family = product.iter().all(|w| model.iter().any(|m| m == w)) && telling(product.iter().copied());
    family.then_some(Closeness::Family)
}

/// True if the joined words are equal: `MX 800` and `MX800`.
fn same(model: &[String], product: &[&str]) -> bool {
    let length: usize = model.iter().map(String::len).sum();
    length == product.iter().map(|w| w.len()).sum::<usize>() && model.concat() == product.concat()
}

/// Whether a product's name contains every word of the model: as written or listed ([`Closeness::Within`]), or as one
/// of a series ([`Closeness::Family`]).
fn contains(product: &[&str], model: &[String]) -> Option<Closeness> {
    let mut found = Closeness::Within;
    for word in model {
        if product.contains(&word.as_str()) {
            continue;
        }
        let (letters, number) = lettered_number(word)?;
        if !product.iter().any(|other| other.starts_with(letters)) {
            return None;
        }
        if !listed(word, letters, product) {
            if !between(letters, number, product) {
                return None;
            }
            found = Closeness::Family;
        }
    }
    Some(found)
}

/// Letters and number of a model word: `mx800` → (`mx`, 800).
fn lettered_number(word: &str) -> Option<(&str, u32)> {
    let (letters, digits) = word.split_at(word.find(|c: char| c.is_ascii_digit())?);
    (!letters.is_empty() && letters.chars().all(char::is_alphabetic))
        .then(|| digits.parse().ok())
        .flatten()
        .map(|number| (letters, number))
}

/// `MX800/700/600` names MX700: a number takes over the letters of the word it is listed behind. One with more or
/// fewer digits ends the list: `(865240/41/42)` are part numbers.
fn listed(word: &str, letters: &str, product: &[&str]) -> bool {
    let (mut front, mut length) = ("", 0);
    product.iter().any(|other| {
        if let Some((own, _)) = lettered_number(other) {
            (front, length) = (own, other.len() - own.len());
            return false;
        }
        if other.len() != length || !other.bytes().all(|b| b.is_ascii_digit()) {
            front = "";
            return false;
        }
        front == letters && word.strip_prefix(letters) == Some(other)
    })
}

/// `MX400-MX850` may mean MX800: the two ends of a series stand side by side.
fn between(letters: &str, number: u32, product: &[&str]) -> bool {
    product.windows(2).any(|pair| {
        let [low, high] = pair else { return false };
        let (Some((own, low)), Some(high)) = (
            lettered_number(low),
            lettered_number(high).or_else(|| {
                // `MX400-550`
                high.parse().ok().map(|high| (letters, high))
            }),
        ) else {
            return false;
        };
        own == letters && high.0 == letters && low < number && number < high.1
    })
}

/// One short word without a digit ("switch", "x") says too little to compare by.
fn telling<'w>(words: impl ExactSizeIterator<Item = &'w str>) -> bool {
    let mut words = words;
    words.len() > 1 || words.any(|w| w.chars().any(|c| c.is_ascii_digit()) || w.chars().count() > 4)
}
