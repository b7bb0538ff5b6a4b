# What chat platforms show beside cards and answers.

confirm-approve = Approve { $change }, which changes { $component }?
confirm-resolve = This is recorded as what became of the run. Did you look at the real thing?
resolution-applied = All of it is there
resolution-partial = Some of it is there
resolution-not-started = Nothing of it is there

# Whose words stand in the quote below: a model's are never ours.
chat-model-says = A model says (its words, not Chopmark's):
# Before the whole of a change stands in the thread.
chat-approve-waits = Approve appears here once everything that would happen stands in this thread, as a file or on the card.
chat-approve-elsewhere = Approve is not offered here: what goes does not fit on this card.
# A text longer than several messages.
chat-rest-in-file = This is only the beginning. The whole text ({ $count ->
    [one] 1 line
   *[other] { $count } lines
}) stands in the file { $file }.
chat-file = The whole text of this answer, { $lines ->
    [one] 1 line
   *[other] { $lines } lines
}
chat-guess = Likely: { $guess }
chat-still = Still speaking …
# A dialog before a button takes effect.
chat-confirm-title = Are you sure?
chat-confirm-no = Back

# Beside an answer, a question or a file.
chat-to = To { $name }:
chat-file-part = part { $part } of { $count }

# On a card, over its buttons.
chat-card-beside = Everything that would happen stands in full in the file.

# What is asked before a press takes effect.
chat-confirm = Approve { $change } as its card shows it (revision { $revision }, digest { $digest })?
chat-left = Nothing was done.
chat-taken = Passed on: { $word }.

# A request by command, as everybody in the channel sees it.
chat-asked = { $name } asks: { $words }

# Commands that only chat platforms have.
chat-command-ask = ask or request something in words
chat-command-this = Make this a change
chat-option-change = A change's id; without it, the one last drawn here
chat-option-change-needed = A change's id
chat-option-confirm = The component's name, which severe risk asks for
chat-option-words = In words
chat-option-why = Why
chat-option-when = now, in WINDOW, or at 2026-12-01 22:00 Europe/Berlin
chat-option-resolution = What became of it
chat-option-template = A template's name
chat-option-code = The code that the other identity was given
chat-option-identity = The identity, such as discord:1234
chat-option-who = Who; without it, you
chat-option-action = What they would do, such as approve
chat-option-target = A change, or an environment
chat-option-error = The code, such as CM-4008
chat-option-language = The language
chat-option-kinds = Kinds of news, such as approvals failures

## Channels of chat platforms. Facts: kinds (words), word (of the command).

question-kinds = Which kinds of news? Several go with commas between them.
subscriptions = This channel is told of: { $kinds }. Nobody is notified, and quiet hours hold.
subscriptions-none = This channel is told of nothing by itself. “{ $word }” begins with approvals, failures, budget or alerts.
subscriptions-alerts = Nothing sends alerts yet: the channel hears of them as soon as something does.

# In the place of a card that is shown anew further down.
chat-card-moved = The card of { $change } stands further down now.
# Told to somebody alone, because the place where they were to be told is closed to us.
chat-told-here = This was to be said in { $channel }, where nothing can be said any more ({ $reason }):
chat-card-told-here = The card of { $change } ({ $component }) can't be shown in { $channel } any more ({ $reason }). Where it stands: { $state }. `show { $change }` draws it here.

## Forms. Facts: change, component, name (the component's), least and most.

form-close = Back
form-approve = Approve { $change }
form-approve-intro = This is severe for { $component }. Type the component's name to countersign exactly what its card shows.
form-approve-submit = Approve
form-name = The component's name
form-name-hint = { $name }
form-reject = Reject { $change }
form-reject-intro = { $component } stays as it is. The reason stands on the card and in the ledger.
form-reject-submit = Reject
form-why = Why (may stay empty)
form-why-hint = What should be otherwise
form-edit = Edit { $change }
form-edit-intro = New values for { $component }. What you leave as it is stays; the change is planned anew and needs new approvals.
form-edit-submit = Plan it
form-words = Anything else, in words
form-words-hint = such as: add the variable MODE=fast
form-yes = yes
form-no = no
form-bounds = { $least } to { $most }
form-kind-name = lower-case letters, digits and dashes
form-kind-image = an image such as nginx:1.27
form-kind-cpu = such as 250m or 2
form-kind-memory = such as 64Mi or 1Gi
form-kind-duration = such as 90s or 5m
form-kind-schedule = five cron fields such as 0 2 * * *, or @daily
form-kind-time-zone = such as Asia/Shanghai
form-kind-host = a host name such as shop.example.com
form-kind-cidr = a range such as 10.0.0.0/16
form-kind-path = a path such as /healthz
form-kind-secret = a reference, env:NAME or file:PATH, never the secret
form-kind-map = NAME=VALUE, one on each line
form-kind-list = one on each line
form-ask = Make this a change
form-ask-intro = What you send is what you said: change the words until they say what you want. Nothing happens before a person approves it.
form-ask-label = What should happen
form-ask-hint = such as: scale cart to 3
form-ask-submit = Ask
chat-language-auto = As each message is written

## Mentions and news. Facts: change, component, until, why, word (of a command), state, risk, by, person, limit.

mention-waits = { $change } ({ $component }) waits for a decision: you may approve it. Until { $until }.
mention-reminder = { $change } ({ $component }) still waits for a decision: you may approve it. Until { $until }.
mention-expires-soon = { $change } ({ $component }) expires soon and still waits for a decision: you may approve it. Until { $until }.
mention-expired = { $why } Nothing was changed. “{ $word } { $change }” plans it anew, with new decisions.
news-approval = { $change }: { $component } waits for approval. { $risk }.
news-failure = { $change }: { $component }: { $state }.{ $why ->
    [none] {""}
   *[other] {" "}{ $why }
}
news-lifted = { $by } lifted the stop switch: what was countersigned goes on.
news-budget = { $person } has used up today's model tokens ({ $limit }). Commands and the planner inside the program still answer; the count starts anew at midnight UTC.

# The file with everything that would happen, before approve can be pressed.
chat-content-file = Everything that { $change } would do to { $component }
chat-option-where = For whom; without it, for you everywhere
chat-language-here = For everybody in this channel
