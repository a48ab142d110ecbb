//! The source `github_app`: an App whose key is taken, that is installed, and for which a token can be had.
//!
//! Reading alone shows that the key is taken and that the installation is there and not suspended, but not that GitHub gives
//! a token: that may be withheld by an organisation's list of addresses or a lacking permission. One is asked for therefore,
//! for one right to read, thrown away, and ended by itself within the hour: nothing lasting changes.

use super::{
    evidence::{Ends, Evidence, Key, Look, Renews, Standing},
    held::{Held, Taken},
    moment::Moment,
    settings::{GithubApp, Level, Permissions},
    source::Source,
};
use crate::{
    clients::{
        assertion::Signer,
        connections::Endpoint,
        github::app::{AsApp, Installation, Minted, Told},
        http::Response,
    },
    contract::{Access, Context, Invalid, Place, Remedy, Unobserved, Why},
};
use secrecy::{ExposeSecret as _, SecretString};
use std::sync::Arc;

/// One App.
pub(super) struct Looking {
    endpoint: Endpoint,
    held: Held,
    app: String,
    installation: u64,
    permissions: Permissions,
    repositories: Vec<String>,
}

impl Looking {
    pub(super) fn new(settings: GithubApp, place: &Place) -> Result<Self, Invalid> {
        let GithubApp { connection, app, key, installation, permissions, repositories } = settings;
        let endpoint = place.endpoint(&connection, "github", "github_app.connection")?;
        if app.trim().is_empty() {
            return Err(Invalid::new("github_app.app", "an empty name names no App")
                .help("write the client id of the App's page, or its number in quotes"));
        }
        if let Some(name) = repositories.iter().find(|name| name.trim().is_empty() || name.contains('/')) {
            return Err(Invalid::new("github_app.repositories", format!("`{name}` is no repository's name"))
                .help("write the name without its owner, whose the installation is"));
        }
        let held = Held::new(key, "github_app.key", place)?;
        Ok(Self { endpoint, held, app, installation, permissions, repositories })
    }

    pub(super) fn access(&self) -> Vec<Access> {
        vec![Access::new("github", "the App's own key; no permission"), self.held.access()]
    }

    pub(super) async fn observe(&self, cx: &Context) -> Result<Evidence, Unobserved> {
        let Taken { from, look, value } = self.held.take(cx).await?;
        let text = match value {
            Err(says) => return Ok(self.evidence(look, Key::of(&from, Standing::Missing { says }))),
            Ok(text) => text,
        };
        if let Some(standing) = super::empty(text.expose_secret()) {
            return Ok(self.evidence(look, Key::of(&from, standing)));
        }
        let signer = Signer::of_pem(&text).map_err(|reason| {
            Unobserved::new(Why::Malformed, &from, reason)
                .by_hand(Remedy::prose(format!("put the App's private key, in PEM, where it is read: {from}")))
        })?;
        let asking = AsApp { endpoint: &self.endpoint, app: &self.app, signer: &signer };
        let (key, answer) = self.installed(cx, &asking).await?;
        Ok(self.evidence(Look::of(&answer), key))
    }

    async fn installed(&self, cx: &Context, asking: &AsApp<'_>) -> Result<(Key, Arc<Response>), Unobserved> {
        let name = format!("App {}", super::plain(&self.app));
        let assertion = asking.assertion(cx, cx.now())?;
        let slug = match asking.itself(cx, &assertion).await? {
            (Told::Known(app), _) => super::plain(&app.slug),
            (Told::Refused(says) | Told::Absent(says), answer) => {
                return Ok((Key::of(name, Standing::Refused { says }), answer));
            }
        };
        let name = format!("App {slug}, installation {}", self.installation);
        let (told, answer) = asking.installation(cx, &assertion, self.installation).await?;
        let found = match told {
            Told::Known(found) => found,
            Told::Refused(says) => return Ok((Key::of(name, Standing::Refused { says }), answer)),
            Told::Absent(_) => {
                let says = format!("GitHub takes the App's key, and knows no installation {}", self.installation);
                return Ok((Key::of(name, Standing::Missing { says }), answer));
            }
        };
        if let Some(standing) = self.hindered(&found) {
            return Ok((Key::of(name, standing), answer));
        }
        self.minted(cx, asking, &assertion, &name, &found).await
    }

    /// What the installation itself says against it.
    fn hindered(&self, found: &Installation) -> Option<Standing> {
        let login = super::plain(&found.account.login);
        if let Some(since) = &found.suspended_at {
            return Some(Standing::Blocked { says: format!("suspended at {login} since {}", super::plain(since)) });
        }
        let lacking = self.permissions.0.iter().find_map(|(name, least)| lacking(found, name, *least));
        let says = match lacking {
            Some(says) => format!("at {login} {says}"),
            None if found.permissions.is_empty() => format!("at {login} it has no permission at all"),
            None => return None,
        };
        Some(Standing::Lacking { says })
    }

    async fn minted(
        &self,
        cx: &Context,
        asking: &AsApp<'_>,
        assertion: &SecretString,
        name: &str,
        found: &Installation,
    ) -> Result<(Key, Arc<Response>), Unobserved> {
        // Every repository permission brings `metadata`; an App for organisations alone may lack it.
        let least = found.permissions.keys().find(|right| *right == "metadata").or(found.permissions.keys().next());
        let right = least.map_or("metadata", String::as_str);
        let (told, answer) = asking.mint(cx, assertion, found.id, right, &self.repositories).await?;
        let ends = match told {
            Told::Known(Minted::Until(ends)) => ends,
            Told::Known(Minted::Ungranted(says)) => {
                let says = format!("it does not reach all of {}: {says}", self.repositories.join(", "));
                return Ok((Key::of(name, Standing::Lacking { says }), answer));
            }
            Told::Refused(says) => return Ok((Key::of(name, Standing::Refused { says }), answer)),
            Told::Absent(says) => return Ok((Key::of(name, Standing::Missing { says }), answer)),
        };
        let ends = Moment::of_text(&ends)
            .ok_or_else(|| Unobserved::new(Why::Malformed, &answer.asked, "`expires_at` of a token is no time"))?;
        let now = answer.asked_at;
        let key = Key {
            issued: Some(now),
            renews: Some(Renews { by: "GitHub, for the App's key, which has no end".to_owned(), proven: Some(now) }),
            note: Some(format!("installed at {}", super::plain(&found.account.login))),
            ..Key::ending(name, Ends::told(ends, "`expires_at` of a token made for this look"))
        };
        Ok((key, answer))
    }

    fn evidence(&self, look: Look, key: Key) -> Evidence {
        let source = Source::GithubApp { url: super::shown(&self.endpoint.url), app: self.app.clone() };
        Evidence::of(source, look, vec![key])
    }
}

/// What an installation lacks of a permission at its least level, `None` for any, in words.
fn lacking(found: &Installation, name: &str, least: Option<Level>) -> Option<String> {
    let Some(granted) = found.permissions.get(name) else {
        return Some(format!("it has no permission `{name}`"));
    };
    let least = least.filter(|least| Level::of(granted).is_none_or(|granted| granted < *least))?;
    Some(format!("its permission `{name}` is `{}`, and `{least}` is needed", super::plain(granted)))
}
