//! Writing what is recorded: a transition with everything that belongs to it, in one transaction.
//! Called by the engine alone, through the port.
//! Must never leave half a transition: what does not fit is a conflict, and nothing is written.

use crate::failure::conflict;
use crate::leases::is_over;
use crate::records::digest;
use crate::words::{body, from_body, from_word, word};
use crate::{SqliteStore, failure, statements};
use async_trait::async_trait;
use chopmark_domain::approval::SealedDecision;
use chopmark_domain::change::RevisionRecord;
use chopmark_domain::halt::Halt;
use chopmark_domain::ids::{ChangeId, Epoch};
use chopmark_domain::ledger::EntryDraft;
use chopmark_domain::note::NoteBody;
use chopmark_domain::ports::{Answer, ChangeWrite, Clock as _, Commit, Journal, RunWrite, SentPrompt, Wakeup};
use chopmark_domain::problem::{Code, Problem};
use chopmark_domain::time::Timestamp;
use sqlx::sqlite::SqliteConnection;
use statements::ledger::Head;

#[async_trait]
impl Journal for SqliteStore {
    async fn commit(&self, commit: Commit) -> Answer<()> {
        let attempt = "write a transition";
        let failed = |error| failure::problem(attempt, &error);
        let mut transaction = self.write(attempt).await?;
        let head = statements::ledger::lock_head(&mut transaction, self.clock.now()).await.map_err(failed)?;
        self.clock.has_seen(head.seen_at);
        if let Some(fence) = &commit.fence {
            check_fence(&mut transaction, fence, head.seen_at).await?;
        }
        let id = write_change(&mut transaction, &commit.change).await?;
        if let Some(record) = &commit.record {
            write_revision(&mut transaction, record).await?;
        }
        if let Some(decision) = &commit.decision {
            write_decision(&mut transaction, decision).await?;
        }
        if let Some(run) = &commit.run {
            write_run(&mut transaction, run).await?;
        }
        append(&mut transaction, &head, commit.entries).await?;
        write_wakeups(&mut transaction, &commit.wakeups).await?;
        let notes = commit.notes.iter().map(|note| body("a note", note)).collect::<Answer<Vec<_>>>()?;
        let told = statements::notes::append_all(&mut transaction, id.as_str(), head.seen_at, &notes).await;
        told.map_err(failed)?;
        if let Some((name, holder)) = &commit.release {
            statements::leases::free(&mut *transaction, name, holder).await.map_err(failed)?;
        }
        transaction.commit().await.map_err(failed)
    }

    async fn record(&self, entries: Vec<EntryDraft>) -> Answer<()> {
        let attempt = "write to the ledger";
        let failed = |error| failure::problem(attempt, &error);
        let mut transaction = self.write(attempt).await?;
        let head = statements::ledger::lock_head(&mut transaction, self.clock.now()).await.map_err(failed)?;
        self.clock.has_seen(head.seen_at);
        append(&mut transaction, &head, entries).await?;
        transaction.commit().await.map_err(failed)
    }

    async fn pull(&self, halt: Halt, entry: EntryDraft) -> Answer<Option<Halt>> {
        let attempt = "pull the stop switch";
        let failed = |error| failure::problem(attempt, &error);
        let text = body("the stop switch", &halt)?;
        let mut transaction = self.write(attempt).await?;
        let head = statements::ledger::lock_head(&mut transaction, self.clock.now()).await.map_err(failed)?;
        self.clock.has_seen(head.seen_at);
        if statements::halt::pull(&mut transaction, &text).await.map_err(failed)? == 0 {
            let earlier = statements::halt::read(&mut *transaction).await.map_err(failed)?;
            return earlier.map(|text| from_body("the stop switch", &text)).transpose();
        }
        append(&mut transaction, &head, vec![entry]).await?;
        transaction.commit().await.map_err(failed)?;
        Ok(None)
    }

    async fn lift(&self, entry: EntryDraft) -> Answer<bool> {
        let attempt = "lift the stop switch";
        let failed = |error| failure::problem(attempt, &error);
        let mut transaction = self.write(attempt).await?;
        let head = statements::ledger::lock_head(&mut transaction, self.clock.now()).await.map_err(failed)?;
        self.clock.has_seen(head.seen_at);
        if statements::halt::lift(&mut transaction).await.map_err(failed)? == 0 {
            return Ok(false);
        }
        append(&mut transaction, &head, vec![entry]).await?;
        transaction.commit().await.map_err(failed)?;
        Ok(true)
    }

    async fn keep_prompts(&self, change: &ChangeId, prompts: Vec<SentPrompt>) -> Answer<()> {
        let attempt = "keep what a model was sent";
        let failed = |error| failure::problem(attempt, &error);
        let rows: Vec<_> = prompts.into_iter().map(|prompt| (prompt.model, prompt.at.0, prompt.body)).collect();
        let mut transaction = self.write(attempt).await?;
        statements::prompts::append_all(&mut transaction, change.as_str(), &rows).await.map_err(failed)?;
        transaction.commit().await.map_err(failed)
    }

    async fn tell(&self, change: &ChangeId, note: NoteBody) -> Answer<()> {
        let text = body("a note", &note)?;
        let told = statements::notes::append(self.writer(), change.as_str(), self.clock.now().0, &text).await;
        told.map_err(|error| failure::problem("tell people", &error))
    }

    async fn due(&self, now: Timestamp, limit: u32) -> Answer<Vec<Wakeup>> {
        let rows = statements::wakeups::due(self.readers(), now.0, limit).await;
        let rows = rows.map_err(|error| failure::problem("read wake-ups", &error))?;
        let wakeup = |(id, change, effect, due_at): statements::wakeups::Row| {
            let change = from_word("a wake-up's change", &change)?;
            Ok(Wakeup { id, change, effect: from_word("a wake-up", &effect)?, due_at: Timestamp(due_at) })
        };
        rows.into_iter().map(wakeup).collect()
    }

    async fn postpone(&self, id: i64, due_at: Timestamp) -> Answer<()> {
        let done = statements::wakeups::postpone(self.writer(), id, due_at.0).await;
        done.map_err(|error| failure::problem("put a wake-up off", &error))
    }

    async fn served(&self, id: i64) -> Answer<()> {
        let done = statements::wakeups::remove(self.writer(), id).await;
        done.map_err(|error| failure::problem("remove a wake-up", &error))
    }
}

async fn check_fence(
    connection: &mut SqliteConnection,
    (name, holder, epoch): &(String, String, Epoch),
    now: i64,
) -> Answer<()> {
    let row = statements::leases::by_name(connection, name).await;
    let row = row.map_err(|error| failure::problem("check a lease", &error))?;
    let held = row.is_some_and(|row| {
        row.holder.as_ref() == Some(holder) && row.epoch == epoch.0 && !is_over(row.expires_at, now)
    });
    if held { Ok(()) } else { Err(conflict("fence", name)) }
}

async fn write_change(connection: &mut SqliteConnection, write: &ChangeWrite) -> Answer<ChangeId> {
    let failed = |error| failure::problem("write a change", &error);
    match write {
        ChangeWrite::Insert(change) => {
            let written = statements::changes::Written::of(change)?;
            statements::changes::insert(connection, change, &written).await.map_err(failed)?;
            Ok(change.id.clone())
        }
        ChangeWrite::Update { from: (state, epoch), change } => {
            if change.epoch != epoch.next() {
                return Err(Problem::new(Code::Internal)
                    .with("attempt", "write a change")
                    .with("reason", format!("epoch {} does not follow {}", change.epoch.0, epoch.0)));
            }
            let written = statements::changes::Written::of(change)?;
            let from = word(state)?;
            let rows = statements::changes::move_from(connection, (&from, *epoch), change, &written).await;
            if rows.map_err(failed)? == 1 { Ok(change.id.clone()) } else { Err(conflict("state", change.id.as_str())) }
        }
    }
}

async fn write_revision(connection: &mut SqliteConnection, record: &RevisionRecord) -> Answer<()> {
    let failed = |error| failure::problem("write a revision", &error);
    let written = statements::revisions::Written::of(record)?;
    let filled = statements::revisions::fill(connection, record, &written).await.map_err(failed)?;
    if filled == 1 {
        return Ok(());
    }
    match statements::revisions::add_next(connection, record, &written).await.map_err(failed)? {
        1 => Ok(()),
        _ => Err(conflict("revision", &format!("{} of {}", record.revision, record.change))),
    }
}

async fn write_decision(connection: &mut SqliteConnection, sealed: &SealedDecision) -> Answer<()> {
    let verdict = word(&sealed.decision.verdict)?;
    let text = body("a decision", sealed)?;
    let done = statements::decisions::add(connection, sealed, &verdict, &text).await;
    done.map_err(|error| failure::problem("write a decision", &error))
}

async fn write_run(connection: &mut SqliteConnection, write: &RunWrite) -> Answer<()> {
    let failed = |error| failure::problem("write a run", &error);
    match write {
        RunWrite::Begin(run) => {
            // In the transaction that uses the ticket: a switch pulled before it is a switch that holds.
            if let Some(halt) = statements::halt::read(&mut *connection).await.map_err(failed)? {
                let halt: Halt = from_body("the stop switch", &halt)?;
                return Err(halt.problem());
            }
            let text = body("a run", run)?;
            statements::runs::begin(connection, run, &text).await.map_err(|error| match failed(error) {
                problem if problem.code == Code::Conflict => conflict("ticket", run.change.as_str()),
                problem => problem,
            })
        }
        RunWrite::End(run) => {
            let text = body("a run", run)?;
            match statements::runs::end(connection, run, &text).await.map_err(failed)? {
                1 => Ok(()),
                _ => Err(conflict("run", run.id.as_str())),
            }
        }
    }
}

/// Numbers, chains and appends entries after a head row that this transaction has locked.
pub(crate) async fn append(connection: &mut SqliteConnection, head: &Head, drafts: Vec<EntryDraft>) -> Answer<()> {
    let mut previous = digest(&head.hash)?;
    let mut sequence = head.sequence;
    let mut entries = Vec::with_capacity(drafts.len());
    for draft in drafts {
        sequence += 1;
        let entry = draft.seal(sequence, Timestamp(head.seen_at), previous);
        previous = entry.hash;
        entries.push(entry);
    }
    let done = statements::ledger::append(connection, &entries).await;
    done.map_err(|error| failure::problem("write to the ledger", &error))
}

async fn write_wakeups(connection: &mut SqliteConnection, wakeups: &[Wakeup]) -> Answer<()> {
    let rows = wakeups
        .iter()
        .map(|wakeup| Ok((wakeup.change.as_str(), word(&wakeup.effect)?, wakeup.due_at.0)))
        .collect::<Answer<Vec<_>>>()?;
    let done = statements::wakeups::add(connection, &rows).await;
    done.map_err(|error| failure::problem("write wake-ups", &error))
}
