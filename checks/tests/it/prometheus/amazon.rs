//! Amazon's managed Prometheus: signed, of the right account, without targets.

use crate::amazon::{Asker, Stage, codes, repaired};
use gonogo_world::{
    State,
    incidents::workshop_2024_09_30::AWS_ACCESS_KEY_ID,
    prometheus::{Prometheus, Rule},
};

const AMP: Asker = Asker { kind: "prometheus", site: None };
const QUERY: &str = "{ amp: { account: mirror, region: us-east-2, workspace: ws-1 }, queries: { depth: depth } }";
const RULES: &str = "{ amp: { account: mirror, region: us-east-2, workspace: ws-1 }, rules: [Long] }";

async fn stage(change: impl FnOnce(&mut State)) -> Stage {
    Stage::of(AMP, |times| {
        let mut state = repaired(times);
        let workspace =
            Prometheus { workspace: Some(("us-east-2".to_owned(), "ws-1".to_owned())), ..Prometheus::default() };
        let workspace = workspace.measures("depth", &[], 1.0).rule(Rule::new("Long", "depth > 5", 60, &[]));
        state.prometheus.insert("aps-workspaces.us-east-2.amazonaws.com".to_owned(), workspace);
        change(&mut state);
        state
    })
    .await
}

#[tokio::test]
async fn a_workspace_is_asked_for_series_and_rules_with_a_signature() {
    let stage = stage(|_| {}).await;
    let (evidence, found) = stage.look(QUERY, "{}").await;
    assert!(found.is_empty(), "{found:#?}");
    assert_eq!(evidence["server"], "https://aps-workspaces.us-east-2.amazonaws.com/workspaces/ws-1/");
    let (_, found) = stage.look(RULES, "{ rules: { Long: [{ above: 5, for: 1m }] } }").await;
    assert!(found.is_empty(), "{found:#?}");
    let asked = stage.world.requests();
    assert!(!asked.iter().any(|asked| format!("{asked:?}").contains("/targets")));
}

#[tokio::test]
async fn each_missing_right_is_named_and_another_account_is_the_wrong_system() {
    for (right, with) in [("aps:QueryMetrics", QUERY), ("aps:ListRules", RULES)] {
        let stage = stage(|state| {
            state.aws.identities.get_mut(AWS_ACCESS_KEY_ID).expect("an identity").denied.push(right.to_owned());
        })
        .await;
        let (_, found) = stage.look(with, "{}").await;
        assert_eq!(codes(&found), [("forbidden", "")]);
        assert!(found[0].seen.contains(&format!("lacks {right} on workspace/ws-1")), "{found:#?}");
        let command = found[0].remedy.as_ref().and_then(|remedy| remedy.command.as_ref()).expect("a command");
        assert!(command.as_str().starts_with("awscurl --service aps --region us-east-2"), "{}", command.as_str());
    }
    let stage = stage(|state| {
        state.aws.identities.get_mut(AWS_ACCESS_KEY_ID).expect("an identity").account = "999999999999".to_owned();
    })
    .await;
    assert_eq!(codes(&stage.look(QUERY, "{}").await.1), [("wrong-system", "")]);
}

#[tokio::test]
async fn another_workspace_is_not_there() {
    let stage = stage(|_| {}).await;
    assert_eq!(codes(&stage.look(&QUERY.replace("ws-1", "ws-2"), "{}").await.1), [("not-found", "")]);
}

#[test]
fn an_id_that_leads_elsewhere_is_no_workspace() {
    for id in ["../x", "ws-1/", "WS-1", "''"] {
        assert!(!AMP.problems(&QUERY.replace("ws-1", id)).is_empty(), "{id}");
    }
}
