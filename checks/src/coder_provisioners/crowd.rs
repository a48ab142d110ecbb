//! How many can take a pool's jobs, and how many of them are free.

use super::{
    code::{NO_IDLE, NO_NUMBER, TOO_FEW},
    evidence::{Daemon, Daemons, Evidence, Jobs, Pool},
    settings::Expect,
    tags,
};
use crate::contract::{Finding, Remedy, Window, spoken, values::Scaled};

/// The most names in a sentence.
pub(super) const MOST_NAMED: usize = 5;

/// What is seen of one pool.
struct Crowd<'a> {
    pool: &'a Pool,
    daemons: &'a Daemons,
    jobs: Option<&'a Jobs>,
    members: Vec<&'a Daemon>,
}

impl<'a> Crowd<'a> {
    /// `None` where the list was not seen, or proves nothing: Coder leaves out what may not be read, so an empty list is
    /// believed only where the jobs, which the same role reads, were seen.
    fn of(evidence: &'a Evidence, pool: &'a Pool) -> Option<Self> {
        let organization = evidence.organization(&pool.organization)?;
        let daemons = organization.daemons.as_ref().ok()?;
        let jobs = organization.jobs.as_ref().ok();
        if daemons.rows.is_empty() && jobs.is_none() {
            return None;
        }
        let members = daemons.for_tags(&pool.tags).collect();
        Some(Self { pool, daemons, jobs, members })
    }

    /// How many are free; `None` where nobody says so of one of them.
    fn idle(&self) -> Option<usize> {
        let busy = self.members.iter().map(|daemon| daemon.is_busy(self.jobs));
        busy.map(|busy| busy.map(|busy| usize::from(!busy))).sum()
    }

    /// `organisation coder, region=us-east-2`.
    fn subject(&self) -> String {
        let Pool { name, organization, tags } = self.pool;
        format!("{name}: organisation {organization}, {}", tags::word(tags))
    }

    /// `6 online`, and what else is there that does not count.
    fn words(&self) -> String {
        let mut words = vec![format!("{} online", self.members.len())];
        let online: Vec<&Daemon> = self.daemons.online().collect();
        let others: Vec<&&Daemon> = online.iter().filter(|daemon| !self.members.contains(daemon)).collect();
        if let Some(first) = others.first() {
            words.push(format!("{} more that cannot take such a job ({})", others.len(), tags::word(&first.tags)));
        }
        let offline = self.daemons.rows.iter().filter(|daemon| !daemon.is_online(self.daemons.clock));
        let offline: Vec<String> = offline.map(|daemon| self.gone(daemon)).collect();
        if !offline.is_empty() {
            words.push(format!("{} offline ({})", offline.len(), listed(&offline)));
        }
        words.join(", ")
    }

    fn gone(&self, daemon: &Daemon) -> String {
        match daemon.last_seen_at {
            Some(seen) if seen > self.daemons.clock => format!("{} seen in the future", daemon.name),
            Some(seen) => format!("{} {} ago", daemon.name, spoken(self.daemons.clock.duration_since(seen))),
            None => format!("{} never seen", daemon.name),
        }
    }
}

/// The first few, and how many more.
pub(super) fn listed(names: &[String]) -> String {
    let shown = names.iter().take(MOST_NAMED).map(String::as_str).collect::<Vec<_>>().join(", ");
    if names.len() > MOST_NAMED { format!("{shown} and {} more", names.len() - MOST_NAMED) } else { shown }
}

pub(super) fn judge(expect: &Expect, evidence: &Evidence, pool: &Pool, window: &Window) -> Vec<Finding> {
    let Some(crowd) = Crowd::of(evidence, pool) else { return Vec::new() };
    let mut findings = Vec::new();
    match need(expect.online(&pool.name), window, true) {
        Ok((count, because)) if crowd.members.len() < count => findings.push(
            Finding::new(TOO_FEW, crowd.subject())
                .expected(format_args!("online: {because}"))
                .seen(crowd.words())
                .mended_by(Remedy::prose(more(&crowd, count))),
        ),
        Ok(_) => {}
        Err(last) => findings.push(no_number(&crowd, "online", window, last)),
    }
    match (need(expect.idle(&pool.name), window, false), crowd.idle()) {
        (Ok((count, because)), Some(idle)) if idle < count && !crowd.members.is_empty() => {
            findings.push(
                Finding::new(NO_IDLE, crowd.subject())
                    .expected(format_args!("idle: {because}"))
                    .seen(format_args!("{idle} of {} online", crowd.members.len()))
                    .mended_by(Remedy::prose(
                        "wait until their jobs end, stop what fills the queue, or add provisioners",
                    )),
            );
        }
        (Err(last), _) => findings.push(no_number(&crowd, "idle", window, last)),
        _ => {}
    }
    findings
}

/// How many, and why; the table's last key where it ends too early.
fn need(scaled: &Scaled, window: &Window, at_least_one: bool) -> Result<(usize, String), u32> {
    let need = scaled.need(window.attendees).map_err(|too_many| too_many.last)?;
    if need.count == 0 && at_least_one {
        return Ok((1, format!("1, though {}", need.because)));
    }
    Ok((usize::try_from(need.count).unwrap_or(usize::MAX), need.because))
}

fn more(crowd: &Crowd<'_>, count: usize) -> String {
    let lacking = count - crowd.members.len();
    let tags = tags::word(&crowd.pool.tags);
    format!(
        "start {lacking} more provisioners in the organisation {} with {tags}, or see why those that run have not registered",
        crowd.pool.organization
    )
}

fn no_number(crowd: &Crowd<'_>, which: &str, window: &Window, last: u32) -> Finding {
    Finding::new(NO_NUMBER, crowd.subject())
        .expected(format_args!("a number for {} attendees", window.attendees.unwrap_or_default()))
        .seen(format_args!("the table ends at {last}; {}", crowd.words()))
        .mended_by(Remedy::prose(format!("add a step to `{which}: {{ by_attendees: … }}` for so many attendees")))
}

/// The arithmetic: how many at once, and so in how many turns everyone is served.
pub(super) fn working(expect: &Expect, evidence: &Evidence, window: &Window) -> Vec<String> {
    let crowds = evidence.pools.iter().filter_map(|pool| Crowd::of(evidence, pool));
    let line = |crowd: Crowd<'_>| {
        let online = crowd.members.len();
        let wanted =
            need(expect.online(&crowd.pool.name), window, true).map_or_else(|_| "?".to_owned(), |(_, why)| why);
        let idle = crowd.idle().map_or_else(|| "?".to_owned(), |idle| idle.to_string());
        let turns = match (window.attendees, u32::try_from(online)) {
            (Some(attendees), Ok(online)) if online > 0 => {
                format!("; {attendees} builds at once take {} turns", attendees.div_ceil(online))
            }
            _ => String::new(),
        };
        format!("{}: {online} online, {idle} idle, wanted {wanted}{turns}", crowd.subject())
    };
    crowds.map(line).collect()
}
