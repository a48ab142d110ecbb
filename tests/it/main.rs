//! gonogo from the outside: through its binary, against the world.

mod causes;
mod faults;
mod rig;
mod signals;
mod verdicts;
