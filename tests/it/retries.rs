//! A system that is busy is asked again when it says, and a pass that took this is told.

use crate::faults::{
    parts::{Part, parts},
    product::product,
};
use gonogo_world::{Fault, System};

/// Everything that speaks HTTP, but the page of which each sample is asked once, and the chain of which each try is.
fn asked_again() -> impl Iterator<Item = &'static Part> {
    parts().filter(|part| {
        part.system != System::Dns && !["sampled-page", "chain", "served-certificate"].contains(&part.name)
    })
}

#[test]
fn who_is_throttled_once_asks_again_when_told_to_and_says_so() {
    let (rig, path) = product("60s");
    for part in asked_again() {
        rig.world.inject(part.rule(Fault::Status(429, Some(1))).times(1)).expect("a rule");
    }
    let report = rig.report(&path, &[]);
    assert_eq!((report.verdict(), report.code), ("go-with-warnings", 5), "{:?}", report.in_the_way());
    for part in asked_again() {
        let item = report.item(&part.id());
        assert_eq!((report.outcome(&part.id()), report.codes(&part.id())), ("warn", vec!["flaky"]), "{}", part.name);
        assert_eq!(item["attempts"], 2, "{}", part.name);
        // Not sooner than it was told.
        assert!(item["took_ms"].as_u64().expect("milliseconds") >= 1000, "{}: {}", part.name, item["took_ms"]);
    }
}

#[test]
fn who_is_told_to_wait_for_an_hour_does_not_ask_again() {
    let (rig, path) = product("60s");
    for part in asked_again() {
        rig.world.inject(part.rule(Fault::Status(429, Some(3600)))).expect("a rule");
    }
    let report = rig.report(&path, &[]);
    assert_eq!((report.verdict(), report.code), ("undetermined", 3), "{:?}", report.in_the_way());
    for part in asked_again() {
        assert_eq!(report.outcome(&part.id()), "unknown", "{}", part.name);
        assert!(report.codes(&part.id()).iter().all(|code| *code == "throttled"), "{}", part.name);
        assert_eq!(report.item(&part.id())["attempts"], 1, "{}", part.name);
    }
}
