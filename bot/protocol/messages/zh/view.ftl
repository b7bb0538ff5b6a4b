### 由事实画出的回答，以及多处共用的词句。

## 时间

time-now = 刚刚
time-in = { $length }后
time-ago = { $length }前
time-seconds = { $count } 秒
time-minutes = { $count } 分钟
time-hours = { $count } 小时
time-days = { $count } 天

## 组件与模板

view-no-components = 还没有组件。
view-components = { $count } 个组件
view-roots = { $count } 个已有的 Terraform 目录
view-component = { $template }，版本 { $version } · { $at } 的提交 { $commit }{ $change ->
    [none] {""}
   *[other] ，来自 { $change }
}
view-values = 取值
view-history = 历史（由新到旧）
view-by-hand = 手工提交
view-no-templates = 没有模板。
view-templates = { $count } 个模板
view-templates-hint = 用 `模板 名称` 可查看某个模板及其参数。

## 变更

view-no-changes = { $since ->
    [none] 没有变更。
   *[other] 自 { $since } 以来没有变更。
}
view-changes = { $since ->
    [none] {""}
   *[other] 自 { $since } 以来的{" "}
}{ $count } 个变更（由新到旧）
view-approvers = 谁可以批准 { $change }
view-approver = { $name }（{ $person }：{ $roles }）
view-approvers-people = 目前已知：{ $people }
view-approvers-nobody = 目前没有已知的人可以批准。

## 账本

view-no-entries = 这里没有账本记录。
view-entries = { $count } 条账本记录（由旧到新）
view-ledger-verified = 账本验证通过：{ $head ->
    [none] 链条完整。
   *[other] 共 { $count } 条，链条完整，最后一条的哈希是 { $head }。
}
view-ledger-against = { $against ->
    [internal] 已检查：每一条与前一条相符，末尾与头部记录相符。若要排除整体被重写，请与存放在别处的副本比对。
    [checkpoint] 已检查：每一条与前一条相符，整体与签名检查点相符。
   *[other] 比对依据：{ $against }。
}
entry-halted = 停止一切
entry-lifted = 解除停止
entry-access_refused = 因无权被拒
entry-proposed = 已提出
entry-edited = 已修改
entry-planned = 已计划
entry-plan_ended = 计划终止
entry-decided = 已决定
entry-decision_refused = 决定被拒
entry-countersigned = 已会签
entry-exec_intent = 即将生效
entry-exec_outcome = 执行结束
entry-verified = 已检查
entry-ended = 未生效而结束
entry-needs_attention = 需要关注
entry-resolved = 已了结
entry-pushed = 已推送
entry-model_asked = 已询问模型
entry-stop_asked = 已要求停止
entry-alarm = 【警报】

## 集群

view-no-objects = { $environment } 中没有 { $kind }。
view-objects = { $environment } 中的 { $kind }：{ $count } 个
view-no-events = 没有事件。
view-events = { $count } 个事件（由新到旧）
view-no-logs = { $pod }（{ $container }）的日志为空。
view-logs = { $pod }（{ $container }）日志的最后 { $count } 行（由旧到新）
health-healthy = { $subject } 健康{ $wanted ->
    [0] 。
   *[other] ：{ $wanted } 个 Pod 中 { $ready } 个就绪。
}
health-progressing = { $subject } 正在就绪{ $wanted ->
    [0] 。
   *[other] ：{ $wanted } 个 Pod 中 { $ready } 个就绪。
}
health-unhealthy = { $subject } 不健康{ $wanted ->
    [0] 。
   *[other] ：{ $wanted } 个 Pod 中 { $ready } 个就绪。
}
health-missing = { $subject } 不存在。
health-unknown = 没有信息能说明 { $subject } 是否健康。
health-at = 查看于 { $at }
trouble-image-pull = { $object }：无法拉取镜像
trouble-crash-loop = { $object }：容器反复启动又崩溃
trouble-unschedulable = { $object }：没有节点可以接收该 Pod
trouble-probe-failing = { $object }：探针失败
trouble-out-of-memory = { $object }：内存超过上限而被终止
trouble-config-missing = { $object }：缺少所需的 ConfigMap 或 Secret
trouble-not-ready = { $object }：未就绪
trouble-quota = { $object }：命名空间的配额已用尽
trouble-job-failed = { $object }：任务失败

## 偏离

view-drift-nothing = { $environment } 中没有可以查看的：既没有由验戳应用的组件，也没有已有的 Terraform 目录。
view-drift-none = { $environment } 没有偏离：{ $looked } 个组件都与提交的一致
view-drift = { $environment } 中 { $looked } 个组件里有 { $count } 个偏离了提交的样子
view-drift-unknown = { $environment } 中 { $looked } 个组件里有 { $problems } 个无法判断
view-drift-unsure = ，另有 { $problems } 个无法判断
view-drift-found = { $component }（现状 → 已提交）
drift-create = 不存在：
drift-update = 有差异：
drift-replace = 有差异，只有销毁并重建才能恢复：
drift-delete = 存在，但没有提交过：
drift-take-over = 有差异，且归别的管理者所有：
view-drift-proposal = 说“把 { $name } 恢复成提交的样子”即可恢复；说“保留 { $name } 的现状”则采纳现状。
view-drift-root = 说“计划 { $name } 目录”即可恢复；若要保留现状，请自行写进它的文件。
view-drift-problem = 无法查看 { $component }：
view-drift-same = 与提交一致：{ $components }

## 总览

overview-stopped = 一切已停止：{ $by } 于 { $at } 拉下了停止开关{ $why ->
    [none] {""}
   *[other] ，原因：{ $why }
}。在有人说“恢复一切”之前，什么都不会开始。
overview-not-stopped = 没有停止。
overview-frozen = 冻结期 { $freeze } 对 { $environments } 生效，直到 { $until }{ $reason ->
    [none] {""}
   *[other] ：{ $reason }
}
overview-read-only = 只读：{ $environments }
overview-yours = { $count } 个变更等待您决定
overview-others = { $count } 个变更等待他人
overview-running = { $count } 个变更正在进行
overview-failed = 最近一天有 { $count } 个变更失败
overview-quiet = 没有等待、进行中或失败的变更。
halt-pulled = 一切已停止：在有人用“恢复一切”解除之前，任何计划都不会开始。
halt-again = 停止开关之前已被拉下：{ $by }，{ $at }。
halt-running = 已要求 { $count } 个运行停止；结果随后说明。
halt-none-running = 当时没有运行。
halt-lifted = 停止开关已解除。已会签且仍然有效的计划现在开始。

## 理解到的内容

understood-create = 理解为：新建 { $component }{ $template ->
    [none] {""}
   *[other] ，使用模板 { $template }
}
understood-edit = 理解为：修改 { $component }
understood-restart = 理解为：重启 { $component }
understood-delete = 理解为：删除 { $component }
understood-restore = 理解为：将 { $component } 恢复到{ $version ->
    [none] 它出现之前，即什么都没有
   *[other] 版本 { $version }
}
understood-patch = 理解为：修改 { $object } 的字段（{ $component }）
understood-reconcile = 理解为：将 { $component } 恢复成提交的样子
understood-root = 理解为：计划目录 { $folder }，作为 { $component }
understood-revises = 作为 { $change } 的下一修订
field-removed = （移除）

## 命令

command-approve = 会签一个计划
    .arguments = [编号] [--confirm 组件名]
command-reject = 驳回一个计划
    .arguments = [编号] [原因]
command-edit = 用话语修改等待中的变更
    .arguments = [编号] [话语]
command-details = 将执行的全部内容：每个文件、每个字段
    .arguments = [编号]
command-prompt = 为它发给模型的内容（不含机密）
    .arguments = [编号]
command-cancel = 在开始前撤回变更，或停止它的执行
    .arguments = [编号]
command-undo = 提出恢复上一个版本
    .arguments = [编号]
command-show = 变更的卡片
    .arguments = [编号]
command-status = 总览，或一个变更的状态
    .arguments = [编号]
command-halt = 停止一切：什么都不再开始，正在运行的被中断
    .arguments = [因为 原因]
command-lift = 解除停止
command-schedule = 给等待中的变更另定开始时间；需要重新决定
    .arguments = [编号] 现在 | 在窗口 名称 | 2026-12-01 22:00 Asia/Shanghai
command-plan-again = 重新提出已过期、计划失败、被取代、取消或驳回的变更
    .arguments = [编号]
command-resolve = 说明结局不明的执行究竟如何
    .arguments = 编号 已生效|部分生效|未开始
command-changes = 列出变更
command-components = 列出组件
command-templates = 列出模板，或查看其一
    .arguments = [名称]
command-audit-verify = 验证账本的链条
command-audit-show = 查看账本
command-audit-export = 导出账本
command-link = 要一个代码，让你的另一个身份与你关联；或使用代码
    .arguments = [CODE]
command-unlink = 解除一个身份与你的关联
    .arguments = [IDENTITY]
command-access = 某人可以做什么，以及原因
    .arguments = [WHO ACTION [TARGET [TEMPLATE]]]
command-explain = 错误代码的含义
    .arguments = CM-XXXX
command-lang = 此后用这种语言回答你；加“本频道”则针对聊天平台的这个频道
    .arguments = en|zh|auto [本频道]
command-subscribe = 向聊天平台的这个频道通报审批、失败、预算或告警
    .arguments = [类别…]
command-unsubscribe = 不再通报
    .arguments = [类别…]
command-subscriptions = 这个频道会收到哪些通报
command-help = 这份列表
command-quit = 退出

## 名称与取值的规则

noun-component = 组件名
    .rule = 1 到 63 个小写字母、数字和连字符，首尾为字母或数字（环境/命名空间/名称）
noun-change-id = 变更编号
    .rule = chg- 加 4 到 12 个小写字母或数字
noun-run-id = 执行编号
    .rule = run- 加 4 到 12 个小写字母或数字
noun-environment = 环境名
    .rule = 1 到 63 个小写字母、数字和连字符，首尾为字母或数字
noun-template = 模板名
    .rule = 1 到 63 个小写字母、数字和连字符，首尾为字母或数字
noun-parameter = 参数名
    .rule = 1 到 40 个小写字母、数字和下划线，以字母开头
noun-role = 角色名
    .rule = 1 到 63 个小写字母、数字和连字符，首尾为字母或数字
noun-person = 人员标识
    .rule = 入口名、冒号，再加 1 到 120 个字母、数字、点、连字符或下划线
noun-runner = 执行器名
    .rule = 1 到 63 个小写字母、数字和连字符，首尾为字母或数字
noun-git-object = git 对象
    .rule = 40 或 64 个十六进制数字

value-text = 必须是文本，且不超过模板允许的长度
value-integer = 必须是整数
value-bool = 必须是 true 或 false
value-choice = 必须是可选项之一
value-name = 必须是 1 到 63 个小写字母、数字和连字符，首尾为字母或数字
value-image = 必须是镜像引用，例如 nginx:1.27
value-port = 必须是 1 到 65535 的端口
value-cpu = 必须是 CPU 数量，例如 250m 或 2
value-memory = 必须是内存大小，例如 64Mi 或 2Gi
value-duration = 必须是时长，例如 30s 或 5m
value-schedule = 必须是五段的 cron 计划，例如 0 3 * * *
value-host = 必须是主机名，例如 shop.example.com
value-path = 必须是以斜杠开头的路径
value-map = 必须是名称与值的对应
value-list = 必须是列表
value-many = 条目太多
value-keys = 其中有不允许的名称
value-variable = 其中的名称必须是环境变量名
value-file = 其中的名称必须是文件名
value-bounds = 超出范围
value-long = 太长
value-secret = 必须是引用：env:名称 或 file:路径
value-order = 两个值中较小者不能超过较大者

stale-environment = 环境
stale-rule = 审批规则
stale-policy = 检查规则集
stale-target = 目标
stale-plan = 将发生的事
stale-proposal = 组件
stale-component = 组件
stale-template = 模板

## 对话自身

help-sentences = 想要什么，直接说即可，例如“把镜像 nginx:1.27 部署为 shop 里的 cart”或“cart 健康吗？”。没有人批准之前，什么都不会发生。可用的命令：
lang-pinned = 此后这里的回答都用中文。
lang-pinned-mine = 此后在每个聊天平台上都用中文回答你。
lang-pinned-channel = 此后本频道的回答用中文，除非句子本身或某人自己的选择另有所指。
lang-let-go = 此后回答跟随所说的语言。
ledger-exported = 已将 { $entries } 条记录写入 { $path }。
