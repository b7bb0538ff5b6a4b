//! What the sections of models promise: an order with the planner inside at its end, and no key in clear.
//! Run by cargo.
//! Must never ask a model.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use super::super::reader::Text;
use super::*;
use rstest::rstest;
use std::path::Path;

const MAIN: &str = "[models.main]\nbase_url = \"https://api.openai.com/v1\"\nmodel = \"gpt-4.1\"\n";

fn models(text: &str) -> Result<Models, Problem> {
    let text = Text { name: "config.toml", base: Path::new("/etc/chopmark"), text };
    let table = text.parse()?;
    let root = Section::root(text, &table, &["model", "models"])?;
    let mut models = Models::default();
    models.read(&root)?;
    Ok(models)
}

fn chain(text: &str) -> Vec<String> {
    models(text).unwrap().chain().into_iter().map(|entry| entry.address().name.clone()).collect()
}

#[test]
fn models_are_asked_in_the_order_that_is_written_and_none_means_the_planner_inside() {
    let spare = MAIN.replace("main", "spare");
    assert_eq!(chain(""), [""; 0]);
    assert_eq!(chain(&format!("{MAIN}{spare}")), [""; 0]);
    assert_eq!(chain(&format!("[model]\nuse = \"main\"\n{MAIN}{spare}")), ["main"]);
    let both = "[model]\nuse = \"spare\"\nfallback = [\"main\", \"spare\", \"offline\"]\n";
    assert_eq!(chain(&format!("{both}{MAIN}{spare}")), ["spare", "main"]);
    assert_eq!(chain(&format!("[model]\nuse = \"offline\"\nfallback = [\"main\"]\n{MAIN}")), [""; 0]);
}

#[test]
fn an_entry_takes_its_limits_and_prices_and_the_usual_ones_else() {
    let text = format!("{MAIN}window = 8000\ntimeout = \"2m\"\nprice = {{ input = \"0.15\", output = \"2\" }}\n");
    let models = models(&text).unwrap();
    let address = models.all["main"].address();
    assert_eq!((address.window_tokens, address.answer_tokens, address.total.as_secs()), (8000, 4096, 120));
    let price = address.price.as_ref().unwrap();
    assert_eq!((price.input_micro_per_million, price.output_micro_per_million), (150_000, 2_000_000));
    assert_eq!(price.currency, "USD");
    assert!(address.key.is_none());
}

#[rstest]
#[case::key("key = \"sk-12345\"", "models.main.key")]
#[case::header("headers = { x-key = \"sk-12345\" }", "models.main.headers.x-key")]
fn a_key_in_clear_is_refused_with_its_line_and_never_repeated(#[case] line: &str, #[case] key: &str) {
    let problem = models(&format!("{MAIN}{line}\n")).unwrap_err();
    assert_eq!(
        (problem.code, problem.facts["line"].as_str(), problem.facts["key"].as_str()),
        (Code::ConfigValue, "4", key)
    );
    assert!(!format!("{:?}", problem.facts).contains("sk-12345"));
}

#[rstest]
#[case("[model]\nuse = \"mian\"\n", "main")]
#[case("[model]\nuse = \"main\"\nfallback = [\"ofline\"]\n", "offline")]
fn a_model_that_is_not_there_is_named_with_the_nearest(#[case] text: &str, #[case] near: &str) {
    let problem = models(&format!("{text}{MAIN}")).unwrap_err();
    assert_eq!((problem.code, problem.facts["nearest"].as_str()), (Code::ConfigValue, near));
}

#[rstest]
fn what_cannot_be_is_refused(
    #[values(
        "base_url = \"api.openai.com\"",
        "base_url = \"file:///etc/passwd\"",
        "base_url = \"https://ada:pw@example.org/v1\"",
        "base_url = \"https://example.org/v1?key=1\"",
        "base_url = \"http://a b\"",
        "model = \"\"",
        "window = 10",
        "answer = 200000",
        "timeout = \"0s\"",
        "price = { input = \"1,5\", output = \"1\" }",
        "price = { input = \"1\" }",
        "price = { input = \"1\", output = \"-1\" }",
        "price = { input = \"1\", output = \"1\", currency = \"dollars\" }",
        "azure_api_version = \"2024&x=1\"",
        "headers = { \"a b\" = \"env:X\" }",
        "bse_url = \"x\""
    )]
    line: &str,
) {
    let name = line.split(" = ").next().unwrap();
    let rest: String =
        MAIN.lines().filter(|known| !known.starts_with(&format!("{name} "))).map(|l| format!("{l}\n")).collect();
    let problem = models(&format!("{rest}{line}\n")).unwrap_err();
    assert!(problem.facts.contains_key("line"), "{problem}");
}

#[test]
fn the_planner_inside_keeps_its_name() {
    assert!(models(&MAIN.replace("main", "offline")).is_err());
    assert!(models(&MAIN.replace("main", "\"a b\"")).is_err());
}

#[test]
fn a_key_on_the_wire_is_only_safe_on_this_machine() {
    assert!(is_here("http://127.0.0.1:11434/v1") && is_here("http://localhost/v1") && is_here("http://[::1]:8/v1"));
    assert!(!is_here("http://127.0.0.1.example.org/v1") && !is_here("http://10.0.0.1/v1"));
}
