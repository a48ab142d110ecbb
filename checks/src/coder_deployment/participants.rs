//! Who comes, from the checklist or a file beside it, and which of them have an account.

use super::{Participants, Person};
use crate::{
    clients::{coder::users::User, file::text},
    contract::{Remedy, Unobserved, Why, short},
};
use std::path::Path;

/// The longest list that is read, in bytes.
const MOST_BYTES: u64 = 1 << 20;

/// The logins or addresses, each once, in their order.
pub(super) fn names(participants: &Participants, base: &Path) -> Result<Vec<String>, Unobserved> {
    let Some(file) = &participants.file else { return Ok(distinct(participants.names.iter().map(String::as_str))) };
    let path = base.join(file);
    let missing = |why, detail: &dyn std::fmt::Display| {
        let by_hand = Remedy::run(["cat", &path.display().to_string()]);
        Unobserved::new(why, format!("file {file}"), detail).by_hand(by_hand)
    };
    let text = text(&path, MOST_BYTES).map_err(|(why, detail)| missing(why, &detail))?;
    let lines = text.lines().map(|line| line.split('#').next().unwrap_or_default().trim());
    let names = distinct(lines.filter(|line| !line.is_empty()));
    if let Some(odd) = names.iter().find(|name| !is_name(name)) {
        let shown = short(odd, 40);
        return Err(missing(Why::Malformed, &format_args!("`{shown}` is neither a login nor an address")));
    }
    if names.is_empty() { Err(missing(Why::Malformed, &"nobody is named in it")) } else { Ok(names) }
}

/// Which of them have an account, and in what state.
pub(super) fn found(names: Vec<String>, users: &[User]) -> Vec<Person> {
    let person = |name: String| {
        let is_theirs = |user: &&User| [&user.username, &user.email].iter().any(|own| own.eq_ignore_ascii_case(&name));
        let status = users.iter().find(is_theirs).map(|user| user.status.clone());
        Person { name, status }
    };
    names.into_iter().map(person).collect()
}

fn is_name(name: &str) -> bool {
    name.len() <= 254 && name.chars().all(|letter| letter.is_alphanumeric() || "-_.@+".contains(letter))
}

fn distinct<'a>(names: impl Iterator<Item = &'a str>) -> Vec<String> {
    let mut all: Vec<String> = Vec::new();
    for name in names.map(str::trim) {
        if !all.iter().any(|known| known.eq_ignore_ascii_case(name)) {
            all.push(name.to_owned());
        }
    }
    all
}
