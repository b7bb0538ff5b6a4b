//! Folders of HCL: every file that takes part is read, nothing outside is.
//! Run by `cargo test`.
//! Must never read outside a folder of its own.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use chopmark_domain::ports::Folders as _;
use chopmark_domain::problem::{Code, Problem};
use chopmark_sources::folder::HclFolders;
use std::path::Path;

fn write(folder: &Path, name: &str, bytes: &[u8]) {
    let path = folder.join(name);
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(path, bytes).unwrap();
}

async fn names(folder: &Path) -> Result<Vec<String>, Problem> {
    HclFolders.read(folder).await.map(|(_, files)| files.into_iter().map(|file| file.name).collect())
}

async fn refused(folder: &Path) -> String {
    let problem = names(folder).await.unwrap_err();
    assert_eq!(problem.code, Code::RootUnreadable);
    problem.facts["reason"].clone()
}

#[tokio::test]
async fn variables_modules_and_the_lock_take_part_and_what_the_program_makes_does_not() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["main.tf", "x.auto.tfvars", "modules/vpc/main.tf", ".terraform.lock.hcl", "templates/user.tftpl"] {
        write(folder.path(), name, b"");
    }
    for name in [".terraform/modules/modules.json", "terraform.tfstate", "terraform.tfstate.backup", ".git/HEAD"] {
        write(folder.path(), name, b"");
    }
    write(folder.path(), "picture.png", &[0xff, 0xd8]);
    assert_eq!(
        names(folder.path()).await.unwrap(),
        [".terraform.lock.hcl", "main.tf", "modules/vpc/main.tf", "templates/user.tftpl", "x.auto.tfvars"]
    );
}

#[tokio::test]
async fn the_folder_is_named_without_links_and_links_within_it_are_read() {
    let folder = tempfile::tempdir().unwrap();
    let (real, link) = (folder.path().join("real"), folder.path().join("link"));
    write(&real, "main.tf", b"# one");
    std::os::unix::fs::symlink("main.tf", real.join("other.tf")).unwrap();
    std::os::unix::fs::symlink(&real, &link).unwrap();
    let (path, files) = HclFolders.read(&link).await.unwrap();
    assert_eq!(path, real.canonicalize().unwrap());
    assert_eq!(files.iter().map(|file| file.text.as_str()).collect::<Vec<_>>(), ["# one", "# one"]);
}

#[tokio::test]
async fn a_link_out_of_the_folder_is_named_and_never_followed() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "root/main.tf", b"");
    write(folder.path(), "outside/main.tf", b"");
    for (target, name) in [("../outside", "modules"), ("../outside/main.tf", "more.tf"), ("nowhere", "gone.tf")] {
        let link = folder.path().join("root").join(name);
        std::os::unix::fs::symlink(target, &link).unwrap();
        assert!(refused(&folder.path().join("root")).await.starts_with(name));
        std::fs::remove_file(link).unwrap();
    }
}

#[tokio::test]
async fn a_folder_without_configuration_or_that_is_not_there_says_so() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "modules/vpc/main.tf", b"");
    assert_eq!(refused(folder.path()).await, "it holds no .tf file");
    assert!(refused(&folder.path().join("gone")).await.contains("No such file"));
    write(folder.path(), "main.tf", &[0xff]);
    assert_eq!(refused(folder.path()).await, "main.tf is no text");
}
