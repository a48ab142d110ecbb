//! One run of a program: started, read to its end, its whole group ended.

use super::{Ended, Program, Ran, find};
use crate::{
    clients::http::MOST_BODY,
    contract::{Context, Unobserved, Why, short},
};
use jiff::Timestamp;
use secrecy::ExposeSecret as _;
use std::{io::ErrorKind, os::unix::process::ExitStatusExt as _, path::Path, process::Stdio, time::Duration};
use tokio::{
    io::{AsyncRead, AsyncReadExt as _},
    process::{Child, Command},
};

/// The most of its standard error that is kept: only the last line is shown.
const KEPT: usize = 64 << 10;
/// How often a program is tried that somebody is still writing, and how long is waited in between.
const TRIES: (usize, Duration) = (10, Duration::from_millis(50));

/// Runs `program`. Whoever drops this ends it.
pub(super) async fn run(cx: &Context, program: &Program) -> Result<Ran, Unobserved> {
    let asked = program.asked();
    let mut command = command(cx, program, &asked)?;
    let asked_at = Timestamp::now();
    let mut child = start(&mut command).await.map_err(|error| Unobserved::new(Why::Unconfigured, &asked, error))?;
    let group = cx.reach().programs.add(child.id());
    let (out, err) = (child.stdout.take(), child.stderr.take());
    let read = async { Ok::<_, Stop>(tail(err).await) };
    let ended = async { child.wait().await.map_err(Stop::Broken) };
    // Whatever stops it early ends it early: a program that is not read would wait for ever.
    let done = tokio::try_join!(whole(out), read, ended);
    drop(group);
    let (stdout, err, status) = done.map_err(|stop| stop.of(&asked))?;
    let ended = match (status.code(), status.signal()) {
        (Some(code), _) => Ended::Exit(code),
        (None, signal) => Ended::Signal(signal.unwrap_or_default()),
    };
    Ok(Ran { ended, stdout: stdout.into(), complaint: last_words(&err), asked, asked_at })
}

fn command(cx: &Context, program: &Program, asked: &str) -> Result<Command, Unobserved> {
    let around = &program.around;
    let (name, arguments) = program
        .command
        .split_first()
        .ok_or_else(|| Unobserved::new(Why::Unconfigured, asked, "no program is named"))?;
    let search = around.env.get("PATH").map_or_else(find::search, Into::into);
    let base = &cx.reach().base;
    let file = find::program(name, base, &search, asked)?;
    let folder = around.folder(base);
    is_folder(&folder, asked)?;
    let mut command = Command::new(file);
    command
        .args(arguments)
        .current_dir(folder)
        .env_clear()
        .env("PATH", search)
        .env("LC_ALL", "C")
        .envs(&around.env)
        .envs(around.inherit.iter().filter_map(|name| Some((name, std::env::var_os(name)?))))
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .process_group(0)
        .kill_on_drop(true);
    for (name, secret) in &around.secret_env {
        command.env(name, cx.reveal(secret)?.expose_secret());
    }
    Ok(command)
}

fn is_folder(folder: &Path, asked: &str) -> Result<(), Unobserved> {
    if folder.is_dir() {
        return Ok(());
    }
    Err(Unobserved::new(Why::Unconfigured, asked, format_args!("there is no folder {}", folder.display())))
}

/// A file that is being written cannot be run for that moment.
async fn start(command: &mut Command) -> std::io::Result<Child> {
    for _ in 1..TRIES.0 {
        match command.spawn() {
            Err(error) if error.kind() == ErrorKind::ExecutableFileBusy => tokio::time::sleep(TRIES.1).await,
            started => return started,
        }
    }
    command.spawn()
}

/// Why a program was not read to its end.
enum Stop {
    TooMuch,
    Broken(std::io::Error),
}

impl Stop {
    fn of(self, asked: &str) -> Unobserved {
        match self {
            Self::TooMuch => Unobserved::new(
                Why::TooLarge,
                asked,
                format_args!("it wrote more than {MOST_BODY} bytes, and was ended"),
            ),
            Self::Broken(error) => Unobserved::new(Why::Malformed, asked, error),
        }
    }
}

/// All that comes.
async fn whole(pipe: Option<impl AsyncRead + Unpin>) -> Result<Vec<u8>, Stop> {
    let mut text = Vec::new();
    let Some(pipe) = pipe else { return Ok(text) };
    pipe.take(MOST_BODY as u64 + 1).read_to_end(&mut text).await.map_err(Stop::Broken)?;
    if text.len() > MOST_BODY { Err(Stop::TooMuch) } else { Ok(text) }
}

/// The last of what comes.
async fn tail(pipe: Option<impl AsyncRead + Unpin>) -> Vec<u8> {
    let (mut text, mut next) = (Vec::new(), [0; 8192]);
    let Some(mut pipe) = pipe else { return text };
    while let Ok(read @ 1..) = pipe.read(&mut next).await {
        text.extend_from_slice(&next[..read]);
        if text.len() > KEPT {
            text.drain(..text.len() - KEPT);
        }
    }
    text
}

/// The last line of what a program complained, short and printable.
fn last_words(text: &[u8]) -> String {
    let text = String::from_utf8_lossy(text);
    text.lines().rev().map(|line| short(line, 200)).find(|line| !line.is_empty()).unwrap_or_default()
}
