//! A body as a plain tree: what stands there without its layout, comparable as a whole and walkable.
//! Used by the catalogue to prove that values change no shape, and to find what a value became.
//! Must never take two things that mean something else for the same.

use crate::literal::Literal;
use hcl_edit::expr::{Expression, ObjectKey, TraversalOperator, UnaryOperator};
use hcl_edit::structure::{Body, Structure};
use hcl_edit::template::{Directive, Element};

/// A node.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Tree {
    /// A literal text.
    Text(String),
    /// A literal number, as it is written.
    Number(String),
    /// `true` or `false`.
    Bool(bool),
    /// A list: `[…]`.
    List(Vec<Tree>),
    /// An object: `{…}`; keys that are names are texts here.
    Object(Vec<(Tree, Tree)>),
    /// Anything else: the words that stand in it itself, and what it is made of.
    Form {
        /// Its kind and its own words: `["block", "resource", "aws_s3_bucket", "this"]`.
        words: Vec<String>,
        /// Its parts in their order.
        parts: Vec<Tree>,
    },
}

/// The tree of a body.
pub(super) fn tree(body: &Body) -> Tree {
    let parts = body.iter().map(|structure| match structure {
        Structure::Attribute(attribute) => form(&["attribute", attribute.key.as_str()], vec![value(&attribute.value)]),
        Structure::Block(block) => {
            let labels = block.labels.iter().map(|label| label.as_str());
            let words: Vec<&str> = ["block", block.ident.as_str()].into_iter().chain(labels).collect();
            form(&words, vec![tree(&block.body)])
        }
    });
    form(&["body"], parts.collect())
}

impl Tree {
    /// The tree of a literal.
    pub fn of(literal: &Literal) -> Self {
        match literal {
            Literal::Bool(value) => Self::Bool(*value),
            Literal::Integer(number) => Self::Number(number.to_string()),
            Literal::Text(text) => Self::Text(text.clone()),
            Literal::List(items) => Self::List(items.iter().map(Self::of).collect()),
            Literal::Map(entries) => {
                Self::Object(entries.iter().map(|(key, value)| (Self::Text(key.clone()), Self::of(value))).collect())
            }
        }
    }

    /// The literal, where nothing in it needs to be evaluated.
    pub fn literal(&self) -> Option<Literal> {
        Some(match self {
            Self::Text(text) => Literal::Text(text.clone()),
            Self::Number(number) => Literal::Integer(number.parse().ok()?),
            Self::Bool(value) => Literal::Bool(*value),
            Self::List(items) => Literal::List(items.iter().map(Self::literal).collect::<Option<_>>()?),
            Self::Object(entries) => Literal::Map(
                entries
                    .iter()
                    .map(|(key, value)| match key {
                        Self::Text(key) => Some((key.clone(), value.literal()?)),
                        _ => None,
                    })
                    .collect::<Option<_>>()?,
            ),
            Self::Form { .. } => return None,
        })
    }

    /// What stands at a path of a resource: attributes, blocks by their number, keys of objects, positions of lists.
    pub fn at<S: AsRef<str>>(&self, path: &[S]) -> Option<&Tree> {
        let Some((first, rest)) = path.split_first() else { return Some(self) };
        let first = first.as_ref();
        match self {
            Self::List(items) => items.get(first.parse::<usize>().ok()?)?.at(rest),
            Self::Object(entries) => {
                let found = entries.iter().find(|(key, _)| matches!(key, Self::Text(key) if key == first));
                found?.1.at(rest)
            }
            Self::Form { words, parts } if words.first().is_some_and(|word| word == "body") => {
                let attribute = ["attribute", first];
                if let Some(found) = parts.iter().find_map(|part| part.named(&attribute)) {
                    return found.at(rest);
                }
                // Terraform shows blocks as lists: `versioning[0].enabled`.
                let mut blocks = parts.iter().filter_map(|part| part.named(&["block", first]));
                match rest.split_first().and_then(|(number, rest)| Some((number.as_ref().parse().ok()?, rest))) {
                    Some((number, rest)) => blocks.nth(number)?.at(rest),
                    None => blocks.next()?.at(rest),
                }
            }
            Self::Text(_) | Self::Number(_) | Self::Bool(_) | Self::Form { .. } => None,
        }
    }

    /// The body of a resource of this tree of a file.
    pub fn resource(&self, kind: &str, name: &str) -> Option<&Tree> {
        let Self::Form { parts, .. } = self else { return None };
        parts.iter().find_map(|part| part.named(&["block", "resource", kind, name]))
    }

    /// The only part of a form with exactly these words.
    fn named(&self, wanted: &[&str]) -> Option<&Tree> {
        match self {
            Self::Form { words, parts } if words.iter().map(String::as_str).eq(wanted.iter().copied()) => parts.first(),
            _ => None,
        }
    }
}

fn form(words: &[&str], parts: Vec<Tree>) -> Tree {
    Tree::Form { words: words.iter().map(|word| (*word).to_owned()).collect(), parts }
}

fn value(expression: &Expression) -> Tree {
    match expression {
        Expression::Null(_) => form(&["null"], Vec::new()),
        Expression::Bool(value) => Tree::Bool(*value.value()),
        Expression::Number(number) => Tree::Number(number.value().to_string()),
        Expression::String(text) => Tree::Text(text.value().clone()),
        Expression::Array(items) => Tree::List(items.iter().map(value).collect()),
        Expression::Object(entries) => {
            Tree::Object(entries.iter().map(|(key, entry)| (self::key(key), value(entry.expr()))).collect())
        }
        Expression::StringTemplate(template) => form(&["template"], elements(template.iter())),
        Expression::HeredocTemplate(heredoc) => {
            let indent = if heredoc.indent().is_some() { "indented" } else { "plain" };
            form(&["heredoc", indent], elements(heredoc.template.iter()))
        }
        Expression::Parenthesis(inner) => form(&["parenthesis"], vec![value(inner.inner())]),
        Expression::Variable(name) => form(&["variable", name.as_str()], Vec::new()),
        Expression::Conditional(choice) => {
            let parts = [&choice.cond_expr, &choice.true_expr, &choice.false_expr];
            form(&["conditional"], parts.into_iter().map(value).collect())
        }
        Expression::FuncCall(call) => {
            let space = call.name.namespace.iter().map(|part| part.as_str());
            let mut words: Vec<&str> = std::iter::once("call").chain(space).collect();
            words.push(call.name.name.as_str());
            words.extend(call.args.expand_final().then_some("..."));
            form(&words, call.args.iter().map(value).collect())
        }
        Expression::Traversal(traversal) => {
            let steps = traversal.operators.iter().map(|operator| step(operator.value()));
            form(&["traversal"], std::iter::once(value(&traversal.expr)).chain(steps).collect())
        }
        Expression::UnaryOp(operation) => match (operation.operator.value(), value(&operation.expr)) {
            (UnaryOperator::Neg, Tree::Number(number)) if !number.starts_with('-') => {
                Tree::Number(format!("-{number}"))
            }
            (operator, inner) => form(&["unary", operator.as_str()], vec![inner]),
        },
        Expression::BinaryOp(operation) => {
            let parts = vec![value(&operation.lhs_expr), value(&operation.rhs_expr)];
            form(&["binary", operation.operator.as_str()], parts)
        }
        Expression::ForExpr(each) => {
            let names = each.intro.key_var.iter().chain([&each.intro.value_var]).map(|name| name.as_str());
            let mut words: Vec<&str> = std::iter::once("for").chain(names).collect();
            words.extend(each.grouping.then_some("..."));
            words.extend(each.key_expr.as_ref().map(|_| "=>"));
            words.extend(each.cond.as_ref().map(|_| "if"));
            let parts = std::iter::once(&each.intro.collection_expr).chain(each.key_expr.as_ref());
            let parts = parts.chain([&each.value_expr]).chain(each.cond.as_ref().map(|cond| &cond.expr));
            form(&words, parts.map(value).collect())
        }
    }
}

fn key(key: &ObjectKey) -> Tree {
    match key {
        ObjectKey::Ident(name) => Tree::Text(name.as_str().to_owned()),
        ObjectKey::Expression(expression) => value(expression),
    }
}

fn step(operator: &TraversalOperator) -> Tree {
    match operator {
        TraversalOperator::AttrSplat(_) => form(&["splat", "."], Vec::new()),
        TraversalOperator::FullSplat(_) => form(&["splat", "[]"], Vec::new()),
        TraversalOperator::GetAttr(name) => form(&["step", name.as_str()], Vec::new()),
        TraversalOperator::Index(index) => form(&["index"], vec![value(index)]),
        TraversalOperator::LegacyIndex(number) => form(&["step", &number.value().to_string()], Vec::new()),
    }
}

/// The pieces of a template. Its own texts are words: no placeholder may be one of them.
fn elements<'a>(elements: impl Iterator<Item = &'a Element>) -> Vec<Tree> {
    elements
        .map(|element| match element {
            Element::Literal(text) => form(&["literal", text.as_str()], Vec::new()),
            Element::Interpolation(inner) => {
                form(&["interpolation", &format!("{:?}", inner.strip)], vec![value(&inner.expr)])
            }
            Element::Directive(directive) => self::directive(directive),
        })
        .collect()
}

fn directive(directive: &Directive) -> Tree {
    match directive {
        Directive::If(choice) => {
            let strips = (choice.if_expr.strip, choice.else_expr.as_ref().map(|e| e.strip), choice.endif_expr.strip);
            let mut parts = vec![value(&choice.if_expr.cond_expr)];
            parts.push(form(&["then"], elements(choice.if_expr.template.iter())));
            parts.extend(choice.else_expr.as_ref().map(|other| form(&["else"], elements(other.template.iter()))));
            form(&["if", &format!("{strips:?}")], parts)
        }
        Directive::For(each) => {
            let names = each.for_expr.key_var.iter().chain([&each.for_expr.value_var]).map(|name| name.as_str());
            let strips = format!("{:?}", (each.for_expr.strip, each.endfor_expr.strip));
            let words: Vec<&str> = ["each", strips.as_str()].into_iter().chain(names).collect();
            let body = form(&["do"], elements(each.for_expr.template.iter()));
            form(&words, vec![value(&each.for_expr.collection_expr), body])
        }
    }
}
