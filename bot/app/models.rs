//! The models of the configuration, ready to be asked in their order.
//! Made once when the house is assembled.
//! Must never keep the program from starting: a model that cannot be asked says why when it is asked.

use crate::config::{Config, chat_secrets};
use crate::secrets;
use async_trait::async_trait;
use chopmark_assistant::model::{Model, Reply, Turn};
use chopmark_assistant::models::{ModelAddress, OpenAi};
use chopmark_assistant::{Chain, Offline, keep_secret};
use chopmark_catalog::Catalog;
use chopmark_domain::problem::{Code, Problem};
use std::sync::Arc;

/// The models that are asked, and the planner inside the program at their end. What the configuration names as secret
/// is kept out of everything they are sent.
pub fn chain(config: &Config, catalog: Arc<Catalog>) -> Chain {
    let entries = config.models.chain();
    if !entries.is_empty() {
        keep_credentials(config);
    }
    let entries = entries.into_iter();
    let outside = entries.map(|entry| match entry.resolved().inspect(keep).and_then(OpenAi::new) {
        Ok(model) => Arc::new(model) as Arc<dyn Model>,
        Err(problem) => {
            let name = entry.address().name.clone();
            tracing::warn!(model = name, code = %problem.code, %problem, "a model cannot be asked");
            Arc::new(Mute { name })
        }
    });
    Chain::new(outside.collect(), Arc::new(Offline::new(catalog)))
}

fn keep(address: &ModelAddress) {
    address.key.iter().chain(address.headers.values()).for_each(keep_secret);
}

/// Credentials that are in this process anyway. Those in files stay where they are until a run needs them.
fn keep_credentials(config: &Config) {
    let all = config.environments.all.values().filter_map(|environment| environment.terraform.as_ref());
    let references =
        all.flat_map(|terraform| terraform.credentials.values().chain(terraform.plan_credentials.values()));
    chat_secrets(config).iter().for_each(keep_secret);
    for reference in references.filter(|reference| reference.starts_with("env:")) {
        if let Ok(secret) = secrets::read(reference) {
            keep_secret(&secret);
        }
    }
}

/// A model whose key cannot be read.
struct Mute {
    name: String,
}

#[async_trait]
impl Model for Mute {
    async fn turn(&self, _turn: &Turn) -> Result<Reply, Problem> {
        Err(Problem::new(Code::ModelKeyRefused).with("model", &self.name))
    }

    fn name(&self) -> &str {
        &self.name
    }
}
