//! Every fault everywhere.

mod parts;
mod product;

use crate::rig::Report;
use gonogo_world::{Fault, System};
use parts::{Part, parts};
use product::product;

#[test]
fn probing() {
    let (rig, path) = product();
    let report = rig.report(&path, &["--deadline", "90s"]);
    for line in report.in_the_way() {
        eprintln!("{line}");
    }
    for item in report.json["items"].as_array().expect("items") {
        if item["outcome"] != "pass" {
            eprintln!("{:#}", item["findings"]);
        }
    }
    let asked: Vec<_> = rig.world.requests().into_iter().map(|a| format!("{} {} {} {}{}", a.system, a.instance, a.method, a.host, a.path)).collect();
    eprintln!("{}", asked.join("\n"));
}
