//! An account: its configuration, made once in the run, and whose it really is, asked once.
//!
//! A named profile is used and nothing else; the SDK's own chain would let an `AWS_ACCESS_KEY_ID` that lies about win
//! over it, and the answers would be another account's.

use super::{refusal::Call, wire::Wire};
use crate::{
    clients::{connections::AwsAccount, looks::Question},
    contract::{Context, Remedy, Unobserved, Why},
};
use aws_config::{
    BehaviorVersion, ConfigLoader, Region, SdkConfig, profile::ProfileFileCredentialsProvider,
    provider_config::ProviderConfig, retry::RetryConfig, stalled_stream_protection::StalledStreamProtectionConfig,
    sts::AssumeRoleProvider,
};
use aws_credential_types::{
    Credentials,
    provider::{ProvideCredentials as _, SharedCredentialsProvider},
};
use aws_runtime::env_config::file::{EnvConfigFileKind, EnvConfigFiles};
use std::{path::Path, sync::Arc, time::Duration};

/// The longest that reading an account's files and programs may take.
const CONFIGURE: Duration = Duration::from_secs(10);
const ASK: Duration = Duration::from_secs(10);
/// Where the region does not matter and none is named.
const ANY_REGION: &str = "us-east-1";

/// Who asks Amazon.
#[derive(Clone, Debug)]
pub struct Identity {
    /// The account's id.
    pub account: String,
    /// Who in it.
    pub arn: String,
}

impl Context {
    /// Whose credential it is; asked once in the run, at the region `near` unless the account names one.
    ///
    /// # Errors
    /// No answer, or another account than the one that is named.
    pub async fn aws_identity(&self, account: &AwsAccount, near: Option<&str>) -> Result<Arc<Identity>, Unobserved> {
        let config = self.aws_config(account).await?;
        let region = account.region.as_deref().or(near).unwrap_or(ANY_REGION).to_owned();
        let call = Call {
            asked: format!("sts:GetCallerIdentity in {region}"),
            right: "sts:GetCallerIdentity".to_owned(),
            by_hand: by_hand(account, &region, &["sts", "get-caller-identity"]),
        };
        let question = Question {
            host: format!("sts.{region}:443"),
            // One credential is one account, wherever it is asked.
            key: format!("aws identity {}", key(&AwsAccount { region: None, ..account.clone() })),
            asked: call.asked.clone(),
            limit: ASK,
        };
        let asked = call.clone();
        let look = move || {
            let (config, call, region) = (config.clone(), asked.clone(), region.clone());
            async move { caller(&config, region, &call).await }
        };
        let identity = self.looks().once::<Identity, _>(self.trace(), question, look).await?;
        match &account.account {
            Some(named) if *named != identity.account => Err(call.without(
                Why::WrongSystem,
                format!("the credential is of account {}, and the checklist names {named}", identity.account),
                None,
            )),
            _ => Ok(identity),
        }
    }

    /// The credential of an account, asked for once in the run: a role is not assumed anew for every request.
    ///
    /// # Errors
    /// There is none, or what gives it does not answer.
    pub(super) async fn aws_credential(&self, account: &AwsAccount, call: &Call) -> Result<Credentials, Unobserved> {
        let config = self.aws_config(account).await?;
        let question = Question {
            host: "aws".to_owned(),
            key: format!("aws credential {}", key(account)),
            asked: account.profile.as_ref().map_or_else(
                || "the AWS credential of this environment".to_owned(),
                |profile| format!("the credential of the AWS profile {profile}"),
            ),
            limit: ASK,
        };
        // Whoever asks first, all get the same words, and each says what they kept it from.
        let asked = Call { asked: question.asked.clone(), ..call.clone() };
        let look = move || {
            let (config, call) = (config.clone(), asked.clone());
            async move {
                let provider = config
                    .credentials_provider()
                    .ok_or_else(|| call.without(Why::Unconfigured, "no credential is configured", None))?;
                provider.provide_credentials().await.map_err(|reason| call.unsigned(&reason))
            }
        };
        let found = self.looks().once::<Credentials, _>(self.trace(), question, look).await;
        found.map(|found| (*found).clone()).map_err(|missing| call.broken(missing))
    }

    /// The SDK's configuration for an account, without a region of its own making.
    ///
    /// # Errors
    /// It took too long to read.
    pub(super) async fn aws_config(&self, account: &AwsAccount) -> Result<Arc<SdkConfig>, Unobserved> {
        let asked = account.profile.as_ref().map_or_else(
            || "the AWS configuration of this environment".to_owned(),
            |profile| format!("the AWS profile {profile}"),
        );
        let question =
            Question { host: "aws".to_owned(), key: format!("aws config {}", key(account)), asked, limit: CONFIGURE };
        let (wire, account, base) = (Wire::of(self), account.clone(), self.reach().base.clone());
        let look = move || {
            let (wire, account, base) = (wire.clone(), account.clone(), base.clone());
            async move { Ok(configure(wire, &account, &base).await) }
        };
        self.looks().once::<SdkConfig, _>(self.trace(), question, look).await
    }
}

async fn caller(config: &SdkConfig, region: String, call: &Call) -> Result<Identity, Unobserved> {
    let regional = aws_sdk_sts::config::Builder::from(config).region(Region::new(region)).build();
    let answer = aws_sdk_sts::Client::from_conf(regional).get_caller_identity().send().await;
    let answer = answer.map_err(|error| call.refused(&error))?;
    match (answer.account(), answer.arn()) {
        (Some(account), Some(arn)) if !account.is_empty() => {
            Ok(Identity { account: account.to_owned(), arn: arn.to_owned() })
        }
        _ => Err(call.without(Why::Malformed, "an answer without an account", None)),
    }
}

async fn configure(wire: Wire, account: &AwsAccount, base: &Path) -> SdkConfig {
    let files = files(account, base);
    let mut loader = ConfigLoader::default()
        .behavior_version(BehaviorVersion::latest())
        .http_client(wire.clone())
        // Named here, since the SDK would ask the machine's metadata service for it; each look names its own.
        .region(region_of(account))
        .retry_config(RetryConfig::disabled())
        .stalled_stream_protection(StalledStreamProtectionConfig::disabled());
    if let Some(url) = &account.endpoint_url {
        loader = loader.endpoint_url(url);
    }
    if let Some(files) = &files {
        loader = loader.profile_files(files.clone());
    }
    if let Some(profile) = &account.profile {
        loader = loader.profile_name(profile);
    }
    if files.is_some() || account.profile.is_some() {
        loader = loader.credentials_provider(profile_alone(wire, account, files));
    }
    let config = loader.load().await;
    match &account.role {
        None => config,
        Some(role) => {
            let role = AssumeRoleProvider::builder(role).session_name("gonogo").configure(&config).build().await;
            config.into_builder().credentials_provider(SharedCredentialsProvider::new(role)).build()
        }
    }
}

fn profile_alone(wire: Wire, account: &AwsAccount, files: Option<EnvConfigFiles>) -> ProfileFileCredentialsProvider {
    let conf = ProviderConfig::without_region().with_region(Some(region_of(account))).with_http_client(wire);
    let mut builder = ProfileFileCredentialsProvider::builder().configure(&conf);
    if let Some(profile) = &account.profile {
        builder = builder.profile_name(profile);
    }
    if let Some(files) = files {
        builder = builder.profile_files(files);
    }
    builder.build()
}

fn region_of(account: &AwsAccount) -> Region {
    Region::new(account.region.clone().unwrap_or_else(|| ANY_REGION.to_owned()))
}

fn files(account: &AwsAccount, base: &Path) -> Option<EnvConfigFiles> {
    if account.config_file.is_none() && account.credentials_file.is_none() {
        return None;
    }
    let builder = EnvConfigFiles::builder();
    let builder = match &account.config_file {
        Some(file) => builder.with_file(EnvConfigFileKind::Config, base.join(file)),
        None => builder.include_default_config_file(true),
    };
    let builder = match &account.credentials_file {
        Some(file) => builder.with_file(EnvConfigFileKind::Credentials, base.join(file)),
        None => builder.include_default_credentials_file(true),
    };
    Some(builder.build())
}

/// What makes two accounts the same credential; the id that is compared is no part of it.
pub(super) fn key(account: &AwsAccount) -> String {
    let AwsAccount { profile, role, region, account: _, config_file, credentials_file, endpoint_url } = account;
    format!("{profile:?} {role:?} {region:?} {config_file:?} {credentials_file:?} {endpoint_url:?}")
}

/// The command-line tool's look at the same: with the profile and the region in it.
pub(super) fn by_hand(account: &AwsAccount, region: &str, words: &[&str]) -> Remedy {
    let mut line = vec!["aws"];
    if let Some(profile) = &account.profile {
        line.extend(["--profile", profile]);
    }
    line.extend(["--region", region]);
    if let Some(url) = &account.endpoint_url {
        line.extend(["--endpoint-url", url]);
    }
    line.extend(words);
    let remedy = Remedy::run(line);
    match &account.role {
        Some(role) => remedy.saying(format!("as the role {role}:")),
        None => remedy,
    }
}
