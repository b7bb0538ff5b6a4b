-- The stop switch, joined identities, groups that platforms told of, and what people have used.

create table halt (
    only_row integer primary key check (only_row = 1),
    body text not null
) strict;

create table links (
    identity text primary key,
    person text not null,
    body text not null,
    seal text not null
) strict;

create table link_codes (
    person text primary key,
    digest text not null unique,
    expires_at integer not null
) strict;

create table link_tries (
    identity text not null,
    at integer not null
) strict;

create index link_tries_by_identity on link_tries (identity, at);

create table groups (
    identity text primary key,
    groups text not null,
    seen_at integer not null
) strict;

create table requests_made (
    whose text not null,
    at integer not null
) strict;

create index requests_made_by on requests_made (whose, at);

create table tokens_spent (
    person text not null,
    day integer not null,
    tokens integer not null,
    primary key (person, day)
) strict;

pragma user_version = 3;
