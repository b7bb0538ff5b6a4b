### Connecting a chat platform: `chopmark init discord`, `chopmark init slack`, and what the doctor says beside the
### platforms' own lines.

init-discord-steps =
    To connect Discord:
      1. Open https://discord.com/developers/applications, press "New Application", name it and press "Create".
      2. On its page "Bot", press "Reset Token" and copy the token: it is shown once.
      3. On the same page, switch on "Message Content Intent". (To do without: message_content = false under [discord]. Then every word in a thread needs a mention or a command.)
      4. On its page "Installation", set "Install Link" to "None"; on its page "Bot", switch off "Public Bot": nobody else can then add it.
init-discord-token = The bot's token
init-discord-invite =
    Open this link and choose your server. It grants what Chopmark uses, and no more: { $permissions }.
    Then run `chopmark serve`, and in a channel say: @Chopmark help

init-slack-steps =
    To connect Slack:
      1. Open https://api.slack.com/apps, press "Create New App", "From a manifest", choose your workspace, and paste the manifest below (tab YAML).
      2. On the app's page "Install App", install it and copy the "Bot User OAuth Token" (xoxb-…).
      3. On its page "Basic Information", under "App-Level Tokens", press "Generate Token and Scopes", add the scope connections:write, and copy the token (xapp-…).
init-slack-steps-http =
    To connect Slack over HTTP:
      1. Open https://api.slack.com/apps, press "Create New App", "From a manifest", choose your workspace, and paste the manifest below (tab YAML).
      2. On the app's page "Install App", install it and copy the "Bot User OAuth Token" (xoxb-…).
      3. On its page "Basic Information", under "App Credentials", copy the "Signing Secret".
      4. Let your proxy hand https calls below /slack/ to [http] listen. Slack checks the address when `chopmark serve` runs.
init-slack-bot-token = The bot token (xoxb-…)
init-slack-app-token = The app-level token (xapp-…)
init-slack-signing-secret = The signing secret
init-slack-last = Run `chopmark serve`; then in a channel of Slack: /invite @Chopmark, and say: @Chopmark help

init-connect-unseen = What you type is not shown. The path of a file that holds it works as well.
init-connect-wrong = That is something else: it looks like { $like }
init-connect-replace = { $what } is there already and can be read. Give another one?
init-connect-later = Nothing was written. With the above at hand, run it again in a terminal, or name files that hold the secrets: { $flags }
init-connect-secret = Kept in { $file }, which only you can read.
init-connect-wrote = Wrote section [{ $section }] in { $file }. Asking the platform:
init-connect-comment = Tokens stand here by reference only; the files beside this one hold them.
init-connect-comment-http = Where a proxy that ends TLS hands calls to this program.
init-connect-comment-zone = The zone of quiet hours and of times shown in channels.

doctor-discord-off = Discord: off
    .fix = chopmark init discord
doctor-slack-off = Slack: off
    .fix = chopmark init slack
doctor-http-good = Platforms may call { $address }.
doctor-http-idle = { $address } is named under [http], but no platform is set up to call it.
    .fix = write public_key under [discord] or signing_secret under [slack], or leave `listen` empty
doctor-http-missing = A key for calls over HTTP is written, but no address to listen on: calls reach nobody, and events come over the other way alone.
    .fix = write listen = "127.0.0.1:8080" under [http]
