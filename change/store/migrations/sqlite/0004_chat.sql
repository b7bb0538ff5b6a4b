-- What chat platforms need: events before they are acknowledged, messages until they are delivered, cards, threads.

create table inbox (
    surface text not null,
    delivery text not null,
    raw text,
    at integer not null,
    finished_at integer,
    primary key (surface, delivery)
) strict;
create index inbox_unserved on inbox (surface, at) where finished_at is null;
create index inbox_finished on inbox (finished_at) where finished_at is not null;

create table outbox (
    number integer primary key,
    key text not null unique,
    surface text not null,
    channel text not null,
    thread text not null,
    body text,
    due_at integer not null,
    tries integer not null default 0,
    message text,
    given_up text,
    settled_at integer
) strict;
create index outbox_due on outbox (surface, due_at) where settled_at is null;
create index outbox_settled on outbox (settled_at) where settled_at is not null;

create table cards (
    surface text not null,
    channel text not null,
    thread text not null,
    change_id text not null,
    language text not null,
    message text,
    wanted integer not null,
    shown integer not null default 0,
    content text,
    due_at integer not null default 0,
    tries integer not null default 0,
    primary key (surface, channel, thread, change_id)
) strict;
create index cards_of_change on cards (change_id);
create index cards_due on cards (surface, due_at) where shown < wanted;
create unique index cards_by_message on cards (surface, message) where message is not null;

create table feeds (
    surface text primary key,
    note integer not null
) strict;

create table subscriptions (
    surface text not null,
    channel text not null,
    kind text not null,
    at integer not null,
    primary key (surface, channel, kind)
) strict;

create table languages (
    whose text primary key,
    language text not null
) strict;

create table threads (
    surface text not null,
    channel text not null,
    thread text not null,
    real text not null,
    primary key (surface, channel, thread)
) strict;
create unique index threads_by_real on threads (surface, real);

pragma user_version = 4;
