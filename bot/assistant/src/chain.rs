//! The models in the order they are asked: those outside the program, and at last the planner inside it.
//! Made by bot/app from the configuration; walked by the assistant for every request.
//! Must never end without an answer: the planner inside the program is always there.

use crate::breaker::Breaker;
use crate::model::Model;
use crate::shortlist::Shelf;
use chopmark_catalog::Catalog;
use chopmark_domain::problem::{Code, Problem};
use std::sync::{Arc, Mutex, PoisonError};

/// As many sets of templates as people see are kept; there are as many as there are kinds of roles.
const MOST_SHELVES: usize = 32;

/// The models. Clones share their breakers.
#[derive(Clone)]
pub struct Chain {
    outside: Arc<[Seat]>,
    inside: Arc<dyn Model>,
    shelves: Arc<Mutex<Vec<Arc<Shelf>>>>,
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
        Self { outside: seats.collect(), inside, shelves: Arc::default() }
    }

    /// Only the planner inside the program.
    pub fn inside(planner: Arc<dyn Model>) -> Self {
        Self::new(Vec::new(), planner)
    }

    /// Models outside the program, in order.
    pub(crate) fn outside(&self) -> &[Seat] {
        &self.outside
    }

    /// What prompts need of the catalogue that the models draft from, worked out at the first request. Who sees few
    /// templates has a shelf of those.
    ///
    /// # Errors
    /// The prompt's file does not render.
    pub(crate) fn shelf(&self, catalog: &Catalog) -> Result<Arc<Shelf>, Problem> {
        let mut shelves = self.shelves.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = shelves.iter().find(|shelf| shelf.is_of(catalog)) {
            return Ok(Arc::clone(known));
        }
        if shelves.len() >= MOST_SHELVES {
            shelves.clear();
        }
        let made = Arc::new(Shelf::of(catalog)?);
        shelves.push(Arc::clone(&made));
        Ok(made)
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
