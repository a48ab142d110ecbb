//! Reads the secrets of the selected items, and of no others.

use crate::plan::Plan;
use futures::future::join_all;
use gonogo_checks::contract::{
    SecretRef, Vault,
    text::{Placed, Problem, Sources},
};
use secrecy::SecretString;
use std::{collections::HashMap, path::Path, process::Stdio, time::Duration};
use tokio::{io::AsyncReadExt as _, process::Command};

/// The most bytes of a secret.
const MOST: u64 = 64 << 10;
/// The longest that a `command:` may take.
const LIMIT: Duration = Duration::from_secs(30);

/// The secrets of the selected items, each read once.
///
/// # Errors
/// One problem for each that cannot be read, in its place.
pub async fn read_secrets(plan: &Plan, sources: &Sources) -> Result<Vault, Vec<Problem>> {
    let mut wanted: HashMap<&SecretRef, &Placed<SecretRef>> = HashMap::new();
    for secret in plan.items.iter().filter(|item| item.selected).flat_map(|item| &item.secrets) {
        wanted.entry(&secret.value).or_insert(secret);
    }
    let read = join_all(wanted.values().map(|secret| async move { (*secret, read(secret, sources).await) })).await;
    let (mut vault, mut problems) = (Vault::default(), Vec::new());
    for (secret, value) in read {
        match value {
            Ok(value) => vault.keep(secret.value.clone(), value),
            Err((message, help)) => problems.push(Problem::new(secret.at, message).help(help)),
        }
    }
    problems.sort_by_key(|problem| (problem.at.file, problem.at.line, problem.at.col));
    if problems.is_empty() { Ok(vault) } else { Err(problems) }
}

type Wrong = (String, String);

async fn read(secret: &Placed<SecretRef>, sources: &Sources) -> Result<SecretString, Wrong> {
    let text = match &secret.value {
        SecretRef::Env(name) => std::env::var(name).map_err(|error| match error {
            std::env::VarError::NotPresent => (
                format!("the environment variable `{name}` is not set"),
                format!("set `{name}`, or leave its checks out with --only"),
            ),
            std::env::VarError::NotUnicode(_) => {
                (format!("the environment variable `{name}` is not text"), "a token is text".to_owned())
            }
        })?,
        SecretRef::File(path) => read_file(&sources.resolve(secret.at, Path::new(path))).await?,
        SecretRef::Command(argv) => run(argv).await?,
    };
    let text = text.strip_suffix('\n').map_or(text.as_str(), |line| line.strip_suffix('\r').unwrap_or(line)).to_owned();
    if text.trim().is_empty() {
        return Err((
            format!("the {} holds no secret: it is empty", secret.value),
            "an empty token proves nothing".to_owned(),
        ));
    }
    Ok(SecretString::from(text))
}

async fn read_file(path: &Path) -> Result<String, Wrong> {
    let wrong = |error: std::io::Error| {
        (
            format!("cannot read the secret in `{}`: {error}", path.display()),
            "the path is relative to the checklist".to_owned(),
        )
    };
    let file = tokio::fs::File::open(path).await.map_err(wrong)?;
    let mut text = String::new();
    file.take(MOST).read_to_string(&mut text).await.map_err(wrong)?;
    Ok(text)
}

async fn run(argv: &[String]) -> Result<String, Wrong> {
    let Some((program, arguments)) = argv.split_first() else {
        return Err((
            "an empty `command:` prints no secret".to_owned(),
            "write `command: [program, argument]`".to_owned(),
        ));
    };
    let wrong = |reason: String| {
        (
            format!("`{program}` gave no secret: {reason}"),
            "run it by hand; its standard output is the secret".to_owned(),
        )
    };
    let mut child = Command::new(program)
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .kill_on_drop(true)
        .spawn()
        .map_err(|error| wrong(error.to_string()))?;
    let output = child.stdout.take();
    let done = async {
        let mut text = String::new();
        if let Some(output) = output {
            output.take(MOST).read_to_string(&mut text).await.map_err(|error| wrong(error.to_string()))?;
        }
        let status = child.wait().await.map_err(|error| wrong(error.to_string()))?;
        if status.success() { Ok(text) } else { Err(wrong(status.to_string())) }
    };
    tokio::time::timeout(LIMIT, done).await.map_err(|_| wrong(format!("no end after {} s", LIMIT.as_secs())))?
}
