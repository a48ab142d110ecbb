//! Rows of `people.yaml`: what a person confirms.

use super::Row;
use gonogo_world::{State, incidents::Times};

/// Nobody confirmed the check.
macro_rules! nobody {
    ($id:literal, $check:literal) => {
        Row {
            id: $id,
            item: $check,
            code: "not-attested",
            breaks: |state: &mut State, _: &Times| _ = state.unattested.insert($check.to_owned()),
        }
    };
}

pub const ROWS: &[Row] = &[
    nobody!("H01", "agenda"),
    nobody!("H02", "support"),
    nobody!("H03", "registrations"),
    nobody!("C03", "dns-contact"),
    nobody!("A07", "login-tried"),
    nobody!("A08", "guest-tried"),
    nobody!("A01", "models-called"),
    nobody!("D16", "models-called"),
    nobody!("B08", "rollback-known"),
];
