//! The same looks by hand.

use super::{Evidence, Object, Range, Which};
use crate::contract::Remedy;

impl Evidence {
    /// Everything of the kind, as it was asked for.
    pub(super) fn list(&self) -> Remedy {
        let plural = self.plural();
        let mut words = vec!["get".to_owned(), plural];
        if self.range == Range::AllNamespaces {
            words.push("--all-namespaces".to_owned());
        }
        if let Which::Selected { labels, fields } = &self.which {
            words.extend(labels.iter().map(|labels| format!("--selector={labels}")));
            words.extend(fields.iter().map(|fields| format!("--field-selector={fields}")));
        }
        self.within(None, &words)
    }

    /// Everything of the kind, whatever was asked for.
    pub(super) fn list_all(&self) -> Remedy {
        let mut words = vec!["get".to_owned(), self.plural()];
        if self.range != Range::Cluster {
            words.push("--all-namespaces".to_owned());
        }
        self.cluster.look(&words.iter().map(String::as_str).collect::<Vec<_>>())
    }

    /// One object, with what happened to it.
    pub(super) fn describe(&self, object: &Object) -> Remedy {
        let words = ["describe".to_owned(), self.plural(), object.name().to_owned()];
        self.within(object.namespace(), &words)
    }

    /// One object, all of it.
    pub(super) fn show(&self, object: &Object) -> Remedy {
        let words = ["get", &self.plural(), object.name(), "-o", "yaml"].map(str::to_owned);
        self.within(object.namespace(), &words)
    }

    fn within(&self, namespace: Option<&str>, words: &[String]) -> Remedy {
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        match namespace.or(self.range.namespace()) {
            Some(namespace) => self.cluster.look_in(namespace, &words),
            None => self.cluster.look(&words),
        }
    }
}
