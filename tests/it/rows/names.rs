//! Rows of `names.yaml`: how people get there.

use super::Row;
use gonogo_world::{
    State,
    cloudflare::{HOST, Zone},
};

pub const ROWS: &[Row] = &[
    Row {
        id: "C01",
        item: "names@us-west-2",
        code: "wrong-target",
        breaks: |state, _| state.dns.zone_mut("coder.com").repoint("oregon-proxy.ai.coder.com", "203.0.113.30"),
    },
    Row {
        id: "C03",
        item: "zone",
        code: "record-differs",
        breaks: |state, _| {
            let record = cloudflare(state).record_mut("*.emea-proxy.ai.coder.com");
            "k8s-coder-oregon.elb.us-west-2.amazonaws.com".clone_into(&mut record.content);
        },
    },
    Row {
        id: "C03",
        item: "zone",
        code: "change-unsettled",
        breaks: |state, times| {
            // Changed for the event's own hours, with a day for everybody to hear of it.
            let record = cloudflare(state).record_mut("ai.coder.com");
            (record.modified, record.ttl) = (times.now, 86_400);
        },
    },
];

fn cloudflare(state: &mut State) -> &mut Zone {
    state.cloudflare.get_mut(HOST).expect("the workshop's Cloudflare").zone_mut("coder.com")
}
