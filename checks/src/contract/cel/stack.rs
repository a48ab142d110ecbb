//! The stack on which expressions are compiled and evaluated.

use std::{io, panic::resume_unwind, thread};

/// What 512 bytes of CEL can need, many times over.
const STACK: usize = 16 << 20;

/// Does `work` on a thread with a large stack, and waits for it; a panic goes on here.
///
/// # Errors
/// The thread cannot be started.
pub fn on_large_stack<T: Send>(work: impl FnOnce() -> T + Send) -> io::Result<T> {
    thread::scope(|scope| {
        let builder = thread::Builder::new().name("expressions".to_owned()).stack_size(STACK);
        builder.spawn_scoped(scope, work).map(|thread| thread.join().unwrap_or_else(|panic| resume_unwind(panic)))
    })
}
