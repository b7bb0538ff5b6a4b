### What the command line and the terminal say.

## Help of the command line

cli-about = Chopmark: the model drafts, a human countersigns, an audited runner executes.
cli-examples = Examples:
cli-examples-list =
    {"  "}chopmark                                                     talk
    {"  "}chopmark ask "deploy image nginx:1.27 as cart in shop"       one request
    {"  "}chopmark approve chg-7f3k2p                                  approve what was shown
    {"  "}chopmark doctor                                              check what is needed
cli-usage = Usage:
cli-options = Options
cli-commands = Commands
cli-arguments = Arguments

cli-chat-about = Talk (what happens without a command)
cli-ask-about = Make one request in words, or ask one question
cli-changes-about = List changes
cli-show-about = Show a change's card
cli-approve-about = Approve a change as it was shown
cli-reject-about = Reject a change
cli-edit-about = Edit a waiting change in words
cli-cancel-about = Cancel a change that has not begun
cli-undo-about = Propose the version before
cli-schedule-about = Give a waiting change another time to start; it is decided on anew
cli-plan-again-about = Propose again what expired, failed to plan, or was cancelled or rejected
cli-stop-about = Stop everything: nothing starts, and what runs is interrupted
cli-resume-about = Lift the stop switch
cli-status-about = Say where everything stands: what waits for whom, what runs, what failed
cli-resolve-about = Say what became of a run whose end is unknown
cli-audit-about = Verify, show or export the ledger
cli-audit-verify-about = Check the ledger's chain and name the first break
cli-audit-show-about = Show entries of the ledger
cli-audit-export-about = Write every entry as one line of JSON
cli-components-about = List components, or show one
cli-plan-about = Plan a folder of HCL that is there already, and show its card
cli-drift-about = Say what differs from what is committed; exits with 2 when something does
cli-templates-about = List, show or check templates
cli-templates-list-about = List every template
cli-templates-show-about = Show a template with its parameters
cli-templates-check-about = Check a template's folder, or a folder of them
cli-serve-about = Serve the configured chat platforms and do the work, until a signal says stop
cli-init-about = Write a configuration file (at most seven questions)
cli-init-kubernetes-about = Print what a cluster needs to keep the plan identity to dry runs
cli-init-discord-about = Connect Discord: steps, token, invitation, test
cli-init-slack-about = Connect Slack: manifest, steps, tokens, test
cli-doctor-about = Check everything Chopmark needs, with the fix for what is missing
cli-completions-about = Print completions for a shell
cli-explain-about = Say what an error code means and what to do
cli-exec-about = Execute a run (started by Chopmark itself)
cli-confine-about = Confine a program (started by Chopmark itself)

cli-arg-config = The configuration file [CHOPMARK_CONFIG]
cli-arg-data = The data folder [CHOPMARK_DATA]
cli-arg-lang = The language: en or zh [CHOPMARK_LANG]
cli-arg-env = The environment that is meant when nobody names one [CHOPMARK_ENV]
cli-arg-json = One JSON object per event (docs/json.md)
cli-arg-help = Help
cli-arg-version = Version
cli-arg-dry-run = Stop at the proposal: make no change
cli-arg-detailed-exitcode = Exit with 5 when there is something to change
cli-arg-words = What you want, in your words
cli-arg-all = Finished ones too
cli-arg-id = Its id, such as chg-7f3k2p or dev/shop/cart
cli-arg-details = Every file and every field
cli-arg-prompt = What models were sent for it
cli-arg-confirm = The component's name, which a severe change asks for
cli-arg-reason = Why, for everybody who asks
cli-arg-when = now | in WINDOW | at 2026-12-01 22:00 Europe/Berlin
cli-arg-why = Why
cli-arg-target = A change or a component; without one, the change last made here
cli-arg-outcome = applied, partial or not_started
cli-arg-limit = At most so many
cli-arg-output = The file to write; without one, standard output
cli-arg-name = Its name
cli-arg-path = The folder
cli-arg-environment = The environment's name
cli-arg-mode = gitops: the commit is the effect; apply: Chopmark applies to the cluster or with Terraform
cli-arg-repository = The environment's repository
cli-arg-remote = Where commits are pushed
cli-arg-context = The kubeconfig's context behind the environment
cli-arg-kubeconfig = The kubeconfig file
cli-arg-terraform = The program that plans HCL: terraform, tofu or a path
cli-arg-mirror = A filesystem mirror of its providers
cli-arg-root = A folder of HCL that is there already, by the name people will call it; may be repeated
cli-arg-self-approval = Whether whoever asks may approve: true or false
cli-arg-namespace = The namespace of the plan identity's account
cli-arg-account = The plan identity's account
cli-arg-yes = Ask nothing: what no flag says takes its default
cli-arg-application = The application's id, for an invitation without the token
cli-arg-discord-token-file = The file that holds the bot's token
cli-arg-url = The public https address of this program, where Slack shall call it; without one, Socket Mode
cli-arg-bot-token-file = The file that holds the bot token (xoxb-…)
cli-arg-app-token-file = The file that holds the app-level token (xapp-…)
cli-arg-signing-secret-file = The file that holds the signing secret
cli-arg-no-input = Ask nothing: print what a person does
cli-arg-shell = The shell
cli-arg-code = Such as CM-4008
cli-arg-run = The run
cli-arg-arguments = As Chopmark writes them

## The conversation

terminal-banner = Chopmark { $version }: say what you want; nothing happens before you approve it.
terminal-banner-model = Offline planner: no account, no network. Environment { $environment }, data in { $data }.
terminal-banner-model-outside = Model { $model } drafts; the offline planner stands by. Environment { $environment }, data in { $data }.
terminal-banner-try = Three things to try:
terminal-banner-try-list =
    {"  "}deploy image nginx:1.27 as cart in shop
    {"  "}what changed today?
    {"  "}what can you do?
terminal-banner-leave = help shows the commands; quit or Ctrl-D leaves.
terminal-offer-kubernetes = A kubeconfig is here ({ $file }, contexts: { $contexts }). `chopmark init` makes an environment of one.
terminal-prompt = chopmark
terminal-prompt-stopped = chopmark (everything is stopped)
terminal-working = Working
terminal-still-working = Still working: { $seconds } s
terminal-detached = Left { $change } to itself: what began goes on and is recorded. `show { $change }` shows how it stands. Ctrl-C again leaves.
terminal-detached-request = Stopped waiting: what began goes on and is recorded. `changes` shows how it stands. Ctrl-C again leaves.
request-stopped = Stopped: nothing was proposed and nothing changed.
terminal-forced = Leaving now. A run that began goes on in its own process and is recorded; the next start takes up its result.
terminal-interrupted = Line discarded. Ctrl-C again, Ctrl-D or quit leaves.
terminal-news = { $change }: { $state }
terminal-confirm-name = This is severe. Type the component's name ({ $name }) to approve, anything else to leave it:
terminal-confirm-wrong = That is not { $name }. Nothing was approved.
terminal-next = Next
terminal-changed = State

## Roles

templates-checked = { $name }: good ({ $examples } examples)
templates-broken = { $path }: not good
templates-parameters = Parameters
templates-required = required
templates-default = default { $value }
templates-kinds = Makes
templates-examples = Examples
templates-none = There is no template below { $path }.
explain-unknown = There is no code { $code }. Codes look like CM-4008.
explain-nearest = Nearest: { $codes }
audit-exported = { $entries } entries written to { $file }.

prompts-sent = What was sent to { $model } ({ $ago }), without secrets:
prompts-none = Nothing was sent to a model for { $change }: the planner inside the program understood it.

init-question-environment = Name of the environment
init-question-mode = How do changes take effect there?
init-question-mode-gitops = gitops: the reviewed commit is the effect (git is enough)
init-question-mode-apply = apply: Chopmark applies to a Kubernetes cluster or with Terraform, and records the commit
init-question-context = Which cluster?
init-question-roots = Which of these folders of HCL does it name? (space chooses)
init-question-repository = Repository for what is wanted (empty: one is made in the data folder)
init-question-remote = Push commits to (empty: nowhere)
init-question-self-approval = May whoever asks approve their own changes here?
init-stopped = Nothing was written.
init-wrote = Wrote { $file }:
init-unchanged = { $file } already says all of it; nothing was written.
init-next = Next: `chopmark doctor` checks it, `chopmark` starts.
init-no-context = There is neither a kubeconfig with a context nor Terraform on PATH: mode apply needs one of them (--kubeconfig, --context, --terraform).
init-comment-top = Written by `chopmark init`. It says only what differs from the default; every option is explained in Chopmark's own config.toml.
init-comment-environment = How changes take effect: "gitops" or "apply".
init-comment-terraform = Terraform or OpenTofu; credentials stand here by reference only.
init-comment-roots = Folders of HCL that are there already, by the name people call them.
init-comment-approval = Who may approve. Without this section nobody can.
terminal-guess = Likely: { $guess }
terminal-undo = undo brings back the version before: undo { $change }

## People and rights on the command line

cli-access-about = Say what somebody may do and why, or make a token
cli-access-explain-about = Say whether somebody may do something, and why: approve chg-7f3k, propose prod aws/object-storage
cli-access-token-about = Make a token for --approver-token-file and print what the configuration needs
cli-link-about = Give out a one-time code by which another identity of yours joins you, or use one
cli-unlink-about = Part an identity from its person again
cli-arg-approver-token-file = Speak as the person of the token in this file, instead of the operating system's user
cli-arg-who = A name, a person or an identity such as terminal:1000; left out: you
cli-arg-wanted = ask, propose, approve, cancel or administer; then a change, an environment or ENVIRONMENT/GROUP/NAME; then FAMILY/TEMPLATE
cli-arg-link-code = The code that the other identity was given; left out: give one out
cli-arg-identity = Which; left out: the one that speaks
cli-arg-token-file = Where the token goes; without one, NAME.token in this folder
