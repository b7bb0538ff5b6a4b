//! What a tool is: a name, the text and schema a model reads, and a function that returns a value.
//! Implemented once per file in read/ and propose/; called through [`crate::Toolbox`] alone.
//! Must never be given more than the toolbox holds: ports for reading.

use crate::asker::Asker;
use crate::outcome::{Question, ToolOutcome};
use crate::toolbox::Toolbox;
use async_trait::async_trait;
use chopmark_domain::problem::{Code, Problem};
use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use serde::de::DeserializeOwned;
use serde_json::Value;

/// Whether a tool reads or proposes. There is no third kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ToolKind {
    /// Answers with facts.
    Read,
    /// Answers with a proposal or a question.
    Propose,
}

/// Why a tool stops early: something is wrong, or something is missing that the person can say.
#[derive(Debug)]
pub(crate) enum Stop {
    /// Wrong.
    Problem(Problem),
    /// Missing.
    Question(Box<Question>),
}

impl From<Problem> for Stop {
    fn from(problem: Problem) -> Self {
        Self::Problem(problem)
    }
}

impl From<Question> for Stop {
    fn from(question: Question) -> Self {
        Self::Question(Box::new(question))
    }
}

/// A function with typed arguments. The doc comment of the arguments is the tool's description, the
/// doc comments of their fields are what the model reads about each.
#[async_trait]
pub(crate) trait Function: Send + Sync {
    /// The arguments.
    type Arguments: DeserializeOwned + JsonSchema + Send;
    /// The name a model calls.
    const NAME: &'static str;
    /// What it is.
    const KIND: ToolKind;
    /// Does it.
    async fn run(&self, toolbox: &Toolbox, asker: &Asker, arguments: Self::Arguments) -> Result<ToolOutcome, Stop>;
}

/// A tool, whatever its arguments.
#[async_trait]
pub trait Tool: Send + Sync {
    /// The name a model calls.
    fn name(&self) -> &'static str;
    /// What it is.
    fn kind(&self) -> ToolKind;
    /// The JSON schema (2020-12) of its arguments; its `description` is the tool's.
    fn schema(&self) -> Value;
    /// Calls it with arguments that fit the schema.
    ///
    /// # Errors
    /// Whatever stands in the way, for the person or the model.
    async fn call(&self, toolbox: &Toolbox, asker: &Asker, arguments: Value) -> Result<ToolOutcome, Problem>;
}

#[async_trait]
impl<F: Function> Tool for F {
    fn name(&self) -> &'static str {
        F::NAME
    }

    fn kind(&self) -> ToolKind {
        F::KIND
    }

    fn schema(&self) -> Value {
        let settings = SchemaSettings::draft2020_12().for_deserialize().with(|settings| settings.meta_schema = None);
        let mut schema = settings.into_generator().into_root_schema_for::<F::Arguments>().to_value();
        if let Some(object) = schema.as_object_mut() {
            object.remove("title");
        }
        schema
    }

    async fn call(&self, toolbox: &Toolbox, asker: &Asker, arguments: Value) -> Result<ToolOutcome, Problem> {
        let arguments = serde_json::from_value(arguments)
            .map_err(|error| Problem::new(Code::InvalidArguments).with("tool", F::NAME).with("fault", error))?;
        match self.run(toolbox, asker, arguments).await {
            Ok(outcome) => Ok(outcome),
            Err(Stop::Question(question)) => Ok(ToolOutcome::Question(*question)),
            Err(Stop::Problem(problem)) => Err(problem),
        }
    }
}
