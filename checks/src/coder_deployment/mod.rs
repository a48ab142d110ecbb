//! `coder-deployment`: can everyone who comes get into Coder, and does what they need there last through the event?
//!
//! What is wanted stands in `with`, beside where it is looked for, so that nothing can be wanted that is not looked at;
//! `expect` has the margins alone. `/debug/health` was rejected: it says nothing of who may come in, and its severity is
//! the server's opinion of itself. Tokens are looked at and judged by `key-expiry` itself.

pub(crate) mod codes;
mod cure;
pub(crate) mod entitled;
mod entry;
mod evidence;
mod force;
mod judge;
mod later;
mod licence;
mod observe;
mod participants;
mod settings;

pub use evidence::{Build, Entitled, Evidence, Offered, Person, Seats, SignUps};
pub use settings::{Expect, Method, Participants, Settings, SignUp, Through, TokenOf};

use crate::{
    clients::{
        coder::{config, licences, users},
        connections::Endpoint,
    },
    contract::{Access, Code, Context, Does, Finding, Invalid, Moment, Place, Probe, Secret, Unobserved, Window},
    key_expiry::{self, KeyExpiry},
};

/// The probe, ready to look.
pub struct CoderDeployment {
    endpoint: Endpoint,
    token: Option<Secret>,
    settings: Settings,
    tokens: Vec<KeyExpiry>,
}

impl Probe for CoderDeployment {
    const KIND: &'static str = "coder-deployment";
    const CODES: &'static [Code] = codes::ALL;
    type Settings = Settings;
    type Expect = Expect;
    type Evidence = Evidence;

    fn new(settings: Settings, place: &Place) -> Result<Self, Invalid> {
        settings.check()?;
        let endpoint = place.endpoint(&settings.connection, "coder", "connection")?;
        let token = endpoint.token();
        if token.is_none() && settings.needs_token() {
            let message = format!("connection `{}` has no token, and this looks as a user", endpoint.name);
            return Err(Invalid::new("connection", message).help("add `token: { env: … }` to the connection"));
        }
        let looks = settings.tokens.iter().enumerate().map(|(at, token)| {
            let named = key_expiry::CoderToken {
                connection: settings.connection.clone(),
                token_name: Some(token.name.clone()),
                user: token.user.clone(),
            };
            let look = KeyExpiry::new(key_expiry::Settings::Coder(named), place);
            look.map_err(|invalid| Invalid::new(&format!("tokens.{at}"), invalid.message))
        });
        let tokens = looks.collect::<Result<_, _>>()?;
        Ok(Self { endpoint, token, settings, tokens })
    }

    fn access(&self) -> Vec<Access> {
        let with = &self.settings;
        let rights = [
            (with.build.is_some() || !with.sign_in.is_empty(), "nothing; anybody may ask"),
            (with.sign_up.is_some(), config::RIGHT),
            (with.participants.is_some(), users::RIGHT),
            (with.licence, licences::RIGHT),
            (with.seats || !with.features.is_empty(), "any token, for /entitlements"),
        ];
        let own = rights.into_iter().filter(|(is_needed, _)| *is_needed).map(|(_, right)| Access::new("coder", right));
        let mut all: Vec<Access> = own.chain(self.tokens.iter().flat_map(Probe::access)).collect();
        all.dedup();
        all
    }

    async fn observe(&self, cx: &Context) -> Result<Evidence, Unobserved> {
        observe::observe(self, cx).await
    }

    fn judge(expect: &Expect, evidence: &Evidence, window: &Window) -> Vec<Finding> {
        judge::judge(expect, evidence, window)
    }

    fn working(expect: &Expect, evidence: &Evidence, window: &Window) -> Vec<String> {
        entitled::working(expect, evidence, window)
    }

    fn moments(evidence: &Evidence, window: &Window) -> Vec<Moment> {
        let licences = evidence.licences.iter().flatten().flatten().map(|licence| {
            let says = format!("its grace is over {}", window.clock(licence.grace_ends));
            Moment::new(licence.expires, Does::Expires, licence::name(licence)).saying(says)
        });
        let tokens = evidence.tokens.iter().flatten().flat_map(|token| KeyExpiry::moments(token, window));
        licences.chain(tokens).collect()
    }

    fn reads_clock(_: &Expect) -> bool {
        true
    }
}
