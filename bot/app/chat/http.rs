//! HTTP: where platforms may call, and where a supervisor asks whether the program lives and is ready.
//! Run by `serve` where `[http] listen` says so, in every process; what is called is taken like any event.
//! Must never answer from a body that is larger than any event, nor say more about the inside than "ready" or not.

use crate::assemble::House;
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use chopmark_domain::ports::{Answer, Records as _};
use chopmark_domain::problem::{Code, Problem};
use chopmark_protocol::chat::{Chat, Desk, HttpCall};
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::sync::watch;

/// The largest body that is read: Slack's largest payloads (a view with its state) and Discord's interactions stay far
/// below.
const LONGEST: usize = 1024 * 1024;
/// How long a call may take: platforms hang up after three seconds.
const LONGEST_CALL: Duration = Duration::from_secs(10);

/// Whoever answers on a path.
type Answering = (Arc<dyn Chat>, Arc<dyn Desk>);

struct Served {
    paths: BTreeMap<&'static str, Answering>,
    house: Arc<House>,
}

/// Takes the address.
///
/// # Errors
/// [`Code::AddressUnusable`].
pub async fn bind(address: SocketAddr) -> Answer<TcpListener> {
    TcpListener::bind(address)
        .await
        .map_err(|error| Problem::new(Code::AddressUnusable).with("address", address).with("reason", error))
}

/// Answers on a listener until told to stop.
pub async fn serve(
    listener: TcpListener,
    house: Arc<House>,
    platforms: Vec<Answering>,
    mut stop: watch::Receiver<bool>,
) {
    let mut paths = BTreeMap::new();
    for (chat, desk) in platforms {
        for path in chat.paths() {
            paths.insert(path, (chat.clone(), desk.clone()));
        }
    }
    let router = Router::new().fallback(called).with_state(Arc::new(Served { paths, house }));
    let stopping = async move { while !*stop.borrow() && stop.changed().await.is_ok() {} };
    if let Err(error) = axum::serve(listener, router).with_graceful_shutdown(stopping).await {
        tracing::error!(%error, "calls are not answered any more");
    }
}

async fn called(State(served): State<Arc<Served>>, request: Request) -> Response {
    match tokio::time::timeout(LONGEST_CALL, answer(&served, request)).await {
        Ok(response) => response,
        Err(_) => StatusCode::SERVICE_UNAVAILABLE.into_response(),
    }
}

async fn answer(served: &Served, request: Request) -> Response {
    let path = request.uri().path().to_owned();
    match (request.method(), path.as_str()) {
        (&Method::GET, "/livez") => return StatusCode::OK.into_response(),
        (&Method::GET, "/readyz") => return ready(&served.house).await.into_response(),
        _ => {}
    }
    let Some((chat, desk)) = served.paths.get(path.as_str()) else { return StatusCode::NOT_FOUND.into_response() };
    if request.method() != Method::POST {
        return StatusCode::METHOD_NOT_ALLOWED.into_response();
    }
    let (parts, body) = request.into_parts();
    let Ok(body) = to_bytes(body, LONGEST).await else { return StatusCode::PAYLOAD_TOO_LARGE.into_response() };
    let call = HttpCall { path, headers: headers(&parts.headers), body: body.to_vec() };
    let reply = chat.called(call, desk.as_ref()).await;
    let status = StatusCode::from_u16(reply.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut response = Response::new(Body::from(reply.body));
    *response.status_mut() = status;
    response.headers_mut().insert(header::CONTENT_TYPE, header::HeaderValue::from_static(reply.content_type));
    response
}

/// Ready when events can be taken: the store answers.
async fn ready(house: &House) -> StatusCode {
    match house.store.last_note().await {
        Ok(_) => StatusCode::OK,
        Err(problem) => {
            tracing::warn!(code = %problem.code, %problem, "not ready");
            StatusCode::SERVICE_UNAVAILABLE
        }
    }
}

/// Headers by their names; one that came twice, or is no text, is nobody's: a signature stands in exactly one.
fn headers(all: &HeaderMap) -> BTreeMap<String, String> {
    let names = all.keys();
    names
        .filter_map(|name| {
            let mut values = all.get_all(name).iter();
            let (value, None) = (values.next()?, values.next()) else { return None };
            Some((name.as_str().to_owned(), value.to_str().ok()?.to_owned()))
        })
        .collect()
}
