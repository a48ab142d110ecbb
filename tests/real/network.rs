//! Where the real servers are, as a checklist's `network:` leads to them.
//!
//! Names and addresses are those of the servers' own files in `tests/real/servers`; ports are other ones in each run.

use std::path::PathBuf;

/// The value of `GONOGO_REAL_…`.
///
/// # Panics
/// It is not set: the servers were not started.
pub fn real(name: &str) -> String {
    let name = format!("GONOGO_REAL_{name}");
    std::env::var(&name)
        .unwrap_or_else(|_| panic!("{name} is not set: these tests need real servers, run them with scripts/test"))
}

/// A file that the servers' script made.
pub fn file(name: &str) -> PathBuf {
    PathBuf::from(real("FILES")).join(name)
}

/// `network:` for every checklist here: the resolver is unbound, and what the servers' files name leads to them.
pub fn network() -> String {
    let leads = [
        ("*.workshop.test", real("WEB")),
        ("slow.test", real("SLOW")),
        ("192.0.2.53", real("NAMED")),
        ("192.0.2.55", real("BEHIND")),
        ("1.1.1.1", real("UNBOUND")),
        ("203.0.113.53", real("LIAR")),
        ("upstream.test", real("REGISTRY_A")),
        ("mirror-b.test", real("REGISTRY_B")),
        ("mirror-c.test", real("REGISTRY_C")),
        ("*.amazonaws.com", real("ECR")),
    ];
    let connect = leads.map(|(name, to)| format!("    \"{name}\": {to}\n")).concat();
    let (resolver, ca) = (real("UNBOUND"), file("ca.pem"));
    format!("network:\n  resolvers: [\"{resolver}\"]\n  ca: {}\n  connect:\n{connect}", ca.display())
}
