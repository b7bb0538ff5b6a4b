//! Plan: what the real program would do with a draft's files, in a confined scratch folder.
//! Called before approval and again at the start; what it keeps is what apply executes.
//! Must never change anything outside its scratch folder, nor let a refused configuration reach the program.

use super::bundle::Bundle;
use super::instructions::Instructions;
use super::invoke::{self, Access};
use super::mask::{self, Mask};
use super::workspace::{Workspace, unwritable};
use super::{Tool, address, credentials, failure, initialise, program, settings, show, state, target, turn};
use chopmark_domain::digest::Digest;
use chopmark_domain::environment::TerraformAddress;
use chopmark_domain::plan::{Caveat, Step, Verb};
use chopmark_domain::ports::{PlanPurpose, PlanRequest};
use chopmark_domain::problem::{Code, Problem};
use serde_json::Value;
use std::collections::BTreeMap;

/// Exit code of `plan -detailed-exitcode` when there is nothing to do, and when there is something.
const NOTHING: Option<i32> = Some(0);
const CHANGES: Option<i32> = Some(2);

/// Plans a draft.
pub(super) async fn plan(tool: &Tool, request: PlanRequest<'_>) -> Result<Step, Problem> {
    let address = address(request.environment)?;
    let reading = credentials::resolve(credentials::reading(address))?;
    let planned = work_out(tool, request, address, &reading).await;
    planned.map_err(|problem| scrubbed(tool, &reading, problem))
}

async fn work_out(
    tool: &Tool,
    request: PlanRequest<'_>,
    address: &TerraformAddress,
    reading: &credentials::Values,
) -> Result<Step, Problem> {
    let bundle = Bundle::of(request, &address.providers)?;
    let path = program::locate(tool, address.program.as_deref())?;
    let program = program::identify(tool, &path).await?;
    let program_digest = program::digest(tool, &path).await?;
    let pins = credentials::pins(&tool.key, &address.credentials)?;
    let component = &request.draft.component;
    let place = target::place(tool, address, component, &bundle)?;
    let ports = settings::ports(address);
    let mut scratch = Workspace::make(tool, address, &bundle, &path, &place, ports.clone())?;
    let workspace = &mut scratch.workspace;
    let initialised = initialise::initialise(tool, address, workspace, &bundle, &program_digest, reading).await;
    initialised.map_err(|problem| failure::placed(problem, &place))?;
    let providers = target::providers(tool, &workspace.data).await?;
    let state = state::current(tool, workspace, &place, reading).await?;
    target::guard(tool, component, state.as_ref())?;
    let name = target::name(tool, &bundle, &place, &workspace.data);
    let turn = turn::take(tool, &name).await?;
    run(tool, workspace, &bundle, reading).await.map_err(|problem| failure::placed(problem, &place))?;
    drop(turn);
    let said = said(tool, workspace).await?;
    let mask = Mask::of(&tool.key, &said, credentials::secret(reading));
    let shown = show::show(&said, &mask)?;
    let mut caveats = caveats(tool, &program.name);
    caveats.extend(show::failing(&said).map(|about| caveat("caveat-check-fails", &mask.scrubbed(&about))));
    let files_on_disk = shown.actions.iter().filter(|action| action.verb != Verb::Delete && is_file(&action.kind));
    caveats.extend(files_on_disk.map(|action| caveat("caveat-file-in-scratch", &action.address)));
    let plan_file = workspace.plan_file();
    let bytes = std::fs::read(&plan_file).map_err(|error| unwritable(&plan_file, &error))?;
    let files = scratch.workspace.files()?;
    let kept = match request.purpose {
        PlanPurpose::Execute => scratch.keep(),
        PlanPurpose::Compare => String::new(),
    };
    let mut preconditions = target::preconditions(&bundle, state.as_ref(), &files, &providers);
    preconditions.extend(show::going(&said).map(|(address, now)| {
        let hash = mask::keyed(&tool.key, format!("{address}\n{now}").as_bytes());
        (address, hash)
    }));
    let instructions = Instructions {
        scratch: kept,
        plan: Digest::of(&bytes),
        bundle: bundle.digest(),
        destroys: bundle.destroys,
        program: path,
        providers,
        credentials: pins,
        state: place,
        workspace: target::WORKSPACE.to_owned(),
        ports,
        apply_seconds: address.apply_seconds,
        files,
    };
    Ok(Step {
        runner: super::runner_name(),
        target: name,
        preconditions,
        instructions: instructions.to_text(),
        caveats,
        program,
        actions: shown.actions,
        outputs: shown.outputs,
    })
}

/// Makes the plan file.
async fn run(
    tool: &Tool,
    workspace: &Workspace,
    bundle: &Bundle,
    credentials: &credentials::Values,
) -> Result<(), Problem> {
    let mut arguments =
        vec!["plan", "-out=../out/plan.bin", "-input=false", "-lock-timeout=0s", "-detailed-exitcode", "-json"];
    if bundle.destroys {
        arguments.push("-destroy");
    }
    let ran = invoke::run(tool, workspace, &arguments, Access::Plan, credentials).await?;
    // A plan that failed may leave a file too: the exit decides.
    if ran.exit == NOTHING || ran.exit == CHANGES { Ok(()) } else { Err(failure::problem(&ran, "plan")) }
}

/// What the program says the plan file holds.
async fn said(tool: &Tool, workspace: &Workspace) -> Result<Value, Problem> {
    let arguments = ["show", "-json", "../out/plan.bin"];
    let ran = invoke::run(tool, workspace, &arguments, Access::Show, &BTreeMap::new()).await?;
    if ran.exit != Some(0) {
        return Err(failure::problem(&ran, "show"));
    }
    let failed = |reason: &str| Problem::new(Code::ProgramFailed).with("program", "show").with("reason", reason);
    if !ran.stdout.is_whole() {
        return Err(failed("the plan is larger than is read"));
    }
    // The parser's own words could repeat a value.
    serde_json::from_slice(&ran.stdout.kept).map_err(|_| failed("its answer is no JSON"))
}

/// A problem in which no credential stands: programs and providers repeat what they were given.
fn scrubbed(tool: &Tool, credentials: &credentials::Values, mut problem: Problem) -> Problem {
    let mask = Mask::of(&tool.key, &Value::Null, credentials::secret(credentials));
    for text in problem.facts.values_mut() {
        *text = mask.scrubbed(text);
    }
    problem
}

fn caveats(tool: &Tool, program: &str) -> Vec<Caveat> {
    let reduced = tool.confiner.isolation() == "reduced";
    reduced.then(|| caveat("caveat-reduced-isolation", program)).into_iter().collect()
}

fn caveat(key: &str, about: &str) -> Caveat {
    Caveat { key: key.to_owned(), about: about.to_owned() }
}

/// Whether a kind is a file on the machine that applies. There it is gone with the scratch folder: nothing but that can
/// be written, and the next plan wants it again.
fn is_file(kind: &str) -> bool {
    matches!(kind, "local_file" | "local_sensitive_file")
}
