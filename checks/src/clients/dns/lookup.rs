//! Asking within a run: a turn at the server, retries, equal questions once.

use super::{Question, Reply, exchange};
use crate::{
    clients::looks,
    contract::{Context, Unobserved},
};
use std::sync::Arc;

impl Context {
    /// The server's answer, whatever it is: SERVFAIL and REFUSED are answers too.
    ///
    /// # Errors
    /// Nothing came in time, nobody listens, or what came is no answer.
    pub async fn dns(&self, question: Question) -> Result<Arc<Reply>, Unobserved> {
        let look = looks::Question {
            host: format!("dns {}", question.server),
            key: question.key(),
            asked: question.asked(),
            limit: exchange::LIMIT,
        };
        let socket = self.network().leads(question.server);
        let is_alone = question.is_alone;
        let question = Arc::new(question);
        let ask = move || {
            let question = question.clone();
            async move { exchange::ask(&question, socket).await }
        };
        if is_alone {
            self.looks().alone(self.trace(), look, ask).await
        } else {
            self.looks().once(self.trace(), look, ask).await
        }
    }
}
