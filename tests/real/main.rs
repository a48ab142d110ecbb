//! Through the binary, against real servers: docker-registry, moto, BIND, unbound, nginx.
//!
//! `scripts/test` starts them and says where they are. Without it every test here fails and says so: a test that skips
//! itself would be a false green. The world's servers are not used: they were written beside the clients.

mod dns_wildcard;
mod http;
mod image_parity;
mod network;
mod registry;
mod run;
mod workshop;
