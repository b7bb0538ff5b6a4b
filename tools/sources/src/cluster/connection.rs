//! One connection to one cluster: its client, its kinds, and plain reads of objects.
//! Opened by `Clusters`; used by everything that reads a cluster and by the Kubernetes runner.
//! Must never put an unchecked name into a URL.

use super::failure::{Attempt, unreachable_because};
use super::kinds::{Kind, Kinds};
use chopmark_domain::problem::{Code, Problem};
use chopmark_domain::proposal::ObjectReference;
use kube::api::{GetParams, ListParams};
use kube::config::{KubeConfigOptions, Kubeconfig};
use kube::core::Request;
use kube::{Client, Config};
use serde_json::Value;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::RwLock;

/// How long opening a connection may take: a cluster that is there answers in milliseconds (issue 4, "bad input").
const CONNECT: Duration = Duration::from_secs(5);
/// How long one answer may take; the API server itself gives up after 60 s.
const ANSWER: Duration = Duration::from_secs(30);
/// How many objects one page of a list holds, as kubectl asks for.
const PAGE: u32 = 500;

/// A connection. A cheap clone.
#[derive(Clone)]
pub struct Connection {
    client: Client,
    name: Arc<str>,
    kinds: Arc<RwLock<Option<Arc<Kinds>>>>,
}

/// Objects of a list, cut where the caller said.
#[derive(Debug, Clone, PartialEq)]
pub struct Page {
    /// The objects, with kind and version filled in.
    pub objects: Vec<Value>,
    /// Whether there are more.
    pub more: bool,
}

impl Connection {
    /// Reads the kubeconfig and makes the client; asks the server nothing.
    pub(super) async fn open(kubeconfig: Option<&Path>, context: Option<&str>) -> Result<Self, Problem> {
        let name = context.unwrap_or("current context").to_owned();
        let unusable = |reason: String| unreachable_because(&name, &reason);
        let options = KubeConfigOptions { context: context.map(str::to_owned), ..KubeConfigOptions::default() };
        let loaded = match (kubeconfig, context) {
            (Some(path), _) => {
                let file = Kubeconfig::read_from(path).map_err(|error| unusable(kubeconfig_reason(&error)))?;
                Config::from_custom_kubeconfig(file, &options).await
            }
            (None, Some(_)) => Config::from_kubeconfig(&options).await,
            (None, None) => match Config::from_kubeconfig(&options).await {
                Ok(config) => Ok(config),
                Err(error) => Config::incluster().map_err(|_| error),
            },
        };
        let mut config = loaded.map_err(|error| unusable(kubeconfig_reason(&error)))?;
        config.connect_timeout = Some(CONNECT);
        config.read_timeout = Some(ANSWER);
        config.write_timeout = Some(ANSWER);
        // Nothing is ever sent twice by itself: a second write could be a second effect.
        config.default_retry = false;
        let attempt = Attempt { cluster: &name, about: "" };
        let client = Client::try_from(config).map_err(|error| attempt.problem(&error))?;
        Ok(Self { client, name: name.as_str().into(), kinds: Arc::default() })
    }

    /// The client.
    pub fn client(&self) -> Client {
        self.client.clone()
    }

    /// The context's name, for people.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What an error of an attempt is.
    pub fn problem(&self, error: &kube::Error, about: &str) -> Problem {
        Attempt { cluster: &self.name, about }.problem(error)
    }

    /// UID of the namespace `kube-system`.
    ///
    /// # Errors
    /// The cluster cannot be reached or refuses.
    pub async fn identity(&self) -> Result<String, Problem> {
        let about = "Namespace/kube-system";
        let request = Request::new("/api/v1/namespaces").get("kube-system", &GetParams::default());
        let namespace: Value = self.send(request, about).await?;
        match crate::json::text(&namespace, "/metadata/uid") {
            "" => Err(unreachable_because(&self.name, "the namespace kube-system has no UID")),
            uid => Ok(uid.to_owned()),
        }
    }

    /// The server's version, as it says itself.
    ///
    /// # Errors
    /// The cluster cannot be reached.
    pub async fn version(&self) -> Result<String, Problem> {
        let info = self.client.apiserver_version().await.map_err(|error| self.problem(&error, "/version"))?;
        Ok(info.git_version)
    }

    /// Every kind that the cluster serves, as known now.
    ///
    /// # Errors
    /// The cluster cannot be reached.
    pub async fn kinds(&self) -> Result<Arc<Kinds>, Problem> {
        if let Some(kinds) = self.kinds.read().await.clone() {
            return Ok(kinds);
        }
        self.discover().await
    }

    async fn discover(&self) -> Result<Arc<Kinds>, Problem> {
        let failed = |error: kube::Error| self.problem(&error, "/apis");
        let core = self.client.list_core_api_versions_aggregated().await.map_err(failed)?;
        let groups = self.client.list_api_groups_aggregated().await.map_err(failed)?;
        let kinds = Arc::new(Kinds::from_discovery(&core, &groups));
        *self.kinds.write().await = Some(kinds.clone());
        Ok(kinds)
    }

    /// The kind an object names. Asks the server again before saying that there is none.
    ///
    /// # Errors
    /// The cluster cannot be reached; none when it serves no such kind.
    pub async fn kind(&self, api_version: &str, kind: &str) -> Result<Option<Kind>, Problem> {
        if let Some(known) = self.kinds().await?.get(api_version, kind) {
            return Ok(Some(known.clone()));
        }
        Ok(self.discover().await?.get(api_version, kind).cloned())
    }

    /// The kind a person names in any way.
    ///
    /// # Errors
    /// As [`Connection::kind`].
    pub async fn kind_named(&self, name: &str) -> Result<Option<Kind>, Problem> {
        if let Some(known) = self.kinds().await?.named(name) {
            return Ok(Some(known.clone()));
        }
        Ok(self.discover().await?.named(name).cloned())
    }

    /// One object; none when it is not there.
    ///
    /// # Errors
    /// The cluster cannot be reached or refuses.
    pub async fn get(&self, kind: &Kind, namespace: Option<&str>, name: &str) -> Result<Option<Value>, Problem> {
        let about = ObjectReference {
            api_version: kind.resource.api_version.clone(),
            kind: kind.resource.kind.clone(),
            namespace: namespace.map(str::to_owned),
            name: name.to_owned(),
        }
        .to_string();
        check_name(namespace.unwrap_or("all"), &about)?;
        check_name(name, &about)?;
        let request = Request::new(kind.path(namespace)).get(name, &GetParams::default());
        match self.client.request::<Value>(request.map_err(|error| build(&about, &error))?).await {
            Ok(object) => Ok(Some(object)),
            Err(kube::Error::Api(status)) if status.is_not_found() => Ok(None),
            Err(error) => Err(self.problem(&error, &about)),
        }
    }

    /// Up to `most` objects of a kind, page by page.
    ///
    /// # Errors
    /// The cluster cannot be reached or refuses.
    pub async fn list(
        &self,
        kind: &Kind,
        namespace: Option<&str>,
        labels: Option<&str>,
        most: usize,
    ) -> Result<Page, Problem> {
        let about = match namespace {
            Some(namespace) => format!("{}/{namespace}", kind.resource.kind),
            None => kind.resource.kind.clone(),
        };
        check_name(namespace.unwrap_or("all"), &about)?;
        let mut page = Page { objects: Vec::new(), more: false };
        let mut parameters = ListParams::default().limit(PAGE.min(u32::try_from(most).unwrap_or(PAGE).max(1)));
        if let Some(labels) = labels {
            parameters = parameters.labels(labels);
        }
        loop {
            let mut list: Value = self.send(Request::new(kind.path(namespace)).list(&parameters), &about).await?;
            let token = crate::json::text(&list, "/metadata/continue").to_owned();
            let items = list.get_mut("items").and_then(Value::as_array_mut).map(std::mem::take).unwrap_or_default();
            page.objects.extend(items.into_iter().map(|object| complete(object, kind)));
            page.more = !token.is_empty() || page.objects.len() > most;
            if token.is_empty() || page.objects.len() >= most {
                page.objects.truncate(most);
                return Ok(page);
            }
            parameters = parameters.continue_token(&token);
        }
    }

    async fn send<T: serde::de::DeserializeOwned>(
        &self,
        request: Result<http::Request<Vec<u8>>, kube::core::request::Error>,
        about: &str,
    ) -> Result<T, Problem> {
        let request = request.map_err(|error| build(about, &error))?;
        self.client.request(request).await.map_err(|error| self.problem(&error, about))
    }
}

/// Items of a list come without kind and version.
fn complete(mut object: Value, kind: &Kind) -> Value {
    if let Some(fields) = object.as_object_mut() {
        fields.entry("apiVersion").or_insert_with(|| kind.resource.api_version.clone().into());
        fields.entry("kind").or_insert_with(|| kind.resource.kind.clone().into());
    }
    object
}

fn build(about: &str, error: &kube::core::request::Error) -> Problem {
    Problem::new(Code::ClusterRefused).with("about", about).with("reason", error)
}

/// Names are pasted into a path, so nothing that means something there may be in them. Kubernetes names are
/// lower-case letters, digits, dashes and dots; those of access rules may also have colons and capitals.
///
/// # Errors
/// [`Code::ClusterRefused`]: no object can have such a name.
pub fn check_name(name: &str, about: &str) -> Result<(), Problem> {
    let plain = (1..=253).contains(&name.len())
        && name != "."
        && name != ".."
        && name.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.' | b':'));
    if plain {
        return Ok(());
    }
    let reason = "names of objects are letters, digits, dashes and dots";
    Err(Problem::new(Code::ClusterRefused).with("about", about).with("reason", reason))
}

/// Why a kubeconfig cannot be used, without a word of its text.
fn kubeconfig_reason(error: &kube::config::KubeconfigError) -> String {
    use kube::config::KubeconfigError as E;
    match error {
        E::Parse(_) => "the kubeconfig does not parse".to_owned(),
        E::LoadContext(context) => format!("the kubeconfig has no context {context}"),
        E::ReadConfig(cause, path) => format!("the kubeconfig {} cannot be read: {cause}", path.display()),
        other => other.to_string(),
    }
}
