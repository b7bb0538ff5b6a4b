//! The models in the order they are asked: those outside the program, and at last the planner inside it.
//! Made by bot/app from the configuration; walked by the assistant for every request.
//! Must never end without an answer: the planner inside the program is always there.

use crate::breaker::Breaker;
use crate::model::Model;
use crate::shortlist::Shelf;
use chopmark_catalog::Catalog;
use chopmark_domain::problem::{Code, Problem};
use std::sync::{Arc, OnceLock};

/// The models. Clones share their breakers.
#[derive(Clone)]
pub struct Chain {
    outside: Arc<[Seat]>,
    inside: Arc<dyn Model>,
    shelf: Arc<OnceLock<Result<Shelf, Problem>>>,
}

/// A model outside the program with its breaker.
pub(crate) struct Seat {
    pub(crate) model: Arc<dyn Model>,
    pub(crate) breaker: Breaker,
}

impl Chain {
    /// Models outside the program in the order they are tried, and the planner inside it.
    pub fn new(outside: Vec<Arc<dyn Model>>, inside: Arc<dyn Model>) -> Self {
        let seats = outside.into_iter().map(|model| Seat { model, breaker: Breaker::default() });
        Self { outside: seats.collect(), inside, shelf: Arc::default() }
    }

    /// Only the planner inside the program.
    pub fn inside(planner: Arc<dyn Model>) -> Self {
        Self::new(Vec::new(), planner)
    }

    /// Models outside the program, in order.
    pub(crate) fn outside(&self) -> &[Seat] {
        &self.outside
    }

    /// What prompts need of the catalogue that the models draft from, worked out at the first request.
    ///
    /// # Errors
    /// The prompt's file does not render.
    pub(crate) fn shelf(&self, catalog: &Catalog) -> Result<&Shelf, Problem> {
        self.shelf.get_or_init(|| Shelf::of(catalog)).as_ref().map_err(Clone::clone)
    }

    /// The planner inside the program.
    pub(crate) fn planner(&self) -> &Arc<dyn Model> {
        &self.inside
    }
}

/// Whether another model may do what this one failed at. Budgets of the request itself end it.
pub(crate) fn falls_back(code: Code) -> bool {
    matches!(
        code,
        Code::ModelFailed
            | Code::ModelKeyRefused
            | Code::ModelUnknown
            | Code::ContextTooLong
            | Code::ModelEmpty
            | Code::ModelTooLong
            | Code::ModelBusy
            | Code::ModelUnreachable
            | Code::ModelBrokeOff
            | Code::InvalidArguments
    )
}

/// Whether a failure speaks against the model itself, so that others need not try it for a while: what is wrong with
/// one conversation is no reason.
pub(crate) fn counts(code: Code) -> bool {
    falls_back(code) && !matches!(code, Code::ContextTooLong | Code::ModelTooLong | Code::InvalidArguments)
}
