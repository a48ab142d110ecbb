//! gonogo from the outside: through its binary, against the world.

mod causes;
mod cli;
mod faults;
mod guards;
mod json_schema;
mod pages;
mod readme;
mod rig;
mod screen;
mod signals;
mod verdicts;
