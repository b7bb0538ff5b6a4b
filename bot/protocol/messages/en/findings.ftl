# What the judges of tools/checks say; `.remedy` says what to do.
finding-secret-in-clear = { $about } holds something that looks like a credential, at { $path }
    .remedy = Put it into a secret component, by reference (env:NAME or file:PATH), and name that here.
finding-namespace-escape = { $about } would write into namespace “{ $namespace }”; this component may only use “{ $allowed }”
    .remedy = Use a component of that namespace instead.
finding-node-access = { $about } asks for { $field }, which reaches through to the node
    .remedy = Leave { $field } out.
finding-floating-tag = { $about } uses the image { $image }, whose tag moves: tomorrow's pods may differ from today's
    .remedy = Name a version or a digest.
finding-data-loss = { $about } goes, and the data or objects inside it with it
    .remedy = Back up what is needed first: undo creates it anew, but empty.
finding-many-deletes = { $count } resources would be deleted at once in { $about }
    .remedy = Read the list of deletes below before you approve.
finding-unreadable = { $about } cannot be read strictly: { $reason }
    .remedy = Mend the template: plain YAML, one object a file, no aliases or tags.
finding-judge-failed = The judge “{ $about }” failed, so it denies
    .remedy = Report this; nothing is applied meanwhile.
