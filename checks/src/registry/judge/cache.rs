//! A pull-through rule: is it there, does it lead where it should, and may nodes use it?

use super::code;
use crate::{
    clients::aws::{CacheRule, Validity},
    contract::{Finding, Remedy},
    registry::evidence::Cache,
};

pub(super) fn judge(importable: Option<&[String]>, cache: &Cache, findings: &mut Vec<Finding>) {
    match &cache.rule {
        Err(missing) => findings.push(Finding::unobserved(missing)),
        Ok(None) => findings.push(
            finding(code::NO_RULE, cache)
                .expected(format_args!("a rule that stands for {}", cache.upstream))
                .seen("no rule with this prefix")
                .mended_by(
                    cache.ecr.by_hand(&["describe-pull-through-cache-rules"]).saying("make it, or name one of these:"),
                ),
        ),
        Ok(Some(rule)) => {
            findings.extend(elsewhere(cache, rule));
            findings.extend(invalid(cache));
            findings.extend(refused(cache, importable));
        }
    }
}

fn finding(code: crate::contract::Code, cache: &Cache) -> Finding {
    Finding::new(code, format!("{} in {}", cache.prefix, cache.ecr.region))
}

fn elsewhere(cache: &Cache, rule: &CacheRule) -> Option<Finding> {
    if rule.upstream == cache.upstream {
        return None;
    }
    Some(
        finding(code::UPSTREAM_DIFFERS, cache)
            .expected(&cache.upstream)
            .seen(&rule.upstream)
            .mended_by(Remedy::prose("make the rule anew for the right upstream, or correct the checklist")),
    )
}

fn invalid(cache: &Cache) -> Option<Finding> {
    let by_hand = cache.ecr.by_hand(&["validate-pull-through-cache-rule", "--ecr-repository-prefix", &cache.prefix]);
    match &cache.validity {
        Some(Ok(Validity::Valid)) => None,
        Some(Ok(Validity::Invalid(words))) => Some(
            finding(code::INVALID, cache)
                .expected("a rule that gets into its upstream")
                .seen(words)
                .mended_by(by_hand.saying("renew the secret that it signs in with (`ecr-pullthroughcache/…`), then:")),
        ),
        Some(Err(missing)) => Some(Finding::unobserved(missing)),
        None => Some(
            finding(code::IMPORT_UNPROVEN, cache)
                .expected("a rule that was validated")
                .seen("no word of it")
                .mended_by(by_hand),
        ),
    }
}

/// A first pull imports, which the nodes' own policy must allow on the prefix that pods really name.
fn refused(cache: &Cache, importable: Option<&[String]>) -> Option<Finding> {
    let expected =
        format!("ecr:BatchImportUpstreamImage and ecr:CreateRepository for the nodes' role on {}", cache.below());
    match importable {
        Some(patterns) if patterns.iter().any(|pattern| cache.is_covered(pattern)) => None,
        Some(patterns) => Some(
            finding(code::IMPORT_REFUSED, cache)
                .expected(expected)
                .seen(if patterns.is_empty() { "on nothing".to_owned() } else { format!("on {}", patterns.join(", ")) })
                .mended_by(Remedy::prose(format!("allow both actions on {} in the nodes' role", cache.below()))),
        ),
        None => Some(
            finding(code::IMPORT_UNPROVEN, cache)
                .expected(expected)
                .seen("no registry tells what the nodes' role may do")
                .mended_by(Remedy::prose(
                    "read the role's policy, and write what it allows into the checklist: `expect: { importable: [\"docker-hub/*\"] }`",
                )),
        ),
    }
}

impl Cache {
    fn below(&self) -> String {
        if self.prefix == "ROOT" { "*".to_owned() } else { format!("{}/*", self.prefix) }
    }

    /// True if and only if a pattern that ends with a star allows every repository below the prefix.
    fn is_covered(&self, pattern: &str) -> bool {
        let Some(start) = pattern.strip_suffix('*') else { return false };
        let all = self.below();
        let own = all.strip_suffix('*').unwrap_or(&all);
        !start.contains(['*', '?']) && own.starts_with(start)
    }
}
