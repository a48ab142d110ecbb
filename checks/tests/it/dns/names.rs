//! Names in everybody's eyes.

use super::*;
use gonogo_world::dns::Conduct;

#[tokio::test]
async fn a_sound_name_has_nothing_against_it() {
    let stage = Stage::new().await;
    for with in [
        USUAL,
        "{ names: [{ name: ai.example.com, target: lb.example.net }] }",
        "{ names: [{ name: ai.example.com, target: [203.0.113.10, 203.0.113.11, 203.0.113.12] }] }",
        "{ names: [{ name: west.example.com, target: 198.51.100.7 }, { name: ai.example.com, alias: lb.example.net }] }",
    ] {
        assert_eq!(stage.codes(with).await, [""; 0], "{with}");
    }
}

#[tokio::test]
async fn a_name_that_is_gone_is_said_with_how_and_for_how_long() {
    let stage = Stage::new().await;
    stage.edit_zone(|zone| zone.remove("ai.example.com"));
    let findings = stage.findings(USUAL).await;
    assert_eq!(findings.len(), 1, "{findings:#?}");
    assert_eq!((findings[0].code, findings[0].subject.as_str()), ("name-missing", "ai.example.com"));
    // What is below it makes it exist without any record.
    assert!(findings[0].seen.contains("NOERROR without an address"), "{}", findings[0].seen);
    let remedy = findings[0].remedy.as_ref().expect("a remedy");
    assert!(remedy.says.contains("`ai.example.com. 300 IN CNAME lb.example.net.`"), "{}", remedy.says);
    assert!(remedy.says.contains("present answer for 5 min"), "{}", remedy.says);
    stage.edit_zone(|zone| zone.remove("*.ai.example.com"));
    assert!(stage.findings(USUAL).await[0].seen.contains("NXDOMAIN"));
}

#[tokio::test]
async fn another_alias_and_a_copy_of_the_addresses_are_told_apart_from_the_declared_alias() {
    let stage = Stage::new().await;
    stage.world.edit(|state| {
        let other = state.dns.zone_mut("example.net");
        *other = other.clone().alias("old.example.net", "lb.example.net");
    });
    stage.edit_zone(|zone| {
        zone.remove("ai.example.com");
        *zone = zone.clone().alias("ai.example.com", "old.example.net");
    });
    assert_eq!(stage.codes(USUAL).await, ["fail alias-differs ai.example.com"]);
    stage.edit_zone(|zone| zone.repoint("ai.example.com", "203.0.113.10"));
    assert_eq!(stage.codes(USUAL).await, ["warn alias-flattened ai.example.com"]);
    stage.edit_zone(|zone| zone.add_address("example.com", "203.0.113.11".parse().expect("an address")));
    let apex = "{ names: [{ name: example.com, alias: lb.example.net }] }";
    assert_eq!(stage.codes(apex).await, [""; 0], "no alias can stand at a zone's top");
}

#[tokio::test]
async fn a_name_that_leads_elsewhere_says_whose_it_is() {
    let stage = Stage::new().await;
    stage.edit_zone(|zone| zone.repoint("ai.example.com", "198.51.100.7"));
    let with = "{ names: [{ name: ai.example.com, target: lb.example.net }], others: { us-west-2: west.example.com } }";
    let findings = stage.findings(with).await;
    assert_eq!(findings.iter().map(|found| found.code).collect::<Vec<_>>(), ["wrong-target"]);
    assert!(findings[0].seen.contains("198.51.100.7 (us-west-2's)"), "{}", findings[0].seen);
}

#[tokio::test]
async fn a_stray_address_and_an_old_answer_at_one_resolver_are_found() {
    let stage = Stage::new().await;
    stage.world.edit(|state| state.dns.resolver_mut("8.8.8.8").keep_stale("ai.example.com", &["198.51.100.7"]));
    assert_eq!(stage.codes(USUAL).await, ["warn stale-cache ai.example.com"]);
    let stage = Stage::new().await;
    stage.edit_zone(|zone| {
        zone.repoint("ai.example.com", "203.0.113.10");
        zone.add_address("ai.example.com", "2001:db8::66".parse().expect("an address"));
    });
    let with = "{ names: [{ name: ai.example.com, target: lb.example.net }] }";
    assert_eq!(stage.codes(with).await, ["fail stray-aaaa ai.example.com"]);
}

#[tokio::test]
async fn name_servers_that_differ_are_said_once_for_all_names() {
    let stage = Stage::new().await;
    stage.world.edit(|state| {
        let old = state.dns.zone_mut("example.com").clone().serial(6);
        state.dns.server_mut("ns2.example.com").copies.push(old);
    });
    let with = "{ names: [{ name: west.example.com, target: 198.51.100.7 }, { name: ai.example.com, alias: lb.example.net }] }";
    assert_eq!(stage.codes(with).await, ["warn authorities-disagree example.com"]);
    stage.world.edit(|state| {
        let server = state.dns.server_mut("ns2.example.com");
        server.copies[0].repoint("ai.example.com", "198.51.100.7");
    });
    let codes = stage.codes(with).await;
    assert!(codes.contains(&"fail authorities-disagree ai.example.com".to_owned()), "{codes:?}");
}

#[tokio::test]
async fn a_serial_that_is_a_time_tells_of_a_change_that_is_still_on_its_way() {
    let mut stage = Stage::new().await;
    let changed = u32::try_from((stage.window.now - SignedDuration::from_mins(2)).as_second()).expect("this century");
    stage.edit_zone(|zone| *zone = zone.clone().serial(changed));
    assert_eq!(stage.codes(USUAL).await, [""; 0], "two days are time enough");
    stage.window.starts = stage.window.now + SignedDuration::from_mins(30);
    let findings = stage.findings(USUAL).await;
    assert_eq!(findings.len(), 1, "{findings:#?}");
    assert_eq!((findings[0].code, findings[0].weight), ("change-unsettled", Weight::Warn));
    assert_eq!(findings[0].subject, "example.com");
    let before = u32::try_from((stage.window.now - SignedDuration::from_mins(11)).as_second()).expect("this century");
    stage.edit_zone(|zone| *zone = zone.clone().serial(before));
    assert_eq!(stage.codes(USUAL).await, [""; 0], "twice its five minutes are over");
}

#[tokio::test]
async fn a_ttl_beyond_the_bar_is_found() {
    let stage = Stage::new().await;
    let findings = stage.findings_of(USUAL, "{ ttl_at_most: 1m }").await;
    assert_eq!(findings.iter().map(|found| found.code).collect::<Vec<_>>(), ["ttl-too-long"]);
}

#[tokio::test]
async fn a_resolver_that_lies_or_is_silent_proves_nothing() {
    let stage = Stage::new().await;
    stage.world.edit(|state| {
        state.dns.resolver_mut("1.1.1.1").hijacks = "203.0.113.99".parse().ok();
        state.dns.resolver_mut("8.8.8.8").conduct = Conduct::Silent;
    });
    let codes = stage.codes(USUAL).await;
    assert_eq!(codes.len(), 2, "{codes:?}");
    assert_eq!(codes[0], "unknown resolver-hijacks 1.1.1.1");
    assert!(codes[1].starts_with("unknown timed-out ") && codes[1].ends_with(" at 8.8.8.8"), "{codes:?}");
}
