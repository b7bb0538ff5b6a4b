//! Hostile values in Terraform templates: whatever text a parameter is given, the configuration keeps its shape and holds
//! exactly that text; or the text is refused because no provider could carry it.
//! Run by cargo.
//! Must never compare less than the whole tree.

use super::code;
use super::terraform::{draft, file, with};
use chopmark_domain::hcl::{self, Tree};
use chopmark_domain::literal::Literal;
use chopmark_domain::problem::Code;
use proptest::prelude::*;
use std::collections::BTreeMap;

/// Texts that have broken renderers of HCL before (attack-cases.md P29, P30, P33, P46), and their kin.
pub(super) const CORPUS: &[&str] = &[
    "web\" }\nresource \"terraform_data\" \"x\" {\n input = \"y",
    "${file(\"/etc/passwd\")}",
    "%{ for x in [1] }A%{ endfor }",
    "{{ 7*7 }}{% raw %}",
    "../../outside/main.tf",
    "<<EOT\nx\nEOT\n",
    "$${a}",
    "$$${a}",
    "$$$${a}",
    "%%{a}",
    "%%%{a}",
    "$",
    "${",
    "$$",
    "%{",
    "\\",
    "\\\"",
    "\\u0041\\n",
    "\"",
    "*/ # //",
    "\r",
    "\r\n",
    "\u{202e}evil\u{202c}",
    "\u{feff}\u{85}\u{2028}",
    "\u{e000}0\u{e001}",
    "\u{e0041}\u{10ffff}",
    "e\u{301}",
    "验🎉",
    "\u{1}\u{7f}",
];

/// A tree with every literal made alike: what is left is its shape.
fn shape(tree: &Tree) -> Tree {
    match tree {
        Tree::Text(_) => Tree::Text("text".into()),
        Tree::List(items) => Tree::List(items.iter().map(shape).collect()),
        Tree::Object(entries) => Tree::Object(entries.iter().map(|(k, v)| (shape(k), shape(v))).collect()),
        Tree::Form { words, parts } => Tree::Form { words: words.clone(), parts: parts.iter().map(shape).collect() },
        Tree::Number(_) | Tree::Bool(_) => tree.clone(),
    }
}

fn carried(value: &str) -> [(&'static str, Literal); 3] {
    let tags = BTreeMap::from([("a".to_owned(), Literal::from(value))]);
    [("owner", value.into()), ("tags", Literal::Map(tags)), ("zones", Literal::List(vec![value.into()]))]
}

/// A text is refused because it holds what no provider carries, or arrives as exactly itself with nothing else moved.
fn arrives(value: &str) {
    let made = draft(&carried(value), &with(&[], &[]));
    if value.contains('\0') {
        assert_eq!(code(made), Code::InvalidParameter);
        return;
    }
    let made = made.unwrap();
    let tree = hcl::parse(file(&made, "main.tf")).unwrap();
    let plain = draft(&carried("x"), &with(&[], &[])).unwrap();
    assert_eq!(shape(&tree), shape(&hcl::parse(file(&plain, "main.tf")).unwrap()), "{value:?}");
    let body = tree.resource("aws_s3_bucket", "this").unwrap();
    let composed: String = unicode_normalization::UnicodeNormalization::nfc(value).collect();
    let expected = Literal::Text(composed);
    let Some(Tree::Form { parts, .. }) = body.at(&["tags"]) else { panic!("no call") };
    assert_eq!(parts[1].at(&["owner"]).and_then(Tree::literal), Some(expected.clone()), "{value:?}");
    assert_eq!(parts[0].at(&["a"]).and_then(Tree::literal), Some(expected), "{value:?}");
}

#[test]
fn known_attacks_arrive_as_the_text_they_are() {
    CORPUS.iter().for_each(|text| arrives(text));
    arrives("\0");
}

/// A piece of some language that takes part in rendering or reading.
pub(super) fn piece() -> impl Strategy<Value = String> {
    let signs = ["$", "%", "{", "}", "\"", "\\", "\n", "${", "%{", "<<", "EOT", "~", "\u{e000}"];
    prop_oneof![proptest::sample::select(CORPUS), proptest::sample::select(signs.to_vec())].prop_map(str::to_owned)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]
    #[test]
    fn any_text_arrives_as_the_text_it_is(
        pieces in proptest::collection::vec(prop_oneof![any::<String>(), piece()], 0..8)
    ) {
        let text = pieces.concat();
        if !text.is_empty() && text.len() <= 4096 {
            arrives(&text);
        }
    }
}
