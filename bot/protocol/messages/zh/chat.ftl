# 聊天平台在卡片和回答之外显示的文字。

confirm-approve = 批准 { $change }（变更 { $component }）吗？
confirm-resolve = 这将记录为此次执行的结果。您是否已查看真实情况？
resolution-applied = 已全部生效
resolution-partial = 部分生效
resolution-not-started = 完全未生效

# 下方引文是谁的话：模型的话绝不算我们的话。
chat-model-says = 以下是模型所说（不是验戳的话）：
# 变更的全部内容尚未进入话题时。
chat-approve-waits = 待将要发生的一切以文件或卡片形式出现在本话题中，此处才会出现“批准”。
chat-approve-elsewhere = 此处不提供批准：将要失去的内容在这张卡片上放不下。
# 比几条消息还长的文字。
chat-rest-in-file = 这里只是开头。全文（{ $count ->
   *[other] 共 { $count } 行
}）见文件 { $file }。
chat-file = 本次回答的全文，共 { $lines ->
   *[other] { $lines } 行
}
chat-guess = 可能是：{ $guess }
chat-still = 还在说……
# 按钮生效之前的对话框。
chat-confirm-title = 确定吗？
chat-confirm-no = 返回

# 在回答、问题或文件旁边。
chat-to = 致 { $name }：
chat-file-part = 第 { $part } 部分，共 { $count } 部分

# 卡片上，按钮之上。
chat-card-beside = 将要发生的一切，全文在文件里。

# 按下之后、生效之前所问的。
chat-confirm = 按卡片所示批准 { $change }（第 { $revision } 版，摘要 { $digest }）吗？
chat-left = 什么也没有做。
chat-taken = 已转达：{ $word }。

# 以命令提出的请求，频道里人人看到的样子。
chat-asked = { $name } 请求：{ $words }

# 只有聊天平台才有的命令。
chat-command-ask = 用话语提问或提出请求
chat-command-this = 将此提为变更
chat-option-change = 变更的编号；不写则为此处最近显示的那个
chat-option-change-needed = 变更的编号
chat-option-confirm = 组件的名称，严重风险时需要输入
chat-option-words = 话语
chat-option-why = 原因
chat-option-when = 现在、在窗口 名称，或 2026-12-01 22:00 Asia/Shanghai
chat-option-resolution = 它究竟如何
chat-option-template = 模板的名称
chat-option-code = 给另一个身份的代码
chat-option-identity = 身份，例如 discord:1234
chat-option-who = 谁；不写则为您自己
chat-option-action = 要做什么，例如 批准
chat-option-target = 变更，或环境
chat-option-error = 代码，例如 CM-4008
chat-option-language = 语言
chat-option-kinds = 消息的种类，例如 approvals failures

## 聊天平台的频道。Facts: kinds（词）、word（命令词）。

question-kinds = 要哪些类别的通报？多个之间用逗号隔开。
subscriptions = 本频道会收到：{ $kinds }。不会提醒任何人，静默时段照样有效。
subscriptions-none = 本频道不会自行收到任何通报。用“{ $word }”加上审批、失败、预算或告警来开始。
subscriptions-alerts = 目前还没有告警来源：一旦有了，频道就会收到。

# In the place of a card that is shown anew further down.
chat-card-moved = { $change } 的卡片已移到下方。
# Told to somebody alone, because the place where they were to be told is closed to us.
chat-told-here = 以下内容原本要在 { $channel } 里说，但那里已无法发言（{ $reason }）：
chat-card-told-here = { $change }（{ $component }）的卡片已无法在 { $channel } 中显示（{ $reason }）。当前状态：{ $state }。`show { $change }` 会在这里重新显示。

## 表单。Facts: change, component, name（组件名）, least 和 most。

form-close = 返回
form-approve = 批准 { $change }
form-approve-intro = 这对 { $component } 是高风险操作。输入组件名，即对卡片所示内容会签。
form-approve-submit = 批准
form-name = 组件名
form-name-hint = { $name }
form-reject = 驳回 { $change }
form-reject-intro = { $component } 保持原样。原因会写在卡片和账本里。
form-reject-submit = 驳回
form-why = 原因（可留空）
form-why-hint = 应当怎样改
form-edit = 修改 { $change }
form-edit-intro = { $component } 的新值。没改的保持不变；变更会重新计划，并需要重新批准。
form-edit-submit = 重新计划
form-words = 其他内容，用文字说明
form-words-hint = 例如：增加变量 MODE=fast
form-yes = 是
form-no = 否
form-bounds = { $least } 到 { $most }
form-kind-name = 小写字母、数字和连字符
form-kind-image = 镜像，例如 nginx:1.27
form-kind-cpu = 例如 250m 或 2
form-kind-memory = 例如 64Mi 或 1Gi
form-kind-duration = 例如 90s 或 5m
form-kind-schedule = 五个 cron 字段，例如 0 2 * * *，或 @daily
form-kind-time-zone = 例如 Asia/Shanghai
form-kind-host = 主机名，例如 shop.example.com
form-kind-cidr = 地址段，例如 10.0.0.0/16
form-kind-path = 路径，例如 /healthz
form-kind-secret = 引用：env:NAME 或 file:PATH，绝不是密文本身
form-kind-map = 每行一个 NAME=VALUE
form-kind-list = 每行一个
form-ask = 将此转为变更
form-ask-intro = 您发送的就是您说的话：请改到它表达您想要的为止。有人批准之前什么都不会发生。
form-ask-label = 要做什么
form-ask-hint = 例如：把 cart 扩到 3 个副本
form-ask-submit = 提出
chat-language-auto = 随每条消息而定

## 提醒与通报。Facts: change, component, until, why, word（命令词）, state, risk, by, person, limit。

mention-waits = { $change }（{ $component }）等待决定：您可以批准它。有效期至 { $until }。
mention-reminder = { $change }（{ $component }）仍在等待决定：您可以批准它。有效期至 { $until }。
mention-expires-soon = { $change }（{ $component }）即将过期，仍在等待决定：您可以批准它。有效期至 { $until }。
mention-expired = { $why }没有任何改动。“{ $word } { $change }”会重新计划，并需要新的决定。
news-approval = { $change }：{ $component } 等待批准。{ $risk }。
news-failure = { $change }：{ $component }：{ $state }。{ $why ->
    [none] {""}
   *[other] { $why }
}
news-lifted = { $by } 已解除停止开关：会签过的继续执行。
news-budget = { $person } 今天的模型 token 已用完（{ $limit }）。命令和程序内置的计划器仍会回答；UTC 零点重新计数。

# The file with everything that would happen, before approve can be pressed.
chat-content-file = { $change } 将对 { $component } 做的全部内容
chat-option-where = 对谁生效；不写则对您在各处生效
chat-language-here = 对本频道所有人
