//! Looks at each organisation once, and at the server's own build.
//!
//! Jobs are asked for before provisioners: one that took a job is in the list that is read later, whatever has begun
//! between the two.

use super::{
    CoderProvisioners,
    evidence::{Daemon, Daemons, Evidence, Job, Jobs, Organization, Pool},
};
use crate::{
    clients::coder::{
        buildinfo::build,
        daemons, jobs,
        organizations::{self, Missing},
    },
    contract::{Context, Unobserved},
};
use secrecy::SecretString;

/// The user in whose name Coder keeps workspaces in stock.
const PREBUILDS: &str = "c42fdf75-3097-471c-8c33-fb52454d81c0";
/// The most letters of a text from outside.
const MOST_TEXT: usize = 100;

/// The organisations of some pools, each once, in their order.
pub(super) fn organizations(pools: &[Pool]) -> Vec<&str> {
    let mut names: Vec<&str> = Vec::new();
    for pool in pools {
        if !names.contains(&pool.organization.as_str()) {
            names.push(&pool.organization);
        }
    }
    names
}

pub(super) async fn observe(probe: &CoderProvisioners, cx: &Context) -> Result<Evidence, Unobserved> {
    let token = cx.reveal(&probe.token)?;
    let asked_at = cx.now();
    let endpoint = &probe.endpoint;
    let names = organizations(&probe.pools);
    let looks = names.into_iter().map(|name| look(cx, probe, &token, name));
    let (server, organizations) =
        futures::join!(build(cx, &endpoint.url, &endpoint.via, false), futures::future::join_all(looks));
    Ok(Evidence { url: endpoint.url.to_string(), asked_at, server, pools: probe.pools.clone(), organizations })
}

async fn look(cx: &Context, probe: &CoderProvisioners, token: &SecretString, name: &str) -> Organization {
    let asked = organizations::Organization { endpoint: &probe.endpoint, token, name };
    let jobs = jobs::active(cx, asked).await;
    let daemons = daemons::list(cx, asked).await;
    let is_absent = matches!(jobs, Err(Missing::NoSuch(_))) || matches!(daemons, Err(Missing::NoSuch(_)));
    Organization {
        name: name.to_owned(),
        is_absent,
        daemons: daemons
            .map_err(unseen)
            .map(|told| Daemons { clock: told.clock, rows: told.value.into_iter().map(daemon).collect() }),
        jobs: jobs
            .map_err(unseen)
            .map(|told| Jobs { clock: told.clock, rows: told.value.into_iter().map(job).collect() }),
    }
}

fn unseen(missing: Missing) -> Unobserved {
    match missing {
        Missing::NoSuch(missing) | Missing::Unseen(missing) => missing,
    }
}

fn daemon(row: daemons::Daemon) -> Daemon {
    let id = short(&row.id);
    Daemon {
        name: if row.name.is_empty() { id.clone() } else { short(&row.name) },
        id,
        version: short(&row.version),
        last_seen_at: row.last_seen_at,
        tags: tags(row.tags),
        provisioners: row.provisioners.unwrap_or_default().iter().map(|kind| short(kind)).collect(),
        status: row.status.as_deref().map(short),
        current_job: row.current_job.map(|job| short(&job.id)),
    }
}

fn job(row: jobs::Job) -> Job {
    let metadata = row.metadata.unwrap_or_default();
    let named = |prefix: &str, name: Option<String>| {
        name.filter(|name| !name.is_empty()).map(|name| format!("{prefix}{}", short(&name)))
    };
    let words = [Some(short(&row.kind)), named("", metadata.workspace_name), named("of ", metadata.template_name)];
    Job {
        id: short(&row.id),
        status: short(&row.status),
        created_at: row.created_at,
        canceled_at: row.canceled_at,
        worker: row.worker_id.as_deref().map(short),
        available_workers: row.available_workers.map(|workers| workers.len()),
        tags: tags(row.tags),
        queue: (row.queue_position, row.queue_size),
        about: words.into_iter().flatten().collect::<Vec<_>>().join(" "),
        is_prebuild: row.initiator_id.as_deref() == Some(PREBUILDS),
    }
}

fn tags(written: Option<super::tags::Tags>) -> super::tags::Tags {
    written.unwrap_or_default().iter().map(|(key, value)| (short(key), short(value))).collect()
}

fn short(words: &str) -> String {
    words.chars().filter(|letter| !letter.is_control()).take(MOST_TEXT).collect()
}
