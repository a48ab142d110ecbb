//! A small workshop as a whole: an image, wildcards and routing at two sites, one of which lacks its wildcard.

use crate::run::run;

fn workshop(sites: &str) -> String {
    format!(
        "sites:{sites}
checks:
  image:
    probe: image-parity
    with: {{ source: {{ image: upstream.test/coder:latest }}, mirrors: [{{ image: mirror-b.test/coder:latest }}] }}
  wildcards:
    probe: dns-wildcard
    sites: all
    with: {{ domain: \"${{site.domain}}\", target: \"${{site.balancer}}\", resolvers: [authoritative, 1.1.1.1] }}
  routing:
    probe: http
    sites: all
    needs: [wildcards]
    with: {{ url: \"https://${{random.label}}.${{site.domain}}/\" }}
    expect:
      status: 400
      body: {{ contains: Could not parse subdomain application URL }}
      certificate: {{ valid_past_event: 7d, names: [\"*.${{site.domain}}\"] }}
"
    )
}

const OHIO: &str = "\n  ohio: { vars: { domain: ai.workshop.test, balancer: ohio.cloud.test } }";
const LONDON: &str = "\n  london: { vars: { domain: emea.ai.workshop.test, balancer: london.cloud.test } }";
const OREGON: &str = "\n  oregon: { vars: { domain: oregon.ai.workshop.test, balancer: oregon.cloud.test } }";

#[test]
fn two_sites_that_are_well_are_go() {
    let run = run(&workshop(&format!("{OHIO}{LONDON}")));
    for id in ["image", "wildcards@ohio", "wildcards@london", "routing@ohio", "routing@london"] {
        assert_eq!(run.of(id), ("pass", vec![]), "{id}");
    }
    assert_eq!(run.code, 0);
}

#[test]
fn a_site_without_its_wildcard_fails_alone_and_its_routing_is_not_tried() {
    let run = run(&workshop(&format!("{OHIO}{OREGON}")));
    assert_eq!(run.of("wildcards@oregon"), ("fail", vec!["wildcard-missing"]));
    assert_eq!(run.outcome("routing@oregon"), "blocked");
    assert_eq!((run.outcome("wildcards@ohio"), run.outcome("routing@ohio")), ("pass", "pass"));
    assert_eq!(run.code, 1);
}
