//! `chopmark audit verify|show|export`: the ledger for people and scripts.
//! Called by the app before the house is assembled, so that it works without git or a cluster.
//! Must never make a database, and never write to the ledger.

use crate::assemble::DATABASE;
use crate::checkpoints::Checkpoints;
use crate::cli::{Audit, Exit, Global};
use crate::config::{FileSettings, Whereabouts};
use crate::directory::InstallDirectory;
use crate::keys::DecisionKey;
use crate::system::SystemClock;
use crate::terminal;
use chopmark_catalog::Catalog;
use chopmark_domain::change::Language;
use chopmark_domain::facts::Facts;
use chopmark_domain::ids::ChangeId;
use chopmark_domain::ports::{Answer, Directory as _, LedgerFilter, Records};
use chopmark_domain::problem::{Code, Problem};
use chopmark_functions::Sight;
use chopmark_protocol::event::Event;
use chopmark_protocol::messages::{self, Arg};
use chopmark_store::{SqliteStore, audit};
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;
use std::sync::Arc;

/// Does what was asked.
///
/// # Errors
/// There is no ledger, it is broken, or it cannot be read or written out.
pub fn run(what: &Audit, global: &Global, place: Whereabouts, catalog: Arc<Catalog>) -> Answer<Exit> {
    let settings = FileSettings::open(place)?;
    let data = settings.config()?.data.clone();
    let database = data.join(DATABASE);
    if !database.exists() {
        return Err(Problem::new(Code::DataMissing).with("path", database.display()));
    }
    super::runtime()?.block_on(async {
        let store = SqliteStore::open(&database, Arc::new(SystemClock)).await?;
        let sight = sight(&settings, &store, catalog).await;
        let done = match sight {
            Ok(sight) => served(what, &data, &store, &sight, super::language(global), &super::screen(global)).await,
            Err(problem) => Err(problem),
        };
        store.close().await;
        done.map(|()| Exit::Done)
    })
}

/// What whoever runs the program may see.
async fn sight(settings: &FileSettings, store: &SqliteStore, catalog: Arc<Catalog>) -> Answer<Arc<Sight>> {
    let seals = Arc::new(DecisionKey::open(&settings.config()?.data)?);
    let directory = InstallDirectory::new(settings.clone(), Arc::new(store.clone()), seals, store.clock());
    let person = directory.identify(&crate::tokens::speaker(settings)?).await?;
    Ok(Arc::new(Sight::look(settings, &directory, catalog, &person).await?))
}

async fn served(
    what: &Audit,
    data: &Path,
    store: &SqliteStore,
    sight: &Arc<Sight>,
    language: Language,
    screen: &terminal::Screen,
) -> Result<(), Problem> {
    let facts = match what {
        Audit::Export { .. } if !sight.sees_everything() => return sight.needs_everything(),
        Audit::Verify => sight.verified(Checkpoints::open(data)?.verify(store).await?),
        Audit::Show { id, limit } => shown(&*sight.records(Arc::new(store.clone())), id.as_deref(), *limit).await?,
        Audit::Export { output } => return export(store, output.as_deref(), language).await,
    };
    screen.news(Event::answer(language, String::new(), Some(facts)));
    Ok(())
}

async fn shown(store: &dyn Records, id: Option<&str>, limit: u32) -> Result<Facts, Problem> {
    let change = id
        .map(|id| {
            ChangeId::parse(id).map_err(|error| {
                Problem::new(Code::InvalidName)
                    .with("what", error.what)
                    .with("text", &error.text)
                    .with("rule", error.rule)
            })
        })
        .transpose()?;
    let (head, _) = store.ledger_head().await?;
    // Of one change all entries are few; of the whole ledger the newest are meant.
    let after = if change.is_some() { 0 } else { head.saturating_sub(i64::from(limit)).max(0) };
    let entries = store.ledger(&LedgerFilter { after, change, limit }).await?;
    let read = |entry: &chopmark_domain::ledger::Entry| {
        entry
            .content()
            .map_err(|_| Problem::new(Code::LedgerBroken).with("entry", entry.sequence).with("kind", "edited"))
    };
    Ok(Facts::Ledger { entries: entries.iter().map(read).collect::<Result<_, _>>()? })
}

async fn export(store: &SqliteStore, output: Option<&Path>, language: Language) -> Result<(), Problem> {
    let Some(path) = output else {
        audit::export(store, &mut std::io::stdout()).await?;
        return Ok(());
    };
    let failed = |error: std::io::Error| {
        let code = if error.kind() == std::io::ErrorKind::StorageFull { Code::DiskFull } else { Code::DataNotWritable };
        Problem::new(code).with("path", path.display()).with("reason", error.kind())
    };
    let mut writer = BufWriter::new(File::create_new(path).map_err(failed)?);
    let entries = audit::export(store, &mut writer).await?;
    writer.flush().map_err(failed)?;
    writer.get_ref().sync_all().map_err(failed)?;
    let shown = path.display().to_string();
    let args = [("entries", Arg::from(entries)), ("file", Arg::from(&shown))];
    terminal::tell(&messages::text(language, "audit-exported", &args));
    Ok(())
}
