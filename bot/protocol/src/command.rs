//! Commands: the one registry of what can be said exactly, in both languages, and its parser.
//! Used by the router, by the terminal's completion and help, and by chat platforms' command lists.
//! Must never take a sentence for a command: only exact forms decide.

use chopmark_domain::change::Language;
use chopmark_domain::ids::{ChangeId, TemplateName};
use chopmark_domain::problem::Code;

/// What a person says became of a run whose end is unknown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Resolution {
    /// All of it is there.
    Applied,
    /// Some of it is there.
    Partial,
    /// Nothing of it is there.
    NotStarted,
}

/// Something said in an exact form. `change` is none when the words name none: then the change is the one last
/// drawn in this place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    /// Countersign.
    Approve {
        /// Which.
        change: Option<ChangeId>,
        /// The component's name as typed, which severe risk asks for.
        confirm: Option<String>,
    },
    /// Refuse.
    Reject {
        /// Which.
        change: Option<ChangeId>,
        /// Why, in the person's words.
        why: Option<String>,
    },
    /// Withdraw before it begins.
    Cancel {
        /// Which.
        change: Option<ChangeId>,
    },
    /// Propose the version before.
    Undo {
        /// Which.
        change: Option<ChangeId>,
    },
    /// Draw the card.
    Show {
        /// Which.
        change: Option<ChangeId>,
    },
    /// Show everything that would run.
    Details {
        /// Which.
        change: Option<ChangeId>,
    },
    /// Edit a waiting change: the words go to the assistant, about that change.
    Edit {
        /// Which.
        change: Option<ChangeId>,
        /// What to change, in words; empty when none were given.
        words: String,
    },
    /// Say where a change stands.
    Status {
        /// Which.
        change: Option<ChangeId>,
    },
    /// Say what became of a run whose end is unknown.
    Resolve {
        /// Which.
        change: ChangeId,
        /// What.
        resolution: Resolution,
    },
    /// List changes.
    Changes,
    /// List components.
    Components,
    /// List templates, or show one.
    Templates {
        /// Which.
        name: Option<TemplateName>,
    },
    /// Check the ledger's chain.
    AuditVerify,
    /// Show the ledger.
    AuditShow,
    /// Write the ledger out.
    AuditExport,
    /// Say what a code means.
    Explain {
        /// Which.
        code: Code,
    },
    /// Pin the language.
    Lang {
        /// Which.
        language: Language,
    },
    /// Say what can be said.
    Help,
    /// Leave.
    Quit,
}

/// What may follow a command's name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Arguments {
    /// Nothing.
    None,
    /// A change's id, or nothing.
    Change,
    /// A change's id, or nothing; then the component's name, typed out or after `--confirm`.
    ChangeAndConfirmation,
    /// A change's id, or nothing; then words, or none.
    ChangeAndWords,
    /// A change's id and what became of it.
    ChangeAndResolution,
    /// A template's name, or nothing.
    Template,
    /// A code, such as `CM-4008`.
    Code,
    /// A language.
    Language,
}

/// Which command a form is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Name {
    /// [`Command::Approve`].
    Approve,
    /// [`Command::Reject`].
    Reject,
    /// [`Command::Edit`].
    Edit,
    /// [`Command::Details`].
    Details,
    /// [`Command::Cancel`].
    Cancel,
    /// [`Command::Undo`].
    Undo,
    /// [`Command::Show`].
    Show,
    /// [`Command::Status`].
    Status,
    /// [`Command::Resolve`].
    Resolve,
    /// [`Command::Changes`].
    Changes,
    /// [`Command::Components`].
    Components,
    /// [`Command::Templates`].
    Templates,
    /// [`Command::AuditVerify`].
    AuditVerify,
    /// [`Command::AuditShow`].
    AuditShow,
    /// [`Command::AuditExport`].
    AuditExport,
    /// [`Command::Explain`].
    Explain,
    /// [`Command::Lang`].
    Lang,
    /// [`Command::Help`].
    Help,
    /// [`Command::Quit`].
    Quit,
}

/// One command as it can be said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Form {
    /// Which.
    pub name: Name,
    /// English words, the usual one first.
    pub en: &'static [&'static str],
    /// Chinese words, the usual one first.
    pub zh: &'static [&'static str],
    /// What may follow.
    pub arguments: Arguments,
    /// Key of the message that says what it does; attribute `.arguments` says what may follow.
    pub help: &'static str,
}

/// Every command, in the order of the help.
pub const REGISTRY: &[Form] = &[
    form(Name::Approve, &["approve"], &["批准", "会签"], Arguments::ChangeAndConfirmation, "command-approve"),
    form(Name::Reject, &["reject"], &["驳回", "拒绝"], Arguments::ChangeAndWords, "command-reject"),
    form(Name::Edit, &["edit"], &["修改"], Arguments::ChangeAndWords, "command-edit"),
    form(Name::Details, &["details", "diff"], &["详情", "差异"], Arguments::Change, "command-details"),
    form(Name::Cancel, &["cancel", "stop"], &["取消", "停止"], Arguments::Change, "command-cancel"),
    form(Name::Undo, &["undo"], &["撤销", "回退"], Arguments::Change, "command-undo"),
    form(Name::Show, &["show", "card"], &["查看", "卡片"], Arguments::Change, "command-show"),
    form(Name::Status, &["status"], &["状态"], Arguments::Change, "command-status"),
    form(Name::Resolve, &["resolve"], &["了结"], Arguments::ChangeAndResolution, "command-resolve"),
    form(
        Name::Changes,
        &["changes", "list", "list changes"],
        &["变更", "列表", "列出变更"],
        Arguments::None,
        "command-changes",
    ),
    form(
        Name::Components,
        &["components", "list components"],
        &["组件", "列出组件"],
        Arguments::None,
        "command-components",
    ),
    form(
        Name::Templates,
        &["templates", "list templates", "template"],
        &["模板", "列出模板"],
        Arguments::Template,
        "command-templates",
    ),
    form(
        Name::AuditVerify,
        &["audit verify", "audit"],
        &["验证账本", "核验账本"],
        Arguments::None,
        "command-audit-verify",
    ),
    form(Name::AuditShow, &["audit show", "ledger"], &["查看账本", "账本"], Arguments::None, "command-audit-show"),
    form(Name::AuditExport, &["audit export"], &["导出账本"], Arguments::None, "command-audit-export"),
    form(Name::Explain, &["explain"], &["解释"], Arguments::Code, "command-explain"),
    form(Name::Lang, &["lang", "language"], &["语言"], Arguments::Language, "command-lang"),
    form(Name::Help, &["help", "?"], &["帮助"], Arguments::None, "command-help"),
    form(Name::Quit, &["quit", "exit"], &["退出"], Arguments::None, "command-quit"),
];

const fn form(
    name: Name,
    en: &'static [&'static str],
    zh: &'static [&'static str],
    arguments: Arguments,
    help: &'static str,
) -> Form {
    Form { name, en, zh, arguments, help }
}

impl Form {
    /// The usual word in a language.
    pub fn word(&self, language: Language) -> &'static str {
        let words = match language {
            Language::En => self.en,
            Language::Zh => self.zh,
        };
        words.first().copied().unwrap_or_default()
    }
}

/// The form of a command.
pub fn form_of(name: Name) -> Option<&'static Form> {
    REGISTRY.iter().find(|form| form.name == name)
}

/// The command that a plain text (see [`crate::request::Heard`]) is an exact form of; none for every sentence.
pub fn parse(plain: &str) -> Option<Command> {
    let text = plain.trim();
    let text = text.strip_suffix('.').unwrap_or(text).trim_end();
    if text.contains('\n') {
        return None;
    }
    // The longest word first: "audit verify" is not "audit" followed by something.
    let mut words: Vec<(&str, &Form)> =
        REGISTRY.iter().flat_map(|form| form.en.iter().chain(form.zh).map(move |word| (*word, form))).collect();
    words.sort_by_key(|(word, _)| std::cmp::Reverse(word.len()));
    words.into_iter().find_map(|(word, form)| command(form, tail(text, word)?))
}

/// What follows the words of a form, if the text begins with them. Words may stand apart by any number of spaces.
fn tail<'a>(text: &'a str, words: &str) -> Option<&'a str> {
    let mut rest = text;
    for word in words.split(' ') {
        rest = rest.trim_start();
        let head = rest.get(..word.len())?;
        if !head.eq_ignore_ascii_case(word) {
            return None;
        }
        rest = &rest[word.len()..];
        let apart = rest.chars().next().is_none_or(|c| c.is_whitespace() || matches!(c, ':' | ','));
        // Chinese is written without spaces: an id may follow at once.
        let joined = !word.is_ascii() && rest.to_ascii_lowercase().starts_with("chg-");
        if !apart && !joined {
            return None;
        }
    }
    Some(rest.trim_start_matches([':', ',']).trim())
}

fn command(form: &Form, tail: &str) -> Option<Command> {
    match form.arguments {
        Arguments::None => {
            if !tail.is_empty() {
                return None;
            }
            Some(match form.name {
                Name::Changes => Command::Changes,
                Name::Components => Command::Components,
                Name::AuditVerify => Command::AuditVerify,
                Name::AuditShow => Command::AuditShow,
                Name::AuditExport => Command::AuditExport,
                Name::Help => Command::Help,
                Name::Quit => Command::Quit,
                _ => return None,
            })
        }
        Arguments::Change => {
            let change = only_change(tail)?;
            Some(match form.name {
                Name::Cancel => Command::Cancel { change },
                Name::Undo => Command::Undo { change },
                Name::Show => Command::Show { change },
                Name::Details => Command::Details { change },
                Name::Status => Command::Status { change },
                _ => return None,
            })
        }
        Arguments::ChangeAndConfirmation => {
            let (change, rest) = leading_change(tail);
            Some(Command::Approve { confirm: confirmation(change.is_some(), rest)?, change })
        }
        Arguments::ChangeAndWords => {
            let (change, rest) = leading_change(tail);
            match form.name {
                Name::Reject => {
                    Some(Command::Reject { change, why: Some(rest).filter(|why| !why.is_empty()).map(str::to_owned) })
                }
                // Without an id, words after "edit" are a sentence like any other.
                Name::Edit if change.is_some() || rest.is_empty() => {
                    Some(Command::Edit { change, words: rest.to_owned() })
                }
                _ => None,
            }
        }
        Arguments::ChangeAndResolution => {
            let (change, rest) = leading_change(tail);
            Some(Command::Resolve { change: change?, resolution: resolution(rest)? })
        }
        Arguments::Template => {
            if tail.is_empty() {
                return Some(Command::Templates { name: None });
            }
            let name = tail.strip_prefix("show ").unwrap_or(tail).trim();
            if name == "list" {
                return Some(Command::Templates { name: None });
            }
            Some(Command::Templates { name: Some(TemplateName::parse(name).ok()?) })
        }
        Arguments::Code => {
            let digits = tail.get(..3).filter(|head| head.eq_ignore_ascii_case("cm-")).map_or(tail, |_| &tail[3..]);
            let is_number = digits.len() == 4 && digits.bytes().all(|b| b.is_ascii_digit());
            Some(Command::Explain { code: is_number.then(|| digits.parse().ok())?? })
        }
        Arguments::Language => {
            let language = match tail.to_ascii_lowercase().as_str() {
                "en" | "english" | "英文" | "英语" => Language::En,
                "zh" | "chinese" | "中文" | "汉语" => Language::Zh,
                _ => return None,
            };
            Some(Command::Lang { language })
        }
    }
}

/// Nothing, or an id and nothing else.
fn only_change(tail: &str) -> Option<Option<ChangeId>> {
    match leading_change(tail) {
        (change, "") => Some(change),
        _ => None,
    }
}

/// The id a tail begins with, and what follows it.
fn leading_change(tail: &str) -> (Option<ChangeId>, &str) {
    let end = tail.find(|c: char| c.is_whitespace() || matches!(c, ':' | ',')).unwrap_or(tail.len());
    match ChangeId::parse(&tail[..end].to_ascii_lowercase()) {
        Ok(change) => (Some(change), tail[end..].trim_start_matches([':', ',']).trim()),
        Err(_) => (None, tail),
    }
}

/// The typed name: after `--confirm`, or alone after an id. "approve it" is no decision.
fn confirmation(has_change: bool, rest: &str) -> Option<Option<String>> {
    if rest.is_empty() {
        return Some(None);
    }
    let name = match rest.strip_prefix("--confirm") {
        Some(name) => name.strip_prefix([' ', '='])?.trim(),
        None if has_change => rest,
        None => return None,
    };
    let is_name = !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    is_name.then(|| Some(name.to_owned()))
}

fn resolution(text: &str) -> Option<Resolution> {
    match text.to_ascii_lowercase().as_str() {
        "applied" | "已生效" => Some(Resolution::Applied),
        "partial" | "部分生效" => Some(Resolution::Partial),
        "not_started" | "not-started" | "not started" | "未开始" => Some(Resolution::NotStarted),
        _ => None,
    }
}

#[cfg(test)]
#[path = "command_tests.rs"]
mod tests;
