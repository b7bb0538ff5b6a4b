### The card: the picture of a change. Names, ids and code are never translated.

## Title

title-create = Create { $component } in { $environment }
title-edit = Edit { $component } in { $environment }
title-restart = Restart { $component } in { $environment }
title-delete = Delete { $component } from { $environment }
title-restore = Return { $component } in { $environment } to an earlier version
title-patch = Patch { $component } in { $environment }
title-reconcile = Bring { $component } in { $environment } back to what is committed
title-root = Apply the existing root { $component } in { $environment }
card-ids = [{ $change } · revision { $revision }]

## Counts

count-add = { $count } to add
count-change = { $count } to change
count-replace = { $count } to replace
count-delete = { $count } to delete
count-outputs = { $count ->
    [one] 1 output changes
   *[other] { $count } outputs change
}
count-nothing = Nothing to change
count-recorded = { $count ->
    [one] nothing to change out there, 1 file to record
   *[other] nothing to change out there, { $count } files to record
}

## States

state-draft = drafted
state-planning = being planned
state-awaiting_approval = waiting for approval
state-approved = approved, waiting to start
state-approved-by-rule = approved by rule { $rule }, waiting to start
state-claimed = about to start
state-executing = running
state-applied = applied, about to be checked
state-verifying = being checked
state-succeeded = done and checked
state-discarded = withdrawn
state-no_changes = nothing to change
state-policy_denied = denied by a check
state-plan_failed = could not be planned
state-rejected = rejected
state-expired = expired
state-superseded = superseded by a newer plan
state-cancelled = cancelled
state-failed = failed
state-degraded = applied, but it does not work
state-needs_attention = needs attention: its end is unknown
state-resolved = resolved by a person

## What happens to each resource

verb-create = add
verb-update = change
verb-take-over = take over and change
verb-replace = REPLACE
verb-delete = DELETE
verb-keep = keep
card-because = because:
card-forced = forced by:
reason-tainted = it is marked as tainted
reason-cannot-update = it cannot be changed in place
reason-replace-by-request = somebody asked for it
reason-replace-by-triggers = its triggers
reason-forget = only the state forgets it; what it is stays there
card-unknown = (known after apply)
card-moment = (time of the plan)
card-kept = { $count ->
    [one] 1 resource stays as it is
   *[other] { $count } resources stay as they are
}
card-size-lines = { $count ->
    [one] 1 line
   *[other] { $count } lines
}
card-size-fields = { $count ->
    [one] 1 field
   *[other] { $count } fields
}
card-hidden = (hidden, mark { $mark })
card-hidden-changed = (hidden, changed)
card-hidden-unchanged = (hidden, unchanged)
card-outputs = Outputs
card-found = On the left what is there now, on the right what is committed:
card-root = Folder { $folder }, { $count ->
    [one] 1 file
   *[other] { $count } files
}, digest { $digest }
card-root-own = It keeps its own backend and state. Chopmark applies exactly these files and writes none of them.
card-root-file = { $count ->
    [one] 1 line
   *[other] { $count } lines
}, digest { $digest }

## What differs

card-replaces = This takes the place of { $change }. What differs from it:
card-revised = What differs from the revision before:
card-no-difference = Nothing in what would happen; it was only planned anew.
difference-rule = the rule of approval ({ $field })
card-absent = (nothing)

## Findings

card-findings = Findings
severity-note = Note:
severity-warn = Warning:
severity-deny = Denied:

## Risk

risk-low = Risk: low
risk-moderate = Risk: moderate
risk-severe = Risk: SEVERE
risk-delete = { $about } will be gone.
risk-replace = { $about } is destroyed and made anew.
risk-take-over = Fields of { $about } are taken over from their present owner.
risk-shared-kind = { $about } is shared by others, reaches outside, or holds confidential values.
risk-unknown-kind = { $about } is of a kind Chopmark does not know, so it counts as severe.
risk-in-use = { $about } is edited while others may be using it.

## Assumptions

card-assumptions = Assumed, because nobody said it
origin-said = said
origin-default = the template's default
origin-environment = from the environment's configuration
origin-memory = last used in this conversation
origin-kept = as it is now
origin-model = chosen by the model; nobody said it
origin-found = found there, adopted as it is
origin-outside = FROM OUTSIDE TEXT: { $source }

## Caveats

card-caveats = What the plan cannot see or promise
caveat-remote-unreachable = The remote repository{ $about ->
    [none] {""}
   *[other] {" "}{ $about }
} cannot be reached now; the push is tried again until it arrives.
caveat-remote-moved = The branch { $about } and the remote repository went apart: the push will wait until somebody brings them together.
caveat-unpushed-commits = { $about } earlier commits that were not pushed yet go with the push.
caveat-reduced-isolation = { $about } runs with reduced isolation on this machine.
caveat-not-ours-stays = { $about } is no longer ours and stays.
caveat-adopts = { $about } is there already and becomes part of this component.
caveat-not-dry-run = { $about } could not be tried on the server beforehand, because its namespace does not exist yet.
caveat-check-fails = A check of the configuration itself does not hold: { $about }
caveat-file-in-scratch = { $about } is a file on the machine that applies. Nothing is written there but a scratch folder, so it does not stay, and the next plan wants it again.
caveat-made-anew = { $about } cannot be changed in place: it goes and is made anew, which could not be tried beforehand.

## Way back

way-back-previous-version = Way back: undo restores the previous version fully.
way-back-not-everything = Way back: undo restores the form, but NOT { $what }.
way-back-reconcile = Way back: none to what is there now. It is recorded on this card only, and undo does not bring it back.
way-back-root = Way back: Chopmark keeps no version of this folder. Return its files to what they were, then plan it again.
lost-data = the data that it held
lost-effects = what it did
lost-secret-values = the values that stood behind the references then
lost-pods = the pods' state and the logs of earlier runs
lost-history = the history of earlier runs
lost-machine = what was on its disk, and its addresses
lost-machine-replaced = the disk and the addresses of a machine that is replaced
lost-old-versions = old versions of objects that expired meanwhile
lost-identifiers = the identifiers by which other things know it
lost-private-key = the very key and certificate: new ones are made

## Approval

rule = Approval: { $count ->
    [one] one person
   *[other] { $count } different people
} with the role { $roles } (rule: { $written_at })
rule-itself = Approval: by the rule itself ({ $rule }); people may still reject it.
rule-else = Where the rule may not: { $count ->
    [one] one person
   *[other] { $count } different people
} with the role { $roles }
rule-approved = Approved by rule { $rule }
deciders = { $missing ->
    [one] 1 approval is missing; it can come from { $people }.
   *[other] { $missing } approvals are missing; they can come from { $people }.
}
deciders-nobody = { $missing ->
    [one] 1 approval is missing, and nobody who could give it is known by name.
   *[other] { $missing } approvals are missing, and nobody who could give them is known by name.
}
rule-nobody = Approval: nobody may approve here (rule: { $written_at })
self-approval-allowed = { $people ->
    [none] Whoever asked or edited may approve.
   *[other] { $people } asked or edited, and may approve.
}
self-approval-forbidden = { $people ->
    [none] Whoever asked or edited may not approve.
   *[other] { $people } asked or edited, and may not approve.
}
card-until = Until { $absolute } ({ $relative })
mark-approve = Approved by { $person }, { $at }
mark-void = Approved by { $person }, { $at }: void, it counts no more
mark-reject = Rejected by { $person }, { $at }
card-digest = Digest { $digest }
card-confirm = To approve, type the component's name: { $word } { $change } --confirm { $name }
card-resolve = Look at the target, then say: { $word } { $change } applied | partial | not_started
card-undo = { $word } { $change } proposes the version before.
card-plan-again = { $word } { $change } proposes it anew, on what is there then.

## When it starts, and what it waits for

card-starts = Starts { $at }, at the latest { $until }
card-starts-window = Starts in the window “{ $window }”: { $at }, at the latest { $until }
card-start = start
card-start-at-once = as soon as it is approved
card-held-approval = Cannot be approved now:
card-held-start = Held:
card-passes = The exception “{ $exception }” lets it through the freeze “{ $freeze }”
card-passes-approved-by = The exception “{ $exception }” lets it through the freeze “{ $freeze }” once somebody with the role { $roles } approves
card-behind = Waits behind { $change } ({ $state }, for { $length }); { $place } of { $waiting } in line

## What became of it

card-verified = Checked: it works.
check-applied = as applied
check-gone = gone
check-unchanged = a second plan finds nothing to do
card-not-verified = Checked: it does NOT work.
card-done = Known to have changed before it failed:
card-push-owed = In effect, but the push to the remote repository is still owed; it is tried again.
card-run = Run { $run }, took { $took }
evidence = Evidence:

result-succeeded = { $component }: done and checked ({ $change }).
result-discarded = { $component }: withdrawn ({ $change }). Nothing was changed.
result-no_changes = { $component }: everything is already so ({ $change }). Nothing was changed.
result-policy_denied = { $component }: denied by a check ({ $change }). Nothing was changed.
result-plan_failed = { $component }: could not be planned ({ $change }). Nothing was changed.
result-rejected = { $component }: rejected ({ $change }). Nothing was changed.
result-expired = { $component }: nobody decided in time ({ $change }). Nothing was changed.
result-superseded = { $component }: the plan went stale ({ $change }). Nothing was changed; a new card follows.
result-cancelled = { $component }: cancelled ({ $change }). Nothing was changed.
result-failed = { $component }: failed ({ $change }).
result-degraded = { $component }: applied, but it does not work ({ $change }).
result-needs_attention = { $component }: began, and its end is unknown ({ $change }). Nothing is run again by itself; please look.
result-resolved = { $component }: resolved by a person ({ $change }).

## Progress

progress-committing = committing { $about }
progress-commit-found = the commit { $about } was there already
progress-pushing = pushing to { $about }
progress-reading-back = reading { $about } back
progress-applying = applying { $about }
progress-deleting = deleting { $about }
progress-waiting = waiting: { $about }
progress-waiting-gone = waiting until { $about } is gone
progress-ready = ready: { $about }
progress-refreshing = reading { $about }
progress-creating = creating { $about }
progress-updating = changing { $about }
progress-replacing = making { $about } anew
progress-still = still at work: { $about }
progress-done = done: { $about }
progress-failed = failed: { $about }
progress-saving-state = saving the state of { $about }
progress-second-plan = planning { $about } once more: it should find nothing to do

## Details

details-actions = Everything that would happen
details-commit = Files of the commit that records it
details-file = File { $name }
details-withheld = (not shown: a check found a secret in it)
details-no-newline = (no line break at the end)

## Limits

budget-left-out = { $count ->
    [one] 1 line is not shown here: see the details before approving.
   *[other] { $count } lines are not shown here: see the details before approving.
}
budget-losses = { $count ->
    [one] { $change } would delete or replace 1 resource, and its name does not fit here. Open the details; it cannot be approved from this message.
   *[other] { $change } would delete or replace { $count } resources, and their names do not fit here. Open the details; it cannot be approved from this message.
}
budget-elsewhere = The card of { $change } does not fit here. Open the details; it cannot be approved from this message.
