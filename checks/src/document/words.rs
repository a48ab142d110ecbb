//! What is named, in words.

use super::{Evidence, What};

/// What a finding is about.
pub(super) fn subject(what: &What) -> String {
    match what {
        What::Context(name) => format!("context {name}"),
        What::Namespace(name) => format!("namespace/{name}"),
        What::Kind(kind) => format!("kind {kind}"),
        What::Object { kind, name, namespace } if namespace.is_empty() => format!("{kind}/{name}"),
        What::Object { kind, name, namespace } => format!("{kind}/{name} in {namespace}"),
        What::Labels { kind, selector, namespace: Some(namespace) } => format!("{kind} with {selector} in {namespace}"),
        What::Labels { kind, selector, namespace: None } => format!("{kind} with {selector} in any namespace"),
        What::Release { name, namespace } => format!("release {name} in {namespace}"),
        What::Url(url) => url.clone(),
        What::Host(host) => host.clone(),
        What::Anchor(name) => format!("#{name}"),
        What::File(path) => path.clone(),
    }
}

/// `line 3`, `lines 3, 9 and 12`, `lines 3, 9, 12 and 4 more`.
pub(super) fn lines(lines: &[usize]) -> String {
    const SHOWN: usize = 5;
    let written = |lines: &[usize]| lines.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
    match lines {
        [only] => format!("line {only}"),
        [first @ .., last] if lines.len() <= SHOWN => format!("lines {} and {last}", written(first)),
        _ => format!("lines {} and {} more", written(&lines[..SHOWN]), lines.len() - SHOWN),
    }
}

/// Which things a line counts.
type IsOf = fn(&What) -> bool;

/// What was looked for and how much of it is there, line by line.
pub(super) fn working(evidence: &Evidence) -> Vec<String> {
    let count = |is_of: IsOf| {
        let of = || evidence.references.iter().filter(|reference| is_of(&reference.what));
        let is_there =
            |sights: &[super::Sight]| sights.iter().any(|sight| matches!(sight.fact, Ok(fact) if fact.is_good()));
        (of().filter(|reference| is_there(&reference.seen)).count(), of().count())
    };
    let groups: [(&str, IsOf); 4] = [
        ("objects, labels and releases", |what| {
            matches!(what, What::Object { .. } | What::Labels { .. } | What::Release { .. })
        }),
        ("namespaces, kinds and contexts", |what| {
            matches!(what, What::Namespace(_) | What::Kind(_) | What::Context(_))
        }),
        ("URLs and hosts", |what| matches!(what, What::Url(_) | What::Host(_))),
        ("headings and files", |what| matches!(what, What::Anchor(_) | What::File(_))),
    ];
    let mut lines: Vec<String> = groups
        .iter()
        .map(|(name, is_of)| (name, count(*is_of)))
        .filter(|(_, (_, all))| *all > 0)
        .map(|(name, (there, all))| format!("{there} of {all} {name} are there"))
        .collect();
    if evidence.ignored > 0 {
        lines.push(format!("{} left out, as the checklist says", evidence.ignored));
    }
    if !evidence.other_programs.is_empty() {
        let named: Vec<String> =
            evidence.other_programs.iter().map(|(name, count)| format!("{name} ({count})")).collect();
        lines.push(format!("not read, but for their URLs: {}", named.join(", ")));
    }
    for unjudged in &evidence.unjudged {
        lines.push(format!("line {}: {}: {}", unjudged.line, unjudged.what, unjudged.why));
    }
    lines
}
