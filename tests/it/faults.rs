//! Every fault everywhere: what was spoilt is never a pass, and ends by itself.
//!
//! One process looks at a whole world in which every part is spoilt in the same way; how long it may wait is said by the
//! checklist, and shown by the code that comes of it.

mod documented;
pub mod parts;
pub mod product;

use crate::rig::Report;
use documented::{ROWS, Row, usual};
use gonogo_world::{Fault, System};
use parts::{Part, parts};
use product::product;
use std::{collections::BTreeSet, sync::Mutex};

const FAULTS: [Fault; 26] = [
    Fault::Hang,
    Fault::SlowDrip,
    Fault::EndlessBody,
    Fault::Refuse,
    Fault::Reset,
    Fault::TruncatedBody,
    Fault::WrongType,
    Fault::MalformedJson,
    Fault::Empty,
    Fault::Status(401, None),
    Fault::Status(403, None),
    Fault::Status(404, None),
    Fault::Status(429, None),
    Fault::Status(429, Some(3600)),
    Fault::Status(500, None),
    Fault::Status(503, None),
    Fault::Status(503, Some(3600)),
    Fault::RedirectLoop,
    Fault::ExpiredCertificate,
    Fault::WrongCertificate,
    Fault::UntrustedCertificate,
    Fault::Servfail,
    Fault::Refused,
    Fault::Malformed,
    Fault::Truncated,
    Fault::WrongId,
];
const SYSTEMS: [System; 16] = [
    System::Registry,
    System::Ecr,
    System::S3,
    System::Aws,
    System::Litellm,
    System::Coder,
    System::Web,
    System::Gcp,
    System::Github,
    System::Dns,
    System::Kubernetes,
    System::Alertmanager,
    System::Cloudflare,
    System::Pagerduty,
    System::IncidentIo,
    System::Prometheus,
];
/// How many worlds are spoilt at once.
const AT_ONCE: usize = 4;
/// How many parts are spoilt in one process with what takes its whole strength to read.
const FLOODED: usize = 9;
/// What a busy machine may add to an item's own deadline, in milliseconds.
const SLACK: u64 = 30_000;

/// One process: a fault, and the parts that are spoilt by it.
struct Case {
    fault: Fault,
    spoilt: Vec<&'static Part>,
}

impl Case {
    fn all() -> Vec<Self> {
        FAULTS.into_iter().flat_map(Self::of).collect()
    }

    fn of(fault: Fault) -> Vec<Self> {
        let spoilt: Vec<_> = parts().filter(|part| is_of(fault, part.system)).collect();
        let size = if fault == Fault::EndlessBody { FLOODED } else { spoilt.len() };
        spoilt.chunks(size).map(|spoilt| Self { fault, spoilt: spoilt.to_vec() }).collect()
    }

    /// Milliseconds that an item may take: few where nothing else would end the wait.
    fn timeout(&self) -> u64 {
        if self.waits() { 6_000 } else { 60_000 }
    }

    fn waits(&self) -> bool {
        matches!(self.fault, Fault::Hang | Fault::SlowDrip)
    }

    fn look(&self) -> Report {
        let (rig, path) = product(&format!("{}ms", self.timeout()));
        for part in &self.spoilt {
            rig.world.inject(part.rule(self.fault)).expect("a rule");
        }
        rig.report(&path, &["--deadline", "3m"])
    }

    /// Everything that is wrong, one line each.
    fn wrong(&self, met: &Mutex<BTreeSet<usize>>) -> Vec<String> {
        let report = self.look();
        let mut wrong = Vec::new();
        if !matches!((report.verdict(), report.code), ("no-go", 1) | ("undetermined", 3)) {
            wrong.push(format!("{:?}: {} and exit code {}", self.fault, report.verdict(), report.code));
        }
        for part in parts() {
            let is_right = if self.spoilt.iter().any(|spoilt| spoilt.name == part.name) {
                self.is_right(part, &report, met)
            } else {
                // Where the whole world waits, what is sound may be late.
                self.waits() || report.outcome(&part.id()) == "pass"
            };
            let took = report.item(&part.id())["took_ms"].as_u64().expect("milliseconds");
            if !is_right || took > self.timeout() + SLACK {
                let (id, fault) = (part.id(), self.fault);
                wrong.push(format!("{id} at {fault:?}: {} {:?} in {took} ms", report.outcome(&id), report.codes(&id)));
            }
        }
        wrong
    }

    fn is_right(&self, part: &Part, report: &Report, met: &Mutex<BTreeSet<usize>>) -> bool {
        let (outcome, codes) = (report.outcome(&part.id()), report.codes(&part.id()));
        let says = |row: &Row| row.faults.contains(&self.fault) && row.parts.contains(&part.name);
        match ROWS.iter().position(says) {
            Some(index) => {
                met.lock().expect("a list").insert(index);
                let row = &ROWS[index];
                outcome == row.outcome && codes.iter().all(|code| Some(*code) == row.code)
            }
            None => outcome == "unknown" && codes.iter().all(|code| usual(self.fault).contains(code)),
        }
    }
}

/// Whether a system can be spoilt in this way at all.
fn is_of(fault: Fault, system: System) -> bool {
    match fault {
        Fault::Refuse | Fault::Reset | Fault::Hang => true,
        Fault::Servfail | Fault::Refused | Fault::Malformed | Fault::Truncated | Fault::WrongId => {
            system == System::Dns
        }
        _ => system != System::Dns,
    }
}

#[test]
fn a_world_without_faults_is_go() {
    let (rig, path) = product("60s");
    let report = rig.report(&path, &[]);
    assert_eq!(report.in_the_way(), [""; 0]);
    assert_eq!((report.verdict(), report.code), ("go", 0));
}

/// The probes that ask no server: what they read is of this machine, and their own tests spoil it.
const ASKING_NOBODY: [&str; 1] = ["attestation"];

#[test]
fn every_probe_and_every_system_is_among_what_is_spoilt() {
    for kind in gonogo_checks::CATALOGUE.iter().filter(|kind| !ASKING_NOBODY.contains(&kind.name)) {
        let probe = format!("probe: {},", kind.name);
        assert!(parts().any(|part| part.check.starts_with(&probe)), "no part looks with {}", kind.name);
    }
    for system in SYSTEMS {
        assert!(parts().any(|part| part.system == system), "no part hangs on {system}");
    }
}

#[test]
fn what_is_spoilt_is_unknown_or_what_is_documented_and_never_go() {
    let (cases, wrong, met) = (Mutex::new(Case::all()), Mutex::new(Vec::new()), Mutex::new(BTreeSet::new()));
    std::thread::scope(|scope| {
        for _ in 0..AT_ONCE {
            scope.spawn(|| {
                loop {
                    let Some(case) = cases.lock().expect("cases").pop() else { return };
                    let found = case.wrong(&met);
                    wrong.lock().expect("a list").extend(found);
                }
            });
        }
    });
    let (wrong, met) = (wrong.into_inner().expect("a list"), met.into_inner().expect("a list"));
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let unmet = ROWS.iter().enumerate().filter(|(index, _)| !met.contains(index));
    let unmet: Vec<String> =
        unmet.map(|(_, row)| format!("{:?} of {:?}: {}", row.faults, row.parts, row.because)).collect();
    assert!(unmet.is_empty(), "documented, and never so:\n{}", unmet.join("\n"));
}
