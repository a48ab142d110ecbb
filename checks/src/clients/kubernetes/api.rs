//! One cluster's API, once it is known to be the cluster that is meant.

use super::{
    Kubectl, Meta, Pod, Selector, StoredSecret, credential, path,
    refusal::look,
    request::{LIMIT, Reply, Wanted},
    right,
    way::Way,
};
use crate::{
    clients::{connections::Cluster, looks::Question},
    contract::{Context, Unobserved, Why},
};
use bytes::Bytes;
use jiff::Timestamp;
use serde::{Deserialize, de::DeserializeOwned};
use std::{ops::Deref, sync::Arc, time::Duration};

/// What the metadata of an object is asked for as, so that the rest stays where it is.
const METADATA: &str = "application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1";

/// What was seen, asked of whom and when.
#[derive(Clone, Debug)]
pub struct Seen<T> {
    /// What was seen.
    pub value: T,
    /// What was asked, for a person: `GET https://host/path`.
    pub asked: String,
    /// When its first byte was asked.
    pub asked_at: Timestamp,
}

impl<T> Deref for Seen<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}

/// One cluster's API. Cheap to clone; equal requests of a run are made once.
#[derive(Clone)]
pub struct Api {
    pub(super) cx: Context,
    pub(super) way: Arc<Way>,
    /// What makes two askers the same: the cluster, and as whom.
    pub(super) identity: Arc<str>,
}

impl Context {
    /// The API of `cluster`, proven to be the one whose UID the checklist names, where it names one.
    ///
    /// # Errors
    /// No kubeconfig or context, a credential plugin that gives nothing, another cluster, or none that answers.
    pub async fn cluster(&self, cluster: &Cluster) -> Result<Api, Unobserved> {
        let asked = format!("the way to the cluster of site {}", cluster.site);
        let identity: Arc<str> = format!("{cluster:?}").into();
        let question = Question {
            host: format!("kubeconfig {identity}"),
            key: format!("kubernetes way {identity}"),
            asked,
            limit: credential::PLUGIN + LIMIT / 2,
        };
        let (cx, wanted) = (self.clone(), cluster.clone());
        let find = move || {
            let (cx, wanted) = (cx.clone(), wanted.clone());
            async move { Way::find(&cx, &wanted).await }
        };
        let way = self.looks().once(self.trace(), question, find).await?;
        let api = Api { cx: self.clone(), way, identity };
        if let Some(uid) = &cluster.uid {
            api.prove(uid).await?;
        }
        Ok(api)
    }
}

impl Api {
    /// How `kubectl` reaches this cluster.
    #[must_use]
    pub fn kubectl(&self) -> &Kubectl {
        &self.way.kubectl
    }

    /// The object at `path`.
    ///
    /// # Errors
    /// It is not there, may not be read, or cannot be read as `T`.
    pub async fn get<T>(&self, path: &str) -> Result<Arc<Seen<T>>, Unobserved>
    where
        T: DeserializeOwned + Send + Sync + 'static,
    {
        self.get_within(path, LIMIT).await
    }

    /// The object at `path`, where one attempt may take `limit`.
    ///
    /// # Errors
    /// As [`get`](Self::get).
    pub async fn get_within<T>(&self, path: &str, limit: Duration) -> Result<Arc<Seen<T>>, Unobserved>
    where
        T: DeserializeOwned + Send + Sync + 'static,
    {
        self.ask(Wanted { limit, ..Wanted::get(path) }).await.and_then(|reply| reply.here())
    }

    /// The object at `path`, or `None` if the cluster says that there is none of that name. A path that the cluster
    /// does not serve is an error, since that says nothing of the object.
    ///
    /// # Errors
    /// It may not be read, or cannot be read as `T`.
    pub async fn find<T>(&self, path: &str) -> Result<Option<Arc<Seen<T>>>, Unobserved>
    where
        T: DeserializeOwned + Send + Sync + 'static,
    {
        self.find_within(path, LIMIT).await
    }

    /// As [`find`](Self::find), where one attempt may take `limit`.
    ///
    /// # Errors
    /// As [`find`](Self::find).
    pub async fn find_within<T>(&self, path: &str, limit: Duration) -> Result<Option<Arc<Seen<T>>>, Unobserved>
    where
        T: DeserializeOwned + Send + Sync + 'static,
    {
        let reply = self.ask(Wanted { limit, ..Wanted::get(path) }).await?;
        if matches!(*reply, Reply::Absent(_)) { Ok(None) } else { reply.here().map(Some) }
    }

    /// The pods of `namespace` whose labels match `selector` (empty: all of them).
    ///
    /// # Errors
    /// As [`list`](Self::list).
    pub async fn pods(&self, namespace: &str, selector: &str) -> Result<Seen<Vec<Pod>>, Unobserved> {
        let labels = Some(selector.to_owned()).filter(|selector| !selector.is_empty());
        self.list(&path("v1", Some(namespace), &["pods"]), &Selector { labels, fields: None }).await
    }

    /// The Secret object `name`, values and all.
    ///
    /// # Errors
    /// As [`get`](Self::get).
    pub async fn secret(&self, namespace: &str, name: &str) -> Result<Arc<Seen<StoredSecret>>, Unobserved> {
        let path = path("v1", Some(namespace), &["secrets", name]);
        self.ask_in_private(Wanted::get(&path)).await?.here()
    }

    /// The metadata of the Secret object `name`: its values do not leave the cluster. The right that it takes is the same.
    ///
    /// # Errors
    /// As [`get`](Self::get).
    pub async fn secret_metadata(&self, namespace: &str, name: &str) -> Result<Meta, Unobserved> {
        let path = path("v1", Some(namespace), &["secrets", name]);
        let seen = self.ask::<Named>(Wanted { accept: METADATA, ..Wanted::get(&path) }).await?.here()?;
        Ok(seen.metadata.clone())
    }

    /// The metadata of the object at `path`, or `None` if the cluster says that there is none of that name: the rest of it
    /// does not leave the cluster. The right that it takes is the same.
    ///
    /// # Errors
    /// As [`find`](Self::find).
    pub async fn find_metadata(&self, path: &str) -> Result<Option<Meta>, Unobserved> {
        let reply = self.ask::<Named>(Wanted { accept: METADATA, ..Wanted::get(path) }).await?;
        if matches!(*reply, Reply::Absent(_)) {
            return Ok(None);
        }
        reply.here().map(|seen| Some(seen.metadata.clone()))
    }

    /// What the API server answers at `path`, whatever it is, if its status is 2xx.
    ///
    /// # Errors
    /// Any other status, or no whole answer.
    pub async fn raw(&self, path: &str) -> Result<Arc<Seen<Bytes>>, Unobserved> {
        self.look(Wanted { accept: "*/*", ..Wanted::get(path) }, |body| Ok(body.clone())).await?.here()
    }

    /// True if and only if `namespace` exists. The control read behind an empty list.
    ///
    /// # Errors
    /// It may not be read.
    pub async fn has_namespace(&self, namespace: &str) -> Result<bool, Unobserved> {
        Ok(self.find::<Named>(&path("v1", None, &["namespaces", namespace])).await?.is_some())
    }

    async fn prove(&self, uid: &str) -> Result<(), Unobserved> {
        let path = path("v1", None, &["namespaces", "kube-system"]);
        let seen = self.get::<Named>(&path).await.map_err(|mut missing| {
            if missing.why == Why::Forbidden {
                missing.detail = format!(
                    "needs the right `{} kube-system`, to compare the cluster's UID: {}",
                    right("get", &path),
                    missing.detail
                );
            }
            missing
        })?;
        if seen.metadata.uid == uid {
            return Ok(());
        }
        let detail = format!("this cluster's UID is {}, and {uid} is meant", seen.metadata.uid);
        Err(Unobserved::new(Why::WrongSystem, &seen.asked, detail).by_hand(look(self.kubectl(), &path)))
    }
}

/// An object of which only the metadata is read.
#[derive(Clone, Deserialize)]
pub(super) struct Named {
    pub(super) metadata: Meta,
}
