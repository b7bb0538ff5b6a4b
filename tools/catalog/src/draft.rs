//! Drafting: a proposal becomes the exact files of a component's folder.
//! Called by the engine through the Drafter port.
//! Must never hand on a file that was not rendered and proven here, or restored byte for byte and screened.

use crate::catalog::Catalog;
use crate::inspect;
use crate::load::Loaded;
use crate::parameter::Parameter;
use crate::patch;
use crate::produce::produce;
use crate::settle::{self, RESTARTED_AT, Values};
use crate::shape::Shape;
use crate::template::Restart;
use crate::terraform;
use chopmark_domain::component::{ComponentFile, ComponentId, ComponentVersion, TemplatePin};
use chopmark_domain::draft::{Action, Content, Draft, Verify, WayBack};
use chopmark_domain::environment::{Environment, Mode};
use chopmark_domain::ids::TemplateName;
use chopmark_domain::literal::Literal;
use chopmark_domain::manifest::{MANIFEST_NAME, Manifest};
use chopmark_domain::ports::{Answer, Drafter};
use chopmark_domain::problem::{Code, Problem};
use chopmark_domain::proposal::{Intent, Origin, Proposal, Sourced};
use chopmark_domain::rendered;

/// Terraform's record of its providers' hashes, which somebody may have committed.
const LOCK_FILE: &str = ".terraform.lock.hcl";

impl Drafter for Catalog {
    fn draft(
        &self,
        proposal: &Proposal,
        environment: &Environment,
        current: Option<&ComponentVersion>,
        restored: Option<&ComponentVersion>,
    ) -> Answer<Draft> {
        let component = &proposal.component;
        match &proposal.intent {
            Intent::Create { template, values } => {
                if current.is_some() {
                    return Err(Problem::new(Code::ComponentExists).with("component", component));
                }
                let loaded = self.usable(template, environment)?;
                settle::place(&loaded.template, &component.path)?;
                let values = settle::settle(loaded, &component.path, values.clone())?;
                render(loaded, environment, component, Action::Create, values, loaded.template.way_back.create.clone())
            }
            Intent::Edit { values } => self.edit(component, environment, present(component, current)?, values),
            Intent::Restart { asked_at } => {
                self.restart(component, environment, present(component, current)?, *asked_at)
            }
            Intent::Delete => Ok(self.removal(component, present(component, current)?, Action::Delete)),
            Intent::Restore { version: None, .. } => {
                Ok(self.removal(component, present(component, current)?, Action::Restore))
            }
            Intent::Restore { version: Some(version), .. } => {
                let restored = restored.ok_or_else(|| {
                    Problem::new(Code::UnknownVersion).with("component", component).with("version", version)
                })?;
                self.restore(component, environment, current, restored)
            }
            Intent::Reconcile => self.reconcile(component, environment, present(component, current)?),
            // The engine reads such a folder itself: nothing is rendered.
            Intent::Root { .. } => Err(Problem::new(Code::NotOurs).with("component", component)),
            Intent::Patch { object, fields } => patch::draft(component, object, fields),
        }
    }

    fn pin(&self, template: &TemplateName) -> Option<TemplatePin> {
        Some(self.known(template).ok()?.template.pin())
    }

    fn family(&self, template: &TemplateName) -> Option<String> {
        self.known(template).ok().map(|loaded| loaded.template.family.clone())
    }

    fn revise(&self, waiting: &Proposal, edit: &Proposal) -> Answer<Proposal> {
        crate::revise::revise(waiting, edit)
    }
}

impl Catalog {
    fn known(&self, name: &TemplateName) -> Answer<&Loaded> {
        self.loaded(name).ok_or_else(|| {
            let near = crate::broken::nearest(name.as_str(), self.templates().map(|template| template.name.as_str()));
            Problem::new(Code::UnknownTemplate).with("template", name).with("nearest", near.unwrap_or_default())
        })
    }

    /// The template, if it may be used there.
    fn usable(&self, name: &TemplateName, environment: &Environment) -> Answer<&Loaded> {
        let loaded = self.known(name)?;
        let refused = |code| Problem::new(code).with("template", name).with("environment", &environment.name);
        if !environment.templates.contains(name) {
            return Err(refused(Code::TemplateNotAllowed));
        }
        if environment.mode == Mode::Gitops && loaded.template.holds_secrets() {
            return Err(refused(Code::SecretNeedsApply));
        }
        Ok(loaded)
    }

    fn edit(
        &self,
        component: &ComponentId,
        environment: &Environment,
        current: &ComponentVersion,
        given: &Values,
    ) -> Answer<Draft> {
        let loaded = self.usable(&current.template.name, environment)?;
        let mut changes = false;
        for (name, sourced) in given {
            let parameter = loaded.template.parameter(name).ok_or_else(|| settle::unknown(&loaded.template, name))?;
            changes |= differs(parameter, &sourced.value, current.values.get(name))?;
        }
        let unchanged = || Problem::new(Code::NothingToChange).with("component", component);
        if !given.is_empty() && !changes {
            return Err(unchanged());
        }
        let mut values = kept(current);
        values.extend(given.clone());
        if let Restart::Counter(counter) = &loaded.template.restart
            && !given.contains_key(counter)
            && changes
        {
            count(&mut values, counter);
        }
        let values = settle::settle(loaded, &component.path, values)?;
        let draft =
            render(loaded, environment, component, Action::Edit, values, loaded.template.way_back.edit.clone())?;
        // An edit without values renders what is there by the present version of its template.
        if draft.files() == current.files { Err(unchanged()) } else { Ok(draft) }
    }

    fn restart(
        &self,
        component: &ComponentId,
        environment: &Environment,
        current: &ComponentVersion,
        asked_at: i64,
    ) -> Answer<Draft> {
        let loaded = self.usable(&current.template.name, environment)?;
        let mut values = kept(current);
        match &loaded.template.restart {
            Restart::Never => {
                return Err(Problem::new(Code::CannotRestart)
                    .with("component", component)
                    .with("template", &loaded.template.name));
            }
            Restart::Annotation => {
                let moment = jiff::Timestamp::from_millisecond(asked_at)
                    .map_err(|error| Problem::new(Code::Internal).with("what", error))?;
                let sourced = Sourced { value: Literal::Text(moment.to_string()), origin: Origin::Said };
                values.insert(RESTARTED_AT.to_owned(), sourced);
            }
            Restart::Counter(counter) => count(&mut values, counter),
        }
        let values = settle::settle(loaded, &component.path, values)?;
        render(loaded, environment, component, Action::Restart, values, loaded.template.way_back.edit.clone())
    }

    /// What is committed, once more.
    fn reconcile(
        &self,
        component: &ComponentId,
        environment: &Environment,
        current: &ComponentVersion,
    ) -> Answer<Draft> {
        let draft = self.restore(component, environment, None, current)?;
        Ok(Draft { action: Action::Reconcile, ..draft })
    }

    fn removal(&self, component: &ComponentId, current: &ComponentVersion, action: Action) -> Draft {
        let way_back = match self.loaded(&current.template.name) {
            Some(loaded) => loaded.template.way_back.delete.clone(),
            // What made it is no longer known, and so is what its objects held.
            None => WayBack::NotEverything("data".to_owned()),
        };
        Draft {
            component: component.clone(),
            action,
            content: Content::Removed { template: current.template.name.clone() },
            verify: Verify::Exists,
            way_back,
        }
    }

    fn restore(
        &self,
        component: &ComponentId,
        environment: &Environment,
        current: Option<&ComponentVersion>,
        restored: &ComponentVersion,
    ) -> Answer<Draft> {
        if current.is_some_and(|current| current.files == restored.files) {
            return Err(Problem::new(Code::NothingToChange).with("component", component));
        }
        let mismatch = |file: &str, reason: String| {
            Problem::new(Code::RenderMismatch)
                .with("template", &restored.template.name)
                .with("file", file)
                .with("reason", reason)
        };
        let mut shapes = Vec::new();
        for file in &restored.files {
            if !is_plain(&file.name) {
                return Err(mismatch(&file.name, "not a plain name of a file".to_owned()));
            }
            if rendered::holds_object(file) || file.is_terraform() {
                shapes.push((file, Shape::read(file).map_err(|reason| mismatch(&file.name, reason))?));
            }
        }
        let template = &self.known(&restored.template.name)?.template;
        if template.terraform.is_some() {
            inspect::configuration(template, &restored.files).map_err(|(file, reason)| mismatch(&file, reason))?;
        }
        let shown = shapes.iter().map(|(file, shape)| (*file, shape));
        inspect::inspect(template, &component.path, shown).map_err(|(file, reason)| mismatch(&file, reason))?;
        if environment.mode == Mode::Gitops && template.holds_secrets() {
            let refused = Problem::new(Code::SecretNeedsApply).with("template", &template.name);
            return Err(refused.with("environment", &environment.name));
        }
        Ok(Draft {
            component: component.clone(),
            action: Action::Restore,
            content: Content::Component {
                template: restored.template.clone(),
                values: kept(restored),
                files: restored.files.clone(),
            },
            verify: template.verify.clone(),
            way_back: template.way_back.edit.clone(),
        })
    }
}

fn present<'a>(component: &ComponentId, current: Option<&'a ComponentVersion>) -> Answer<&'a ComponentVersion> {
    current.ok_or_else(|| Problem::new(Code::UnknownComponent).with("component", component))
}

/// The values of a version, as kept.
fn kept(version: &ComponentVersion) -> Values {
    let keep = |value: &Literal| Sourced { value: value.clone(), origin: Origin::Kept };
    version.values.iter().map(|(name, value)| (name.clone(), keep(value))).collect()
}

fn differs(parameter: &Parameter, value: &Literal, present: Option<&Literal>) -> Answer<bool> {
    let accepted = parameter.accept(value)?;
    if parameter.is_optional() && parameter.is_unset(&accepted) {
        return Ok(present.is_some());
    }
    Ok(present != Some(&accepted))
}

/// Raises a counter by one.
fn count(values: &mut Values, counter: &str) {
    let present = values.get(counter).and_then(|sourced| sourced.value.as_integer()).unwrap_or(0);
    let sourced = Sourced { value: Literal::Integer(present.saturating_add(1)), origin: Origin::Default };
    values.insert(counter.to_owned(), sourced);
}

/// Whether a name stays within its folder wherever it is joined to one.
fn is_plain(name: &str) -> bool {
    name == LOCK_FILE
        || (1..=100).contains(&name.len())
            && !name.starts_with(['.', '-'])
            && name.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_'))
}

fn render(
    loaded: &Loaded,
    environment: &Environment,
    component: &ComponentId,
    action: Action,
    values: Values,
    way_back: WayBack,
) -> Answer<Draft> {
    let template = &loaded.template;
    let mismatch = |file: &str, reason: String| {
        Problem::new(Code::RenderMismatch).with("template", &template.name).with("file", file).with("reason", reason)
    };
    let majors = terraform::majors(template, &terraform::there(environment))?;
    let settings = terraform::settings(environment);
    let rendered = produce(loaded, &component.path, &values, &majors, &settings);
    let rendered = rendered.map_err(|(file, reason)| mismatch(&file, reason))?;
    let mut files: Vec<ComponentFile> = rendered.into_iter().map(|rendered| rendered.file).collect();
    let literals = values.iter().map(|(name, sourced)| (name.clone(), sourced.value.clone())).collect();
    let manifest = Manifest { template: template.pin(), values: literals };
    let text = manifest.to_text().map_err(|error| mismatch(MANIFEST_NAME, error.to_string()))?;
    if Manifest::parse(&text).as_ref() != Ok(&manifest) {
        return Err(mismatch(MANIFEST_NAME, "the file read back differs from the values put into it".to_owned()));
    }
    files.push(ComponentFile { name: MANIFEST_NAME.to_owned(), text });
    files.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(Draft {
        component: component.clone(),
        action,
        content: Content::Component { template: template.pin(), values, files },
        verify: template.verify.clone(),
        way_back,
    })
}
