//! The probe `coder-provisioners` against the world: every release, every right, every way in which a queue stands.

use crate::coder_stage::{Stage, refused};
use gonogo_checks::contract::Finding;
use gonogo_world::{
    Fault, Rule, System,
    coder::provisioning::{Job, Release},
    incidents::workshop_2024_09_30::Cause,
};
use jiff::{SignedDuration, Timestamp};

const KIND: &str = "coder-provisioners";
const WITH: &str = "{ connection: coder, pools: { workshop: { organization: coder, tags: { region: us-east-2 } } } }";
const TEN: &str = "{ online: { by_attendees: { 9: 6, 15: 10 } } }";
const OHIO: [(&str, &str); 1] = [("region", "us-east-2")];

const fn seconds(count: i64) -> SignedDuration {
    SignedDuration::from_secs(count)
}

async fn found(stage: &Stage, with: &str) -> Vec<Finding> {
    stage.look(KIND, with, TEN).await.expect("evidence, whatever was seen").1
}

async fn codes(stage: &Stage) -> Vec<String> {
    stage.codes(KIND, WITH, TEN).await
}

#[tokio::test]
async fn the_repaired_world_has_nothing_in_the_way_in_any_release() {
    let stage = Stage::repaired().await;
    for release in [Release::Current, Release::Strict, Release::Early] {
        stage.deployment(|coder| coder.provisioning.release = release);
        assert_eq!(codes(&stage).await, [""; 0], "{release:?}");
    }
}

#[tokio::test]
async fn the_incidents_six_are_too_few_for_fifteen() {
    let stage = Stage::repaired().await;
    let now = Timestamp::now();
    let times = gonogo_world::incidents::Times { now, starts: now, ends: now };
    stage.world.edit(|state| Cause::TooFewProvisioners.inject(state, &times));
    let found = found(&stage, WITH).await;
    assert_eq!((found[0].code, found[0].seen.as_str()), ("too-few-provisioners", "6 online"));
}

#[tokio::test]
async fn the_dead_are_counted_by_nobody_whatever_the_release_shows() {
    let stage = Stage::repaired().await;
    stage.organization("coder", |coder| {
        for daemon in &mut coder.daemons[..5] {
            daemon.seen = Some(seconds(91));
        }
    });
    for release in [Release::Current, Release::Strict, Release::Early] {
        stage.deployment(|coder| coder.provisioning.release = release);
        let found = found(&stage, WITH).await;
        assert_eq!((found.len(), found[0].code), (1, "too-few-provisioners"), "{release:?}");
        assert!(found[0].seen.starts_with("5 online, 5 offline (coder-provisioner-coder-1 1 min ago"), "{found:?}");
    }
}

#[tokio::test]
async fn more_than_a_default_page_are_all_counted() {
    let stage = Stage::repaired().await;
    stage.organization("coder", |coder| coder.staff(120, "v2.20.0-devel+4b2f1c9", &OHIO));
    assert_eq!(stage.codes(KIND, WITH, "{ online: 120 }").await, [""; 0]);
    stage.organization("coder", |coder| coder.staff(1000, "v2.20.0-devel+4b2f1c9", &OHIO));
    assert_eq!(stage.codes(KIND, WITH, "{ online: 120 }").await, ["too-large"], "a full list may lack the rest");
}

#[tokio::test]
async fn the_oldest_job_is_seen_behind_fifty_younger_ones() {
    let stage = Stage::repaired().await;
    stage.organization("coder", |coder| {
        coder.jobs.push(Job::waiting(200, seconds(630), &[("region", "eu-west-2")]));
        coder.jobs.extend((1..=60).map(|number| Job::waiting(number, seconds(5), &OHIO)));
    });
    let found = found(&stage, WITH).await;
    assert_eq!((found.len(), found[0].code), (1, "job-without-provisioner"), "{found:?}");
    assert!(found[0].seen.contains("10 min with region=eu-west-2") && found[0].seen.contains("no place in the queue"));
}

#[tokio::test]
async fn a_job_without_tags_is_taken_by_nobody_who_has_some() {
    let stage = Stage::repaired().await;
    stage.organization("coder", |coder| coder.jobs.push(Job::waiting(1, seconds(120), &[])));
    for release in [Release::Current, Release::Early] {
        stage.deployment(|coder| coder.provisioning.release = release);
        assert_eq!(codes(&stage).await, ["job-without-provisioner"], "{release:?}");
    }
}

#[tokio::test]
async fn a_job_that_waits_behind_busy_ones_is_told_with_them() {
    let stage = Stage::repaired().await;
    stage.organization("coder", |coder| {
        let workers: Vec<String> = coder.daemons.iter().map(|daemon| daemon.id.clone()).collect();
        let taken = workers.iter().zip(10..).map(|(id, number)| Job::waiting(number, seconds(90), &OHIO).taken_by(id));
        coder.jobs.extend(taken);
        coder.jobs.push(Job::waiting(1, seconds(70), &OHIO));
    });
    for release in [Release::Current, Release::Early] {
        stage.deployment(|coder| coder.provisioning.release = release);
        let found = found(&stage, WITH).await;
        let codes: Vec<&str> = found.iter().map(|finding| finding.code).collect();
        assert_eq!(codes, ["no-idle-provisioner", "job-waiting"], "{release:?}");
        assert!(found[1].seen.contains("place 1 of 1"), "{found:?}");
    }
}

#[tokio::test]
async fn a_job_whose_provisioner_died_is_an_orphan_shown_or_hidden() {
    let stage = Stage::repaired().await;
    stage.organization("coder", |coder| {
        coder.staff(11, "v2.20.0-devel+4b2f1c9", &OHIO);
        coder.daemons[10].seen = Some(seconds(250));
        let dead = coder.daemons[10].id.clone();
        coder.jobs.push(Job::waiting(1, seconds(300), &OHIO).taken_by(&dead));
    });
    for release in [Release::Current, Release::Strict, Release::Early] {
        stage.deployment(|coder| coder.provisioning.release = release);
        let found = found(&stage, WITH).await;
        assert_eq!((found.len(), found[0].code), (1, "job-orphaned"), "{release:?}");
        assert!(found[0].seen.contains("coder-provisioner-coder-11 was seen 4 min ago"), "{found:?}");
    }
}

#[tokio::test]
async fn a_job_that_was_called_off_and_does_not_end() {
    let stage = Stage::repaired().await;
    stage.organization("coder", |coder| {
        let mut job = Job::waiting(1, seconds(3000), &OHIO).taken_by(&coder.daemons[0].id.clone());
        job.status = "canceling".to_owned();
        job.canceled = Some(seconds(2400));
        coder.jobs.push(job);
    });
    assert_eq!(codes(&stage).await, ["job-stuck-canceling"]);
}

#[tokio::test]
async fn another_build_of_the_same_release_differs() {
    let stage = Stage::repaired().await;
    stage.organization("coder", |coder| "v2.20.0-devel+9d01e77".clone_into(&mut coder.daemons[3].version));
    assert_eq!(codes(&stage).await, ["version-differs"]);
    stage.deployment(|coder| "v0.0.0-devel".clone_into(&mut coder.regions[0].version));
    assert_eq!(codes(&stage).await, ["development-build", "version-differs"]);
}

#[tokio::test]
async fn a_right_that_is_missing_is_named_and_told_from_an_organisation_that_is() {
    let stage = Stage::repaired().await;
    stage.organization("coder", |coder| coder.members.values_mut().for_each(Vec::clear));
    let found = found(&stage, WITH).await;
    let codes: Vec<&str> = found.iter().map(|finding| finding.code).collect();
    assert_eq!(codes, ["forbidden", "forbidden"]);
    assert!(found[0].seen.contains("provisioner_daemon:read in the organisation `coder`"), "{found:?}");
    assert!(found[1].seen.contains("provisioner_jobs:read in the organisation `coder`"), "{found:?}");
    let remedy = found[0].remedy.as_ref().expect("a remedy");
    assert!(remedy.says.contains("Organization Template Admin"), "{remedy:?}");
}

#[tokio::test]
async fn an_empty_list_to_whom_may_not_read_is_no_empty_organisation() {
    let stage = Stage::repaired().await;
    stage.deployment(|coder| coder.provisioning.leaves_out = true);
    stage.organization("coder", |coder| coder.members.values_mut().for_each(Vec::clear));
    assert_eq!(codes(&stage).await, ["forbidden"], "the jobs' right, and no shortage");
}

#[tokio::test]
async fn a_narrow_token_is_forbidden_whoever_holds_it() {
    let stage = Stage::repaired().await;
    stage.deployment(|coder| coder.tokens[0].scopes = vec!["user:read".to_owned()]);
    assert_eq!(codes(&stage).await, ["forbidden", "forbidden"]);
}

#[tokio::test]
async fn an_organisation_is_missing_only_to_an_owner() {
    let stage = Stage::repaired().await;
    let other = WITH.replace("organization: coder,", "organization: other,");
    assert_eq!(stage.codes(KIND, &other, TEN).await, ["not-found"], "it may be there, and hidden");
    stage.deployment(|coder| coder.users[0].roles.push("owner".to_owned()));
    assert_eq!(stage.codes(KIND, &other, TEN).await, ["no-such-organization"]);
}

#[tokio::test]
async fn an_organisation_may_be_named_by_its_id() {
    let stage = Stage::repaired().await;
    let id = WITH.replace("organization: coder,", "organization: 7e5a1c40-2f2d-4b7e-9c55-0a54d0f00001,");
    assert_eq!(stage.codes(KIND, &id, TEN).await, [""; 0]);
}

#[tokio::test]
async fn two_pools_of_one_organisation_take_one_look() {
    let stage = Stage::repaired().await;
    let two = "{ connection: coder, pools: { a: { organization: coder, tags: { region: us-east-2 } }, b: { organization: coder } } }";
    let (evidence, found) = stage.look(KIND, two, "{}").await.expect("evidence");
    assert_eq!(evidence["organizations"].as_array().map(Vec::len), Some(1));
    assert_eq!(found.len(), 1, "nobody takes a job without tags: {found:?}");
}

#[tokio::test]
async fn what_breaks_on_the_way_is_unknown() {
    let stage = Stage::repaired().await;
    let cases = [
        ("/provisionerjobs", Fault::Status(500, None), "server-error"),
        ("/provisionerdaemons", Fault::MalformedJson, "malformed"),
        ("/provisionerdaemons", Fault::Status(401, None), "unauthorised"),
        ("/provisionerjobs", Fault::WrongType, "malformed"),
        ("/buildinfo", Fault::Empty, "malformed"),
        ("/users/me", Fault::Status(401, None), "unauthorised"),
    ];
    stage.organization("demo", |demo| demo.members.values_mut().for_each(Vec::clear));
    for (path, fault, code) in cases {
        let with = if path == "/users/me" {
            WITH.replace("organization: coder,", "organization: demo,")
        } else {
            WITH.to_owned()
        };
        stage.world.inject(Rule::on(System::Coder, fault).path(path)).expect("a rule");
        assert_eq!(stage.codes(KIND, &with, TEN).await, [code], "{path} {fault:?}");
        stage.world.clear_faults().expect("no faults");
    }
}

#[tokio::test]
async fn the_arithmetic_says_in_how_many_turns_everyone_is_served() {
    let stage = Stage::repaired().await;
    let working = stage.working(KIND, WITH, TEN).await;
    let line = "workshop: organisation coder, region=us-east-2: 10 online, 10 idle, wanted 10 for 15 attendees (up to 15); \
                15 builds at once take 2 turns";
    assert_eq!(working, [line]);
}

#[test]
fn settings_that_would_look_at_nothing_are_refused() {
    let cases = [
        ("{ connection: coder, pools: {} }", "no pool is named"),
        ("{ connection: coder, pools: { a: { organization: \"\" } } }", "is no organisation's name"),
        ("{ connection: coder, pools: { a: { organization: a/../b } } }", "`a/../b` is no organisation's name"),
        ("{ connection: bare, pools: { a: { organization: a } } }", "connection `bare` has no token"),
        ("{ connection: none, pools: { a: { organization: a } } }", "none"),
    ];
    for (with, message) in cases {
        let said = refused(KIND, with);
        assert!(said.contains(message), "{with}: {said}");
    }
}
