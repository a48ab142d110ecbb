//! How a program is run: what it gets, how long, how much, and that nothing of it is left.

use super::{SECRET, Stage, made};
use gonogo_checks::contract::Why;
use std::{fs, io::Read as _, process::Command};

#[tokio::test]
async fn arguments_are_given_as_they_stand_to_no_shell() {
    let stage = Stage::new().program("say", "printf 'OK - %s\\n' \"$1\"; printf '%s' \"$1\" > said");
    assert_eq!(stage.found("{ command: [./say, '$(id); `x` > y *'], speaks: nagios }").await, []);
    assert_eq!(fs::read_to_string(stage.path().join("said")).expect("said"), "$(id); `x` > y *");
}

#[tokio::test]
async fn its_environment_is_what_is_named_and_its_input_is_empty() {
    let stage = Stage::new().program("say", "env | sort > env; cat > input; pwd > folder; echo OK - read");
    fs::create_dir(stage.path().join("in")).expect("a folder");
    let with = "{ command: [./say], speaks: nagios, folder: in, env: { A: b }, secret_env: { ROOMS: { env: ROOMS_TOKEN } }, inherit: [CARGO_MANIFEST_DIR, GONOGO_NO_SUCH] }";
    assert_eq!(stage.found(with).await, []);
    let read = |name: &str| fs::read_to_string(stage.path().join("in").join(name)).expect("written");
    let names: Vec<String> =
        read("env").lines().map(|line| line.split('=').next().unwrap_or_default().to_owned()).collect();
    // The shell adds some of its own.
    let names: Vec<&str> =
        names.iter().map(String::as_str).filter(|name| !["PWD", "OLDPWD", "SHLVL", "_"].contains(name)).collect();
    assert_eq!(names, ["A", "CARGO_MANIFEST_DIR", "LC_ALL", "PATH", "ROOMS"]);
    assert!(read("env").contains(&format!("ROOMS={SECRET}\n")) && read("env").contains("A=b\n"));
    assert_eq!(read("input"), "");
    assert!(read("folder").trim().ends_with("/in"), "{}", read("folder"));
}

#[tokio::test]
async fn by_hand_it_is_run_from_wherever_the_hand_is() {
    let stage = Stage::new().program("say", "echo CRITICAL - no; exit 2");
    fs::create_dir(stage.path().join("in")).expect("a folder");
    let with = "{ command: [./say, ./as-it-stands], speaks: nagios, folder: in }";
    let found = stage.look(with, "{}").await.expect("an answer");
    let remedy = found[0].remedy.as_ref().expect("a remedy");
    let command = remedy.command.as_ref().expect("a command").as_str();
    assert_eq!(command, format!("{} ./as-it-stands", stage.path().join("say").display()));
    assert!(remedy.says.contains(&format!("in the folder {}", stage.path().join("in").display())), "{}", remedy.says);
}

#[tokio::test]
async fn what_debians_plugins_write_is_no_contradiction() {
    let age = "FILE_AGE OK: /etc/passwd is 18650 seconds old and 1493 bytes | age=18650s;999999999;9999999999 size=1493B;0;0;0";
    let swap = "SWAP OK - 100% free (2047 MB out of 2047 MB) |swap=2047MB;204;102;0;2047";
    for said in [age, swap] {
        let stage = Stage::new().program("say", &format!("echo '{said}'"));
        assert_eq!(stage.found("{ command: [./say], speaks: nagios }").await, [], "{said}");
    }
    let beyond = Stage::new().program("say", "echo 'fine |swap=90;;100:'");
    assert_eq!(beyond.found("{ command: [./say], speaks: nagios }").await.len(), 1, "a range is believed");
}

#[tokio::test]
async fn a_state_beyond_what_is_kept_counts() {
    let text = "echo OK - all; i=0; while [ $i -lt 3000 ]; do echo a line of a log that is long enough; i=$((i+1)); done; echo CRITICAL - db down";
    let stage = Stage::new().program("say", text);
    let found = stage.look("{ command: [./say], speaks: nagios }", "{}").await.expect("an answer");
    assert_eq!(found[0].code, "program-contradicts-itself");
    assert!(found[0].seen.contains("CRITICAL - db down"), "{}", found[0].seen);
}

#[tokio::test]
async fn equal_programs_are_run_once_in_a_run() {
    let stage = Stage::new().program("say", "echo x >> runs; echo OK - counted");
    let first = stage.found("{ command: [./say], speaks: nagios }");
    let second = stage.found("{ command: [./say], speaks: nagios }");
    let other = stage.found("{ command: [./say], speaks: nagios, env: { A: b } }");
    let (first, second, other) = tokio::join!(first, second, other);
    assert_eq!([first, second, other], [vec![], vec![], vec![]]);
    assert_eq!(fs::read_to_string(stage.path().join("runs")).expect("runs").lines().count(), 2);
}

#[tokio::test]
async fn a_program_that_does_not_end_is_ended_with_all_that_it_started() {
    let stage = Stage::new().program("hang", "sleep 300 > held & sleep 300 > held; echo OK - never");
    let held = stage.path().join("held");
    assert!(Command::new("mkfifo").arg(&held).status().expect("mkfifo runs").success());
    // Whoever holds the pipe keeps this from reading its end.
    let read = tokio::task::spawn_blocking(move || {
        let mut text = String::new();
        fs::File::open(held).expect("the pipe").read_to_string(&mut text).expect("its end");
    });
    let missing = stage.missing("{ command: [./hang], speaks: nagios, limit: 500ms }").await;
    assert_eq!(missing.why, Why::TimedOut);
    assert_eq!(missing.detail, "not done after 500ms, and ended");
    assert_eq!(
        missing.remedy.expect("by hand").command.expect("a command").as_str(),
        stage.path().join("hang").to_str().expect("text")
    );
    read.await.expect("nobody holds it any more");
}

#[tokio::test]
async fn a_run_that_is_over_leaves_no_program_behind() {
    let stage = Stage::new().program("hang", "sleep 300 > held; echo OK - never");
    let held = stage.path().join("held");
    assert!(Command::new("mkfifo").arg(&held).status().expect("mkfifo runs").success());
    let reach = stage.reach().clone();
    let read = tokio::task::spawn_blocking(move || {
        let mut pipe = fs::File::open(held).expect("the pipe");
        // Opened: somebody holds its other end.
        reach.programs.end();
        pipe.read_to_string(&mut String::new()).expect("its end");
    });
    let (found, read) = tokio::join!(stage.found("{ command: [./hang], speaks: nagios }"), read);
    read.expect("nobody holds it any more");
    assert_eq!(found, [("program-without-verdict", "ended by signal 9".to_owned())]);
}

#[tokio::test]
async fn a_flood_is_too_large_and_ends_the_program() {
    let stage = Stage::new()
        .program("flood", "while :; do echo xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx; done");
    let missing = stage.missing("{ command: [sh, -c, yes], speaks: nagios }").await;
    assert_eq!(missing.why, Why::TooLarge);
    let complaints = Stage::new()
        .program("flood", "i=0; while [ $i -lt 20000 ]; do echo complaint $i >&2; i=$((i+1)); done; exit 9");
    let found = complaints.found("{ command: [./flood], speaks: nagios }").await;
    assert_eq!(found, [("program-without-verdict", "exit code 9: complaint 19999".to_owned())]);
    drop(stage);
}

#[tokio::test]
async fn a_program_that_is_not_there_is_unconfigured() {
    let stage = Stage::new();
    fs::write(stage.path().join("page"), "").expect("a file");
    for (command, words) in [
        ("no-such-program-anywhere", "no program `no-such-program-anywhere`"),
        ("./none", "there is no file"),
        ("./page", "no program that may be run"),
        // Found only where PATH leads, and never where gonogo happens to stand.
        ("page", "no program `page`"),
    ] {
        let missing = stage.missing(&format!("{{ command: [{command}], speaks: nagios }}")).await;
        assert_eq!(missing.why, Why::Unconfigured, "{command}");
        assert!(missing.detail.contains(words), "{missing}");
    }
    let missing = stage.missing("{ command: [sh], speaks: nagios, folder: nowhere }").await;
    assert!(missing.detail.contains("there is no folder"), "{missing}");
}

#[tokio::test]
async fn a_file_without_a_first_line_that_says_what_runs_it_is_unconfigured() {
    let stage = Stage::new().program("say", "");
    fs::write(stage.path().join("say"), "#!/no/such/interpreter\n").expect("a program");
    assert_eq!(stage.missing("{ command: [./say], speaks: nagios }").await.why, Why::Unconfigured);
}

#[tokio::test]
async fn a_plugins_states_are_read() {
    let stage = Stage::new().program(
        "check",
        "echo \"DISK $1 - free space: / 58419MiB|/=36314284032B;243497277849;257024904396;0;270552530944\"; exit $2",
    );
    let found = |state: &str, code: u8| {
        let with = format!("{{ command: [./check, {state}, '{code}'], speaks: nagios }}");
        let stage = &stage;
        async move { stage.found(&with).await.into_iter().map(|(code, _)| code).collect::<Vec<_>>() }
    };
    assert_eq!(found("OK", 0).await, [""; 0]);
    assert_eq!(found("WARNING", 1).await, ["program-says-warn"]);
    assert_eq!(found("CRITICAL", 2).await, ["program-says-fail"]);
    assert_eq!(found("UNKNOWN", 3).await, ["program-says-unknown"]);
    assert_eq!(found("CRITICAL", 0).await, ["program-contradicts-itself"]);
    assert_eq!(found("OK", 4).await, ["program-without-verdict"]);
}

#[tokio::test]
async fn what_a_program_says_of_a_secret_is_the_vaults_to_take_out() {
    let stage = Stage::new().program("say", "echo \"OK - $ROOMS\"");
    let item = made("{ command: [./say], speaks: nagios, secret_env: { ROOMS: { env: ROOMS_TOKEN } } }", "{}")
        .expect("an item");
    let mut evidence = item.observe(&stage.context()).await.expect("evidence");
    assert!(evidence.to_string().contains(SECRET));
    stage.reach().vault.redact_json(&mut evidence);
    assert!(!evidence.to_string().contains(SECRET));
}
