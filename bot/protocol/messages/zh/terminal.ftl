### 命令行和终端所说的话。

## 命令行的帮助

cli-about = Chopmark（验戳）：模型起草，人来会签，受审计的执行器执行。
cli-examples = 示例：
cli-examples-list =
    {"  "}chopmark                                                     开始对话
    {"  "}chopmark ask "把镜像 nginx:1.27 部署到 shop，名为 cart"       提一个请求
    {"  "}chopmark approve chg-7f3k2p                                  批准看到的变更
    {"  "}chopmark doctor                                              检查所需的一切
cli-usage = 用法：
cli-options = 选项
cli-commands = 命令
cli-arguments = 参数

cli-chat-about = 对话（不写命令时就是它）
cli-ask-about = 用一句话提请求或提问
cli-changes-about = 列出变更
cli-show-about = 显示变更的卡片
cli-approve-about = 按看到的内容批准变更
cli-reject-about = 拒绝变更
cli-edit-about = 用文字修改等待批准的变更
cli-cancel-about = 取消尚未开始的变更
cli-undo-about = 提议恢复到之前的版本
cli-schedule-about = 给等待中的变更另定开始时间；需要重新决定
cli-plan-again-about = 重新提出已过期、计划失败、被取消或驳回的变更
cli-stop-about = 停止一切：什么都不再开始，正在运行的被中断
cli-resume-about = 解除停止开关
cli-status-about = 总览：什么在等谁，什么在运行，什么失败了
cli-resolve-about = 说明一次结局不明的执行实际怎样了
cli-audit-about = 校验、查看或导出账本
cli-audit-verify-about = 校验账本的链，并指出第一处断裂
cli-audit-show-about = 查看账本条目
cli-audit-export-about = 把每个条目写成一行 JSON
cli-components-about = 列出组件，或显示其中一个
cli-plan-about = 为已有的 HCL 文件夹生成计划并显示卡片
cli-drift-about = 说明与已提交内容的差异；有差异时以 2 退出
cli-templates-about = 列出、显示或检查模板
cli-templates-list-about = 列出所有模板
cli-templates-show-about = 显示模板及其参数
cli-templates-check-about = 检查一个模板文件夹，或装有模板的文件夹
cli-serve-about = 服务已配置的聊天平台并执行工作，直到收到停止信号
cli-init-about = 写一份配置文件（最多七个问题）
cli-init-kubernetes-about = 打印让计划身份只能试运行所需的集群策略
cli-init-discord-about = 接入 Discord：步骤、令牌、邀请链接、测试
cli-init-slack-about = 接入 Slack：清单、步骤、令牌、测试
cli-doctor-about = 检查 Chopmark 所需的一切，并给出修复办法
cli-completions-about = 打印某种 shell 的补全脚本
cli-explain-about = 说明错误代码的含义和下一步
cli-exec-about = 执行一次运行（由 Chopmark 自己启动）
cli-confine-about = 限制一个程序（由 Chopmark 自己启动）

cli-arg-config = 配置文件 [CHOPMARK_CONFIG]
cli-arg-data = 数据文件夹 [CHOPMARK_DATA]
cli-arg-lang = 语言：en 或 zh [CHOPMARK_LANG]
cli-arg-env = 没有指明时所指的环境 [CHOPMARK_ENV]
cli-arg-json = 每个事件一个 JSON 对象（docs/json.md）
cli-arg-help = 帮助
cli-arg-version = 版本
cli-arg-dry-run = 停在提议：不产生变更
cli-arg-detailed-exitcode = 有内容要变更时以 5 退出
cli-arg-words = 用自己的话说想要什么
cli-arg-all = 也包括已结束的
cli-arg-id = 标识，例如 chg-7f3k2p 或 dev/shop/cart
cli-arg-details = 每个文件和每个字段
cli-arg-prompt = 为它发给模型的内容
cli-arg-confirm = 组件的名称，严重变更需要它
cli-arg-reason = 原因，告诉所有询问的人
cli-arg-when = 现在 | 在窗口 名称 | 2026-12-01 22:00 Asia/Shanghai
cli-arg-why = 原因
cli-arg-target = 变更或组件；不写则为这里最近的变更
cli-arg-outcome = applied（已生效）、partial（部分）或 not_started（未开始）
cli-arg-limit = 最多多少条
cli-arg-output = 要写的文件；不写则为标准输出
cli-arg-name = 名称
cli-arg-path = 文件夹
cli-arg-environment = 环境的名称
cli-arg-mode = gitops：提交即生效；apply：由 Chopmark 应用到集群或用 Terraform 执行
cli-arg-repository = 环境的仓库
cli-arg-remote = 提交推送到哪里
cli-arg-context = 环境背后的 kubeconfig 上下文
cli-arg-kubeconfig = kubeconfig 文件
cli-arg-terraform = 规划 HCL 的程序：terraform、tofu 或路径
cli-arg-mirror = 其 provider 的本地镜像文件夹
cli-arg-root = 已有的 HCL 文件夹及其称呼；可重复
cli-arg-self-approval = 请求人可否自己批准：true 或 false
cli-arg-namespace = 计划身份的账号所在的命名空间
cli-arg-account = 计划身份的账号
cli-arg-yes = 不提问：选项没有说明的都用默认值
cli-arg-application = 应用的 ID，没有令牌时用于邀请链接
cli-arg-discord-token-file = 存放机器人令牌的文件
cli-arg-url = 本程序的公开 https 地址，让 Slack 来调用；省略则用 Socket Mode
cli-arg-bot-token-file = 存放机器人令牌（xoxb-…）的文件
cli-arg-app-token-file = 存放应用级令牌（xapp-…）的文件
cli-arg-signing-secret-file = 存放签名密钥的文件
cli-arg-no-input = 不提问：只打印需要人做的事
cli-arg-shell = shell 的种类
cli-arg-code = 例如 CM-4008
cli-arg-run = 运行
cli-arg-arguments = 由 Chopmark 自己填写

## 对话

terminal-banner = Chopmark { $version }：说出你想要的；在你批准之前什么都不会发生。
terminal-banner-model = 离线规划器：无需账号，无需网络。环境 { $environment }，数据在 { $data }。
terminal-banner-model-outside = 由模型 { $model } 起草，离线规划器待命。环境 { $environment }，数据在 { $data }。
terminal-banner-try = 可以试试：
terminal-banner-try-list =
    {"  "}把镜像 nginx:1.27 部署到 shop，名为 cart
    {"  "}今天改了什么？
    {"  "}你能做什么？
terminal-banner-leave = “帮助”列出命令；“退出”或 Ctrl-D 离开。
terminal-offer-kubernetes = 这里有 kubeconfig（{ $file }，上下文：{ $contexts }）。`chopmark init` 可以把其中一个变成环境。
terminal-prompt = chopmark
terminal-prompt-stopped = chopmark（一切已停止）
terminal-working = 处理中
terminal-still-working = 仍在处理：{ $seconds } 秒
terminal-detached = 不再等待 { $change }：已经开始的会继续并留下记录。`show { $change }` 可查看进展。再按一次 Ctrl-C 离开。
terminal-detached-request = 不再等待：已经开始的会继续并留下记录。`changes` 可查看进展。再按一次 Ctrl-C 离开。
request-stopped = 已停止：没有提出任何方案，也没有改变任何内容。
terminal-forced = 立即离开。已经开始的运行在自己的进程中继续并留下记录；下次启动会接收它的结果。
terminal-interrupted = 已放弃这一行。再按 Ctrl-C、按 Ctrl-D 或输入“退出”离开。
terminal-news = { $change }：{ $state }
terminal-confirm-name = 这是严重变更。输入组件名称（{ $name }）以批准，输入其他内容则保持不变：
terminal-confirm-wrong = 这不是 { $name }。没有批准任何内容。
terminal-next = 下一步
terminal-changed = 状况

## 各个命令

templates-checked = { $name }：没有问题（{ $examples } 个示例）
templates-broken = { $path }：有问题
templates-parameters = 参数
templates-required = 必填
templates-default = 默认 { $value }
templates-kinds = 产生
templates-examples = 示例
templates-none = { $path } 之下没有模板。
explain-unknown = 没有代码 { $code }。代码形如 CM-4008。
explain-nearest = 相近的：{ $codes }
audit-exported = 已把 { $entries } 个条目写入 { $file }。

prompts-sent = 发给 { $model } 的内容（{ $ago }，不含机密）：
prompts-none = { $change } 没有向模型发送任何内容：由程序内置的规划器理解。

init-question-environment = 环境的名称
init-question-mode = 那里的变更怎样生效？
init-question-mode-gitops = gitops：经过审阅的提交即生效（只需要 git）
init-question-mode-apply = apply：由 Chopmark 应用到 Kubernetes 集群或用 Terraform 执行，并记录提交
init-question-context = 哪个集群？
init-question-roots = 以下哪些 HCL 文件夹属于它？（空格选择）
init-question-repository = 存放期望状态的仓库（留空：在数据文件夹中新建）
init-question-remote = 提交推送到（留空：不推送）
init-question-self-approval = 请求人可以批准自己的变更吗？
init-stopped = 什么都没有写。
init-wrote = 已写入 { $file }：
init-unchanged = { $file } 已经是这样；没有写任何内容。
init-next = 下一步：`chopmark doctor` 检查，`chopmark` 启动。
init-no-context = 既没有带上下文的 kubeconfig，PATH 上也没有 Terraform：apply 方式需要其中之一（--kubeconfig、--context、--terraform）。
init-comment-top = 由 `chopmark init` 写成。这里只写与默认不同之处；每个选项的说明见 Chopmark 自带的 config.toml。
init-comment-environment = 变更怎样生效："gitops" 或 "apply"。
init-comment-terraform = Terraform 或 OpenTofu；凭据在此只写引用。
init-comment-roots = 已有的 HCL 文件夹，按人们的叫法命名。
init-comment-approval = 谁可以批准。没有这一节就没有人可以。
terminal-guess = 可能是：{ $guess }
terminal-undo = “撤销”恢复到之前的版本：撤销 { $change }

## People and rights on the command line

cli-access-about = 说明某人可以做什么及原因，或生成令牌
cli-access-explain-about = 说明某人能否做某事及原因：approve chg-7f3k、propose prod aws/object-storage
cli-access-token-about = 为 --approver-token-file 生成令牌，并打印配置所需的几行
cli-link-about = 要一个一次性代码，让你的另一个身份与你关联；或使用代码
cli-unlink-about = 解除一个身份与其所属人的关联
cli-arg-approver-token-file = 以此文件中令牌的所有者身份说话，而不是操作系统用户
cli-arg-who = 名字、人员或 terminal:1000 这样的身份；省略：你自己
cli-arg-wanted = ask、propose、approve、cancel 或 administer；然后是变更、环境或 ENVIRONMENT/GROUP/NAME；然后是 FAMILY/TEMPLATE
cli-arg-link-code = 另一个身份得到的代码；省略：要一个
cli-arg-identity = 哪个身份；省略：正在说话的这个
cli-arg-token-file = 令牌写到哪里；省略：当前目录下的 NAME.token
