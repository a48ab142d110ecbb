//! What costs money waits for leave: without it the look is unknown and nothing is asked.

use crate::rig::{Report, Rig, example, times};
use gonogo_world::incidents::workshop_2024_09_30::{WORKSPACE_KEY, repaired};

const CALLS: &str = "
connections: { caller: { kind: litellm, url: \"https://litellm.ai.coder.com\", token: { file: caller } } }
checks:
  model-calls:
    probe: llm-gateway
    with: { litellm: { connection: litellm, models: [claude-sonnet], calls: { connection: caller } } }
";

fn rig() -> Rig {
    let times = times();
    let rig = Rig::workshop(repaired(times), times);
    rig.write("caller", WORKSPACE_KEY);
    rig.write("calls.yaml", CALLS);
    rig
}

fn looked(rig: &Rig, arguments: &[&str]) -> Report {
    let layer = rig.folder.path().join("calls.yaml");
    let layer = layer.to_str().expect("a path");
    rig.report(&example(), &[&[layer, "--only", "model-calls", "--accept-partial"], arguments].concat())
}

fn calls(rig: &Rig) -> usize {
    rig.world.requests().iter().filter(|asked| asked.path.ends_with("/chat/completions")).count()
}

#[test]
fn without_leave_a_call_is_unknown_and_not_made_and_with_leave_it_is_made_once() {
    let rig = rig();
    let withheld = looked(&rig, &[]);
    assert_eq!((withheld.verdict(), withheld.code), ("undetermined", 3), "{:?}", withheld.in_the_way());
    assert_eq!(withheld.codes("model-calls"), ["withheld"]);
    assert_eq!(calls(&rig), 0);
    let remedy = withheld.item("model-calls")["findings"][0]["remedy"].to_string();
    assert!(remedy.contains("--allow-cost"), "{remedy}");
    let allowed = looked(&rig, &["--allow-cost"]);
    assert_eq!((allowed.outcome("model-calls"), allowed.code), ("pass", 0), "{:?}", allowed.in_the_way());
    assert_eq!(calls(&rig), 1);
}

#[test]
fn the_plan_says_what_costs() {
    let rig = rig();
    let layer = rig.folder.path().join("calls.yaml");
    let mut command = crate::rig::gonogo();
    command.args(["plan", "--access"]).arg(example()).arg(layer);
    let seen = crate::rig::Seen::of(command.output().expect("gonogo runs"));
    assert!(seen.stdout.contains("\n  cost: "), "{}", seen.stdout);
}
