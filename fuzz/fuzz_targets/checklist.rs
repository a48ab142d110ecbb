//! Any text as a checklist: read, layered over itself, planned, and its problems rendered. Nothing is looked at.
//!
//! `cargo fuzz run -s none checklist` from the repository's root; without a nightly compiler, under `RUSTC_BOOTSTRAP=1`.

#![no_main]

use gonogo::{
    checklist::{parse, render_all},
    plan::{Selection, make},
};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    // The last line, where it looks like one, is a `--set`.
    let sets: Vec<String> =
        text.lines().next_back().filter(|line| line.contains('=')).map(str::to_owned).into_iter().collect();
    for sets in [&[][..], &sets] {
        let checklist = parse(text, sets);
        match make(&checklist, &Selection::default(), 7) {
            Ok(plan) => assert!(checklist.problems.is_empty() && !plan.items.is_empty()),
            Err(problems) => {
                assert!(!problems.is_empty());
                assert!(render_all(&checklist.sources, &problems, true).ends_with("nothing was looked at\n"));
            }
        }
    }
});
