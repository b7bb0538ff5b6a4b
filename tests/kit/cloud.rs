//! The AWS that `tests/run` has started (moto), seen from outside: its S3, spoken to without signatures.
//! Used by flows that make, change behind our back and delete real buckets.
//! Must never go through the program or its provider: this is the witness, and the hand that interferes.

use super::http;
use super::scene::Scene;
use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// An AWS account of this machine.
pub(crate) struct Cloud {
    /// `127.0.0.1:PORT`.
    place: String,
    _turn: MutexGuard<'static, ()>,
}

/// The names of buckets are the whole account's: one test at a time.
static TURN: Mutex<()> = Mutex::new(());

impl Cloud {
    /// The account, emptied; none where it does not run.
    pub(crate) fn empty() -> Option<Self> {
        let Ok(address) = std::env::var("CHOPMARK_TEST_MOTO") else {
            super::left_out("AWS: CHOPMARK_TEST_MOTO is not set; `tests/run` starts one");
            return None;
        };
        let turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
        let place = address.trim_end_matches('/').strip_prefix("http://").expect("plain HTTP").to_owned();
        let cloud = Self { place, _turn: turn };
        assert_eq!(cloud.request("POST", "/moto-api/reset", "").0, 200);
        Some(cloud)
    }

    /// Where it is.
    pub(crate) fn address(&self) -> String {
        format!("http://{}", self.place)
    }

    /// Lines for an environment's `terraform` section: a mirror, and the provider pointed here.
    pub(crate) fn settings(&self, mirror: &Path) -> String {
        let port = self.place.rsplit(':').next().unwrap();
        let endpoints: String =
            ["s3", "sts", "iam", "ec2", "route53"].map(|name| format!("{name} = \"http://{}\"\n", self.place)).concat();
        format!(
            "mirror = \"{}\"\nports = [{port}]\n\
             [environments.dev.terraform.credentials]\n\
             AWS_ACCESS_KEY_ID = \"env:TEST_AWS_KEY\"\nAWS_SECRET_ACCESS_KEY = \"env:TEST_AWS_SECRET\"\n\
             [environments.dev.terraform.settings.aws]\nregion = \"eu-central-1\"\n\
             skip_credentials_validation = true\nskip_metadata_api_check = true\nskip_region_validation = true\n\
             skip_requesting_account_id = true\nskip_get_ec2_platforms = true\ns3_force_path_style = true\n\
             [environments.dev.terraform.settings.aws.endpoints]\n{endpoints}",
            mirror.display()
        )
    }

    /// The same provider as a block of HCL, for folders that were there before us.
    pub(crate) fn provider(&self) -> String {
        let endpoints: String =
            ["s3", "sts", "iam", "ec2"].map(|name| format!("    {name} = \"http://{}\"\n", self.place)).concat();
        format!(
            "provider \"aws\" {{\n  region = \"eu-central-1\"\n  skip_credentials_validation = true\n  \
             skip_metadata_api_check = true\n  skip_region_validation = true\n  skip_requesting_account_id = true\n  \
             s3_force_path_style = true\n  endpoints {{\n{endpoints}  }}\n}}\n"
        )
    }

    /// Gives a scene the keys that the settings refer to. Any will do.
    pub(crate) fn dress(&self, scene: &mut Scene) {
        scene.set("TEST_AWS_KEY", "AKIAIOSFODNN7EXAMPLE");
        scene.set("TEST_AWS_SECRET", "CANARY-aws-secret-0123456789abcdef");
    }

    /// Names of the buckets that are there.
    pub(crate) fn buckets(&self) -> Vec<String> {
        let (_, text) = self.request("GET", "/", "");
        between(&text, "<Name>", "</Name>")
    }

    /// How many networks there are.
    pub(crate) fn networks(&self) -> usize {
        let (status, text) = self.request("POST", "/", "Action=DescribeVpcs&Version=2016-11-15");
        assert_eq!(status, 200, "{text}");
        between(&text, "<vpcId>", "</vpcId>").len()
    }

    /// What a bucket's sub-resource says, such as `versioning` or `publicAccessBlock`; none where it has none.
    pub(crate) fn ask(&self, bucket: &str, what: &str) -> Option<String> {
        let (status, text) = self.request("GET", &format!("/{bucket}?{what}"), "");
        (status == 200).then_some(text)
    }

    /// Changes a bucket's sub-resource behind everybody's back.
    #[track_caller]
    pub(crate) fn change(&self, bucket: &str, what: &str, xml: &str) {
        let (status, text) = self.request("PUT", &format!("/{bucket}?{what}"), xml);
        assert!(status < 300, "{status}: {text}");
    }

    /// Deletes a bucket behind everybody's back.
    #[track_caller]
    pub(crate) fn delete(&self, bucket: &str) {
        let (status, text) = self.request("DELETE", &format!("/{bucket}"), "");
        assert!(status < 300, "{status}: {text}");
    }

    /// One request; status and body.
    fn request(&self, method: &str, path: &str, body: &str) -> (u16, String) {
        // The name of the service stands where a signature would name it; nobody checks the rest.
        let (service, kind) = if body.starts_with("Action=") {
            ("ec2", "application/x-www-form-urlencoded")
        } else {
            ("s3", "application/xml")
        };
        let signed = format!(
            "Authorization: AWS4-HMAC-SHA256 Credential=TEST/20260101/eu-central-1/{service}/aws4_request, \
             SignedHeaders=host, Signature=0"
        );
        http::request(&self.place, method, path, &[&signed, &format!("Content-Type: {kind}")], body)
    }
}

fn between(text: &str, begin: &str, end: &str) -> Vec<String> {
    text.split(begin).skip(1).filter_map(|rest| Some(rest.split_once(end)?.0.to_owned())).collect()
}
