//! What each replica says of itself. Status 200 and `healthy` are no word of the database: `db` alone is.

use super::{Expect, codes, evidence::Seen};
use crate::{
    clients::litellm::health::Readiness,
    contract::{Code, Finding, Remedy},
};

pub(super) fn judge(expect: &Expect, url: &str, samples: &[Seen<Readiness>]) -> Vec<Finding> {
    let mut findings: Vec<Finding> = Vec::new();
    if let Some(missing) = samples.iter().find_map(|sample| sample.as_ref().err()) {
        findings.push(Finding::unobserved(missing));
    }
    let case = Case { url, samples };
    let is_well = |said: &Readiness| ["healthy", "connected"].iter().any(|word| said.status.eq_ignore_ascii_case(word));
    findings.extend(case.of(codes::NOT_READY, "healthy", |said| (!is_well(said)).then(|| said.status.clone())));
    if expect.database {
        let well = |said: &&Readiness| is_well(said);
        let is_there = |db: &str| db.eq_ignore_ascii_case("connected");
        findings.extend(case.of(codes::NO_DATABASE, "db: connected", |said| {
            let off = said.db.as_deref().filter(|db| !is_there(db))?;
            Some(format!("status {} and db `{off}`", said.status))
        }));
        findings.extend(case.of(codes::DATABASE_UNTOLD, "db: connected", |said| {
            Some(said).filter(well).filter(|said| said.db.is_none()).map(|_| "no `db` in the answer".to_owned())
        }));
    }
    if let Some(wanted) = &expect.version {
        findings
            .extend(case.of(codes::VERSION, wanted, |said| said.version.clone().filter(|version| version != wanted)));
        findings.extend(case.of(codes::VERSION_UNTOLD, wanted, |said| {
            Some(said)
                .filter(|said| is_well(said) && said.version.is_none())
                .map(|_| "no release in the answer".to_owned())
        }));
    }
    findings
}

struct Case<'a> {
    url: &'a str,
    samples: &'a [Seen<Readiness>],
}

impl Case<'_> {
    /// One finding for all samples of which `trouble` says something: what the first says, and of how many.
    fn of(&self, code: Code, expected: &str, trouble: impl Fn(&Readiness) -> Option<String>) -> Option<Finding> {
        let told: Vec<String> = self.samples.iter().flatten().filter_map(trouble).collect();
        let first = told.first()?;
        let look = Remedy::run(["curl", "-sS", "-i", "--max-time", "10", &format!("{}/health/readiness", self.url)]);
        let finding = Finding::new(code, "readiness").expected(expected);
        Some(finding.seen(format_args!("{first}, in {} of {} samples", told.len(), self.samples.len())).mended_by(look))
    }
}
