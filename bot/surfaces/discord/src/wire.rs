//! The wire: every request to Discord's HTTP API, as JSON in and out, with an end to waiting.
//! Used by everything of this crate that asks or sends.
//! Must never keep a request waiting for ever, nor repeat one by itself: whoever sends knows what may be repeated.

use crate::Options;
use crate::trouble::Trouble;
use secrecy::ExposeSecret;
use serde_json::Value;
use serenity::builder::CreateAttachment;
use serenity::http::{Http, HttpBuilder, LightMethod, Multipart, MultipartUpload, Request, Route};
use std::time::Duration;

/// How long one request may take, the limiter's waiting included: five posts in five seconds is what a channel takes,
/// and the outbox keeps what comes later.
const LONGEST: Duration = Duration::from_secs(30);

/// A file to be sent with a message.
#[derive(Debug, Clone)]
pub(crate) struct Upload {
    /// Its name.
    pub(crate) name: String,
    /// Its bytes.
    pub(crate) bytes: Vec<u8>,
}

/// The way to Discord's HTTP API.
#[derive(Debug)]
pub(crate) struct Wire {
    http: Http,
}

/// An answer, with what the doctor reads besides its body.
#[derive(Debug)]
pub(crate) struct Answered {
    /// The body; null where there was none.
    pub(crate) body: Value,
    /// The header `Date`.
    pub(crate) date: Option<String>,
}

impl Wire {
    pub(crate) fn new(options: &Options) -> Self {
        Self { http: http(options) }
    }

    /// Asks for something.
    pub(crate) async fn get(&self, route: Route<'_>) -> Result<Value, Trouble> {
        Ok(self.ask(Request::new(route, LightMethod::Get)).await?.body)
    }

    /// The same, with parameters.
    pub(crate) async fn get_with(
        &self,
        route: Route<'_>,
        parameters: Vec<(&'static str, String)>,
    ) -> Result<Value, Trouble> {
        Ok(self.ask(Request::new(route, LightMethod::Get).params(Some(parameters))).await?.body)
    }

    /// Asks for something, and when the answer was written.
    pub(crate) async fn look(&self, route: Route<'_>) -> Result<Answered, Trouble> {
        self.ask(Request::new(route, LightMethod::Get)).await
    }

    /// Sends something.
    pub(crate) async fn post(&self, route: Route<'_>, body: &Value) -> Result<Value, Trouble> {
        self.send(route, LightMethod::Post, body, None).await
    }

    /// Does something that needs no words.
    pub(crate) async fn act(&self, route: Route<'_>, method: LightMethod) -> Result<(), Trouble> {
        self.ask(Request::new(route, method)).await.map(|_| ())
    }

    /// Changes something.
    pub(crate) async fn patch(&self, route: Route<'_>, body: &Value) -> Result<Value, Trouble> {
        self.send(route, LightMethod::Patch, body, None).await
    }

    /// Puts something in the place of what was there.
    pub(crate) async fn put(&self, route: Route<'_>, body: &Value) -> Result<Value, Trouble> {
        self.send(route, LightMethod::Put, body, None).await
    }

    /// Sends something with at most one file: serenity numbers files by itself, and only its own builders may say so.
    pub(crate) async fn send(
        &self,
        route: Route<'_>,
        method: LightMethod,
        body: &Value,
        file: Option<&Upload>,
    ) -> Result<Value, Trouble> {
        let request = Request::new(route, method);
        let request = match file {
            None => request.body(Some(body.to_string().into_bytes())),
            Some(file) => request.multipart(Some(Multipart {
                upload: MultipartUpload::Attachments(vec![CreateAttachment::bytes(file.bytes.clone(), &file.name)]),
                fields: Vec::new(),
                payload_json: Some(body.to_string()),
            })),
        };
        Ok(self.ask(request).await?.body)
    }

    async fn ask(&self, request: Request<'_>) -> Result<Answered, Trouble> {
        let whole = async {
            let response = self.http.request(request).await.map_err(Trouble::from)?;
            let date = response.headers().get("date").and_then(|date| date.to_str().ok()).map(str::to_owned);
            let cut = |error: String| Trouble::Cut(error);
            let bytes = response.bytes().await.map_err(|error| cut(error.without_url().to_string()))?;
            let body = match bytes.is_empty() {
                true => Value::Null,
                false => serde_json::from_slice(&bytes).map_err(|error| cut(error.to_string()))?,
            };
            Ok(Answered { body, date })
        };
        match tokio::time::timeout(LONGEST, whole).await {
            Ok(answered) => answered,
            Err(_) => Err(Trouble::Cut(format!("no answer within {} s", LONGEST.as_secs()))),
        }
    }
}

/// A client of Discord's HTTP API. With another address serenity's limiter must be off: it would go past that address
/// to Discord itself (0.12.5).
pub(crate) fn http(options: &Options) -> Http {
    let builder = HttpBuilder::new(options.token.expose_secret());
    match &options.api {
        Some(api) => builder.proxy(api.as_str()).ratelimiter_disabled(true).build(),
        None => builder.build(),
    }
}
