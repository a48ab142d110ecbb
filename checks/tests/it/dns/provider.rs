//! The zone at its provider.

use super::*;

#[tokio::test]
async fn a_zone_whose_records_are_the_declared_ones_has_nothing_against_it() {
    let stage = Stage::new().await;
    assert_eq!(stage.codes(ZONE).await, [""; 0]);
    stage.edit_cloudflare(|cloudflare| cloudflare.ignores_filter = true);
    assert_eq!(stage.codes(ZONE).await, [""; 0], "what counts is compared here");
}

#[tokio::test]
async fn a_record_that_is_gone_other_or_one_too_many_is_found() {
    let stage = Stage::new().await;
    stage.edit_cloudflare(|cloudflare| {
        let zone = cloudflare.zone_mut("example.com");
        zone.records.retain(|record| record.name != "*.ai.example.com");
    });
    assert_eq!(stage.codes(ZONE).await, ["fail record-missing *.ai.example.com CNAME"]);
    let stage = Stage::new().await;
    stage.edit_cloudflare(|cloudflare| {
        let zone = cloudflare.zone_mut("example.com");
        zone.record_mut("*.ai.example.com").content = "old.example.net".to_owned();
        let record = zone.record_mut("ai.example.com");
        (record.proxied, record.ttl) = (true, 60);
    });
    let findings = stage.findings(ZONE).await;
    let codes: Vec<_> = findings.iter().map(|found| (found.code, found.seen.as_str())).collect();
    assert_eq!(codes, [("record-differs", "proxied, TTL 60 s"), ("record-differs", "CNAME old.example.net")]);
    let stage = Stage::new().await;
    stage.edit_cloudflare(|cloudflare| {
        let long_ago = stage.window.now - SignedDuration::from_hours(999);
        let zone = cloudflare.zone_mut("example.com");
        zone.records.push(Record::new("ai.example.com", "AAAA", "2001:db8::66", long_ago));
        zone.records.push(Record::new("other.example.com", "A", "192.0.2.9", long_ago));
    });
    assert_eq!(stage.codes(ZONE).await, ["fail record-extra ai.example.com AAAA"]);
}

#[tokio::test]
async fn a_change_settles_after_twice_the_time_for_which_answers_are_kept() {
    let mut stage = Stage::new().await;
    stage.window.starts = stage.window.now + SignedDuration::from_mins(30);
    let changed = |stage: &Stage, minutes| {
        let modified = stage.window.now - SignedDuration::from_mins(minutes);
        stage.edit_cloudflare(|cloudflare| {
            cloudflare.zone_mut("example.com").record_mut("ai.example.com").modified = modified;
        });
    };
    changed(&stage, 9);
    assert_eq!(stage.codes(ZONE).await, ["fail change-unsettled ai.example.com CNAME"]);
    changed(&stage, 11);
    assert_eq!(stage.codes(ZONE).await, [""; 0]);
    // A name that was missing until now: its absence is kept for longer than its record.
    stage.edit_zone(|zone| *zone = zone.clone().minimum(1200));
    let made = stage.window.now - SignedDuration::from_mins(30);
    stage.edit_cloudflare(|cloudflare| cloudflare.zone_mut("example.com").record_mut("ai.example.com").created = made);
    assert_eq!(stage.codes(ZONE).await, ["fail change-unsettled ai.example.com CNAME"]);
}

#[tokio::test]
async fn a_zone_that_the_world_asks_elsewhere_means_nothing_there() {
    let stage = Stage::new().await;
    stage.edit_cloudflare(|cloudflare| cloudflare.zone_mut("example.com").status = "moved".to_owned());
    assert_eq!(stage.codes(ZONE).await, ["fail zone-elsewhere example.com"]);
    let stage = Stage::new().await;
    stage.edit_cloudflare(|cloudflare| {
        cloudflare.zone_mut("example.com").name_servers = vec!["ada.ns.cloudflare.com".to_owned()];
    });
    let findings = stage.findings(ZONE).await;
    assert_eq!(findings[0].code, "zone-elsewhere");
    assert_eq!(findings[0].seen, "the world asks ns1.example.com, ns2.example.com");
}

#[tokio::test]
async fn a_proxied_name_is_compared_by_its_record_and_not_by_its_addresses() {
    let stage = Stage::new().await;
    let with = "{ names: [{ name: west.example.com, proxied: true }], resolvers: [authoritative, 1.1.1.1], \
        cloudflare: { connection: cf, zone: example.com, records: [\
        { name: west.example.com, type: A, content: 192.0.2.80, proxied: true }] } }";
    let long_ago = stage.window.now - SignedDuration::from_hours(999);
    stage.edit_cloudflare(|cloudflare| {
        let record = Record { proxied: true, ..Record::new("west.example.com", "A", "192.0.2.80", long_ago) };
        cloudflare.zone_mut("example.com").records.push(record);
    });
    assert_eq!(stage.codes(with).await, [""; 0]);
    stage.edit_cloudflare(|cloudflare| cloudflare.zone_mut("example.com").paused = true);
    assert_eq!(stage.codes(with).await, ["fail record-differs west.example.com"]);
    stage.edit_cloudflare(|cloudflare| cloudflare.zone_mut("example.com").paused = false);
    stage.world.edit(|state| state.dns.resolver_mut("1.1.1.1").keep_stale("west.example.com", &["192.0.2.80"]));
    assert_eq!(stage.codes(with).await, ["warn stale-cache west.example.com"]);
    stage.edit_zone(|zone| zone.remove("west.example.com"));
    let codes = stage.codes(with).await;
    assert!(codes.contains(&"fail name-missing west.example.com".to_owned()), "{codes:?}");
}

#[tokio::test]
async fn a_provider_that_hides_an_alias_shows_it_in_its_records() {
    let stage = Stage::new().await;
    stage.edit_zone(|zone| zone.repoint("ai.example.com", "203.0.113.10"));
    assert_eq!(stage.codes(ZONE).await, [""; 0]);
}
