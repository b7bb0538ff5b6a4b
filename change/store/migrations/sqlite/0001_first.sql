-- The first shape of chopmark.db. Applied in one transaction; user_version says that it was.
-- Times are milliseconds since 1970 (bigint), ids are text, records are JSON text.

create table changes (
    number integer primary key,
    id text not null unique,
    environment text not null,
    group_name text not null,
    name text not null,
    surface text not null,
    channel text not null,
    thread text not null,
    state text not null,
    epoch bigint not null,
    revision bigint not null,
    created_at bigint not null,
    updated_at bigint not null,
    body text not null,
    -- A change never points at a revision that is not there.
    foreign key (id, revision) references revisions (change_id, revision) deferrable initially deferred
);
create index changes_by_state on changes (state);
create index changes_by_component on changes (environment, group_name, name);
create index changes_by_place on changes (surface, channel, thread);
create index changes_by_move on changes (updated_at);

create trigger changes_terminal before update on changes
when old.state in ('succeeded', 'discarded', 'no_changes', 'policy_denied', 'plan_failed', 'rejected', 'expired',
                   'superseded', 'cancelled', 'failed', 'degraded', 'resolved')
begin
    select raise(abort, 'a change that has ended never changes again');
end;
create trigger changes_kept before delete on changes
begin
    select raise(abort, 'changes are never deleted');
end;
create trigger changes_once before insert on changes
when exists (select 1 from changes where id = new.id or number = new.number)
begin
    select raise(abort, 'a change is never replaced');
end;

create table revisions (
    change_id text not null references changes (id),
    revision bigint not null,
    planned bigint not null,
    body text not null,
    primary key (change_id, revision)
);
create trigger revisions_planned before update on revisions
when old.planned = 1
begin
    select raise(abort, 'a planned revision never changes again');
end;
create trigger revisions_kept before delete on revisions
begin
    select raise(abort, 'revisions are never deleted');
end;

create table decisions (
    number integer primary key,
    change_id text not null references changes (id),
    revision bigint not null,
    person text not null,
    verdict text not null,
    digest text not null,
    decided_at bigint not null,
    body text not null,
    unique (change_id, revision, person, verdict, digest)
);
create trigger decisions_fixed before update on decisions
begin
    select raise(abort, 'a decision never changes');
end;
create trigger decisions_kept before delete on decisions
begin
    select raise(abort, 'decisions are never deleted');
end;

-- unique (change_id, revision) is the start ticket: a second run of a revision cannot be written, ever.
create table runs (
    id text primary key,
    change_id text not null references changes (id),
    revision bigint not null,
    started_at bigint not null,
    ended_at bigint,
    known bigint not null,
    body text not null,
    unique (change_id, revision)
);
create trigger runs_fixed before update on runs
when old.known = 1 or new.id <> old.id or new.change_id <> old.change_id or new.revision <> old.revision
begin
    select raise(abort, 'a run whose outcome is known never changes');
end;
create trigger runs_kept before delete on runs
begin
    select raise(abort, 'runs are never deleted');
end;
create trigger runs_once before insert on runs
when exists (select 1 from runs where id = new.id or (change_id = new.change_id and revision = new.revision))
begin
    select raise(abort, 'a ticket is used once');
end;

-- rowid = sequence. Who may read the change of an entry reads it from the hashed bytes: the column is computed.
create table ledger (
    sequence integer primary key,
    bytes text not null,
    previous text not null,
    hash text not null,
    change_id text generated always as (case when json_valid(bytes) then json_extract(bytes, '$.change') end) virtual
);
create index ledger_by_change on ledger (change_id) where change_id is not null;

-- One row: number and hash of the newest entry, and the latest moment the store has seen.
create table ledger_head (
    id integer primary key check (id = 1),
    sequence bigint not null,
    hash text not null,
    seen_at bigint not null
);
insert into ledger_head (id, sequence, hash, seen_at)
values (1, 0, '0000000000000000000000000000000000000000000000000000000000000000', 0);

create trigger ledger_fixed before update on ledger
begin
    select raise(abort, 'the ledger is append-only');
end;
create trigger ledger_kept before delete on ledger
begin
    select raise(abort, 'the ledger is append-only');
end;
create trigger ledger_in_order before insert on ledger
when not exists (select 1 from ledger_head
                 where id = 1 and sequence = new.sequence - 1 and hash = new.previous)
  or exists (select 1 from ledger where sequence >= new.sequence)
begin
    select raise(abort, 'the entry does not follow the newest one');
end;
create trigger ledger_moves_head after insert on ledger
begin
    update ledger_head set sequence = new.sequence, hash = new.hash where id = 1;
end;
create trigger ledger_head_grows before update on ledger_head
when new.id <> 1 or new.sequence < old.sequence or new.seen_at < old.seen_at
  or (new.sequence = old.sequence and new.hash <> old.hash)
begin
    select raise(abort, 'the head of the ledger only grows');
end;
create trigger ledger_head_kept before delete on ledger_head
begin
    select raise(abort, 'the head of the ledger stays');
end;

create table wakeups (
    id integer primary key autoincrement,
    change_id text not null references changes (id),
    effect text not null,
    due_at bigint not null
);
create index wakeups_by_due on wakeups (due_at, id);

create table notes (
    sequence integer primary key autoincrement,
    change_id text not null references changes (id),
    written_at bigint not null,
    body text not null
);

-- A freed lease keeps its row, so that its epoch keeps growing.
create table leases (
    name text primary key,
    holder text,
    epoch bigint not null,
    expires_at bigint
);

create table deliveries (
    surface text not null,
    delivery text not null,
    claimed_at bigint not null,
    primary key (surface, delivery)
);

create table conversations (
    surface text not null,
    channel text not null,
    thread text not null,
    memory text not null,
    updated_at bigint not null,
    primary key (surface, channel, thread)
);

-- 'Chop' in ASCII: tells our file from any other SQLite database.
pragma application_id = 1130917744;
pragma user_version = 1;
