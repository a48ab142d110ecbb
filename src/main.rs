//! gonogo: says GO or NO-GO before an event.

use std::process::ExitCode;

fn main() -> ExitCode {
    ExitCode::from(gonogo::cli::main())
}
