//! The models of the configuration, ready to be asked in their order.
//! Made once when the house is assembled.
//! Must never keep the program from starting: a model that cannot be asked says why when it is asked.

use crate::config::Config;
use async_trait::async_trait;
use chopmark_assistant::model::{Model, Reply, Turn};
use chopmark_assistant::models::OpenAi;
use chopmark_assistant::{Chain, Offline};
use chopmark_catalog::Catalog;
use chopmark_domain::problem::{Code, Problem};
use std::sync::Arc;

/// The models that are asked, and the planner inside the program at their end.
pub fn chain(config: &Config, catalog: Arc<Catalog>) -> Chain {
    let entries = config.models.chain().into_iter();
    let outside = entries.map(|entry| match entry.resolved().and_then(OpenAi::new) {
        Ok(model) => Arc::new(model) as Arc<dyn Model>,
        Err(problem) => {
            let name = entry.address().name.clone();
            tracing::warn!(model = name, code = %problem.code, %problem, "a model cannot be asked");
            Arc::new(Mute { name })
        }
    });
    Chain::new(outside.collect(), Arc::new(Offline::new(catalog)))
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
