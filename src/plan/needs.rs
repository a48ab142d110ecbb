//! From the names in `needs` and `explained_by` to the items they mean.

use super::{draft::Draft, waivers::unknown_check};
use crate::checklist::Checklist;
use gonogo_checks::contract::text::{At, Placed, Problem};
use std::collections::HashMap;

/// An item's dependencies: whom, and where it is written.
pub(super) type Edges = Vec<(usize, At)>;

/// The items by their checks.
pub(super) struct Index<'a> {
    checklist: &'a Checklist,
    drafts: &'a [Draft<'a>],
    checks: HashMap<&'a str, Vec<usize>>,
    at_site: HashMap<(&'a str, &'a str), usize>,
}

/// Whether it is an error that what is named is not planned here.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Absence {
    Error,
    Ignored,
}

impl<'a> Index<'a> {
    pub(super) fn new(checklist: &'a Checklist, drafts: &'a [Draft<'a>]) -> Self {
        let mut checks: HashMap<&str, Vec<usize>> = HashMap::new();
        let mut at_site = HashMap::new();
        for (index, draft) in drafts.iter().enumerate() {
            let name = draft.check.name.text.as_str();
            checks.entry(name).or_default().push(index);
            let member_names = draft.members.iter().map(String::as_str);
            for site in draft.site.map(|site| site.name.as_str()).into_iter().chain(member_names) {
                at_site.insert((name, site), index);
            }
        }
        Self { checklist, drafts, checks, at_site }
    }

    /// What an item's list of names means.
    pub(super) fn edges(
        &self,
        draft: &Draft<'_>,
        names: &[Placed<String>],
        absence: Absence,
        problems: &mut Vec<Problem>,
    ) -> Edges {
        let mut edges = Vec::new();
        for name in names {
            match self.meant(draft, name, absence) {
                Ok(found) => edges.extend(found.into_iter().map(|index| (index, name.at))),
                Err(problem) => problems.push(problem),
            }
        }
        edges.sort_unstable_by_key(|(index, _)| *index);
        edges.dedup_by_key(|(index, _)| *index);
        edges
    }

    fn meant(&self, draft: &Draft<'_>, written: &Placed<String>, absence: Absence) -> Result<Vec<usize>, Problem> {
        let (check, site) = match written.value.split_once('@') {
            Some((check, site)) => (check, Some(site)),
            None => (written.value.as_str(), None),
        };
        let Some(items) = self.checks.get(check) else { return self.unplanned(check, written) };
        let here = |site: &str| {
            self.at_site.get(&(check, site)).copied().ok_or_else(|| {
                let items: Vec<&Draft<'_>> = items.iter().map(|index| &self.drafts[*index]).collect();
                let sites = sites_of(&items);
                let help = match sites.first() {
                    None => format!("it has no sites: write `{check}`"),
                    Some(first) => {
                        format!("it is planned at {}: to need it there, write `{check}@{first}`", sites.join(", "))
                    }
                };
                Problem::new(written.at, format!("`{check}` is not planned at `{site}`")).help(help)
            })
        };
        if let Some(site) = site {
            return here(site).map(|index| vec![index]);
        }
        let is_at_sites = self.drafts[items[0]].site.is_some();
        match draft.site {
            Some(own) if is_at_sites => match here(&own.name) {
                Ok(index) => Ok(vec![index]),
                Err(_) if absence == Absence::Ignored => Ok(Vec::new()),
                Err(problem) => Err(problem),
            },
            _ => Ok(items.clone()),
        }
    }

    /// Of a check that could not be read or placed nothing more is said.
    fn unplanned(&self, check: &str, written: &Placed<String>) -> Result<Vec<usize>, Problem> {
        let is_known =
            self.checklist.broken.contains(check) || self.checklist.checks.iter().any(|known| known.name.text == check);
        let name = Placed { value: check.to_owned(), at: written.at };
        if is_known { Ok(Vec::new()) } else { Err(unknown_check(&name, self.checklist)) }
    }
}

/// Where the items of a check are planned.
pub(super) fn sites_of<'a>(items: &[&'a Draft<'_>]) -> Vec<&'a str> {
    let sites = items.iter().flat_map(|item| {
        item.site.map(|site| site.name.as_str()).into_iter().chain(item.members.iter().map(String::as_str))
    });
    sites.collect()
}
