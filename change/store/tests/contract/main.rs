//! The contract of every store: the same promises, kept by each database that joins.
//! Run by `cargo test -p chopmark-store`; a new database adds a `Backend` and one line below.
//! Must never test a database through anything but the ports, except in the folder named after it.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod backend;
mod promises;
mod samples;
mod sqlite;

/// Makes a test of each promise, for one backend.
macro_rules! keeps {
    ($backend:ty: $($subject:ident::{$($promise:ident),* $(,)?});* $(;)?) => {
        $(mod $subject {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $promise() {
                crate::promises::$subject::$promise::<$backend>().await;
            })*
        })*
    };
}

mod sqlite_keeps {
    keeps! { crate::sqlite::Sqlite:
        transitions::{
            a_transition_is_read_back_whole,
            a_writer_who_believes_an_older_state_or_epoch_is_refused_and_nothing_is_written,
            a_part_that_does_not_fit_takes_the_whole_transition_back,
            of_many_writers_with_one_belief_one_wins,
            a_change_that_has_ended_never_moves_again,
            a_taken_id_is_a_conflict,
            a_revision_is_filled_until_it_is_planned_and_followed_only_by_the_next,
            a_decision_is_stored_once_for_a_person_verdict_and_digest,
            changes_are_found_by_what_is_asked_newest_first,
            the_columns_of_the_row_are_what_a_change_says,
        };
        tickets::{
            a_ticket_is_used_once_however_many_try_at_once,
            a_used_ticket_is_used_for_ever,
            a_run_ends_once_its_outcome_is_known,
        };
        usage::{
            of_many_requests_at_once_as_many_count_as_the_limit_says,
            tokens_are_summed_for_a_person_and_a_day,
        };
        switch::{
            the_first_pull_holds_until_somebody_lifts_it,
            no_ticket_is_used_after_the_pull_however_many_try,
        };
        leases::{
            a_lease_has_one_holder_and_its_epoch_grows_with_every_other_one,
            a_lease_that_is_over_can_be_taken,
            a_lease_without_end_is_taken_only_from_a_holder_that_is_gone,
            a_clock_set_back_revives_no_lease,
            of_many_who_ask_at_once_one_gets_the_lease,
            a_fence_holds_only_for_the_holder_and_epoch_of_now,
            a_transition_frees_the_lease_it_names_and_no_other,
        };
        feeds::{
            a_delivery_is_new_once_however_many_ask_at_once,
            what_is_remembered_for_a_place_is_recalled_there_alone,
            notes_come_in_the_order_they_were_written_without_gaps,
            wakeups_are_due_in_order_and_survive_reopening,
            prompts_are_kept_in_their_order_and_for_their_change_alone,
            a_prompt_needs_a_change_that_is_there,
        };
        chat::{
            an_event_is_taken_once_and_waits_until_it_is_served,
            events_that_come_together_are_all_kept_also_when_some_who_wait_give_up,
            a_message_is_kept_once_by_its_key_and_in_the_order_of_its_place,
            what_became_of_a_message_is_final_and_its_key_stays_for_a_day,
            a_card_is_due_until_it_shows_what_is_wanted,
            a_feed_moves_on_once_with_what_its_notes_led_to,
            channels_languages_and_threads_are_kept_and_let_go,
        };
        joining::{
            a_code_works_once_however_many_try_at_once,
            a_code_that_is_over_or_replaced_works_no_more,
            five_wrong_tries_close_every_code_for_that_identity_alone_and_for_as_long_as_codes_live,
            an_identity_is_joined_once_until_it_is_parted,
            the_latest_word_of_a_platform_on_groups_is_kept,
            offering_joining_and_parting_are_in_the_ledger,
        };
        chain::{
            fifty_writers_at_once_leave_one_chain_without_gaps,
            many_entries_are_written_at_once,
            entries_are_dated_by_a_clock_that_never_goes_back,
            entries_of_one_change_are_found_by_it,
            reopening_continues_the_chain,
        };
    }
}
