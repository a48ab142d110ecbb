//! What is being waited for, on a terminal's standard error; a pipe gets nothing but the report.

use crate::{
    plan::Plan,
    run::{Event, Progress},
};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::{collections::BTreeSet, time::Duration};

/// The most items that are named at once.
const MOST_NAMES: usize = 4;

/// One line that says what is being waited for.
pub struct Live {
    bar: ProgressBar,
    running: BTreeSet<usize>,
}

impl Live {
    /// A line for so many items; it draws nothing unless somebody watches.
    pub fn new(items: usize, is_watched: bool) -> Self {
        let target = if is_watched { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
        let bar = ProgressBar::with_draw_target(Some(items as u64), target);
        if let Ok(style) = ProgressStyle::with_template("{pos} of {len} looked at, {elapsed}: {wide_msg}") {
            bar.set_style(style);
        }
        bar.enable_steady_tick(Duration::from_millis(200));
        Self { bar, running: BTreeSet::new() }
    }

    /// Takes the line away.
    pub fn end(self) {
        self.bar.finish_and_clear();
    }
}

impl Progress for Live {
    fn take(&mut self, plan: &Plan, event: &Event<'_>) {
        match event {
            Event::Started(i) => {
                self.running.insert(*i);
            }
            Event::Finished(i, _) => {
                self.running.remove(i);
                self.bar.inc(1);
            }
            Event::Stopping => self.bar.println("stopping: running items have 2 s; once more to stop at once"),
        }
        let names: Vec<&str> = self.running.iter().take(MOST_NAMES).map(|&i| plan.items[i].id.as_str()).collect();
        let more = self.running.len().saturating_sub(MOST_NAMES);
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        self.bar.set_message(format!("waiting for {}{more}", names.join(", ")));
    }
}
