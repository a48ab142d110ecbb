//! What each fault makes of a part: unknown, under the fault's own codes, or one of the rows that say otherwise and why.

use gonogo_world::Fault::{
    self, Empty, EndlessBody, ExpiredCertificate, Hang, Malformed, MalformedJson, RedirectLoop, Refuse, Refused, Reset,
    Servfail, SlowDrip, Status, Truncated, TruncatedBody, UntrustedCertificate, WrongCertificate, WrongId, WrongType,
};

/// Where something else than the usual comes of a fault.
pub struct Row {
    /// The faults.
    pub faults: &'static [Fault],
    /// The parts.
    pub parts: &'static [&'static str],
    /// Their outcome.
    pub outcome: &'static str,
    /// The code of their findings; none for a pass.
    pub code: Option<&'static str>,
    /// Why this is right.
    pub because: &'static str,
}

const fn row(
    faults: &'static [Fault],
    parts: &'static [&'static str],
    (outcome, code): (&'static str, Option<&'static str>),
    because: &'static str,
) -> Row {
    Row { faults, parts, outcome, code, because }
}

const fn fail(code: &'static str) -> (&'static str, Option<&'static str>) {
    ("fail", Some(code))
}

const fn unknown(code: &'static str) -> (&'static str, Option<&'static str>) {
    ("unknown", Some(code))
}

const PASS: (&str, Option<&str>) = ("pass", None);

const OTHER_STATUS: &[Fault] = &[
    Status(401, None),
    Status(403, None),
    Status(404, None),
    Status(500, None),
    Status(503, None),
    Status(503, Some(3600)),
    RedirectLoop,
];
const OTHER_BODY: &[Fault] = &[WrongType, MalformedJson, Empty];
const PAGES: &[&str] = &["page", "status-page", "sampled-page", "routing"];

/// Every exception.
pub const ROWS: &[Row] = &[
    row(
        &[Refuse, Reset, Hang, Servfail, Refused, Malformed, Truncated, WrongId],
        &["program"],
        PASS,
        "a program asks no system of the world, so nothing of its was spoilt",
    ),
    row(
        &[EndlessBody, TruncatedBody],
        &["source", "mirror", "tag-behind-token", "image-blobs", "pull-limit"],
        PASS,
        "a HEAD is answered without a body, so nothing was spoilt",
    ),
    row(
        &[Status(404, None)],
        &["image-blobs"],
        fail("blob-missing"),
        "the registry gives the manifest to the same credential, and says that it has none of its blobs",
    ),
    row(
        &[Status(404, None)],
        &["cache-rule"],
        unknown("malformed"),
        "the error of a missing repository is no answer to a question about a rule",
    ),
    row(
        &[MalformedJson, Empty],
        &["pull-limit"],
        unknown("limit-unknown"),
        "an answer of the right type, in whose headers no limit stands",
    ),
    row(
        &[Status(401, None)],
        &["token-service"],
        unknown("image-hidden"),
        "a token service refuses whoever asks for a repository that it hides",
    ),
    row(
        &[Status(403, None)],
        &["source", "mirror", "token-service", "tag-behind-token", "repacked-mirror", "image-manifests"],
        unknown("image-hidden"),
        "missing and forbidden look alike at a registry",
    ),
    row(
        &[Status(404, None)],
        &["source", "mirror", "repacked-mirror", "image-manifests"],
        unknown("image-hidden"),
        "without a control read that succeeds, 404 is no absence",
    ),
    row(
        &[Status(404, None)],
        &["tag-behind-token"],
        unknown("malformed"),
        "the registry lists the tag and says that it is not there",
    ),
    row(
        &[Status(404, None)],
        &["ecr", "image-in-ecr", "way-back", "copies"],
        fail("image-missing"),
        "ECR says by name that this image is not there, to a credential that may ask",
    ),
    row(
        &[Status(404, None)],
        &["ecr-account"],
        unknown("server-error"),
        "STS has no such answer: something else spoke, or it is broken",
    ),
    row(
        &[Status(404, None)],
        &["one-deployment"],
        fail("no-such-workload"),
        "the cluster says by name that it is not there, and shows the namespace",
    ),
    row(
        &[Status(404, None)],
        &["namespace-without-cronjobs"],
        fail("nothing-that-fires"),
        "the cluster says by name that the namespace is not there",
    ),
    row(
        &[Status(404, None)],
        &["capacity-pool"],
        fail("no-such-pool"),
        "the cluster says by name that there is no such pool",
    ),
    row(
        &[Status(404, None)],
        &["capacity-provisioners"],
        fail("no-provisioners"),
        "the cluster says by name that they are not there: nothing makes workspaces",
    ),
    row(
        &[Status(404, None)],
        &["resource-object"],
        fail("no-such-object"),
        "the cluster says by name that it is not there, and serves its kind",
    ),
    row(
        &[Status(404, None)],
        &["document-objects"],
        fail("object-absent"),
        "the cluster says by name that it is not there",
    ),
    row(&[Status(404, None)], &["document-text"], fail("document-gone"), "nothing is at the document's own URL"),
    row(
        &[MalformedJson, Empty],
        &["document-text"],
        fail("too-few-references"),
        "a text that names nothing is no runbook: an empty one is never a pass",
    ),
    row(&[Status(404, None)], &["document-link"], fail("url-gone"), "the URL says that nothing is there"),
    row(
        &[Status(500, None), Status(503, None), Status(503, Some(3600))],
        &["document-link"],
        fail("url-failing"),
        "a page that fails each time it is asked helps nobody",
    ),
    row(
        &[Status(401, None), Status(403, None), WrongType, MalformedJson, Empty, EndlessBody],
        &["document-link"],
        PASS,
        "something is there; what it says, and to whom, is no matter of links",
    ),
    row(
        &[Status(404, None)],
        &["rota-policy", "rota-schedule"],
        fail("no-such-rota"),
        "the system says that there is none of this id, and shows others to the same key",
    ),
    row(&[Status(404, None)], &["kubelets"], fail("too-few-nodes"), "the cluster says by name that each node is gone"),
    row(
        &[Status(404, None)],
        &["one-kubelet"],
        PASS,
        "the cluster says by name that the node is gone; the others are enough",
    ),
    row(
        &[Status(404, None)],
        &["idle-namespace", "deployment-lock"],
        fail("no-such-lock"),
        "the cluster says by name that the namespace, or the one ConfigMap, is not there",
    ),
    row(
        &[Status(404, None)],
        &["state-secret"],
        fail("no-such-state"),
        "the cluster says by name that the state is not there, and shows the namespace",
    ),
    row(
        &[Status(404, None)],
        &["state-lease", "state-lock"],
        PASS,
        "this is what a free lock answers; the state beside it, or the right to list it, proves the place",
    ),
    row(
        OTHER_BODY,
        &["state-lock"],
        unknown("lock-unreadable"),
        "there is an object in the lock's place: whatever it holds, it holds the state",
    ),
    row(
        &[Status(404, None)],
        &["secret-alone", "jwt-in-secret"],
        fail("key-missing"),
        "the cluster says by name that the secret is not there",
    ),
    row(
        &[Status(404, None)],
        &["secret-copy-alone"],
        fail("copy-missing"),
        "the cluster says by name that the secret is not there",
    ),
    row(
        &[Status(404, None)],
        &["secret-source"],
        fail("source-missing"),
        "Secrets Manager says by name that it is not there, to a credential that may ask",
    ),
    row(
        &[Status(404, None)],
        &["quota"],
        fail("no-such-quota"),
        "Service Quotas says by name that there is neither a value nor a default",
    ),
    row(
        &[Status(404, None)],
        &["own-token"],
        unknown("forbidden"),
        "Coder hides a token from whoever may not read about it",
    ),
    row(
        &[Status(404, None)],
        &["sign-up-setting", "licences"],
        unknown("forbidden"),
        "Coder hides what may not be read; the token is let in elsewhere",
    ),
    row(
        &[Status(503, None), Status(503, Some(3600))],
        &["gateway-readiness"],
        fail("gateway-not-ready"),
        "503 in the gateway's own words is its word that it is not ready",
    ),
    row(
        &[Status(401, None)],
        &["own-token", "github-token"],
        fail("key-refused"),
        "the very token that is looked at is not accepted",
    ),
    row(
        &[Status(404, None)],
        &["access-key"],
        fail("key-missing"),
        "IAM says by name that there is no such user, to a credential that may ask",
    ),
    row(
        &[Status(404, None)],
        &["issued-certificate"],
        fail("key-missing"),
        "the cluster says by name that the Certificate is not there, and shows the namespace",
    ),
    row(
        &[
            SlowDrip,
            EndlessBody,
            TruncatedBody,
            WrongType,
            MalformedJson,
            Empty,
            Status(401, None),
            Status(403, None),
            Status(404, None),
            Status(429, None),
            Status(429, Some(3600)),
            Status(500, None),
            Status(503, None),
            Status(503, Some(3600)),
            RedirectLoop,
        ],
        &["served-certificate"],
        PASS,
        "a handshake asks for nothing, so nothing was spoilt",
    ),
    row(&[SlowDrip], &["provisioners-queue"], PASS, "the whole answer is an empty list: two bytes come in time"),
    row(&[ExpiredCertificate], &["served-certificate"], fail("expired"), "this is what is looked for"),
    row(&[WrongCertificate], &["served-certificate"], fail("certificate-wrong-name"), "this is what is looked for"),
    row(&[UntrustedCertificate], &["served-certificate"], fail("certificate-untrusted"), "this is what is looked for"),
    row(
        OTHER_STATUS,
        &["page", "status-page", "routing"],
        fail("wrong-status"),
        "whoever visits is answered like this",
    ),
    row(OTHER_STATUS, &["sampled-page"], fail("too-few-good"), "whoever visits is answered like this"),
    row(OTHER_BODY, &["page", "status-page"], fail("wrong-body"), "whoever visits is answered like this"),
    row(OTHER_BODY, &["sampled-page"], fail("too-few-good"), "whoever visits is answered like this"),
    row(
        OTHER_BODY,
        &["routing"],
        fail("wrong-status"),
        "a 200 in place of Coder's 400 is what this check is there to find",
    ),
    row(&[Refuse], &["chain"], fail("port-refused"), "that nothing listens is what a chain is there to find"),
    row(
        &[Reset, ExpiredCertificate, WrongCertificate, UntrustedCertificate],
        &["chain"],
        fail("tls-broken"),
        "the port accepts, and no client gets through",
    ),
    row(&[TruncatedBody], &["chain"], fail("no-answer"), "the connection stands, and no whole answer comes"),
    row(OTHER_STATUS, &["chain"], fail("wrong-answer"), "whoever connects is answered like this"),
    row(OTHER_BODY, &["chain", "chain-inside"], fail("wrong-answer"), "whoever connects is answered like this"),
    row(
        &[Status(503, None), Status(503, Some(3600)), RedirectLoop],
        &["chain-inside"],
        fail("wrong-answer"),
        "without a Status the API server's words are the service's own",
    ),
    row(
        &[Status(404, None)],
        &["chain-inside"],
        fail("name-unresolved"),
        "the cluster says by name that the Service is not there",
    ),
    row(
        &[Status(404, None)],
        &["provisioners-online", "provisioners-queue"],
        unknown("forbidden"),
        "the token reads the organisation, so what is hidden behind the 404 is a right",
    ),
    row(&[ExpiredCertificate], PAGES, fail("certificate-expired"), "whoever visits is warned of it"),
    row(&[WrongCertificate], PAGES, fail("certificate-wrong-name"), "whoever visits is warned of it"),
    row(&[UntrustedCertificate], PAGES, fail("certificate-untrusted"), "whoever visits is warned of it"),
    row(
        &[Servfail, Refused],
        &["authority-1", "authority-2"],
        fail("lame-server"),
        "no listed name server serves the zone",
    ),
    row(
        &[Servfail, Refused],
        &["one-authority"],
        ("warn", Some("lame-server")),
        "the other name server serves the zone, and resolvers go on to it",
    ),
    row(
        &[Servfail],
        &["system-resolver", "plain-resolver"],
        fail("servfail"),
        "the resolver works, and fails on this name alone",
    ),
    row(&[Servfail, Refused], &["plain-authority"], fail("lame-server"), "no listed name server serves the zone"),
    row(
        &[Status(404, None)],
        &["own-membership"],
        unknown("forbidden"),
        "GitHub hides an organisation from whoever may not see into it",
    ),
    row(
        &[Status(401, None)],
        &["cloudflare-token"],
        unknown("unconfigured"),
        "a token that lives at another path is no token of a user",
    ),
    row(
        &[Status(403, None), Status(404, None)],
        &["cloudflare-zone"],
        fail("key-refused"),
        "a token in force that does not read its zone is the finding that was looked for",
    ),
];

/// The codes of the unknown that a fault usually is.
pub fn usual(fault: Fault) -> &'static [&'static str] {
    match fault {
        Hang | SlowDrip | WrongId => &["timed-out"],
        // A datagram that nobody answers is a timeout.
        Refuse | Reset => &["unreachable", "timed-out"],
        TruncatedBody => &["unreachable"],
        // A slow machine reads no eight megabytes in time.
        EndlessBody => &["too-large", "timed-out"],
        WrongType | MalformedJson | Empty => &["malformed"],
        Status(401, _) => &["unauthorised"],
        Status(403, _) => &["forbidden"],
        Status(404, _) => &["not-found"],
        Status(429, _) => &["throttled"],
        Status(..) => &["server-error"],
        RedirectLoop => &["redirected"],
        ExpiredCertificate | WrongCertificate | UntrustedCertificate => &["untrusted"],
        // Whoever asks again until its time is over is late.
        Servfail | Refused => &["server-error", "unresolved", "timed-out"],
        Malformed => &["malformed", "timed-out"],
        Truncated => &["unreachable", "unresolved", "timed-out"],
    }
}
