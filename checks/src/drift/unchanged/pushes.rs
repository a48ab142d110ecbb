//! Pushes to the branch that the infrastructure is made from.

use super::{Change, Watched};
use crate::{
    clients::{
        connections::Endpoint,
        github::pushes::{Branch, Push, newest},
    },
    contract::{Access, Context, Invalid, Place, Secret, short},
    drift::settings::Pushes,
};

/// The source with all that it needs.
pub(super) struct Looking {
    endpoint: Endpoint,
    token: Secret,
    which: Branch,
}

impl Looking {
    pub(super) fn new(settings: &Pushes, place: &Place) -> Result<Self, Invalid> {
        let Pushes { connection, repository, branch } = settings;
        let at = |key: &str| format!("unchanged.pushes.{key}");
        let endpoint = place.endpoint(connection, "github", &at("connection"))?;
        let Some(token) = endpoint.token() else {
            return Err(Invalid::new(&at("connection"), format!("connection `{connection}` has no `token`"))
                .help("GitHub hides what a stranger may not see: add `token: { env: … }`"));
        };
        if branch.trim().is_empty() {
            return Err(Invalid::new(&at("branch"), "an empty name is no branch"));
        }
        match repository.split_once('/') {
            Some((owner, name)) if is_word(owner) && is_word(name) => {
                let which = Branch { owner: owner.to_owned(), repository: name.to_owned(), branch: branch.clone() };
                Ok(Self { endpoint, token, which })
            }
            _ => {
                let wrong = Invalid::new(&at("repository"), format!("`{repository}` is no repository"));
                Err(wrong.help("write `owner/name`"))
            }
        }
    }

    pub(super) fn access(&self) -> Access {
        Access::new("github", format!("contents: read of {}/{}", self.which.owner, self.which.repository))
    }

    pub(super) async fn watched(&self, cx: &Context) -> Watched {
        let Branch { owner, repository, branch } = &self.which;
        let what = format!("pushes to {branch} of {owner}/{repository}");
        let seen = match cx.reveal(&self.token) {
            Ok(token) => newest(cx, &self.endpoint, &token, &self.which).await,
            Err(missing) => Err(missing),
        };
        match seen {
            Ok((pushes, answer)) => {
                let changes = pushes.iter().map(|push| change(push, &format!("{owner}/{repository}"))).collect();
                Watched::of(what, answer.asked.clone(), pushes.len(), changes)
            }
            Err(missing) => Watched::unseen(what, missing),
        }
    }
}

fn change(push: &Push, repository: &str) -> Change {
    let by = push.actor.as_ref().map_or_else(String::new, |actor| format!(" by {}", short(&actor.login, 80)));
    Change {
        subject: format!("push/{}", short(&push.after, 12)),
        namespace: repository.to_owned(),
        at: Some(push.timestamp),
        by: format!("{}{by}", short(&push.activity_type, 40)),
    }
}

fn is_word(word: &str) -> bool {
    let is_letter = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
    !word.is_empty() && !word.starts_with('.') && word.bytes().all(is_letter)
}
