//! The door: what a surface hands requests to, and the outlet through which it is answered.
//! Implemented by bot/app (Door) and by every surface (Outlet).
//! Must never name a platform, an engine or a store.

use crate::event::Event;
use crate::request::Request;
use async_trait::async_trait;
use chopmark_domain::change::{Language, Place};
use chopmark_domain::problem::Problem;

/// Where a surface hands over what a person said or pressed.
#[async_trait]
pub trait Door: Send + Sync {
    /// Serves a request, and returns when it has come to rest: an answer, a question, a card that
    /// awaits approval, or a final state. A press of a button is its command's text with
    /// [`Request::seen`] filled.
    ///
    /// # Errors
    /// A problem that could not be told through the outlet.
    async fn hear(&self, request: Request, out: &dyn Outlet) -> Result<(), Problem>;

    /// Stops what is being thought about in a place: a model that is asked, and nothing that has begun. Says whether
    /// there was anything to stop; the request then comes to rest by itself.
    fn stop(&self, _place: &Place) -> bool {
        false
    }
}

/// Where answers go.
#[async_trait]
pub trait Outlet: Send + Sync {
    /// Draws an event. Returns when the surface has taken it, so that a slow surface slows its own request only.
    async fn event(&self, event: Event);

    /// Shows everything that a model has said so far of an answer that will come whole as an event. A surface may leave
    /// any of it out.
    async fn partial(&self, _language: Language, _said: &str) {}
}
