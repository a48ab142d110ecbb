//! The client against recorded answers: what a 200 and a 400 really say.

use super::QUOTA;
use crate::amazon::{Stage, repaired};
use gonogo_checks::{
    clients::{
        aws::{Quota, ServiceQuota},
        connections::AwsAccount,
    },
    contract::{Unobserved, Why},
};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpListener,
};

macro_rules! recorded {
    ($name:literal) => {
        include_str!(concat!("../../recordings/moto-servicequotas/", $name, ".http"))
    };
}

/// Answers everything with a recording, of which only the status and the body are played back.
async fn playing(recording: &'static str) -> String {
    let (head, body) = recording.split_once("\r\n\r\n").expect("a head and a body");
    let status = head.lines().next().expect("a status line");
    let kind = "Content-Type: application/x-amz-json-1.1\r\nConnection: close";
    let answer = format!("{status}\r\n{kind}\r\nContent-Length: {}\r\n\r\n{body}", body.len());
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let socket = listener.local_addr().expect("an address");
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut request = vec![0; 65_536];
            let mut length = 0;
            // The head, and a body of a few bytes in the same segment or the next.
            while !request[..length].ends_with(b"}") {
                match stream.read(&mut request[length..]).await {
                    Ok(0) | Err(_) => break,
                    Ok(read) => length += read,
                }
            }
            let _ = stream.write_all(answer.as_bytes()).await;
        }
    });
    format!("http://{socket}")
}

async fn ask(recording: &'static str, service: &str, code: &str) -> Result<Result<Quota, String>, Unobserved> {
    let stage = Stage::of(QUOTA, repaired).await;
    let account = AwsAccount {
        profile: Some("workshop-ro".to_owned()),
        credentials_file: Some("credentials".into()),
        config_file: Some("config".into()),
        endpoint_url: Some(playing(recording).await),
        ..AwsAccount::default()
    };
    let quota =
        ServiceQuota { account, region: "eu-west-1".to_owned(), service: service.to_owned(), code: code.to_owned() };
    quota.quota(&stage.context()).await
}

#[tokio::test]
async fn a_recorded_quota_is_read_under_its_own_code_and_under_no_other() {
    let quota = ask(recorded!("get-vpc-L-F678F1CE"), "vpc", "L-F678F1CE").await.expect("seen").expect("a quota");
    assert_eq!((quota.name.as_str(), quota.usage), ("VPCs per Region", None));
    assert!((quota.value - 5.0).abs() < f64::EPSILON && quota.is_adjustable && !quota.is_default);
    let other = ask(recorded!("get-vpc-L-F678F1CE"), "vpc", "L-1216C47A").await.expect_err("another quota");
    assert_eq!(other.why, Why::Malformed);
}

#[tokio::test]
async fn a_recorded_refusal_says_that_there_is_none() {
    let words = ask(recorded!("get-ec2-L-1216C47A-unavailable"), "ec2", "L-1216C47A").await.expect("seen");
    assert!(words.expect_err("none").starts_with("This service is not available in the current Region"));
}
