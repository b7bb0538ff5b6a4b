### `chopmark doctor` 所说的话。属性 `.fix` 是修复办法。

doctor-state-ok = 正常
doctor-state-warn = 注意
doctor-state-fail = 失败
doctor-state-off = 未启用
doctor-summary = { $ok } 项正常，{ $warn } 项需注意，{ $fail } 项失败，{ $off } 项未启用。
doctor-fix = 修复：{ $fix }

doctor-config-built-in = 配置：内置默认值；{ $file } 不存在。
    .fix = chopmark init
doctor-config-file = 配置：{ $file }
doctor-model-offline = 模型：离线规划器，无需账号，无需网络。
doctor-model-good = 模型 { $model }：{ $address } 有应答并接受密钥；使用 { $name }。
doctor-model-plain = 模型 { $model }：{ $address } 有应答，但密钥以明文发送。
    .fix = 为 base_url 使用 https:// 地址，或使用本机上的服务

doctor-git-good = git { $version }，位于 { $path }
doctor-git-missing = 在 PATH 中没有找到 git；每个环境都需要它。
    .fix = 用系统的包管理器安装 git 2.45.1 或更新版本，例如：apt-get install git
doctor-git-old = git { $version } 太旧；最低可用 2.39。
    .fix = 安装 git 2.45.1 或更新版本
doctor-git-hole = git { $version } 缺少 CVE-2024-32002 的修复。
    .fix = 安装 2.39.4、2.40.2、2.41.1、2.42.2、2.43.4、2.44.1、2.45.1 或更新版本
doctor-git-failed = 无法运行 git：{ $reason }
    .fix = git --version

doctor-data-good = 数据文件夹 { $folder } 可写。
doctor-data-new = 数据文件夹 { $folder } 将在首次启动时建立。
doctor-data-open = 其他用户可以读取数据文件夹 { $folder }（权限 { $mode }）。
    .fix = chmod 700 { $folder }
doctor-data-failed = 数据文件夹 { $folder } 不可写：{ $reason }
    .fix = 把它交给你的用户，或用 --data 指定另一个
doctor-space-good = 数据可用空间 { $free }
doctor-space-low = 数据可用空间只有 { $free }；低于 { $wanted } 时繁忙的安装很快会停下。
    .fix = 腾出空间，或移动数据文件夹（--data）
doctor-space-none = 数据可用空间只有 { $free }：变更可能无法记录，那样就什么都不会启动。
    .fix = 腾出空间，或移动数据文件夹（--data）

doctor-database-new = 数据库：首次启动时建立。
doctor-database-good = 数据库 { $file } 可以打开，版本相符。
doctor-not-stopped = 停止开关：未拉下
doctor-stopped = 一切已停止：{ $by } 于 { $at } 拉下了停止开关{ $why ->
    [none] {""}
   *[other] ，原因：{ $why }
}。
    .fix = 由管理这个安装的人解除：chopmark resume
doctor-ledger-good = 账本：{ $entries } 个条目校验通过；末端 { $head }
doctor-clock-good = 时钟：{ $now }
doctor-clock-wrong = 时钟显示 { $now }，这不可能：批准会在错误的时间过期。
    .fix = 校准时钟，例如：timedatectl set-ntp true
doctor-clock-behind = 时钟显示 { $now }，而账本最新的条目来自 { $newest }。
    .fix = 校准时钟，例如：timedatectl set-ntp true
doctor-isolation-full = 程序在限制中运行（{ $isolation }）。
doctor-isolation-reduced = 程序的限制较弱：这个内核没有 Landlock。
    .fix = Linux 5.13 或更新版本，并启用 Landlock（lsm=…,landlock）
doctor-templates-good = 模板：{ $count } 个可用。

doctor-repository-good = { $environment }：仓库 { $path }，分支 { $branch }
doctor-repository-new = { $environment }：仓库 { $path } 将在首次启动时建立。
doctor-repository-missing = { $environment }：{ $path } 处没有 git 仓库。
    .fix = 把你的仓库 git clone 到 { $path }，或在配置中写另一个路径
doctor-remote-good = { $environment }：远程 { $remote } 有回应。
doctor-remote-off = { $environment }：没有远程；提交留在本地。
doctor-remote-failed = { $environment }：远程 { $remote } 没有回应：{ $reason }
    .fix = git -C { $path } ls-remote { $remote }
doctor-cluster-good = { $environment }：集群 { $cluster } 有回应。
doctor-cluster-off = { $environment }：没有配置集群。
doctor-plan-identity-off = { $environment }：计划与变更使用同一身份（没有 plan_context）。
doctor-plan-identity-good = { $environment }：计划身份只能试运行。
doctor-plan-identity-loose = { $environment }：计划身份能做真正的变更：缺少准入策略。
    .fix = chopmark init kubernetes | kubectl apply -f -
doctor-plan-identity-powerless = { $environment }：计划身份没有写权限，因此也不能试运行。
    .fix = chopmark init kubernetes | kubectl apply -f -
doctor-terraform-good = { $environment }：Terraform 或 OpenTofu { $version }，位于 { $path }
doctor-terraform-old = { $environment }：{ $path } 的版本是 { $version }；最低可用 1.5。
    .fix = 安装 Terraform 1.5、OpenTofu 1.6 或更新版本
doctor-terraform-failed = { $environment }：{ $path } 没有报告版本。
    .fix = { $path } version -json
doctor-terraform-off = { $environment }：PATH 中没有 terraform 或 tofu；HCL 模板只会被提交。
doctor-providers-built-in = { $environment }：只有 Terraform 内置的 provider（terraform_data）。
doctor-providers-good = { $environment }：provider 来自 { $folder }：{ $providers }
doctor-providers-network = { $environment }：provider 在首次需要时下载到 { $folder }。
doctor-providers-gone = { $environment }：{ $folder } 处没有 provider 文件夹。
    .fix = terraform providers mirror { $folder }
doctor-providers-missing = { $environment }：为 { $missing } 写了设置，但 { $folder } 里只有：{ $providers }
    .fix = terraform providers mirror { $folder }
doctor-credentials-split = { $environment }：计划与执行各有凭据，并且都能读取。
doctor-credentials-one = { $environment }：计划使用执行的凭据。
    .fix = 添加 [environments.{ $environment }.terraform.plan_credentials] 并写上只读凭据
doctor-backend-good = { $environment }：状态保存在 { $kind }。
doctor-root-good = { $environment }：已有目录 { $root }，位于 { $folder }（{ $files } 个文件）
doctor-rule-good = { $environment }：由 { $approvers } 批准，需要 { $needed } 人（{ $at }）
doctor-rule-nobody = { $environment }：没有人可以批准任何内容（{ $at }）。
    .fix = 添加 [environments.{ $environment }.approval] 并写上 approvers
doctor-rule-never = { $environment }：规则 { $rule }（{ $at }）永远用不上：{ $before ->
        [none] 那里没有计划符合它的条件
       *[other] 符合它的都先落入 { $before }
    }。
    .fix = 把它移到那条规则之前、收窄那条规则，或者删掉它
doctor-rule-few = { $environment }：需要 { $needed } 人批准，但只有 { $people } 人可以（{ $at }）。
    .fix = 让更多人拥有角色 { $approvers }，或调低 `needed`

doctor-slack-token = Slack：令牌有效；机器人在 { $team } 中名为 { $name }。
doctor-slack-token-refused = Slack 拒绝了机器人令牌：{ $reason }
    .fix = chopmark init slack：重新安装应用，并填入新的 xoxb- 令牌
doctor-slack-unreachable = 无法连接 Slack：{ $reason }
    .fix = 请检查网络、代理（config.toml 中的 slack.api）以及 https://slack-status.com
doctor-slack-scopes = Slack：清单所需的权限范围均已具备。
doctor-slack-scopes-missing = Slack：缺少权限范围：{ $scopes }
    .fix = 把 `chopmark init slack` 给出的清单填入应用设置，并重新安装应用
doctor-slack-channels = Slack：机器人所在的频道（{ $count }）：{ $channels }
doctor-slack-channels-none = Slack：机器人不在任何频道中；它只能收到私信和斜杠命令。
    .fix = 在频道中输入：/invite @Chopmark
doctor-slack-channels-unknown = Slack：无法列出机器人所在的频道：{ $reason }
    .fix = 把 `chopmark init slack` 给出的清单填入应用设置，并重新安装应用
doctor-slack-socket = Slack：事件经由 Socket Mode 到达；应用令牌有效。
doctor-slack-socket-refused = Slack 拒绝了应用令牌，因此什么也收不到：{ $reason }
    .fix = 创建带 connections:write 的应用级令牌，并交给 `chopmark init slack`
doctor-slack-http = Slack：事件可以经由 HTTP 到达；签名密钥已设置。
doctor-slack-deaf = Slack：既没有应用令牌，也没有签名密钥，因此什么也收不到。
    .fix = chopmark init slack
doctor-slack-clock = Slack：双方时钟一致。
doctor-slack-clock-wrong = 本机时钟与 Slack 相差 { $seconds } 秒；达到 300 秒时，签名的请求会被拒绝。
    .fix = 校准时钟，例如：timedatectl set-ntp true
