//! Through the binary, against real servers: docker-registry, moto, BIND, unbound, nginx, Prometheus, Alertmanager, prism in
//! GitHub's place, and Debian's monitoring plugins.
//!
//! `scripts/test` starts them and says where they are. Without it every test here fails and says so: a test that skips
//! itself would be a false green. The world's servers are not used: they were written beside the clients.

mod alertmanager;
mod dns;
mod dns_wildcard;
mod drift;
mod exec;
mod github;
mod http;
mod image_parity;
mod network;
mod prometheus;
mod registry;
mod run;
mod workshop;
