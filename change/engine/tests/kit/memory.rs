//! A store in memory that keeps the store's promises about transitions, tickets and leases, for thousands of small worlds.
//! Used by the properties of this folder; every other test of the engine runs on the real store.
//! Must never accept what the real store refuses.

use super::{Outside, engine};
use async_trait::async_trait;
use chopmark_domain::change::{Change, RevisionRecord};
use chopmark_domain::digest::Digest;
use chopmark_domain::facts::ChangeFile;
use chopmark_domain::halt::Halt;
use chopmark_domain::ids::{ChangeId, Epoch, Identity, Revision, RunId};
use chopmark_domain::lease::LeaseRow;
use chopmark_domain::ledger::{Entry, EntryDraft};
use chopmark_domain::lifecycle::Effect;
use chopmark_domain::note::{Note, NoteBody};
use chopmark_domain::ports::{
    Answer, ChangeFilter, ChangeWrite, Commit, Identities, Journal, Leases, LedgerFilter, LinkCode, Records, Redeemed,
    RunWrite, SealedLink, SentPrompt, Wakeup,
};
use chopmark_domain::problem::{Code, Problem};
use chopmark_domain::run::Run;
use chopmark_domain::time::Timestamp;
use chopmark_engine::worker::Worker;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex};
use tokio::sync::watch;

#[derive(Default)]
struct Rows {
    changes: BTreeMap<ChangeId, Change>,
    revisions: BTreeMap<(ChangeId, Revision), RevisionRecord>,
    decisions: Vec<chopmark_domain::approval::SealedDecision>,
    runs: Vec<Run>,
    wakeups: BTreeMap<i64, Wakeup>,
    leases: BTreeMap<String, LeaseRow>,
    epochs: BTreeMap<String, i64>,
    number: i64,
}

#[derive(Default, Clone)]
pub(crate) struct Memory(Arc<Mutex<Rows>>);

impl Memory {
    /// Every change, oldest first by its id's chance.
    pub(crate) fn all(&self) -> Vec<ChangeId> {
        self.0.lock().unwrap().changes.keys().cloned().collect()
    }

    /// Writes rows as somebody with the file would.
    pub(crate) fn forge(&self, id: &ChangeId, edit: impl FnOnce(&mut Change, &mut RevisionRecord)) {
        let mut rows = self.0.lock().unwrap();
        let Rows { changes, revisions, .. } = &mut *rows;
        let change = changes.get_mut(id).unwrap();
        let record = revisions.get_mut(&(id.clone(), change.revision)).unwrap();
        edit(change, record);
    }

    /// Copies a change with its revision and gives the worker something to do for the copy.
    pub(crate) fn copy(
        &self,
        id: &ChangeId,
        to: &ChangeId,
        effect: Effect,
        edit: impl FnOnce(&mut Change, &mut RevisionRecord),
    ) {
        {
            let mut rows = self.0.lock().unwrap();
            let mut change = rows.changes[id].clone();
            let mut record = rows.revisions[&(id.clone(), change.revision)].clone();
            (change.id, record.change) = (to.clone(), to.clone());
            edit(&mut change, &mut record);
            rows.revisions.insert((to.clone(), change.revision), record);
            rows.changes.insert(to.clone(), change);
        }
        self.wake(to, effect);
    }

    /// Gives the worker something to do.
    pub(crate) fn wake(&self, change: &ChangeId, effect: Effect) {
        let mut rows = self.0.lock().unwrap();
        rows.number += 1;
        let wakeup = Wakeup { id: rows.number, change: change.clone(), effect, due_at: Timestamp(0) };
        rows.wakeups.insert(wakeup.id, wakeup);
    }

    /// Works on everything that is due, as a worker that has just started.
    pub(crate) async fn settle(&self, outside: &Arc<Outside>) {
        self.work(outside, usize::MAX).await;
    }

    /// Works as a new worker for so many turns, and then it dies where it stands.
    pub(crate) async fn work(&self, outside: &Arc<Outside>, turns: usize) {
        let (stop, stopped) = watch::channel(false);
        let task = tokio::spawn(Worker::new(engine(outside, self)).run(stopped));
        let now = Timestamp(outside.now.load(Ordering::SeqCst));
        for _ in 0..turns.min(2000) {
            if self.due(now, 1).await.unwrap().is_empty() {
                break;
            }
            tokio::task::yield_now().await;
        }
        if turns < 2000 {
            task.abort();
            self.0.lock().unwrap().leases.remove("worker");
        } else {
            stop.send(true).unwrap();
        }
        let _ = task.await;
    }
}

fn conflict(what: &str) -> Problem {
    Problem::new(Code::Conflict).with("what", what)
}

#[async_trait]
impl Records for Memory {
    async fn change(&self, id: &ChangeId) -> Answer<Option<ChangeFile>> {
        let rows = self.0.lock().unwrap();
        let Some(change) = rows.changes.get(id) else { return Ok(None) };
        Ok(Some(ChangeFile {
            change: change.clone(),
            record: rows.revisions[&(id.clone(), change.revision)].clone(),
            decisions: rows.decisions.iter().filter(|sealed| sealed.decision.change == *id).cloned().collect(),
            run: rows.runs.iter().find(|run| run.change == *id && run.revision == change.revision).cloned(),
            waits: None,
        }))
    }
    async fn revision(&self, id: &ChangeId, revision: Revision) -> Answer<Option<RevisionRecord>> {
        Ok(self.0.lock().unwrap().revisions.get(&(id.clone(), revision)).cloned())
    }
    async fn changes(&self, filter: &ChangeFilter) -> Answer<Vec<Change>> {
        let rows = self.0.lock().unwrap();
        let meant = |change: &&Change| filter.states.is_empty() || filter.states.contains(&change.state);
        Ok(rows.changes.values().filter(meant).cloned().collect())
    }
    async fn run(&self, id: &RunId) -> Answer<Option<Run>> {
        Ok(self.0.lock().unwrap().runs.iter().find(|run| run.id == *id).cloned())
    }
    async fn notes_after(&self, _: i64, _: u32) -> Answer<Vec<Note>> {
        Ok(vec![])
    }
    async fn last_note(&self) -> Answer<i64> {
        Ok(0)
    }
    async fn prompts(&self, _: &ChangeId) -> Answer<Vec<SentPrompt>> {
        Ok(vec![])
    }
    async fn ledger(&self, _: &LedgerFilter) -> Answer<Vec<Entry>> {
        Ok(vec![])
    }
    async fn halt(&self) -> Answer<Option<Halt>> {
        Ok(None)
    }
    async fn ledger_head(&self) -> Answer<(i64, Digest)> {
        Ok((0, Digest::of(b"")))
    }
}

#[async_trait]
impl Journal for Memory {
    async fn commit(&self, commit: Commit) -> Answer<()> {
        tokio::task::yield_now().await;
        let mut rows = self.0.lock().unwrap();
        if let Some((name, holder, epoch)) = &commit.fence {
            let held = rows.leases.get(name).is_some_and(|row| row.holder == *holder && row.epoch == *epoch);
            if !held {
                return Err(conflict("fence"));
            }
        }
        match &commit.change {
            ChangeWrite::Insert(change) if rows.changes.contains_key(&change.id) => return Err(conflict("change")),
            ChangeWrite::Update { from, change } => {
                let now = rows.changes.get(&change.id).map(|row| (row.state, row.epoch));
                if now != Some(*from) || from.0.is_terminal() || change.epoch != from.1.next() {
                    return Err(conflict("state"));
                }
            }
            ChangeWrite::Insert(_) => {}
        }
        if let Some(RunWrite::Begin(run)) = &commit.run
            && rows.runs.iter().any(|other| (&other.change, other.revision) == (&run.change, run.revision))
        {
            return Err(conflict("ticket"));
        }
        let (ChangeWrite::Insert(change) | ChangeWrite::Update { change, .. }) = commit.change;
        rows.changes.insert(change.id.clone(), change);
        if let Some(record) = commit.record {
            rows.revisions.insert((record.change.clone(), record.revision), record);
        }
        rows.decisions.extend(commit.decision);
        match commit.run {
            Some(RunWrite::Begin(run)) => rows.runs.push(run),
            Some(RunWrite::End(run)) => {
                if let Some(row) = rows.runs.iter_mut().find(|row| row.id == run.id) {
                    *row = run;
                }
            }
            None => {}
        }
        for wakeup in commit.wakeups {
            rows.number += 1;
            let id = rows.number;
            rows.wakeups.insert(id, Wakeup { id, ..wakeup });
        }
        if let Some((name, holder)) = commit.release
            && rows.leases.get(&name).is_some_and(|row| row.holder == holder)
        {
            rows.leases.remove(&name);
        }
        Ok(())
    }
    async fn record(&self, _: Vec<EntryDraft>) -> Answer<()> {
        Ok(())
    }
    async fn pull(&self, _: Halt, _: EntryDraft) -> Answer<Option<Halt>> {
        Ok(None)
    }
    async fn lift(&self, _: EntryDraft) -> Answer<bool> {
        Ok(false)
    }
    async fn keep_prompts(&self, _: &ChangeId, _: Vec<SentPrompt>) -> Answer<()> {
        Ok(())
    }
    async fn tell(&self, _: &ChangeId, _: NoteBody) -> Answer<()> {
        Ok(())
    }
    async fn due(&self, now: Timestamp, limit: u32) -> Answer<Vec<Wakeup>> {
        let rows = self.0.lock().unwrap();
        let due = rows.wakeups.values().filter(|wakeup| wakeup.due_at <= now);
        Ok(due.take(usize::try_from(limit).unwrap()).cloned().collect())
    }
    async fn postpone(&self, id: i64, due_at: Timestamp) -> Answer<()> {
        if let Some(wakeup) = self.0.lock().unwrap().wakeups.get_mut(&id) {
            wakeup.due_at = due_at;
        }
        Ok(())
    }
    async fn served(&self, id: i64) -> Answer<()> {
        self.0.lock().unwrap().wakeups.remove(&id);
        Ok(())
    }
}

#[async_trait]
impl Leases for Memory {
    async fn acquire(
        &self,
        name: &str,
        holder: &str,
        _: Option<u64>,
        is_gone: &(dyn for<'h> Fn(&'h str) -> bool + Send + Sync),
    ) -> Answer<Option<LeaseRow>> {
        let mut rows = self.0.lock().unwrap();
        match rows.leases.get(name) {
            Some(row) if row.holder == holder => return Ok(Some(row.clone())),
            Some(row) if !is_gone(&row.holder) => return Ok(None),
            _ => {}
        }
        let epoch = rows.epochs.entry(name.to_owned()).or_default();
        *epoch += 1;
        let row = LeaseRow { name: name.into(), holder: holder.into(), epoch: Epoch(*epoch), expires_at: None };
        rows.leases.insert(name.to_owned(), row.clone());
        Ok(Some(row))
    }
    async fn read(&self, name: &str) -> Answer<Option<LeaseRow>> {
        Ok(self.0.lock().unwrap().leases.get(name).cloned())
    }
    async fn release(&self, name: &str, holder: &str) -> Answer<()> {
        let mut rows = self.0.lock().unwrap();
        if rows.leases.get(name).is_some_and(|row| row.holder == holder) {
            rows.leases.remove(name);
        }
        Ok(())
    }
}

#[async_trait]
impl Identities for Memory {
    async fn offer(&self, _: LinkCode, _: EntryDraft) -> Answer<()> {
        Err(conflict("no codes here"))
    }
    async fn redeem(&self, _: &Digest, _: &Identity, _: Timestamp) -> Answer<Redeemed> {
        Ok(Redeemed::Refused)
    }
    async fn join(&self, _: SealedLink, _: EntryDraft) -> Answer<()> {
        Err(conflict("no links here"))
    }
    async fn part(&self, _: &Identity, _: EntryDraft) -> Answer<bool> {
        Ok(false)
    }
    async fn links(&self) -> Answer<Vec<SealedLink>> {
        Ok(vec![])
    }
    async fn saw_groups(&self, _: &Identity, _: &BTreeSet<Identity>, _: Timestamp) -> Answer<()> {
        Ok(())
    }
    async fn groups(&self, _: &Identity) -> Answer<Option<(BTreeSet<Identity>, Timestamp)>> {
        Ok(None)
    }
}
