//! gonogo from the outside: through its binary, against the world.

mod capacity;
mod causes;
mod cli;
mod clocks;
mod emptiness;
mod faults;
mod guards;
mod json_schema;
mod layers;
mod outputs;
mod pages;
mod picture;
mod polite;
mod readme;
mod repeat;
mod retries;
mod rig;
mod schemas;
mod screen;
mod secrets;
mod selection;
mod shell;
mod signals;
mod stage;
mod timeline;
mod verdicts;
