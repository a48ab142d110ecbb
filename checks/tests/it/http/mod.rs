//! The probe `http` against the world: what it sees there, and that no fault of the world is a pass.

mod certificates;
mod faults;
mod page;
mod proxy;
mod samples;
mod stage;
mod workshop;
