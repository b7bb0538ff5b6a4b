//! The line editor of a real terminal: history, several lines, completion.
//! Used by the conversation when input and output are a terminal that can move its cursor.
//! Must never decide anything: it hands over what was typed.

use chopmark_domain::change::Language;
use chopmark_domain::problem::{Code, Problem};
use chopmark_protocol::command::REGISTRY;
use reedline::{
    ColumnarMenu, Completer, CompletionResult, EditCommand, Emacs, ExternalPrinter, FileBackedHistory, KeyCode,
    KeyModifiers, MenuBuilder, Prompt, PromptEditMode, PromptHistorySearch, Reedline, ReedlineEvent, ReedlineMenu,
    Signal, Span, Suggestion, ValidationResult, Validator, default_emacs_keybindings,
};
use std::borrow::Cow;
use std::fs::OpenOptions;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::sync::mpsc::SyncSender;

/// Gives the names that can be completed now: changes, components, environments, templates.
pub type Names = Arc<dyn Fn() -> Vec<String> + Send + Sync>;

/// What came of a prompt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Typed {
    /// A line, or several.
    Line(String),
    /// Ctrl-C: what was typed is gone.
    Interrupted,
    /// Ctrl-D on an empty line, or the terminal is gone.
    End,
}

/// The editor. Moves to a blocking thread and back for every line.
pub(super) struct Editor {
    line: Reedline,
    print: SyncSender<String>,
}

const MENU: &str = "completion";

impl Editor {
    /// An editor whose history is kept in the data folder; without it when it cannot be kept there.
    pub(super) fn new(data: &Path, history: usize, colour: bool, names: Names) -> Self {
        let mut keys = default_emacs_keybindings();
        let complete = vec![ReedlineEvent::Menu(MENU.to_owned()), ReedlineEvent::MenuNext];
        keys.add_binding(KeyModifiers::NONE, KeyCode::Tab, ReedlineEvent::UntilFound(complete));
        let newline = ReedlineEvent::Edit(vec![EditCommand::InsertNewline]);
        keys.add_binding(KeyModifiers::ALT, KeyCode::Enter, newline);
        let printer = ExternalPrinter::default();
        let print = printer.sender();
        let menu = ColumnarMenu::default().with_name(MENU);
        let mut line = Reedline::create()
            .with_ansi_colors(colour)
            .use_bracketed_paste(true)
            .with_completer(Box::new(Completion { names }))
            .with_partial_completions(true)
            .with_menu(ReedlineMenu::EngineCompleter(Box::new(menu)))
            .with_edit_mode(Box::new(Emacs::new(keys)))
            .with_validator(Box::new(Unfinished))
            .with_external_printer(printer);
        if let Some(history) = kept(&data.join("history"), history) {
            line = line.with_history(Box::new(history));
        }
        Self { line, print }
    }

    /// Prints above the line that is being typed.
    pub(super) fn printer(&self) -> SyncSender<String> {
        self.print.clone()
    }

    /// Asks for a line. Blocks.
    pub(super) fn ask(&mut self, language: Language, stopped: Arc<AtomicBool>) -> Typed {
        match self.line.read_line(&Words(language, stopped)) {
            Ok(Signal::Success(text)) => Typed::Line(text.replace("\\\n", "\n")),
            Ok(Signal::CtrlC) => Typed::Interrupted,
            Ok(_) | Err(_) => Typed::End,
        }
    }
}

/// The history file, made so that only its owner reads it: people do paste secrets.
fn kept(path: &Path, lines: usize) -> Option<FileBackedHistory> {
    if lines == 0 {
        return None;
    }
    OpenOptions::new().create(true).append(true).mode(0o600).open(path).ok()?;
    FileBackedHistory::with_file(lines, path.to_owned()).ok()
}

/// A line that ends with a backslash goes on.
struct Unfinished;

impl Validator for Unfinished {
    fn validate(&self, line: &str) -> ValidationResult {
        if line.ends_with('\\') { ValidationResult::Incomplete } else { ValidationResult::Complete }
    }
}

/// Completes the first words to commands and any word to a known name.
struct Completion {
    names: Names,
}

impl Completer for Completion {
    fn complete(&mut self, line: &str, position: usize) -> CompletionResult {
        let typed = line.get(..position).unwrap_or(line);
        let start = typed.rfind(char::is_whitespace).map_or(0, |at| at + 1);
        let commands = REGISTRY.iter().flat_map(|form| form.en.iter().chain(form.zh)).map(|word| (*word).to_owned());
        let commands = commands.filter(|word| !typed.is_empty() && word.starts_with(typed)).map(|word| (0, word));
        let word = &typed[start..];
        let names = (self.names)().into_iter().filter(|name| !word.is_empty() && name.starts_with(word));
        let found = commands.chain(names.map(|name| (start, name)));
        CompletionResult::fresh(
            found
                .map(|(start, value)| Suggestion {
                    value,
                    span: Span::new(start, position),
                    append_whitespace: true,
                    ..Suggestion::default()
                })
                .collect::<Vec<_>>(),
        )
    }
}

/// What stands before the line.
struct Words(Language, Arc<AtomicBool>);

impl Prompt for Words {
    fn render_prompt_left(&self) -> Cow<'_, str> {
        Cow::Owned(chopmark_protocol::messages::text(self.0, super::conversation::before_line(&self.1), &[]))
    }
    fn render_prompt_right(&self) -> Cow<'_, str> {
        Cow::Borrowed("")
    }
    fn render_prompt_indicator(&self, _: PromptEditMode) -> Cow<'_, str> {
        Cow::Borrowed("> ")
    }
    fn render_prompt_multiline_indicator(&self) -> Cow<'_, str> {
        Cow::Borrowed("  ")
    }
    fn render_prompt_history_search_indicator(&self, search: PromptHistorySearch) -> Cow<'_, str> {
        Cow::Owned(format!("({}) ", search.term))
    }
}

/// The problem of a terminal that cannot be read.
pub(super) fn lost(reason: &dyn std::fmt::Display) -> Problem {
    Problem::new(Code::Internal).with("reason", reason)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn completed(line: &str) -> Vec<String> {
        let mut completion =
            Completion { names: Arc::new(|| vec!["chg-7f3k2p".to_owned(), "dev/shop/cart".to_owned()]) };
        completion.complete(line, line.len()).suggestions().iter().map(|found| found.value.clone()).collect()
    }

    #[test]
    fn commands_and_known_names_are_completed_in_both_languages() {
        assert_eq!(completed("appr"), ["approve"]);
        assert!(completed("批").contains(&"批准".to_owned()));
        assert_eq!(completed("approve chg"), ["chg-7f3k2p"]);
        assert_eq!(completed("is dev/"), ["dev/shop/cart"]);
        assert!(completed("").is_empty());
        assert!(completed("approve ").is_empty());
    }

    #[test]
    fn the_history_is_its_owners_alone() {
        use std::os::unix::fs::PermissionsExt;
        let folder = std::env::temp_dir().join(format!("chopmark-history-{}", std::process::id()));
        let path = folder.join("history");
        assert!(std::fs::create_dir_all(&folder).is_ok());
        assert!(kept(&path, 10).is_some());
        let mode = std::fs::metadata(&path).map(|file| file.permissions().mode() & 0o777);
        assert!(matches!(mode, Ok(0o600)), "{mode:?}");
        assert!(kept(&path, 0).is_none());
        assert!(std::fs::remove_dir_all(&folder).is_ok());
    }
}
