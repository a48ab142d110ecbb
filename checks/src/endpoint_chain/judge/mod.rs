//! Judging: in each try the first link that breaks, and then what all tries say of it together.

mod here;
mod inside;
mod links;
mod together;

use super::evidence::{Evidence, Try};
use crate::{
    clients::tcp::Port,
    contract::{Does, Finding, Moment, Unobserved, Why, Window},
};
use jiff::Timestamp;
use std::collections::BTreeSet;

use super::expect::Expect;

pub(super) fn judge(expect: &Expect, evidence: &Evidence, window: &Window) -> Vec<Finding> {
    match &evidence.inside {
        Some(inside) => inside::judge(expect, &evidence.asked, inside),
        None if evidence.tries.is_empty() => {
            let asked = format!("{}:{}", evidence.asked.host, evidence.asked.port);
            vec![Finding::unobserved(&Unobserved::new(Why::Malformed, asked, "it was never tried"))]
        }
        None => here::judge(expect, evidence, window),
    }
}

/// Each try as one line.
pub(super) fn working(evidence: &Evidence, window: &Window) -> Vec<String> {
    if let Some(inside) = &evidence.inside {
        return inside::working(&evidence.asked, inside);
    }
    evidence.tries.iter().enumerate().flat_map(|(i, one)| lines(i + 1, one, evidence, window)).collect()
}

fn lines(number: usize, one: &Try, evidence: &Evidence, window: &Window) -> Vec<String> {
    let host = &evidence.asked.host;
    let name = match &one.name {
        Err(missing) => return vec![format!("try {number}: {host}: {}", missing.detail)],
        Ok(name) => name,
    };
    if let Some(absent) = &name.absent {
        return vec![format!("try {number}: {host}: {absent}, by {}", name.by)];
    }
    let line = |door: &super::Door| {
        let port = match &door.port {
            Ok(Port::Accepts) => "accepts".to_owned(),
            Ok(port) => format!("{port:?}").to_lowercase(),
            Err(missing) => missing.detail.clone(),
        };
        let tls = door.tls.as_ref().map(|shown| match shown {
            Ok(shown) => format!(", TLS until {}", window.clock(shown.valid_until)),
            Err(missing) => format!(", TLS: {}", missing.detail),
        });
        let answer = door.answer.as_ref().map(|answer| match answer {
            Ok(answer) => format!(", status {} in {} ms", answer.status, answer.took_ms),
            Err(missing) => format!(", {}", missing.detail),
        });
        let (tls, answer) = (tls.unwrap_or_default(), answer.unwrap_or_default());
        format!("try {number}: {host} by {}: {} {port}{tls}{answer}", name.by, door.address)
    };
    one.doors.iter().map(line).collect()
}

/// When the certificates end.
pub(super) fn moments(evidence: &Evidence) -> Vec<Moment> {
    let doors = evidence.tries.iter().flat_map(|one| &one.doors);
    let shown = doors.filter_map(|door| door.tls.as_ref()?.as_ref().ok());
    let name = |names: &[String]| names.first().cloned().unwrap_or_else(|| evidence.asked.host.clone());
    let ends: BTreeSet<(Timestamp, String)> = shown.map(|shown| (shown.valid_until, name(&shown.names))).collect();
    let moment = |(end, name)| Moment::new(end, Does::Expires, format!("certificate for {name}"));
    ends.into_iter().map(moment).collect()
}
