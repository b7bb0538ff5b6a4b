### Answers drawn from facts, and words that several answers share.

## Time

time-now = just now
time-in = in { $length }
time-ago = { $length } ago
time-seconds = { $count ->
    [one] 1 second
   *[other] { $count } seconds
}
time-minutes = { $count ->
    [one] 1 minute
   *[other] { $count } minutes
}
time-hours = { $count ->
    [one] 1 hour
   *[other] { $count } hours
}
time-days = { $count ->
    [one] 1 day
   *[other] { $count } days
}

## Components and templates

view-no-components = There are no components yet.
view-components = { $count ->
    [one] 1 component
   *[other] { $count } components
}
view-roots = { $count ->
    [one] 1 existing Terraform root
   *[other] { $count } existing Terraform roots
}
view-component = { $template }, version { $version } · commit { $commit } of { $at }{ $change ->
    [none] {""}
   *[other] {" "}by { $change }
}
view-values = Values
view-history = History, newest first
view-by-hand = by hand
view-no-templates = There are no templates.
view-templates = { $count ->
    [one] 1 template
   *[other] { $count } templates
}
view-templates-hint = `templates NAME` shows one with its parameters.

## Changes

view-no-changes = { $since ->
    [none] There are no changes.
   *[other] Nothing has changed since { $since }.
}
view-changes = { $count ->
    [one] 1 change
   *[other] { $count } changes
}{ $since ->
    [none] {""}
   *[other] {" "}since { $since }
}, newest first
view-approvers = Who may approve { $change }
view-approver = { $name } ({ $person }: { $roles })
view-approvers-people = Known now: { $people }
view-approvers-nobody = Nobody who may is known now.

## Ledger

view-no-entries = The ledger has no entries here.
view-entries = { $count ->
    [one] 1 entry of the ledger
   *[other] { $count } entries of the ledger, oldest first
}
view-ledger-verified = The ledger verifies: { $head ->
    [none] the chain is unbroken.
   *[other] { $count ->
        [one] 1 entry, unbroken, ends
       *[other] { $count } entries, unbroken, the last one
    } with hash { $head }.
}
view-ledger-against = { $against ->
    [internal] Checked: every entry against the one before it, and the end against the head row. Compare with a copy kept elsewhere to rule out that all of it was rewritten.
    [checkpoint] Checked: every entry against the one before it, and the whole against a signed checkpoint.
   *[other] Checked against: { $against }.
}
entry-halted = everything stopped
entry-lifted = stop switch lifted
entry-access_refused = refused for want of a right
entry-proposed = proposed
entry-edited = edited
entry-planned = planned
entry-plan_ended = plan ended
entry-decided = decided
entry-decision_refused = decision refused
entry-countersigned = countersigned
entry-exec_intent = about to take effect
entry-exec_outcome = effect ended
entry-verified = checked
entry-ended = ended without effect
entry-needs_attention = needs attention
entry-resolved = resolved
entry-pushed = pushed
entry-model_asked = model asked
entry-stop_asked = stop asked
entry-alarm = ALARM

## Clusters

view-no-objects = There is no { $kind } in { $environment }.
view-objects = { $kind } in { $environment }: { $count }
view-no-events = There are no events.
view-events = { $count ->
    [one] 1 event
   *[other] { $count } events, newest first
}
view-no-logs = The log of { $pod } ({ $container }) is empty.
view-logs = { $count ->
    [one] Last line of the log of { $pod } ({ $container })
   *[other] Last { $count } lines of the log of { $pod } ({ $container }), oldest first
}
health-healthy = { $subject } is healthy{ $wanted ->
    [0] .
   *[other] : { $ready } of { $wanted } pods ready.
}
health-progressing = { $subject } is on its way{ $wanted ->
    [0] .
   *[other] : { $ready } of { $wanted } pods ready.
}
health-unhealthy = { $subject } is not healthy{ $wanted ->
    [0] .
   *[other] : { $ready } of { $wanted } pods ready.
}
health-missing = { $subject } is not there.
health-unknown = Nothing says whether { $subject } is healthy.
health-at = looked at { $at }
trouble-image-pull = { $object }: the image cannot be pulled
trouble-crash-loop = { $object }: the container starts and crashes again and again
trouble-unschedulable = { $object }: no node takes the pod
trouble-probe-failing = { $object }: a probe fails
trouble-out-of-memory = { $object }: killed for using more memory than its limit
trouble-config-missing = { $object }: a ConfigMap or Secret it needs is missing
trouble-not-ready = { $object }: not ready
trouble-quota = { $object }: the namespace's quota is used up
trouble-job-failed = { $object }: the job failed

## Drift

view-drift-nothing = There is nothing in { $environment } to look at: no component that Chopmark applies itself, and no existing root.
view-drift-none = Nothing drifted in { $environment }: { $looked ->
    [one] the 1 component is
   *[other] all { $looked } components are
} as committed
view-drift = { $looked ->
    [one] 1 component
   *[other] { $count } of { $looked } components
} in { $environment } drifted from what is committed
view-drift-unknown = In { $environment } nobody can tell for { $problems } of { $looked } components
view-drift-unsure = ; for { $problems } more nobody can tell
view-drift-found = { $component } (there now → committed)
drift-create = not there:
drift-update = differs:
drift-replace = differs, and can only be brought back by destroying it and making it anew:
drift-delete = there, but not committed:
drift-take-over = differs, and another manager owns it:
view-drift-proposal = Say “bring { $name } back” to return to what is committed, or “keep { $name } as it is” to adopt what is there.
view-drift-root = Say “plan the { $name } root” to bring it back; to keep what is there, write it into its files yourself.
view-drift-problem = { $component } could not be looked at:
view-drift-same = As committed: { $components }

## Where everything stands

overview-stopped = Everything is stopped: { $by } pulled the stop switch { $at }{ $why ->
    [none] {""}
   *[other] {" "}because: { $why }
}. Nothing starts until it is lifted: “resume everything”.
overview-not-stopped = Nothing is stopped.
overview-frozen = The freeze { $freeze } holds for { $environments } until { $until }{ $reason ->
    [none] {""}
   *[other] : { $reason }
}
overview-read-only = Read-only: { $environments }
overview-yours = { $count ->
    [one] 1 change waits for your decision
   *[other] { $count } changes wait for your decision
}
overview-others = { $count ->
    [one] 1 change waits for others
   *[other] { $count } changes wait for others
}
overview-running = { $count ->
    [one] 1 change is under way
   *[other] { $count } changes are under way
}
overview-failed = { $count ->
    [one] 1 change failed within the last day
   *[other] { $count } changes failed within the last day
}
overview-quiet = Nothing waits, runs or failed.
halt-pulled = Everything is stopped: no plan starts until somebody lifts the switch with “resume everything”.
halt-again = The switch was pulled before: { $by }, { $at }.
halt-running = { $count ->
    [one] 1 run is asked to stop; what came of it follows.
   *[other] { $count } runs are asked to stop; what came of them follows.
}
halt-none-running = Nothing was running.
halt-lifted = The stop switch is lifted. What is countersigned and still holds starts now.

## What was understood

understood-create = Understood: create { $component }{ $template ->
    [none] {""}
   *[other] {" "}from { $template }
}
understood-edit = Understood: edit { $component }
understood-restart = Understood: restart { $component }
understood-delete = Understood: delete { $component }
understood-restore = Understood: return { $component } to { $version ->
    [none] what was there before it: nothing
   *[other] version { $version }
}
understood-patch = Understood: patch { $object } ({ $component })
understood-reconcile = Understood: bring { $component } back to what is committed
understood-root = Understood: plan the folder { $folder } as { $component }
understood-revises = as the next revision of { $change }
field-removed = (removed)

## Commands

command-approve = countersign a plan
    .arguments = [ID] [--confirm NAME]
command-reject = refuse a plan
    .arguments = [ID] [why]
command-edit = edit a waiting change in words
    .arguments = [ID] [words]
command-details = everything that would run: every file, every field
    .arguments = [ID]
command-prompt = what models were sent for it, without secrets
    .arguments = [ID]
command-cancel = take a change back before it begins, or stop its run
    .arguments = [ID]
command-undo = propose the version before
    .arguments = [ID]
command-show = a change's card
    .arguments = [ID]
command-status = where everything stands, or one change
    .arguments = [ID]
command-halt = stop everything: nothing starts, and what runs is interrupted
    .arguments = [because WHY]
command-lift = let it go on
command-schedule = give a waiting change another time to start; decisions are made anew
    .arguments = [ID] now | in WINDOW | at 2026-12-01 22:00 Europe/Berlin
command-plan-again = propose again what expired, failed to plan, or was superseded, cancelled or rejected
    .arguments = [ID]
command-resolve = say what became of a run whose end is unknown
    .arguments = ID applied|partial|not_started
command-changes = list changes
command-components = list components
command-templates = list templates, or show one
    .arguments = [NAME]
command-audit-verify = check the ledger's chain
command-audit-show = show the ledger
command-audit-export = write the ledger out
command-link = give out a code by which another identity of yours joins you, or use one
    .arguments = [CODE]
command-unlink = part an identity from you again
    .arguments = [IDENTITY]
command-access = what somebody may do, and why
    .arguments = [WHO ACTION [TARGET [TEMPLATE]]]
command-explain = what a code means
    .arguments = CM-XXXX
command-lang = answer you in this language from now on; with “here”, this channel of a chat platform
    .arguments = en|zh|auto [here]
command-subscribe = tell this channel of a chat platform of approvals, failures, budget or alerts
    .arguments = [KIND…]
command-unsubscribe = tell it no more
    .arguments = [KIND…]
command-subscriptions = what this channel is told of
command-help = this list
command-quit = leave

## Names and rules of values

noun-component = component
    .rule = 1 to 63 lower-case letters, digits and dashes, beginning and ending with a letter or digit (environment/namespace/name)
noun-change-id = change id
    .rule = chg-, then 4 to 12 lower-case letters or digits
noun-run-id = run id
    .rule = run-, then 4 to 12 lower-case letters or digits
noun-environment = environment name
    .rule = 1 to 63 lower-case letters, digits and dashes, beginning and ending with a letter or digit
noun-template = template name
    .rule = 1 to 63 lower-case letters, digits and dashes, beginning and ending with a letter or digit
noun-parameter = parameter name
    .rule = 1 to 40 lower-case letters, digits and underscores, beginning with a letter
noun-role = role
    .rule = 1 to 63 lower-case letters, digits and dashes, beginning and ending with a letter or digit
noun-person = person
    .rule = a surface, a colon, and 1 to 120 letters, digits, dots, dashes or underscores
noun-runner = runner
    .rule = 1 to 63 lower-case letters, digits and dashes, beginning and ending with a letter or digit
noun-git-object = git object
    .rule = 40 or 64 hexadecimal digits

value-text = it must be text, and not longer than the template allows
value-integer = it must be a whole number
value-bool = it must be true or false
value-choice = it must be one of the choices
value-name = it must be 1 to 63 lower-case letters, digits and dashes, beginning and ending with a letter or digit
value-image = it must be an image reference such as nginx:1.27
value-port = it must be a port from 1 to 65535
value-cpu = it must be an amount of CPU such as 250m or 2
value-memory = it must be an amount of memory such as 64Mi or 2Gi
value-duration = it must be a length of time such as 30s or 5m
value-schedule = it must be a cron schedule of five fields such as 0 3 * * *
value-host = it must be a host name such as shop.example.com
value-path = it must be a path that begins with a slash
value-map = it must be names with values
value-list = it must be a list
value-many = there are too many entries
value-keys = a name in it is not allowed
value-variable = its names must be names of environment variables
value-file = its names must be file names
value-bounds = it is outside the bounds
value-long = it is too long
value-secret = it must be a reference: env:NAME or file:PATH
value-order = the smaller of the two values may not exceed the larger

stale-environment = the environment
stale-rule = the rule of approval
stale-policy = the set of checks
stale-target = the target
stale-plan = what would happen
stale-proposal = the component
stale-component = the component
stale-template = the template

## The conversation of itself

help-sentences = Say what you want in a sentence, such as “deploy image nginx:1.27 as cart in shop” or “is cart healthy?”. Nothing happens before a person approves it. Exact commands:
lang-pinned = From now on every answer here is in English.
lang-pinned-mine = From now on every answer to you is in English, on every chat platform.
lang-pinned-channel = From now on answers in this channel are in English, where neither the sentence nor a person's own choice says otherwise.
lang-let-go = From now on answers follow the language of what is said.
ledger-exported = { $entries ->
    [one] 1 entry was written to { $path }.
   *[other] { $entries } entries were written to { $path }.
}
