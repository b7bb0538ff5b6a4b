### 诊断中关于 Discord 的话。属性 `.fix` 是修复办法。

doctor-discord-token = Discord：令牌属于 { $name }。
doctor-discord-token-refused = Discord 拒绝此令牌。
    .fix = 在 discord.com/developers/applications → Bot 重置令牌，然后运行：chopmark init discord
doctor-discord-unreachable = 无法连接 Discord：{ $reason }
    .fix = 检查本机网络和 discordstatus.com
doctor-discord-refused = Discord 不肯告知状况：{ $reason }
    .fix = 过几分钟再运行 chopmark doctor；若仍如此，重新邀请机器人：chopmark init discord

doctor-discord-clock = Discord：本机时钟与其一致，相差 { $seconds } 秒。
doctor-discord-clock-off = Discord：本机时钟偏差 { $seconds } 秒；超过 300 秒，Discord 签名的调用会被拒绝。
    .fix = 让本机跟随时间服务器，例如：timedatectl set-ntp true

doctor-discord-application = Discord：应用是 { $name }。
doctor-discord-intent = Discord：在我们的讨论串中，无需提及也能读到消息。
doctor-discord-intent-unused = Discord：只读提及机器人的消息和私信。
doctor-discord-intent-missing = Discord：Message Content intent 未开启：在讨论串中每次都须提及机器人。
    .fix = 在 discord.com/developers/applications → Bot → Message Content Intent 开启，或设置 discord.message_content = false
doctor-discord-key = Discord：公钥属于该应用。
doctor-discord-key-other = Discord：公钥不属于该应用：所有经 HTTP 的调用都会被拒绝。
    .fix = 把 discord.com/developers/applications → General Information 中的公钥复制到 discord.public_key

doctor-discord-servers = Discord：机器人所在的服务器：{ $servers }。
doctor-discord-servers-none = Discord：机器人不在任何服务器中。
    .fix = 打开 `chopmark init discord` 打印的链接
doctor-discord-channels = Discord，{ $server }：机器人可见的每个频道（{ $count } 个）都已允许所需权限。
doctor-discord-channels-none = Discord，{ $server }：机器人看不到任何文字频道。
    .fix = 在需要与它对话的频道，给它的身份组 View Channel 权限
doctor-discord-channels-missing = Discord，{ $server }：未获允许：{ $rights }
    .fix = 在这些频道给机器人的身份组这些权限；与它无关的频道，收回 View Channel
