//! The schedules of robfig/cron's own tests, and croner's opinion where no clock is set.

use super::*;
use proptest::prelude::*;

const NEW_YORK: &str = "America/New_York";

fn time(text: &str) -> Timestamp {
    text.parse().expect("a time")
}

/// The firings of `schedule` in New York in the day after `from`.
fn firings(schedule: &str, from: &str, hours: i64) -> Vec<String> {
    let schedule = Schedule::parse(schedule).expect(schedule);
    let from = time(from);
    let to = from + SignedDuration::from_hours(hours);
    let zone = zone(NEW_YORK).expect("a zone");
    schedule.firings(&zone, None, from, to).iter().map(ToString::to_string).collect()
}

#[test]
fn a_local_time_that_the_zone_skips_does_not_fire() {
    // 11 March 2012, 02:00 EST is 03:00 EDT.
    assert_eq!(firings("30 2 11 Mar ?", "2012-03-11T05:00:00Z", 24), [""; 0]);
    assert_eq!(firings("0 2 * * ?", "2012-03-11T05:00:00Z", 30), ["2012-03-12T06:00:00Z"]);
    assert_eq!(firings("0 1-3 * * *", "2012-03-11T05:00:00Z", 6), ["2012-03-11T06:00:00Z", "2012-03-11T07:00:00Z"]);
}

#[test]
fn a_local_time_that_the_zone_has_twice_fires_twice() {
    // 4 November 2012, 02:00 EDT is 01:00 EST.
    assert_eq!(firings("0 1 * * ?", "2012-11-04T04:00:00Z", 20), ["2012-11-04T05:00:00Z", "2012-11-04T06:00:00Z"]);
    assert_eq!(firings("30 1 04 Nov ?", "2012-11-04T05:45:00Z", 20), ["2012-11-04T06:30:00Z"]);
    assert_eq!(firings("0 2 * * ?", "2012-11-04T04:00:00Z", 20), ["2012-11-04T07:00:00Z"]);
    assert_eq!(firings("*/30 1 * * *", "2012-11-04T05:00:00Z", 2).len(), 4);
}

#[test]
fn of_two_day_fields_either_is_enough_unless_one_is_free() {
    let fires = |schedule: &str, day: &str| !firings(schedule, &format!("{day}T04:00:00Z"), 1).is_empty();
    // Sunday 15 July 2012, midnight in New York; Friday 15 June; Monday 9 July; Wednesday 1 August.
    for (schedule, day, is_firing) in [
        ("* * 1,15 * Sun", "2012-07-15", true),
        ("* * 1,15 * Sun", "2012-06-15", true),
        ("* * 1,15 * Sun", "2012-08-01", true),
        ("* * */10 * Sun", "2012-07-15", true),
        ("* * * * Mon", "2012-07-15", false),
        ("* * 1,15 * *", "2012-07-09", false),
        ("* * 1,15 * *", "2012-07-15", true),
        ("* * */2 * Sun", "2012-07-15", true),
    ] {
        assert_eq!(fires(schedule, day), is_firing, "{schedule} on {day}");
    }
}

#[test]
fn what_the_api_refuses_is_no_schedule() {
    for text in [
        "",
        "* * * *",
        "* * * * * *",
        "60 * * * *",
        "* 24 * * *",
        "* * 0 * *",
        "* * * 13 *",
        "* * * * 7",
        "*/0 * * * *",
        "5-1 * * * *",
        "a * * * *",
        "* * L * *",
        "+5 * * * *",
        "@every",
        "@every soon",
        "@every 0s",
        "@reboot",
        "TZ=UTC 0 * * * *",
        "CRON_TZ=America/Vancouver 0 */4 * * *",
    ] {
        assert!(Schedule::parse(text).is_err(), "{text}");
    }
}

#[test]
fn a_step_without_an_end_runs_to_the_fields_end_and_names_have_any_case() {
    let same = |a: &str, b: &str| assert_eq!(Schedule::parse(a), Schedule::parse(b), "{a} and {b}");
    same("5/15 * * * *", "5,20,35,50 * * * *");
    same("0 0 * JAN,dec sun-TUE", "0 0 * 1,12 0-2");
    same("@hourly", "0 * * * *");
    same("@weekly", "0 0 ? * 0");
}

#[test]
fn every_so_often_counts_from_the_last_start() {
    let schedule = Schedule::parse("@every 1h30m").expect("a schedule");
    let (last, to) = (time("2026-12-02T10:10:00Z"), time("2026-12-02T17:00:00Z"));
    let found = schedule.firings(&TimeZone::UTC, Some(last), time("2026-12-02T14:00:00Z"), to);
    assert_eq!(found, [time("2026-12-02T14:40:00Z"), time("2026-12-02T16:10:00Z")]);
    assert_eq!(schedule.firings(&TimeZone::UTC, None, last, to), []);
}

#[test]
fn what_is_repeated_begins_after_the_first_and_meets_both_edges() {
    let (first, hour) = (time("2026-12-02T10:00:00Z"), SignedDuration::from_hours(1));
    let (from, to) = (time("2026-12-02T12:00:00Z"), time("2026-12-02T13:00:00Z"));
    assert_eq!(repeated(first, hour, from, to), [from, to]);
    assert_eq!(repeated(from, hour, first, to), [to]);
    assert_eq!(repeated(to, hour, first, from), []);
}

#[test]
fn only_what_comes_round_in_every_quarter_is_the_same_everywhere() {
    for (text, is_same) in [
        ("*/5 * * * *", true),
        ("* * * * *", true),
        ("3-59/15 * * * *", true),
        ("0 * * * *", false),
        ("*/7 * * * *", false),
        ("*/5 0-22 * * *", false),
        ("*/5 * * * 1-6", false),
        ("*/5 * 1-30 * *", false),
    ] {
        assert_eq!(Schedule::parse(text).expect(text).is_the_same_everywhere(), is_same, "{text}");
    }
}

#[test]
fn lengths_are_read_as_go_writes_them() {
    for (text, seconds) in [("720h", 2_592_000), ("1h0m0s", 3_600), ("1h30m", 5_400), ("0", 0), ("0s", 0), ("90s", 90)]
    {
        assert_eq!(duration(text).expect(text).as_secs(), seconds, "{text}");
    }
    for text in ["", "Never", "1d", "PT1H", "-", "1 h", "5"] {
        assert_eq!(duration(text), None, "{text}");
    }
}

fn field(first: u32, last: u32) -> impl Strategy<Value = String> {
    let plain = (first..=last).prop_map(|value| value.to_string());
    let range = (first..=last).prop_flat_map(move |low| (low..=last).prop_map(move |high| format!("{low}-{high}")));
    let step = (2..=(last - first)).prop_map(|step| format!("*/{step}"));
    let part = prop_oneof![plain, range, step];
    prop_oneof![2 => Just("*".to_owned()), 3 => prop::collection::vec(part, 1..3).prop_map(|parts| parts.join(","))]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn where_no_clock_is_set_croner_agrees(
        minute in field(0, 59), hour in field(0, 23), day in field(1, 28), month in field(1, 12), weekday in field(0, 6),
        start in 1_790_000_000_i64..1_800_000_000,
    ) {
        let text = format!("{minute} {hour} {day} {month} {weekday}");
        let from = Timestamp::from_second(start / 60 * 60).expect("a time");
        let to = from + SignedDuration::from_hours(72);
        let ours = Schedule::parse(&text).expect("a schedule").firings(&TimeZone::UTC, None, from, to);
        let theirs: croner::Cron = text.parse().expect("a schedule");
        let theirs: Vec<Timestamp> = theirs
            .iter_from(from.to_zoned(TimeZone::UTC), croner::Direction::Forward)
            .map(|time| time.timestamp())
            .take_while(|time| *time <= to)
            .take(MOST)
            .collect();
        prop_assert_eq!(ours, theirs, "{}", text);
    }
}
