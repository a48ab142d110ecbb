//! Jobs that stand: that wait, that nobody can take, whose provisioner is gone, that do not end.

use super::{
    code::{CANCELING, ORPHANED, STRANDED, WAITING},
    evidence::{Daemons, Evidence, Job, Jobs, Organization},
    settings::Expect,
    tags,
};
use crate::contract::{Finding, Remedy, spoken};
use jiff::{SignedDuration, Timestamp};

struct Queue<'a> {
    expect: &'a Expect,
    url: &'a str,
    organization: &'a str,
    jobs: &'a Jobs,
    /// `None` where they were not seen.
    daemons: Option<&'a Daemons>,
}

pub(super) fn judge(expect: &Expect, evidence: &Evidence, organization: &Organization) -> Vec<Finding> {
    let Ok(jobs) = &organization.jobs else { return Vec::new() };
    let daemons = organization.daemons.as_ref().ok();
    let queue = Queue { expect, url: &evidence.url, organization: &organization.name, jobs, daemons };
    let mut rows: Vec<&Job> = jobs.rows.iter().collect();
    rows.sort_by(|a, b| (a.created_at, &a.id).cmp(&(b.created_at, &b.id)));
    rows.into_iter().filter_map(|job| queue.job(job)).collect()
}

impl Queue<'_> {
    fn job(&self, job: &Job) -> Option<Finding> {
        match job.status.as_str() {
            "pending" => self.pending(job),
            "canceling" => self.orphaned(job).or_else(|| self.canceling(job)),
            _ => self.orphaned(job),
        }
    }

    fn pending(&self, job: &Job) -> Option<Finding> {
        let waited = self.age(job.created_at);
        if waited <= self.expect.waits.signed() {
            return None;
        }
        let able = self.daemons.map(|daemons| daemons.for_tags(&job.tags).count());
        let server = match job.available_workers {
            Some(count) => format!(", {count} by the server's count"),
            None => String::new(),
        };
        let place = match job.queue {
            (0, 0) => "no place in the queue".to_owned(),
            (position, size) => format!("place {position} of {size}"),
        };
        let stock = if job.is_prebuild { ", for stock" } else { "" };
        let needs = tags::word(&job.tags);
        let seen = |able: &str| {
            format!("waits for {} with {needs}: {able} online can take it{server}; {place}{stock}", spoken(waited))
        };
        let finding = match able.or(job.available_workers) {
            Some(0) => self.finding(STRANDED, job).seen(seen("none")).mended_by(self.stranded(job)),
            Some(count) => {
                let remedy = "wait for a free provisioner, call off what is in front of it, or add provisioners";
                self.finding(WAITING, job).seen(seen(&count.to_string())).mended_by(self.look(remedy))
            }
            None => {
                self.finding(WAITING, job).seen(seen("an unknown number")).mended_by(self.look("see who could take it"))
            }
        };
        Some(finding.expected(format_args!("no job waits for more than {}", self.expect.waits)))
    }

    fn orphaned(&self, job: &Job) -> Option<Finding> {
        let daemons = self.daemons?;
        let worker = job.worker.as_ref()?;
        if daemons.online().any(|daemon| daemon.id == *worker) {
            return None;
        }
        let row = daemons.rows.iter().find(|daemon| daemon.id == *worker);
        let seen = match row.and_then(|daemon| Some((&daemon.name, daemon.last_seen_at?))) {
            Some((name, seen)) => format!("{name} was seen {} ago", spoken(daemons.clock.duration_since(seen))),
            None => format!("{} is not among those that are online", row.map_or(worker, |daemon| &daemon.name)),
        };
        Some(
            self.finding(ORPHANED, job)
                .expected("the provisioner that runs it was seen within 90 s")
                .seen(format_args!("{}: {seen}", job.status))
                .mended_by(self.end(job)),
        )
    }

    fn canceling(&self, job: &Job) -> Option<Finding> {
        let taken = self.age(job.canceled_at.unwrap_or(job.created_at));
        (taken > self.expect.cancels.signed()).then(|| {
            let remedy = "restart the provisioner that holds it, once nothing else runs there";
            self.finding(CANCELING, job)
                .expected(format_args!("a job that was called off ends within {}", self.expect.cancels))
                .seen(format_args!("called off {} ago", spoken(taken)))
                .mended_by(self.look(remedy))
        })
    }

    fn age(&self, since: Timestamp) -> SignedDuration {
        self.jobs.clock.duration_since(since)
    }

    fn finding(&self, code: crate::contract::Code, job: &Job) -> Finding {
        let about = if job.about.is_empty() { String::new() } else { format!(" ({})", job.about) };
        Finding::new(code, format!("job {} in {}{about}", job.id, self.organization))
    }

    fn stranded(&self, job: &Job) -> Remedy {
        let tags = tags::word(&job.tags);
        self.look(&format!(
            "start a provisioner in the organisation {} with {tags}, or mend the template's tags",
            self.organization
        ))
    }

    fn look(&self, saying: &str) -> Remedy {
        let words = ["coder", "--url", self.url, "provisioner", "list", "--org", self.organization];
        Remedy::run(words).saying(saying)
    }

    /// Coder refuses to cancel what is called off already.
    fn end(&self, job: &Job) -> Remedy {
        if job.status == "canceling" {
            return Remedy::prose(
                "wait until the server's job reaper ends it, which takes minutes, then start the build anew; if it stays, see the server's log",
            );
        }
        let words = ["coder", "--url", self.url, "provisioner", "jobs", "cancel", "--org", self.organization, &job.id];
        Remedy::run(words).saying("call it off, and start it anew").disrupting("whoever waits for that build")
    }
}
