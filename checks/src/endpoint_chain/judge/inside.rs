//! Through the API server: the Service for the name, its ready endpoints for the port, then what the proxy brought.

use super::{
    super::{
        NO_ANSWER, NO_ENDPOINTS, NO_PORT, REFUSED, SILENT, TLS_BROKEN, UNRESOLVED,
        evidence::{Asked, Inside, Passed, Service},
        expect::Expect,
    },
    links::{Break, Link, wrong},
    together::told,
};
use crate::contract::{Code, Finding, Remedy, Unobserved, Weight, Why};

pub(super) fn judge(expect: &Expect, asked: &Asked, inside: &Inside) -> Vec<Finding> {
    let case = Case { expect, asked, inside, subject: format!("service/{}:{}", name(asked), asked.port) };
    let service = match &inside.service {
        Err(missing) => Err(Finding::unobserved(missing)),
        Ok(None) => return vec![case.no_service()],
        Ok(Some(service)) => case.service(service).map_or(Ok(()), Err),
    };
    if let Err(finding) = &service
        && finding.weight == Weight::Fail
    {
        return vec![finding.clone()];
    }
    let endpoints = match &inside.endpoints {
        Err(missing) => Err(Finding::unobserved(missing)),
        Ok(endpoints) if endpoints.ready == 0 => {
            let seen = format!("none of {} is ready", endpoints.unready);
            return vec![case.no_endpoints(seen)];
        }
        Ok(_) => Ok(()),
    };
    let mut findings: Vec<Finding> = [service, endpoints].into_iter().filter_map(Result::err).collect();
    let tries: Vec<Option<Break>> = inside.tries.iter().map(|one| case.one(one)).collect();
    if tries.is_empty() {
        let missing = Unobserved::new(Why::Malformed, &case.subject, "it was never tried");
        findings.push(Finding::unobserved(&missing));
    }
    findings.extend(told(&tries, &case.subject));
    findings
}

/// The Service's own name: evidence has it with its namespace.
fn name(asked: &Asked) -> &str {
    asked.host.split('.').next().unwrap_or_default()
}

struct Case<'a> {
    expect: &'a Expect,
    asked: &'a Asked,
    inside: &'a Inside,
    subject: String,
}

impl Case<'_> {
    fn look(&self, arguments: &[&str]) -> Remedy {
        self.inside.cluster.look_in(&self.inside.namespace, arguments)
    }

    fn finding(&self, code: Code, expected: &str) -> Finding {
        Finding::new(code, &self.subject).expected(expected)
    }

    fn no_service(&self) -> Finding {
        let remedy =
            self.look(&["get", "services"]).saying("make the Service before anything uses it, or name the right one");
        let seen = format!("no Service {} in the namespace {}", name(self.asked), self.inside.namespace);
        self.finding(UNRESOLVED, "a Service of this name").seen(seen).mended_by(remedy)
    }

    fn service(&self, service: &Service) -> Option<Finding> {
        let remedy = || self.look(&["get", "service", name(self.asked), "-o", "yaml"]);
        if let Some(external) = &service.external {
            let missing =
                format!("it is only another name for {external}, which no proxy leads to: look at that with `url`");
            let missing = Unobserved::new(Why::Unconfigured, &self.subject, missing).by_hand(remedy());
            return Some(Finding::unobserved(&missing));
        }
        (!service.has_port).then(|| {
            let seen = format!("its ports are {}", service.ports.join(", "));
            let expected = format!("the port {}", self.asked.port);
            self.finding(NO_PORT, &expected).seen(seen).mended_by(remedy().saying("name the right port"))
        })
    }

    fn no_endpoints(&self, seen: impl std::fmt::Display) -> Finding {
        let label = format!("--selector=kubernetes.io/service-name={}", name(self.asked));
        let remedy = self.look(&["get", "endpointslices", &label, "-o", "yaml"]);
        let remedy = remedy.saying("see why no pod behind it is ready, or whether its selector finds any");
        self.finding(NO_ENDPOINTS, "a ready pod behind the Service").seen(seen).mended_by(remedy)
    }

    fn one(&self, one: &Result<Passed, Unobserved>) -> Option<Break> {
        let passed = match one {
            Err(missing) => return Some(Break::unseen(Link::Answer, missing)),
            Ok(passed) => passed,
        };
        let by_hand = || self.look(&["get", "--raw", &self.inside.path]);
        match (&passed.server_says, &passed.answer) {
            (Some(says), _) => Some(self.said(says)),
            (None, Some(answer)) => {
                let finding = wrong(self.expect, answer, &self.subject)?;
                Some(Break::new(Link::Answer, finding.mended_by(by_hand().saying("see who answers"))))
            }
            (None, None) => {
                let missing = Unobserved::new(Why::Malformed, &self.subject, "this link was not looked at");
                Some(Break::unseen(Link::Answer, &missing))
            }
        }
    }

    /// What the API server says in place of the service, in the words of Go's network library.
    fn said(&self, says: &str) -> Break {
        let has = |words: &[&str]| words.iter().any(|word| says.contains(word));
        let (link, code, expected) = if has(&["no endpoints available"]) {
            return Break::new(Link::Port, self.no_endpoints(says));
        } else if has(&["no service port"]) {
            (Link::Name, NO_PORT, "a port of the Service")
        } else if has(&["not found"]) {
            (Link::Name, UNRESOLVED, "a Service of this name")
        } else if has(&["connection refused"]) {
            (Link::Port, REFUSED, "a port that accepts")
        } else if has(&["i/o timeout", "deadline exceeded", "no route to host", "network is unreachable"]) {
            (Link::Port, SILENT, "a port that accepts")
        } else if has(&["tls: ", "x509: ", "HTTP response to HTTPS client"]) {
            (Link::Tls, TLS_BROKEN, "a TLS handshake")
        } else {
            (Link::Answer, NO_ANSWER, "a whole answer")
        };
        let remedy = self.look(&["get", "--raw", &self.inside.path]).saying("see what the API server meets there");
        Break::new(link, self.finding(code, expected).seen(says).mended_by(remedy))
    }
}

/// What stands behind the Service, and each try as one line.
pub(super) fn working(asked: &Asked, inside: &Inside) -> Vec<String> {
    let behind = match &inside.endpoints {
        Ok(endpoints) => format!("{} ready, {} not", endpoints.ready, endpoints.unready),
        Err(missing) => missing.detail.clone(),
    };
    let one = |(i, one): (usize, &Result<Passed, Unobserved>)| match one {
        Ok(Passed { server_says: Some(says), .. }) => format!("try {}: {says}", i + 1),
        Ok(Passed { answer: Some(answer), .. }) => {
            format!("try {}: status {} in {} ms", i + 1, answer.status, answer.took_ms)
        }
        Ok(_) => format!("try {}: nothing", i + 1),
        Err(missing) => format!("try {}: {}", i + 1, missing.detail),
    };
    let head = format!("behind {}:{} {behind}", asked.host, asked.port);
    std::iter::once(head).chain(inside.tries.iter().enumerate().map(one)).collect()
}
