//! Looks at the parts that are asked for, side by side. Where not one of them could be seen, nothing was.

use super::{
    Build, CoderDeployment, Entitled, Evidence, Offered, Person, Seats, SignUps,
    evidence::Seen,
    force::SEATS,
    participants,
    settings::{Participants, SignUp, Through},
};
use crate::{
    clients::coder::{
        authmethods::authmethods,
        buildinfo::of_server,
        config::config,
        entitlements::{Entitlements, entitlements},
        licences::{Licence, licences},
        users::users,
    },
    contract::{Context, Probe as _, Unobserved, Why},
};
use futures::future::join_all;
use secrecy::SecretString;

/// The most words of the server that are kept.
const MOST_WORDS: usize = 20;

pub(super) async fn observe(probe: &CoderDeployment, cx: &Context) -> Result<Evidence, Unobserved> {
    let look = Looking { probe, cx };
    let (build, sign_in, sign_up, participants, licences, entitlements, tokens) = futures::join!(
        look.build(),
        look.sign_in(),
        look.sign_up(),
        look.participants(),
        look.licences(),
        look.entitlements(),
        join_all(probe.tokens.iter().map(|token| token.observe(cx)))
    );
    let asked_at = cx.trace().asked_at().unwrap_or_else(|| cx.now());
    let url = probe.endpoint.url.as_str().trim_end_matches('/').to_owned();
    let evidence = Evidence { url, asked_at, build, sign_in, sign_up, participants, licences, entitlements, tokens };
    if evidence.is_blind() {
        evidence.missing().into_iter().next().cloned().map_or(Ok(evidence), Err)
    } else {
        Ok(evidence)
    }
}

impl Evidence {
    /// Why each part that was not seen was not.
    pub(super) fn missing(&self) -> Vec<&Unobserved> {
        fn why<T>(part: Option<&Seen<T>>) -> Option<&Unobserved> {
            part.and_then(|part| part.as_ref().err())
        }
        let parts = [
            why(self.build.as_ref().map(|build| &build.runs)),
            why(self.sign_in.as_ref().map(|offered| &offered.offers)),
            why(self.sign_up.as_ref().map(|ups| &ups.told)),
            why(self.participants.as_ref()),
            why(self.licences.as_ref()),
            why(self.entitlements.as_ref()),
        ];
        parts.into_iter().flatten().chain(self.tokens.iter().filter_map(|token| token.as_ref().err())).collect()
    }

    fn is_blind(&self) -> bool {
        let parts = [
            self.build.is_some(),
            self.sign_in.is_some(),
            self.sign_up.is_some(),
            self.participants.is_some(),
            self.licences.is_some(),
            self.entitlements.is_some(),
        ];
        self.missing().len() == parts.into_iter().filter(|is_there| *is_there).count() + self.tokens.len()
    }
}

struct Looking<'a> {
    probe: &'a CoderDeployment,
    cx: &'a Context,
}

impl Looking<'_> {
    fn token(&self) -> Result<SecretString, Unobserved> {
        match &self.probe.token {
            Some(token) => self.cx.reveal(token),
            None => Err(Unobserved::new(Why::Unconfigured, &self.probe.endpoint.name, "the connection has no token")),
        }
    }

    async fn build(&self) -> Option<Build> {
        let wanted = self.probe.settings.build.clone()?;
        Some(Build { wanted, runs: of_server(self.cx, &self.probe.endpoint).await.map(|build| build.version) })
    }

    /// The page is looked at for `sign_up` too: who cannot sign in signs up nowhere.
    async fn sign_in(&self) -> Option<Offered> {
        let mut wanted = self.probe.settings.sign_in.clone();
        if let Some(method) = self.probe.settings.sign_up.as_ref().map(|up| up.through.method())
            && !wanted.contains(&method)
        {
            wanted.push(method);
        }
        if wanted.is_empty() {
            return None;
        }
        Some(Offered { wanted, offers: authmethods(self.cx, &self.probe.endpoint).await })
    }

    async fn sign_up(&self) -> Option<SignUps> {
        let SignUp { through, organisations, only } = self.probe.settings.sign_up.clone()?;
        let told = async {
            let config = config(self.cx, &self.probe.endpoint, &self.token()?).await?;
            Ok(match through {
                Through::Github => config.github,
                Through::Oidc => config.oidc,
            })
        };
        Some(SignUps { through, organisations, only, told: told.await })
    }

    async fn participants(&self) -> Option<Seen<Vec<Person>>> {
        let participants = self.probe.settings.participants.as_ref()?;
        Some(self.people(participants).await)
    }

    async fn people(&self, listed: &Participants) -> Seen<Vec<Person>> {
        let names = participants::names(listed, &self.cx.reach().base)?;
        let users = users(self.cx, &self.probe.endpoint, &self.token()?).await?;
        Ok(participants::found(names, &users))
    }

    async fn licences(&self) -> Option<Seen<Vec<Licence>>> {
        if !self.probe.settings.licence {
            return None;
        }
        let seen = async { licences(self.cx, &self.probe.endpoint, &self.token()?).await.map(|(told, _)| told) };
        let is_wanted = |name: &String| name == SEATS || self.probe.settings.features.contains(name);
        Some(seen.await.map(|mut all| {
            all.iter_mut().filter_map(|licence| licence.features.as_mut()).for_each(|features| {
                features.retain(|name, _| is_wanted(name));
            });
            all
        }))
    }

    async fn entitlements(&self) -> Option<Seen<Entitled>> {
        let with = &self.probe.settings;
        if !with.licence && !with.seats && with.features.is_empty() {
            return None;
        }
        let seen = async { entitlements(self.cx, &self.probe.endpoint, &self.token()?).await };
        Some(seen.await.map(|told| entitled(&told, with.seats, &with.features)))
    }
}

fn entitled(told: &Entitlements, seats: bool, features: &[String]) -> Entitled {
    let words = |words: &Option<Vec<String>>| words.iter().flatten().take(MOST_WORDS).map(|word| short(word)).collect();
    Entitled {
        is_licensed: told.has_license,
        // The zero of its type: it never did.
        refreshed_at: told.refreshed_at.filter(|time| time.as_second() > 0),
        seats: seats.then(|| Seats { user_limit: told.features.get(SEATS).copied() }),
        features: features.iter().map(|name| (name.clone(), told.features.get(name).copied())).collect(),
        errors: words(&told.errors),
        warnings: words(&told.warnings),
    }
}

/// What the server says, bounded and on one line.
fn short(words: &str) -> String {
    crate::contract::short(words, 200)
}
