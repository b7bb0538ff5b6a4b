//! The plan identity: what lets it do dry runs and nothing else.
//! Printed by `init kubernetes`, checked by `doctor`.
//! Must never apply anything by itself: an administrator does.

use super::server::{Refused, Server, Write};
use chopmark_domain::environment::ClusterAddress;
use chopmark_domain::ids::is_dns_label;
use chopmark_domain::problem::{Code, Problem};
use chopmark_domain::proposal::ObjectReference;
use chopmark_sources::cluster::{Clusters, Purpose};

/// Name of the admission policy and of its binding.
pub const POLICY: &str = "chopmark-plan-dry-run-only";
/// What the policy says when it refuses.
const REFUSAL: &str = "the plan identity may only do dry runs";

/// What doctor found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hold {
    /// Real writes of the plan identity are refused by the policy.
    Held,
    /// The plan identity can really write.
    Loose,
    /// The plan identity has no right to write, so that it cannot do dry runs either.
    Powerless,
}

/// The objects that make a plan identity: a service account, its rights, and the policy that turns its writes into
/// dry runs. A dry run is authorised by the server as a write, so the rights alone would be too many.
///
/// # Errors
/// [`Code::InvalidName`] when namespace or account are no DNS labels: they stand in the policy's expression.
pub fn manifests(namespace: &str, account: &str) -> Result<String, Problem> {
    for name in [namespace, account] {
        if !is_dns_label(name) {
            return Err(Problem::new(Code::InvalidName)
                .with("what", "name")
                .with("text", name)
                .with("rule", chopmark_domain::ids::DNS_LABEL_RULE));
        }
    }
    Ok(MANIFESTS
        .replace("NAMESPACE", namespace)
        .replace("ACCOUNT", account)
        .replace("POLICY", POLICY)
        .replace("REFUSAL", REFUSAL))
}

/// Whether the plan identity of an address is kept to dry runs, found out by a real write that changes nothing: an
/// empty patch. Where the policy is missing, the server accepts it and writes nothing.
///
/// # Errors
/// The cluster cannot be reached, or the plan identity cannot be used.
pub async fn check(clusters: &Clusters, address: &ClusterAddress) -> Result<Hold, Problem> {
    let server = Server::new(clusters.connect(address, Purpose::Read).await?);
    let probe = ObjectReference {
        api_version: "v1".into(),
        kind: "ConfigMap".into(),
        namespace: Some("default".into()),
        // Every namespace has it: the controller that publishes the cluster's certificate keeps it there.
        name: "kube-root-ca.crt".into(),
    };
    match server.patch(&probe, &[], Write::Real).await {
        Ok(_) => Ok(Hold::Loose),
        Err(Refused::Because(problem)) if problem.code == Code::ClusterForbidden => Ok(Hold::Powerless),
        Err(Refused::Because(problem)) if problem.facts.get("reason").is_some_and(|reason| reason.contains(POLICY)) => {
            Ok(Hold::Held)
        }
        Err(refused) => Err(refused.problem(&probe, server.connection().name())),
    }
}

const MANIFESTS: &str = r#"# Chopmark's plan identity: it reads, and does dry runs. Apply this as an administrator, then let the
# environment's `plan_context` use the service account's token.
apiVersion: v1
kind: Namespace
metadata:
  name: NAMESPACE
---
apiVersion: v1
kind: ServiceAccount
metadata:
  name: ACCOUNT
  namespace: NAMESPACE
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata:
  name: ACCOUNT
rules:
  # Read what a plan compares with. Secrets are read too: their values are compared by a keyed digest.
  - apiGroups: ["*"]
    resources: ["*"]
    verbs: [get, list, watch]
  # Writes: the server asks for these rights on a dry run too. The policy below keeps them to dry runs.
  - apiGroups: ["", apps, batch, autoscaling, policy, networking.k8s.io]
    resources: ["*"]
    verbs: [create, patch, update, delete]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata:
  name: ACCOUNT
roleRef:
  apiGroup: rbac.authorization.k8s.io
  kind: ClusterRole
  name: ACCOUNT
subjects:
  - kind: ServiceAccount
    name: ACCOUNT
    namespace: NAMESPACE
---
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicy
metadata:
  name: POLICY
spec:
  failurePolicy: Fail
  matchConstraints:
    resourceRules:
      - apiGroups: ["*"]
        apiVersions: ["*"]
        operations: [CREATE, UPDATE, DELETE, CONNECT]
        resources: ["*/*"]
  matchConditions:
    - name: plan-identity
      expression: request.userInfo.username == "system:serviceaccount:NAMESPACE:ACCOUNT"
  validations:
    - expression: request.operation != "CONNECT" && request.?dryRun.orValue(false) == true
      message: REFUSAL
---
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicyBinding
metadata:
  name: POLICY
spec:
  policyName: POLICY
  validationActions: [Deny]
"#;
