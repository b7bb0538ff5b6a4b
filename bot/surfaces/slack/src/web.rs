//! Slack's Web API: one call is one request, with a time limit and our own word for what went wrong.
//! Used by every part of the adapter that asks or tells Slack something.
//! Must never try again by itself: the outbox does, and knows what must not be doubled.

use crate::fault;
use crate::options::Options;
use chopmark_domain::problem::{Code, Problem};
use chopmark_protocol::chat::Fault;
use http_body_util::{BodyExt, Limited};
use hyper_rustls::HttpsConnectorBuilder;
use hyper_util::client::legacy::Client;
use hyper_util::rt::TokioExecutor;
use secrecy::{ExposeSecret, SecretString};
use serde_json::Value;
use slack_morphism::errors::SlackClientError;
use slack_morphism::prelude::*;
use std::collections::BTreeMap;
use std::future::Future;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

/// How Slack is reached: encrypted, and over plain HTTP only where another address of the API says so.
pub(crate) type Connector = SlackClientHyperConnector<SlackHyperHttpsConnector>;

/// How long a call may take. Slack answers most within a second; what takes longer is cut off or lost.
const PATIENCE: Duration = Duration::from_secs(10);

/// How long an upload may take.
const PATIENCE_UPLOAD: Duration = Duration::from_secs(60);

/// The largest answer to a look at the set-up, in bytes.
const LARGEST_ANSWER: usize = 1 << 20;

struct Link {
    client: Arc<SlackClient<Connector>>,
    connector: SlackHyperHttpsConnector,
}

/// The Web API, as our bot.
pub(crate) struct Web {
    api: Option<String>,
    token: SlackApiToken,
    link: OnceLock<Result<Link, String>>,
}

/// An answer with its headers, whose names are in lower case.
pub(crate) struct Answered {
    /// The headers.
    pub(crate) headers: BTreeMap<String, String>,
    /// The body.
    pub(crate) body: Value,
}

/// A token as slack-morphism takes it.
pub(crate) fn token(secret: &SecretString) -> SlackApiToken {
    SlackApiToken::new(secret.expose_secret().into())
}

impl Web {
    /// Opens nothing yet.
    pub(crate) fn new(options: &Options) -> Self {
        let api = options.api.as_deref().map(|api| api.trim_end_matches('/').to_owned());
        Self { api: api.filter(|api| !api.is_empty()), token: token(&options.bot_token), link: OnceLock::new() }
    }

    fn link(&self) -> Result<&Link, Fault> {
        let link = self.link.get_or_init(|| {
            let builder = HttpsConnectorBuilder::new().with_native_roots().map_err(|error| error.to_string())?;
            let connector = match self.api.as_deref().is_some_and(|api| api.starts_with("http://")) {
                true => builder.https_or_http().enable_http1().build(),
                false => builder.https_only().enable_all_versions().build(),
            };
            let hyper = Connector::with_connector(connector.clone());
            let hyper = match &self.api {
                Some(api) => hyper.with_slack_api_url(api),
                None => hyper,
            };
            Ok(Link { client: Arc::new(SlackClient::new(hyper)), connector })
        });
        link.as_ref().map_err(|reason| {
            Fault::Refused(Problem::new(Code::ChatUnreachable).with("platform", "Slack").with("reason", reason))
        })
    }

    /// The client, for what slack-morphism does by itself.
    pub(crate) fn client(&self) -> Result<Arc<SlackClient<Connector>>, Fault> {
        Ok(Arc::clone(&self.link()?.client))
    }

    /// Calls a method with a body of JSON.
    pub(crate) async fn call(&self, method: &str, body: &Value) -> Result<Value, Fault> {
        self.call_with(&self.token, method, body).await
    }

    /// The same with another token.
    pub(crate) async fn call_with(&self, token: &SlackApiToken, method: &str, body: &Value) -> Result<Value, Fault> {
        let client = self.client()?;
        let session = client.open_session(token);
        let answer = within(PATIENCE, session.http_session_api.http_post(method, body, None), fault::of).await?;
        meant(answer)
    }

    /// Calls a method that takes its arguments in the address.
    pub(crate) async fn get(&self, method: &str, arguments: &[(&str, &str)]) -> Result<Value, Fault> {
        let client = self.client()?;
        let session = client.open_session(&self.token);
        let arguments: Vec<(&str, Option<&str>)> =
            arguments.iter().map(|(name, value)| (*name, Some(*value))).collect();
        let answer = within(PATIENCE, session.http_session_api.http_get(method, &arguments, None), fault::of).await?;
        meant(answer)
    }

    /// Posts to an address that Slack gave us: it needs no token, and is one.
    pub(crate) async fn respond(&self, address: &str, body: &Value) -> Result<(), Fault> {
        let client = self.client()?;
        let span = tracing::Span::none();
        let context = SlackClientApiCallContext {
            rate_control_params: None,
            token: None,
            tracing_span: &span,
            is_sensitive_url: true,
        };
        let answered = client.http_api.connector.http_post_uri(self.address(address)?, body, context);
        within::<Value>(PATIENCE, answered, fault::of_response).await.map(|_| ())
    }

    /// Sends the bytes of a file to the address that Slack gave for it.
    pub(crate) async fn upload(&self, address: &str, bytes: &[u8]) -> Result<(), Fault> {
        let client = self.client()?;
        let session = client.open_session(&self.token);
        let kind = "application/octet-stream".to_owned();
        let sent = session.http_session_api.http_post_uri_binary(self.address(address)?, kind, bytes, None);
        within::<Value>(PATIENCE_UPLOAD, sent, fault::of).await.map(|_| ())
    }

    /// An address that came from Slack. Over plain HTTP only where the API itself is reached so.
    fn address(&self, address: &str) -> Result<url::Url, Fault> {
        let url = url::Url::parse(address).map_err(|_| Fault::Invalid("an address that is none".to_owned()))?;
        let plain = self.api.as_deref().is_some_and(|api| api.starts_with("http://"));
        if url.scheme() == "https" || (plain && url.scheme() == "http") {
            Ok(url)
        } else {
            Err(Fault::Invalid("an address that is not https".to_owned()))
        }
    }

    /// Looks at a method's answer with its headers, which slack-morphism keeps to itself: scopes and time stand there.
    pub(crate) async fn look(&self, method: &str) -> Result<Answered, Fault> {
        let api = self.api.as_deref().unwrap_or(SlackClientHttpApiUri::SLACK_API_URI_STR);
        let request = http::Request::post(format!("{api}/{method}"))
            .header("authorization", format!("Bearer {}", self.token.token_value.value()))
            .header("content-type", "application/x-www-form-urlencoded")
            .body(String::new())
            .map_err(|_| Fault::Invalid("the address of the API is none".to_owned()))?;
        let client = Client::builder(TokioExecutor::new()).build(self.link()?.connector.clone());
        let asked = async {
            let answer = client.request(request).await.map_err(|_| fault::later("the connection broke"))?;
            let headers = answer.headers().iter();
            let headers = headers
                .filter_map(|(name, value)| Some((name.as_str().to_owned(), value.to_str().ok()?.to_owned())))
                .collect();
            let body = Limited::new(answer.into_body(), LARGEST_ANSWER).collect().await;
            let body = body.map_err(|_| fault::later("the answer ended early"))?.to_bytes();
            let body = serde_json::from_slice(&body).map_err(|_| fault::later("an answer that is not JSON"))?;
            Ok(Answered { headers, body })
        };
        tokio::time::timeout(PATIENCE, asked).await.unwrap_or_else(|_| Err(fault::late(PATIENCE)))
    }
}

/// An answer of Slack's says that it is one: a page of whatever stands between would be read as an empty success.
fn meant(answer: Value) -> Result<Value, Fault> {
    if answer.get("ok") == Some(&Value::Bool(true)) {
        Ok(answer)
    } else {
        Err(fault::later("an answer of another server"))
    }
}

async fn within<T>(
    patience: Duration,
    call: impl Future<Output = ClientResult<T>>,
    means: fn(SlackClientError) -> Fault,
) -> Result<T, Fault> {
    match tokio::time::timeout(patience, call).await {
        Ok(answer) => answer.map_err(means),
        Err(_) => Err(fault::late(patience)),
    }
}
