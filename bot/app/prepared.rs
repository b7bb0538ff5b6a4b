//! Components of repositories that are made, or checked, when they are first asked for.
//! Used by assemble.rs in place of the bare git runner, so that one unreachable remote delays no other environment.
//! Must never hide why a repository cannot be used.

use async_trait::async_trait;
use chopmark_domain::component::{ComponentPath, ComponentVersion};
use chopmark_domain::environment::{Environment, RepositoryAddress};
use chopmark_domain::facts::VersionSummary;
use chopmark_domain::ids::ObjectHash;
use chopmark_domain::ports::{Answer, Components};
use chopmark_runners::git::Git;
use tokio::sync::Mutex;

/// The git runner's components, with their repositories made ready once.
pub(crate) struct Prepared {
    git: Git,
    /// Addresses that are ready.
    ready: Mutex<Vec<RepositoryAddress>>,
}

impl Prepared {
    /// Nothing is ready yet.
    pub(crate) fn new(git: Git) -> Self {
        Self { git, ready: Mutex::new(vec![]) }
    }

    async fn ready(&self, environment: &Environment) -> Answer<()> {
        let address = &environment.repository;
        // Held while preparing: two questions at once make one repository.
        let mut ready = self.ready.lock().await;
        if !ready.contains(address) || !address.path.exists() {
            self.git.prepare(environment).await?;
            ready.retain(|known| known.path != address.path);
            ready.push(address.clone());
        }
        Ok(())
    }
}

#[async_trait]
impl Components for Prepared {
    async fn list(&self, environment: &Environment) -> Answer<Vec<ComponentVersion>> {
        self.ready(environment).await?;
        self.git.list(environment).await
    }

    async fn read(&self, environment: &Environment, path: &ComponentPath) -> Answer<Option<ComponentVersion>> {
        self.ready(environment).await?;
        self.git.read(environment, path).await
    }

    async fn at(
        &self,
        environment: &Environment,
        path: &ComponentPath,
        commit: &ObjectHash,
    ) -> Answer<Option<ComponentVersion>> {
        self.ready(environment).await?;
        self.git.at(environment, path, commit).await
    }

    async fn conventions(&self, environment: &Environment) -> Answer<Option<String>> {
        self.ready(environment).await?;
        self.git.conventions(environment).await
    }

    async fn history(
        &self,
        environment: &Environment,
        path: &ComponentPath,
        limit: u32,
    ) -> Answer<Vec<VersionSummary>> {
        self.ready(environment).await?;
        self.git.history(environment, path, limit).await
    }
}
