//! Lists, manifests and templates in files.

use super::{codes, look};
use crate::kubernetes::Stage;
use gonogo_checks::contract::Why;
use gonogo_world::State;
use jiff::Timestamp;

const POD: &str = "
kind: Pod
metadata: { name: workspace }
spec:
  initContainers: [{ name: prepare, volumeMounts: [{ name: home, mountPath: /home/coder }] }]
  containers:
    - name: dev
      volumeMounts:
        - { name: home, mountPath: /home/coder }
        - { name: cache, mountPath: /home/coder/.cache/ }
  volumes: [{ name: home, emptyDir: {} }, { name: cache, emptyDir: {} }]
";

async fn stage(files: &[(&str, &str)]) -> Stage {
    let stage = Stage::of(State::empty(Timestamp::now())).await;
    for (name, text) in files {
        std::fs::write(stage.path().join(name), text).expect("a file");
    }
    stage
}

#[tokio::test]
async fn a_list_is_one_machines_filesystem() {
    let stage = stage(&[]).await;
    let with = "{ paths: [/data/a, \"cache:/data/a/cache\", { name: b, path: /b, symlink_to: /data/a }] }";
    let (_, findings) = look(&stage.context(), with, "{}").await.expect("seen");
    assert_eq!(codes(&findings), [("mount-path-twice", "/data/a"), ("nested-mounts", "/data/a")]);
}

#[tokio::test]
async fn a_manifest_of_several_documents_is_read_container_by_container() {
    let text = format!("---\nkind: Service\nmetadata: {{ name: x }}\n---{POD}---\n");
    let stage = stage(&[("template.yaml", &text)]).await;
    let (evidence, findings) = look(&stage.context(), "{ file: ./template.yaml }", "{}").await.expect("seen");
    assert_eq!(codes(&findings), [("nested-mounts", "pod/workspace dev: /home/coder")]);
    assert_eq!(evidence["objects"], 1);
    let ordered = "{ extraction: ordered }";
    let (_, findings) = look(&stage.context(), "{ file: ./template.yaml }", ordered).await.expect("seen");
    assert_eq!(findings[0].weight, gonogo_checks::contract::Weight::Warn);
}

#[tokio::test]
async fn a_template_of_another_kind_is_read_by_a_pointer() {
    let text = "jobs:\n  - storages: [{ name: a, mount_path: /home/user }]\n  - storages: ['b:/home/user/x']\n";
    let stage = stage(&[("vm.yaml", text)]).await;
    let cx = stage.context();
    let (_, findings) = look(&cx, "{ file: vm.yaml, pointer: /jobs/*/storages }", "{}").await.expect("seen");
    assert_eq!(codes(&findings), [("nested-mounts", "/home/user")]);
    let (_, findings) = look(&cx, "{ file: vm.yaml, pointer: /nothing }", "{}").await.expect("seen");
    assert_eq!(codes(&findings), [("too-few-mounts", "vm.yaml")]);
}

#[tokio::test]
async fn a_file_that_is_missing_no_file_or_no_yaml_is_unknown() {
    let long = "a".repeat((8 << 20) + 1);
    let bomb = format!("a: &a [{}]\nb: &b [{}]\nc: [{}]\n", "x,".repeat(900), "*a,".repeat(900), "*b,".repeat(900));
    let stage =
        stage(&[("broken.yaml", "a: [b"), ("tagged.yaml", "a: !Ref b"), ("long.yaml", &long), ("bomb.yaml", &bomb)])
            .await;
    for (file, why) in [
        ("missing.yaml", Why::Unconfigured),
        (".", Why::Unconfigured),
        ("broken.yaml", Why::Malformed),
        ("tagged.yaml", Why::Malformed),
        ("bomb.yaml", Why::Malformed),
        ("long.yaml", Why::TooLarge),
    ] {
        let missing = look(&stage.context(), &format!("{{ file: {file} }}"), "{}").await.expect_err(file);
        assert_eq!(missing.why, why, "{file}: {missing}");
    }
}

#[tokio::test]
async fn a_file_without_mounts_is_never_a_pass() {
    let stage = stage(&[("empty.yaml", ""), ("service.yaml", "kind: Service\nmetadata: { name: x }\n")]).await;
    for file in ["empty.yaml", "service.yaml"] {
        let (_, findings) = look(&stage.context(), &format!("{{ file: {file} }}"), "{}").await.expect("seen");
        assert_eq!(codes(&findings), [("too-few-mounts", file)]);
    }
}
