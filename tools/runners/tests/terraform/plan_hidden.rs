//! Hiding: what is sensitive in a plan, by a mark or because it is known to be.
//! Run with every program there is.
//! Must never find the canary in a step.

use crate::kit::Scene;
use chopmark_domain::canonical;
use chopmark_domain::plan::{Shown, Step};
use chopmark_domain::ports::PlanPurpose;

const CANARY: &str = "canary-71c2";

/// A configuration in which the canary stands in every way that `show -json` tells in clear.
fn hidden(edition: &str) -> String {
    format!(
        r#"variable "password" {{
  type      = string
  sensitive = true
  default   = "{CANARY}{edition}"
}}

resource "terraform_data" "marked" {{
  input = {{
    name     = "cart"
    password = var.password
  }}
}}

resource "terraform_data" "inside" {{
  input = jsonencode({{ value = nonsensitive(var.password) }})
}}

resource "terraform_data" "encoded" {{
  input = base64encode(nonsensitive(var.password))
}}

output "password" {{
  value     = var.password
  sensitive = true
}}

output "unmarked" {{
  value = nonsensitive("${{var.password}}!")
}}
"#
    )
}

#[tokio::test]
async fn nothing_sensitive_stands_in_a_step_and_hidden_values_still_compare() {
    for scene in Scene::each() {
        let draft = |edition: &str| scene.draft("secret", &[("main.tf", &hidden(edition))]);
        let first = scene.make(&draft("-one")).await;
        assert_clean(&first);
        let same = scene.plan_after(&draft("-one"), None, PlanPurpose::Compare).await.unwrap();
        assert_eq!((same.actions.as_slice(), same.outputs.as_slice()), (&[][..], &[][..]));
        let other = scene.plan_after(&draft("-two"), None, PlanPurpose::Compare).await.unwrap();
        assert_clean(&other);
        assert_eq!(other.actions.len(), 3);
        let marked = other.actions.iter().find(|action| action.address == "terraform_data.marked").unwrap();
        let field = marked.fields.iter().find(|field| field.path.ends_with("password")).unwrap();
        let (Some(Shown::Hidden(before)), Some(Shown::Hidden(after))) = (&field.before, &field.after) else {
            panic!("{field:?}");
        };
        assert_ne!(before, after);
        assert_eq!(other.outputs.len(), 2);
    }
}

#[tokio::test]
async fn a_credential_is_hidden_wherever_a_configuration_puts_it() {
    for mut scene in Scene::each() {
        credential(&mut scene);
        let text =
            "variable \"token\" {\n  type = string\n}\n\nresource \"terraform_data\" \"a\" {\n  input = var.token\n}\n";
        let folder = scene.folder.path().canonicalize().unwrap().join("root");
        let step = scene.plan(&scene.root("root", &folder, &[("main.tf", text)])).await.unwrap();
        assert_clean(&step);
        assert!(format!("{:?}", step.actions).contains("Hidden"), "{:?}", step.actions);
    }
}

#[tokio::test]
async fn what_the_program_says_when_it_fails_holds_no_credential() {
    for mut scene in Scene::each() {
        credential(&mut scene);
        let text = "variable \"token\" {\n  type = string\n}\n\nresource \"terraform_data\" \"a\" {\n  lifecycle {\n    \
                    precondition {\n      condition     = var.token == \"x\"\n      error_message = \"Not \
                    ${var.token}.\"\n    }\n  }\n}\n";
        let folder = scene.folder.path().canonicalize().unwrap().join("root");
        let problem = scene.plan(&scene.root("root", &folder, &[("main.tf", text)])).await.unwrap_err();
        let words = problem.to_string();
        assert!(words.contains("Not ") && !words.contains("canary"), "{words}");
    }
}

/// A credential that the configuration sees as a variable which nobody called sensitive.
fn credential(scene: &mut Scene) {
    let file = scene.folder.path().join("credential");
    std::fs::write(&file, CANARY).unwrap();
    std::fs::set_permissions(&file, std::os::unix::fs::PermissionsExt::from_mode(0o600)).unwrap();
    let reference = format!("file:{}", file.display());
    scene.terraform().credentials.insert("TF_VAR_token".to_owned(), reference);
}

#[tokio::test]
async fn what_a_provider_calls_sensitive_is_hidden() {
    for scene in Scene::each_with_providers() {
        let text = |length: u32| format!("resource \"random_password\" \"a\" {{\n  length = {length}\n}}\n");
        scene.make(&scene.draft("secret", &[("main.tf", &text(20))])).await;
        let step = scene.plan(&scene.draft("secret", &[("main.tf", &text(21))])).await.unwrap();
        let fields = &step.actions[0].fields;
        let result = fields.iter().find(|field| field.path == "/result").unwrap();
        assert!(matches!(result.before, Some(Shown::Hidden(_))), "{result:?}");
        assert_eq!(step.actions[0].because.as_deref(), Some("length"));
    }
}

fn assert_clean(step: &Step) {
    let text = canonical::to_string(step);
    assert!(!text.contains("canary"), "{text}");
    // The canary in base64, but for its last bytes.
    assert!(!text.contains("Y2FuYXJ5"), "{text}");
}
