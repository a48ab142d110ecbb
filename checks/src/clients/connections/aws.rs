//! An AWS account as a connection: which profile or role, and which account it must turn out to be.

use crate::contract::text::{Node, Problem, read};
use schemars::{JsonSchema, Schema, schema_for};
use serde::Deserialize;
use std::path::PathBuf;

/// An AWS account, as a profile or the environment shows it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct AwsAccount {
    /// The profile; `None` means the environment's.
    pub profile: Option<String>,
    /// The role to assume.
    pub role: Option<String>,
    /// The region.
    pub region: Option<String>,
    /// The account's id, compared before any answer counts.
    pub account: Option<String>,
    /// A configuration file in place of `~/.aws/config`.
    pub config_file: Option<PathBuf>,
    /// A credentials file in place of `~/.aws/credentials`.
    pub credentials_file: Option<PathBuf>,
    /// `https://…` in place of the regions' own endpoints.
    pub endpoint_url: Option<String>,
}

#[derive(Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct WrittenAws {
    /// The kind of system; not in a site's `aws:`.
    #[serde(default, rename = "kind")]
    _kind: Option<String>,
    /// The profile in `~/.aws/config`; without it the environment decides.
    #[serde(default)]
    profile: Option<String>,
    /// The ARN of a role to assume.
    #[serde(default)]
    role: Option<String>,
    /// The region.
    #[serde(default)]
    region: Option<String>,
    /// The account's id, in quotes; compared before any answer counts.
    #[serde(default)]
    account: Option<String>,
    /// A configuration file in place of `~/.aws/config`.
    #[serde(default)]
    config_file: Option<PathBuf>,
    /// A credentials file in place of `~/.aws/credentials`.
    #[serde(default)]
    credentials_file: Option<PathBuf>,
    /// `https://…` in place of the regions' own endpoints.
    #[serde(default)]
    endpoint_url: Option<String>,
}

impl From<WrittenAws> for AwsAccount {
    fn from(written: WrittenAws) -> Self {
        let WrittenAws { _kind: _, profile, role, region, account, config_file, credentials_file, endpoint_url } =
            written;
        Self { profile, role, region, account, config_file, credentials_file, endpoint_url }
    }
}

/// The schema of its keys.
pub(super) fn schema() -> Schema {
    schema_for!(WrittenAws)
}

/// Reads an account.
pub(super) fn account(node: &Node, problems: &mut Vec<Problem>) -> Option<AwsAccount> {
    read::<WrittenAws>(node, problems).map(AwsAccount::from)
}
