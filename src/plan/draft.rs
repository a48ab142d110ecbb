//! A check at its sites: from the text to what looks and judges, with everything but the dependencies.

use super::{
    attendees::refuse_uncounted,
    connections::{connections, root_file},
    expand::expand,
    expression::Expressions,
    members::{members, unknown},
    relation::Relation,
    scope::{NoSite, World},
};
use crate::checklist::{Check, Checklist, Severity, Site};
use gonogo_checks::{
    clients::connections::Connections,
    contract::{
        Item, Kind, Place, SecretRef,
        text::{Node, Placed, Problem, Shape, nearest},
    },
};
use indexmap::IndexMap;
use std::{collections::HashMap, sync::Arc};

/// An item on its way: with everything but its dependencies.
pub(super) struct Draft<'a> {
    pub(super) check: &'a Check,
    pub(super) kind: &'static Kind,
    pub(super) site: Option<&'a Site>,
    pub(super) members: Vec<String>,
    pub(super) title: Option<String>,
    pub(super) item: Option<Arc<dyn Item>>,
    pub(super) secrets: Vec<Placed<SecretRef>>,
    pub(super) severity: Severity,
    pub(super) severity_at: IndexMap<String, Severity>,
}

/// What makes drafts of checks, and collects what is wrong with them.
pub(super) struct Drafter<'a> {
    kinds: HashMap<&'static str, &'static Kind>,
    checklist: &'a Checklist,
    expressions: Expressions,
    world: World<'a>,
    connections: Arc<Connections>,
    sites: Vec<String>,
    pub(super) problems: Vec<Problem>,
}

impl<'a> Drafter<'a> {
    pub(super) fn new(catalogue: &'static [Kind], checklist: &'a Checklist, seed: u64) -> Self {
        let world = World::new(checklist.event.as_ref(), checklist.vars.as_ref(), seed);
        let (expressions, mut problems) = (Expressions::default(), checklist.problems.clone());
        Self {
            kinds: catalogue.iter().map(|kind| (kind.name, kind)).collect(),
            checklist,
            connections: connections(checklist, &expressions, &world, &mut problems),
            expressions,
            world,
            sites: checklist.sites.iter().map(|site| site.name.clone()).collect(),
            problems,
        }
    }

    /// The drafts of all checks, in the order of the checklist.
    pub(super) fn drafts(&mut self) -> Vec<Draft<'a>> {
        let mut drafts = Vec::with_capacity(self.checklist.checks.len());
        for check in &self.checklist.checks {
            self.check(check, &mut drafts);
        }
        drafts
    }

    fn check(&mut self, check: &'a Check, drafts: &mut Vec<Draft<'a>>) {
        let probe = &check.written.probe;
        let Some(kind) = self.kinds.get(probe.value.as_str()).copied() else {
            let help = match nearest(&probe.value, self.kinds.keys().copied()) {
                Some(near) => format!("did you mean `{near}`?"),
                None => "`gonogo probes` lists them".to_owned(),
            };
            self.problems.push(Problem::new(probe.at, format!("no probe is called `{}`", probe.value)).help(help));
            return;
        };
        if kind.is_relation {
            let draft = self.relation(check, kind);
            drafts.push(draft);
            return;
        }
        let Some(written) = &check.written.sites else {
            self.overrides(check, &[]);
            let mut problems = Vec::new();
            drafts.push(self.item(check, kind, None, Vec::new(), &mut problems));
            self.problems.append(&mut problems);
            return;
        };
        let found = members(written, &self.checklist.sites, &self.expressions, &self.world, &mut self.problems);
        let Some(sites) = found else { return };
        self.overrides(check, &sites);
        let mut by_site = Vec::with_capacity(sites.len());
        let all: Vec<String> = sites.iter().map(|site| site.name.clone()).collect();
        for site in sites {
            let mut problems = Vec::new();
            drafts.push(self.item(check, kind, Some(site), all.clone(), &mut problems));
            by_site.push((site.name.as_str(), problems));
        }
        self.problems.extend(together(by_site));
    }

    fn item(
        &self,
        check: &'a Check,
        kind: &'static Kind,
        site: Option<&'a Site>,
        members: Vec<String>,
        problems: &mut Vec<Problem>,
    ) -> Draft<'a> {
        let scope = self.world.scope(&check.name.text, site.ok_or(NoSite::Check));
        let own = site.and_then(|site| check.per_site.iter().find(|own| own.site.text == site.name));
        let mut part = |base: &Node, over: Option<&Node>| {
            let mut node = base.clone();
            if let Some(over) = over {
                let at = node.at;
                node.layer(over.clone());
                node.at = at;
            }
            expand(&mut node, &self.expressions, &scope, problems);
            node
        };
        let mut with = part(&check.with, own.and_then(|own| own.with.as_ref()).map(|(_, node)| node));
        root_file(&mut with, &self.checklist.sources);
        let expect = part(&check.expect, own.and_then(|own| own.expect.as_ref()).map(|(_, node)| node));
        let title = self.title(check, site, NoSite::Check, problems);
        let place = self.place(check, site.map(|site| site.name.clone())).among(members);
        let severity = own.and_then(|own| own.severity).unwrap_or(check.written.severity);
        let item = self.make(kind, &with, &expect, &place, problems);
        let secrets = place.secrets();
        let severity_at = IndexMap::new();
        Draft { check, kind, site, members: Vec::new(), title, item, secrets, severity, severity_at }
    }

    fn place(&self, check: &Check, site: Option<String>) -> Place {
        let place = Place::new(site, self.sites.clone(), Arc::clone(&self.connections)).of_check(&check.name.text);
        self.checklist.event.iter().fold(place, |place, event| place.of_event(&event.name))
    }

    fn make(
        &self,
        kind: &Kind,
        with: &Node,
        expect: &Node,
        place: &Place,
        problems: &mut Vec<Problem>,
    ) -> Option<Arc<dyn Item>> {
        if self.checklist.event.as_ref().is_some_and(|event| event.at_most.is_none()) {
            refuse_uncounted(with, problems);
            refuse_uncounted(expect, problems);
        }
        let item = (kind.item)(with, expect, place, problems).map(Arc::from);
        if item.is_none() && problems.is_empty() && self.problems.is_empty() {
            // An item must not vanish from the plan without a word: what is not planned is not looked at.
            problems.push(Problem::new(with.at, format!("`{}` refuses this without saying why", kind.name)));
        }
        item
    }

    fn relation(&mut self, check: &'a Check, kind: &'static Kind) -> Draft<'a> {
        let mut problems = Vec::new();
        if let Some(sites) = &check.written.sites {
            let problem = Problem::new(sites.at, format!("`{}` compares sites, and is at none of them", kind.name));
            problems.push(problem.help("write `sites` into the map in `with` that is about them"));
        }
        let mut relation = Relation {
            check: &check.name.text,
            sites: &self.checklist.sites,
            expressions: &self.expressions,
            world: &self.world,
            named: Vec::new(),
        };
        let mut with = check.with.clone();
        relation.expand(&mut with, &mut problems);
        let mut expect = check.expect.clone();
        let scope = self.world.scope(&check.name.text, Err(NoSite::Relation));
        expand(&mut expect, &self.expressions, &scope, &mut problems);
        let members = relation.members();
        let place = self.place(check, None);
        let title = self.title(check, None, NoSite::Relation, &mut problems);
        let item = self.make(kind, &with, &expect, &place, &mut problems);
        self.problems.append(&mut problems);
        let severity_at = self.member_overrides(check, &members);
        let (severity, secrets) = (check.written.severity, place.secrets());
        Draft { check, kind, site: None, members, title, item, secrets, severity, severity_at }
    }

    fn title(
        &self,
        check: &Check,
        site: Option<&Site>,
        no_site: NoSite,
        problems: &mut Vec<Problem>,
    ) -> Option<String> {
        let Placed { value, at } = check.written.title.clone()?;
        let mut node = Node::new(at, Shape::Text(value));
        expand(&mut node, &self.expressions, &self.world.scope(&check.name.text, site.ok_or(no_site)), problems);
        match node.shape {
            Shape::Text(title) => Some(title),
            other => {
                problems.push(Problem::new(at, format!("the title is {other}, not a text")));
                None
            }
        }
    }

    /// Refuses what `per_site` says of sites at which the check is not.
    fn overrides(&mut self, check: &Check, sites: &[&Site]) {
        for own in &check.per_site {
            if sites.iter().any(|site| site.name == own.site.text) {
                continue;
            }
            let name = Placed { value: own.site.text.clone(), at: own.site.at };
            let is_site = self.sites.contains(&name.value);
            let elsewhere = || {
                let problem = Problem::new(name.at, format!("this check is not at `{}`", name.value));
                problem.help("add the site to `sites`, or remove it here")
            };
            self.problems.push(if is_site { elsewhere() } else { unknown(&name, &self.checklist.sites) });
        }
    }

    fn member_overrides(&mut self, check: &Check, members: &[String]) -> IndexMap<String, Severity> {
        let sites: Vec<&Site> = self.checklist.sites.iter().filter(|site| members.contains(&site.name)).collect();
        self.overrides(check, &sites);
        let mut severities = IndexMap::new();
        for own in &check.per_site {
            for (key, _) in own.with.iter().chain(&own.expect) {
                let problem = Problem::new(key.at, "a check that compares sites is one look and one judgement");
                self.problems.push(problem.help("`per_site` can give it a `severity` only"));
            }
            severities.extend(own.severity.map(|severity| (own.site.text.clone(), severity)));
        }
        severities
    }
}

/// The problems of a check at all its sites: those of every site once, the others with the sites' names.
fn together(by_site: Vec<(&str, Vec<Problem>)>) -> Vec<Problem> {
    let count = by_site.len();
    let mut sites_of: IndexMap<Problem, Vec<&str>> = IndexMap::new();
    for (site, problems) in by_site {
        for problem in problems {
            let sites = sites_of.entry(problem).or_default();
            if sites.last() != Some(&site) {
                sites.push(site);
            }
        }
    }
    let said = |(mut problem, sites): (Problem, Vec<&str>)| {
        if sites.len() < count {
            problem.message = format!("at {}: {}", sites.join(", "), problem.message);
        }
        problem
    };
    sites_of.into_iter().map(said).collect()
}
