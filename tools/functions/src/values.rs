//! Values as a model gives them: JSON of a few shapes, turned into typed literals.
//! Used by the proposing tools.
//! Must never hold a float, and never decide whether a value fits: the catalogue's parameter does.

use chopmark_domain::literal::Literal;
use schemars::JsonSchema;
use serde::Deserialize;
use std::collections::BTreeMap;

/// A value: text, whole number, true or false, a list or a map of these; null removes what is there.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(untagged)]
pub(crate) enum Given {
    /// Removes.
    Nothing(()),
    /// True or false.
    Bool(bool),
    /// A whole number.
    Integer(i64),
    /// Text; also quantities such as 64Mi or 250m.
    Text(String),
    /// A list.
    List(Vec<Given>),
    /// Names to values.
    Map(BTreeMap<String, Given>),
}

impl Given {
    /// The literal; none for null. Nulls inside lists and maps are left out.
    pub(crate) fn literal(&self) -> Option<Literal> {
        Some(match self {
            Self::Nothing(()) => return None,
            Self::Bool(value) => Literal::Bool(*value),
            Self::Integer(value) => Literal::Integer(*value),
            Self::Text(value) => Literal::Text(value.clone()),
            Self::List(items) => Literal::List(items.iter().filter_map(Self::literal).collect()),
            Self::Map(entries) => {
                Literal::Map(entries.iter().filter_map(|(key, value)| Some((key.clone(), value.literal()?))).collect())
            }
        })
    }

    /// The literal that follows when this is said about a value that is there: maps are merged entry
    /// by entry, with null removing one; everything else takes the old value's place.
    pub(crate) fn onto(&self, present: Option<&Literal>) -> Option<Literal> {
        match (self, present) {
            (Self::Map(entries), Some(Literal::Map(present))) => {
                let mut merged = present.clone();
                for (key, value) in entries {
                    match value.literal() {
                        Some(value) => merged.insert(key.clone(), value),
                        None => merged.remove(key),
                    };
                }
                Some(Literal::Map(merged))
            }
            _ => self.literal(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn an_entry_is_added_replaced_or_removed_and_the_rest_stays() -> Result<(), serde_json::Error> {
        let given: Given = serde_json::from_value(json!({"B": "2", "C": null}))?;
        let present = Literal::Map(BTreeMap::from([("A".into(), "1".into()), ("C".into(), "3".into())]));
        let expected = Literal::Map(BTreeMap::from([("A".into(), "1".into()), ("B".into(), "2".into())]));
        assert_eq!(given.onto(Some(&present)), Some(expected));
        Ok(())
    }

    #[test]
    fn a_float_is_no_value() {
        assert!(serde_json::from_value::<Given>(json!(1.5)).is_err());
    }
}
