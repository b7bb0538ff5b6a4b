//! The registry: every command with its words in both languages and what may follow them.
//! Read by the parser, the help and the surfaces' completion and command lists.
//! Must never hold two commands that begin with the same words.

use chopmark_domain::change::Language;

/// What may follow a command's name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Arguments {
    /// Nothing.
    None,
    /// A change's id, or nothing.
    Change,
    /// A change's id, or nothing; then `--prompt`, or nothing.
    ChangeAndPrompt,
    /// A change's id, or nothing; then the component's name, typed out or after `--confirm`.
    ChangeAndConfirmation,
    /// A change's id, or nothing; then words, or none.
    ChangeAndWords,
    /// A change's id, or nothing; then a time or a window.
    ChangeAndTime,
    /// A change's id and what became of it.
    ChangeAndResolution,
    /// Nothing, or "because" and words.
    Because,
    /// A template's name, or nothing.
    Template,
    /// A code for joining, or nothing.
    LinkCode,
    /// An identity, or nothing.
    Identity,
    /// Nothing; or who, and then what.
    Access,
    /// A code, such as `CM-4008`.
    Code,
    /// A language or `auto`; then `here`, or nothing.
    Language,
    /// Kinds of news, or nothing.
    Kinds,
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
    /// [`Command::Prompt`].
    Prompt,
    /// [`Command::Cancel`].
    Cancel,
    /// [`Command::Undo`].
    Undo,
    /// [`Command::Show`].
    Show,
    /// [`Command::Status`].
    Status,
    /// [`Command::Halt`].
    Halt,
    /// [`Command::Lift`].
    Lift,
    /// [`Command::Schedule`].
    Schedule,
    /// [`Command::PlanAgain`].
    PlanAgain,
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
    /// [`Command::Link`].
    Link,
    /// [`Command::Unlink`].
    Unlink,
    /// [`Command::Access`].
    Access,
    /// [`Command::Explain`].
    Explain,
    /// [`Command::Lang`].
    Lang,
    /// [`Command::Subscribe`].
    Subscribe,
    /// [`Command::Unsubscribe`].
    Unsubscribe,
    /// [`Command::Subscriptions`].
    Subscriptions,
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
    form(Name::Prompt, &["prompt"], &["提示词"], Arguments::Change, "command-prompt"),
    form(Name::Cancel, &["cancel", "stop"], &["取消", "停止"], Arguments::Change, "command-cancel"),
    form(Name::Undo, &["undo"], &["撤销", "回退"], Arguments::Change, "command-undo"),
    form(Name::Show, &["show", "card"], &["查看", "卡片"], Arguments::ChangeAndPrompt, "command-show"),
    form(Name::Status, &["status"], &["状态"], Arguments::Change, "command-status"),
    form(
        Name::Halt,
        &["stop everything", "stop all", "halt"],
        &["停止一切", "全部停止", "全部停下"],
        Arguments::Because,
        "command-halt",
    ),
    form(Name::Lift, &["resume everything", "resume all"], &["恢复一切", "全部恢复"], Arguments::None, "command-lift"),
    form(Name::Schedule, &["schedule"], &["定时", "安排"], Arguments::ChangeAndTime, "command-schedule"),
    form(Name::PlanAgain, &["plan again"], &["重新计划"], Arguments::Change, "command-plan-again"),
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
    form(Name::Link, &["link"], &["关联"], Arguments::LinkCode, "command-link"),
    form(Name::Unlink, &["unlink"], &["取消关联", "解除关联"], Arguments::Identity, "command-unlink"),
    form(Name::Access, &["access explain", "access"], &["解释权限", "权限"], Arguments::Access, "command-access"),
    form(Name::Explain, &["explain"], &["解释"], Arguments::Code, "command-explain"),
    form(Name::Lang, &["lang", "language"], &["语言"], Arguments::Language, "command-lang"),
    form(Name::Subscribe, &["subscribe"], &["订阅"], Arguments::Kinds, "command-subscribe"),
    form(Name::Unsubscribe, &["unsubscribe"], &["退订", "取消订阅"], Arguments::Kinds, "command-unsubscribe"),
    form(Name::Subscriptions, &["subscriptions"], &["订阅列表"], Arguments::None, "command-subscriptions"),
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
