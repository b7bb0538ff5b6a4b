### 接入聊天平台：`chopmark init discord`、`chopmark init slack`，以及体检中平台自己的行之外的话。

init-discord-steps =
    接入 Discord：
      1. 打开 https://discord.com/developers/applications，点“New Application”，取个名字并点“Create”。
      2. 在“Bot”页点“Reset Token”并复制令牌：它只显示一次。
      3. 在同一页打开“Message Content Intent”。（不想打开：在 [discord] 下写 message_content = false。那样在话题里每句话都要提及它或用命令。）
      4. 在“Installation”页把“Install Link”设为“None”，再到“Bot”页关掉“Public Bot”：别人就不能添加它。
init-discord-token = 机器人的令牌
init-discord-invite =
    打开这个链接并选择你的服务器。它只授予 Chopmark 用到的权限：{ $permissions }。
    然后运行 `chopmark serve`，在频道里说：@Chopmark 帮助

init-slack-steps =
    接入 Slack：
      1. 打开 https://api.slack.com/apps，点“Create New App”、“From a manifest”，选择工作区，粘贴下面的清单（YAML 一栏）。
      2. 在应用的“Install App”页安装它，复制“Bot User OAuth Token”（xoxb-…）。
      3. 在“Basic Information”页的“App-Level Tokens”下点“Generate Token and Scopes”，加上 connections:write，复制令牌（xapp-…）。
init-slack-steps-http =
    通过 HTTP 接入 Slack：
      1. 打开 https://api.slack.com/apps，点“Create New App”、“From a manifest”，选择工作区，粘贴下面的清单（YAML 一栏）。
      2. 在应用的“Install App”页安装它，复制“Bot User OAuth Token”（xoxb-…）。
      3. 在“Basic Information”页的“App Credentials”下复制“Signing Secret”。
      4. 让代理把 /slack/ 之下的 https 调用转给 [http] listen。`chopmark serve` 运行时 Slack 会检查这个地址。
init-slack-bot-token = 机器人令牌（xoxb-…）
init-slack-app-token = 应用级令牌（xapp-…）
init-slack-signing-secret = 签名密钥
init-slack-last = 运行 `chopmark serve`；然后在 Slack 的频道里：/invite @Chopmark，再说：@Chopmark 帮助

init-connect-unseen = 输入的内容不会显示。也可以输入存放它的文件的路径。
init-connect-wrong = 这是别的东西：它应当形如 { $like }
init-connect-replace = { $what }已经有了，并且可以读取。换一个吗？
init-connect-later = 什么都没有写。拿到以上内容后，在终端里再运行一次，或者指明存放机密的文件：{ $flags }
init-connect-secret = 已存入 { $file }，只有你能读取。
init-connect-wrote = 已写入 { $file } 的 [{ $section }] 一节。正在询问平台：
init-connect-comment = 令牌在此只写引用；值在旁边的文件里。
init-connect-comment-http = 终止 TLS 的代理把调用转到这里。
init-connect-comment-zone = 免打扰时段和频道里所显示时间的时区。

doctor-discord-off = Discord：未接入
    .fix = chopmark init discord
doctor-slack-off = Slack：未接入
    .fix = chopmark init slack
doctor-http-good = 平台可以调用 { $address }。
doctor-http-idle = [http] 下写了 { $address }，但没有平台会调用它。
    .fix = 在 [discord] 下写 public_key，或在 [slack] 下写 signing_secret，或把 listen 留空
doctor-http-missing = 写了用于 HTTP 调用的密钥，但没有监听地址：调用到不了任何地方，事件只能走另一条路。
    .fix = 在 [http] 下写 listen = "127.0.0.1:8080"
