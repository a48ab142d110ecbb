//! The list of people: a login on each line, or one column of a table.
//!
//! Registration forms bring `@login`, the address of a profile, and e-mail addresses; the first two are logins. What is no
//! login is kept apart: it is somebody who was not found, and never a path of a request.

use std::collections::BTreeSet;

/// The heading that is looked for unless another is named.
const HEADING: &str = "github";
/// The longest login; GitHub's own bound is 39, an enterprise's short code comes after it.
const LONGEST: usize = 60;
/// The most people on one list.
const MOST_PEOPLE: usize = 2_000;
/// The longest that is kept of what is no login, in characters.
const LONGEST_UNFIT: usize = 60;

/// A list as it was read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct List {
    /// Each login once, in the list's order.
    pub(super) logins: Vec<String>,
    /// Who is there more than once.
    pub(super) twice: Vec<String>,
    /// What is no login.
    pub(super) unfit: Vec<String>,
}

impl List {
    /// The list of these entries; empty ones are left out.
    pub(super) fn of<'a>(entries: impl IntoIterator<Item = &'a str>) -> Result<Self, String> {
        let (mut list, mut seen) = (Self::default(), BTreeSet::new());
        for entry in entries.into_iter().map(str::trim).filter(|entry| !entry.is_empty()) {
            match login(entry) {
                Ok(login) if seen.insert(login.to_ascii_lowercase()) => list.logins.push(login),
                Ok(login) if list.twice.contains(&login) => {}
                Ok(login) => list.twice.push(login),
                Err(unfit) => list.unfit.push(unfit),
            }
            list.bounded()?;
        }
        Ok(list)
    }

    fn bounded(&self) -> Result<(), String> {
        let is_bounded = self.logins.len() + self.unfit.len() <= MOST_PEOPLE;
        if is_bounded { Ok(()) } else { Err(format!("more than {MOST_PEOPLE} people")) }
    }

    /// The list in a file's text.
    pub(super) fn read(text: &str, name: &str, column: Option<&str>) -> Result<Self, String> {
        let text = text.trim_start_matches('\u{feff}');
        if is_table(name) {
            let cells = cells(text, column.unwrap_or(HEADING))?;
            let mut list = Self::of(cells.iter().filter_map(|cell| cell.as_deref().ok()))?;
            // Somebody registered in such a row.
            list.unfit
                .extend(cells.iter().filter_map(|cell| cell.as_ref().err()).map(|row| format!("row {row}: no login")));
            list.bounded()?;
            return Ok(list);
        }
        Self::of(text.lines().map(|line| line.split_once('#').map_or(line, |(before, _)| before)))
    }
}

/// True for a file that holds a table.
pub(super) fn is_table(name: &str) -> bool {
    std::path::Path::new(name).extension().is_some_and(|end| end.eq_ignore_ascii_case("csv"))
}

/// The login in `entry`, or what stands there instead, cut short.
pub(super) fn login(entry: &str) -> Result<String, String> {
    let plain = ["https://github.com/", "http://github.com/", "github.com/", "@"]
        .iter()
        .find_map(|prefix| entry.strip_prefix(prefix))
        .unwrap_or(entry)
        .trim_end_matches('/');
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
    let is_login =
        (1..=LONGEST).contains(&plain.len()) && plain.bytes().all(is_plain) && !plain.starts_with(['-', '_']);
    if is_login { Ok(plain.to_owned()) } else { Err(short(entry)) }
}

fn short(entry: &str) -> String {
    // As it is written: a space at its end may be what is wrong with it.
    entry.chars().filter(|letter| !letter.is_control()).take(LONGEST_UNFIT).collect()
}

/// The cells below the heading `column`, which is compared without regard to case; where a row has others and not this one,
/// its number, which counts the headings as 1. Blank rows are left out.
fn cells(text: &str, column: &str) -> Result<Vec<Result<String, usize>>, String> {
    let mut rows = rows(text)?.into_iter();
    let headings = rows.next().unwrap_or_default();
    let at =
        headings.iter().position(|heading| heading.trim().eq_ignore_ascii_case(column.trim())).ok_or_else(|| {
            let there: Vec<String> = headings.iter().map(|heading| format!("`{}`", short(heading))).collect();
            format!("no column `{column}`; there is {}", there.join(", "))
        })?;
    let is_blank = |row: &[String]| row.iter().all(|cell| cell.trim().is_empty());
    let numbered = rows.zip(2..).filter(|(row, _)| !is_blank(row));
    Ok(numbered
        .map(|(row, number)| row.into_iter().nth(at).filter(|cell| !cell.trim().is_empty()).ok_or(number))
        .collect())
}

/// The rows of a table (RFC 4180): cells between commas, in quotes where they hold one, a quote in them doubled.
fn rows(text: &str) -> Result<Vec<Vec<String>>, String> {
    let (mut rows, mut row, mut cell, mut is_quoted) = (Vec::new(), Vec::new(), String::new(), false);
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '"' if is_quoted && letters.peek() == Some(&'"') => {
                letters.next();
                cell.push('"');
            }
            '"' if is_quoted || cell.is_empty() => is_quoted = !is_quoted,
            ',' if !is_quoted => row.push(std::mem::take(&mut cell)),
            '\n' if !is_quoted => {
                row.push(std::mem::take(&mut cell));
                rows.push(std::mem::take(&mut row));
            }
            '\r' if !is_quoted => {}
            other => cell.push(other),
        }
    }
    if is_quoted {
        return Err("a quote is not closed".to_owned());
    }
    if !cell.is_empty() || !row.is_empty() {
        row.push(cell);
        rows.push(row);
    }
    Ok(rows)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_login_is_read_as_forms_bring_it_and_nothing_else_is_one() {
        for entry in ["guest-01", "@guest-01", "https://github.com/guest-01", "github.com/guest-01/"] {
            assert_eq!(login(entry).as_deref(), Ok("guest-01"), "{entry}");
        }
        for entry in ["guest@example.com", "../user", "a/b", "a b", "-a", "", "é", "a?b", &"a".repeat(61)] {
            assert!(login(entry).is_err(), "{entry}");
        }
        assert_eq!(login("someone_acme").as_deref(), Ok("someone_acme"), "a managed user");
    }

    #[test]
    fn a_name_in_other_letters_is_the_same_person() {
        let list =
            List::read("guest-01  # the first\n\n# nobody\nGuest-01\n@guest-02\nno body\nGUEST-01\n", "p.txt", None);
        let list = list.expect("a list");
        assert_eq!(list.logins, ["guest-01", "guest-02"]);
        assert_eq!(list.twice, ["Guest-01", "GUEST-01"]);
        assert_eq!(list.unfit, ["no body"]);
    }

    #[test]
    fn a_table_is_read_by_its_heading() {
        let table = "\u{feff}Name,GitHub ,Note\r\n\"Doe, Jo\",guest-01,\"said \"\"hi\"\"\"\r\nRoe,,\r\n,,\r\n\r\nMoe\r\nPoe,@guest-02,\"two\nlines\"\r\n";
        let list = List::read(table, "people.CSV", None).expect("a list");
        assert_eq!(list.logins, ["guest-01", "guest-02"]);
        assert_eq!(list.unfit, ["row 3: no login", "row 6: no login"], "a blank row is nobody's");
        let other = List::read(table, "people.csv", Some("login")).expect_err("no such column");
        assert_eq!(other, "no column `login`; there is `Name`, `GitHub `, `Note`");
        assert!(List::read("github\n\"guest", "people.csv", None).is_err());
        assert!(List::read("", "people.csv", None).is_err());
    }
}
