//! Clusters: connections to Kubernetes by environment, and what can be read through them.
//! Called by tools/functions for facts and by the Kubernetes runner for its own, wider use.
//! Must never write to a cluster, nor return the value of a Secret.

pub mod connection;
mod events;
pub mod failure;
mod health;
pub mod kinds;
mod logs;
mod objects;
mod status;

pub use connection::{Connection, Page};
pub use health::{Scope, snapshot};
pub use logs::LogTail;

use chopmark_domain::environment::{ClusterAddress, Environment};
use chopmark_domain::problem::{Code, Problem};
use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::SystemTime;
use tokio::sync::Mutex;

/// For what a connection is used, which decides its identity.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Purpose {
    /// Reads and dry runs: the plan context where one is configured.
    Read,
    /// The effect itself.
    Act,
}

/// Connections by address, made when first needed. A cheap clone.
#[derive(Clone, Default)]
pub struct Clusters {
    pool: Arc<Mutex<HashMap<Key, Connection>>>,
}

/// A kubeconfig that was edited is another one: tokens and servers may have moved.
#[derive(Clone, PartialEq, Eq, Hash)]
struct Key {
    kubeconfig: Option<(PathBuf, Option<SystemTime>)>,
    context: Option<String>,
}

impl Clusters {
    /// No connection yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// The connection to a cluster.
    ///
    /// # Errors
    /// [`Code::ClusterUnreachable`] when the kubeconfig or the context cannot be used. The server is not asked yet.
    pub async fn connect(&self, address: &ClusterAddress, purpose: Purpose) -> Result<Connection, Problem> {
        let context = match purpose {
            Purpose::Read => address.plan_context.as_ref().or(address.context.as_ref()),
            Purpose::Act => address.context.as_ref(),
        };
        let modified = |path: &PathBuf| std::fs::metadata(path).and_then(|metadata| metadata.modified()).ok();
        let key = Key {
            kubeconfig: address.kubeconfig.as_ref().map(|path| (path.clone(), modified(path))),
            context: context.cloned(),
        };
        let mut pool = self.pool.lock().await;
        if let Some(connection) = pool.get(&key) {
            return Ok(connection.clone());
        }
        let connection = Connection::open(address.kubeconfig.as_deref(), context.map(String::as_str)).await?;
        pool.insert(key, connection.clone());
        Ok(connection)
    }

    /// The client that acts.
    ///
    /// # Errors
    /// As [`Clusters::connect`].
    pub async fn client(&self, address: &ClusterAddress) -> Result<kube::Client, Problem> {
        Ok(self.connect(address, Purpose::Act).await?.client())
    }

    /// The cluster's own identity: the UID of its namespace `kube-system`, which no rename or second context changes.
    ///
    /// # Errors
    /// [`Code::ClusterUnreachable`] or [`Code::ClusterForbidden`].
    pub async fn identity(&self, address: &ClusterAddress) -> Result<String, Problem> {
        self.connect(address, Purpose::Read).await?.identity().await
    }

    /// The reading connection of an environment.
    pub(crate) async fn reader(&self, environment: &Environment) -> Result<Connection, Problem> {
        let address = environment
            .cluster
            .as_ref()
            .ok_or_else(|| Problem::new(Code::NoCluster).with("environment", &environment.name))?;
        self.connect(address, Purpose::Read).await
    }
}
