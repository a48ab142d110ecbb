//! gonogo from the outside: through its binary, against the world.

mod causes;
mod cli;
mod clocks;
mod emptiness;
mod faults;
mod guards;
mod json_schema;
mod pages;
mod polite;
mod readme;
mod repeat;
mod retries;
mod rig;
mod screen;
mod secrets;
mod signals;
mod verdicts;
