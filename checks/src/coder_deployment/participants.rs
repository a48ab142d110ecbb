//! Who comes, from the checklist or a file beside it, and which of them have an account.

use super::{Participants, Person};
use crate::{
    clients::coder::users::User,
    contract::{Remedy, Unobserved, Why},
};
use std::{fs::File, io::Read as _, path::Path};

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
    let text = text(&path).map_err(|(why, detail)| missing(why, &detail))?;
    let lines = text.lines().map(|line| line.split('#').next().unwrap_or_default().trim());
    let names = distinct(lines.filter(|line| !line.is_empty()));
    if let Some(odd) = names.iter().find(|name| !is_name(name)) {
        let shown: String = odd.chars().filter(|letter| !letter.is_control()).take(40).collect();
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

/// The text; of a pipe or a device nothing is read, which might have no end.
fn text(path: &Path) -> Result<String, (Why, String)> {
    let unread = |error: std::io::Error| (Why::Unconfigured, error.to_string());
    if !std::fs::metadata(path).map_err(unread)?.is_file() {
        return Err((Why::Unconfigured, "it is no file".to_owned()));
    }
    let mut bytes = Vec::new();
    File::open(path).and_then(|file| file.take(MOST_BYTES + 1).read_to_end(&mut bytes)).map_err(unread)?;
    if bytes.len() as u64 > MOST_BYTES {
        return Err((Why::TooLarge, format!("longer than {} MiB", MOST_BYTES >> 20)));
    }
    String::from_utf8(bytes).map_err(|_| (Why::Malformed, "it is not UTF-8".to_owned()))
}
