//! Amazon's query protocol, as IAM and STS answer in it: XML, and an error with a name.

use crate::ecr::Unheard;
use crate::serve::Reply;

/// A service's own marks in its answers.
pub(crate) struct Query {
    /// The XML namespace of its version.
    pub(crate) namespace: &'static str,
    /// The id that it gives its answers.
    pub(crate) request_id: &'static str,
}

impl Query {
    /// The result of an action.
    pub(crate) fn result(&self, action: &str, inner: &str) -> Reply {
        let Self { namespace, request_id } = self;
        self.xml(
            200,
            &format!(
                "<{action}Response xmlns=\"{namespace}\"><{action}Result>{inner}</{action}Result>\
                 <ResponseMetadata><RequestId>{request_id}</RequestId></ResponseMetadata></{action}Response>"
            ),
        )
    }

    /// What is answered to a signature that is not let in.
    pub(crate) fn refused(&self, unheard: Unheard) -> Reply {
        let (code, message) = match unheard {
            Unheard::Unsigned => ("MissingAuthenticationToken", "Request is missing Authentication Token"),
            Unheard::UnknownKey => ("InvalidClientTokenId", "The security token included in the request is invalid."),
            Unheard::Expired => ("ExpiredToken", "The security token included in the request is expired"),
            Unheard::WrongScope => ("SignatureDoesNotMatch", "Credential should be scoped to a valid region."),
        };
        self.failed(403, code, message)
    }

    /// An error.
    pub(crate) fn failed(&self, status: u16, code: &str, message: &str) -> Reply {
        let Self { namespace, request_id } = self;
        let kind = if status < 500 { "Sender" } else { "Receiver" };
        self.xml(
            status,
            &format!(
                "<ErrorResponse xmlns=\"{namespace}\"><Error><Type>{kind}</Type><Code>{code}</Code>\
                 <Message>{message}</Message></Error><RequestId>{request_id}</RequestId></ErrorResponse>"
            ),
        )
    }

    fn xml(&self, status: u16, body: &str) -> Reply {
        let reply = Reply::new(status, body.to_owned()).header("content-type", "text/xml");
        reply.header("x-amzn-requestid", self.request_id)
    }
}
