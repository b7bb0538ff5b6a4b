//! Who is who: people of the configuration, joined identities, and groups that platforms told of.
//! Made in assemble.rs; asked by the engine, the exec child, the router and the tools.
//! Must never go by a display name, nor count a link whose seal does not hold.

use crate::config::FileSettings;
use async_trait::async_trait;
use chopmark_domain::ids::{Identity, PersonId};
use chopmark_domain::person::Person;
use chopmark_domain::ports::{Answer, Directory, Settings as _};

/// The directory of an install.
#[derive(Clone)]
pub struct InstallDirectory {
    settings: FileSettings,
}

impl InstallDirectory {
    /// A directory on the configuration.
    pub fn new(settings: FileSettings) -> Self {
        Self { settings }
    }
}

#[async_trait]
impl Directory for InstallDirectory {
    async fn identify(&self, identity: &Identity) -> Answer<PersonId> {
        self.settings.policy()?;
        Ok(PersonId::from(identity.clone()))
    }

    async fn person(&self, id: &PersonId) -> Answer<Option<Person>> {
        Ok(self.settings.config()?.people.get(id).cloned())
    }

    async fn people(&self) -> Answer<Vec<Person>> {
        Ok(self.settings.config()?.people.values().cloned().collect())
    }
}
