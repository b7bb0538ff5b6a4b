### What the doctor says about Discord. The attribute `.fix` is the way to put it right.

doctor-discord-token = Discord: the token is { $name }'s.
doctor-discord-token-refused = Discord refuses the token.
    .fix = reset it under discord.com/developers/applications → Bot, then: chopmark init discord
doctor-discord-unreachable = Discord can't be reached: { $reason }
    .fix = look at the network of this machine and at discordstatus.com
doctor-discord-refused = Discord refuses to say how things stand: { $reason }
    .fix = chopmark doctor, in a few minutes; if it stays so, invite the bot again: chopmark init discord

doctor-discord-clock = Discord: this machine's clock agrees with theirs, but for { $seconds } s.
doctor-discord-clock-off = Discord: this machine's clock is off by { $seconds } s; calls signed by Discord are refused from 300 s on.
    .fix = let the machine follow a time server, such as: timedatectl set-ntp true

doctor-discord-application = Discord: the application is { $name }.
doctor-discord-intent = Discord: what is said in our threads is read without a mention.
doctor-discord-intent-unused = Discord: messages are read only where they mention the bot, and in direct messages.
doctor-discord-intent-missing = Discord: the Message Content intent is off: in threads the bot must be mentioned each time.
    .fix = switch it on under discord.com/developers/applications → Bot → Message Content Intent, or set discord.message_content = false
doctor-discord-key = Discord: the public key is the application's.
doctor-discord-key-other = Discord: the public key is not the application's: every call over HTTP is refused.
    .fix = copy it from discord.com/developers/applications → General Information into discord.public_key

doctor-discord-servers = Discord: the bot is in { $servers }.
doctor-discord-servers-none = Discord: the bot is in no server.
    .fix = open the link that `chopmark init discord` prints
doctor-discord-channels = Discord, { $server }: everything needed is allowed in each channel that the bot sees ({ $count }).
doctor-discord-channels-none = Discord, { $server }: the bot sees no text channel.
    .fix = give its role View Channel where it is to be spoken to
doctor-discord-channels-missing = Discord, { $server }: not allowed: { $rights }
    .fix = allow it to the bot's role in these channels, or take View Channel away where it has no business
