//! gonogo.
fn main() {}
