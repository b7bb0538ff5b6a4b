//! What is known of kinds: the class of creating and of editing one, with the reason.
//! Read by the classification.
//! Must never list a kind whose edits nobody has thought about: what is not here is severe.
//!
//! A class says how far an action reaches and whether the previous version brings it back. What the fields open to the
//! world is for the judges to say, because the same kind can be shut or open.

use super::Risk;

/// The class of creating a resource of a kind and of editing one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Classes {
    pub(super) create: Risk,
    pub(super) edit: Risk,
}

/// Kinds with the same classes for the same reason.
struct Family {
    classes: Classes,
    kinds: &'static [&'static str],
}

const LOW: Classes = Classes { create: Risk::Low, edit: Risk::Low };
/// Nobody can rely on what was not there; what is there, others use.
const LOW_THEN_MODERATE: Classes = Classes { create: Risk::Low, edit: Risk::Moderate };
const MODERATE: Classes = Classes { create: Risk::Moderate, edit: Risk::Moderate };

const FAMILIES: [Family; 13] = [
    // Committed text: the previous version is the whole way back.
    Family { classes: LOW, kinds: &["file"] },
    // Kubernetes objects of one component: the previous version restores them, pods and all.
    Family {
        classes: LOW,
        kinds: &[
            "Deployment",
            "Service",
            "ConfigMap",
            "HorizontalPodAutoscaler",
            "PodDisruptionBudget",
            "Job",
            "CronJob",
            "ReplicaSet",
        ],
    },
    // An empty namespace concerns nobody; an edited one everybody in it.
    Family { classes: LOW_THEN_MODERATE, kinds: &["Namespace"] },
    // Shared by others, reached from outside, holding confidential values, or tied to data.
    Family {
        classes: MODERATE,
        kinds: &[
            "Ingress",
            "Secret",
            "NetworkPolicy",
            "ResourceQuota",
            "LimitRange",
            "StatefulSet",
            "DaemonSet",
            "ServiceAccount",
        ],
    },
    // Only in Terraform's own state: nothing outside is touched, and the previous version restores the inputs. Values
    // made at random are made anew only by a replacement, which is severe.
    Family {
        classes: LOW,
        kinds: &[
            "terraform_data",
            "null_resource",
            "random_bytes",
            "random_id",
            "random_integer",
            "random_password",
            "random_pet",
            "random_shuffle",
            "random_string",
            "random_uuid",
            "time_offset",
            "time_rotating",
            "time_sleep",
            "time_static",
        ],
    },
    // Certificates without their key: whoever trusts the old one must be given the new one, which is a replacement.
    Family { classes: LOW, kinds: &["tls_cert_request", "tls_locally_signed_cert", "tls_self_signed_cert"] },
    // Confidential from its first moment on.
    Family { classes: MODERATE, kinds: &["aws_secretsmanager_secret", "aws_ssm_parameter", "tls_private_key"] },
    // A file on the machine that applies, outside every repository.
    Family { classes: MODERATE, kinds: &["local_file", "local_sensitive_file"] },
    // Things of their own, private until another resource opens them: new ones concern nobody, edits reach who uses
    // them (a machine restarts, a bucket's objects are encrypted or expire otherwise, a table's capacity moves).
    Family {
        classes: LOW_THEN_MODERATE,
        kinds: &[
            "aws_cloudwatch_log_group",
            "aws_cloudwatch_metric_alarm",
            "aws_db_instance",
            "aws_dynamodb_table",
            "aws_ebs_volume",
            "aws_ecr_repository",
            "aws_instance",
            "aws_kms_alias",
            "aws_kms_key",
            "aws_s3_bucket",
            "aws_s3_bucket_ownership_controls",
            "aws_s3_bucket_public_access_block",
            "aws_s3_bucket_server_side_encryption_configuration",
            "aws_s3_bucket_versioning",
            "aws_sns_topic",
            "aws_sqs_queue",
            "aws_subnet",
            "aws_vpc",
        ],
    },
    // Rules on a bucket that holds objects already: they delete, open or move them.
    Family {
        classes: MODERATE,
        kinds: &[
            "aws_s3_bucket_acl",
            "aws_s3_bucket_lifecycle_configuration",
            "aws_s3_bucket_logging",
            "aws_s3_bucket_policy",
        ],
    },
    // Who reaches what: a new rule opens or shuts something that is there. The default group takes over the network's own.
    Family {
        classes: MODERATE,
        kinds: &[
            "aws_default_security_group",
            "aws_eip",
            "aws_internet_gateway",
            "aws_nat_gateway",
            "aws_network_acl",
            "aws_network_acl_rule",
            "aws_network_interface",
            "aws_route",
            "aws_route_table",
            "aws_route_table_association",
            "aws_security_group",
            "aws_security_group_rule",
            "aws_vpc_security_group_egress_rule",
            "aws_vpc_security_group_ingress_rule",
        ],
    },
    // Names that others look up: resolvers keep an answer, the absence of one too, for longer than a rollback takes.
    Family { classes: MODERATE, kinds: &["aws_route53_record", "aws_route53_zone"] },
    // Rights. Users, their keys and what hangs on every account are not here, so they are severe.
    Family {
        classes: MODERATE,
        kinds: &[
            "aws_iam_instance_profile",
            "aws_iam_policy",
            "aws_iam_role",
            "aws_iam_role_policy",
            "aws_iam_role_policy_attachment",
        ],
    },
];

/// The classes of a kind; none when nobody has thought about it.
pub(super) fn classes(kind: &str) -> Option<Classes> {
    FAMILIES.iter().find(|family| family.kinds.contains(&kind)).map(|family| family.classes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kind_stands_in_one_family_only() {
        let mut all: Vec<&str> = FAMILIES.iter().flat_map(|family| family.kinds).copied().collect();
        all.sort_unstable();
        let twice: Vec<_> = all.windows(2).filter(|pair| pair[0] == pair[1]).collect();
        assert!(twice.is_empty(), "{twice:?}");
    }
}
