//! Landlock: files and ports a program can reach, enforced by the kernel on one thread and all it starts.
//! Used by `entry`, on the thread that starts the program; elsewhere than on Linux, its reduced twin.
//! Must never believe that a rule holds which the kernel did not confirm.

use super::policy::{Isolation, Policy};

/// What is read and executed by every program: the system's programs, their libraries, and the few settings
/// that name resolution, certificates and clocks need. No `/proc`, no home, nothing with passwords.
#[cfg(target_os = "linux")]
const SYSTEM: &[&str] = &[
    "/usr",
    "/bin",
    "/sbin",
    "/lib",
    "/lib32",
    "/lib64",
    "/opt",
    "/nix/store",
    "/etc/ld.so.cache",
    "/etc/alternatives",
    "/etc/localtime",
    "/etc/passwd",
    "/etc/group",
    "/etc/nsswitch.conf",
    "/etc/hosts",
    "/etc/host.conf",
    "/etc/resolv.conf",
    "/etc/gai.conf",
    "/etc/services",
    "/etc/ssl",
    "/etc/pki",
    "/etc/ca-certificates",
    "/etc/crypto-policies",
    "/etc/ssh/ssh_config",
    "/etc/ssh/ssh_config.d",
    "/etc/ssh/ssh_known_hosts",
    "/dev/urandom",
    "/dev/random",
    "/dev/zero",
];

/// How far this machine can confine, in the word that runs record: `landlock-` and the kernel's version of
/// it, or `reduced`.
pub(crate) fn best() -> (Isolation, String) {
    match version() {
        Some(version) => (Isolation::Landlock, format!("landlock-{version}")),
        None => (Isolation::Reduced, "reduced".to_owned()),
    }
}

/// The version of Landlock that the kernel and we both know. Asked by restricting a thread that then ends.
#[cfg(target_os = "linux")]
fn version() -> Option<i32> {
    use landlock::{ABI, Access as _, AccessFs, LandlockStatus, Ruleset, RulesetAttr as _};
    let ask = || {
        let set = Ruleset::default().handle_access(AccessFs::from_all(ABI::V1)).ok()?.create().ok()?;
        match set.restrict_self().ok()?.landlock {
            LandlockStatus::Available { effective_abi: ABI::Unsupported, .. }
            | LandlockStatus::NotEnabled
            | LandlockStatus::NotImplemented => None,
            LandlockStatus::Available { effective_abi, .. } => Some(effective_abi as i32),
        }
    };
    std::thread::spawn(ask).join().ok().flatten()
}

#[cfg(not(target_os = "linux"))]
fn version() -> Option<i32> {
    None
}

/// Restricts the calling thread and everything it starts from now on. With [`Isolation::Reduced`] nothing.
///
/// # Errors
/// What could not be enforced: then nothing may be started.
#[cfg(target_os = "linux")]
pub(crate) fn restrict(policy: &Policy, isolation: Isolation) -> Result<(), String> {
    match isolation {
        Isolation::Landlock => landlock_thread(policy).map_err(|error| format!("landlock: {error}")),
        Isolation::Reduced => rustix::thread::set_no_new_privs(true).map_err(|error| format!("no_new_privs: {error}")),
    }
}

/// The reduced twin: this system has no Landlock, so an order for it is refused.
///
/// # Errors
/// Landlock was asked for.
#[cfg(not(target_os = "linux"))]
pub(crate) fn restrict(_policy: &Policy, isolation: Isolation) -> Result<(), String> {
    match isolation {
        Isolation::Landlock => Err("landlock: not on this system".to_owned()),
        Isolation::Reduced => Ok(()),
    }
}

#[cfg(target_os = "linux")]
fn landlock_thread(policy: &Policy) -> Result<(), Box<dyn std::error::Error>> {
    use super::policy::Connect;
    use landlock::{
        ABI, Access as _, AccessFs, AccessNet, CompatLevel, Compatible as _, NetPort, Ruleset, RulesetAttr as _,
        RulesetCreatedAttr as _, RulesetStatus, Scope, path_beneath_rules,
    };
    // The newest version whose rights we have looked at. Later ones restrict paths of unix sockets, which an
    // ssh agent needs.
    let abi = ABI::V6;
    let mut rules = Ruleset::default()
        .set_compatibility(CompatLevel::HardRequirement)
        .handle_access(AccessFs::from_all(ABI::V1))?
        .set_compatibility(CompatLevel::BestEffort)
        .handle_access(AccessFs::from_all(abi))?
        .handle_access(AccessNet::BindTcp)?
        .scope(Scope::from_all(abi))?;
    if policy.connect != Connect::Anywhere {
        rules = rules.handle_access(AccessNet::ConnectTcp)?;
    }
    // What a program may change is data: nothing in it is executed.
    let change = AccessFs::from_all(abi) & !AccessFs::Execute;
    let mut rules = rules
        .create()?
        .add_rules(path_beneath_rules(SYSTEM, AccessFs::from_read(abi)))?
        .add_rules(path_beneath_rules(&policy.execute, AccessFs::from_read(abi)))?
        .add_rules(path_beneath_rules(&policy.read, AccessFs::ReadFile | AccessFs::ReadDir))?
        .add_rules(path_beneath_rules(["/dev/null"], AccessFs::ReadFile | AccessFs::WriteFile))?
        .add_rules(path_beneath_rules(&policy.write, change))?;
    if let Connect::Ports(ports) = &policy.connect {
        rules = rules.add_rules(
            ports.iter().map(|port| Ok::<_, landlock::RulesetError>(NetPort::new(*port, AccessNet::ConnectTcp))),
        )?;
    }
    let status = rules.restrict_self()?;
    if status.ruleset == RulesetStatus::NotEnforced || !status.no_new_privs {
        return Err("the kernel enforced nothing".into());
    }
    Ok(())
}
