//! A desk in memory: what was taken, and the form and suggestions that a test gives it.
//! Used by every test of the wire.
//! Must never decide anything: that is the program's.

use async_trait::async_trait;
use chopmark_domain::ports::Delivery;
use chopmark_domain::problem::{Code, Problem};
use chopmark_protocol::chat::{Desk, Form, FormAsked, Speaker, Suggested, Suggesting, Taken};
use std::collections::BTreeMap;
use std::sync::Mutex;
use std::time::Duration;

pub(crate) struct Table {
    taken: Mutex<BTreeMap<String, (Delivery, u32)>>,
    pub(crate) form: Mutex<Result<Form, Problem>>,
    pub(crate) asked: Mutex<Vec<FormAsked>>,
    pub(crate) suggested: Mutex<Vec<Suggested>>,
    pub(crate) typed: Mutex<Vec<(Suggesting, String)>>,
    /// How many events it can't keep before it can again.
    pub(crate) broken: Mutex<u32>,
    /// How long it thinks.
    pub(crate) slow: Mutex<Duration>,
}

impl Table {
    pub(crate) fn new() -> Self {
        Self {
            taken: Mutex::default(),
            form: Mutex::new(Err(Problem::new(Code::NothingToActOn))),
            asked: Mutex::default(),
            suggested: Mutex::default(),
            typed: Mutex::default(),
            broken: Mutex::default(),
            slow: Mutex::default(),
        }
    }

    /// Every event that was taken, by id.
    pub(crate) fn taken(&self) -> Vec<Delivery> {
        self.taken.lock().unwrap().values().map(|(delivery, _)| delivery.clone()).collect()
    }

    /// An event, and how often it was offered.
    pub(crate) fn offered(&self, id: &str) -> Option<(Delivery, u32)> {
        self.taken.lock().unwrap().get(id).cloned()
    }
}

#[async_trait]
impl Desk for Table {
    async fn take(&self, delivery: Delivery) -> Result<Taken, Problem> {
        let slow = *self.slow.lock().unwrap();
        tokio::time::sleep(slow).await;
        {
            let mut broken = self.broken.lock().unwrap();
            if *broken > 0 {
                *broken -= 1;
                return Err(Problem::new(Code::DiskFull));
            }
        }
        let mut taken = self.taken.lock().unwrap();
        let (_, offers) = taken.entry(delivery.id.clone()).or_insert((delivery, 0));
        *offers += 1;
        Ok(if *offers == 1 { Taken::New } else { Taken::Again })
    }

    async fn form(&self, asked: FormAsked) -> Result<Form, Problem> {
        self.asked.lock().unwrap().push(asked);
        self.form.lock().unwrap().clone()
    }

    async fn suggestions(&self, _: &Speaker, what: Suggesting, typed: &str) -> Vec<Suggested> {
        self.typed.lock().unwrap().push((what, typed.to_owned()));
        self.suggested.lock().unwrap().clone()
    }
}
