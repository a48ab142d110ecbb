//! A runbook that restates what the published one of the incident named, and the objects that its commands name.

use super::{codes, found, look, made, made_among, pairs, stage, times, window, workshop as sound};
use gonogo_world::{
    Fault, Rule, System,
    incidents::workshop_2024_09_30 as workshop,
    kubernetes::{Account, Grant, Kind},
};
use serde_json::json;

const RUNBOOK: &str = include_str!("runbook.md");
const FILE: &str = "{ file: RUNBOOK.md }";

#[tokio::test]
async fn what_the_published_runbook_names_and_never_existed_is_found_by_name() {
    for state in [workshop::repaired(times()), workshop::before(times())] {
        let stage = stage(state, RUNBOOK).await;
        let (evidence, findings) = look(&stage, FILE, "{ at_least: 10 }").await.expect("seen");
        let wanted = [
            ("labels-match-nothing", "pod with app=coder-provisioner in coder"),
            ("object-absent", "deployment/coder-provisioner-default in coder"),
            ("object-absent", "deployment/coder-provisioner-experimental in coder"),
            ("object-absent", "deployment/coder-provisioner-demo in coder"),
            ("url-gone", "https://ai.coder.com/api/v2/provisioners"),
            ("namespace-absent", "namespace/coder"),
            ("object-absent", "deployment/litellm-key-rotator in litellm"),
            ("object-absent", "secret/litellm-aws-credentials in litellm"),
            ("object-absent", "secret/litellm-gcp-credentials in litellm"),
        ];
        assert_eq!(codes(&findings), pairs(&wanted), "{evidence:#}");
        let said = |subject: &str| findings.iter().find(|finding| finding.subject == subject).expect(subject);
        let rotator = said("deployment/litellm-key-rotator in litellm");
        assert!(rotator.expected.contains("line 26 of RUNBOOK.md"), "{rotator:#?}");
        assert_eq!(rotator.seen, "not in us-east-2, us-west-2 has no such namespace, eu-west-2 has no such namespace");
        let gone = said("https://ai.coder.com/api/v2/provisioners");
        assert!(gone.expected.contains("line 16 of"), "{gone:#?}");
        assert!(said("namespace/coder").seen.contains("not in us-west-2"));
        assert!(evidence.to_string().contains("litellm-key-rotator") && !evidence.to_string().contains("jsonpath"));
    }
}

#[tokio::test]
async fn names_that_are_there_pass_however_they_are_written() {
    let text = "
```sh
kubectl config use-context us-east-2
kubectl config set-context --current --namespace=coder-ws
kubectl get deploy coder-provisioner
kubectl get deployments.apps/coder-provisioner -o wide | grep x > out.txt
kubectl -nlitellm get cj rotate-key; kubectl get cronjobs -A -l '!nothing'
kubectl patch cronjob rotate-key -n litellm -p '{\"spec\":{\"suspend\":true}}' && kubectl get all -n coder
kubectl get certificate coder-tls -n coder && kubectl get nodepool.karpenter.sh
kubectl logs -f deploy/litellm -n litellm -c litellm
kubectl get pods,deploy -l app.kubernetes.io/name=coder-provisioner
kubectl create job now --from=cronjob/rotate-key -n coder-ws
kubectl logs job/now -n coder-ws
kubectl label ns coder-ws team=infra; kubectl top nodes; kubectl cordon ip-10-10-1-7.us-east-2.compute.internal
helm status coder -n coder --kube-context eu-west-2 || helm history coder-provisioner
curl -fsS http://litellm.litellm.svc:4000/health
```
";
    let wanted = [
        ("release-absent", "release coder in coder"),
        ("namespace-absent", "namespace/coder"),
        ("object-absent", "service/litellm in litellm"),
    ];
    let mut found = found(text).await;
    let mut wanted = pairs(&wanted);
    found.sort();
    wanted.sort();
    assert_eq!(found, wanted);
}

#[tokio::test]
async fn what_only_the_reader_knows_is_listed_and_never_passed_over() {
    let text = "
`kubectl delete pod <pod> -n coder` and `kubectl -n $NS get deploy coder`

```sh
kubectl --context \"$REGION\" -n coder get deployment/coder
kubectl logs $(kubectl get pods -n coder -o name | head -1) -n coder
kubectl apply -f fix.yaml
curl -X POST https://ai.coder.com/api/v2/x -d '{}'
curl http://localhost:4000/health
```
";
    let stage = sound(text).await;
    let (evidence, findings) = look(&stage, FILE, "{}").await.expect("seen");
    assert_eq!(codes(&findings), pairs(&[("not-judged", "RUNBOOK.md")]));
    let unjudged: Vec<&str> = evidence["unjudged"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|one| one["what"].as_str().expect("text"))
        .collect();
    assert_eq!(
        unjudged,
        [
            "pod/<pod>",
            "-n $NS",
            "deployment/coder",
            "pod/$(…)",
            "fix.yaml",
            "POST https://ai.coder.com/api/v2/x",
            "http://localhost:4000/health"
        ]
    );
    let with =
        "{ file: RUNBOOK.md, values: { NS: coder, pod: none-such }, ignore: [fix.yaml, '*localhost*', 'POST *'] }";
    let (evidence, findings) = look(&stage, with, "{ unjudged: 1 }").await.expect("seen");
    assert_eq!(codes(&findings), pairs(&[("object-absent", "pod/none-such in coder")]), "{evidence:#}");
    assert_eq!(evidence["ignored"], 3);
}

#[tokio::test]
async fn a_context_means_its_site_alone() {
    let text =
        "`kubectl --context us-west-2 -n coder get deploy coder`\n`kubectl --context prod -n coder get deploy coder`";
    let stage = sound(text).await;
    let wanted = [
        ("namespace-absent", "namespace/coder"),
        ("object-absent", "deployment/coder in coder"),
        ("context-unknown", "context prod"),
    ];
    assert_eq!(codes(&look(&stage, FILE, "{}").await.expect("seen").1), pairs(&wanted));
    let with = "{ file: RUNBOOK.md, contexts: { prod: us-east-2, us-west-2: us-east-2 } }";
    assert_eq!(codes(&look(&stage, with, "{}").await.expect("seen").1), pairs(&[]));
    // At a site, what another site's context means is that one's item to say.
    for (site, wanted) in [("us-east-2", &wanted[2..]), ("us-west-2", &wanted[..])] {
        let mut problems = Vec::new();
        let item = made(FILE, "{}", Some(site), &mut problems).expect("an item");
        let evidence = item.observe(&super::context(&stage)).await.expect("seen");
        assert_eq!(codes(&item.judge(&evidence, &window()).expect("evidence")), pairs(wanted), "{site}");
    }
}

#[tokio::test]
async fn what_another_sites_context_means_is_passed_over_by_nobody() {
    let stage = sound("`kubectl --context us-west-2 -n coder-proxy rollout restart deployment/nope`").await;
    let at = async |members: &[&str]| {
        let mut problems = Vec::new();
        let item = made_among(FILE, "{}", Some("us-east-2"), members, &mut problems).expect("an item");
        let evidence = item.observe(&super::context(&stage)).await.expect("seen");
        codes(&item.judge(&evidence, &window()).expect("evidence"))
    };
    let too_few = ("too-few-references", "RUNBOOK.md");
    assert_eq!(at(&["us-east-2"]).await, pairs(&[too_few, ("not-judged", "RUNBOOK.md")]));
    assert_eq!(at(&["us-east-2", "us-west-2"]).await, pairs(&[too_few]));
}

#[tokio::test]
async fn what_is_made_is_made_in_its_namespace_and_at_its_site_alone() {
    let text = "
```sh
kubectl --context us-west-2 -n coder-proxy create deployment fresh --image=x
kubectl --context us-west-2 -n coder-proxy get deployment fresh
kubectl -n coder-proxy get deployment fresh
kubectl --context us-west-2 -n kube-system get deployment fresh
kubectl --context eu-west-2 -n coder-proxy get deployment fresh
```
";
    let wanted =
        [("object-absent", "deployment/fresh in kube-system"), ("object-absent", "deployment/fresh in coder-proxy")];
    assert_eq!(found(text).await, pairs(&wanted));
}

#[tokio::test]
async fn kinds_of_other_versions_of_the_core_and_of_a_category_are_known() {
    let stage = sound("`kubectl get domainmappings` `kubectl get componentstatuses` `kubectl get karpenter`").await;
    assert_eq!(
        codes(&look(&stage, FILE, "{}").await.expect("seen").1),
        pairs(&[
            ("kind-unknown", "kind domainmappings"),
            ("kind-unknown", "kind componentstatuses"),
            ("kind-unknown", "kind karpenter"),
        ])
    );
    stage.world.edit(|state| {
        for cluster in state.clusters.values_mut() {
            cluster.kinds.extend([
                Kind::namespaced("serving.knative.dev", "v1", "services", "Service"),
                Kind::namespaced("serving.knative.dev", "v1beta1", "domainmappings", "DomainMapping"),
                Kind::clusterwide("", "v1", "componentstatuses", "ComponentStatus"),
                Kind {
                    categories: &["karpenter"],
                    ..Kind::clusterwide("karpenter.k8s.aws", "v1", "ec2nodeclasses", "EC2NodeClass")
                },
            ]);
        }
    });
    assert_eq!(codes(&look(&stage, FILE, "{}").await.expect("seen").1), pairs(&[]));
}

#[tokio::test]
async fn a_short_name_of_a_service_is_no_name_of_the_internet() {
    let text = "
```sh
curl http://litellm.litellm:4000/health
curl http://nobody.litellm:4000/health
curl http://litellm-0.litellm.litellm.svc.cluster.local:4000/health
curl http://nobody.nowhere/
kubectl logs deploy/litellm -n litellm --max-log-requests 20
kubectl autoscale deployment litellm --min 2 --max 5 --cpu-percent 80 -n litellm
```
";
    let stage = sound(text).await;
    stage.world.edit(|state| {
        let service =
            json!({ "apiVersion": "v1", "kind": "Service", "metadata": { "name": "litellm", "namespace": "litellm" } });
        state.clusters.values_mut().for_each(|cluster| cluster.put(service.clone()));
    });
    let wanted = [("object-absent", "service/nobody in litellm"), ("host-unresolved", "http://nobody.nowhere/")];
    assert_eq!(codes(&look(&stage, FILE, "{}").await.expect("seen").1), pairs(&wanted));
}

#[tokio::test]
async fn a_kind_that_is_not_installed_is_a_finding_and_a_custom_one_is_found() {
    let text = "`kubectl get virtualservice coder -n coder` `kubectl get nodeclaims` `kubectl get app x -n coder`";
    let wanted = [("kind-unknown", "virtualservice/coder in coder"), ("kind-unknown", "app/x in coder")];
    assert_eq!(found(text).await, pairs(&wanted));
}

#[tokio::test]
async fn windows_line_ends_and_a_block_of_another_language_hide_no_command() {
    let text = "```text\r\nkubectl -n coder get deploy gone\r\n```\r\n\r\n```powershell\nhelm -n coder status gone\n```\n`kubectl get node gone -n $NS`";
    let wanted = [
        ("object-absent", "deployment/gone in coder"),
        ("release-absent", "release gone in coder"),
        ("object-absent", "node/gone"),
        ("not-judged", "RUNBOOK.md"),
    ];
    assert_eq!(found(text).await, pairs(&wanted));
}

#[tokio::test]
async fn a_missing_right_is_unknown_and_named() {
    let stage = sound("`kubectl -n coder get deploy coder` `kubectl get secrets -n litellm -l owner=helm`").await;
    stage.world.edit(|state| {
        for cluster in state.clusters.values_mut() {
            let account = cluster.accounts[0].clone();
            cluster.accounts[0] = account.deny(Grant::new(&["*"], &["deployments.apps", "secrets"]));
        }
    });
    let (_, findings) = look(&stage, FILE, "{}").await.expect("read");
    assert!(findings.len() == 2 && findings.iter().all(|finding| finding.code == "forbidden"), "{findings:#?}");
    assert!(findings[0].seen.contains("get deployments.apps in namespace coder"), "{}", findings[0].seen);
    stage.world.edit(|state| {
        for cluster in state.clusters.values_mut() {
            let token = cluster.accounts[0].token.clone();
            cluster.accounts[0] = Account::nobody(&token, "nobody");
        }
    });
    let (_, findings) = look(&stage, FILE, "{}").await.expect("read");
    assert!(!findings.is_empty() && findings.iter().all(|finding| finding.code == "forbidden"), "{findings:#?}");
}

#[tokio::test]
async fn no_fault_of_a_cluster_or_a_host_is_a_pass() {
    let stage = sound("`kubectl -n coder-ws get deploy coder-provisioner` [up](https://ai.coder.com/healthz)").await;
    assert_eq!(look(&stage, FILE, "{}").await.expect("seen").1, []);
    for fault in [
        Fault::Refuse,
        Fault::WrongType,
        Fault::MalformedJson,
        Fault::Empty,
        Fault::Status(401, None),
        Fault::Status(403, None),
        Fault::Status(404, None),
        Fault::ExpiredCertificate,
    ] {
        stage.world.inject(Rule::on(System::Kubernetes, fault)).expect("a rule");
        let findings = look(&stage, FILE, "{}").await.expect("read").1;
        assert!(!findings.is_empty(), "{fault:?}");
        stage.world.clear_faults().expect("open ports");
    }
    for (fault, code) in [
        (Fault::Refuse, "unreachable"),
        // In the words in which Coder hides what is private.
        (Fault::Status(404, None), "not-found"),
        (Fault::Status(500, None), "url-failing"),
        (Fault::UntrustedCertificate, "untrusted"),
    ] {
        stage.world.inject(Rule::on(System::Coder, fault)).expect("a rule");
        let findings = look(&stage, FILE, "{}").await.expect("read").1;
        assert_eq!(codes(&findings)[0].0, code, "{fault:?}");
        stage.world.clear_faults().expect("open ports");
    }
}

#[tokio::test]
async fn a_document_that_names_nothing_is_never_a_pass() {
    for text in
        ["", "# Runbook\n\nStay calm.\n", "```yaml\nkubectl: get pods\n```\n", "`kubectl` and `deployment/coder`"]
    {
        assert_eq!(found(text).await, pairs(&[("too-few-references", "RUNBOOK.md")]), "{text}");
    }
}

#[tokio::test]
async fn a_flood_of_names_is_bounded_and_the_rest_is_unknown() {
    let links: Vec<String> = (0..500).map(|i| format!("[x](file-{i}.md)")).collect();
    let stage = sound(&links.join("\n")).await;
    let (evidence, findings) = look(&stage, FILE, "{}").await.expect("seen");
    assert_eq!(evidence["beyond"], json!(100));
    assert_eq!(findings.last().map(|finding| finding.code), Some("references-beyond-bound"));
}
