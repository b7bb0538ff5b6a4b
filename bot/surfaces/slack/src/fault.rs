//! Faults: what Slack's errors mean to the program.
//! Called around every call of the Web API.
//! Must never carry the body of an answer further: only Slack's own word for the error.

use chopmark_domain::problem::{Code, Problem};
use chopmark_protocol::chat::{Fault, Gone};
use slack_morphism::errors::SlackClientError;
use std::time::Duration;

/// What the platform is called in problems.
const PLATFORM: &str = "Slack";

/// Longest word of Slack's that is told further, in characters.
const LONGEST_WORD: usize = 200;

/// What an error of slack-morphism means.
pub(crate) fn of(error: SlackClientError) -> Fault {
    match error {
        SlackClientError::RateLimitError(limit) => {
            Fault::Later { after: limit.retry_after, why: "Slack asks us to wait".to_owned() }
        }
        SlackClientError::ApiError(refusal) => {
            let details = refusal.http_response_body.as_deref().and_then(|body| serde_json::from_str(body).ok());
            named(&refusal.code, details.as_ref())
        }
        // Slack itself answers 200 with a word of its own: anything else comes from what stands between.
        SlackClientError::HttpError(answer) => later(&format!("HTTP {}", answer.status_code.as_u16())),
        SlackClientError::ProtocolError(_) => later("an answer that is not JSON"),
        SlackClientError::EndOfStream(_) => later("the answer ended early"),
        SlackClientError::HttpProtocolError(_)
        | SlackClientError::SystemError(_)
        | SlackClientError::SocketModeProtocolError(_) => later("the connection broke"),
    }
}

/// What an error at an address to respond to means: there a refusal is a status.
pub(crate) fn of_response(error: SlackClientError) -> Fault {
    match error {
        SlackClientError::HttpError(answer) if answer.status_code.is_client_error() => {
            Fault::Invalid(format!("HTTP {}", answer.status_code.as_u16()))
        }
        error => of(error),
    }
}

/// Not now.
pub(crate) fn later(why: &str) -> Fault {
    Fault::Later { after: None, why: why.to_owned() }
}

/// It takes too long: whether it happened is unknown.
pub(crate) fn late(after: Duration) -> Fault {
    later(&format!("no answer within {} s", after.as_secs()))
}

/// The store did not answer: an event is read again, a message sent again.
pub(crate) fn of_store(problem: Problem) -> Fault {
    later(&problem.to_string())
}

/// What one of Slack's error words means (docs.slack.dev, the errors of each method that is called here).
fn named(word: &str, details: Option<&serde_json::Value>) -> Fault {
    let said: String = word.chars().take(LONGEST_WORD).collect();
    let detail = |key: &str| details.and_then(|body| body.get(key)).and_then(serde_json::Value::as_str);
    match word {
        "ratelimited"
        | "rate_limited"
        | "message_limit_exceeded"
        | "internal_error"
        | "fatal_error"
        | "service_unavailable"
        | "request_timeout"
        | "team_added_to_org"
        | "accesslimited" => later(&said),
        "message_not_found" | "thread_not_found" | "cant_update_message" | "edit_window_closed" => {
            Fault::Gone { what: Gone::Message, why: said }
        }
        "channel_not_found"
        | "is_archived"
        | "not_in_channel"
        | "user_not_in_channel"
        | "user_not_found"
        | "users_not_found"
        | "user_disabled"
        | "user_not_visible"
        | "cannot_dm_bot"
        | "channel_is_archived"
        | "restricted_action"
        | "restricted_action_read_only_channel"
        | "restricted_action_thread_only_channel"
        | "restricted_action_thread_locked"
        | "restricted_action_non_threadable_channel"
        | "messages_tab_disabled" => Fault::Gone { what: Gone::Place, why: said },
        "invalid_auth"
        | "not_authed"
        | "account_inactive"
        | "token_revoked"
        | "token_expired"
        | "not_allowed_token_type"
        | "org_login_required"
        | "ekm_access_denied"
        | "access_denied"
        | "app_uninstalled" => {
            Fault::Refused(Problem::new(Code::ChatTokenRefused).with("platform", PLATFORM).with("reason", said))
        }
        "missing_scope" | "no_permission" | "team_access_not_granted" | "paid_teams_only" | "plan_upgrade_required" => {
            let right = detail("needed").map_or(said, |scope| scope.chars().take(LONGEST_WORD).collect());
            Fault::Refused(Problem::new(Code::ChatRightMissing).with("platform", PLATFORM).with("right", right))
        }
        _ => {
            let parts = details.and_then(|body| body.pointer("/response_metadata/messages")).map(ToString::to_string);
            let parts: String = parts.unwrap_or_default().chars().take(5 * LONGEST_WORD).collect();
            Fault::Invalid(format!("{said} {parts}").trim_end().to_owned())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scope_that_is_missing_is_named() {
        let body = serde_json::json!({"needed": "usergroups:read", "provided": "chat:write"});
        let Fault::Refused(problem) = named("missing_scope", Some(&body)) else { panic!("it is refused") };
        assert_eq!(problem.facts.get("right").map(String::as_str), Some("usergroups:read"));
    }

    #[test]
    fn what_is_gone_is_told_from_what_is_refused_and_from_what_comes_later() {
        assert!(matches!(named("is_archived", None), Fault::Gone { what: Gone::Place, .. }));
        assert!(matches!(named("message_not_found", None), Fault::Gone { what: Gone::Message, .. }));
        assert!(matches!(named("token_revoked", None), Fault::Refused(_)));
        assert!(matches!(named("internal_error", None), Fault::Later { .. }));
        assert!(matches!(named("invalid_blocks", None), Fault::Invalid(_)));
    }
}
