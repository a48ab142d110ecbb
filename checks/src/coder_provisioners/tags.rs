//! Which jobs a provisioner takes, by their tags.
//!
//! Coder's own rule (docs/admin/provisioners): a job without tags goes to provisioners without tags only; one with tags to
//! those that have all of them. `scope` and `owner` are tags too, which every side has.

use std::collections::BTreeMap;

pub(super) type Tags = BTreeMap<String, String>;

/// The two that everybody has, where nobody says otherwise.
const ALWAYS: [(&str, &str); 2] = [("scope", "organization"), ("owner", "")];

/// Whether a provisioner with some tags takes a job with others.
pub(super) fn takes(provisioner: &Tags, job: &Tags) -> bool {
    let (provisioner, job) = (whole(provisioner), whole(job));
    let is_plain = job.len() == ALWAYS.len() && ALWAYS.iter().all(|(key, value)| job.get(*key) == Some(value));
    if is_plain {
        return provisioner == job;
    }
    job.iter().all(|(key, value)| provisioner.get(key) == Some(value))
}

/// The tags that somebody chose: `region=us-east-2`; `no tags` without any.
pub(super) fn word(tags: &Tags) -> String {
    let is_own = |(key, value): &(&String, &String)| !ALWAYS.contains(&(key.as_str(), value.as_str()));
    let own: Vec<String> = tags.iter().filter(is_own).map(|(key, value)| format!("{key}={value}")).collect();
    if own.is_empty() { "no tags".to_owned() } else { own.join(", ") }
}

fn whole(tags: &Tags) -> BTreeMap<&str, &str> {
    let mut whole: BTreeMap<&str, &str> = ALWAYS.into();
    whole.extend(tags.iter().map(|(key, value)| (key.as_str(), value.as_str())));
    whole
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tags(pairs: &[(&str, &str)]) -> Tags {
        pairs.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect()
    }

    #[test]
    fn a_job_without_tags_goes_to_provisioners_without_tags_only() {
        let plain = tags(&[("owner", ""), ("scope", "organization")]);
        let ohio = tags(&[("owner", ""), ("scope", "organization"), ("region", "us-east-2")]);
        assert!(takes(&plain, &plain));
        assert!(takes(&plain, &tags(&[])), "tags that everybody has may be left out");
        assert!(!takes(&ohio, &plain));
    }

    #[test]
    fn a_job_with_tags_goes_to_provisioners_that_have_all_of_them() {
        let job = tags(&[("region", "us-east-2"), ("size", "big")]);
        assert!(takes(&tags(&[("region", "us-east-2"), ("size", "big"), ("gpu", "no")]), &job));
        assert!(!takes(&tags(&[("region", "us-east-2")]), &job));
        assert!(!takes(&tags(&[("region", "us-west-2"), ("size", "big")]), &job));
        assert!(!takes(&tags(&[]), &job));
    }

    #[test]
    fn a_provisioner_of_one_user_takes_no_job_of_the_organisation() {
        let own = tags(&[("scope", "user"), ("owner", "2b1f0a77"), ("region", "us-east-2")]);
        assert!(!takes(&own, &tags(&[("region", "us-east-2")])));
        assert!(takes(&own, &tags(&[("scope", "user"), ("owner", "2b1f0a77")])));
        assert_eq!(word(&own), "owner=2b1f0a77, region=us-east-2, scope=user");
    }
}
