//! What the Terraform sections promise: typed values, places that stay where they are, secrets by reference only.
//! Run by cargo.
//! Must never need Terraform.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use super::super::reader::Text;
use super::*;
use rstest::rstest;

/// What `[terraform]` followed by `text` is read as.
fn terraform(text: &str) -> Result<TerraformAddress, Problem> {
    let text = format!("[terraform]\n{text}");
    let text = Text { name: "config.toml", base: Path::new("/etc/chopmark"), text: &text };
    let table = text.parse()?;
    let root = Section::root(text, &table, &["terraform"])?;
    Ok(read(&root, Path::new("/data"))?.unwrap())
}

fn refused(text: &str) -> Problem {
    terraform(text).unwrap_err()
}

fn fact<'p>(problem: &'p Problem, key: &str) -> &'p str {
    problem.facts.get(key).map(String::as_str).unwrap_or_default()
}

#[test]
fn the_section_alone_means_terraform_with_nothing_from_the_network() {
    let plain = terraform("").unwrap();
    assert_eq!((plain.program, plain.providers, plain.backend), (None, Providers::BuiltIn, None));
    assert_eq!((plain.ports, plain.apply_seconds), (vec![443], 3600));
}

#[rstest]
#[case("mirror = \"m\"", Some(Providers::Mirror("/etc/chopmark/m".into())))]
#[case("cache = \"/c\"", Some(Providers::Mirror("/c".into())))]
#[case("cache = \"/c\"\nnetwork_install = true", Some(Providers::Network { cache: "/c".into() }))]
#[case("network_install = true", Some(Providers::Network { cache: "/data/terraform/providers".into() }))]
#[case("mirror = \"/m\"\ncache = \"/c\"", None)]
#[case("mirror = \"/m\"\nnetwork_install = true", None)]
fn providers_come_from_one_place(#[case] text: &str, #[case] expected: Option<Providers>) {
    assert_eq!(terraform(text).ok().map(|address| address.providers), expected);
}

#[test]
fn a_version_that_is_said_goes_before_what_the_mirror_holds() {
    let mirror = tempfile::tempdir().unwrap();
    let (aws, tls) = ("registry.terraform.io/hashicorp/aws/5.0.0", "registry.terraform.io/hashicorp/tls/4.0.0");
    for folder in [aws, tls] {
        std::fs::create_dir_all(mirror.path().join(folder)).unwrap();
    }
    let text = format!("mirror = \"{}\"\nversions = {{ aws = 3, \"acme/dns\" = 1 }}", mirror.path().display());
    let majors = terraform(&text).unwrap().majors;
    let majors: Vec<_> = majors.iter().map(|(source, major)| (source.as_str(), *major)).collect();
    assert_eq!(majors, [("acme/dns", 1), ("hashicorp/aws", 3), ("hashicorp/tls", 4)]);
    for bad in ["aws = \"3\"", "aws = -1", "\"../x\" = 1", "\"a/b/c\" = 1"] {
        assert!(terraform(&format!("versions = {{ {bad} }}")).is_err(), "{bad}");
    }
}

#[test]
fn settings_keep_their_types_and_a_table_is_a_block() {
    let text = "[terraform.settings.aws]\nregion = \"eu-central-1\"\nskip_region_validation = true\nmax_retries = 3\n\
                [terraform.settings.aws.endpoints]\ns3 = \"http://127.0.0.1:5000\"\n";
    let aws = &terraform(text).unwrap().settings["aws"];
    assert_eq!(aws["region"], Literal::from("eu-central-1"));
    assert_eq!((&aws["skip_region_validation"], &aws["max_retries"]), (&Literal::Bool(true), &Literal::Integer(3)));
    assert!(matches!(&aws["endpoints"], Literal::Map(urls) if urls.len() == 1));
}

#[rstest]
#[case("[terraform.settings.aws]\nsecret_key = \"wJalrXUtnFEMI\"", 3)]
#[case("[terraform.settings.aws]\naccess_key = \"AKIAIOSFODNN7EXAMPLE\"", 3)]
#[case("[terraform.settings.x]\nauth = { deep = [{ password = \"hunter22\" }] }", 3)]
#[case("[terraform.settings.x]\nurl = \"https://ada:hunter22@example.org/\"", 3)]
#[case("[terraform.credentials]\nAWS_SECRET_ACCESS_KEY = \"wJalrXUtnFEMI\"", 3)]
#[case("[terraform.backend]\nkind = \"pg\"\nsettings = { conn_str = \"postgres://a:hunter22@h/{component}\" }", 4)]
fn a_secret_in_clear_is_refused_with_its_line_and_never_repeated(#[case] text: &str, #[case] line: usize) {
    let problem = refused(text);
    assert_eq!((problem.code, fact(&problem, "line")), (Code::ConfigValue, line.to_string().as_str()), "{problem}");
    let told = format!("{:?}", problem.facts);
    for secret in ["wJalr", "AKIA", "hunter22"] {
        assert!(!told.contains(secret), "{told}");
    }
}

#[test]
fn credentials_are_references_for_reading_and_for_writing() {
    let text = "[terraform.credentials]\nAWS_SECRET_ACCESS_KEY = \"env:APPLY_SECRET\"\nTF_HTTP_PASSWORD = \"file:pw\"\n\
                [terraform.plan_credentials]\nAWS_SECRET_ACCESS_KEY = \"env:PLAN_SECRET\"\n";
    let address = terraform(text).unwrap();
    assert_eq!(address.credentials["TF_HTTP_PASSWORD"], "file:/etc/chopmark/pw");
    assert_eq!(address.plan_credentials["AWS_SECRET_ACCESS_KEY"], "env:PLAN_SECRET");
}

#[rstest]
fn a_credential_never_chooses_what_a_program_does(
    #[values("TF_CLI_ARGS", "TF_CLI_ARGS_apply", "TF_WORKSPACE", "TF_DATA_DIR", "LD_PRELOAD", "PATH", "HOME", "A B")]
    name: &str,
) {
    let problem = refused(&format!("[terraform.credentials]\n\"{name}\" = \"env:X\""));
    assert_eq!((problem.code, fact(&problem, "line")), (Code::ConfigValue, "3"), "{name}");
}

#[test]
fn a_backend_keeps_each_component_in_a_state_of_its_own() {
    let good =
        "[terraform.backend]\nkind = \"s3\"\nsettings = { bucket = \"states\", key = \"dev/{component}.tfstate\" }";
    let backend = terraform(good).unwrap().backend.unwrap();
    assert_eq!((backend.kind.as_str(), backend.settings.len()), ("s3", 2));
    let shared = good.replace("{component}", "all");
    assert_eq!(fact(&refused(&shared), "expected"), "{component}");
    assert_eq!(fact(&refused(&good.replace("\"s3\"", "\"s33\"")), "nearest"), "s3");
    assert_eq!(refused("[terraform.backend]\nkind = \"remote\"").code, Code::ConfigValue);
}

#[rstest]
fn a_name_within_a_backend_never_leaves_its_place(
    #[values("prod;id", "a$(id)", "-chdir", "~root", "../x", "a/../b", "a b", "", "a//b", "a\\nb", "{other}")]
    name: &str,
    #[values("key", "workspace_dir", "bucket")] key: &str,
) {
    let text =
        format!("[terraform.backend]\nkind = \"s3\"\nsettings = {{ schema = \"{{component}}\", {key} = \"{name}\" }}");
    assert_eq!(refused(&text).code, Code::ConfigValue, "{key} = {name:?}");
    let long = text.replace(&format!("{key} = \"{name}\""), &format!("{key} = \"{}\"", "a".repeat(300)));
    assert_eq!(refused(&long).code, Code::ConfigValue);
}

#[rstest]
fn a_program_is_a_name_or_an_absolute_path(
    #[values(("tofu", true), ("terraform-1.11", true), ("/usr/bin/tofu", true), ("-chdir=/", false), ("a b", false), ("../tofu", false), ("bin/tofu", false))]
    (program, good): (&str, bool),
) {
    assert_eq!(terraform(&format!("program = \"{program}\"")).is_ok(), good, "{program}");
}

#[test]
fn a_root_has_a_name_people_can_say_and_a_folder_of_its_own() {
    let roots = terraform("[terraform.roots]\nnetwork = \"../net\"\n").unwrap().roots;
    assert_eq!(roots["network"], Path::new("/etc/chopmark/../net"));
    for bad in ["\"../x\" = \"/x\"", "Net = \"/x\"", "a = \"/x\"\nb = \"/x\"", "a = 1", "a = \"\""] {
        assert!(terraform(&format!("[terraform.roots]\n{bad}")).is_err(), "{bad}");
    }
}

#[rstest]
#[case("mirrror = \"/m\"", "mirror")]
#[case("[terraform.backend]\nkimd = \"s3\"", "kind")]
fn an_unknown_key_is_named_with_the_nearest(#[case] text: &str, #[case] near: &str) {
    let problem = refused(text);
    assert_eq!((problem.code, fact(&problem, "nearest")), (Code::ConfigUnknownKey, near));
}

#[test]
fn ports_and_times_have_bounds() {
    assert_eq!(terraform("ports = [443, 5000]").unwrap().ports, [443, 5000]);
    for bad in ["ports = [0]", "ports = [70000]", "ports = 443", "ports = [1.5]", "apply_timeout = \"long\""] {
        assert_eq!(refused(bad).code, Code::ConfigValue, "{bad}");
    }
}
