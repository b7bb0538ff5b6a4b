### What the assistant says in its own words. Facts: templates (names), change (id), environment (name).

talk-offline =
    I am the offline planner: no model, no network, always the same answer to the same sentence. I understand what
    the templates describe. Nothing runs before you approve it.
talk-help =
    Say what you want in a sentence, for example:
    • create namespace shop
    • deploy image nginx:1.27 as cart in shop with 2 replicas, 64Mi memory, port 8080
    • scale cart to 3 · set cart's image to nginx:1.28 · give cart 128Mi memory · restart cart · delete cart
    • undo the last change of cart · what changed today?
    • what drifted in dev? · bring reports back · keep what is there · plan the network folder
    • is cart healthy? · logs of cart · events in shop · list pods in shop · list components · list templates
    • explain this change · who may approve this?
    Every change is shown in full first, and waits for the command approve. The command help lists all commands.
talk-decide =
    Words are no decision, and nothing waits for one here. A change is decided on with the command approve or reject.
talk-decide-change =
    Words are no decision. To countersign { $change } use its card, or the command: approve { $change }
    To refuse it: reject { $change }
talk-negated =
    Good: nothing was proposed, and nothing changes.
talk-how-to =
    Say it as a wish, such as “scale cart to 3”, and you see the plan: what would change, the risk and the way back.
    Nothing runs before you approve it.
talk-one-component =
    One component at a time, by its name. The command components lists them.
talk-keeps-name =
    A component keeps its name. Create one with the other name, then delete this one.
# change: its id
talk-keeps-name-change =
    A component keeps its name. Say cancel { $change }, then the whole wish with the other name.
talk-one-at-a-time =
    One change at a time: this is the first. Say the rest when it is decided.
# words: phrases of the person's sentence, each in quotation marks
talk-unused = I did not use: { $words }.
# template: its title; facts: what its components always are
talk-always = It is so already, and stays so: { $facts }. That holds for every component of { $template }. Nothing was proposed.
# template: its title; fact: what its components always are; word: what was asked for instead
talk-against =
    “{ $word }” cannot be had here: every component of { $template } is { $fact }, and no value changes that. Nothing was
    proposed. Should it be { $fact } after all? Then say it again without that word.
talk-unsure =
    I am not sure what is meant, so nothing was proposed. The nearest templates: { $templates }.
    For example: deploy image nginx:1.27 as cart in shop. Say help for more.
talk-no-cluster =
    Environment { $environment } names no cluster: its components are committed there and something else applies
    them, so what runs cannot be read from here.
talk-model-failed =
    The model { $model } could not answer ({ $code }; explain { $code } says more). What follows comes without it.
talk-model-rests =
    The model { $model } failed several times in a row ({ $code }) and is left alone for a moment. What follows comes
    without it.
talk-never-sent =
    Nothing of { $environment } is sent to a model: the offline planner answers.

## Waiting

reminder = { $change } ({ $component }) still waits for a decision: you may approve it. Until { $absolute } ({ $relative }).
reminder-last = { $change } ({ $component }) expires soon and still waits for a decision: you may approve it. Until { $absolute } ({ $relative }).
question-zone = In which time zone? Say it again with one, such as “{ $word } { $change } { $example } Europe/Berlin”.
