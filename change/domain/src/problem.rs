//! Problems: what reaches a person when something does not work.
//! Every library error becomes one at its crate's border; the messages give each code its words.
//! Must never carry a secret, a token or the body of a foreign answer.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt;

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident = $number:literal;)*) => {
        /// Stable codes. Each has a message `cm-<number>` with `.changed` and `.next` in every language.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Code { $($(#[$doc])* $name,)* }

        impl Code {
            /// Every code, in order.
            pub const ALL: &'static [Code] = &[$(Code::$name,)*];
            /// The number people quote.
            pub fn number(self) -> u16 { match self { $(Code::$name => $number,)* } }
        }
    };
}

codes! {
    /// The sentence is longer than a request may be.
    RequestTooLong = 1001;
    /// The line is not valid UTF-8.
    InvalidText = 1002;
    /// No such change.
    UnknownChange = 1003;
    /// No such component.
    UnknownComponent = 1004;
    /// No such environment.
    UnknownEnvironment = 1005;
    /// A name does not follow its grammar.
    InvalidName = 1006;
    /// No such object in the cluster. Facts: `object`, `environment`.
    UnknownObject = 1007;
    /// The command was not understood.
    UnknownCommand = 1008;
    /// No such version of a component.
    UnknownVersion = 1009;
    /// There is nothing this could be about.
    NothingToActOn = 1010;
    /// Nobody by that name. Facts: `person`, `known`.
    UnknownPerson = 1011;

    /// The configuration does not parse.
    ConfigSyntax = 2001;
    /// A key that does not exist.
    ConfigUnknownKey = 2002;
    /// A value that cannot be.
    ConfigValue = 2003;
    /// The data folder cannot be written.
    DataNotWritable = 2004;
    /// The data folder cannot be found or made.
    DataMissing = 2005;
    /// The configuration file that was named, or was there before, is not there or cannot be read.
    ConfigMissing = 2006;
    /// A rule of approval names a role that nobody has.
    ConfigUnknownRole = 2007;
    /// A key that is needed is not there.
    ConfigMissingKey = 2008;
    /// A rule of approval that nobody can meet. Facts: `rule`, `needed`, `have`.
    ConfigRuleUnmeetable = 2009;
    /// No chat platform is configured, so there is nothing to serve.
    NothingToServe = 2010;
    /// The address cannot be listened on. Facts: `address`, `reason`.
    AddressUnusable = 2011;

    /// No such template.
    UnknownTemplate = 3001;
    /// A parameter that the template does not have.
    UnknownParameter = 3002;
    /// A value outside its type or bounds.
    InvalidParameter = 3003;
    /// A needed parameter is missing.
    MissingParameter = 3004;
    /// A template that does not load.
    BrokenTemplate = 3005;
    /// The template may not be used in that environment.
    TemplateNotAllowed = 3006;
    /// The rendered files are not what the template declares.
    RenderMismatch = 3007;
    /// The component is there already.
    ComponentExists = 3008;
    /// A secret needs a runner that can fill it in.
    SecretNeedsApply = 3009;
    /// The edit changes nothing.
    NothingToChange = 3010;
    /// A reference to a secret that cannot be.
    InvalidSecretReference = 3011;
    /// Nothing of the component can be started anew.
    CannotRestart = 3012;
    /// The waiting change has no values that an edit could replace.
    CannotRevise = 3013;

    /// No variant of the template fits the provider's version. Facts: `template`, `provider`, `version`, `supported`.
    NoVariant = 3014;
    /// What drifted cannot be written as values of the template. Facts: `component`, `about`.
    CannotAdopt = 3015;
    /// What is asked for cannot be done with an existing root. Facts: `component`.
    NotOurs = 3016;

    /// A program is not installed.
    ProgramMissing = 4001;
    /// A program failed.
    ProgramFailed = 4002;
    /// A program took too long.
    ProgramTimeout = 4003;
    /// The repository cannot be used.
    RepositoryUnusable = 4004;
    /// The component's folder has uncommitted edits.
    RepositoryEdited = 4005;
    /// The remote cannot be reached.
    RemoteUnreachable = 4006;
    /// The remote moved.
    RemoteMoved = 4007;
    /// The cluster cannot be reached. Facts: `cluster` (its context), `reason`.
    ClusterUnreachable = 4008;
    /// The cluster refused. Facts: `about`, `reason`.
    ClusterRefused = 4009;
    /// A field belongs to another manager. Facts: `about`, `fields`, `owner`.
    FieldConflict = 4010;
    /// The object is managed by another tool. Facts: `about`, `owner`.
    ManagedElsewhere = 4011;
    /// The namespace does not exist. Facts: `namespace`, `environment`.
    NamespaceMissing = 4012;
    /// A secret's source cannot be read. Facts: `reference`, `reason`.
    SecretUnreadable = 4013;
    /// The rollout did not finish. Facts: `about`, `trouble` (a kind as in [`crate::facts::Trouble`]), `reason`.
    RolloutFailed = 4014;
    /// What is there is not what was applied. Facts: `about`, `reason`.
    VerifyMismatch = 4015;
    /// The cluster's credentials lack a right. Facts: `cluster`, `right`.
    ClusterForbidden = 4016;
    /// The environment has no cluster. Facts: `environment`.
    NoCluster = 4017;
    /// The cluster knows no such kind. Facts: `kind`, `environment`.
    UnknownKind = 4018;

    /// The environment does not use Terraform. Facts: `environment`.
    NoTerraform = 4020;
    /// A provider is not where providers come from. Facts: `provider`, `place`.
    ProviderMissing = 4021;
    /// The state is empty, older or of another lineage than it was. Facts: `about`, `before`, `now`.
    StateForeign = 4022;
    /// The backend cannot be reached. Facts: `backend`, `reason`.
    BackendUnreachable = 4023;
    /// Somebody holds the state's lock. Facts: `holder`, `id`, `since`.
    StateLocked = 4024;
    /// A provider refused. Facts: `about`, `reason`.
    ProviderFailed = 4025;
    /// The apply stopped in the middle. Facts: `done`, `about`, `reason`.
    PartlyApplied = 4026;
    /// The state could not be saved; a copy is kept. Facts: `copy`, `reason`.
    StateNotSaved = 4027;
    /// What a configuration may not hold. Facts: `file`, `line`, `what`, `rule`.
    ConfigurationRefused = 4028;
    /// A configuration does not parse, or the program finds it invalid. Facts: `file`, `line`, `reason`.
    ConfigurationInvalid = 4029;
    /// A folder of HCL cannot be read. Facts: `folder`, `reason`.
    RootUnreadable = 4030;
    /// The kept plan is gone or is not the one that was countersigned. Facts: `change`.
    PlanGone = 4031;

    /// The person may not decide.
    MayNotDecide = 5001;
    /// The requester may not approve.
    SelfApprovalForbidden = 5002;
    /// The plan has expired.
    PlanExpired = 5003;
    /// The decision is about another revision or digest.
    DecisionOutdated = 5004;
    /// The state does not allow this.
    WrongState = 5005;
    /// Severe risk asks for the component's name.
    ConfirmationNeeded = 5006;
    /// A judge denied the plan.
    PolicyDenied = 5007;
    /// The decision was counted before.
    AlreadyDecided = 5008;
    /// The person rejected it.
    Rejected = 5009;
    /// No grant gives the right. Facts: `person`, `action`, `about`, `missing` (`role`, `action`, `environment`,
    /// `template` or `component`), `allowed`.
    NoRight = 5010;
    /// A freeze holds. Facts: `freeze`, `reason`, `until`, `written_at`.
    Frozen = 5011;
    /// Only proposals and plans are allowed. Facts: `where`.
    ReadOnly = 5012;
    /// The stop switch is pulled. Facts: `by`, `why`, `at`.
    Halted = 5013;
    /// The window in which it should have started is over. Facts: `change`, `window`.
    WindowMissed = 5014;
    /// The plan expires before the window in which it should start. Facts: `change`, `window`, `expires`.
    ExpiresBeforeWindow = 5015;
    /// No such window, or a time that cannot be. Facts: `window`, `known`.
    UnknownWindow = 5016;
    /// The stop switch is not pulled.
    NotHalted = 5017;
    /// A code for joining is wrong, used, over, or was tried too often.
    LinkRefused = 5018;
    /// A token is unknown, over or unreadable. Facts: `reason`.
    TokenRefused = 5019;
    /// Too many requests within a minute. Facts: `limit`, `whose`, `seconds`.
    TooManyRequests = 5020;
    /// The tokens of the day are spent. Facts: `limit`, `spent`.
    TokensSpent = 5021;
    /// Too many changes of one person wait. Facts: `limit`.
    TooManyWaiting = 5022;
    /// The identity belongs to somebody. Facts: `identity`, `person`, `by` (`configuration` or `link`).
    AlreadyJoined = 5023;
    /// A person would gain roles by a join. Facts: `identity`, `person`, `roles`.
    JoinWidens = 5024;
    /// What was asked concerns a channel of a chat platform, and was not said in one.
    NoChannel = 5025;
    /// A decision named no change, and several wait here. Facts: `changes`.
    SeveralWait = 5026;

    /// The plan went stale before its start.
    PlanStale = 6001;
    /// Another run holds the target.
    TargetBusy = 6002;
    /// The run ended without a result.
    OutcomeUnknown = 6003;
    /// The stored bytes do not match their digest.
    DigestMismatch = 6004;
    /// The ticket was used.
    TicketUsed = 6005;
    /// The rule is not met at the start.
    RuleNotMet = 6006;
    /// The exec child could not be started.
    ExecFailed = 6007;
    /// The push after an effect is still owed.
    PushOwed = 6008;
    /// A person cancelled it.
    Cancelled = 6009;

    /// The database is from a newer version.
    DatabaseNewer = 7001;
    /// The disk is full.
    DiskFull = 7002;
    /// The database cannot be used.
    DatabaseUnusable = 7003;
    /// The ledger does not verify.
    LedgerBroken = 7004;
    /// Somebody else moved the row first.
    Conflict = 7005;

    /// The model did not answer.
    ModelFailed = 8001;
    /// A tool that does not exist.
    UnknownTool = 8002;
    /// Arguments that do not fit a tool.
    InvalidArguments = 8003;
    /// Too many tool calls for one request.
    CallLimit = 8004;

    /// The model's key was refused. Facts: `model`.
    ModelKeyRefused = 8005;
    /// The server knows no such model. Facts: `model`, `name`.
    ModelUnknown = 8006;
    /// The conversation does not fit the model's window. Facts: `model`.
    ContextTooLong = 8007;
    /// The model answered nothing. Facts: `model`.
    ModelEmpty = 8008;
    /// The model answered more than is read. Facts: `model`, `limit`.
    ModelTooLong = 8009;
    /// The model's server is busy or the quota is used up. Facts: `model`, `reason`.
    ModelBusy = 8010;
    /// The model's server cannot be reached. Facts: `model`, `reason`.
    ModelUnreachable = 8011;
    /// The answer broke off. Facts: `model`.
    ModelBrokeOff = 8012;
    /// The request would use more tokens than it may. Facts: `model`, `limit`.
    TokenLimit = 8013;
    /// Nothing of the environment may be sent to a model. Facts: `environment`.
    NeverSent = 8014;

    /// A chat platform refuses a token: revoked, wrong, or its app was removed. Facts: `platform`, `reason`.
    ChatTokenRefused = 8021;
    /// A scope or permission is missing on a chat platform. Facts: `platform`, `right`.
    ChatRightMissing = 8022;
    /// A chat platform cannot be reached. Facts: `platform`, `reason`.
    ChatUnreachable = 8023;
    /// The platform did not take a message of ours as it was made. Facts: `platform`, `reason`.
    ChatMessageRefused = 8024;
    /// Nobody can be told in that place any more. Facts: `platform`, `channel`, `reason`.
    ChatPlaceGone = 8025;

    /// Something that should not happen.
    Internal = 9001;
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "CM-{}", self.number())
    }
}

impl std::str::FromStr for Code {
    type Err = UnknownCode;
    /// Parses `CM-4008` or `4008`, in any case.
    fn from_str(text: &str) -> Result<Self, UnknownCode> {
        let digits = text.trim().trim_start_matches(|c: char| !c.is_ascii_digit());
        let number: u16 = digits.parse().map_err(|_| UnknownCode)?;
        Self::ALL.iter().copied().find(|code| code.number() == number).ok_or(UnknownCode)
    }
}

/// No such code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("no such code")]
pub struct UnknownCode;

impl Serialize for Code {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Code {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

/// A problem with the values its message needs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[error("{code} {facts:?}")]
pub struct Problem {
    /// Which one.
    pub code: Code,
    /// Values for the message's placeholders. Text from outside belongs here, and only here.
    pub facts: BTreeMap<String, String>,
}

impl Problem {
    /// A problem without values.
    pub fn new(code: Code) -> Self {
        Self { code, facts: BTreeMap::new() }
    }

    /// Adds a value; cut to 2,000 characters so that no foreign text floods a card.
    #[must_use]
    pub fn with(mut self, key: &str, value: impl fmt::Display) -> Self {
        self.facts.insert(key.to_owned(), value.to_string().chars().take(2000).collect());
        self
    }
}
