//! JSON schemas of a template's values, for tools, forms and documents.
//! Made on demand from the same parameters that accept values.
//! Must never promise more than accepting does: a value that fits the schema may still be refused, never the reverse.

use crate::parameter::{EntryKind, KeyKind, Parameter, ParameterKind};
use crate::template::Template;
use serde_json::{Map, Value, json};

impl Template {
    /// The schema of the values of a new component.
    pub fn schema(&self) -> Value {
        let properties: Map<String, Value> =
            self.parameters.iter().map(|parameter| (parameter.name.clone(), parameter.schema())).collect();
        let required: Vec<&str> =
            self.parameters.iter().filter(|parameter| parameter.required).map(|p| p.name.as_str()).collect();
        json!({
            "type": "object",
            "title": self.title.en,
            "description": self.summary.en,
            "properties": properties,
            "required": required,
            "additionalProperties": false,
        })
    }
}

impl Parameter {
    /// The schema of one value.
    pub fn schema(&self) -> Value {
        let mut schema = self.kind.schema();
        if let Value::Object(entries) = &mut schema {
            let unit = self.unit.as_ref().map(|unit| format!(" ({})", unit.en)).unwrap_or_default();
            entries.insert("title".to_owned(), json!(self.title.en));
            let hint = self.kind.hint().map(|hint| format!(": {hint}")).unwrap_or_default();
            entries.insert("description".to_owned(), json!(format!("{}{unit}{hint}", self.title.en)));
            if let Some(default) = &self.default {
                entries.insert("default".to_owned(), json!(default));
            }
        }
        schema
    }
}

impl ParameterKind {
    fn schema(&self) -> Value {
        match self {
            Self::Text { longest } => json!({"type": "string", "maxLength": longest}),
            Self::Integer { least, most } => json!({"type": "integer", "minimum": least, "maximum": most}),
            Self::Bool => json!({"type": "boolean"}),
            Self::Choice { options } => {
                let values: Vec<&str> = options.iter().map(|option| option.value.as_str()).collect();
                json!({"type": "string", "enum": values})
            }
            Self::Port => json!({"type": "integer", "minimum": 1, "maximum": 65535}),
            Self::Cpu { .. } | Self::Memory { .. } | Self::Duration { .. } => json!({"type": ["string", "integer"]}),
            Self::Name => json!({"type": "string", "maxLength": 63}),
            Self::Image
            | Self::Schedule
            | Self::TimeZone
            | Self::Host
            | Self::Cidr { .. }
            | Self::Path
            | Self::Secret => {
                json!({"type": "string"})
            }
            Self::Map { keys, values, most } => {
                let names = match keys {
                    KeyKind::Variable => "names of environment variables",
                    KeyKind::File => "names of files",
                };
                json!({"type": "object", "additionalProperties": values.schema(), "maxProperties": most,
                    "propertyNames": {"description": names}})
            }
            Self::List { items, most } => json!({"type": "array", "items": items.schema(), "maxItems": most}),
        }
    }

    /// How a value is written, for models.
    fn hint(&self) -> Option<&'static str> {
        match self {
            Self::Image => Some("an image reference such as nginx:1.27"),
            Self::Cpu { .. } => Some("such as 250m or 2"),
            Self::Memory { .. } => Some("such as 64Mi or 1Gi"),
            Self::Duration { .. } => Some("such as 90s, 5m or 1h30m; a bare number is seconds"),
            Self::Schedule => Some("five cron fields such as 0 2 * * *, or @daily"),
            Self::TimeZone => Some("such as Asia/Shanghai or Etc/UTC"),
            Self::Host => Some("a host name such as shop.example.com"),
            Self::Cidr { .. } | Self::List { items: EntryKind::Cidr, .. } => {
                Some("ranges of addresses such as 10.0.0.0/16, beginning where the prefix says")
            }
            Self::Path => Some("a path such as /healthz"),
            Self::Secret | Self::Map { values: EntryKind::Secret, .. } => {
                Some("references only, env:NAME or file:PATH, never the secret itself")
            }
            Self::Name => Some("lower-case letters, digits and dashes"),
            Self::Text { .. }
            | Self::Integer { .. }
            | Self::Bool
            | Self::Choice { .. }
            | Self::Port
            | Self::Map { .. }
            | Self::List { .. } => None,
        }
    }
}

impl EntryKind {
    fn schema(self) -> Value {
        match self {
            Self::Text { longest } => json!({"type": ["string", "integer", "boolean"], "maxLength": longest}),
            Self::Secret => json!({"type": "string", "pattern": "^(env|file):"}),
            Self::Name => json!({"type": "string", "maxLength": 63}),
            Self::Cidr => json!({"type": "string", "maxLength": 64}),
        }
    }
}
