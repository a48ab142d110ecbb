//! Programs that are given the name of a host.

use super::Line;
use crate::document::found::Found;

pub(super) fn read(found: &mut Found<'_>, line: usize, program: &str, words: &[String]) {
    let hosts: Vec<&str> = match program {
        "openssl" => connected(words),
        "dig" => {
            Line::read(words, "bcfkpqty", &[]).rest.into_iter().filter(|word| !word.starts_with(['+', '@'])).collect()
        }
        "host" | "nslookup" => Line::read(words, "ct", &[]).rest.into_iter().take(1).collect(),
        _ => Line::read(words, "cwWitIsp", &[]).rest.into_iter().take(1).collect(),
    };
    for host in hosts.into_iter().filter(|host| host.contains('.')) {
        found.host(line, host);
    }
}

/// `openssl s_client -connect HOST:PORT -servername HOST`; its long flags have one dash.
fn connected(words: &[String]) -> Vec<&str> {
    let pairs = words.iter().zip(words.iter().skip(1));
    let named = pairs.filter(|(flag, _)| matches!(flag.as_str(), "-connect" | "-servername"));
    named.map(|(_, host)| host.as_str()).collect()
}
