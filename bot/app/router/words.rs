//! Words: the assistant thinks about them, and what it says is told or becomes a change.
//! Used by the router for everything that is no command.
//! Must never leave out of the ledger that a model outside the program was asked, however it ended.

use super::{Conversation, Reach, Router, asking};
use chopmark_assistant::{Counted, ModelUse, Said, Spoken};
use chopmark_domain::ids::ChangeId;
use chopmark_domain::ports::{Answer, SentPrompt, Usage as _};
use chopmark_domain::proposal::Proposal;
use chopmark_engine::commands::AskedModel;
use chopmark_protocol::door::Outlet;
use chopmark_protocol::event::{Answer as Words, Body, Event};
use chopmark_protocol::messages;
use chopmark_protocol::request::Heard;
use tokio::sync::{Notify, watch};

impl Router {
    /// Words: the assistant answers, asks, or hands over a proposal.
    pub(super) async fn words(&self, heard: &Heard, conversation: &mut Conversation, out: &dyn Outlet) -> Answer<()> {
        let language = heard.language;
        let Some(spoken) = self.thought(heard, conversation, out).await? else {
            out.event(Event::notice(language, messages::text(language, "request-stopped", &[]), None)).await;
            return Ok(());
        };
        let Spoken { said, speaker, asked: mut questions, memory } = spoken;
        conversation.keep(memory);
        let becomes_a_change = |said: &Said| matches!(said, Said::Proposal { .. }) && self.reach == Reach::Change;
        if !said.iter().any(becomes_a_change) {
            self.record(heard, None, std::mem::take(&mut questions)).await?;
        }
        for (nth, said) in said.into_iter().enumerate() {
            match said {
                Said::Notice(text) => out.event(Event::notice(language, text, None)).await,
                Said::Answer { text, facts } => {
                    let facts = facts.map(|facts| *facts);
                    out.event(Event::new(language, Body::Answer(Words { text, speaker, facts }))).await;
                }
                Said::Question(question) => out.event(asking(language, question)).await,
                Said::Problem(problem) => out.event(Event::problem(language, &problem, None)).await,
                Said::Proposal { proposal, words } => {
                    out.event(Event::proposal(language, &proposal)).await;
                    if self.reach == Reach::Change {
                        let questions = std::mem::take(&mut questions);
                        self.propose(*proposal, nth, questions, heard, conversation, out).await?;
                    }
                    if !words.is_empty() {
                        let quote = Words { text: words, speaker, facts: None };
                        out.event(Event::new(language, Body::Answer(quote))).await;
                    }
                }
            }
        }
        Ok(())
    }

    /// What the assistant says; none when it was stopped before it had said anything. What a model says on the way is
    /// shown as it comes.
    async fn thought(&self, heard: &Heard, conversation: &Conversation, out: &dyn Outlet) -> Answer<Option<Spoken>> {
        let thought = self.thinking.begin(&heard.request.place);
        let (tell, mut told) = watch::channel(String::new());
        let uses = self.uses(&heard.person).await?.heard_by(tell);
        let whole = Notify::new();
        // A part that is on its way to a surface is never broken off: the surface would not know what it has shown.
        let showing = async {
            loop {
                tokio::select! {
                    changed = told.changed() => if changed.is_err() { return },
                    () = whole.notified() => return,
                }
                let said = told.borrow_and_update().clone();
                out.partial(heard.language, &said).await;
            }
        };
        let answering = async {
            let answered = tokio::select! {
                spoken = self.house.assistant.answer(heard, conversation.memory(), uses.clone()) => spoken.map(Some),
                () = thought.stopped() => self.record(heard, None, uses.take()).await.map(|()| None),
            };
            whole.notify_one();
            answered
        };
        tokio::join!(answering, showing).0
    }

    /// Makes a change of a proposal, keeps what models were sent for it, and follows it until it rests.
    pub(super) async fn propose(
        &self,
        proposal: Proposal,
        nth: usize,
        questions: Vec<ModelUse>,
        heard: &Heard,
        conversation: &mut Conversation,
        out: &dyn Outlet,
    ) -> Answer<()> {
        let since = self.house.store_notes().await?;
        let component = proposal.component.clone();
        let made = self.house.engine.propose(proposal, &self.asked(heard, nth)).await;
        self.record(heard, made.as_ref().ok(), questions).await?;
        let id = made?;
        conversation.proposed(&id, &component);
        self.follow(id, since, heard.language, conversation, out).await
    }

    async fn record(&self, heard: &Heard, change: Option<&ChangeId>, questions: Vec<ModelUse>) -> Answer<()> {
        let tokens = questions.iter().map(|asked| asked.tokens_in.saturating_add(asked.tokens_out));
        let tokens = tokens.fold(0, u64::saturating_add);
        if tokens > 0 {
            self.house.store.spend(&heard.person, tokens, self.house.now()).await?;
        }
        let questions = questions.into_iter().map(question).collect();
        self.house.engine.asked_model(&heard.person, change, questions).await
    }
}

/// A question as the ledger knows it.
fn question(asked: ModelUse) -> AskedModel {
    AskedModel {
        body_digest: asked.digest().to_string(),
        prompt_digest: asked.prompt_digest.to_string(),
        tokens_in: asked.tokens_in,
        tokens_out: asked.tokens_out,
        estimated: asked.counted == Counted::Estimated,
        cost_micro: asked.cost_micro,
        currency: asked.currency,
        milliseconds: asked.milliseconds,
        tries: asked.tries,
        problem: asked.problem,
        sent: SentPrompt { model: asked.model, at: asked.at, body: asked.body.get().to_owned() },
    }
}
