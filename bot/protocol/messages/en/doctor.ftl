### What `chopmark doctor` says. The attribute `.fix` is the way to put it right.

doctor-state-ok = ok
doctor-state-warn = warn
doctor-state-fail = fail
doctor-state-off = off
doctor-summary = { $ok } ok, { $warn } to look at, { $fail } failed, { $off } off.
doctor-fix = fix: { $fix }

doctor-config-built-in = Configuration: the built-in default; { $file } is not there.
    .fix = chopmark init
doctor-config-file = Configuration: { $file }
doctor-model-offline = Model: the offline planner, which needs no account and no network.
doctor-model-good = Model { $model }: { $address } answers and takes the key; { $name } is asked.
doctor-model-plain = Model { $model }: { $address } answers, but the key goes there unencrypted.
    .fix = use an https:// address for base_url, or a server on this machine

doctor-git-good = git { $version } at { $path }
doctor-git-missing = git was not found in PATH; every environment needs it.
    .fix = install git 2.45.1 or newer with your system's package manager, such as: apt-get install git
doctor-git-old = git { $version } is too old; 2.39 is the oldest that works.
    .fix = install git 2.45.1 or newer
doctor-git-hole = git { $version } lacks the fix of CVE-2024-32002.
    .fix = install 2.39.4, 2.40.2, 2.41.1, 2.42.2, 2.43.4, 2.44.1, 2.45.1 or newer
doctor-git-failed = git could not be run: { $reason }
    .fix = git --version

doctor-data-good = Data folder { $folder } can be written.
doctor-data-new = Data folder { $folder } will be made at the first start.
doctor-data-open = Data folder { $folder } can be read by other users (mode { $mode }).
    .fix = chmod 700 { $folder }
doctor-data-failed = Data folder { $folder } cannot be written: { $reason }
    .fix = give it to your user, or name another one with --data
doctor-space-good = { $free } free for data
doctor-space-low = Only { $free } free for data; below { $wanted } a busy install soon stops.
    .fix = free some space, or move the data folder (--data)
doctor-space-none = Only { $free } free for data: changes may not be recorded, and then nothing starts.
    .fix = free some space, or move the data folder (--data)

doctor-database-new = Database: made at the first start.
doctor-database-good = Database { $file } opens and is of this version.
doctor-not-stopped = Stop switch: not pulled
doctor-stopped = Everything is stopped: { $by } pulled the stop switch { $at }{ $why ->
    [none] {""}
   *[other] {" "}because: { $why }
}.
    .fix = somebody who administers this install lifts it: chopmark resume
doctor-ledger-good = Ledger: { $entries } entries verify; head { $head }
doctor-clock-good = Clock: { $now }
doctor-clock-wrong = The clock says { $now }, which cannot be: approvals would expire at the wrong time.
    .fix = set the clock, such as: timedatectl set-ntp true
doctor-clock-behind = The clock says { $now }, but the ledger's newest entry is from { $newest }.
    .fix = set the clock, such as: timedatectl set-ntp true
doctor-isolation-full = Programs run confined ({ $isolation }).
doctor-isolation-reduced = Programs run with reduced confinement: this kernel has no Landlock.
    .fix = Linux 5.13 or newer with Landlock switched on (lsm=…,landlock)
doctor-templates-good = Templates: { $count } load.

doctor-repository-good = { $environment }: repository { $path }, branch { $branch }
doctor-repository-new = { $environment }: repository { $path } will be made at the first start.
doctor-repository-missing = { $environment }: there is no git repository at { $path }.
    .fix = git clone your repository to { $path }, or name another path in the configuration
doctor-remote-good = { $environment }: remote { $remote } answers.
doctor-remote-off = { $environment }: no remote; commits stay here.
doctor-remote-failed = { $environment }: remote { $remote } does not answer: { $reason }
    .fix = git -C { $path } ls-remote { $remote }
doctor-cluster-good = { $environment }: cluster { $cluster } answers.
doctor-cluster-off = { $environment }: no cluster configured.
doctor-plan-identity-off = { $environment }: plans use the same identity as changes (no plan_context).
doctor-plan-identity-good = { $environment }: the plan identity is kept to dry runs.
doctor-plan-identity-loose = { $environment }: the plan identity could make real changes: the admission policy is missing.
    .fix = chopmark init kubernetes | kubectl apply -f -
doctor-plan-identity-powerless = { $environment }: the plan identity may not write, so it cannot do dry runs either.
    .fix = chopmark init kubernetes | kubectl apply -f -
doctor-terraform-good = { $environment }: Terraform or OpenTofu { $version } at { $path }
doctor-terraform-old = { $environment }: { $path } is version { $version }; 1.5 is the oldest that works.
    .fix = install Terraform 1.5 or OpenTofu 1.6, or newer
doctor-terraform-failed = { $environment }: { $path } does not say its version.
    .fix = { $path } version -json
doctor-terraform-off = { $environment }: neither terraform nor tofu is on PATH; templates of HCL are only committed.
doctor-providers-built-in = { $environment }: no providers but what is built into Terraform (terraform_data).
doctor-providers-good = { $environment }: providers from { $folder }: { $providers }
doctor-providers-network = { $environment }: providers are fetched into { $folder } when they are first needed.
doctor-providers-gone = { $environment }: there is no folder of providers at { $folder }.
    .fix = terraform providers mirror { $folder }
doctor-providers-missing = { $environment }: settings are written for { $missing }, but { $folder } holds only: { $providers }
    .fix = terraform providers mirror { $folder }
doctor-credentials-split = { $environment }: plans and applies have credentials of their own, and all of them can be read.
doctor-credentials-one = { $environment }: plans use the credentials of applies.
    .fix = add [environments.{ $environment }.terraform.plan_credentials] with credentials that can only read
doctor-backend-good = { $environment }: states are kept in { $kind }.
doctor-root-good = { $environment }: root { $root } at { $folder } ({ $files } files)
doctor-rule-good = { $environment }: { $approvers } approve, { $needed } needed ({ $at })
doctor-rule-nobody = { $environment }: nobody can approve anything ({ $at }).
    .fix = add [environments.{ $environment }.approval] with approvers
doctor-rule-never = { $environment }: the rule { $rule } ({ $at }) is never used: { $before ->
        [none] no plan there meets its conditions
       *[other] all that would fall under it falls under { $before } first
    }.
    .fix = put it before the other one, narrow that one, or delete it
doctor-rule-few = { $environment }: { $needed } approvals are needed, but only { $people } can approve ({ $at }).
    .fix = give more people one of the roles { $approvers }, or lower `needed`

doctor-slack-token = Slack: the token works; in { $team } the bot is called { $name }.
doctor-slack-token-refused = Slack refuses the bot's token: { $reason }
    .fix = chopmark init slack: install the app again and give it the new xoxb- token
doctor-slack-unreachable = Slack cannot be reached: { $reason }
    .fix = look at the network, the proxy (slack.api in config.toml) and https://slack-status.com
doctor-slack-scopes = Slack: every scope of the manifest is there.
doctor-slack-scopes-missing = Slack: scopes are missing: { $scopes }
    .fix = put the manifest of `chopmark init slack` into the app's settings and install the app again
doctor-slack-channels = Slack: channels that the bot is in ({ $count }): { $channels }
doctor-slack-channels-none = Slack: the bot is in no channel; it hears direct messages and slash commands only.
    .fix = in the channel, say: /invite @Chopmark
doctor-slack-channels-unknown = Slack: the bot's channels cannot be listed: { $reason }
    .fix = put the manifest of `chopmark init slack` into the app's settings and install the app again
doctor-slack-socket = Slack: events come over Socket Mode; the app token works.
doctor-slack-socket-refused = Slack refuses the app token, so nothing is heard: { $reason }
    .fix = make an app-level token with connections:write and give it to `chopmark init slack`
doctor-slack-http = Slack: events may come over HTTP; the signing secret is there.
doctor-slack-deaf = Slack: there is neither an app token nor a signing secret, so nothing is heard.
    .fix = chopmark init slack
doctor-slack-clock = Slack: the clocks agree.
doctor-slack-clock-wrong = This clock and Slack's differ by { $seconds } s; from 300 s on signed requests are refused.
    .fix = set the clock, such as: timedatectl set-ntp true
