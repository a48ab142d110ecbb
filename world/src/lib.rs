//! Simulated infrastructure on loopback.
