//! gonogo from the outside: through its binary, against the world.

mod causes;
mod faults;
mod polite;
mod repeat;
mod rig;
mod secrets;
mod signals;
mod verdicts;
