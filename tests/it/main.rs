//! gonogo from the outside: through its binary, against the world.

mod rig;
mod signals;
mod verdicts;
