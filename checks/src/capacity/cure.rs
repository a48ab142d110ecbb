//! What mends each of it: a command where the number is known, else a sentence with the number in it.

use super::{
    evidence::{Picture, Pool, PoolState},
    judge::Case,
    margin::Margin,
    packed::Packed,
    settings::NewNode,
    waves::Waves,
};
use crate::contract::{
    Remedy,
    values::{Percent, Period, Quantity},
};
use serde_json::{Map, json};

/// What is known of the site that is to be mended.
pub(super) struct Cure<'a> {
    pub(super) case: &'a Case<'a>,
    pub(super) picture: &'a Picture,
    pub(super) packed: &'a Packed,
}

impl Cure<'_> {
    pub(super) fn namespace(&self, namespace: &str) -> Remedy {
        let create = self.picture.cluster.change(&["create", "namespace", namespace]);
        create.saying("name the right namespace in the checklist, or make it")
    }

    pub(super) fn pools(&self) -> Remedy {
        self.picture.cluster.look(&["get", "nodepools"]).saying("see what is there, and name it in the checklist")
    }

    pub(super) fn pool(&self, name: &str) -> Remedy {
        self.picture.cluster.look(&["describe", "nodepool", name])
    }

    pub(super) fn nodes(&self) -> Remedy {
        self.picture.cluster.look(&["get", "nodes", "--show-labels"])
    }

    pub(super) fn caps(&self, kind: &str, name: &str) -> Remedy {
        self.picture.cluster.look_in(&self.case.reckoning.site.namespace, &["describe", kind, name])
    }

    /// More new nodes where a pool may make them once its limits are raised; else the number of places.
    pub(super) fn room(&self) -> Remedy {
        let wanted = least(self.packed.attendees, self.case.expect.headroom);
        let lacking = wanted.saturating_sub(self.packed.places.unwrap_or(wanted));
        let each = self.packed.fresh.as_ref().map_or(0, |room| room.places);
        let raised = self.case.reckoning.site.new_node.as_ref().filter(|_| each > 0).and_then(|new| {
            let more = lacking.div_ceil(each);
            self.picture.pools.iter().find_map(|pool| self.raise(pool, new, more))
        });
        raised.unwrap_or_else(|| {
            Remedy::prose(format!("add nodes with room for {lacking} more, or take attendees to another site"))
        })
    }

    fn raise(&self, pool: &Pool, new: &NewNode, more: u64) -> Option<Remedy> {
        let state = pool.seen.as_ref().ok()?.as_ref().filter(|state| state.closed.is_none())?;
        let limits = raised(state, new, more)?;
        let patch = json!({ "spec": { "limits": limits } }).to_string();
        let command =
            self.picture.cluster.change(&["patch", "nodepool", &pool.name, "--type", "merge", "--patch", &patch]);
        Some(command.saying(format!("let the pool make {more} more, or take attendees to another site")))
    }

    pub(super) fn quota(&self, name: &str, key: &str, margin: &Margin) -> Remedy {
        let quota = self.picture.quotas.iter().flatten().find(|quota| quota.name == name);
        let used = quota.and_then(|quota| quota.used.get(key)).copied().unwrap_or_default();
        let hard = used.plus(Quantity::of(least(margin.needed.whole_up(), self.case.expect.headroom)));
        let patch = json!({ "spec": { "hard": { key: hard } } }).to_string();
        let namespace = &self.case.reckoning.site.namespace;
        self.picture.cluster.change_in(namespace, &["patch", "resourcequota", name, "--patch", &patch])
    }

    pub(super) fn disk() -> Remedy {
        let sentence = "free the disk, or give the nodes larger ones, before the start; until then let nothing new onto full nodes";
        Remedy::prose(sentence)
    }

    /// So many provisioners that the waves fit into the time.
    pub(super) fn time(&self, waves: &Waves, within: Period) -> Remedy {
        let launch = self.case.reckoning.takes.unwrap_or_default().0.saturating_sub(waves.takes(Period::default()).0);
        let left = within.0.saturating_sub(launch).saturating_sub(waves.start.0);
        let most = left.as_millis().checked_div(waves.build.0.as_millis()).unwrap_or(1);
        if most == 0 {
            return Remedy::prose("no number of provisioners is enough: start nodes and workspaces before the event");
        }
        let most = u64::try_from(most).unwrap_or(u64::MAX);
        let slots = u64::from(self.case.attendees).div_ceil(most);
        let Some((picture, workload)) = self.only_provisioners() else {
            return Remedy::prose(format!("let {slots} workspaces be made at once, or start some before the event"));
        };
        let replicas = format!("--replicas={slots}");
        picture.cluster.change_in(&picture.namespace, &["scale", &workload, &replicas])
    }

    /// The one workload that was counted, where it is one.
    fn only_provisioners(&self) -> Option<(&crate::replicas::Evidence, String)> {
        let counted = &self.case.evidence.provisioning.as_ref()?.counted;
        let [only] = counted.as_slice() else { return None };
        let seen = only.seen.as_ref().ok()?;
        let [workload] = seen.workloads.as_slice() else { return None };
        Some((seen, workload.word()))
    }
}

/// The least that leaves more than `bar` of itself when `needed` are taken.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_precision_loss,
    reason = "a cast from f64 saturates, and what is to be bought is not told to the byte"
)]
fn least(needed: u64, bar: Percent) -> u64 {
    let kept = (1.0 - bar.share()).max(0.01);
    ((needed as f64 / kept + 1e-6).floor() as u64).saturating_add(1)
}

/// The limits of a pool that let it make `more` nodes than now; `None` where none of them is in the way.
fn raised(state: &PoolState, new: &NewNode, more: u64) -> Option<Map<String, serde_json::Value>> {
    let room = state.room(new)?.saturating_add(more);
    let raise = |key: &str, each: Quantity| {
        let by = state.room_by(key, new)?;
        let held = state.held(key).unwrap_or_default();
        (by < room).then(|| (key.to_owned(), json!(held.plus(each.times(room)))))
    };
    let all = [("cpu", new.capacity.cpu), ("memory", new.capacity.memory), ("nodes", Quantity::of(1))];
    let raised: Map<String, serde_json::Value> = all.into_iter().filter_map(|(key, each)| raise(key, each)).collect();
    (!raised.is_empty()).then_some(raised)
}
