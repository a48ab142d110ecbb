//! Programs: they ask no system of the world, so that nothing of it spoils them. What spoils a program is in `checks/tests/it/exec`.

use super::Part;
use gonogo_world::System::Dns;

/// What hangs on a program.
pub const PARTS: &[Part] = &[Part::new(
    "program",
    (Dns, "asked-by-nobody.test", ""),
    "probe: exec, with: { command: [echo, OK - looked], speaks: nagios }",
)];
