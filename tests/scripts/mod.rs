//! Conversations as plain text: the scripts beside this file, run against the real program.
//! A script reads like the story; see `Line` for what its lines mean.
//! Must never know what is asked or answered: all of that stands in the scripts.

mod stories;

use crate::kit::scene::Scene;
use crate::kit::screen::Screen;
use crate::kit::talk::Talk;
use std::path::Path;
use std::process::Command;

/// What a line of a script means. `…` in an expected line stands for anything; what is between must
/// come in that order within one line of output, after the line matched before. `{change}` stands
/// for a change's id: the first one seen, and that very one from then on. `{change2}` and so on likewise.
enum Line {
    /// `> words`: somebody types them.
    Said(String),
    /// `$ command`: a shell runs it and must succeed; expected lines after it are about its output.
    Shell(String),
    /// `! words`: not said since the last typed line.
    Absent(String),
    /// Anything else: a line of output that must come.
    Expected(String),
}

fn parse(text: &str) -> Vec<Line> {
    text.lines()
        .map(str::trim_end)
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .map(|line| match line.split_at_checked(2) {
            Some(("> ", rest)) => Line::Said(rest.to_owned()),
            Some(("$ ", rest)) => Line::Shell(rest.to_owned()),
            Some(("! ", rest)) => Line::Absent(rest.to_owned()),
            _ => Line::Expected(line.trim_start().to_owned()),
        })
        .collect()
}

/// Where a script is spoken.
trait Surface {
    fn say(&mut self, words: &str);
    /// The next line of output; blocks, and fails the test when nothing comes.
    fn next(&mut self, waiting_for: &str) -> String;
    /// Ends the conversation; its exit code where the surface can tell.
    fn end(self: Box<Self>) -> Option<i32>;
}

/// Through a pipe, line by line.
struct Pipe(Talk);

impl Surface for Pipe {
    fn say(&mut self, words: &str) {
        self.0.say(words);
    }
    #[track_caller]
    fn next(&mut self, waiting_for: &str) -> String {
        self.0.next_line(waiting_for).unwrap_or_else(|| panic!("it ended before {waiting_for:?}"))
    }
    fn end(self: Box<Self>) -> Option<i32> {
        self.0.end()
    }
}

/// At a keyboard, through a pseudo-terminal.
struct Keyboard {
    screen: Screen,
    read: usize,
}

impl Surface for Keyboard {
    fn say(&mut self, words: &str) {
        self.screen.line(words);
    }
    fn next(&mut self, waiting_for: &str) -> String {
        let read = self.read;
        // The last line may be a spinner that the next line takes the place of: it is not read yet.
        let line = crate::kit::wait_for(waiting_for, || {
            let text = self.screen.text();
            let mut lines = text.lines().filter(|line| !line.trim().is_empty()).skip(read);
            let line = lines.next()?.to_owned();
            lines.next().map(|_| line)
        });
        self.read += 1;
        line
    }
    fn end(self: Box<Self>) -> Option<i32> {
        self.screen.line("quit");
        self.screen.shows("ended with 0");
        Some(0)
    }
}

/// Ids that a script has bound.
#[derive(Default)]
struct Bound(Vec<(String, String)>);

impl Bound {
    /// Puts bound ids in place of their names.
    fn fill(&self, text: &str) -> String {
        self.0.iter().fold(text.to_owned(), |text, (name, id)| text.replace(name, id))
    }

    /// Whether a line of output fits an expected one; binds ids that it names first.
    fn fits(&mut self, expected: &str, line: &str) -> bool {
        let filled = self.fill(expected);
        let name = filled.find("{change").and_then(|start| {
            let end = filled[start..].find('}')?;
            Some(filled[start..=start + end].to_owned())
        });
        let Some(name) = name else { return pieces_in_order(&filled, line) };
        // Every id in the line is tried in the name's place.
        let ids = line.match_indices("chg-").map(|(start, _)| {
            line[start..].chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '-').collect::<String>()
        });
        for id in ids.filter(|id| self.0.iter().all(|(_, known)| known != id)) {
            if pieces_in_order(&filled.replace(&name, &id), line) {
                self.0.push((name, id));
                return true;
            }
        }
        false
    }
}

fn pieces_in_order(pattern: &str, line: &str) -> bool {
    let mut rest = line;
    for piece in pattern.split('…').map(str::trim).filter(|piece| !piece.is_empty()) {
        let Some(at) = rest.find(piece) else { return false };
        rest = &rest[at + piece.len()..];
    }
    true
}

/// Plays a script on a surface, down to a good end.
/// `witness` is what shell commands find in their environment besides, to look at the world with.
fn play(name: &str, scene: &Scene, witness: &[(&str, &str)], mut surface: Box<dyn Surface>) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/scripts").join(name);
    let script = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let mut bound = Bound::default();
    let mut since: Vec<String> = Vec::new();
    // Lines of a shell command's output that are still to be compared.
    let mut shell: Option<std::vec::IntoIter<String>> = None;
    for line in parse(&script) {
        match line {
            Line::Said(words) => {
                since.clear();
                shell = None;
                surface.say(&bound.fill(&words));
            }
            Line::Shell(command) => shell = Some(run_shell(scene, witness, &bound.fill(&command)).into_iter()),
            Line::Absent(words) => {
                let words = bound.fill(&words);
                assert!(!since.iter().any(|line| pieces_in_order(&words, line)), "{words:?} was said:\n{since:#?}");
            }
            Line::Expected(expected) => match &mut shell {
                Some(output) => {
                    let seen: Vec<_> = output.clone().collect();
                    assert!(output.any(|line| bound.fits(&expected, &line)), "{expected:?} is not in:\n{seen:#?}");
                }
                None => loop {
                    let waiting_for = format!("{expected:?} after {since:#?}");
                    let line = surface.next(&waiting_for);
                    since.push(line.clone());
                    if bound.fits(&expected, &line) {
                        break;
                    }
                },
            },
        }
    }
    assert_eq!(surface.end(), Some(0), "{name} ends well");
    scene.ledger_verifies();
}

fn run_shell(scene: &Scene, witness: &[(&str, &str)], line: &str) -> Vec<String> {
    let mut command = Command::new("bash");
    command.args(["-c", line]);
    scene.dress(&mut command);
    command.env("DATA", scene.data()).env("GIT_CONFIG_GLOBAL", "/dev/null").env("PROGRAM", crate::kit::scene::PROGRAM);
    command.envs(witness.iter().copied());
    let output = command.output().expect("bash runs");
    let words = String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned();
    assert!(output.status.success(), "$ {line}\n{words}");
    words.lines().map(str::to_owned).collect()
}

fn through_a_pipe(scene: &Scene, language: &str) -> Box<dyn Surface> {
    Box::new(Pipe(Talk::start(scene.program(&["chat", "--lang", language]))))
}

fn at_a_keyboard(scene: &Scene, name: &str, language: &str) -> Option<Box<dyn Surface>> {
    let screen = Screen::open(scene, name, &format!("chat --lang {language}"))?;
    Some(Box::new(Keyboard { screen, read: 0 }))
}

#[test]
fn expected_lines_match_pieces_in_order_and_bind_ids_once() {
    let mut bound = Bound::default();
    assert!(bound.fits("{change} … succeeded", "  chg-7f3k (dev) has succeeded"));
    assert!(!bound.fits("{change} …", "chg-8888 is another"));
    assert!(bound.fits("{change2} …", "chg-7f3k replaces chg-8888"));
    assert_eq!(bound.fill("approve {change2}"), "approve chg-8888");
    assert!(!pieces_in_order("b … a", "a b"));
}
