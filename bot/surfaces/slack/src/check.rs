//! Checks: what the doctor says about Slack.
//! Called by `chopmark doctor` and after `chopmark init slack`.
//! Must never show a token, nor change anything.

use crate::{Inner, manifest, web};
use chopmark_domain::problem::{Code, Problem};
use chopmark_protocol::chat::{Check, Fault, Verdict};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// From how many seconds on a clock that differs is told; from 300 on Slack's signatures are refused.
const SKEW: i64 = 60;
const SKEW_REFUSED: i64 = 300;

/// Channels that are named.
const NAMED: usize = 10;

fn check(verdict: Verdict, key: &'static str, args: &[(&'static str, String)]) -> Check {
    Check { verdict, key, args: args.iter().cloned().collect::<BTreeMap<_, _>>() }
}

/// Slack's word, or ours, for what did not work.
fn reason(fault: &Fault) -> String {
    match fault {
        Fault::Refused(problem) => {
            let fact = |name: &str| problem.facts.get(name).cloned();
            fact("reason").or_else(|| fact("right")).unwrap_or_default()
        }
        Fault::Later { why, .. } | Fault::Gone { why, .. } | Fault::Invalid(why) => why.clone(),
    }
}

impl Inner {
    /// Looks at the set-up.
    pub(crate) async fn checks(&self) -> Vec<Check> {
        let looked = match self.web.look("auth.test").await {
            Ok(looked) => looked,
            Err(fault) => {
                return vec![check(Verdict::Failing, "doctor-slack-unreachable", &[("reason", reason(&fault))])];
            }
        };
        let text = |key: &str| looked.body.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
        let mut checks = Vec::new();
        if looked.body.get("ok") == Some(&Value::Bool(true)) {
            let args = [("team", text("team")), ("name", text("user"))];
            checks.push(check(Verdict::Fine, "doctor-slack-token", &args));
            checks.push(scopes(looked.headers.get("x-oauth-scopes")));
            checks.push(self.channels().await);
        } else {
            checks.push(check(Verdict::Failing, "doctor-slack-token-refused", &[("reason", text("error"))]));
        }
        checks.extend(self.ways_in().await);
        checks.extend(self.skew(looked.headers.get("date")));
        checks
    }

    async fn ways_in(&self) -> Vec<Check> {
        let mut checks = Vec::new();
        if let Some(secret) = &self.app_token {
            let opened = self.web.call_with(&web::token(secret), "apps.connections.open", &json!({})).await;
            checks.push(match opened {
                Ok(_) => check(Verdict::Fine, "doctor-slack-socket", &[]),
                Err(fault) => check(Verdict::Failing, "doctor-slack-socket-refused", &[("reason", reason(&fault))]),
            });
        }
        if self.signing_secret.is_some() {
            checks.push(check(Verdict::Fine, "doctor-slack-http", &[]));
        }
        if checks.is_empty() {
            checks.push(check(Verdict::Failing, "doctor-slack-deaf", &[]));
        }
        checks
    }

    async fn channels(&self) -> Check {
        let arguments = [("types", "public_channel,private_channel"), ("exclude_archived", "true"), ("limit", "200")];
        match self.web.get("users.conversations", &arguments).await {
            Ok(answer) => {
                let channels = answer.get("channels").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
                let names = channels.iter().filter_map(|channel| channel.get("name").and_then(Value::as_str));
                let names: Vec<String> = names.take(NAMED).map(|name| format!("#{name}")).collect();
                let args = [("count", channels.len().to_string()), ("channels", names.join(", "))];
                if channels.is_empty() {
                    check(Verdict::Warning, "doctor-slack-channels-none", &[])
                } else {
                    check(Verdict::Fine, "doctor-slack-channels", &args)
                }
            }
            Err(fault) => check(Verdict::Warning, "doctor-slack-channels-unknown", &[("reason", reason(&fault))]),
        }
    }

    fn skew(&self, date: Option<&String>) -> Option<Check> {
        let theirs = jiff::fmt::rfc2822::parse(date?).ok()?.timestamp().as_millisecond();
        let seconds = (self.clock.now().0 - theirs) / 1000;
        let args = [("seconds", seconds.abs().to_string())];
        Some(match seconds.abs() {
            ..SKEW => check(Verdict::Fine, "doctor-slack-clock", &[]),
            SKEW..SKEW_REFUSED => check(Verdict::Warning, "doctor-slack-clock-wrong", &args),
            _ => check(Verdict::Failing, "doctor-slack-clock-wrong", &args),
        })
    }

    /// Why it can't hear at all; none when it can.
    pub(crate) fn deaf(&self) -> Fault {
        Fault::Refused(Problem::new(Code::ChatTokenRefused).with("platform", "Slack").with("reason", "no app token"))
    }
}

fn scopes(granted: Option<&String>) -> Check {
    let granted: BTreeSet<&str> = granted.map(|list| list.split(',').map(str::trim).collect()).unwrap_or_default();
    let missing: Vec<&str> =
        manifest::SCOPES.iter().map(|(scope, _)| *scope).filter(|scope| !granted.contains(scope)).collect();
    let args = [("scopes", missing.join(", "))];
    if missing.is_empty() {
        check(Verdict::Fine, "doctor-slack-scopes", &[])
    } else if missing.contains(&"chat:write") {
        check(Verdict::Failing, "doctor-slack-scopes-missing", &args)
    } else {
        check(Verdict::Warning, "doctor-slack-scopes-missing", &args)
    }
}
