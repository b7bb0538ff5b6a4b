//! A message as text, to be read in a snapshot.
//! Used by the tests that record how something looks.
//! Must never leave out a word of what is sent.

use serde_json::Value;

/// The message, block by block.
pub(crate) fn of(body: &Value) -> String {
    let mut lines = vec![format!("text: {}", body["text"].as_str().unwrap()), "-".repeat(60)];
    let mut before = "";
    for block in body["blocks"].as_array().unwrap() {
        // Slack leaves space there.
        if before == "rich_text" && block["type"] == "rich_text" {
            lines.push(String::new());
        }
        before = block["type"].as_str().unwrap();
        match block["type"].as_str().unwrap() {
            "header" => lines.push(format!("# {}", block["text"]["text"].as_str().unwrap())),
            "context" => {
                lines.extend(each(&block["elements"]).map(|text| format!("({})", text["text"].as_str().unwrap())))
            }
            "actions" => lines.extend(each(&block["elements"]).map(button)),
            "rich_text" => lines.extend(each(&block["elements"]).map(rich)),
            kind => lines.push(format!("{kind}: {block}")),
        }
    }
    lines.join("\n")
}

fn each(list: &Value) -> std::slice::Iter<'_, Value> {
    list.as_array().unwrap().iter()
}

fn button(button: &Value) -> String {
    let id = button["action_id"].as_str().unwrap();
    // The digest is long and says nothing to a reader.
    let id = if id.len() > 40 { &id[..40] } else { id };
    let style = button["style"].as_str().map(|style| format!(" {style}")).unwrap_or_default();
    let dialog = &button["confirm"];
    let asks = match dialog["text"]["text"].as_str() {
        Some(text) => format!(
            " asks “{}: {text}” [{}] [{}]",
            dialog["title"]["text"].as_str().unwrap(),
            dialog["confirm"]["text"].as_str().unwrap(),
            dialog["deny"]["text"].as_str().unwrap()
        ),
        None => String::new(),
    };
    format!(
        "[{}]{style} {id}{asks} <{}>",
        button["text"]["text"].as_str().unwrap(),
        button["accessibility_label"].as_str().unwrap()
    )
}

fn rich(element: &Value) -> String {
    let mark = match (element["type"].as_str().unwrap(), element["border"].as_u64()) {
        ("rich_text_quote", _) => "> ",
        ("rich_text_preformatted", Some(1)) => "┃  ",
        ("rich_text_preformatted", _) => "   ",
        ("rich_text_list", _) => {
            let deep = "  ".repeat(usize::try_from(element["indent"].as_u64().unwrap()).unwrap());
            return each(&element["elements"])
                .map(|entry| format!("{deep}• {}", runs(entry)))
                .collect::<Vec<_>>()
                .join("\n");
        }
        _ => "",
    };
    runs(element).lines().map(|line| format!("{mark}{line}")).collect::<Vec<_>>().join("\n")
}

fn runs(element: &Value) -> String {
    each(&element["elements"])
        .map(|run| {
            let text = match run["type"].as_str().unwrap() {
                "text" => run["text"].as_str().unwrap().to_owned(),
                _ => format!("«{}»", run["user_id"].as_str().or(run["usergroup_id"].as_str()).unwrap()),
            };
            ["bold", "italic", "code"].iter().zip(["*", "_", "`"]).fold(text, |text, (style, mark)| {
                if run["style"][style] == true { format!("{mark}{text}{mark}") } else { text }
            })
        })
        .collect()
}

/// Every text in the blocks, joined.
pub(crate) fn words(body: &Value) -> String {
    fn gather(value: &Value, out: &mut String) {
        match value {
            Value::Object(fields) => {
                out.push_str(fields.get("text").and_then(Value::as_str).unwrap_or_default());
                fields.values().for_each(|value| gather(value, out));
                if fields.get("type").and_then(Value::as_str).is_some_and(|kind| kind.starts_with("rich_text")) {
                    out.push('\n');
                }
            }
            Value::Array(entries) => entries.iter().for_each(|value| gather(value, out)),
            _ => {}
        }
    }
    let mut out = String::new();
    gather(&body["blocks"], &mut out);
    out
}
