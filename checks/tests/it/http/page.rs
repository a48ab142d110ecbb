//! The page's example.

use super::stage::built;
use gonogo_checks::{contract::text::load, kind};

#[test]
fn the_example_on_the_page_builds() {
    let page = kind("http").expect("a probe").page;
    let fence = page.split("```yaml\n").nth(1).and_then(|rest| rest.split("```").next()).expect("an example");
    let fence = fence.replace("${random.label}", "x7kq2m9vb4").replace("${site.domain}", "ai.example.com");
    let mut problems = Vec::new();
    let tree = load(0, &fence, &mut problems).expect("YAML");
    let checks = tree.get("checks").expect("checks");
    for name in ["routing", "portal"] {
        let check = checks.get(name).expect(name);
        let [with, expect] = ["with", "expect"].map(|key| check.get(key).expect(key));
        built("{ http: { kind: http, url: https://portal.example.com/ } }", with, expect);
    }
}
