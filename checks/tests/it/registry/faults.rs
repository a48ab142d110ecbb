//! Whatever goes wrong on one kind of answer: never a pass.

use super::{codes, judge, sound};
use gonogo_world::{Fault, Rule, System};

const AT_GHCR: &str = "{ images: [{ image: ghcr.io/coder/coder-preview:latest }], platforms: [linux/amd64] }";
const IN_ECR: &str = "{ images: [{ ecr: mirror, repository: base-ws, tag: latest }], platforms: [linux/amd64] }";

#[tokio::test]
async fn a_blob_that_answers_badly_is_no_blob() {
    for (fault, code) in [
        (Fault::Status(401, None), "unauthorised"),
        (Fault::Status(403, None), "forbidden"),
        (Fault::Status(404, None), "blob-missing"),
        (Fault::Status(500, None), "server-error"),
        (Fault::RedirectLoop, "redirected"),
        (Fault::WrongType, "malformed"),
        (Fault::Empty, "malformed"),
        (Fault::MalformedJson, "malformed"),
        (Fault::Reset, "unreachable"),
    ] {
        let bench = sound().await;
        bench.world.inject(Rule::on(System::Registry, fault).at("ghcr.io").path("/blobs/")).expect("a rule");
        assert_eq!(codes(&judge(&bench, AT_GHCR, "{}").await), [code], "{fault:?}");
    }
}

#[tokio::test]
async fn ecr_that_answers_badly_shows_nothing() {
    for operation in ["DescribeImages", "BatchGetImage", "BatchCheckLayerAvailability"] {
        for (fault, code) in [
            (Fault::Status(403, None), "forbidden"),
            (Fault::Status(500, None), "server-error"),
            (Fault::Empty, "malformed"),
            (Fault::WrongType, "malformed"),
        ] {
            let bench = sound().await;
            let path = format!("#{operation}");
            bench.world.inject(Rule::on(System::Ecr, fault).path(&path)).expect("a rule");
            let found = judge(&bench, IN_ECR, "{}").await;
            assert_eq!(codes(&found).first().copied(), Some(code), "{operation} at {fault:?}: {found:?}");
        }
    }
}
