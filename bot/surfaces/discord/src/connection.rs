//! What every part of the adapter shares: the wire, the records, the clock, and what was learned since the start.
//! Made once with the adapter; held by its parts and by the gateway's handler.
//! Must never hold anything that a restart may not forget.

use crate::Options;
use crate::event::User;
use crate::trouble::Trouble;
use crate::wire::Wire;
use chopmark_domain::ports::{ChatRecords, Clock};
use serde::Deserialize;
use serenity::http::Route;
use serenity::model::id::{ChannelId, UserId};
use std::collections::{HashMap, HashSet, VecDeque};
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;
use tokio::sync::OnceCell;

/// How many interactions are remembered, to answer each once. A copy comes within seconds; this is more than an hour
/// of a busy server.
const REMEMBERED: usize = 2_000;

/// How many channels and partial answers are remembered; they are asked for again.
const KNOWN: usize = 10_000;

/// What the parts share.
pub(crate) struct Connection {
    pub(crate) options: Options,
    pub(crate) wire: Wire,
    pub(crate) records: Arc<dyn ChatRecords>,
    pub(crate) clock: Arc<dyn Clock>,
    /// Whether Discord refused the intent to read what nobody addressed to us.
    pub(crate) content_refused: AtomicBool,
    /// One registration of commands at a time.
    pub(crate) registering: tokio::sync::Mutex<()>,
    /// What each channel is a thread of.
    pub(crate) parents: Remembered<ChannelId, Option<ChannelId>>,
    /// When each partial answer was last drawn.
    pub(crate) partials: Remembered<String, Instant>,
    answered: Mutex<Answered>,
    me: OnceCell<UserId>,
}

impl Connection {
    pub(crate) fn new(options: Options, records: Arc<dyn ChatRecords>, clock: Arc<dyn Clock>) -> Self {
        Self {
            wire: Wire::new(&options),
            options,
            records,
            clock,
            content_refused: AtomicBool::new(false),
            registering: tokio::sync::Mutex::new(()),
            parents: Remembered::default(),
            partials: Remembered::default(),
            answered: Mutex::new(Answered::default()),
            me: OnceCell::new(),
        }
    }

    /// Whether an interaction is to be answered now: true once for each, in this process. The store claims what has an
    /// effect; this keeps the platform from hearing two answers, of which it refuses the second.
    pub(crate) fn answers(&self, interaction: u64) -> bool {
        self.answered.lock().unwrap_or_else(PoisonError::into_inner).claim(interaction)
    }

    /// Who we are, as the gateway said.
    pub(crate) fn is_me(&self, user: UserId) {
        // Known already is as good.
        let _ = self.me.set(user);
    }

    /// Who we are.
    pub(crate) async fn me(&self) -> Result<UserId, Trouble> {
        let ask = || async {
            let body = self.wire.get(Route::UserMe).await?;
            let user = User::deserialize(body).map_err(|error| Trouble::Ours(error.to_string()))?;
            Ok(user.id)
        };
        self.me.get_or_try_init(ask).await.copied()
    }
}

/// The interactions that were answered last.
#[derive(Debug, Default)]
struct Answered {
    known: HashSet<u64>,
    order: VecDeque<u64>,
}

impl Answered {
    fn claim(&mut self, interaction: u64) -> bool {
        if !self.known.insert(interaction) {
            return false;
        }
        self.order.push_back(interaction);
        if self.order.len() > REMEMBERED
            && let Some(oldest) = self.order.pop_front()
        {
            self.known.remove(&oldest);
        }
        true
    }
}

/// What was learned and may be forgotten.
#[derive(Debug)]
pub(crate) struct Remembered<K, V>(Mutex<HashMap<K, V>>);

impl<K, V> Default for Remembered<K, V> {
    fn default() -> Self {
        Self(Mutex::new(HashMap::new()))
    }
}

impl<K: std::hash::Hash + Eq, V: Copy> Remembered<K, V> {
    pub(crate) fn get(&self, key: &K) -> Option<V> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(key).copied()
    }

    pub(crate) fn keep(&self, key: K, value: V) {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= KNOWN {
            known.clear();
        }
        known.insert(key, value);
    }

    pub(crate) fn forget(&self, key: &K) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(key);
    }
}
