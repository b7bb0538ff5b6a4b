##### What the judges of tools/checks say about a plan; `.remedy` says what to do.

finding-secret-in-clear = { $about } holds something that looks like a credential, at { $field }.
    .remedy = Put it into a secret component, by reference (env:NAME or file:PATH), and name that here.
finding-outside-namespace = { $about } lies outside this component's own namespace, { $namespace }.
    .remedy = Use a component of that namespace instead.
finding-privileged-container = { $about } asks for a privileged container, at { $field }.
    .remedy = Leave it out: a privileged container is the node itself.
finding-host-path = { $about } mounts a path of the node, at { $field }.
    .remedy = Use a volume of the cluster instead.
finding-host-namespace = { $about } joins the node's own network, processes or ports, at { $field }.
    .remedy = Leave it out; a Service gives pods an address.
finding-added-capability = { $about } adds a strong capability, at { $field }.
    .remedy = Leave it out; the harmless ones are those of the Pod Security Standards, baseline.
finding-floating-tag = { $about } uses the image { $image }, whose tag moves: tomorrow's pods may differ from today's.
    .remedy = Name a version or a digest.
finding-namespace-goes = { $about } goes, and everything inside it with it, whoever made it.
    .remedy = Look at what is inside first, and keep what is needed.
finding-data-goes = { $about } goes, and the data of that { $kind } with it.
    .remedy = Back up what is needed first: undo creates it anew, but empty.
finding-blast-radius = { $count } of the resources of { $about } go or are made anew.
    .remedy = They are named above, each of them.
finding-unreadable-object = { $about } cannot be read strictly: { $reason }.
    .remedy = Mend the template: plain YAML, one object a file, no aliases or tags.
finding-not-what-runs = What would run is not what the files of { $about } say.
    .remedy = Report this; nothing is applied meanwhile.
finding-judge-failed = The judge “{ $judge }” failed, so it denies.
    .remedy = Report this; nothing is applied meanwhile.
