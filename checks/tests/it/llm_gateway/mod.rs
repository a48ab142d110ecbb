//! The probe `llm-gateway` against the world and against a real gateway's recorded answers.

mod bridge;
mod calls;
mod faults;
mod keys;
mod recorded;
mod sources;

pub use crate::coder_deployment::stage::Stage;

pub const EACH: &str = "{ each_attendee: { dollars: 1, requests_per_minute: 6, tokens_per_minute: 20000 } }";

pub async fn stage() -> Stage {
    Stage::of("llm-gateway").await
}
