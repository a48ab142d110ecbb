//! Debian's monitoring plugins as probes, against nginx, against ports, and against this machine.

use crate::{
    network::real,
    run::{Run, run},
};

fn plugins(checks: &[(&str, String)]) -> Run {
    let line = |(name, command): &(&str, String)| {
        let plugins = real("PLUGINS");
        format!("  {name}:\n    probe: exec\n    with: {{ command: [{plugins}/{command}], speaks: nagios }}\n")
    };
    run(&format!("checks:\n{}", checks.iter().map(line).collect::<String>()))
}

/// `check_http` of a name that nginx has, at nginx's port.
fn https(name: &str, more: &str) -> String {
    let (host, port) = web();
    format!("check_http, -I, {host}, -p, '{port}', -S, --sni, -H, {name}{more}")
}

fn web() -> (String, String) {
    let (host, port) =
        real("WEB").rsplit_once(':').map(|(host, port)| (host.to_owned(), port.to_owned())).expect("a port");
    (host, port)
}

#[test]
fn the_plugins_states_are_the_outcomes() {
    let (host, port) = web();
    let run = plugins(&[
        ("page", https("ai.workshop.test", ", -u, /healthz")),
        ("broken", https("closed.workshop.test", "")),
        ("lost", https("app.ai.workshop.test", "")),
        ("open", format!("check_tcp, -H, {host}, -p, '{port}'")),
        ("closed", "check_tcp, -H, 127.0.0.1, -p, '9'".to_owned()),
        ("disk", "check_disk, -w, 0%, -c, 0%, -p, /".to_owned()),
        ("processes", "check_procs, -w, '0:100000', -c, '0:200000'".to_owned()),
        ("file", "check_file_age, -f, /etc/passwd, -w, '999999999', -c, '9999999999'".to_owned()),
        ("none", "check_procs, -c, '1:', -C, no-such-process".to_owned()),
        ("asked-wrongly", "check_tcp, --no-such-flag".to_owned()),
        ("not-installed", "check_no_such_thing".to_owned()),
    ]);
    assert_eq!(run.of("page"), ("pass", vec![]), "{:#}", run.item("page"));
    assert_eq!(run.of("broken"), ("fail", vec!["program-says-fail"]));
    assert_eq!(run.of("lost"), ("warn", vec!["program-says-warn"]));
    assert_eq!(run.of("open"), ("pass", vec![]));
    assert_eq!(run.of("closed"), ("fail", vec!["program-says-fail"]));
    assert_eq!(run.of("disk"), ("pass", vec![]), "{:#}", run.item("disk"));
    assert_eq!(run.of("processes"), ("pass", vec![]));
    assert_eq!(run.of("file"), ("pass", vec![]), "{:#}", run.item("file"));
    assert_eq!(run.of("none"), ("fail", vec!["program-says-fail"]));
    assert_eq!(run.of("asked-wrongly"), ("unknown", vec!["program-says-unknown"]));
    assert_eq!(run.of("not-installed"), ("unknown", vec!["unconfigured"]));
    assert_eq!(run.code, 1);
}

#[test]
fn the_plugins_numbers_are_bounded() {
    let plugins = real("PLUGINS");
    let page = https("ai.workshop.test", ", -u, /healthz");
    let check = |name: &str, expect: &str| {
        format!(
            "  {name}: {{ probe: exec, with: {{ command: [{plugins}/{page}], speaks: nagios }}, expect: {expect} }}\n"
        )
    };
    let run = run(&format!(
        "checks:\n{}{}{}{}",
        check("soon-enough", "{ metrics: { time: { at_most: 30, unit: s }, size: { at_least: 1, unit: B } } }"),
        check("never-so-soon", "{ metrics: { time: { at_most: 0, unit: s } } }"),
        check("other-unit", "{ metrics: { time: { at_most: 30000, unit: ms } } }"),
        check("other-label", "{ metrics: { latency: { at_most: 30, unit: s } } }"),
    ));
    assert_eq!(run.of("soon-enough"), ("pass", vec![]), "{:#}", run.item("soon-enough"));
    assert_eq!(run.of("never-so-soon"), ("fail", vec!["metric-out-of-bounds"]));
    assert_eq!(run.of("other-unit"), ("unknown", vec!["metric-missing"]));
    assert_eq!(run.of("other-label"), ("unknown", vec!["metric-missing"]));
}

#[test]
fn a_certificate_that_ends_is_what_the_plugin_makes_of_it() {
    let run = plugins(&[
        ("in-a-week", https("soon.workshop.test", ", -C, '14,7'")),
        ("in-a-day", https("soon.workshop.test", ", -C, '1,0'")),
    ]);
    assert_eq!(run.outcome("in-a-week"), "fail", "{:#}", run.item("in-a-week"));
    assert_eq!(run.outcome("in-a-day"), "pass", "{:#}", run.item("in-a-day"));
}

#[test]
fn a_secret_that_a_program_repeats_is_in_no_report() {
    let run = run(
        "checks:\n  says:\n    probe: exec\n    with:\n      command: [sh, -c, 'echo \"CRITICAL - $TOKEN\"; exit 2']\n      speaks: nagios\n      secret_env: { TOKEN: { env: MIRROR_PASSWORD } }\n",
    );
    assert_eq!(run.of("says"), ("fail", vec!["program-says-fail"]));
    assert!(run.item("says").to_string().contains("[secret]"));
    assert!(!run.item("says").to_string().contains("open-sesame"));
}
