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
chat-rest-in-file = { $count ->
    [one] 1 more line stands in the file { $file }.
   *[other] { $count } more lines stand in the file { $file }.
}
chat-file = The whole text of this answer, { $lines ->
    [one] 1 line
   *[other] { $lines } lines
}
chat-guess = Likely: { $guess }
chat-still = Still speaking …
# A dialog before a button takes effect.
chat-confirm-title = Are you sure?
chat-confirm-no = Back
