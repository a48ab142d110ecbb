//! Tags of provisioners and of jobs, and which provisioner takes which job.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

/// The tags that every daemon and every job has.
const ALWAYS: [(&str, &str); 2] = [("owner", ""), ("scope", "organization")];

pub(super) fn owned(tags: &[(&str, &str)]) -> BTreeMap<String, String> {
    tags.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect()
}

fn whole(own: &BTreeMap<String, String>) -> BTreeMap<&str, &str> {
    let mut whole: BTreeMap<&str, &str> = ALWAYS.into();
    whole.extend(own.iter().map(|(key, value)| (key.as_str(), value.as_str())));
    whole
}

pub(super) fn tags(own: &BTreeMap<String, String>) -> Map<String, Value> {
    whole(own).into_iter().map(|(key, value)| (key.to_owned(), json!(value))).collect()
}

pub(super) fn takes(daemon: &BTreeMap<String, String>, job: &BTreeMap<String, String>) -> bool {
    let (daemon, job) = (whole(daemon), whole(job));
    if job == ALWAYS.into() { daemon == job } else { job.iter().all(|(key, value)| daemon.get(key) == Some(value)) }
}
