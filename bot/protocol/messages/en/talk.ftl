### What the conversation says of itself.

help-sentences = Say what you want in a sentence, such as “deploy image nginx:1.27 as cart in shop” or “is cart healthy?”. Nothing happens before a person approves it. Exact commands:
lang-pinned = From now on every answer here is in English.
ledger-exported = { $entries ->
    [one] 1 entry was written to { $path }.
   *[other] { $entries } entries were written to { $path }.
}
