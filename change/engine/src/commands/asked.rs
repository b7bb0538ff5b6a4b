//! Recording that a model was asked: what it was sent stays beside the ledger, its digest and cost in it.
//! Called by the router after every request that a model outside the program saw.
//! Must never move a change: a model decides nothing.

use crate::Engine;
use chopmark_domain::ids::{ChangeId, PersonId};
use chopmark_domain::ledger::{EntryDraft, EntryKind};
use chopmark_domain::person::Actor;
use chopmark_domain::ports::{Answer, SentPrompt};
use chopmark_domain::problem::Code;
use serde_json::json;

/// One question to a model.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AskedModel {
    /// What it was sent, redacted.
    pub sent: SentPrompt,
    /// Digest of that body.
    pub body_digest: String,
    /// Digest of the prompts it was made with.
    pub prompt_digest: String,
    /// Tokens sent.
    pub tokens_in: u64,
    /// Tokens received.
    pub tokens_out: u64,
    /// Whether the tokens are our estimate, because the server did not count.
    pub estimated: bool,
    /// Millionths of the currency, where prices are configured.
    pub cost_micro: Option<u64>,
    /// The currency.
    pub currency: Option<String>,
    /// How long it took.
    pub milliseconds: u64,
    /// How often it was tried.
    pub tries: u32,
    /// Why it did not answer, if it did not.
    pub problem: Option<Code>,
}

impl Engine {
    /// Records questions to models: for the change that came of them, or for none.
    ///
    /// # Errors
    /// The store can't be written.
    pub async fn asked_model(
        &self,
        person: &PersonId,
        change: Option<&ChangeId>,
        questions: Vec<AskedModel>,
    ) -> Answer<()> {
        if questions.is_empty() {
            return Ok(());
        }
        let entries = questions.iter().map(|question| entry(person, change, question)).collect();
        self.ports.journal.record(entries).await?;
        match change {
            Some(change) => {
                let sent = questions.into_iter().map(|question| question.sent).collect();
                self.ports.journal.keep_prompts(change, sent).await
            }
            None => Ok(()),
        }
    }
}

fn entry(person: &PersonId, change: Option<&ChangeId>, question: &AskedModel) -> EntryDraft {
    EntryDraft {
        kind: EntryKind::ModelAsked,
        actor: Actor::Person(person.clone()),
        change: change.cloned(),
        digest: None,
        payload: json!({
            "model": question.sent.model,
            "body": question.body_digest,
            "prompt": question.prompt_digest,
            "tokens_in": question.tokens_in,
            "tokens_out": question.tokens_out,
            "counted": if question.estimated { "estimated" } else { "server" },
            "cost_micro": question.cost_micro,
            "currency": question.currency,
            "milliseconds": question.milliseconds,
            "tries": question.tries,
            "problem": question.problem.map(|code| code.to_string()),
        }),
    }
}
