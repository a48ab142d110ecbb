//! Faults: how any answer of the world is spoilt, and the rules that say whose, where and how often.
//!
//! A fault acts on the connection where it can (refused, reset, hung), not on a prepared answer: a client's own
//! limits are what a test of faults is about. Chance has no part in it; rules are taken in the order they were given.

use std::fmt;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// The systems that a world simulates.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum System {
    /// OCI registries, with their token services.
    Registry,
    /// Amazon ECR and STS.
    Ecr,
    /// Amazon S3.
    S3,
    /// Amazon Service Quotas, `CloudWatch`, Secrets Manager and IAM.
    Aws,
    /// `LiteLLM` gateways.
    Litellm,
    /// Coder servers and workspace proxies.
    Coder,
    /// Plain web servers.
    Web,
    /// Google Cloud's IAM, and where its keys are exchanged.
    Gcp,
    /// GitHub's REST API.
    Github,
    /// Name servers.
    Dns,
    /// Kubernetes API servers.
    Kubernetes,
    /// Alertmanagers.
    Alertmanager,
    /// Cloudflare's API.
    Cloudflare,
    /// `PagerDuty`'s REST API.
    Pagerduty,
    /// incident.io's API.
    IncidentIo,
    /// Prometheus servers, and Amazon's workspaces.
    Prometheus,
}

impl fmt::Display for System {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Registry => "registry",
            Self::Ecr => "ecr",
            Self::S3 => "s3",
            Self::Aws => "aws",
            Self::Litellm => "litellm",
            Self::Coder => "coder",
            Self::Web => "web",
            Self::Gcp => "gcp",
            Self::Github => "github",
            Self::Dns => "dns",
            Self::Kubernetes => "kubernetes",
            Self::Alertmanager => "alertmanager",
            Self::Cloudflare => "cloudflare",
            Self::Pagerduty => "pagerduty",
            Self::IncidentIo => "incident-io",
            Self::Prometheus => "prometheus",
        })
    }
}

/// What goes wrong. One that a system cannot express (a certificate fault for DNS, `Servfail` for HTTP) is ignored by it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// Connection refused; where the rule names a path or a number of times, closed before a byte of the answer instead.
    Refuse,
    /// The connection is reset (RST).
    Reset,
    /// Accepts, and never answers.
    Hang,
    /// The answer's head comes at once, its body a byte a second; an answer without a body hangs.
    SlowDrip,
    /// `Content-Length` promises twice what comes. An answer without a body is left as it is.
    TruncatedBody,
    /// The body has no end.
    EndlessBody,
    /// 200 with an HTML page, as a captive portal or a parked domain gives it.
    WrongType,
    /// 200, of the right type, with JSON that breaks off.
    MalformedJson,
    /// 200, of the right type, with nothing in it.
    Empty,
    /// This status with the system's own error body, and `Retry-After` in seconds.
    Status(u16, Option<u64>),
    /// A redirect to the very address that was asked.
    RedirectLoop,
    /// A certificate of the world's own authority that expired in 2020. A rule's path is ignored.
    ExpiredCertificate,
    /// A valid certificate for `wrong.invalid`. A rule's path is ignored.
    WrongCertificate,
    /// The right names, signed by an authority that nobody knows. A rule's path is ignored.
    UntrustedCertificate,
    /// DNS: SERVFAIL.
    Servfail,
    /// DNS: REFUSED.
    Refused,
    /// DNS: bytes that are no DNS message.
    Malformed,
    /// DNS: TC=1 over UDP, and TCP is closed at once.
    Truncated,
    /// DNS: the answer to another query's identifier.
    WrongId,
}

/// Whose answers are spoilt, and how.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    /// The system.
    pub system: System,
    /// A host (`ghcr.io`), a cluster's context, or an address that is served (`203.0.113.10`). `None` means every one.
    pub instance: Option<String>,
    /// Part of what is asked: `host/path?query` for HTTP, the name for DNS. `None` means everything.
    pub path: Option<String>,
    /// What goes wrong.
    pub fault: Fault,
    /// How often; `None` means until `clear_faults`.
    pub times: Option<u32>,
}

impl Rule {
    /// Everything that this system answers, for ever.
    #[must_use]
    pub fn on(system: System, fault: Fault) -> Self {
        Self { system, instance: None, path: None, fault, times: None }
    }

    /// Only this host, cluster or served address.
    #[must_use]
    pub fn at(mut self, instance: impl Into<String>) -> Self {
        self.instance = Some(instance.into());
        self
    }

    /// Only where `host/path?query` (or a DNS name) contains this.
    #[must_use]
    pub fn path(mut self, part: impl Into<String>) -> Self {
        self.path = Some(part.into());
        self
    }

    /// Only so often.
    #[must_use]
    pub fn times(mut self, times: u32) -> Self {
        self.times = Some(times);
        self
    }

    fn names(&self, system: System, names: &[&str]) -> bool {
        self.system == system && self.instance.as_deref().is_none_or(|wanted| names.contains(&wanted))
    }
}

impl Fault {
    fn is_of_certificate(self) -> bool {
        matches!(self, Self::ExpiredCertificate | Self::WrongCertificate | Self::UntrustedCertificate)
    }

    fn is_of_connection(self) -> bool {
        matches!(self, Self::Refuse | Self::Reset | Self::Hang) || self.is_of_certificate()
    }
}

/// The rules in force.
#[derive(Debug, Default)]
pub struct Faults(Mutex<Vec<Rule>>);

impl Faults {
    fn rules(&self) -> MutexGuard<'_, Vec<Rule>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn add(&self, rule: Rule) {
        self.rules().push(rule);
    }

    pub(crate) fn clear(&self) {
        self.rules().clear();
    }

    /// Whether a listener known by these names is to refuse connections outright.
    pub(crate) fn is_refusing(&self, system: System, names: &[&str]) -> bool {
        self.rules().iter().any(|rule| {
            rule.names(system, names) && rule.fault == Fault::Refuse && rule.path.is_none() && rule.times.is_none()
        })
    }

    /// Takes the fault of a fresh connection, before a byte is read from it.
    pub(crate) fn take_at_accept(&self, system: System, names: &[&str]) -> Option<Fault> {
        self.take_first(|rule| {
            let soon = rule.fault.is_of_certificate() || (rule.fault.is_of_connection() && rule.path.is_none());
            soon && rule.names(system, names)
        })
    }

    /// Takes the fault of a request; `asked` is `host/path?query`, or the name for DNS.
    pub(crate) fn take(&self, system: System, names: &[&str], asked: &str) -> Option<Fault> {
        self.take_first(|rule| {
            // What was to be shown was shown when the connection was made.
            !rule.fault.is_of_certificate()
                && rule.names(system, names)
                && rule.path.as_deref().is_none_or(|part| asked.contains(part))
        })
    }

    fn take_first(&self, fits: impl Fn(&Rule) -> bool) -> Option<Fault> {
        let mut rules = self.rules();
        let rule = rules.iter_mut().find(|rule| rule.times != Some(0) && fits(rule))?;
        rule.times = rule.times.map(|left| left - 1);
        Some(rule.fault)
    }
}
