//! Whether a model's server answers, takes the key and knows the model: one cheap question for its list of models.
//! Called by the doctor.
//! Must never send a word of anybody's conversation.

use super::ModelAddress;
use chopmark_domain::problem::{Code, Problem};
use secrecy::ExposeSecret as _;
use serde_json::Value;
use std::time::Duration;

/// How long the server may take: what a person waits for a diagnosis.
const PATIENCE: Duration = Duration::from_secs(5);

/// Asks for the list of models. A server that keeps none has answered all the same.
///
/// # Errors
/// [`Code::ModelKeyRefused`], [`Code::ModelUnknown`] or [`Code::ModelUnreachable`].
pub async fn reach(address: &ModelAddress) -> Result<(), Problem> {
    let about = |code| Problem::new(code).with("model", &address.name);
    let unreachable = |reason: &dyn std::fmt::Display| about(Code::ModelUnreachable).with("reason", reason);
    let client = reqwest::Client::builder().timeout(PATIENCE).redirect(reqwest::redirect::Policy::none()).build();
    let client = client.map_err(|error| unreachable(&error))?;
    let url = match &address.azure {
        Some(version) => format!("{}/openai/models?api-version={version}", address.base_url),
        None => format!("{}/models", address.base_url),
    };
    let mut asked = client.get(url);
    if let Some(key) = &address.key {
        asked = match address.azure {
            Some(_) => asked.header("api-key", key.expose_secret()),
            None => asked.bearer_auth(key.expose_secret()),
        };
    }
    for (name, value) in &address.headers {
        asked = asked.header(name, value.expose_secret());
    }
    // The error of a request names its address, which holds no secret.
    let answer = asked.send().await.map_err(|error| unreachable(&error.without_url()))?;
    match answer.status().as_u16() {
        200..=299 => {}
        401 | 403 => return Err(about(Code::ModelKeyRefused)),
        404 | 405 => return Ok(()),
        status => return Err(unreachable(&format!("HTTP {status}"))),
    }
    let list: Option<Value> = answer.json().await.ok();
    let known = list.as_ref().and_then(|list| list.get("data")?.as_array());
    let names =
        |known: &Vec<Value>| known.iter().filter_map(|model| model.get("id")?.as_str()).any(|id| id == address.model);
    // Azure lists models, and is asked for deployments.
    match known {
        Some(known) if address.azure.is_none() && !known.is_empty() && !names(known) => {
            Err(about(Code::ModelUnknown).with("name", &address.model))
        }
        _ => Ok(()),
    }
}
