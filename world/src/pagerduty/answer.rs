//! What the account answers: its lists page by page, one policy or schedule, and the shifts within a stretch of time.

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use super::{Pagerduty, Policy, Schedule, Target, User};
use crate::serve::{Reply, Request};

/// The longest stretch of time, in hours: 90 days.
const MOST_HOURS: i64 = 90 * 24;

pub(super) fn answer(account: &Pagerduty, request: &Request) -> Reply {
    if request.method != "GET" {
        return refusal(405);
    }
    let shown = request.header("authorization").unwrap_or_default();
    let key = shown.strip_prefix("Token token=").unwrap_or_default();
    if !account.keys.iter().any(|known| known == key) {
        return refusal(401);
    }
    let segments = request.segments();
    match segments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["oncalls"] => oncalls(account, request),
        ["escalation_policies"] => page(
            "escalation_policies",
            &account.policies.iter().map(|(id, policy)| of_policy(id, policy)).collect::<Vec<_>>(),
            request,
        ),
        ["schedules"] => page(
            "schedules",
            &account.schedules.iter().map(|(id, own)| of_schedule(id, own)).collect::<Vec<_>>(),
            request,
        ),
        ["escalation_policies", id] => match account.policies.get(id) {
            Some(policy) => Reply::json(200, &json!({ "escalation_policy": of_policy(id, policy) })),
            None => refusal(404),
        },
        ["schedules", id] => match account.schedules.get(id) {
            Some(schedule) => Reply::json(200, &json!({ "schedule": of_schedule(id, schedule) })),
            None => refusal(404),
        },
        _ => refusal(404),
    }
}

pub(super) fn refusal(status: u16) -> Reply {
    let (message, code) = match status {
        400 => ("Invalid Input Provided", 2001),
        401 => ("Invalid Credentials", 2006),
        403 => ("Access Denied", 2010),
        404 => ("Not Found", 2100),
        429 => ("Rate Limit Exceeded", 2020),
        _ => ("Internal Server Error", 2000),
    };
    Reply::json(status, &json!({ "error": { "message": message, "code": code } }))
}

fn page(name: &str, all: &[Value], request: &Request) -> Reply {
    let number =
        |name: &str, otherwise| request.parameter(name).and_then(|text| text.parse().ok()).unwrap_or(otherwise);
    let (limit, offset) = (number("limit", 25).min(100), number("offset", 0));
    let part: Vec<&Value> = all.iter().skip(offset).take(limit).collect();
    let more = offset + part.len() < all.len();
    Reply::json(200, &json!({ name: part, "limit": limit, "offset": offset, "more": more, "total": null }))
}

fn reference(kind: &str, id: &str, name: &str) -> Value {
    let path = kind.trim_end_matches("_reference");
    json!({
        "id": id,
        "type": kind,
        "summary": name,
        "self": format!("https://api.pagerduty.com/{path}s/{id}"),
        "html_url": format!("https://workshop.pagerduty.com/{path}s/{id}"),
    })
}

fn of_policy(id: &str, policy: &Policy) -> Value {
    let target = |target: &Target| match target {
        Target::User(id) => json!({ "id": id, "type": "user_reference" }),
        Target::Schedule(id) => json!({ "id": id, "type": "schedule_reference" }),
    };
    let rule = |(at, level): (usize, &Vec<Target>)| {
        let targets: Vec<_> = level.iter().map(target).collect();
        json!({ "id": format!("{id}R{at}"), "escalation_delay_in_minutes": 15, "targets": targets })
    };
    let mut shown = reference("escalation_policy", id, &policy.name);
    shown["name"] = json!(policy.name);
    shown["num_loops"] = json!(0);
    shown["escalation_rules"] = policy.levels.iter().enumerate().map(rule).collect();
    shown
}

fn of_schedule(id: &str, schedule: &Schedule) -> Value {
    let mut shown = reference("schedule", id, &schedule.name);
    shown["name"] = json!(schedule.name);
    shown["time_zone"] = json!("America/Los_Angeles");
    shown
}

fn of_user(id: &str, user: &User, is_whole: bool) -> Value {
    if !is_whole {
        return reference("user_reference", id, &user.name);
    }
    let mut shown = reference("user", id, &user.name);
    let rule = |at: usize| json!({ "id": format!("{id}N{at}"), "type": "assignment_notification_rule_reference" });
    shown["name"] = json!(user.name);
    shown["email"] = json!(user.email);
    shown["notification_rules"] = (0..user.notification_rules).map(rule).collect();
    shown
}

fn oncalls(account: &Pagerduty, request: &Request) -> Reply {
    let time = |name: &str| request.parameter(name).map_or(Some(request.now), |text| text.parse::<Timestamp>().ok());
    let (Some(since), Some(until)) = (time("since"), time("until")) else { return refusal(400) };
    if until < since || until.duration_since(since) > SignedDuration::from_hours(MOST_HOURS) {
        return refusal(400);
    }
    let all = |name: &str| {
        let named = request.parameters().into_iter().filter(|(key, _)| key == name);
        named.map(|(_, value)| value).collect::<Vec<_>>()
    };
    let (policies, schedules) = (all("escalation_policy_ids[]"), all("schedule_ids[]"));
    let is_whole = all("include[]").iter().any(|included| included == "users");
    let mut entries = Vec::new();
    for (id, policy) in &account.policies {
        if !policies.is_empty() && !policies.contains(id) {
            continue;
        }
        for (level, targets) in (1_u32..).zip(&policy.levels) {
            for target in targets {
                let is_asked = match target {
                    Target::Schedule(schedule) => schedules.is_empty() || schedules.contains(schedule),
                    Target::User(_) => schedules.is_empty(),
                };
                if is_asked {
                    let shared = json!({ "escalation_policy": reference("escalation_policy_reference", id, &policy.name), "escalation_level": level });
                    entries.extend(shifts(account, target, (since, until), is_whole, &shared));
                }
            }
        }
    }
    page("oncalls", &entries, request)
}

fn shifts(
    account: &Pagerduty,
    target: &Target,
    (since, until): (Timestamp, Timestamp),
    is_whole: bool,
    shared: &Value,
) -> Vec<Value> {
    let user = |id: &str| account.users.get(id).map_or(Value::Null, |user| of_user(id, user, is_whole));
    let entry = |user: Value, schedule: Value, start: Value, end: Value| {
        let mut entry = shared.clone();
        (entry["user"], entry["schedule"], entry["start"], entry["end"]) = (user, schedule, start, end);
        entry
    };
    match target {
        Target::User(id) => vec![entry(user(id), Value::Null, Value::Null, Value::Null)],
        Target::Schedule(id) => {
            let Some(schedule) = account.schedules.get(id) else { return Vec::new() };
            let known = schedule.shifts.iter().filter(|shift| shift.starts < until && shift.ends > since);
            let named = reference("schedule_reference", id, &schedule.name);
            let shown = known.map(|shift| {
                entry(user(&shift.user), named.clone(), json!(second(shift.starts)), json!(second(shift.ends)))
            });
            shown.collect()
        }
    }
}

/// Times have no fractions there.
fn second(time: Timestamp) -> String {
    time.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}
