//! What is known by name: functions, data sources, blocks.
//! Used by the screen of both lanes.
//! Must never grow by a name whose meaning in both Terraform and OpenTofu nobody looked up.

/// Functions of values alone: the same arguments give the same result, and nothing is read (Terraform's and OpenTofu's
/// lists of built-in functions). What is in no list of this file is refused.
pub(super) const PURE: &[&str] = &[
    "abs",
    "alltrue",
    "anytrue",
    "base64decode",
    "base64encode",
    "base64gzip",
    "base64sha256",
    "base64sha512",
    "can",
    "ceil",
    "chomp",
    "chunklist",
    "cidrcontains",
    "cidrhost",
    "cidrnetmask",
    "cidrsubnet",
    "cidrsubnets",
    "coalesce",
    "coalescelist",
    "compact",
    "concat",
    "contains",
    "csvdecode",
    "distinct",
    "element",
    "endswith",
    "flatten",
    "floor",
    "format",
    "formatdate",
    "formatlist",
    "indent",
    "index",
    "issensitive",
    "join",
    "jsondecode",
    "jsonencode",
    "keys",
    "length",
    "list",
    "log",
    "lookup",
    "lower",
    "map",
    "matchkeys",
    "max",
    "md5",
    "merge",
    "min",
    "nonsensitive",
    "one",
    "parseint",
    "pow",
    "range",
    "regex",
    "regexall",
    "replace",
    "reverse",
    "sensitive",
    "setintersection",
    "setproduct",
    "setsubtract",
    "setunion",
    "sha1",
    "sha256",
    "sha512",
    "signum",
    "slice",
    "sort",
    "split",
    "startswith",
    "strcontains",
    "strrev",
    "substr",
    "sum",
    "timeadd",
    "timecmp",
    "title",
    "tobool",
    "tolist",
    "tomap",
    "tonumber",
    "toset",
    "tostring",
    "transpose",
    "trim",
    "trimprefix",
    "trimspace",
    "trimsuffix",
    "try",
    "upper",
    "urldecode",
    "urlencode",
    "uuidv5",
    "values",
    "yamldecode",
    "yamlencode",
    "zipmap",
];

/// Functions that read no file either, but depend on the moment, on chance or on the machine: a template that used
/// them would never render the same plan twice.
pub(super) const CHANGING: &[&str] = &[
    "abspath",
    "basename",
    "base64gunzip",
    "bcrypt",
    "convert",
    "dirname",
    "ephemeralasnull",
    "pathexpand",
    "plantimestamp",
    "rsadecrypt",
    "textdecodebase64",
    "textencodebase64",
    "timestamp",
    "type",
    "uuid",
];

/// Functions that read the file or folder their first argument names. During a plan `file("/proc/self/environ")` puts
/// the whole environment into the plan (security.md §1.1).
pub(super) const READERS: &[&str] = &[
    "file",
    "filebase64",
    "filebase64sha256",
    "filebase64sha512",
    "fileexists",
    "filemd5",
    "fileset",
    "filesha1",
    "filesha256",
    "filesha512",
    "templatefile",
];

/// Data sources that run something, read files of this machine, or carry what a configuration knows to a place that a
/// configuration names (security.md §1.1: one of them sent a file to an address during a plan). A trailing `_` stands for every
/// type that begins so.
const OUTSIDE_DATA: &[&str] = &[
    "archive_file",
    "ansible_",
    "command_",
    "curl",
    "curl_",
    "dns_",
    "external",
    "external_",
    "git_",
    "http",
    "http_",
    "jsonnet_file",
    "local_",
    "shell_",
    "sops_",
    "template_dir",
    "template_file",
    "terraform_remote_state",
    "tfe_outputs",
    "tls_certificate",
];

/// Resources that are nothing but commands.
const COMMAND_RESOURCES: &[&str] = &["ansible_", "command_", "shell_"];

/// The blocks of a configuration that a team keeps. Newer ones (`action`, `list`) run or ask something outside.
pub(super) const ROOT_BLOCKS: &[&str] = &[
    "check",
    "data",
    "ephemeral",
    "import",
    "locals",
    "module",
    "moved",
    "output",
    "provider",
    "removed",
    "resource",
    "terraform",
    "variable",
];

/// The blocks of a configuration that a template renders.
pub(super) const TEMPLATE_BLOCKS: &[&str] = &["locals", "output", "provider", "resource", "terraform", "variable"];

/// Arguments of providers that hold credentials: those travel in environment variables, by reference.
pub(super) const CREDENTIAL_SETTINGS: &[&str] =
    &["access_key", "api_key", "client_secret", "password", "private_key", "secret_key", "session_token", "token"];

/// Whether a data source reaches out of the configuration.
pub(super) fn is_outside_data(kind: &str) -> bool {
    listed(OUTSIDE_DATA, kind)
}

/// Whether a resource is a command.
pub(super) fn is_command(kind: &str) -> bool {
    listed(COMMAND_RESOURCES, kind)
}

fn listed(list: &[&str], kind: &str) -> bool {
    list.iter().any(|entry| kind == *entry || (entry.ends_with('_') && kind.starts_with(entry)))
}
