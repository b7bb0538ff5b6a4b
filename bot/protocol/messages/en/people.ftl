### People and rights: joining identities, answers about rights, tokens.

## Joining identities. Facts: code, minutes, identity, person.

link-offered = The code is { $code }. Whoever types “link { $code }” within { $minutes } minutes is { $person } from then on: type it yourself, as the other identity, and show it to nobody.
link-joined = { $identity } is { $person } from now on. “unlink” parts them again.
link-parted = { $identity } is a person of its own again. What was approved through it and has not begun counts no more.

## Answers about rights. Facts: person, roles, action, about, grant, patterns, rule, others.

access-person = { $person } ({ $id })
access-roles = Roles: { $roles }
access-no-roles = No role: without any role nobody may do anything.
access-yes = Yes: { $person } may { $action }.
access-no = No: { $person } may not { $action }.
access-action-ask = { $about ->
        [none] see and ask about what concerns the whole install
       *[other] see and ask about { $about }
    }
access-action-propose = { $about ->
        [none] propose changes of the whole install
       *[other] propose changes of { $about }
    }
access-action-approve = { $about ->
        [none] approve everywhere
       *[other] approve { $about }
    }
access-action-cancel = { $about ->
        [none] stop everything
       *[other] stop what others asked for in { $about }
    }
access-action-administer = { $about ->
        [none] administer the install
       *[other] administer { $about }
    }
access-grant = The grant at { $place } gives the right.
access-lacks-role = They have no role at all.
access-lacks-action = No grant gives that to a role of theirs.
access-lacks-action-roles = These roles have it: { $would }.
access-lacks-environment = Their grants for it reach only the environments { $would }.
access-lacks-template = Their grants for it there reach only the templates { $would }.
access-lacks-component = Their grants for it there reach only the components { $would }.
access-rule-counts = The rule of approval at { $place } counts them.
access-rule-no-role = The rule of approval at { $place } counts only the roles { $approvers }.
access-rule-nobody = The rule of approval at { $place } counts nobody.
access-rule-own-change = The rule of approval at { $place } does not count whoever asked for the change or edited it.
access-rule-approves-itself = The rule at { $place } approves such changes by itself; people can only reject them.
access-others = Who may: { $others }.
access-others-nobody = Nobody may, as things stand.

## Tokens. Facts: file, name.

token-unknown = no token of the configuration has this hash
token-expired = it has expired
token-readable = other users of this machine can read its file
token-unreadable = its file cannot be read
token-form = its file must hold the token, one line, and nothing else
token-made = The token is in { $file }. Keep the file to yourself: whoever has it is that person. Whoever keeps the configuration adds:
token-use = It is used so: chopmark --approver-token-file { $file } chat

## Why an approval counts for nothing at the start.

void-forged = it is on another plan, or nobody sealed it
void-person = they have no role any more
void-identity = the identity or token they used is no longer theirs
void-role = the rule no longer counts their roles
void-right = no grant of theirs reaches the change any more
void-author = they asked for it or edited it
void-earlier = a start found it void before
