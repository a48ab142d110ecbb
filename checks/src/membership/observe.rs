//! The look: the list first, then the organisation.

use super::{
    Membership,
    evidence::{Evidence, Person},
    list::List,
};
use crate::{
    clients::{file::text, github::membership::Organisation, looks::Question},
    contract::{Context, Remedy, Unobserved, Why},
};
use std::{sync::Arc, time::Duration};

/// The longest file that is read, in bytes.
const MOST_BYTES: u64 = 1 << 20;

impl Membership {
    pub(super) async fn look(&self, cx: &Context) -> Result<Evidence, Unobserved> {
        let at = cx.now();
        let (list, named) = match (&self.settings.people, &self.settings.file) {
            (_, Some(file)) => (self.read(cx, file).await?, file.as_str()),
            (people, None) => {
                let people = people.iter().flatten().map(String::as_str);
                let list = List::of(people).map_err(|error| Unobserved::new(Why::TooLarge, "the checklist", error))?;
                (Arc::new(list), "the checklist")
            }
        };
        let name = named.rsplit('/').next().unwrap_or(named).to_owned();
        let List { logins, twice, unfit } = &*list;
        let mut evidence = Evidence {
            at,
            organisation: self.settings.organisation.clone(),
            list: name,
            asker: None,
            people: Vec::new(),
            twice: twice.clone(),
            unfit: unfit.clone(),
        };
        if logins.is_empty() {
            return Ok(evidence);
        }
        let token = cx.reveal(&self.token)?;
        let name = &self.settings.organisation;
        let seen = Organisation { cx, endpoint: &self.endpoint, token: &token, name }.standing(logins).await?;
        evidence.asker = Some(seen.asker);
        let people = logins.iter().zip(seen.people);
        evidence.people = people.map(|(login, standing)| Person { login: login.clone(), standing }).collect();
        Ok(evidence)
    }

    async fn read(&self, cx: &Context, file: &str) -> Result<Arc<List>, Unobserved> {
        let path = cx.reach().base.join(file);
        let asked = format!("file {file}");
        let column = self.settings.column.clone();
        let key = format!("people in {} at {column:?}", path.display());
        let question = Question { host: asked.clone(), key, asked: asked.clone(), limit: Duration::from_secs(10) };
        let look = move || {
            let (path, asked, column) = (path.clone(), asked.clone(), column.clone());
            async move {
                let told = asked.clone();
                let read = tokio::task::spawn_blocking(move || {
                    let by_hand = Remedy::run(["cat", &path.display().to_string()]);
                    let missing =
                        |(why, detail)| Unobserved::new(why, &asked, String::as_str(&detail)).by_hand(by_hand.clone());
                    let text = text(&path, MOST_BYTES).map_err(missing)?;
                    let name = path.to_string_lossy();
                    List::read(&text, &name, column.as_deref()).map_err(|detail| missing((Why::Malformed, detail)))
                });
                read.await.unwrap_or_else(|error| Err(Unobserved::new(Why::Panicked, told, error)))
            }
        };
        cx.looks().once(cx.trace(), question, look).await
    }
}
