//! The source `cronjobs`: what the cluster's own schedules start, found by image and by secret as well as by name.

mod judge;
mod object;
mod timing;

pub use object::CronJob;

pub(super) use judge::{judge, moments, working};

use super::{
    cron,
    glob::{self, Glob},
    objects::{Look, Scope},
    settings::CronJobs,
};
use crate::contract::{Access, Context, Invalid, Place, Unobserved};
use object::Object;
use serde::{Deserialize, Serialize};

/// What was seen.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Evidence {
    /// What was asked of whom, and when.
    pub look: Look,
    /// The zone of the controller, where the checklist says it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub controller_zone: Option<String>,
    /// What a firing does, where the checklist says it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub does: Option<String>,
    /// Those that fit, by namespace and name.
    pub cronjobs: Vec<CronJob>,
}

/// One source of this kind.
pub(in crate::schedule_window) struct Looking {
    scope: Scope,
    which: Which,
    controller_zone: Option<String>,
    does: Option<String>,
}

struct Which {
    names: Vec<Glob>,
    images: Vec<Glob>,
    secrets: Vec<String>,
    service_accounts: Vec<Glob>,
}

impl Looking {
    pub(in crate::schedule_window) fn new(settings: CronJobs, place: &Place) -> Result<Self, Invalid> {
        let CronJobs { namespaces, names, images, secrets, service_accounts, selector, .. } = settings;
        if let Some(zone) = settings.controller_zone.as_deref().filter(|zone| cron::zone(zone).is_none()) {
            return Err(Invalid::new("cronjobs.controller_zone", format!("`{zone}` is no zone"))
                .help("write a name of the IANA database: `Etc/UTC`, `America/Vancouver`"));
        }
        if let Some(index) = secrets.iter().position(|secret| secret.trim().is_empty()) {
            return Err(Invalid::new(&format!("cronjobs.secrets.{index}"), "an empty name names no secret"));
        }
        let kind = ("batch/v1", "cronjobs");
        let scope = Scope::new(place, "cronjobs", kind, namespaces, selector, settings.none_expected)?;
        let which = Which { names, images, secrets, service_accounts };
        Ok(Self { scope, which, controller_zone: settings.controller_zone, does: settings.does })
    }

    pub(in crate::schedule_window) fn access(&self) -> Vec<Access> {
        self.scope.access()
    }

    pub(in crate::schedule_window) async fn observe(&self, cx: &Context) -> Result<Evidence, Unobserved> {
        let (found, look) = self.scope.find::<Object>(cx, |object| self.which.fits(object).is_some()).await?;
        let cronjobs = found.iter().map(|object| object.seen(self.which.fits(object).unwrap_or_default())).collect();
        Ok(Evidence { look, controller_zone: self.controller_zone.clone(), does: self.does.clone(), cronjobs })
    }
}

impl Which {
    /// By what it is meant; `None` where it is not.
    fn fits(&self, object: &Object) -> Option<String> {
        let Self { names, images, secrets, service_accounts } = self;
        if names.is_empty() && images.is_empty() && secrets.is_empty() && service_accounts.is_empty() {
            return Some("every one is meant".to_owned());
        }
        if glob::any(names, &[object.name()]) {
            return Some("its name".to_owned());
        }
        if let Some(image) = object.images().find(|image| glob::any(images, &[image])) {
            return Some(format!("its image {image}"));
        }
        if let Some(secret) = secrets.iter().find(|secret| object.handles(secret)) {
            return Some(format!("the secret {secret}"));
        }
        let account = object.service_account();
        glob::any(service_accounts, &[account]).then(|| format!("its service account {account}"))
    }
}
