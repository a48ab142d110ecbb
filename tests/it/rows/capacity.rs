//! Rows of `capacity.yaml`: room for the crowd.

use super::Row;
use gonogo_world::coder::provisioning::Job;
use jiff::SignedDuration;

pub const ROWS: &[Row] = &[
    Row {
        id: "D13",
        item: "provisioner-daemons",
        code: "too-few-provisioners",
        breaks: |state, _| {
            // They died two minutes ago; their rows stay for a week.
            let coder = state.coder.provisioning.organization_mut("coder").expect("an organisation");
            for daemon in &mut coder.daemons[..4] {
                daemon.seen = Some(SignedDuration::from_mins(2));
            }
        },
    },
    Row {
        id: "D13",
        item: "provisioner-daemons",
        code: "version-differs",
        breaks: |state, _| {
            let demo = state.coder.provisioning.organization_mut("demo").expect("an organisation");
            "v2.20.0-devel+9d01e77".clone_into(&mut demo.daemons[0].version);
        },
    },
    Row {
        id: "D14",
        item: "provisioner-daemons",
        code: "job-without-provisioner",
        breaks: |state, _| {
            let coder = state.coder.provisioning.organization_mut("coder").expect("an organisation");
            coder.jobs.push(Job::waiting(1, SignedDuration::from_mins(3), &[("region", "us-west-2")]));
        },
    },
    Row {
        id: "D14",
        item: "provisioner-daemons",
        code: "job-orphaned",
        breaks: |state, _| {
            let coder = state.coder.provisioning.organization_mut("coder").expect("an organisation");
            let job = Job::waiting(1, SignedDuration::from_mins(3), &[("region", "us-east-2")]);
            coder.jobs.push(job.taken_by("d0000000-0000-4000-8000-00000000dead"));
        },
    },
];
