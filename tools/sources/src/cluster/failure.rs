//! Failures of a cluster's API as problems.
//! Called wherever the API is: here and in the Kubernetes runner.
//! Must never carry a token, a kubeconfig's text or the output of a credential program.

use chopmark_domain::problem::{Code, Problem};
use kube::Error;
use kube::core::Status;
use std::error::Error as _;

/// How deep a chain of causes is followed; the HTTP and TLS layers nest fewer than ten.
const CAUSES: usize = 16;

/// What was attempted, for the words of a problem.
#[derive(Debug, Clone, Copy)]
pub struct Attempt<'a> {
    /// The cluster's context.
    pub cluster: &'a str,
    /// The object or list it was about, such as `Deployment/shop/cart`.
    pub about: &'a str,
}

impl Attempt<'_> {
    /// The problem that an error is.
    pub fn problem(&self, error: &Error) -> Problem {
        match error {
            Error::Api(status) => self.refusal(status),
            other => unreachable_because(self.cluster, &reason(other)),
        }
    }

    /// The problem that the server's refusal is.
    pub fn refusal(&self, status: &Status) -> Problem {
        match (status.code, missing_right(&status.message)) {
            (401, _) => Problem::new(Code::ClusterForbidden)
                .with("cluster", self.cluster)
                .with("right", "authentication (401 Unauthorized)"),
            (403, Some(right)) => {
                Problem::new(Code::ClusterForbidden).with("cluster", self.cluster).with("right", right)
            }
            _ => Problem::new(Code::ClusterRefused).with("about", self.about).with("reason", words(status)),
        }
    }
}

/// The cluster cannot be reached.
pub fn unreachable_because(cluster: &str, reason: &str) -> Problem {
    Problem::new(Code::ClusterUnreachable).with("cluster", cluster).with("reason", reason)
}

/// The server's message, or its reason when it has none.
fn words(status: &Status) -> String {
    match (status.message.is_empty(), status.reason.is_empty()) {
        (false, _) => status.message.clone(),
        (true, false) => status.reason.clone(),
        (true, true) => format!("HTTP {}", status.code),
    }
}

/// What the authorizer says is missing, such as `list resource "pods" in API group "" …`. Other refusals with
/// the same status (quota, admission, a namespace that is being deleted) do not say `cannot`.
fn missing_right(message: &str) -> Option<&str> {
    let (head, right) = message.split_once(" cannot ")?;
    head.contains("forbidden: User ").then_some(right)
}

/// The deepest cause, which names what happened; the layers above only say where.
fn reason(error: &Error) -> String {
    match error {
        // A credential program's output can hold a token, and a parse error shows the text around it.
        Error::Auth(_) => return "the credentials of the kubeconfig could not be used".to_owned(),
        Error::InferConfig(_) => return "there is no usable kubeconfig, and this is no pod of a cluster".to_owned(),
        Error::SerdeError(_) => return "the server's answer could not be read".to_owned(),
        _ => {}
    }
    let mut deepest: &dyn std::error::Error = error;
    let mut above = error.source();
    for _ in 0..CAUSES {
        let Some(cause) = above else { break };
        deepest = cause;
        above = cause.source();
    }
    deepest.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(code: u16, message: &str) -> Problem {
        let status = Status { code, message: message.into(), ..Status::default() };
        Attempt { cluster: "dev", about: "Pod/shop" }.problem(&Error::Api(Box::new(status)))
    }

    #[test]
    fn a_missing_right_is_named_and_another_refusal_is_not_taken_for_one() {
        let message =
            r#"pods is forbidden: User "jo" cannot list resource "pods" in API group "" in the namespace "shop""#;
        let expected = Problem::new(Code::ClusterForbidden)
            .with("cluster", "dev")
            .with("right", r#"list resource "pods" in API group "" in the namespace "shop""#);
        assert_eq!(refusal(403, message), expected);
        assert_eq!(refusal(403, "pods \"a\" is forbidden: exceeded quota: q").code, Code::ClusterRefused);
        assert_eq!(refusal(401, "Unauthorized").code, Code::ClusterForbidden);
    }
}
