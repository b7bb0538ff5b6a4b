//! Judge of reach: how much goes at once, and whether it takes data with it.
//! One of the list in `judges`.
//! Must never deny: deletes are decided by the person who sees them named.

use crate::case::Case;
use crate::finding;
use chopmark_domain::finding::{Finding, Severity};
use chopmark_domain::plan::{ResourceAction, Verb};

/// Kinds whose deletion takes data, or everything inside, with it; no earlier version brings that back.
const DATA_KINDS: [&str; 30] = [
    "PersistentVolumeClaim",
    "PersistentVolume",
    "StatefulSet",
    "Namespace",
    "aws_cloudwatch_log_group",
    "aws_db_instance",
    "aws_db_snapshot",
    "aws_dynamodb_table",
    "aws_ebs_snapshot",
    "aws_ebs_volume",
    "aws_ecr_repository",
    "aws_efs_file_system",
    "aws_elasticache_cluster",
    "aws_elasticache_replication_group",
    "aws_instance",
    "aws_neptune_cluster",
    "aws_rds_cluster",
    "aws_redshift_cluster",
    "aws_s3_bucket",
    "aws_s3_bucket_object",
    "aws_s3_object",
    "aws_sqs_queue",
    "azurerm_storage_account",
    "azurerm_mssql_database",
    "google_bigquery_dataset",
    "google_compute_disk",
    "google_compute_instance",
    "google_sql_database_instance",
    "google_storage_bucket",
    "local_file",
];
/// Kinds whose deletion makes unreadable or unprovable what was encrypted or signed with them.
const KEY_KINDS: [&str; 7] = [
    "aws_kms_key",
    "aws_secretsmanager_secret",
    "azurerm_key_vault_key",
    "google_kms_crypto_key",
    "random_password",
    "random_bytes",
    "tls_private_key",
];
/// From so many deletes on their number is named, too: more than a person counts at a glance.
const MANY: usize = 10;

/// Warns when data goes, and when much goes.
pub(crate) fn verdict(case: &Case<'_>) -> Vec<Finding> {
    let goes = |action: &&ResourceAction| matches!(action.verb, Verb::Delete | Verb::Replace);
    let going: Vec<_> = case.actions.iter().filter(goes).collect();
    let mut findings: Vec<_> = going
        .iter()
        .filter(|action| DATA_KINDS.contains(&action.kind.as_str()))
        .map(|action| finding("data-loss", Severity::Warn, &action.address, &[("kind", &action.kind)]))
        .collect();
    let keys = going.iter().filter(|action| KEY_KINDS.contains(&action.kind.as_str()));
    findings.extend(keys.map(|action| finding("key-loss", Severity::Warn, &action.address, &[("kind", &action.kind)])));
    if going.len() >= MANY {
        let about = case.component.to_string();
        findings.push(finding("many-deletes", Severity::Warn, &about, &[("count", &going.len().to_string())]));
    }
    findings
}
