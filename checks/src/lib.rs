//! The probe contract and every probe.

/// What a probe is.
pub mod contract {
    pub mod text;
}
