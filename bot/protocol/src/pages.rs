//! Pages of documentation that are made from the messages, so that they cannot say anything else.
//! Called by the test that refuses a stale docs/errors.md.
//! Must never hold words of its own beyond headings.

use crate::messages::{self, ProblemText};
use chopmark_domain::change::Language;
use chopmark_domain::problem::{Code, Problem};

/// The text of docs/errors.md: every code in both languages, values written as `‹name›`.
pub fn errors() -> String {
    let mut page = String::from(
        "# Error codes / 错误代码\n\n\
         Made from `bot/protocol/messages` (`UPDATE=1 cargo test -p chopmark-protocol` rewrites it); `chopmark explain CM-4008` \
         prints an entry offline.\nEach has what happened, what was and was not changed, and the next step. \
         `‹name›` stands for a value.\n\n\
         由 `bot/protocol/messages` 生成；`chopmark explain CM-4008` 可离线查看某一条。每条依次是：发生了什么、改了什么与没改什么、下一步。`‹名›` 代表一个值。\n",
    );
    for code in Code::ALL {
        page.push_str(&format!("\n## {code}\n\n"));
        for language in [Language::En, Language::Zh] {
            let ProblemText { what, changed, next, .. } = blank(language, *code);
            page.push_str(&format!("- {what}\n  - {changed}\n  - {next}\n"));
        }
    }
    page
}

/// The words of a code with the names of its values in their places.
fn blank(language: Language, code: Code) -> ProblemText {
    let key = format!("cm-{}", code.number());
    let mut problem = Problem::new(code);
    for part in [key.clone(), format!("{key}.changed"), format!("{key}.next")] {
        for name in messages::variables_of(language, &part) {
            problem = problem.with(name, format!("‹{name}›"));
        }
    }
    messages::problem(language, &problem)
}
