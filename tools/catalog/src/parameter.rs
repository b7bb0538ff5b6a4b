//! Parameters: what a template asks for, typed and bounded.
//! Read from template.toml; used for accepting values, for tool schemas, questions and documents.
//! Must never let a value through that its kind does not describe.

use crate::quantity;
use crate::words::Words;
use chopmark_domain::facts::Bilingual;
use chopmark_domain::literal::Literal;
use serde::{Deserialize, Serialize};

/// One parameter of a template.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Parameter {
    /// Its name, such as `replicas`; letters, digits and underscores.
    pub name: String,
    /// Its title for people.
    pub title: Bilingual,
    /// Words people use for it.
    pub words: Words,
    /// Its type with bounds.
    pub kind: ParameterKind,
    /// The value when nobody gives one.
    pub default: Option<Literal>,
    /// The optional switch that turns on by itself when this expression over the values holds.
    pub default_when: Option<String>,
    /// Whether a value must be given. A parameter that is neither required nor has a default is
    /// optional: unset until somebody sets it.
    pub required: bool,
    /// What a number counts, for people.
    pub unit: Option<Bilingual>,
}

/// The type of a parameter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case", tag = "type")]
pub enum ParameterKind {
    /// Any text.
    Text {
        /// Longest, in bytes.
        longest: usize,
    },
    /// A whole number.
    Integer {
        /// Smallest.
        least: i64,
        /// Largest.
        most: i64,
    },
    /// Yes or no.
    Bool,
    /// One of several values.
    Choice {
        /// The values.
        options: Vec<ChoiceOption>,
    },
    /// The name of an object of the cluster (an RFC 1123 label).
    Name,
    /// A container image reference.
    Image,
    /// A TCP or UDP port, 1 to 65535.
    Port,
    /// An amount of processor time, such as `250m` or `2`; bounds in thousandths of a core.
    Cpu {
        /// Smallest.
        least: u64,
        /// Largest.
        most: u64,
    },
    /// An amount of memory, such as `64Mi`; bounds in bytes.
    Memory {
        /// Smallest.
        least: u64,
        /// Largest.
        most: u64,
    },
    /// A span of time, such as `90s`, `5m` or `1h30m`; bounds in seconds.
    Duration {
        /// Shortest.
        least: u64,
        /// Longest.
        most: u64,
    },
    /// A cron schedule of five fields, or a name such as `@daily`.
    Schedule,
    /// A time zone of the IANA database, such as `Asia/Shanghai`.
    TimeZone,
    /// A host name, such as `shop.example.com`.
    Host,
    /// A range of addresses, such as `10.0.0.0/16` or `2001:db8::/56`; bounds of its prefix.
    Cidr {
        /// Shortest prefix: the largest range.
        least: u8,
        /// Longest prefix: the smallest range.
        most: u8,
    },
    /// A path of a URL, beginning with a slash.
    Path,
    /// A reference to a secret: `env:NAME` or `file:PATH`.
    Secret,
    /// Names to values.
    Map {
        /// What the names may be.
        keys: KeyKind,
        /// What the values may be.
        values: EntryKind,
        /// At most so many.
        most: usize,
    },
    /// An ordered list.
    List {
        /// What the items may be.
        items: EntryKind,
        /// At most so many.
        most: usize,
    },
}

impl ParameterKind {
    /// Its bounds as a person writes values of it; none where it has none.
    pub fn bounds(&self) -> Option<(String, String)> {
        match self {
            Self::Integer { least, most } => Some((least.to_string(), most.to_string())),
            Self::Port => Some(("1".to_owned(), u16::MAX.to_string())),
            Self::Cpu { least, most } => Some((quantity::cpu_text(*least), quantity::cpu_text(*most))),
            Self::Memory { least, most } => {
                Some((quantity::memory_text(*least, true), quantity::memory_text(*most, true)))
            }
            Self::Duration { least, most } => Some((quantity::duration_text(*least), quantity::duration_text(*most))),
            Self::Cidr { least, most } => Some((format!("/{least}"), format!("/{most}"))),
            Self::Text { .. }
            | Self::Bool
            | Self::Choice { .. }
            | Self::Name
            | Self::Image
            | Self::Schedule
            | Self::TimeZone
            | Self::Host
            | Self::Path
            | Self::Secret
            | Self::Map { .. }
            | Self::List { .. } => None,
        }
    }
}

/// What the names of a map may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum KeyKind {
    /// Names of environment variables.
    Variable,
    /// Names of files, which are also the keys of config maps and secrets.
    File,
}

/// What the values of a map or a list may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case", tag = "type")]
pub enum EntryKind {
    /// Any text.
    Text {
        /// Longest, in bytes.
        longest: usize,
    },
    /// References to secrets.
    Secret,
    /// Names of objects.
    Name,
    /// Ranges of addresses.
    Cidr,
}

/// One value of a choice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ChoiceOption {
    /// The value as it is written.
    pub value: String,
    /// Its title for people.
    pub title: Bilingual,
    /// Words people use for it.
    pub words: Words,
}
