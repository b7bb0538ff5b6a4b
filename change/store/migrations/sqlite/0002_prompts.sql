-- What models were sent for a change, redacted. Beside the chain: the ledger holds the digest of each body.

create table prompts (
    number integer primary key,
    change_id text not null references changes (id),
    written_at bigint not null,
    model text not null,
    body text not null
);
create index prompts_by_change on prompts (change_id, number);

pragma user_version = 2;
