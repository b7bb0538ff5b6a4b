//! Text from outside made fit to be read: nothing invisible, nothing endless.
//! Used on every fact that a cluster, a log or a commit message gave.
//! Must never be taken for a judgement that the text is safe: it is data all the same.

use chopmark_domain::facts::{Facts, HealthReport};

/// Longest single text from outside, in characters.
pub const LONGEST_TEXT: usize = 2_000;
/// Longest log that is handed on, in characters over all lines: about 4,000 tokens of a model.
pub const LONGEST_LOG: usize = 16_000;
/// Most items of a list; what is left out is counted by the surface from the environment itself.
pub const MOST_ITEMS: usize = 200;

/// Whether a character draws nothing or turns the direction of others: controls, zero width,
/// bidirectional marks (UAX #9), variation selectors, the tag block, soft hyphen, byte order mark.
pub fn is_invisible(c: char) -> bool {
    matches!(u32::from(c),
        0x00..=0x08 | 0x0B..=0x1F | 0x7F..=0x9F | 0xAD | 0x034F | 0x061C | 0x115F..=0x1160 | 0x17B4..=0x17B5
        | 0x180B..=0x180F | 0x200B..=0x200F | 0x2028..=0x202E | 0x2060..=0x206F | 0x3164 | 0xFE00..=0xFE0F
        | 0xFEFF | 0xFFA0 | 0xFFF0..=0xFFFB | 0xE0000..=0xE0FFF)
}

/// The text without invisible characters, cut to `limit` characters with an ellipsis where cut.
pub fn text(text: &str, limit: usize) -> String {
    // Nearly every text is fit as it is.
    let is_plain = |byte: u8| matches!(byte, b' '..=b'~' | b'\t' | b'\n');
    if text.len() <= limit && text.bytes().all(is_plain) {
        return text.to_owned();
    }
    let mut out: String = text.chars().filter(|c| !is_invisible(*c)).take(limit + 1).collect();
    if out.chars().count() > limit {
        out = out.chars().take(limit.saturating_sub(1)).chain(['…']).collect();
    }
    out
}

fn mend(value: &mut String) {
    *value = text(value, LONGEST_TEXT);
}

/// The last lines that fit the budget.
fn tail(lines: Vec<String>) -> Vec<String> {
    let mut left = LONGEST_LOG;
    let mut kept: Vec<String> = lines
        .into_iter()
        .rev()
        .map(|line| text(&line, LONGEST_TEXT))
        .take_while(|line| {
            let size = line.chars().count() + 1;
            let fits = size <= left;
            left = left.saturating_sub(size);
            fits
        })
        .collect();
    kept.reverse();
    kept
}

fn health(report: &mut HealthReport) {
    report.troubles.truncate(MOST_ITEMS);
    for trouble in &mut report.troubles {
        mend(&mut trouble.object);
        trouble.evidence = tail(std::mem::take(&mut trouble.evidence));
    }
}

/// Facts with every text from outside cleaned and every list within its budget.
pub fn facts(mut facts: Facts) -> Facts {
    match &mut facts {
        Facts::Objects { kind, objects, .. } => {
            mend(kind);
            objects.truncate(MOST_ITEMS);
            for object in objects {
                mend(&mut object.status);
                mend(&mut object.object.name);
            }
        }
        Facts::Events { events } => {
            events.truncate(MOST_ITEMS);
            for event in events {
                mend(&mut event.reason);
                mend(&mut event.message);
                mend(&mut event.object.name);
            }
        }
        Facts::Logs { pod, container, lines } => {
            mend(pod);
            mend(container);
            *lines = tail(std::mem::take(lines));
        }
        Facts::Health(report) => health(report),
        Facts::Component { history, .. } => {
            history.truncate(MOST_ITEMS);
            for version in history {
                mend(&mut version.title);
            }
        }
        Facts::Components { components, .. } => components.truncate(MOST_ITEMS),
        Facts::Changes { changes, .. } => changes.truncate(MOST_ITEMS),
        Facts::Ledger { entries } => entries.truncate(MOST_ITEMS),
        Facts::Templates { templates } => templates.truncate(MOST_ITEMS),
        Facts::Drift { components, .. } => components.truncate(MOST_ITEMS),
        Facts::Overview(overview) => {
            for changes in [&mut overview.yours, &mut overview.others, &mut overview.running, &mut overview.failed] {
                changes.truncate(MOST_ITEMS);
            }
        }
        Facts::Change(_) | Facts::Approvers { .. } | Facts::Access(_) | Facts::LedgerVerified { .. } => {}
    }
    facts
}

/// The texts among the facts that came from outside, with their source.
pub fn outside(facts: &Facts) -> Option<(String, String)> {
    match facts {
        Facts::Logs { pod, lines, .. } => Some((format!("log of {pod}"), lines.join("\n"))),
        Facts::Events { events } => {
            let texts: Vec<_> = events.iter().map(|event| format!("{} {}", event.reason, event.message)).collect();
            Some(("events".to_owned(), texts.join("\n")))
        }
        Facts::Objects { objects, .. } => {
            let texts: Vec<_> = objects.iter().map(|object| format!("{} {}", object.object, object.status)).collect();
            Some(("objects of the cluster".to_owned(), texts.join("\n")))
        }
        Facts::Health(report) => {
            let texts: Vec<_> = report.troubles.iter().flat_map(|trouble| trouble.evidence.iter().cloned()).collect();
            (!texts.is_empty()).then(|| (format!("health of {}", report.subject), texts.join("\n")))
        }
        Facts::Component { history, version } => {
            let texts: Vec<_> = history.iter().map(|version| version.title.clone()).collect();
            Some((format!("commits of {}", version.component), texts.join("\n")))
        }
        Facts::Drift { components, .. } => {
            let fields = components.iter().flat_map(|drift| &drift.actions).flat_map(|action| &action.fields);
            let texts: Vec<_> = fields
                .filter_map(|field| match &field.before {
                    Some(chopmark_domain::plan::Shown::Value(text)) => Some(text.clone()),
                    Some(chopmark_domain::plan::Shown::Hidden(_)) | None => None,
                })
                .collect();
            (!texts.is_empty()).then(|| ("what is there now".to_owned(), texts.join("\n")))
        }
        Facts::Access(_)
        | Facts::Overview(_)
        | Facts::Components { .. }
        | Facts::Changes { .. }
        | Facts::Change(_)
        | Facts::Approvers { .. }
        | Facts::Ledger { .. }
        | Facts::LedgerVerified { .. }
        | Facts::Templates { .. } => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_seen_does_not_get_through() {
        let hidden = "ok\u{202e}evil\u{200b}\u{e0041}\u{feff}\u{1b}[31m 验";
        assert_eq!(text(hidden, 100), "okevil[31m 验");
        assert_eq!(text("abcdef", 4), "abc…");
    }

    #[test]
    fn a_long_log_keeps_its_last_lines() {
        let lines: Vec<String> = (0..5_000).map(|i| format!("line {i}")).collect();
        let Facts::Logs { lines, .. } = facts(Facts::Logs { pod: "p".into(), container: "c".into(), lines }) else {
            unreachable!()
        };
        assert_eq!(lines.last().map(String::as_str), Some("line 4999"));
        assert!(lines.iter().map(|line| line.chars().count() + 1).sum::<usize>() <= LONGEST_LOG);
    }
}
