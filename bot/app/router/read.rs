//! Commands that only read: lists, the ledger, help.
//! Used by the router; reads through the same tools that a model calls.
//! Must never write anything but an export that a person asked for.

use super::{Conversation, Router, asking, nothing_waits};
use chopmark_domain::change::Language;
use chopmark_domain::facts::Facts;
use chopmark_domain::ids::ChangeId;
use chopmark_domain::ports::{Answer, Records as _};
use chopmark_domain::problem::{Code, Problem};
use chopmark_functions::Asker;
use chopmark_functions::ToolOutcome;
use chopmark_protocol::card::Card;
use chopmark_protocol::command::{Command, REGISTRY};
use chopmark_protocol::door::Outlet;
use chopmark_protocol::event::Event;
use chopmark_protocol::messages::Arg;
use chopmark_protocol::moment::Moment;
use chopmark_protocol::request::Heard;
use chopmark_protocol::{line, messages, words};
use chopmark_store::audit;
use serde_json::{Value, json};
use std::fs::OpenOptions;
use std::os::unix::fs::OpenOptionsExt;

impl Router {
    pub(super) async fn read(
        &self,
        command: Command,
        language: Language,
        heard: &Heard,
        conversation: &mut Conversation,
        out: &dyn Outlet,
    ) -> Answer<()> {
        let facts = match command {
            Command::Changes => self.found("list_changes", json!({}), heard, conversation).await?,
            Command::Components => self.found("list_components", json!({}), heard, conversation).await?,
            Command::Templates { name: None } => self.found("list_templates", json!({}), heard, conversation).await?,
            Command::Templates { name: Some(name) } => {
                let text = crate::roles::templates::plain(&self.seen(heard).await?.catalog, &name, language)?;
                out.event(Event::answer(language, text, None)).await;
                return Ok(());
            }
            Command::AuditShow => self.found("read_ledger", json!({}), heard, conversation).await?,
            Command::AuditVerify => {
                let facts = self.house.audit_verified().await?;
                match self.seen(heard).await?.sight {
                    Some(sight) => sight.verified(facts),
                    None => facts,
                }
            }
            Command::Status { change: None } => self.overview(heard).await?,
            Command::Status { change } => {
                let id = self.mentioned(change, heard, conversation).await?;
                Facts::Change(Box::new(self.looked_at(&id, heard).await?))
            }
            Command::AuditExport => {
                self.sees_everything(heard).await?;
                return self.export(language, out).await;
            }
            Command::Explain { code } => {
                let lines = words::problem(language, &Problem::new(code));
                out.event(Event::answer(language, line::plain(&lines), None)).await;
                return Ok(());
            }
            Command::Help => {
                out.event(Event::answer(language, help(language), None)).await;
                return Ok(());
            }
            // A surface that can be left leaves by itself; one that can't has nothing to do here.
            Command::Quit => return Ok(()),
            Command::Approve { .. }
            | Command::Reject { .. }
            | Command::Cancel { .. }
            | Command::Halt { .. }
            | Command::Lift
            | Command::Schedule { .. }
            | Command::PlanAgain { .. }
            | Command::Undo { .. }
            | Command::Show { .. }
            | Command::Details { .. }
            | Command::Prompt { .. }
            | Command::Edit { .. }
            | Command::Link { .. }
            | Command::Unlink { .. }
            | Command::Access { .. }
            | Command::Lang { .. }
            | Command::Subscribe { .. }
            | Command::Unsubscribe { .. }
            | Command::Subscriptions
            | Command::Resolve { .. } => return Err(nothing_waits()),
        };
        out.event(Event::answer(language, String::new(), Some(facts))).await;
        Ok(())
    }

    /// What a tool answers: facts are told, a proposal becomes a change.
    pub(super) async fn tool(
        &self,
        tool: &str,
        arguments: Value,
        heard: &Heard,
        conversation: &mut Conversation,
        out: &dyn Outlet,
    ) -> Answer<()> {
        let language = heard.language;
        match self.called(tool, arguments, heard, conversation).await? {
            ToolOutcome::Facts(facts) => {
                out.event(Event::answer(language, String::new(), Some(facts))).await;
                Ok(())
            }
            ToolOutcome::Proposal(proposal) => {
                out.event(Event::proposal(language, &proposal)).await;
                self.propose(*proposal, 0, vec![], heard, conversation, out).await
            }
            ToolOutcome::Question(question) => {
                out.event(asking(language, question)).await;
                Ok(())
            }
        }
    }

    /// What models were sent for a change.
    pub(super) async fn prompts(&self, id: &ChangeId, language: Language, out: &dyn Outlet) -> Answer<()> {
        self.house.file(id).await?;
        let sent = self.house.store.prompts(id).await?;
        let moment = Moment::local(self.house.now());
        let mut text = Vec::new();
        for prompt in &sent {
            let ago = moment.relative(language, prompt.at);
            let args = [("model", Arg::from(prompt.model.as_str())), ("ago", Arg::from(&ago))];
            text.push(messages::text(language, "prompts-sent", &args));
            text.push(pretty(&prompt.body));
        }
        if sent.is_empty() {
            text.push(messages::text(language, "prompts-none", &[("change", Arg::from(id.as_str()))]));
        }
        out.event(Event::answer(language, text.join("\n"), None)).await;
        Ok(())
    }

    /// Everything that would run, as the card's own bytes.
    pub(super) async fn details(&self, id: &ChangeId, language: Language, out: &dyn Outlet) -> Answer<()> {
        let file = self.house.file(id).await?;
        let lines = Card::of(&file).details(language);
        out.event(Event::answer(language, line::plain(&lines), None)).await;
        Ok(())
    }

    /// What a reading tool found.
    async fn found(&self, name: &str, arguments: Value, heard: &Heard, conversation: &Conversation) -> Answer<Facts> {
        match self.called(name, arguments, heard, conversation).await? {
            ToolOutcome::Facts(facts) => Ok(facts),
            ToolOutcome::Proposal(_) | ToolOutcome::Question(_) => {
                Err(Problem::new(Code::Internal).with("what", format!("{name} did not answer with facts")))
            }
        }
    }

    async fn called(
        &self,
        name: &str,
        arguments: Value,
        heard: &Heard,
        conversation: &Conversation,
    ) -> Answer<ToolOutcome> {
        let request = &heard.request;
        let asker = Asker {
            memory: conversation.memory().known,
            said: request.text.clone(),
            ..Asker::new(heard.person.clone(), request.place.clone(), heard.language)
        };
        self.house.toolbox.call(&asker, name, arguments).await
    }

    async fn export(&self, language: Language, out: &dyn Outlet) -> Answer<()> {
        let now = self.house.now();
        let path = self.house.data.join(format!("ledger-{}.jsonl", now.0));
        let unwritable = |error| Problem::new(Code::DataNotWritable).with("path", path.display()).with("reason", error);
        let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&path).map_err(unwritable)?;
        let entries = audit::export(&self.house.store, &mut file).await?;
        let path = path.display().to_string();
        let args = [("entries", messages::Arg::from(entries)), ("path", messages::Arg::from(path.as_str()))];
        out.event(Event::answer(language, messages::text(language, "ledger-exported", &args), None)).await;
        Ok(())
    }
}

/// What can be said, one command a line, then what else: plain sentences.
fn help(language: Language) -> String {
    let mut lines = vec![messages::text(language, "help-sentences", &[])];
    for form in REGISTRY {
        let arguments = messages::find(language, &format!("{}.arguments", form.help), &[]).unwrap_or_default();
        let words = messages::text(language, form.help, &[]);
        lines.push(format!("  {} {arguments}  {words}", form.word(language)));
    }
    lines.join("\n")
}

/// A body as people read it; what is no JSON stays as it is.
fn pretty(body: &str) -> String {
    let value: Option<Value> = serde_json::from_str(body).ok();
    value.and_then(|value| serde_json::to_string_pretty(&value).ok()).unwrap_or_else(|| body.to_owned())
}
