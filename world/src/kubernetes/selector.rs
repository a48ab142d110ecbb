//! Label selectors: equality, sets, existence and order, as the API server reads them.
//!
//! A selector that the server would refuse is refused here too: one that is silently read otherwise makes a prober look at the wrong pods.

use serde_json::Value;

/// One condition on a label.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Requirement {
    key: String,
    test: Test,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Test {
    In(Vec<String>),
    NotIn(Vec<String>),
    Exists,
    Absent,
    Above(i64),
    Below(i64),
}

/// All of them must hold.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Selector(Vec<Requirement>);

impl Selector {
    /// The error is the server's message.
    pub(super) fn read(text: &str) -> Result<Self, String> {
        let mut words = Words::of(text);
        let mut requirements = Vec::new();
        if words.peek().is_empty() {
            return Ok(Self::default());
        }
        loop {
            requirements.push(requirement(&mut words)?);
            match words.take().as_str() {
                "" => return Ok(Self(requirements)),
                "," => {}
                other => return Err(format!("found '{other}', expected: ',' or 'end of string'")),
            }
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn fits(&self, object: &Value) -> bool {
        let labels = &object["metadata"]["labels"];
        self.0.iter().all(|requirement| requirement.fits(labels[&requirement.key].as_str()))
    }
}

impl Requirement {
    fn fits(&self, value: Option<&str>) -> bool {
        let number = || value.and_then(|value| value.parse::<i64>().ok());
        match &self.test {
            Test::In(values) => value.is_some_and(|value| values.iter().any(|own| own == value)),
            Test::NotIn(values) => value.is_none_or(|value| values.iter().all(|own| own != value)),
            Test::Exists => value.is_some(),
            Test::Absent => value.is_none(),
            Test::Above(least) => number().is_some_and(|number| number > *least),
            Test::Below(most) => number().is_some_and(|number| number < *most),
        }
    }
}

fn requirement(words: &mut Words) -> Result<Requirement, String> {
    let first = words.take();
    if first == "!" {
        return Ok(Requirement { key: identifier(&words.take())?, test: Test::Absent });
    }
    let key = identifier(&first)?;
    if matches!(words.peek(), "" | ",") {
        return Ok(Requirement { key, test: Test::Exists });
    }
    let test = match words.take().as_str() {
        "=" | "==" => Test::In(vec![words.value()]),
        "!=" => Test::NotIn(vec![words.value()]),
        "in" => Test::In(words.set()?),
        "notin" => Test::NotIn(words.set()?),
        ">" => Test::Above(words.number()?),
        "<" => Test::Below(words.number()?),
        other => {
            return Err(format!("found '{other}', expected: in, notin, =, ==, !=, >, <"));
        }
    };
    Ok(Requirement { key, test })
}

fn identifier(word: &str) -> Result<String, String> {
    let is_name = |byte: u8| byte.is_ascii_alphanumeric() || b"-_./".contains(&byte);
    if !word.is_empty() && word.bytes().all(is_name) {
        return Ok(word.to_owned());
    }
    Err(format!("found '{word}', expected: !, identifier, or 'end of string'"))
}

/// The text in words: operators, brackets, commas, and everything between them.
struct Words {
    words: Vec<String>,
    next: usize,
}

impl Words {
    fn of(text: &str) -> Self {
        let is_operator = |character: char| "=!<>".contains(character);
        let mut words: Vec<String> = Vec::new();
        let mut is_new = true;
        for character in text.chars() {
            let goes_on = words
                .last()
                .and_then(|word| word.chars().next())
                .is_some_and(|first| !is_new && !"(),".contains(first) && is_operator(first) == is_operator(character));
            match character {
                space if space.is_whitespace() => is_new = true,
                '(' | ')' | ',' => {
                    words.push(character.to_string());
                    is_new = true;
                }
                _ if goes_on => words.last_mut().into_iter().for_each(|word| word.push(character)),
                _ => {
                    words.push(character.to_string());
                    is_new = false;
                }
            }
        }
        Self { words, next: 0 }
    }

    fn peek(&self) -> &str {
        self.words.get(self.next).map_or("", String::as_str)
    }

    fn take(&mut self) -> String {
        let word = self.peek().to_owned();
        self.next += 1;
        word
    }

    /// A value may be empty: `key=` is a label that is there with nothing in it.
    fn value(&mut self) -> String {
        if matches!(self.peek(), "" | ",") { String::new() } else { self.take() }
    }

    fn number(&mut self) -> Result<i64, String> {
        let word = self.take();
        word.parse().map_err(|_| format!("for 'Gt', 'Lt' operators, the value must be an integer: \"{word}\""))
    }

    fn set(&mut self) -> Result<Vec<String>, String> {
        let open = self.take();
        if open != "(" {
            return Err(format!("found '{open}' expected: '('"));
        }
        let mut values = Vec::new();
        loop {
            values.push(if matches!(self.peek(), "," | ")") { String::new() } else { self.take() });
            match self.take().as_str() {
                ")" => return Ok(values),
                "," => {}
                other => return Err(format!("found '{other}', expected: ',' or ')'")),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn fits(selector: &str) -> bool {
        let labels = json!({ "app.kubernetes.io/name": "coder", "tier": "web", "empty": "", "weight": "7" });
        Selector::read(selector).expect("a selector").fits(&json!({ "metadata": { "labels": labels } }))
    }

    #[test]
    fn every_form_of_requirement_is_read() {
        for selector in [
            "app.kubernetes.io/name=coder",
            "app.kubernetes.io/name==coder,tier!=db",
            "tier in (web, db), app.kubernetes.io/name",
            "tier notin (db,cache),!gone",
            "gone!=x",
            "gone notin (x)",
            "empty=",
            "empty in ()",
            "weight>6,weight<8",
            "",
        ] {
            assert!(fits(selector), "{selector}");
        }
        for selector in ["tier=db", "gone", "!tier", "tier in (db)", "tier notin (web)", "weight>7", "tier=web,gone=x"]
        {
            assert!(!fits(selector), "{selector}");
        }
    }

    #[test]
    fn what_the_server_cannot_read_is_refused_in_its_words() {
        assert_eq!(Selector::read("==x").expect_err("bad"), "found '==', expected: !, identifier, or 'end of string'");
        for selector in ["a in b", "a in (b", "a b", "a>x", ",", "a,,b", "!"] {
            assert!(Selector::read(selector).is_err(), "{selector}");
        }
    }

    #[test]
    fn an_object_without_labels_lacks_every_label() {
        let bare = json!({ "metadata": { "name": "x" } });
        assert!(Selector::read("!a,b!=c").expect("a selector").fits(&bare));
        assert!(!Selector::read("a").expect("a selector").fits(&bare));
    }
}
