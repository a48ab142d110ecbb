//! The probe contract and every probe.
