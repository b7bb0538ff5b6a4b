//! What the writer of HCL means by a text is what Terraform and OpenTofu themselves read.
//! Run by cargo with the programs that CHOPMARK_TEST_TERRAFORM names, else with those that are installed.
//! Must never need a provider or a network.

use super::configurations::{CORPUS, piece};
use crate::write::{Syntax, literal};
use chopmark_domain::literal::Literal;
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use serde_json::Value;
use std::fs;
use std::path::Path;
use std::process::Command;
use unicode_normalization::UnicodeNormalization;

const PROGRAMS: &str = "CHOPMARK_TEST_TERRAFORM";
/// Texts made of pieces that mean something to some reader.
const TEXTS: usize = 2_000;

fn programs() -> Vec<String> {
    let named = std::env::var(PROGRAMS).unwrap_or_else(|_| "terraform tofu".to_owned());
    let starts = |name: &&str| Command::new(name).arg("version").output().is_ok_and(|output| output.status.success());
    named.split_whitespace().filter(starts).map(str::to_owned).collect()
}

/// Everything a text may be hard to read by, composed as Terraform keeps it.
fn texts() -> Vec<Literal> {
    let mut runner = TestRunner::deterministic();
    let made = proptest::collection::vec(prop_oneof![piece(), any::<String>()], 0..8);
    let made = std::iter::repeat_with(|| made.new_tree(&mut runner).unwrap().current().concat());
    let texts = CORPUS.iter().map(|text| (*text).to_owned()).chain(made.take(TEXTS));
    texts.map(|text| Literal::Text(text.replace('\0', "").nfc().collect())).collect()
}

fn read_by(program: &str, folder: &Path) -> Value {
    let run = |arguments: &[&str]| {
        let mut command = Command::new(program);
        command.args(arguments).current_dir(folder).env("CHECKPOINT_DISABLE", "1");
        let output = command.output().unwrap();
        assert!(output.status.success(), "{program} {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    };
    run(&["init", "-no-color"]);
    run(&["apply", "-auto-approve", "-no-color"]);
    let state: Value = serde_json::from_str(&fs::read_to_string(folder.join("terraform.tfstate")).unwrap()).unwrap();
    state["outputs"]["all"]["value"].clone()
}

#[test]
fn the_programs_read_exactly_the_texts_that_were_written() {
    let texts = Literal::List(texts());
    let mut file = String::from("output \"all\" {\n  value = ");
    literal(Syntax::Hcl, &texts, &mut file);
    file.push_str("\n}\n");
    let programs = programs();
    assert!(!programs.is_empty() || std::env::var("CI").as_deref() != Ok("true"), "{PROGRAMS} names no program");
    for program in programs {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("main.tf"), &file).unwrap();
        let Value::Array(found) = read_by(&program, folder.path()) else { panic!("no list") };
        let Literal::List(written) = &texts else { unreachable!() };
        assert_eq!(found.len(), written.len());
        for (found, written) in found.iter().zip(written) {
            assert_eq!(found.as_str(), written.as_text(), "{program}");
        }
    }
}
