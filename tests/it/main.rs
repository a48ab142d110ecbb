//! gonogo from the outside: through its binary, against the world.

mod causes;
mod clocks;
mod emptiness;
mod faults;
mod polite;
mod repeat;
mod retries;
mod rig;
mod secrets;
mod signals;
mod verdicts;
