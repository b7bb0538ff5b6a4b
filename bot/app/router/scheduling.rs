//! Time: when a change is to start, and that what ended is to be planned again.
//! Used by the router.
//! Must never count in a zone that nobody named: without one it asks.

use super::{Conversation, Router, asked};
use chopmark_domain::calendar::Zone;
use chopmark_domain::facts::ChangeFile;
use chopmark_domain::ids::ChangeId;
use chopmark_domain::ports::{Answer, Settings as _};
use chopmark_domain::problem::{Code, Problem};
use chopmark_engine::commands::Wished;
use chopmark_protocol::command::{At, Name, When, form_of};
use chopmark_protocol::door::Outlet;
use chopmark_protocol::event::{Body, Event, Question};
use chopmark_protocol::messages::{Arg, text};
use chopmark_protocol::request::Heard;

impl Router {
    /// Gives a change another time to start, and follows it to its new card.
    pub(super) async fn schedule(
        &self,
        id: ChangeId,
        when: When,
        heard: &Heard,
        conversation: &mut Conversation,
        out: &dyn Outlet,
    ) -> Answer<()> {
        let wished = match when {
            When::Now => Wished::Now,
            When::Window(name) => Wished::Window(name),
            When::At(at) => match self.zone(&at, &id).await? {
                Some(zone) => {
                    let moment = at.moment(&zone, self.house.now());
                    let moment =
                        moment.ok_or_else(|| Problem::new(Code::UnknownWindow).with("window", zone.as_str()))?;
                    Wished::At(moment, zone)
                }
                None => {
                    conversation.change = Some(id.clone());
                    out.event(which_zone(&id, heard)).await;
                    return Ok(());
                }
            },
        };
        let since = self.house.store_notes().await?;
        self.house.engine.schedule(&id, &wished, &asked(heard)).await?;
        self.follow(id, since, heard.language, conversation, out).await
    }

    /// The zone that was said, else the one that the environment's windows are written in, if it is one.
    async fn zone(&self, at: &At, id: &ChangeId) -> Answer<Option<Zone>> {
        if at.zone.is_some() {
            return Ok(at.zone.clone());
        }
        let file = self.house.file(id).await?;
        let environments = self.house.settings.environments()?;
        let environment = environments.get(&file.change.component.environment);
        Ok(environment.and_then(|environment| environment.windows.zone()).cloned())
    }

    /// Proposes again what ended without an effect, and follows it.
    pub(super) async fn plan_again(
        &self,
        id: ChangeId,
        heard: &Heard,
        conversation: &mut Conversation,
        out: &dyn Outlet,
    ) -> Answer<()> {
        let since = self.house.store_notes().await?;
        let next = self.house.engine.plan_again(&id, &self.asked(heard, 0)).await?;
        self.follow(next, since, heard.language, conversation, out).await
    }

    /// A change that this person sees, with what it waits for just now.
    pub(super) async fn looked_at(&self, id: &ChangeId, heard: &Heard) -> Answer<ChangeFile> {
        self.seen_file(id, heard).await?;
        self.house.engine.look(id).await
    }
}

fn which_zone(id: &ChangeId, heard: &Heard) -> Event {
    let word = form_of(Name::Schedule).map_or("", |form| form.word(heard.language));
    let args = [("word", Arg::from(word)), ("change", Arg::from(id.as_str())), ("example", Arg::from("22:00"))];
    let question = Question {
        parameter: "zone".to_owned(),
        template: None,
        text: text(heard.language, "question-zone", &args),
        options: vec![],
        guess: None,
    };
    Event::new(heard.language, Body::Question(question))
}
