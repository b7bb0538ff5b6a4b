//! A cloud: the AWS provider against the AWS that `tests/run` starts, seen from planning.
//! Run with every program there is; CHOPMARK_TEST_MOTO says where the cloud is.
//! Must never be pointed at an AWS that is somebody's.

use crate::kit::{Scene, lines};
use chopmark_domain::literal::Literal;
use chopmark_domain::plan::Shown;
use std::collections::BTreeMap;

#[tokio::test]
async fn a_bucket_is_planned_made_and_seen_to_drift() {
    let Some(address) = crate::kit::cloud() else { return };
    for (number, mut scene) in Scene::each_with_providers().into_iter().enumerate() {
        // Its port is found in the provider's settings: no other one is open.
        let endpoint = BTreeMap::from([("s3".to_owned(), Literal::Text(address.clone()))]);
        let settings = BTreeMap::from([("endpoints".to_owned(), Literal::Map(endpoint))]);
        scene.terraform().settings.insert("aws".to_owned(), settings);
        for (name, text) in [("AWS_ACCESS_KEY_ID", "canary-key"), ("AWS_SECRET_ACCESS_KEY", "canary-secret")] {
            let file = scene.folder.path().join(name);
            std::fs::write(&file, text).unwrap();
            std::fs::set_permissions(&file, std::os::unix::fs::PermissionsExt::from_mode(0o600)).unwrap();
            scene.terraform().credentials.insert(name.to_owned(), format!("file:{}", file.display()));
        }
        let provider = format!(
            "provider \"aws\" {{\n  region                      = \"eu-central-1\"\n  \
             skip_credentials_validation = true\n  skip_metadata_api_check     = true\n  skip_region_validation      \
             = true\n  skip_requesting_account_id  = true\n  skip_get_ec2_platforms      = true\n  \
             s3_force_path_style         = true\n  endpoints {{\n    s3 = \"{address}\"\n  }}\n}}\n"
        );
        let bucket = |owner: &str| {
            format!(
                "resource \"aws_s3_bucket\" \"this\" {{\n  bucket = \"planned-{}-{number}\"\n  acl    = \"private\"\n  \
                 tags = {{\n    owner = \"{owner}\"\n  }}\n}}\n",
                std::process::id()
            )
        };
        let draft = |owner: &str| scene.draft("reports", &[("main.tf", &bucket(owner)), ("providers.tf", &provider)]);
        let step = scene.make(&draft("jo")).await;
        assert_eq!(step.actions.len(), 1);
        let step = scene.plan(&draft("sam")).await.unwrap();
        let tags = ["Update aws_s3_bucket.this /tags/owner /tags_all/owner"];
        assert_eq!(lines(&step.actions), tags);
        assert_eq!(step.actions[0].fields[0].before, Some(Shown::Value("\"jo\"".to_owned())));
        assert!(!format!("{step:?}").contains("canary"), "{step:?}");
    }
}
