//! Links within the document and beside it: headings and files.

use super::{
    Fact, What,
    found::Found,
    markdown,
    shell::{has_gap, with_gaps},
    source::{MOST_BYTES, Root},
};
use crate::clients::file::text;
use percent_encoding::percent_decode_str;
use std::{collections::BTreeSet, path::Path};

/// Takes a link to what it leads to.
pub(super) fn link(found: &mut Found<'_>, line: usize, to: &str, root: &Root) {
    let to = to.trim();
    let scheme = to.split_once(':').map(|(scheme, _)| scheme.to_ascii_lowercase());
    let scheme =
        scheme.filter(|scheme| scheme.len() > 1 && scheme.chars().all(|letter| letter.is_ascii_alphanumeric()));
    match scheme.as_deref() {
        _ if to.is_empty() || to == "#" || to == "#top" => {}
        Some("http" | "https") => found.url(line, &with_gaps(to)),
        // An address to write to or to call.
        Some("mailto" | "tel" | "sms") => {}
        Some(_) => found.leave(line, to, "only http and https are asked"),
        None if to.starts_with("//") => found.url(line, &with_gaps(&format!("https:{to}"))),
        None => match (to.strip_prefix('#'), root) {
            (Some(anchor), _) => found.add(line, None, What::Anchor(decoded(anchor))),
            (None, Root::Url(url)) => match url.join(to) {
                Ok(url) => found.url(line, &with_gaps(url.as_str())),
                Err(_) => found.leave(line, to, "it is no URL"),
            },
            (None, Root::Folder(_)) => file(found, line, to),
        },
    }
}

fn file(found: &mut Found<'_>, line: usize, to: &str) {
    if to.starts_with('/') {
        return found.leave(line, to, "it starts at a root that is not known");
    }
    if has_gap(&with_gaps(to)) || to.contains(['{', '*']) {
        return found.leave(line, to, "a part of the path is not known");
    }
    found.add(line, None, What::File(decoded(to)));
}

fn decoded(text: &str) -> String {
    percent_decode_str(text).decode_utf8_lossy().chars().filter(|letter| !letter.is_control()).take(400).collect()
}

/// Whether the document has the heading.
pub(super) fn anchor(anchors: &BTreeSet<String>, name: &str) -> Fact {
    let is_there = anchors.contains(name) || anchors.contains(&name.to_lowercase());
    if is_there { Fact::Here } else { Fact::Absent }
}

/// Whether the file is in the folder; of one that is Markdown, whether it has the heading too.
pub(super) fn beside(folder: &Path, named: &str) -> Fact {
    let (name, heading) = named.split_once('#').unwrap_or((named, ""));
    let path = folder.join(name.split('?').next().unwrap_or(name));
    if !path.exists() {
        return Fact::Absent;
    }
    let is_markdown = path.extension().is_some_and(|end| end.eq_ignore_ascii_case("md"));
    match text(&path, MOST_BYTES as u64) {
        Ok(text) if is_markdown && !heading.is_empty() => anchor(&markdown::read(&text).anchors, heading),
        _ => Fact::Here,
    }
}
