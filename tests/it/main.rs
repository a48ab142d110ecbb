//! gonogo from the outside: through its binary, against the world.

mod cli;
mod guards;
mod json_schema;
mod pages;
mod readme;
mod rig;
mod screen;
mod signals;
mod verdicts;
