//! What init promises: nothing that is there is lost, and what it writes is read.
//! Run by cargo.
//! Must never read or write the configuration of whoever runs the tests.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use super::*;
use crate::config::{FileSettings, me};
use chopmark_domain::environment::Mode;

fn place(file: &Path) -> Whereabouts {
    Whereabouts {
        file: Some(file.to_owned()),
        named: false,
        data: Some(PathBuf::from("/data")),
        environment: None,
        templates: Vec::new(),
        me: me(),
        token: None,
    }
}

fn flags() -> Init {
    Init { environment: Some("dev".to_owned()), mode: Some(InitMode::Gitops), ..Init::default() }
}

fn init(file: &Path, flags: &Init) -> Result<Exit, Problem> {
    let found = Found { cluster: kubeconfig::find(flags.kubeconfig.as_deref()), ..Found::default() };
    run(&place(file), flags, &found, false, Language::En)
}

#[test]
fn what_it_writes_is_what_the_program_reads_and_repeating_changes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("deep/config.toml");
    assert_eq!(init(&file, &flags()), Ok(Exit::Done));
    let first = std::fs::read_to_string(&file).unwrap();
    let config = FileSettings::open(place(&file)).unwrap().config().unwrap();
    let dev = &config.environments.all[&config.environments.default];
    assert_eq!((dev.name.as_str(), dev.mode), ("dev", Mode::Gitops));
    assert!(!dev.rules.usual.approvers.is_empty());
    assert!(first.lines().filter(|line| line.starts_with('#')).count() >= 3, "{first}");
    assert_eq!(init(&file, &flags()), Ok(Exit::Done));
    assert_eq!(std::fs::read_to_string(&file).unwrap(), first);
    assert_eq!(std::fs::read_dir(folder.path().join("deep")).unwrap().count(), 1);
}

#[test]
fn what_is_there_stays_with_its_comments() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("config.toml");
    let mine = "# mine\n[chat]\nlanguage = \"zh\" # always\n\n[environments]\ndev = { mode = \"gitops\", repository = { branch = \"trunk\" } }\n";
    std::fs::write(&file, mine).unwrap();
    assert_eq!(init(&file, &flags()), Ok(Exit::Done));
    let text = std::fs::read_to_string(&file).unwrap();
    assert!(text.contains("# mine\n[chat]\nlanguage = \"zh\" # always\n"), "{text}");
    let config = FileSettings::open(place(&file)).unwrap().config().unwrap();
    let branches: BTreeMap<_, _> =
        config.environments.all.values().map(|one| (one.name.as_str(), one.repository.branch.as_str())).collect();
    assert_eq!(branches["dev"], "trunk", "{text}");
}

#[test]
fn a_file_that_does_not_parse_or_answers_that_do_not_fit_are_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("config.toml");
    std::fs::write(&file, "[chat\n").unwrap();
    assert_eq!(init(&file, &flags()).unwrap_err().code, Code::ConfigSyntax);
    assert_eq!(std::fs::read_to_string(&file).unwrap(), "[chat\n");
    std::fs::remove_file(&file).unwrap();
    let bad = Init { environment: Some("Not A Name".to_owned()), ..flags() };
    assert_eq!(init(&file, &bad).unwrap_err().code, Code::ConfigValue);
    assert!(!file.exists());
}

#[test]
fn a_rule_names_a_role_that_somebody_has() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("config.toml");
    std::fs::write(&file, "[people.\"terminal:4242\"]\nroles = [\"sre\"]\n").unwrap();
    assert_eq!(init(&file, &flags()), Ok(Exit::Done));
    assert!(std::fs::read_to_string(&file).unwrap().contains("approvers = [\"sre\"]"));
}

#[test]
fn a_context_becomes_an_environment_that_applies() {
    let folder = tempfile::tempdir().unwrap();
    let (file, kubeconfig) = (folder.path().join("config.toml"), folder.path().join("kubeconfig"));
    std::fs::write(&kubeconfig, "current-context: kind\ncontexts:\n- name: kind\n").unwrap();
    let flags = Init { mode: Some(InitMode::Apply), kubeconfig: Some(kubeconfig.clone()), ..Init::default() };
    assert_eq!(init(&file, &flags), Ok(Exit::Done));
    let config = FileSettings::open(place(&file)).unwrap().config().unwrap();
    let dev = &config.environments.all[&config.environments.default];
    assert_eq!(dev.mode, Mode::Apply);
    assert_eq!(dev.cluster.as_ref().unwrap().context.as_deref(), Some("kind"));
    let none = Init { kubeconfig: Some(folder.path().join("nothing")), ..flags };
    assert_eq!(init(&file, &none), Ok(Exit::Error));
}

#[test]
fn folders_of_hcl_become_roots_once_where_their_program_is_there() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("config.toml");
    let network = folder.path().join("network");
    let roots = BTreeMap::from([("network".to_owned(), network.clone())]);
    let nobody = Found { roots: roots.clone(), ..Found::default() };
    assert_eq!(run(&place(&file), &flags(), &nobody, false, Language::En), Ok(Exit::Done));
    assert!(!std::fs::read_to_string(&file).unwrap().contains("terraform"));
    let found = Found { program: Some("tofu"), ..nobody };
    for _ in 0..2 {
        assert_eq!(run(&place(&file), &flags(), &found, false, Language::En), Ok(Exit::Done));
    }
    let config = FileSettings::open(place(&file)).unwrap().config().unwrap();
    let dev = &config.environments.all[&config.environments.default];
    assert_eq!(dev.terraform.as_ref().unwrap().roots, roots);
}

#[test]
fn an_environment_may_apply_with_terraform_alone() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("config.toml");
    let found = Found { program: Some("terraform"), ..Found::default() };
    let (mirror, root) = (Some(folder.path().join("mirror")), vec![format!("net={}", folder.path().display())]);
    let flags = Init { mode: Some(InitMode::Apply), mirror, root, terraform: Some("tofu".to_owned()), ..flags() };
    assert_eq!(run(&place(&file), &flags, &found, false, Language::En), Ok(Exit::Done));
    let config = FileSettings::open(place(&file)).unwrap().config().unwrap();
    let dev = &config.environments.all[&config.environments.default];
    let terraform = dev.terraform.as_ref().unwrap();
    assert_eq!((dev.mode, terraform.program.as_deref(), terraform.roots.len()), (Mode::Apply, Some("tofu"), 1));
    let wrong = Init { root: vec!["net".to_owned()], ..flags };
    assert_eq!(run(&place(&file), &wrong, &found, false, Language::En).unwrap_err().code, Code::ConfigValue);
}
