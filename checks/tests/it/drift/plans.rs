//! Plans: what was recorded of Terraform, given by a program that ends as Terraform does.

use super::{cluster, look, some, stage, stand_in};
use crate::kubernetes::Stage;
use gonogo_checks::contract::Why;
use std::fs;

fn recorded(name: &str) -> String {
    fs::read_to_string(format!("{}/tests/recordings/terraform/{name}.jsonl", env!("CARGO_MANIFEST_DIR")))
        .expect("a recording")
}

/// A root module whose plan answers so.
fn root(stage: &Stage, answer: &str, code: &str) {
    let folder = stage.path().join("infra");
    fs::create_dir_all(&folder).expect("a folder");
    fs::write(folder.join("answer.jsonl"), answer).expect("an answer");
    fs::write(folder.join("exit-code"), code).expect("a code");
}

fn with(more: &str) -> String {
    format!("{{ terraform: {{ folder: infra, program: \"{}\"{more} }} }}", stand_in("terraform"))
}

async fn found(stage: &Stage, answer: &str, code: &str, expect: &str) -> Vec<(&'static str, String)> {
    root(stage, answer, code);
    super::found(stage, &with(""), expect).await
}

#[tokio::test]
async fn every_exit_code_means_what_terraform_means_by_it() {
    let stage = stage(cluster(), &[]).await;
    let module = "root module infra";
    assert_eq!(found(&stage, &recorded("none"), "0", "{}").await, []);
    assert_eq!(found(&stage, &recorded("update"), "2", "{}").await, some("drifted", "terraform_data.web"));
    assert_eq!(found(&stage, &recorded("moved"), "2", "{}").await, some("state-only-change", "terraform_data.site"));
    assert_eq!(found(&stage, &recorded("outputs"), "2", "{}").await, some("state-only-change", module));
    assert_eq!(found(&stage, &recorded("error"), "1", "{}").await, some("comparison-failed", module));
    assert_eq!(found(&stage, &recorded("update"), "0", "{}").await, some("comparison-contradictory", module));
    assert_eq!(found(&stage, &recorded("none"), "2", "{}").await, some("comparison-contradictory", module));
    assert_eq!(found(&stage, &recorded("none"), "3", "{}").await, some("comparison-failed", module));
    let allowed = "{ allowed: [{ address: terraform_data.web, because: known }] }";
    assert_eq!(found(&stage, &recorded("update"), "2", allowed).await, []);
}

#[tokio::test]
async fn a_plan_that_breaks_off_is_no_plan() {
    let stage = stage(cluster(), &[]).await;
    let whole = recorded("none");
    let lines: Vec<&str> = whole.lines().collect();
    let short = lines[..lines.len() - 2].join("\n");
    assert_eq!(found(&stage, &short, "0", "{}").await, some("comparison-contradictory", "root module infra"));
    for text in [&whole[..whole.len() - 20], "No changes. Your infrastructure matches the configuration.\n"] {
        root(&stage, text, "0");
        assert_eq!(look(&stage, &with(""), "{}").await.expect_err("no plan").why, Why::Malformed, "{text}");
    }
    root(&stage, "", "0");
    let empty = super::found(&stage, &with(""), "{}").await;
    assert_eq!(empty, some("comparison-contradictory", "root module infra"));
}

#[tokio::test]
async fn no_value_of_a_plan_is_kept_and_the_remedy_names_the_root_module() {
    let stage = stage(cluster(), &[]).await;
    let secret = "{\"@message\":\"password is hunter2\",\"type\":\"diagnostic\",\"diagnostic\":{\"severity\":\"error\",\"summary\":\"Invalid password\",\"detail\":\"hunter2 is too short\"}}\n";
    root(&stage, &format!("{}{secret}", recorded("error")), "1");
    let (evidence, findings) = look(&stage, &with(""), "{}").await.expect("a plan");
    assert!(!evidence.to_string().contains("hunter2"), "{evidence}");
    assert!(findings[0].seen.contains("Invalid password"), "{}", findings[0].seen);
    let command =
        findings[0].remedy.as_ref().and_then(|remedy| remedy.command.as_ref()).expect("a command").as_str().to_owned();
    assert!(
        command.ends_with("terraform '-chdir=infra' plan -detailed-exitcode '-input=false' '-lock=false' -no-color"),
        "{command}"
    );
}

#[tokio::test]
async fn the_workspace_and_nothing_else_of_this_machine_is_given() {
    let stage = stage(cluster(), &[]).await;
    root(&stage, &recorded("none"), "0");
    let with = with(", workspace: prod, refresh_only: true, var_files: [prod.tfvars], env: { STAND_IN_ENV: env }");
    assert_eq!(super::found(&stage, &with, "{}").await, []);
    let env = fs::read_to_string(stage.path().join("infra/env")).expect("what it was given");
    for line in ["TF_WORKSPACE=prod\n", "TF_IN_AUTOMATION=1\n", "CHECKPOINT_DISABLE=1\n", "LC_ALL=C\n"] {
        assert!(env.contains(line), "{env}");
    }
    assert!(!env.contains("HOME=") && !env.contains("CARGO"), "{env}");
}

#[tokio::test]
async fn the_plan_by_hand_is_of_the_same_workspace_and_says_what_it_needs() {
    let stage = stage(cluster(), &[]).await;
    root(&stage, &recorded("update"), "2");
    let with = with(", workspace: prod, env: { TF_VAR_size: big }, inherit: [AWS_PROFILE]");
    let (_, findings) = look(&stage, &with, "{}").await.expect("a plan");
    let remedy = findings[0].remedy.as_ref().expect("a remedy");
    let command = remedy.command.as_ref().expect("a command").as_str();
    assert!(command.starts_with("env 'TF_WORKSPACE=prod' ") && command.contains(" plan "), "{command}");
    assert!(remedy.says.ends_with("(with TF_VAR_size, AWS_PROFILE set)"), "{}", remedy.says);
}

#[tokio::test]
async fn what_others_changed_and_the_plan_leaves_so_is_a_warning() {
    let stage = stage(cluster(), &[]).await;
    let drift = r#"{"@message":"drift","type":"resource_drift","change":{"resource":{"addr":"aws_autoscaling_group.pool"},"action":"update"}}"#;
    let answer = format!("{}{drift}\n", recorded("none"));
    root(&stage, &answer, "0");
    let pool = "aws_autoscaling_group.pool";
    assert_eq!(super::found(&stage, &with(""), "{}").await, some("changed-outside", pool));
    let allowed = "{ allowed: [{ address: aws_autoscaling_group.*, because: scaled by hand }] }";
    assert_eq!(super::found(&stage, &with(""), allowed).await, []);
    root(&stage, &answer, "2");
    assert_eq!(super::found(&stage, &with(", refresh_only: true"), "{}").await, some("drifted", pool));
}

#[tokio::test]
async fn a_plan_that_hangs_and_one_that_is_not_there_are_unknown() {
    let stage = stage(cluster(), &[]).await;
    root(&stage, &recorded("none"), "0");
    let hangs = look(&stage, &with(", env: { STAND_IN_HANGS: 'yes' }, limit: 300ms"), "{}").await.expect_err("no plan");
    assert_eq!(hangs.why, Why::TimedOut);
    let none = "{ tofu: { folder: infra, program: no-such-tofu } }";
    assert_eq!(look(&stage, none, "{}").await.expect_err("no plan").why, Why::Unconfigured);
    let nowhere = with("").replace("folder: infra", "folder: nowhere");
    assert_eq!(look(&stage, &nowhere, "{}").await.expect_err("no plan").why, Why::Unconfigured);
}
