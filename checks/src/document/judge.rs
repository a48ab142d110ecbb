//! Is all of it there, somewhere where it may be?

use super::{
    ANCHOR, BEYOND, CONTEXT, DOCUMENT, Evidence, Expect, FAILING, FILE, Fact, GONE, HOST, KIND, LABELS, NAMESPACE,
    NOT_JUDGED, OBJECT, RELEASE, Reference, Sight, TOO_FEW, What,
    words::{lines, subject},
};
use crate::{
    clients::kubernetes::Kubectl,
    contract::{Code, Finding, Remedy, Unobserved, Why},
};

/// How much that cannot be judged is told of by name.
const TOLD: usize = 4;

pub(super) fn judge(expect: &Expect, evidence: &Evidence) -> Vec<Finding> {
    if let Some(status) = evidence.gone {
        return vec![
            Finding::new(DOCUMENT, &evidence.document)
                .expected("the document")
                .seen(format_args!("status {status}"))
                .mended_by(Remedy::prose("publish the document there, or name the URL where it is")),
        ];
    }
    let mut findings = Vec::new();
    findings.extend(too_few(expect, evidence));
    let mut unseen: Vec<(&Unobserved, Option<&String>, usize)> = Vec::new();
    let mut missing: Vec<Reference> = Vec::new();
    for reference in &evidence.references {
        if reference.seen.iter().any(is_there) {
            continue;
        }
        match reference.seen.iter().find_map(|sight| Some((sight.fact.as_ref().err()?, sight.site.as_ref()))) {
            Some((missing, site)) => tell(&mut unseen, missing, site),
            None => merge(&mut missing, reference),
        }
    }
    findings.extend(missing.iter().map(|reference| absent(evidence, reference)));
    findings.extend(unseen.into_iter().map(unobserved));
    findings.extend(beyond(evidence));
    findings.extend(unjudged(expect, evidence));
    findings
}

/// What is missing with a context and without one is missing once.
fn merge(missing: &mut Vec<Reference>, reference: &Reference) {
    let Some(known) = missing.iter_mut().find(|known| known.what == reference.what) else {
        return missing.push(reference.clone());
    };
    known.lines.extend(&reference.lines);
    known.lines.sort_unstable();
    known.lines.dedup();
    for sight in &reference.seen {
        if known.seen.iter().all(|other| other.site != sight.site) {
            known.seen.push(sight.clone());
        }
    }
}

fn is_there(sight: &Sight) -> bool {
    matches!(sight.fact, Ok(fact) if fact.is_good())
}

fn too_few(expect: &Expect, evidence: &Evidence) -> Option<Finding> {
    let (wanted, count) = (expect.at_least.max(1), evidence.references.len());
    (count < wanted).then(|| {
        Finding::new(TOO_FEW, &evidence.document)
            .expected(format_args!("at least {wanted} different things named"))
            .seen(format_args!("{count} in {} lines", evidence.lines))
            .mended_by(Remedy::prose("name the right document, or put into its commands what they are about"))
    })
}

/// One cause is told once: the same refusal of the same site hides everything behind it alike.
fn tell<'a>(
    unseen: &mut Vec<(&'a Unobserved, Option<&'a String>, usize)>,
    missing: &'a Unobserved,
    site: Option<&'a String>,
) {
    let is_same = |(known, at, _): &&mut (&Unobserved, Option<&String>, usize)| {
        let is_alike = known.asked == missing.asked || (site.is_some() && missing.why != Why::Forbidden);
        *at == site && known.why == missing.why && is_alike
    };
    match unseen.iter_mut().find(is_same) {
        Some((.., count)) => *count += 1,
        None => unseen.push((missing, site, 1)),
    }
}

fn unobserved((missing, site, count): (&Unobserved, Option<&String>, usize)) -> Finding {
    let mut finding = Finding::unobserved(missing);
    if count > 1 {
        let more = format!("{}; {} more are not known for the same reason", finding.seen, count - 1);
        finding = finding.seen(more);
    }
    match site {
        Some(site) => Finding { expected: format!("an answer of the cluster of {site}"), ..finding },
        None => finding,
    }
}

fn absent(evidence: &Evidence, reference: &Reference) -> Finding {
    let fact = reference.seen.iter().find_map(|sight| sight.fact.as_ref().ok()).copied().unwrap_or(Fact::Absent);
    let place = format!("{} of {}", lines(&reference.lines), evidence.document);
    Finding::new(code(&reference.what, &reference.seen), subject(&reference.what))
        .expected(format_args!("{}, which {place} names", expected(&reference.what)))
        .seen(seen(&reference.what, fact, &reference.seen))
        .mended_by(remedy(&reference.what, &reference.seen).saying(format!("see what there is, and correct {place}")))
}

fn code(what: &What, seen: &[Sight]) -> Code {
    let is_no_kind = !seen.is_empty() && seen.iter().all(|sight| matches!(sight.fact, Ok(Fact::NoKind)));
    match what {
        What::Context(_) => CONTEXT,
        What::Kind(_) => KIND,
        What::Object { .. } | What::Labels { .. } if is_no_kind => KIND,
        What::Namespace(_) => NAMESPACE,
        What::Object { .. } => OBJECT,
        What::Labels { .. } => LABELS,
        What::Release { .. } => RELEASE,
        What::Url(_) => match seen.first().map(|sight| &sight.fact) {
            Some(Ok(Fact::Status(404 | 410))) => GONE,
            Some(Ok(Fact::Status(_))) => FAILING,
            _ => HOST,
        },
        What::Host(_) => HOST,
        What::Anchor(_) => ANCHOR,
        What::File(_) => FILE,
    }
}

const fn expected(what: &What) -> &'static str {
    match what {
        What::Context(_) => "a site of this context",
        What::Namespace(_) => "a namespace",
        What::Kind(_) => "a kind that the cluster knows",
        What::Object { .. } => "an object",
        What::Labels { .. } => "at least one object with these labels",
        What::Release { .. } => "a release",
        What::Url(_) => "an answer that something is there",
        What::Host(_) => "an address",
        What::Anchor(_) => "a heading",
        What::File(_) => "a file",
    }
}

fn seen(what: &What, fact: Fact, sights: &[Sight]) -> String {
    match (what, fact) {
        (What::Url(_), Fact::Status(status)) => return format!("status {status}"),
        (What::Url(_) | What::Host(_), _) => return "its host has no address".to_owned(),
        (What::Context(_), _) => return "no site has it".to_owned(),
        (What::Anchor(_), _) => return "no heading of this name".to_owned(),
        (What::File(_), _) => return "no such file".to_owned(),
        _ => {}
    }
    let told = |sight: &Sight| {
        let site = sight.site.as_deref().unwrap_or("the cluster");
        match sight.fact {
            Ok(Fact::NoNamespace) => format!("{site} has no such namespace"),
            Ok(Fact::NoKind) => format!("{site} knows no such kind"),
            _ => format!("not in {site}"),
        }
    };
    sights.iter().map(told).collect::<Vec<_>>().join(", ")
}

fn remedy(what: &What, seen: &[Sight]) -> Remedy {
    let cluster = seen.iter().find_map(|sight| sight.cluster.as_ref());
    let look = |arguments: &[&str]| cluster.map_or_else(|| Remedy::prose(""), |cluster| cluster.look(arguments));
    match what {
        What::Context(_) => Remedy::run(["kubectl", "config", "get-contexts"]),
        What::Namespace(_) => look(&["get", "namespaces"]),
        What::Kind(_) => look(&["api-resources"]),
        What::Object { .. } | What::Labels { .. }
            if seen.iter().all(|sight| matches!(sight.fact, Ok(Fact::NoKind))) =>
        {
            look(&["api-resources"])
        }
        What::Object { kind, .. } => look(&["get", kind, "--all-namespaces"]),
        What::Labels { kind, .. } => look(&["get", kind, "--all-namespaces", "--show-labels"]),
        What::Release { .. } => cluster.map_or_else(|| Remedy::prose(""), releases),
        What::Url(url) => Remedy::run(["curl", "-sS", "-i", "--max-time", "10", url]),
        What::Host(host) => Remedy::run(["dig", host]),
        What::Anchor(_) | What::File(_) => Remedy::prose(""),
    }
}

fn releases(cluster: &Kubectl) -> Remedy {
    let mut words = vec!["helm"];
    if let Some(kubeconfig) = &cluster.kubeconfig {
        words.extend(["--kubeconfig", kubeconfig]);
    }
    if let Some(context) = &cluster.context {
        words.extend(["--kube-context", context]);
    }
    words.extend(["list", "--all-namespaces"]);
    Remedy::run(words)
}

fn beyond(evidence: &Evidence) -> Option<Finding> {
    (evidence.beyond > 0).then(|| {
        Finding::new(BEYOND, &evidence.document)
            .expected(format_args!("{} things named, or fewer", evidence.references.len()))
            .seen(format_args!("{} more, which were not looked at", evidence.beyond))
            .mended_by(Remedy::prose("split the document, or leave out what need not be looked at with `ignore`"))
    })
}

fn unjudged(expect: &Expect, evidence: &Evidence) -> Option<Finding> {
    let all = &evidence.unjudged;
    if all.len() <= expect.unjudged {
        return None;
    }
    let told = all.iter().take(TOLD).map(|one| format!("line {}: {} ({})", one.line, one.what, one.why));
    let mut told = told.collect::<Vec<_>>().join("; ");
    if all.len() > TOLD {
        told = format!("{told}; and {} more", all.len() - TOLD);
    }
    let remedy =
        "give its placeholders and variables in `values`, write the name itself, or leave it out with `ignore`";
    Some(
        Finding::new(NOT_JUDGED, &evidence.document)
            .expected(format_args!("at most {} that cannot be judged", expect.unjudged))
            .seen(told)
            .mended_by(Remedy::prose(remedy)),
    )
}
