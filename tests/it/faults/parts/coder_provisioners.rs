//! Provisioners: the list, the jobs, and the server's build.

use super::Part;
use gonogo_world::{
    State,
    System::Coder,
    coder::{Region, provisioning::Organization},
    incidents::Times,
};
use serde_json::{Value, json};

const HOSTS: [&str; 3] = ["daemons.test", "jobs.test", "built.test"];

/// What hangs on them.
pub const PARTS: &[Part] = &[
    Part::new(
        "provisioners-online",
        (Coder, "daemons.test", "/provisionerdaemons"),
        "probe: coder-provisioners, with: { connection: daemons, pools: { all: { organization: launch } } }",
    ),
    Part::new(
        "provisioners-queue",
        (Coder, "jobs.test", "/provisionerjobs"),
        "probe: coder-provisioners, with: { connection: jobs, pools: { all: { organization: launch } } }",
    ),
    Part::new(
        "provisioners-build",
        (Coder, "built.test", "/buildinfo"),
        "probe: coder-provisioners, with: { connection: built, pools: { all: { organization: launch } } }",
    ),
];

/// What the sound world holds for them.
pub fn add(state: &mut State, _: Times) {
    let mut launch = Organization::new(9, "launch");
    for user in &state.coder.users {
        launch = launch.member(&user.id, &["organization-template-admin"]);
    }
    launch.staff(2, &Region::new("primary", "", &[]).version, &[]);
    state.coder.provisioning.organizations.push(launch);
    state.coder.regions.extend(HOSTS.map(|host| Region::new("primary", host, &[])));
}

/// The connections that they need.
pub fn connections(all: &mut Value) {
    for (name, host) in ["daemons", "jobs", "built"].into_iter().zip(HOSTS) {
        let url = format!("https://{host}");
        all[name] = json!({ "kind": "coder", "url": url, "token": { "file": "coder-token" } });
    }
}
