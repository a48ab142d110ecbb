//! Whatever goes wrong with a look is never a pass, and a right that is missing is named.

use super::*;
use crate::spoilt;
use futures::future::join_all;
use gonogo_world::{Fault, Rule, System};

#[tokio::test]
async fn a_token_without_a_right_is_unknown_and_names_it() {
    let cases = [
        (Token { is_without_records: true, ..Token::of("example.com") }, "forbidden", "Zone, DNS, Read"),
        (Token::default(), "forbidden", "may see no zone at all"),
        (Token::of("example.org"), "not-found", "among the 1 that the token may see"),
    ];
    for (token, code, words) in cases {
        let stage = Stage::new().await;
        stage.edit_cloudflare(|cloudflare| _ = cloudflare.tokens.insert(TOKEN.to_owned(), token));
        let findings = stage.findings(ZONE).await;
        assert_eq!(findings.len(), 1, "{findings:#?}");
        assert_eq!((findings[0].code, findings[0].weight), (code, Weight::Unknown));
        assert!(findings[0].seen.contains(words) && findings[0].remedy.is_some(), "{findings:#?}");
    }
}

#[tokio::test]
async fn a_token_that_nobody_knows_is_unauthorised() {
    let mut stage = Stage::new().await;
    stage.token = "some-other-token-0123456789";
    let findings = stage.findings(ZONE).await;
    assert_eq!((findings[0].code, findings[0].seen.as_str()), ("unauthorised", "Invalid access token (code 9109)"));
}

#[tokio::test]
async fn whatever_goes_wrong_at_the_provider_is_unknown_and_the_names_are_judged_all_the_same() {
    let each = spoilt::FAULTS.into_iter().flat_map(|fault| ["/zones?", "/dns_records"].map(|path| (fault, path)));
    join_all(each.map(|(fault, path)| async move {
        let stage = Stage::new().await;
        let rule = Rule::on(System::Cloudflare, fault).path(path);
        stage.world.inject(rule).expect("a rule");
        stage.edit_zone(|zone| zone.remove("*.ai.example.com"));
        let findings = stage.findings(ZONE).await;
        assert_eq!(findings.len(), 1, "{fault:?} at {path}: {findings:#?}");
        assert_eq!(findings[0].weight, Weight::Unknown, "{fault:?} at {path}");
    }))
    .await;
}

#[tokio::test]
async fn whatever_goes_wrong_at_a_server_or_everywhere_is_never_a_pass() {
    let faults = [Fault::Refuse, Fault::Hang, Fault::Servfail, Fault::Refused, Fault::Malformed, Fault::WrongId];
    let each = faults.into_iter().flat_map(|fault| [None, Some("8.8.8.8"), Some("192.0.2.2")].map(|at| (fault, at)));
    join_all(each.map(|(fault, at)| async move {
        let stage = Stage::new().await;
        let rule = Rule::on(System::Dns, fault);
        stage
            .world
            .inject(match at {
                Some(at) => rule.at(at),
                None => rule,
            })
            .expect("a rule");
        assert!(!stage.codes(USUAL).await.is_empty(), "{fault:?} at {at:?}");
    }))
    .await;
}
