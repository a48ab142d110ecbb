//! Which nodes go within the window: by age, by drift, by consolidation, and what keeps them.

use super::{Claim, Evidence, Pool, Standing, budget};
use crate::{
    contract::{Does, Finding, Moment, Remedy, Weight, Window, spoken},
    schedule_window::{codes, cron, expect::Expect, words},
};
use jiff::{SignedDuration, Timestamp};

pub(in crate::schedule_window) fn judge(expect: &Expect, evidence: &Evidence, window: &Window) -> Vec<Finding> {
    let case = Case { evidence, window };
    let mut findings = case.nothing();
    for pool in evidence.pools.iter().filter(|pool| !expect.allows(&[&pool.name])) {
        findings.extend(case.protection(pool));
        findings.extend(case.later(pool));
    }
    for claim in &evidence.claims {
        if !expect.allows(&[&claim.name, &claim.node, &claim.pool]) {
            findings.extend(case.claim(claim));
        }
    }
    findings
}

struct Case<'a> {
    evidence: &'a Evidence,
    window: &'a Window,
}

impl Case<'_> {
    fn nothing(&self) -> Vec<Finding> {
        let Evidence { wanted, pools, claims, cluster, .. } = self.evidence;
        let none = |subject: String, expected: &str, seen: &str| {
            let by_hand = cluster.look(&["get", "nodepools,nodeclaims"]).saying("see what there is, and name it");
            Finding::new(codes::NOTHING_FOUND, subject).expected(expected).seen(seen).mended_by(by_hand)
        };
        let is_there = |name: &&String| pools.iter().any(|pool| pool.name == **name);
        let missing = wanted.iter().filter(|name| !is_there(name));
        let mut findings: Vec<Finding> =
            missing.map(|name| none(format!("nodepool/{name}"), "a NodePool of this name", "none")).collect();
        if wanted.is_empty() && pools.is_empty() {
            findings.push(none("nodepools".to_owned(), "at least one NodePool", "none in the cluster"));
        }
        if claims.is_empty() && !self.evidence.none_expected && findings.is_empty() {
            findings.push(none("nodeclaims".to_owned(), "at least one NodeClaim of these pools", "none"));
        }
        findings
    }

    /// What keeps the pool's nodes from being consolidated, and from being replaced should they drift.
    fn protection(&self, pool: &Pool) -> Option<Finding> {
        let (window, name) = (self.window, format!("nodepool/{}", pool.name));
        let keeps = |reason| budget::keeps(&pool.budgets, reason, window.opens(), window.closes());
        let (underutilized, drifted) = match (keeps("Underutilized"), keeps("Drifted")) {
            (Ok(underutilized), Ok(drifted)) => (underutilized, drifted),
            (Err(reason), _) | (_, Err(reason)) => {
                return Some(
                    Finding::new(codes::SCHEDULE_UNREADABLE, name).expected("budgets that can be read").seen(reason),
                );
            }
        };
        let mut own = self.evidence.claims.iter().filter(|claim| claim.pool == pool.name).peekable();
        let is_kept = own.peek().is_some() && own.all(|claim| claim.keeps);
        let (weight, what) = if pool.consolidates() && !underutilized {
            match (is_kept, pool.keeps) {
                (true, true) => return None,
                (true, false) => (Weight::Warn, "its nodes are to be left alone, but those made from now on are not"),
                _ => (Weight::Fail, "nodes that are little used are emptied and taken away"),
            }
        } else if drifted || (is_kept && pool.keeps) {
            return None;
        } else {
            (Weight::Warn, "nodes that drift (a new image, a changed pool) are replaced")
        };
        let seen = format!(
            "{what}; budgets: {}; consolidates {} after {}",
            budget::told(&pool.budgets),
            pool.policy,
            pool.after
        );
        let finding = Finding::new(codes::POOL_UNPROTECTED, name).weighing(weight);
        Some(finding.expected(words::nothing("disruption", window)).seen(seen).mended_by(self.budget(pool)))
    }

    /// Adds a budget that keeps every node while the window is open, and is over by itself.
    fn budget(&self, pool: &Pool) -> Remedy {
        let budget = budget::Budget::over(self.window).json();
        let (kind, patch) = if pool.budgets.is_empty() {
            ("merge", format!(r#"{{"spec":{{"disruption":{{"budgets":[{budget}]}}}}}}"#))
        } else {
            ("json", format!(r#"[{{"op":"add","path":"/spec/disruption/budgets/-","value":{budget}}}]"#))
        };
        let words = ["patch", "nodepool", &pool.name, "--type", kind, "--patch", &patch];
        let kept = pool
            .managed_by
            .as_ref()
            .map_or_else(String::new, |manager| format!("; change it at {manager} too, which may set it back"));
        let says =
            format!("keep every node while the window is open (it comes again each year: take it away after){kept}");
        self.evidence.cluster.change(&words).saying(says)
    }

    /// Nodes that do not exist yet, and would end within the window.
    fn later(&self, pool: &Pool) -> Option<Finding> {
        let window = self.window;
        let lives = match life(&pool.expire_after) {
            Ok(lives) => lives?,
            Err(reason) => return Some(self.unreadable(format!("nodepool/{}", pool.name), &reason)),
        };
        let (first, last) = (before(window.opens(), lives).max(window.now), before(window.closes(), lives));
        if last < window.now {
            return None;
        }
        let (from, to) = (window.clock(first), window.clock(last));
        Some(
            Finding::new(codes::NODE_MAY_EXPIRE, format!("nodepool/{}", pool.name))
                .expected(words::nothing("node that expires", window))
                .seen(format!("its nodes live {}: one made from {from} to {to} ends within it", spoken(lives)))
                .mended_by(Remedy::prose(format!(
                    "have its nodes made anew after {to}, or give the pool a longer `expireAfter` before {from}; then look again"
                ))),
        )
    }

    fn claim(&self, claim: &Claim) -> Vec<Finding> {
        if claim.standing == Standing::Leaving {
            return vec![self.leaving(claim)];
        }
        self.expiry(claim).into_iter().chain(self.drift(claim)).collect()
    }

    fn leaving(&self, claim: &Claim) -> Finding {
        let has_begun = self.window.opens() <= self.window.now;
        let weight = if has_begun { Weight::Fail } else { codes::NODE_LEAVING.weight };
        let look = self.evidence.cluster.look(&["describe", "nodeclaim", &claim.name]);
        let finding = Finding::new(codes::NODE_LEAVING, claim.word()).weighing(weight).expected("a node that stays");
        finding.seen(format!("it was asked to go, of pool {}", claim.pool)).mended_by(look)
    }

    fn expiry(&self, claim: &Claim) -> Option<Finding> {
        let window = self.window;
        let (begins, ends) = match claim.end() {
            Ok(span) => span?,
            Err(reason) => return Some(self.unreadable(claim.word(), &reason)),
        };
        let is_overdue = begins <= window.now;
        if !is_overdue && (begins > window.closes() || ends < window.opens()) {
            return None;
        }
        let until =
            if ends > begins { format!(", and is emptied by force {}", window.clock(ends)) } else { String::new() };
        let seen = if is_overdue {
            format!("lives {}: due since {}, and not done", claim.expire_after, window.clock(begins))
        } else {
            format!(
                "lives {}: ends {}, {}{until}",
                claim.expire_after,
                window.clock(begins),
                window.against_event(begins)
            )
        };
        let delete = self.evidence.cluster.change(&["delete", "nodeclaim", &claim.name]);
        let says = format!(
            "no budget holds it: have it replaced before {}, or as soon as may be",
            window.clock(window.opens())
        );
        let finding = Finding::new(codes::NODE_EXPIRES, claim.word());
        let finding =
            finding.expected(words::nothing("node that expires", window)).seen(format!("{seen}; pool {}", claim.pool));
        Some(finding.mended_by(delete.saying(says).disrupting("whatever runs on the node")))
    }

    fn drift(&self, claim: &Claim) -> Option<Finding> {
        if claim.standing != Standing::Drifted || claim.keeps {
            return None;
        }
        let pool = self.evidence.pools.iter().find(|pool| pool.name == claim.pool);
        let (opens, closes) = (self.window.opens(), self.window.closes());
        // What cannot be read is told of the pool itself.
        if pool.is_some_and(|pool| budget::keeps(&pool.budgets, "Drifted", opens, closes).unwrap_or(true)) {
            return None;
        }
        let remedy = match pool {
            Some(pool) => self.budget(pool),
            None => Remedy::prose("replace it before the window"),
        };
        let finding =
            Finding::new(codes::NODE_DRIFTED, claim.word()).expected(words::nothing("disruption", self.window));
        Some(finding.seen(format!("Drifted is True, of pool {}", claim.pool)).mended_by(remedy))
    }

    fn unreadable(&self, subject: String, reason: &str) -> Finding {
        let look = self.evidence.cluster.look(&["get", &subject, "-o", "yaml"]);
        let finding = Finding::new(codes::EXPIRY_UNREADABLE, subject).expected("a length of time or `Never`");
        finding.seen(reason).mended_by(look)
    }
}

impl Pool {
    /// True where it takes nodes away because they are little used. Empty ones hurt nobody.
    fn consolidates(&self) -> bool {
        !self.is_static && self.policy != "WhenEmpty" && self.after != "Never"
    }
}

impl Claim {
    fn word(&self) -> String {
        format!("nodeclaim/{}", self.name)
    }

    /// From when it is emptied, and when it is gone at the latest; `None` where it never ends.
    fn end(&self) -> Result<Option<(Timestamp, Timestamp)>, String> {
        let Some(lives) = life(&self.expire_after)? else { return Ok(None) };
        let made = self.made.ok_or("when it was made is not told")?;
        let begins = made.saturating_add(lives).unwrap_or(Timestamp::MAX);
        let grace = self.grace.as_deref().and_then(cron::duration).unwrap_or(SignedDuration::ZERO);
        Ok(Some((begins, begins.saturating_add(grace).unwrap_or(Timestamp::MAX))))
    }
}

/// How long a node lives; `None` for ever.
fn life(text: &str) -> Result<Option<SignedDuration>, String> {
    match text {
        "Never" => Ok(None),
        text => cron::duration(text).map(Some).ok_or_else(|| format!("`{text}` is no length of time")),
    }
}

fn before(time: Timestamp, length: SignedDuration) -> Timestamp {
    time.saturating_sub(length).unwrap_or(Timestamp::MIN)
}

pub(in crate::schedule_window) fn working(evidence: &Evidence, window: &Window) -> Vec<String> {
    let spot = evidence.claims.iter().filter(|claim| claim.is_spot).count();
    let mut lines = vec![format!(
        "{} nodes of {} pools; {spot} are spot, which the cloud may take at any time",
        evidence.claims.len(),
        evidence.pools.len()
    )];
    lines.extend(evidence.claims.iter().map(|claim| {
        let end = claim.end().ok().flatten();
        let made = claim.made.map_or_else(|| "at a time not told".to_owned(), |made| window.clock(made));
        let ends = end.map_or_else(|| "no end".to_owned(), |(begins, _)| window.clock(begins));
        format!("{} of {}: made {made} + {} = {ends}", claim.word(), claim.pool, claim.expire_after)
    }));
    lines
}

pub(in crate::schedule_window) fn moments(evidence: &Evidence) -> Vec<Moment> {
    let of = |claim: &Claim| {
        let (at, _) = claim.end().ok().flatten()?;
        Some(Moment::new(at, Does::Expires, claim.word()).saying(format!("a node of pool {}", claim.pool)))
    };
    evidence.claims.iter().filter_map(of).collect()
}
