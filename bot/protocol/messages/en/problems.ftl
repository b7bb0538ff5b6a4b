### Problems: what happened; `.changed` says what was and was not changed; `.next` is the next step.
### Values are the facts of the problem; where a message chooses by a value, `none` stands for a missing one.

## What was said

# Facts: length, limit (bytes)
cm-1001 = The request is { $length } bytes long; at most { $limit } are taken.
    .changed = Nothing was changed; the line was not read further.
    .next = Say it in fewer words. Long values belong into a file of the repository.
# Facts: position (of the first bad byte, counted from 1)
cm-1002 = The line is not valid UTF-8: byte { $position } is wrong.
    .changed = Nothing was changed; the line was not taken.
    .next = Set the terminal or the program that writes the line to UTF-8 and send it again.
# Facts: change
cm-1003 = There is no change { $change }.
    .changed = Nothing was changed.
    .next = `changes` lists the changes with their ids.
# Facts: component, nearest (names, or nothing)
cm-1004 = There is no component { $component }.
    .changed = Nothing was changed.
    .next = { $nearest ->
        [none] `components` lists what there is.
       *[other] Did you mean { $nearest }? `components` lists what there is.
    }
# Facts: environment, nearest or known (names, or nothing)
cm-1005 = There is no environment { $environment }.
    .changed = Nothing was changed.
    .next = { $nearest ->
        [none] { $known ->
            [none] Use a name that config.toml has, or add it there.
           *[other] Known are: { $known }. Use one of them, or add it in config.toml.
        }
       *[other] Did you mean { $nearest }? Use it, or add the new one in config.toml.
    }
# Facts: what (the identifier's name), text, rule (a sentence, or a key of those below), most
cm-1006 = “{ $text }” is not a valid { $what }: it needs { $rule ->
        [letter-first] a name beginning with a letter, because a service of that name is made
        [shorter] at most { $most } characters for this template
        [group-cluster] the group “cluster”, because this belongs to no namespace
        [group-namespace] a namespace: “cluster” is kept for what belongs to none
        [reserved-namespace] a name that is neither “cluster” nor begins with “kube-”: these are reserved
       *[other] { $rule }
    }.
    .changed = Nothing was changed.
    .next = Say it again with a name that follows the rule.
# Facts: object, environment
cm-1007 = There is no object { $object } in { $environment }.
    .changed = Nothing was changed.
    .next = List the objects, for example “list pods in shop”, and use a name from the list.
# Facts: text
cm-1008 = { $text ->
        [none] The command was not understood.
       *[other] The command “{ $text }” was not understood.
    }
    .changed = Nothing was changed.
    .next = `help` lists the commands; everything else can be said in words.
# Facts: component, version, nearest (or nothing)
cm-1009 = { $component ->
        [none] There is no version { $version }.
       *[other] { $component } has no version { $version }.
    }
    .changed = Nothing was changed.
    .next = { $nearest ->
        [none] Show the component: its history lists the versions.
       *[other] Did you mean { $nearest }? The component's history lists the versions.
    }
# Facts: what (the command, or nothing), change (or nothing)
cm-1010 = { $change ->
        [none] { $what ->
            [none] There is nothing here that this could be about.
           *[other] There is nothing here to { $what }.
        }
       *[other] There is nothing in { $change } that this could be about.
    }
    .changed = Nothing was changed.
    .next = Name a change by its id; `changes` lists them.

# Facts: person, known
cm-1011 = There is nobody by the name “{ $person }”.
    .changed = Nothing was changed.
    .next = { $known ->
        [none] Nobody has a role: see [people] in the configuration.
       *[other] Known: { $known }. An identity such as terminal:1000 works too.
    }

## Configuration and data

# Facts: file, line, column, reason
cm-2001 = { $line ->
        [none] { $file } cannot be read as configuration: { $reason }.
       *[other] { $file }, line { $line }, column { $column }: { $reason }.
    }
    .changed = Nothing was changed. While the configuration does not parse, nobody can approve and nothing starts.
    .next = Correct that line and try again; `chopmark doctor` checks the file.
# Facts: file, line, column, key, nearest, allowed
cm-2002 = { $file }, line { $line }, column { $column }: there is no key “{ $key }”.
    .changed = Nothing was changed. While the configuration does not parse, nobody can approve and nothing starts.
    .next = { $nearest ->
        [none] Allowed here: { $allowed }.
       *[other] Did you mean “{ $nearest }”? Allowed here: { $allowed }.
    }
# Facts: file, line, column, key, value, expected, nearest (or nothing)
cm-2003 = { $line ->
        [none] “{ $key }” cannot be { $value }.
       *[other] { $file }, line { $line }, column { $column }: “{ $key }” cannot be { $value }.
    }
    .changed = Nothing was changed. While the configuration does not parse, nobody can approve and nothing starts.
    .next = { $nearest ->
        [none] Expected: { $expected }.
       *[other] Expected: { $expected }. Did you mean “{ $nearest }”?
    }
# Facts: path, reason
cm-2004 = { $path } cannot be written: { $reason }.
    .changed = Nothing was changed.
    .next = Give this user the right to write there, or name another folder with --data.
# Facts: path, reason (or nothing)
cm-2005 = { $reason ->
        [none] The data folder { $path } cannot be found or made.
       *[other] The data folder { $path } cannot be found or made: { $reason }.
    }
    .changed = Nothing was changed.
    .next = Name a folder that this user may write with --data, or set HOME.
# Facts: file, reason
cm-2006 = The configuration { $file } cannot be read: { $reason }.
    .changed = Nothing was changed. Without it nobody can approve and nothing starts.
    .next = Put the file back, or name another one with --config; `chopmark init` writes a new one.
# Facts: file, line, column, role, roles, nearest
cm-2007 = { $line ->
        [none] The configuration names the role “{ $role }”, which nobody has.
       *[other] { $file }, line { $line }, column { $column }: it names the role “{ $role }”, which nobody has.
    }
    .changed = Nothing was changed. While the configuration does not parse, nobody can approve and nothing starts.
    .next = { $nearest ->
        [none] Give the role to somebody under [people], or use one of: { $roles }.
       *[other] Did you mean “{ $nearest }”? Otherwise give the role to somebody under [people].
    }
# Facts: file, line, column, key
cm-2008 = { $line ->
        [none] The key “{ $key }” is missing.
       *[other] { $file }, line { $line }, column { $column }: the key “{ $key }” is missing here.
    }
    .changed = Nothing was changed. While the configuration does not parse, nobody can approve and nothing starts.
    .next = Add the key; Chopmark's own config.toml explains every one.

cm-2009 = The rule of approval “{ $rule }” in { $file }, line { $line }, needs { $needed } people, but only { $have } could ever count.
    .changed = Nothing was changed. While the configuration does not parse, nobody can approve and nothing starts.
    .next = Give more people one of its roles, ask for fewer, or let whoever asked approve (self_approval = true).

cm-2010 = No chat platform is configured, so there is nothing to serve.
    .changed = Nothing was started.
    .next = Run `chopmark init discord` or `chopmark init slack`, or write [discord] or [slack] into the configuration. To talk here, run `chopmark`.
# Facts: address, reason
cm-2011 = Nobody can call { $address }: { $reason }.
    .changed = Nothing was started.
    .next = Choose another address under [http] listen, or end the program that has it.

## Templates and values

# Facts: template, nearest
cm-3001 = There is no template { $template }.
    .changed = Nothing was changed.
    .next = { $nearest ->
        [none] `templates` lists what there is.
       *[other] Did you mean { $nearest }? `templates` lists what there is.
    }
# Facts: template, parameter, nearest
cm-3002 = The template { $template } has no parameter “{ $parameter }”.
    .changed = Nothing was changed.
    .next = { $nearest ->
        [none] `templates { $template }` lists its parameters.
       *[other] Did you mean “{ $nearest }”? `templates { $template }` lists all of them.
    }
# Facts: parameter, value, rule, least, most, options
cm-3003 = “{ $parameter }” cannot be { $value }{ $rule ->
        [none] .
        [integer] : it must be a whole number.
        [port] : it must be a port, a whole number.
        [bounds] : it is out of bounds.
        [cpu] : it must be an amount of processor time such as 250m or 2.
        [memory] : it must be an amount of memory such as 64Mi or 1Gi.
        [duration] : it must be a span of time such as 90s, 5m or 1h30m.
        [schedule] : it must be a cron schedule of five fields such as 0 2 * * *, or @daily.
        [image] : it must be an image reference such as nginx:1.27.
        [name] : it must be 1 to 63 lower-case letters, digits and dashes, beginning and ending with a letter or digit.
        [host] : it must be a host name such as shop.example.com.
        [path] : it must be a path of a URL such as /healthz.
        [cidr] : it must be a range of addresses such as 10.0.0.0/16, beginning where its prefix says.
        [ipv4] : it must be an IPv4 address such as 203.0.113.10.
        [ipv6] : it must be an IPv6 address such as 2001:db8::10.
        [time_zone] : it must be a time zone such as Asia/Shanghai.
        [bool] : it must be true or false.
        [choice] : it is none of the choices.
        [text] : it must be text.
        [map] : it must be names with values, such as MODE=production.
        [list] : it must be a list.
        [many] : there are too many entries.
        [long] : it is too long, in bytes.
        [variable] : the names must be those of environment variables: letters, digits, dots, dashes and underscores, not beginning with a digit.
        [file] : the keys must be letters, digits, dots, dashes and underscores.
        [order] : it may not be larger than { $most }.
        [pointer] : it must be a JSON pointer such as /spec/replicas.
        [untouchable] : this field is not for a patch to change.
       *[other] : { $rule }.
    }
    .changed = Nothing was changed.
    .next = { $options ->
        [none] { $least ->
            [none] { $most ->
                [none] Say it again with a value that follows the rule.
               *[other] Say it again with at most { $most }.
            }
           *[other] { $most ->
                [none] Say it again with at least { $least }.
               *[other] Say it again with a value from { $least } to { $most }.
            }
        }
       *[other] Choose one of: { $options }.
    }
# Facts: template, parameter
cm-3004 = { $template } needs a value for “{ $parameter }”.
    .changed = Nothing was changed.
    .next = Say it again with that value.
# Facts: template, file, line, reason, remedy
cm-3005 = The template { $template } does not load: { $file }{ $line ->
        [none] {""}
       *[other] , line { $line }
    }: { $reason }.
    .changed = Nothing was changed. Other templates are not affected.
    .next = { $remedy ->
        [none] Correct the file; `chopmark templates check` checks it.
       *[other] { $remedy } `chopmark templates check` checks it.
    }
# Facts: template, environment
cm-3006 = The template { $template } may not be used in { $environment }.
    .changed = Nothing was changed.
    .next = Use another environment, or allow the template for { $environment } in config.toml.
# Facts: template, file (or nothing), reason
cm-3007 = What { $template } rendered is not what the template declares: { $file ->
        [none] { $reason }
       *[other] { $file }: { $reason }
    }.
    .changed = Nothing was changed; the draft was thrown away.
    .next = This is a fault of the template: `chopmark templates check { $template }` shows where.
# Facts: component
cm-3008 = { $component } is there already.
    .changed = Nothing was changed.
    .next = Edit it instead, for example “scale { $component } to 3”, or choose another name.
# Facts: environment
cm-3009 = A secret is filled in when a change is applied, and { $environment ->
        [none] this environment
       *[other] { $environment }
    } takes effect through git (gitops), where its value would have to be committed.
    .changed = Nothing was changed; no secret was read.
    .next = Use an environment with mode apply, or let the system that applies the repository bring the secret.
# Facts: component
cm-3010 = { $component } has these values already: there is nothing to change.
    .changed = Nothing was changed.
    .next = Show the component to see its values.
# Facts: parameter, reference
cm-3011 = { $parameter ->
        [none] “{ $reference }” is not a reference to a secret.
       *[other] “{ $parameter }” is not a reference to a secret.
    }
    .changed = Nothing was changed; no secret was read.
    .next = Write env:NAME for an environment variable or file:PATH for a file; never the secret itself.
# Facts: component
cm-3012 = { $component ->
        [none] It runs no pods, so there is nothing to start anew.
       *[other] { $component } runs no pods, so there is nothing to start anew.
    }
    .changed = Nothing was changed.
    .next = Edit a value instead; only components with a workload can be restarted.
# Facts: change
cm-3013 = { $change ->
        [none] The waiting change has no values that an edit could replace.
       *[other] { $change } has no values that an edit could replace.
    }
    .changed = Nothing was changed; the change still waits as it was.
    .next = Cancel it and say what you want instead.
# Facts: template, provider, version, supported
cm-3014 = { $template } has no variant for { $provider } { $version }.
    .changed = Nothing was changed.
    .next = { $supported ->
        [none] Use another version of { $provider } in the mirror, or another template.
       *[other] It is written for { $supported }: put that version of { $provider } into the mirror, or use another template.
    }
# Facts: component, about (what cannot be written as a value)
cm-3015 = { $component } cannot keep what is there: { $about ->
        [none] what drifted is no value of its template
       *[other] { $about } is no value of its template
    }.
    .changed = Nothing was changed, neither what is committed nor what is there.
    .next = Say “bring { $component } back” to return to what is committed, or change a value of the component in words.
# Facts: component
cm-3016 = { $component } is an existing root: its files are not Chopmark's to write.
    .changed = Nothing was changed.
    .next = Edit the files in its folder yourself, then say “plan { $component }”; the card shows what that does.

## Programs, repositories, clusters

# Facts: program
cm-4001 = The program { $program } is not installed, or not on the search path.
    .changed = Nothing was changed.
    .next = Install { $program }; `chopmark doctor` checks it.
# Facts: program, reason
cm-4002 = The program { $program } failed: { $reason }.
    .changed = What was changed before it failed is listed on the card; nothing else was.
    .next = Read the reason, correct its cause, and ask again.
# Facts: program, seconds, output
cm-4003 = The program { $program } took longer than { $seconds } seconds and was stopped{ $output ->
        [none] .
       *[other] ; it last said: { $output }
    }
    .changed = What was changed before that is listed on the card; nothing else was.
    .next = Find out what it waited for, then ask again.
# Facts: path, reason
cm-4004 = The repository { $path } cannot be used: { $reason }.
    .changed = Nothing was changed.
    .next = Correct the repository or its address in config.toml; `chopmark doctor` checks it.
# Facts: path, files
cm-4005 = The repository { $path } has edits that are not committed: { $files }.
    .changed = Nothing was changed; the edits were left alone.
    .next = Commit or discard these edits yourself, then ask again.
# Facts: remote, reason
cm-4006 = { $remote ->
        [none] The remote repository cannot be reached: { $reason }.
       *[other] The remote repository { $remote } cannot be reached: { $reason }.
    }
    .changed = Nothing was changed.
    .next = Check network and credentials; asking again later can help.
# Facts: remote, branch, what
cm-4007 = { $branch ->
        [none] The remote repository moved on since it was last read.
       *[other] The branch { $branch } of the remote repository moved on since it was last read.
    }
    .changed = Nothing was changed in the remote repository.
    .next = Bring the local branch up to date, then ask again; the new card shows what differs.
# Facts: cluster (its context), reason
cm-4008 = The cluster { $cluster } cannot be reached: { $reason }.
    .changed = Nothing was changed.
    .next = Check that it runs and that the kubeconfig's context is right; `chopmark doctor` tries it. Asking again later can help.
# Facts: about, reason
cm-4009 = The cluster refused { $about }: { $reason }.
    .changed = { $about } was not changed; what was done before it is listed on the card.
    .next = Correct what the cluster names, then ask again.
# Facts: about, fields, owner
cm-4010 = { $about }: { $owner } owns { $fields }.
    .changed = { $about } was not changed.
    .next = Let { $owner } change the field, or ask for it to be taken over: that is a line of its own on the card.
# Facts: about or object, owner or manager
cm-4011 = { $object ->
        [none] { $about }
       *[other] { $object }
    } is managed by { $manager ->
        [none] { $owner }
       *[other] { $manager }
    }.
    .changed = It was not changed: what is changed here would be undone there.
    .next = Change it where it is managed.
# Facts: namespace, environment
cm-4012 = The namespace { $namespace } does not exist in { $environment }.
    .changed = Nothing was changed.
    .next = Say “create namespace { $namespace } in { $environment }” first.
# Facts: reference, reason
cm-4013 = The secret behind { $reference } cannot be read: { $reason }.
    .changed = Nothing was changed.
    .next = Set the variable or the file for the process that applies, then ask again.
# Facts: about, trouble, reason
cm-4014 = { $about } did not become ready: { $reason }.
    .changed = It was applied, and is there as shown on the card; it does not work.
    .next = Correct the cause and change it again, or undo: the previous version is still known.
# Facts: about or object, reason
cm-4015 = { $object ->
        [none] { $about }
       *[other] { $object }
    } is not as it was applied{ $reason ->
        [none] .
       *[other] : { $reason }.
    }
    .changed = It was applied; since then something else changed it, or it was not taken as sent.
    .next = Look who else changes it, then ask again or undo.
# Facts: cluster, right
cm-4016 = The credentials for { $cluster } lack a right: { $right }.
    .changed = Nothing was changed.
    .next = Give the identity that right; `chopmark init kubernetes` prints what is needed.
# Facts: environment
cm-4017 = The environment { $environment } has no cluster.
    .changed = Nothing was changed.
    .next = Ask about an environment with a cluster, or give { $environment } one in config.toml.
# Facts: kind, environment
cm-4018 = The cluster of { $environment } knows no kind { $kind }.
    .changed = Nothing was changed.
    .next = Check the spelling; kinds of extensions exist only where the extension is installed.
# Facts: environment
cm-4020 = The environment { $environment } does not use Terraform.
    .changed = Nothing was changed.
    .next = Give { $environment } a [environments.{ $environment }.terraform] section in config.toml, or use an environment that has one.
# Facts: provider, place
cm-4021 = The provider { $provider } is not where providers come from{ $place ->
        [none] .
       *[other] : { $place }.
    }
    .changed = Nothing was changed; nothing was downloaded.
    .next = Put the provider into the mirror, or allow the network for this environment in config.toml; `chopmark doctor` lists what is there.
# Facts: about, before, now
cm-4022 = { $before ->
        [none] { $now ->
            [none] The state of { $about } is not the one it was.
           *[other] The state of { $about } cannot be read as one: { $now }.
        }
       *[other] The state of { $about } is not the one it was: before { $before }, now { $now }.
    }
    .changed = Nothing was changed; neither the state nor what it describes was touched.
    .next = Find out who wrote or removed the state; every earlier version that Chopmark kept is in the data folder. Then ask again.
# Facts: backend, reason
cm-4023 = The backend { $backend } cannot be reached: { $reason }.
    .changed = Nothing was changed.
    .next = Check its address and credentials; asking again later can help.
# Facts: holder, id, since
cm-4024 = { $holder ->
        [none] Somebody holds the lock of the state
       *[other] { $holder } holds the lock of the state
    }{ $since ->
        [none] {""}
       *[other] {" "}since { $since }
    }{ $id ->
        [none] .
       *[other] {" "}(lock { $id }).
    }
    .changed = Nothing was changed; the lock was left alone.
    .next = Wait until they are done and ask again. Only when nobody is at work any more may the lock be removed, by hand.
# Facts: about, reason
cm-4025 = The provider refused { $about ->
        [none] the request
       *[other] { $about }
    }: { $reason }.
    .changed = What was done before it is listed on the card; nothing else was.
    .next = Correct what the provider names, then ask again.
# Facts: done, about, reason
cm-4026 = The apply stopped in the middle{ $about ->
        [none] {""}
       *[other] {" "}at { $about }
    }: { $reason }.
    .changed = { $done ->
        [none] What was done before it is recorded in the state; the rest was not begun.
       *[other] Done and recorded in the state: { $done }. The rest was not begun.
    }
    .next = Correct the cause and ask for the same again: the new plan holds what is still missing. Undo takes back what was done.
# Facts: copy, reason
cm-4027 = The state could not be saved: { $reason }.
    .changed = What was applied is there, but the saved state does not know all of it.{ $copy ->
        [none] {""}
       *[other] {" "}The new state is kept in { $copy }.
    }
    .next = Correct the cause, then bring the kept copy into the backend before anything else is planned.
# Facts: file, line, what, rule
cm-4028 = { $file }{ $line ->
        [none] {""}
       *[other] , line { $line }
    }: { $what } is refused{ $rule ->
        [none] .
       *[other] {" "}({ $rule }).
    }
    .changed = Nothing was changed; no program read the configuration.
    .next = Take it out of the file, then ask again.
# Facts: file, line, reason
cm-4029 = { $file ->
        [none] The configuration is not valid: { $reason }.
       *[other] { $file }{ $line ->
            [none] {""}
           *[other] , line { $line }
        }: { $reason }.
    }
    .changed = Nothing was changed.
    .next = Correct the file, then ask again.
# Facts: folder, reason
cm-4030 = The folder { $folder } cannot be read as a Terraform root: { $reason }.
    .changed = Nothing was changed.
    .next = Name a folder that holds .tf files and that this user may read.
# Facts: change
cm-4031 = { $change ->
        [none] The kept plan
       *[other] The kept plan of { $change }
    } is gone, or is not the one that was countersigned.
    .changed = Nothing was changed; only the plan that was shown would have been applied.
    .next = Ask for the same again: it is planned anew and shown before anything happens.

## Decisions

# Facts: person, roles
cm-5001 = { $person } may not do this{ $roles ->
        [none] .
       *[other] : it takes the role { $roles }.
    }
    .changed = Nothing was changed; no decision was stored, and the attempt is in the ledger.
    .next = Ask somebody who may; “who may approve this?” names them.
# Facts: change, others
cm-5002 = Whoever asked for { $change } or edited it may not approve it.
    .changed = Nothing was changed; no decision was stored, and the attempt is in the ledger.
    .next = { $others ->
        [none] Nobody else may approve it now: see the rule in config.toml.
       *[other] Ask one of: { $others }.
    }
# Facts: change
cm-5003 = The plan of { $change } has expired.
    .changed = Nothing was changed; it can no longer be approved or started.
    .next = “plan again { $change }” plans it anew against what is there now.
# Facts: change, revision (the newest)
cm-5004 = The decision is about an older card: { $change } is now at revision { $revision }.
    .changed = Nothing was changed; no decision was stored for either revision.
    .next = Look at the newest card (`show { $change }`) and decide on that.
# Facts: change, state
cm-5005 = { $change } does not allow this. Where it stands: { $state }.
    .changed = Nothing was changed.
    .next = `show { $change }` says where it stands and what can be done.
# Facts: change, name
cm-5006 = { $change } is severe: approving it asks for the component's name, typed.
    .changed = Nothing was changed; no decision was stored.
    .next = Look at what goes, then say `approve { $change } --confirm { $name }`.
# Facts: rule (the finding's id), about
cm-5007 = The plan is denied by { $rule }: { $about }.
    .changed = Nothing was changed; it cannot be approved.
    .next = Follow the remedy on the card and ask again.
# Facts: change
cm-5008 = This decision on { $change } was counted before.
    .changed = Nothing was changed; it still counts once.
    .next = `show { $change }` says where it stands.
# Facts: person
cm-5009 = { $person } rejected it.
    .changed = Nothing was changed.
    .next = Edit the request in words and ask again.

cm-5010 = { $person } may not { $action ->
        [ask] see or ask about { $about }
        [propose] propose changes of { $about }
        [approve] decide on { $about }
        [cancel] stop what others asked for ({ $about })
       *[other] administer { $about }
    }: { $missing ->
        [role] they have no role.
        [anything] no grant lets them see anything.
        [whole] it takes a grant for everything.
        [action] it takes one of the roles { $allowed }.
        [environment] their roles reach the environments { $allowed } only.
        [template] their roles reach the templates { $allowed } only.
       *[other] their roles reach the components { $allowed } only.
    }
    .changed = Nothing was changed; the attempt is in the ledger.
    .next = Ask { $administrators ->
        [none] somebody who administers this install
       *[other] { $administrators }, who administer this install
    }. “chopmark access explain” says why.

cm-5011 = The freeze “{ $freeze }” holds{ $reason ->
        [none] .
       *[other] : { $reason }.
    }
    .changed = Nothing was changed; no decision was stored.
    .next = It ends { $until }. Schedule the change for after that, or see the exceptions at { $written_at }.

cm-5012 = { $where ->
        [none] This install
       *[other] The environment { $where }
    } is read-only: proposals and plans, and nothing more.
    .changed = Nothing was changed; no decision was stored.
    .next = Whoever keeps the configuration sets read_only = false when the team is ready.

cm-5013 = Everything is stopped: { $by } pulled the stop switch { $at }{ $why ->
        [none] .
       *[other] : { $why }.
    }
    .changed = Nothing was changed; nothing starts until it is lifted.
    .next = Somebody with the right to administer lifts it: “resume everything”.

cm-5014 = { $change } did not start in its window { $window }, which is over.
    .changed = Nothing was changed.
    .next = Ask for a fresh plan: “plan again { $change }”.

cm-5015 = { $change } expires { $expires }, before it could start ({ $window }).
    .changed = Nothing was changed; no decision was stored.
    .next = Choose an earlier time, or let the rule of approval last longer (expires_after).

cm-5016 = “{ $window }” is no window of this environment and no time.
    .changed = Nothing was changed.
    .next = { $known ->
        [none] Say a time with its zone, such as 2026-12-01 22:00 Europe/Berlin.
       *[other] Say one of { $known }, or a time with its zone, such as 2026-12-01 22:00 Europe/Berlin.
    }

cm-5017 = Nothing is stopped.
    .changed = Nothing was changed.
    .next = “status” says what waits and what runs.

cm-5018 = The code does not work.
    .changed = Nothing was changed; the try is in the ledger.
    .next = Codes work once, for ten minutes, and five wrong tries close them. Ask for a new one with “link”.

cm-5019 = The token was refused: { $reason }.
    .changed = Nothing was changed.
    .next = Ask whoever administers this install for a new one: “chopmark access token NAME”.

cm-5020 = Too many requests { $whose ->
        [channel] in this channel
       *[other] from you
    } within a minute (the limit is { $limit }).
    .changed = Nothing was changed; this request was not served.
    .next = Try again in { $seconds } seconds.

cm-5021 = The tokens of today are spent: { $spent } of { $limit }.
    .changed = Nothing was changed. Commands work, and so does the planner inside the program.
    .next = The count starts anew at midnight UTC; the limit is tokens_per_day.

cm-5022 = { $limit } of your changes wait already.
    .changed = Nothing was changed.
    .next = Cancel some, or have them decided first.

cm-5023 = { $identity } belongs to { $person } already{ $by ->
        [configuration] : the configuration says so.
       *[other] .
    }
    .changed = Nothing was changed.
    .next = { $by ->
        [configuration] Whoever keeps the configuration can change it.
       *[other] Part it first, with “unlink”.
    }

cm-5024 = { $identity } has roles that { $person } has not ({ $roles }): joining them would give { $person } more than they may.
    .changed = Nothing was changed; the code is used up, and the try is in the ledger.
    .next = Whoever keeps the configuration can join them: identities = ["{ $identity }"].

cm-5025 = This concerns a channel of a chat platform, and here is none.
    .changed = Nothing was changed.
    .next = Say it in the channel itself, in Discord or Slack.

cm-5026 = Several changes wait here: { $changes }.
    .changed = Nothing was changed; nothing was decided.
    .next = Say which one, such as “approve chg-7f3k”, or press the button of its card.

## Runs

# Facts: code, or what, before, after, detail (what became what); about and reason from the cluster
cm-6001 = { $code ->
        [none] { $what ->
            [none] The plan no longer holds: { $about } changed since it was shown{ $reason ->
                [none] .
               *[other] { " " }({ $reason }).
            }
           *[other] The plan no longer holds: { $what } changed since it was shown{ $detail ->
                [none] .
               *[other] { " " }({ $detail }).
            }
        }
       *[other] Whether the plan still holds could not be found out ({ $code }).
    }
    .changed = Nothing was changed; the approval of the old plan is void.
    .next = The new card says first what differs; approve that one.
# Facts: change and holder, or run
cm-6002 = { $run ->
        [none] Another run holds the target of { $change }: { $holder }.
       *[other] The run { $run } is still under way.
    }
    .changed = Nothing was changed; the change waits.
    .next = It starts by itself when the other run ends; `cancel` takes it back.
# Facts: change, run, observed or reason
cm-6003 = The run { $run } ended without a result{ $observed ->
        [none] { $reason ->
            [none] .
           *[other] : { $reason }.
        }
       *[other] ; the real system was asked and shows: { $observed }.
    }
    .changed = It is not known for certain; what was found is on the card. Nothing is run again by itself.
    .next = { $change ->
        [none] Look at the target, then say `resolve` with the change and applied, partial or not_started.
       *[other] Look at the target, then say `resolve { $change } applied`, `partial` or `not_started`.
    }
# Facts: change
cm-6004 = { $change ->
        [none] The stored bytes do not match the digest that was countersigned.
       *[other] The stored bytes of { $change } do not match the digest that was countersigned.
    }
    .changed = Nothing was changed; it will not run.
    .next = Somebody or something altered the database: run `chopmark audit verify` and look who had access.
# Facts: change or run
cm-6005 = The start ticket of { $change ->
        [none] { $run }
       *[other] { $change }
    } was used before: a revision runs at most once.
    .changed = Nothing was changed by this attempt.
    .next = `show` the change: its run and what came of it are on the card.
# Facts: have, needed, or why
cm-6006 = { $have ->
        [none] At the start the rule of approval was not met{ $why ->
            [none] .
           *[other] : { $why }.
        }
       *[other] At the start only { $have } of { $needed } approvals counted{ $people ->
            [none] .
           *[other] . Void: { $people }: { $reason }.
        }
    }
    .changed = Nothing was changed; what was decided stays in the record.
    .next = A right or the rule moved since the approval: approve again, or ask who may.
# Facts: program, reason
cm-6007 = { $program ->
        [none] The process that applies could not be started: { $reason }.
       *[other] { $program } could not be started: { $reason }.
    }
    .changed = Nothing was changed.
    .next = Correct the cause (often memory or process limits); it is tried again.
# Facts: remote, reason
cm-6008 = { $remote ->
        [none] The commit is made and in effect, but could not be pushed: { $reason }.
       *[other] The commit is made and in effect, but could not be pushed to { $remote }: { $reason }.
    }
    .changed = The change is in effect; only the remote repository does not know it yet.
    .next = The push alone is tried again; check network and credentials if it stays so.
# Facts: person, switch, why
cm-6009 = { $person } { $switch ->
        [pulled] stopped everything{ $why ->
            [none] .
           *[other] : { $why }.
        }
       *[other] cancelled it.
    }
    .changed = Nothing was changed if it had not begun; otherwise the card lists what was done.
    .next = Ask again when it should happen after all.

## Records

# Facts: found, known (versions)
cm-7001 = The database has format { $found }; this program knows formats up to { $known }.
    .changed = Nothing was changed; the database was not touched.
    .next = Use the newer program that wrote it, or another data folder with --data.
# Facts: attempt, path
cm-7002 = { $path ->
        [none] The disk is full.
       *[other] The disk that holds { $path } is full.
    }
    .changed = Nothing was recorded, so nothing was begun; what was recorded before is whole.
    .next = Free some space, then do it again.
# Facts: attempt, reason
cm-7003 = The database cannot be used{ $attempt ->
        [none] {""}
       *[other] {" "}(while it was to { $attempt })
    }: { $reason }.
    .changed = Nothing was recorded, so nothing was begun.
    .next = `chopmark doctor` checks the data folder; a copy of it is the safest first step.
# Facts: entry, kind, reason; or fault
cm-7004 = { $entry ->
        [none] The ledger does not verify{ $fault ->
            [none] .
           *[other] : { $fault }.
        }
       *[other] The ledger does not verify: entry { $entry } is broken ({ $kind }): { $reason }.
    }
    .changed = Nothing was changed by the check.
    .next = Keep a copy of the data folder as it is, and compare it with the last checkpoint or export.
# Facts: attempt, reason
cm-7005 = Somebody else moved it first.
    .changed = Nothing was changed by this attempt.
    .next = Look at where it stands now and do it again if it is still wanted.

## Models and tools

# Facts: reason
cm-8001 = The model did not answer: { $reason }.
    .changed = Nothing was changed. Commands, approvals and runs work without it.
    .next = Ask again, or use commands; `help` lists them.
# Facts: tool, nearest
cm-8002 = There is no tool { $tool }.
    .changed = Nothing was changed.
    .next = { $nearest ->
        [none] The model asked for it; say it in other words.
       *[other] The model may have meant { $nearest }; say it in other words.
    }
# Facts: tool, fault
cm-8003 = The arguments for { $tool } do not fit: { $fault }.
    .changed = Nothing was changed.
    .next = Say it again with names and values spelled out.
# Facts: limit
cm-8004 = The request needed more than { $limit } tool calls and was stopped.
    .changed = Nothing was changed.
    .next = Ask for one thing at a time.
# Facts: model
cm-8005 = The model { $model } refused its key.
    .changed = Nothing was changed. Commands, approvals and runs work without it.
    .next = Set the key that config.toml refers to for { $model }; `chopmark doctor` tries it.
# Facts: model, name
cm-8006 = The server of { $model } knows no model { $name }.
    .changed = Nothing was changed.
    .next = Correct the model's name for { $model } in config.toml; `chopmark doctor` tries it.
# Facts: model
cm-8007 = The conversation does not fit what { $model } can read at once.
    .changed = Nothing was changed; nothing of the conversation was lost.
    .next = Say it in fewer words or in a new conversation, or name a model with a larger window.
# Facts: model
cm-8008 = The model { $model } answered nothing.
    .changed = Nothing was changed.
    .next = Ask again or in other words; commands work without a model.
# Facts: model, limit
cm-8009 = The model { $model } answered more than { $limit } and was cut off.
    .changed = Nothing was changed; nothing of that answer was used.
    .next = Ask again for one thing at a time.
# Facts: model, reason
cm-8010 = The server of { $model } is busy or its quota is used up: { $reason }.
    .changed = Nothing was changed.
    .next = Ask again later, or name another model to fall back to in config.toml.
# Facts: model, reason
cm-8011 = The server of { $model } cannot be reached: { $reason }.
    .changed = Nothing was changed. Commands, approvals and runs work without it.
    .next = Check the address and the network; `chopmark doctor` tries it.
# Facts: model
cm-8012 = The answer of { $model } broke off.
    .changed = Nothing was changed; nothing of the broken answer was used.
    .next = Ask again.
# Facts: model, limit
cm-8013 = The request would use more than { $limit } tokens of { $model } and was stopped.
    .changed = Nothing was changed.
    .next = Ask for one thing at a time, or raise the limit in config.toml.
# Facts: environment
cm-8014 = Nothing of { $environment } may be sent to a model.
    .changed = Nothing was changed; nothing was sent.
    .next = Say it in the plain sentences that the offline planner reads (`help` shows some), or use commands.
# Facts: platform, reason
cm-8021 = { $platform } refuses our token: { $reason }.
    .changed = Nothing was changed. The changes stand; the terminal works without { $platform }.
    .next = Look whether the app is still installed, then give it a new token: `chopmark init { $platform }`, `chopmark doctor`.
# Facts: platform, right
cm-8022 = { $platform } does not let us do this: { $right } is missing.
    .changed = Nothing was changed. The changes stand.
    .next = Somebody who administers { $platform } adds it; `chopmark doctor` lists everything that is missing.
# Facts: platform, reason
cm-8023 = { $platform } cannot be reached: { $reason }.
    .changed = Nothing was changed. What is to be said is kept, and said when it answers again.
    .next = Wait; if it lasts, look at the network and at the platform's status page. `chopmark doctor` tries it.
# Facts: platform, reason
cm-8024 = { $platform } did not take a message of ours: { $reason }.
    .changed = The message is not shown. The change it is about stands as it is; the ledger has everything.
    .next = Ask again with `show` or `status`. If it happens again, report it: the fault is ours.
# Facts: platform, channel, reason
cm-8025 = What was to be said in { $channel } on { $platform } can't be said there any more: { $reason }.
    .changed = Nothing was changed. The changes stand.
    .next = Let the bot back into that channel, or ask for the change with `show` where it may speak.

## Chopmark itself

# Facts: what or reason or error
cm-9001 = Something happened that should not: { $what ->
        [none] { $reason ->
            [none] { $error }
           *[other] { $reason }
        }
       *[other] { $what }
    }.
    .changed = Nothing was changed that is not on a card or in the ledger.
    .next = Try again; if it stays so, report it with this code and the words above.
