//! What the user asks for of a plan: by name, site, tag or stage. All that is asked must hold, any of one sort.

use super::{PlanItem, Stage};
use globset::{Glob, GlobMatcher};
use gonogo_checks::contract::text::nearest;

/// What is asked for; empty means everything.
#[derive(Clone, Debug, Default)]
pub struct Selection {
    only: Vec<GlobMatcher>,
    sites: Vec<String>,
    tags: Vec<String>,
    stage: Option<Stage>,
}

impl Selection {
    /// Checks or items whose name matches a glob of `only`, at one of `sites`, with one of `tags`, of one stage.
    ///
    /// # Errors
    /// A glob that is none.
    pub fn new(
        only: &[String],
        sites: &[String],
        tags: &[String],
        stage: Option<Stage>,
    ) -> Result<Self, globset::Error> {
        let only =
            only.iter().map(|glob| Glob::new(glob).map(|glob| glob.compile_matcher())).collect::<Result<_, _>>()?;
        Ok(Self { only, sites: sites.to_vec(), tags: tags.to_vec(), stage })
    }

    /// Whether everything is asked for.
    #[must_use]
    pub const fn is_everything(&self) -> bool {
        self.only.is_empty() && self.sites.is_empty() && self.tags.is_empty() && self.stage.is_none()
    }

    fn matches(&self, item: &PlanItem) -> bool {
        let is_named = |glob: &GlobMatcher| glob.is_match(&item.check) || glob.is_match(&item.id);
        let is_at = |site: &String| item.site.as_ref() == Some(site) || item.members.contains(site);
        (self.only.is_empty() || self.only.iter().any(is_named))
            && (self.sites.is_empty() || self.sites.iter().any(is_at))
            && (self.tags.is_empty() || self.tags.iter().any(|tag| item.tags.contains(tag)))
            && self.stage.is_none_or(|stage| stage == item.stage)
    }

    /// Marks what is asked for and what that needs; notes what matches nothing.
    pub(super) fn apply(&self, items: &mut [PlanItem], sites: &[String], notes: &mut Vec<String>) {
        let mut waiting: Vec<usize> = (0..items.len()).filter(|index| self.matches(&items[*index])).collect();
        while let Some(index) = waiting.pop() {
            if !std::mem::replace(&mut items[index].selected, true) {
                waiting.extend_from_slice(&items[index].needs);
            }
        }
        for glob in &self.only {
            if !items.iter().any(|item| glob.is_match(&item.check) || glob.is_match(&item.id)) {
                let text = glob.glob().glob();
                notes.push(no_match("check", text, items.iter().flat_map(|item| [item.check.as_str(), &item.id])));
            }
        }
        for site in self.sites.iter().filter(|site| !sites.contains(site)) {
            notes.push(no_match("site", site, sites.iter().map(String::as_str)));
        }
        for tag in &self.tags {
            if !items.iter().any(|item| item.tags.contains(tag)) {
                notes.push(no_match("tag", tag, items.iter().flat_map(|item| item.tags.iter().map(String::as_str))));
            }
        }
    }
}

fn no_match<'a>(what: &str, text: &str, known: impl Iterator<Item = &'a str>) -> String {
    match nearest(text, known) {
        Some(near) => format!("no {what} matches `{text}`; did you mean `{near}`?"),
        None => format!("no {what} matches `{text}`"),
    }
}
