//! One question over HTTP: sent once, its status and its first bytes judged, its body read up to a limit.
//! Handed to async-openai as its service, so that nothing is tried again that we did not decide to try.
//! Must never follow a redirect, and never hand on the body of a refusal.

use super::super::address::ModelAddress;
use super::refusal::{Fault, Kind, retry_after};
use crate::uses;
use async_openai::Client;
use async_openai::config::Config;
use async_openai::error::OpenAIError;
use async_openai::middleware::HttpRequestFactory;
use bytes::Bytes;
use chopmark_domain::problem::{Code, Problem};
use futures::{StreamExt, stream};
use reqwest::header::{AUTHORIZATION, CONTENT_TYPE, DATE, HeaderMap, HeaderName, HeaderValue, RETRY_AFTER};
use reqwest::{Body, Response, redirect};
use secrecy::{ExposeSecret, SecretString};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::Poll;
use std::time::Duration;

/// Bytes of an answer that are read, with everything that servers write around its words.
const LONGEST_BODY: usize = 8 * 1024 * 1024;
/// Bytes of one line of it: until its end a line is read anew with every packet.
const LONGEST_LINE: usize = 512 * 1024;
/// Bytes of a refusal that are read for its kind.
const LONGEST_REFUSAL: usize = 64 * 1024;
/// How long connecting may take.
const CONNECT: Duration = Duration::from_secs(5);

/// The way to one server. Clones share its connections.
#[derive(Clone)]
pub(super) struct Wire {
    web: reqwest::Client,
    door: Arc<dyn Config>,
}

/// What became of a body: async-openai says of a broken stream only that it broke, and of an ended one nothing.
#[derive(Debug, Default)]
pub(super) struct Course {
    overflowed: AtomicBool,
    ran_out: AtomicBool,
}

impl Course {
    /// Whether it was cut because it was longer than what is read.
    pub(super) fn overflowed(&self) -> bool {
        self.overflowed.load(Ordering::Relaxed)
    }

    /// Whether it was read to its last byte without the word that ends a stream.
    pub(super) fn ran_out(&self) -> bool {
        self.ran_out.load(Ordering::Relaxed)
    }
}

/// A fault on its way through async-openai.
#[derive(Debug, Clone, Copy, thiserror::Error)]
#[error("{0:?}")]
pub(super) struct Stopped(pub(super) Fault);

/// Where questions go, as async-openai wants to know it. Its own configurations read the environment: an
/// organisation's name would go to any server.
struct Door {
    base: String,
    version: Option<String>,
    headers: HeaderMap,
    key: SecretString,
}

impl Config for Door {
    fn headers(&self) -> HeaderMap {
        self.headers.clone()
    }

    fn url(&self, path: &str) -> String {
        format!("{}{path}", self.base)
    }

    fn query(&self) -> Vec<(&str, &str)> {
        self.version.iter().map(|version| ("api-version", version.as_str())).collect()
    }

    fn api_base(&self) -> &str {
        &self.base
    }

    fn api_key(&self) -> &SecretString {
        &self.key
    }
}

impl Door {
    fn to(address: &ModelAddress) -> Result<Self, Problem> {
        let mut headers = HeaderMap::new();
        let mut add = |name: &str, value: &str| -> Result<(), Problem> {
            let name = HeaderName::try_from(name).map_err(|error| unusable(address, error))?;
            let mut value = HeaderValue::try_from(value).map_err(|error| unusable(address, error))?;
            value.set_sensitive(true);
            headers.insert(name, value);
            Ok(())
        };
        let key = address.key.as_ref().map(|key| key.expose_secret().trim());
        match (key, &address.azure) {
            (Some(key), Some(_)) => add("api-key", key)?,
            (Some(key), None) => add(AUTHORIZATION.as_str(), &format!("Bearer {key}"))?,
            (None, _) => {}
        }
        for (name, value) in &address.headers {
            add(name, value.expose_secret().trim())?;
        }
        let base = match &address.azure {
            Some(_) => format!("{}/openai/deployments/{}", address.base_url, address.model),
            None => address.base_url.clone(),
        };
        // The key goes out in the headers alone.
        Ok(Self { base, version: address.azure.clone(), headers, key: SecretString::default() })
    }
}

fn unusable(address: &ModelAddress, reason: impl std::fmt::Display) -> Problem {
    Problem::new(Code::ModelUnreachable).with("model", &address.name).with("reason", reason)
}

impl Wire {
    /// The way to an address.
    ///
    /// # Errors
    /// The address cannot be used: a key or header that is none, or no TLS.
    pub(super) fn to(address: &ModelAddress) -> Result<Self, Problem> {
        let web = reqwest::Client::builder()
            .tls_backend_rustls()
            .connect_timeout(CONNECT.min(address.first_byte))
            .redirect(redirect::Policy::none())
            .build()
            .map_err(|error| unusable(address, error))?;
        Ok(Self { web, door: Arc::new(Door::to(address)?) })
    }

    /// A client for one question, which sends this body, whatever else it is asked to send, once.
    pub(super) fn client(&self, course: &Arc<Course>, body: &uses::Body) -> Client<Arc<dyn Config>> {
        let (web, course, body) = (self.web.clone(), course.clone(), body.clone());
        let service = tower::service_fn(move |factory: HttpRequestFactory| {
            let (web, course, body) = (web.clone(), course.clone(), body.bytes());
            async move {
                let sent = send(&web, factory, body, course).await;
                sent.map_err(|fault| OpenAIError::Boxed(Box::new(Stopped(fault))))
            }
        });
        Client::build(self.web.clone(), self.door.clone()).with_http_service(service)
    }
}

async fn send(
    web: &reqwest::Client,
    factory: HttpRequestFactory,
    body: Bytes,
    course: Arc<Course>,
) -> Result<Response, Fault> {
    let mut request = factory.build().await.map_err(|_| Fault::Unreadable)?;
    *request.body_mut() = Some(body.into());
    let response = web.execute(request).await.map_err(|error| match error {
        error if error.is_connect() => Fault::Unreachable,
        error if error.is_timeout() => Fault::Silent,
        _ => Fault::BrokeOff,
    })?;
    let status = response.status();
    if !status.is_success() {
        let header = |name| response.headers().get(name).and_then(|value: &HeaderValue| value.to_str().ok());
        let wait = retry_after(header(RETRY_AFTER), header(DATE));
        return Err(Fault::Status(status.as_u16(), kind(response).await, wait));
    }
    let json =
        response.headers().get(CONTENT_TYPE).is_some_and(|kind| kind.as_bytes().starts_with(b"application/json"));
    if json { unstreamed(response).await } else { Ok(limited(response, course)) }
}

/// What a refusal is about.
async fn kind(response: Response) -> Kind {
    Kind::of_body(&read(response, LONGEST_REFUSAL).await.unwrap_or_default())
}

/// A whole body, up to a limit.
async fn read(response: Response, limit: usize) -> Result<Vec<u8>, Fault> {
    let mut body = Vec::new();
    let mut pieces = response.bytes_stream();
    while let Some(piece) = pieces.next().await {
        body.extend_from_slice(&piece.map_err(|_| Fault::BrokeOff)?);
        if body.len() > limit {
            return Err(Fault::TooLong(limit as u64));
        }
    }
    Ok(body)
}

/// The body with an end where it becomes too long: a line that never ends would fill the memory before anybody
/// sees a piece of it.
fn limited(response: Response, course: Arc<Course>) -> Response {
    let (mut left, mut line) = (LONGEST_BODY, 0);
    let end = course.clone();
    let pieces = response.bytes_stream().map(move |piece| {
        let piece = piece.map_err(std::io::Error::other)?;
        line = piece.iter().rev().position(|byte| *byte == b'\n').unwrap_or(line + piece.len());
        let fits = left.checked_sub(piece.len()).filter(|_| line <= LONGEST_LINE);
        left = fits.ok_or_else(|| {
            course.overflowed.store(true, Ordering::Relaxed);
            std::io::Error::other("longer than what is read of an answer")
        })?;
        Ok::<_, std::io::Error>(piece)
    });
    // Whoever hears the word that ends a stream reads no further.
    let pieces = pieces.chain(stream::poll_fn(move |_| {
        end.ran_out.store(true, Ordering::Relaxed);
        Poll::Ready(None)
    }));
    Response::from(http::Response::new(Body::wrap_stream(pieces)))
}

/// The limit of a body, for people.
pub(super) const LIMIT: u64 = LONGEST_BODY as u64;

/// The answer of a server that did not stream, as a stream of one piece: it is whole.
async fn unstreamed(response: Response) -> Result<Response, Fault> {
    let mut body = read(response, LONGEST_BODY).await?;
    // Line breaks in JSON are blanks; in a stream they would end the piece.
    body.iter_mut().filter(|byte| matches!(**byte, b'\n' | b'\r')).for_each(|byte| *byte = b' ');
    let event = [b"data: ".as_slice(), &body, b"\n\ndata: [DONE]\n\n"].concat();
    Ok(Response::from(http::Response::new(Body::from(event))))
}
