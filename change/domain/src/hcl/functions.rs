//! Every function call and every mention of `path` in a file, wherever it is nested.
//! Used by the screen; each lane has its own rule for what it may find.
//! Must never miss a call: templates, heredocs, `for`, conditions, dynamic blocks and JSON texts are all walked.

use super::json::{Json, Object};
use super::read::line;
use hcl_edit::Span;
use hcl_edit::expr::{Expression, FuncArgs, FuncCall, Traversal, TraversalOperator};
use hcl_edit::structure::Body;
use hcl_edit::template::{Element, ForTemplateExpr, StringTemplate, Template};
use hcl_edit::visit::{Visit, visit_for_template_expr, visit_func_call, visit_traversal};

/// Something to judge.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Use {
    pub(super) line: usize,
    pub(super) what: What,
}

/// What is used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum What {
    /// A function of the program, without the `core::` that may stand before it.
    Function {
        name: String,
        /// The first argument, where it is a path that can be told.
        path: Option<Path>,
        /// Whether every further argument is a literal text that does not climb, as the pattern of `fileset` must be.
        plain: bool,
    },
    /// A function of a provider: its name and the function's.
    Provided(String, String),
    /// `path.module` and the like, outside a path that can be told.
    Path(String),
}

/// A path that can be told without evaluating anything.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Path {
    /// From the folder in which the program runs: the root.
    Root(String),
    /// From the folder of the file.
    Module(String),
}

/// Everything used in a file in HCL's own syntax.
pub(super) fn in_body(body: &Body, text: &str) -> Vec<Use> {
    let mut walk = Walk { text, line: None, uses: Vec::new() };
    walk.visit_body(body);
    walk.uses
}

/// Everything used in a file in JSON, whose texts are templates; and the lines of those that do not parse.
pub(super) fn in_json(object: &Object, text: &str) -> (Vec<Use>, Vec<usize>) {
    let (mut uses, mut broken) = (Vec::new(), Vec::new());
    for (key, value) in object {
        for template in std::iter::once(key.as_str()).chain(Json::texts(value)) {
            if !template.contains("${") && !template.contains("%{") {
                continue;
            }
            let known: String = template.chars().take_while(|c| !matches!(c, '"' | '\\' | '\n')).collect();
            let line = text.find(&known).map_or(1, |position| line(text, position));
            match in_template(template) {
                Some(found) => uses.extend(found.into_iter().map(|found| Use { line, ..found })),
                None => broken.push(line),
            }
        }
    }
    (uses, broken)
}

/// Everything used in the text of a template; none when it does not parse.
pub(super) fn in_template(text: &str) -> Option<Vec<Use>> {
    let template: Template = text.parse().ok()?;
    let mut walk = Walk { text, line: None, uses: Vec::new() };
    walk.visit_template(&template);
    Some(walk.uses)
}

struct Walk<'a> {
    text: &'a str,
    /// The line of the nearest expression around, for those that have no place of their own.
    line: Option<usize>,
    uses: Vec<Use>,
}

impl Walk<'_> {
    fn place(&self, span: Option<std::ops::Range<usize>>) -> usize {
        span.map(|span| line(self.text, span.start)).or(self.line).unwrap_or(1)
    }
}

impl Visit for Walk<'_> {
    fn visit_attr(&mut self, node: &hcl_edit::structure::Attribute) {
        self.line = Some(self.place(node.span()));
        hcl_edit::visit::visit_attr(self, node);
    }

    fn visit_func_call(&mut self, node: &FuncCall) {
        let place = self.place(node.span());
        let space: Vec<&str> = node.name.namespace.iter().map(|part| part.as_str()).collect();
        let name = node.name.name.as_str().to_owned();
        let told = first_path(&node.args);
        let what = match space.as_slice() {
            [] | ["core"] => {
                let further: Vec<_> = node.args.iter().skip(1).map(Expression::as_str).collect();
                let climbs = |text: &str| text.starts_with('/') || text.split('/').any(|part| part == "..");
                let plain = further.iter().all(|text| text.is_some_and(|text| !climbs(text)));
                What::Function { name, path: told.clone(), plain }
            }
            other => What::Provided(other.last().map(|part| (*part).to_owned()).unwrap_or_default(), name),
        };
        self.uses.push(Use { line: place, what });
        let before = self.uses.len();
        visit_func_call(self, node);
        if told.is_some() {
            // The `path.module` of a path that can be told was judged with it.
            let mut kept = Vec::new();
            for (i, found) in self.uses.drain(before..).enumerate() {
                if i > 0 || !matches!(found.what, What::Path(_)) {
                    kept.push(found);
                }
            }
            self.uses.extend(kept);
        }
    }

    fn visit_for_template_expr(&mut self, node: &ForTemplateExpr) {
        // hcl-edit 0.10 walks the body only.
        self.visit_expr(&node.collection_expr);
        visit_for_template_expr(self, node);
    }

    fn visit_traversal(&mut self, node: &Traversal) {
        if let Expression::Variable(name) = &node.expr
            && name.as_str() == "path"
        {
            let part = node.operators.first().map(|operator| operator.value());
            let part = if let Some(TraversalOperator::GetAttr(part)) = part { part.as_str() } else { "" };
            self.uses.push(Use { line: self.place(node.span()), what: What::Path(format!("path.{part}")) });
        }
        visit_traversal(self, node);
    }
}

/// The first argument as a path: a literal, or `"${path.module}/literal"`.
fn first_path(args: &FuncArgs) -> Option<Path> {
    match args.iter().next()? {
        Expression::String(text) => Some(Path::Root(text.as_str().to_owned())),
        Expression::StringTemplate(template) => told(template),
        Expression::Traversal(traversal) => place(traversal).map(|module| at(module, "")),
        _ => None,
    }
}

fn told(template: &StringTemplate) -> Option<Path> {
    let mut elements = template.iter();
    let Element::Interpolation(first) = elements.next()? else { return None };
    let Expression::Traversal(traversal) = &first.expr else { return None };
    let module = place(traversal)?;
    let rest = match elements.next() {
        None => "",
        Some(Element::Literal(rest)) if rest.starts_with('/') => rest.as_str(),
        Some(_) => return None,
    };
    if elements.next().is_some() { None } else { Some(at(module, rest.trim_start_matches('/'))) }
}

fn at(module: bool, rest: &str) -> Path {
    if module { Path::Module(rest.to_owned()) } else { Path::Root(rest.to_owned()) }
}

/// Whether a traversal is `path.module` (true) or `path.root` (false).
fn place(traversal: &Traversal) -> Option<bool> {
    let Expression::Variable(name) = &traversal.expr else { return None };
    let [operator] = traversal.operators.as_slice() else { return None };
    match operator.value() {
        TraversalOperator::GetAttr(part) if name.as_str() == "path" => match part.as_str() {
            "module" => Some(true),
            "root" => Some(false),
            _ => None,
        },
        _ => None,
    }
}
