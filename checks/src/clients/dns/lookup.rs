//! Asking within a run: a turn at the server, retries, equal questions once.

use super::{Question, Reply, exchange};
use crate::{
    clients::looks,
    contract::{Context, Unobserved},
};
use hickory_proto::rr::{Name, RecordType};
use std::{net::SocketAddr, sync::Arc};

impl Context {
    /// The server's answer, whatever it is: SERVFAIL and REFUSED are answers too.
    ///
    /// # Errors
    /// Nothing came in time, nobody listens, or what came is no answer.
    pub async fn dns(&self, question: Question) -> Result<Arc<Reply>, Unobserved> {
        let key = question.key();
        self.put(question, key).await
    }

    /// What the resolver at `server` says of a random name below `domain`, where none exists: an address in the answer
    /// is a lie. Asked once in a run, whoever asks.
    ///
    /// # Errors
    /// As [`dns`](Self::dns).
    pub async fn control(&self, server: SocketAddr, domain: &Name) -> Result<Arc<Reply>, Unobserved> {
        let name = domain.prepend_label(self.label()).unwrap_or_else(|_| domain.clone());
        let key = format!("dns control {server} {}", domain.to_lowercase());
        self.put(Question::recursive(server, name, RecordType::A), key).await
    }

    async fn put(&self, question: Question, key: String) -> Result<Arc<Reply>, Unobserved> {
        let look = looks::Question {
            host: format!("dns {}", question.server),
            key,
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
