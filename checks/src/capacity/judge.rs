//! Does everyone fit, with room to spare, and in time? Each site by itself; what could not be seen is never room.

use super::{
    code::{
        DISK, LATE, LOW, NO_ATTENDEES, NO_NAMESPACE, NO_NUMBER, NO_PROVISIONERS, NO_ROOM, QUOTA, QUOTA_UNCOUNTED,
        REFUSED, STALE, UNSAID,
    },
    cure::Cure,
    evidence::{Evidence, Picture},
    found::{closed_pool, counted, no_nodes, seen_room},
    margin::{Limit, Margin},
    packed::Packed,
    quota::Capped,
    ranges::refuses,
    reckon::{Reckoning, reckon},
    settings::Expect,
    waves::Slots,
};
use crate::contract::{Code, Finding, Remedy, Window};

pub(super) fn judge(expect: &Expect, evidence: &Evidence, window: &Window) -> Vec<Finding> {
    let Some(attendees) = window.attendees.filter(|attendees| *attendees > 0) else { return vec![nobody()] };
    let mut findings = provisioning(expect, evidence, attendees);
    for reckoning in reckon(evidence, attendees) {
        let name = reckoning.site.site.clone();
        let case = Case { expect, evidence, reckoning: &reckoning, attendees };
        let found = match &reckoning.packed {
            Err(missing) => vec![Finding::unobserved(missing)],
            Ok(packed) => case.site(packed),
        };
        findings.extend(found.into_iter().map(|finding| finding.at(&name)));
    }
    findings
}

fn nobody() -> Finding {
    Finding::new(NO_ATTENDEES, "attendees")
        .expected("how many may come")
        .seen("the event does not say")
        .mended_by(Remedy::prose("add `attendees: 15` to the event"))
}

/// What stands in the way of all sites: how many workspaces are made at once is not known, or none are.
fn provisioning(expect: &Expect, evidence: &Evidence, attendees: u32) -> Vec<Finding> {
    let none = |seen: String| {
        Finding::new(NO_PROVISIONERS, "provisioners")
            .expected("at least one that makes workspaces")
            .seen(seen)
            .mended_by(Remedy::prose("name the provisioners that there are, or start some"))
    };
    let found = match evidence.slots(attendees) {
        None if expect.all_ready_within.is_some() => {
            Some(none("`all_ready_within` is set, and `provisioning` does not say who makes them".to_owned()))
        }
        Some(Slots::Known { count: 0, because }) => Some(none(because)),
        None | Some(Slots::Known { .. }) => None,
        Some(Slots::Unseen(missing)) => Some(Finding::unobserved(&missing)),
        Some(Slots::Stale(workload)) => Some(
            Finding::new(STALE, workload)
                .expected("counts from after its last change")
                .seen("its controller has not seen the last change")
                .mended_by(Remedy::prose("look again shortly")),
        ),
        Some(Slots::TooMany(too_many)) => Some(
            Finding::new(NO_NUMBER, "slots")
                .expected(format_args!("a number for {} attendees", too_many.attendees))
                .seen(format_args!("the table ends at {}", too_many.last))
                .mended_by(Remedy::prose("add a step to `slots: { by_attendees: … }` for so many attendees")),
        ),
    };
    found.into_iter().collect()
}

/// One site, judged.
pub(super) struct Case<'a> {
    pub(super) expect: &'a Expect,
    pub(super) evidence: &'a Evidence,
    pub(super) reckoning: &'a Reckoning<'a>,
    pub(super) attendees: u32,
}

impl Case<'_> {
    fn site(&self, packed: &Packed) -> Vec<Finding> {
        let Ok(picture) = &self.reckoning.site.seen else { return Vec::new() };
        let cure = Cure { case: self, picture, packed };
        let mut findings = self.namespace(picture, &cure);
        findings.extend(picture.pools.iter().filter_map(|pool| closed_pool(pool, packed, &cure)));
        findings.extend(self.room(picture, packed, &cure));
        findings.extend(picture.volumes.as_ref().map(Finding::unobserved));
        findings.extend(picture.quotas.as_ref().err().map(Finding::unobserved));
        findings.extend(self.quotas(&cure));
        findings.extend(picture.ranges.as_ref().err().map(Finding::unobserved));
        findings.extend(self.ranges(picture, &cure));
        findings.extend(self.disks());
        findings.extend(super::unmeasured::unmeasured(self.reckoning, picture));
        findings.extend(self.time(&cure));
        findings
    }

    fn namespace(&self, picture: &Picture, cure: &Cure<'_>) -> Vec<Finding> {
        let namespace = &self.reckoning.site.namespace;
        let found = match &picture.has_namespace {
            Some(Err(missing)) => Some(Finding::unobserved(missing)),
            Some(Ok(false)) => Some(
                Finding::new(NO_NAMESPACE, namespace)
                    .expected("the namespace of the workspaces")
                    .seen("no namespace of this name is there")
                    .mended_by(cure.namespace(namespace)),
            ),
            Some(Ok(true)) | None => None,
        };
        found.into_iter().collect()
    }

    /// The room in all; each resource by itself has no less.
    fn room(&self, picture: &Picture, packed: &Packed, cure: &Cure<'_>) -> Option<Finding> {
        let margin = self.reckoning.margins.iter().find(|margin| matches!(margin.limit, Limit::Room(_)));
        let margin = margin.filter(|_| packed.places.is_some())?;
        // What could not be seen may have the room; that it could not is a finding by itself.
        if !picture.is_room_known() {
            return None;
        }
        if packed.existing.is_empty() && packed.most_new == Some(0) {
            return Some(no_nodes(picture, cure));
        }
        let code = self.code(margin, NO_ROOM)?;
        let finding = Finding::new(code, margin.limit.word()).expected(self.wanted(margin, "places"));
        Some(finding.seen(seen_room(packed, margin)).mended_by(cure.room()))
    }

    fn quotas(&self, cure: &Cure<'_>) -> Vec<Finding> {
        let told = self.reckoning.margins.iter().filter_map(|margin| match &margin.limit {
            Limit::Quota { name, key } => {
                let code = self.code(margin, QUOTA)?;
                let finding = Finding::new(code, format!("resourcequota/{name} {key}"));
                let seen =
                    format!("{} left of it for {}, headroom {}", margin.available, margin.needed, margin.shown());
                Some(finding.expected(self.wanted(margin, key)).seen(seen).mended_by(cure.quota(name, key, margin)))
            }
            _ => None,
        });
        let untold = self.reckoning.untold.iter().filter_map(|capped| match capped {
            Capped::Margin(_) => None,
            Capped::Uncounted { name, key } => Some(
                Finding::new(QUOTA_UNCOUNTED, format!("resourcequota/{name} {key}"))
                    .expected("how much of it is used")
                    .seen("its status does not say yet")
                    .mended_by(cure.caps("resourcequota", name)),
            ),
            Capped::Unsaid { name, key, what } => Some(
                Finding::new(UNSAID, format!("resourcequota/{name} {key}"))
                    .expected(format_args!("how much of {key} an attendee takes"))
                    .seen(format_args!("`each_attendee` does not say `{what}`"))
                    .mended_by(Remedy::prose(format!("add `{what}` to `each_attendee`"))),
            ),
        });
        told.chain(untold).collect()
    }

    fn ranges(&self, picture: &Picture, cure: &Cure<'_>) -> Vec<Finding> {
        let each = &self.evidence.each_attendee;
        let refused = picture.ranges.iter().flatten().filter_map(|range| Some((range, refuses(range, each)?)));
        let finding = refused.map(|(range, why)| {
            Finding::new(REFUSED, format!("limitrange/{}", range.name))
                .expected("a workspace of this size is allowed")
                .seen(format_args!("an attendee asks for {why}"))
                .mended_by(cure.caps("limitrange", &range.name))
        });
        finding.collect()
    }

    /// The fullest disk, and how many others are too full.
    fn disks(&self) -> Option<Finding> {
        let disks = self.reckoning.margins.iter().filter(|margin| matches!(margin.limit, Limit::Disk { .. }));
        let short: Vec<&Margin> = disks.filter(|margin| !margin.clears(self.expect.headroom)).collect();
        let worst = short.iter().min_by(|a, b| a.headroom().total_cmp(&b.headroom()))?;
        let code = self.code(worst, DISK)?;
        let Limit::Disk { node, workspaces } = &worst.limit else { return None };
        let each = self.evidence.each_attendee.disk().unwrap_or_default();
        let share = worst.needed.as_f64() / worst.available.as_f64() * 100.0;
        let others = if short.len() > 1 { format!("; {} in all", counted(short.len(), "node")) } else { String::new() };
        let taken = worst.needed.less(each.times(*workspaces));
        let now = taken.as_f64() / worst.available.as_f64() * 100.0;
        let seen = format!("{now:.0} % used and {workspaces} × {each} to come: {share:.0} % of its disk{others}");
        let subject = if node.is_empty() { "a new node" } else { node };
        Some(Finding::new(code, subject).expected(self.wanted(worst, "its disk")).seen(seen).mended_by(Cure::disk()))
    }

    fn time(&self, cure: &Cure<'_>) -> Option<Finding> {
        let (within, takes) = (self.expect.all_ready_within?, self.reckoning.takes?);
        let waves = self.evidence.waves(self.attendees)?;
        (takes > within).then(|| {
            let nodes = if takes > waves.takes(crate::contract::values::Period::default()) {
                ", new nodes included"
            } else {
                ""
            };
            Finding::new(LATE, "provisioning")
                .expected(format_args!("everyone's workspace ready within {within}"))
                .seen(format_args!("{takes} in {} waves of {}{nodes}", waves.count, waves.slots))
                .mended_by(cure.time(&waves, within))
        })
    }

    /// Which code a margin has, if any.
    fn code(&self, margin: &Margin, short: Code) -> Option<Code> {
        match (margin.is_enough(), margin.clears(self.expect.headroom)) {
            (false, _) => Some(short),
            (true, false) => Some(LOW),
            (true, true) => None,
        }
    }

    fn wanted(&self, margin: &Margin, what: &str) -> String {
        let bar = self.expect.headroom;
        match &margin.limit {
            Limit::Room(_) => format!("{what} for {} attendees, with more than {bar} of them left", margin.needed),
            _ => format!("more than {bar} of {what} left"),
        }
    }
}
