//! The lock of a Terraform state, and that the state is there: the lock of a state that nobody has is always free.
//!
//! In S3 (`use_lockfile`) the lock is the object `KEY.tflock`, whose body is a `LockInfo` (hashicorp/terraform,
//! `internal/backend/remote-state/s3/client.go`). In a cluster it is the Lease `lock-tfstate-WORKSPACE-SUFFIX` beside the Secret
//! `tfstate-WORKSPACE-SUFFIX`, with the `LockInfo` in the annotation `app.terraform.io/lock-info` and no holder once it is let go of
//! (`internal/backend/remote-state/kubernetes/client.go`). The state itself is never read: it holds secrets.

use super::{
    evidence::{Evidence, Kind, Lock, Source, plain},
    leases::{API, Lease},
    lock_info,
    scope::{Scope, named},
    settings::{KubernetesState, S3State},
};
use crate::{
    clients::{
        aws::s3::{Bucket, is_bucket, is_key},
        connections::Cluster,
        kubernetes::{path, right},
    },
    contract::{Access, Context, Invalid, Place, Unobserved, Why},
};

/// The most that a lock may hold; one is some 300 bytes.
const MOST_LOCK: usize = 64 * 1024;
const LOCK_INFO: &str = "app.terraform.io/lock-info";

/// A state in S3.
pub(super) struct OnS3 {
    bucket: Bucket,
    key: String,
}

/// A state in a cluster.
pub(super) struct InCluster {
    cluster: Cluster,
    scope: Scope,
    namespace: String,
    secret: String,
    lease: String,
}

impl OnS3 {
    pub(super) fn new(settings: S3State, place: &Place) -> Result<Self, Invalid> {
        const AT: &str = "terraform.s3";
        let S3State { bucket: name, key, region, connection } = settings;
        let account = match &connection {
            Some(connection) => place.aws(connection, &format!("{AT}.connection"))?,
            None => place.site().and_then(|site| place.site_aws(site)).ok_or_else(|| {
                Invalid::new(AT, "nothing says with which credential to look")
                    .help("add `connection: NAME` here, or `sites:` to the check and `aws:` to the site")
            })?,
        };
        if !is_bucket(&name) {
            return Err(Invalid::new(&format!("{AT}.bucket"), format!("`{name}` is no bucket's name")));
        }
        let ends_wrong = key.ends_with(".tflock");
        if !is_key(&key) || ends_wrong {
            let invalid = Invalid::new(&format!("{AT}.key"), format!("`{key}` is no state's key"));
            return Err(invalid.help(if ends_wrong {
                "name the state, not its lock"
            } else {
                "a key such as `prod/terraform.tfstate`"
            }));
        }
        let is_region = |region: &String| {
            !region.is_empty() && region.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
        };
        let region = region.or_else(|| account.region.clone()).filter(is_region).ok_or_else(|| {
            Invalid::new(&format!("{AT}.region"), "nothing says in which region the bucket is")
                .help("add `region: us-east-2`")
        })?;
        Ok(Self { bucket: Bucket { account, region, name }, key })
    }

    pub(super) fn access(&self) -> Vec<Access> {
        let list = format!("{} with s3:prefix {}", self.bucket.right_to_list(), self.key);
        let identity = self.bucket.account.account.as_ref().map(|_| "sts:GetCallerIdentity".to_owned());
        let rights = [list, self.bucket.right_to_read(&self.lock_key())];
        rights.into_iter().chain(identity).map(|right| Access::new("aws", right)).collect()
    }

    fn lock_key(&self) -> String {
        format!("{}.tflock", self.key)
    }

    pub(super) async fn observe(&self, cx: &Context) -> Result<Evidence, Unobserved> {
        let Self { bucket, key } = self;
        if bucket.account.account.is_some() {
            cx.aws_identity(&bucket.account, Some(&bucket.region)).await?;
        }
        // The list first: only with the right to it does S3 tell a lock that is not there from one that may not be read.
        let state = bucket.holds(cx, key).await?;
        let lock = bucket.read(cx, &self.lock_key(), MOST_LOCK).await?;
        let name = format!("{}/{key}", bucket.name);
        let held = lock.value.as_ref().map(|body| lock_info::lock("", &name, body));
        Ok(Evidence {
            source: Source::S3 { bucket: bucket.name.clone(), key: key.clone(), look: bucket.look(&self.lock_key()) },
            asked: lock.asked.clone(),
            asked_at: state.asked_at,
            looked_at: 1,
            has_namespace: None,
            has_state: Some(state.value),
            holders_unseen: None,
            locks: held.into_iter().collect(),
        })
    }
}

impl InCluster {
    pub(super) fn new(settings: KubernetesState, place: &Place) -> Result<Self, Invalid> {
        const AT: &str = "terraform.kubernetes";
        let KubernetesState { namespace, suffix, workspace } = settings;
        for (key, name) in [("namespace", &namespace), ("suffix", &suffix), ("workspace", &workspace)] {
            named(&format!("{AT}.{key}"), name)?;
        }
        let secret = format!("tfstate-{workspace}-{suffix}");
        let lease = format!("lock-{secret}");
        Ok(Self { cluster: place.cluster()?, scope: Scope::One(namespace.clone()), namespace, secret, lease })
    }

    fn lease_path(&self) -> String {
        path(API, Some(&self.namespace), &["leases", &self.lease])
    }

    pub(super) fn access(&self) -> Vec<Access> {
        let secret = path("v1", Some(&self.namespace), &["secrets", &self.secret]);
        let rights = [
            format!("{}, only {}", right("get", &self.lease_path()), self.lease),
            format!("{}, only {}", right("get", &secret), self.secret),
        ];
        rights
            .map(|right| Access::new("kubernetes", right))
            .into_iter()
            .chain(self.scope.right_to_namespace())
            .collect()
    }

    pub(super) async fn observe(&self, cx: &Context) -> Result<Evidence, Unobserved> {
        let api = cx.cluster(&self.cluster).await?;
        let asked_at = cx.now();
        let has_state = match api.secret_metadata(&self.namespace, &self.secret).await {
            Ok(_) => true,
            Err(missing) if missing.why == Why::NotFound && self.scope.exists(&api).await == Some(Ok(true)) => false,
            Err(missing) => return Err(missing),
        };
        let lease = api.find::<Lease>(&self.lease_path()).await?;
        let held = lease.as_ref().and_then(|lease| self.held(lease));
        Ok(Evidence {
            source: Source::Cluster {
                kubectl: api.kubectl().clone(),
                namespace: Some(self.namespace.clone()),
                resource: "leases".to_owned(),
                wanted: format!("secret {}", self.secret),
            },
            asked: lease.as_ref().map_or_else(|| format!("GET {}", self.lease_path()), |lease| lease.asked.clone()),
            asked_at: lease.as_ref().map_or(asked_at, |lease| lease.asked_at),
            looked_at: 1,
            has_namespace: None,
            has_state: Some(has_state),
            holders_unseen: None,
            locks: held.into_iter().collect(),
        })
    }

    fn held(&self, lease: &Lease) -> Option<Lock> {
        let info = lease.metadata.annotations.get(LOCK_INFO).filter(|text| !text.is_empty());
        match (lease.holder(), info) {
            (None, None) => None,
            (_, Some(text)) => Some(lock_info::lock(&self.namespace, &self.lease, text.as_bytes())),
            (Some(holder), None) => {
                let mut lock = Lock::of(Kind::State, &self.namespace, &self.lease);
                (lock.holder, lock.id) = (Some(plain(holder)), Some(plain(holder)));
                lock.unreadable = Some(format!("it has no annotation {LOCK_INFO}"));
                Some(lock)
            }
        }
    }
}
