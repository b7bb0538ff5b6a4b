### 卡片：一个变更的样貌。名称、编号和代码从不翻译。

## 标题

title-create = 新建 { $component }，环境 { $environment }
title-edit = 修改 { $component }，环境 { $environment }
title-restart = 重启 { $component }，环境 { $environment }
title-delete = 删除 { $component }，环境 { $environment }
title-restore = 将 { $component } 恢复到早先版本，环境 { $environment }
title-patch = 修改 { $component } 的字段，环境 { $environment }
title-reconcile = 将 { $component } 恢复成提交的样子，环境 { $environment }
title-root = 应用已有的 Terraform 目录 { $component }，环境 { $environment }
card-ids = [{ $change } · 修订 { $revision }]

## 数量

count-add = 新增 { $count } 项
count-change = 变更 { $count } 项
count-replace = 替换 { $count } 项
count-delete = 删除 { $count } 项
count-outputs = { $count } 个输出值有变
count-nothing = 没有要改的
count-recorded = 现状无需改动，只记录 { $count } 个文件

## 状态

state-draft = 已起草
state-planning = 正在计划
state-awaiting_approval = 等待批准
state-approved = 已批准，等待开始
state-approved-by-rule = 已由规则批准：{ $rule }，等待开始
state-claimed = 即将开始
state-executing = 正在执行
state-applied = 已应用，即将检查
state-verifying = 正在检查
state-succeeded = 已完成并通过检查
state-discarded = 已撤回
state-no_changes = 没有要改的
state-policy_denied = 被检查拒绝
state-plan_failed = 无法计划
state-rejected = 已驳回
state-expired = 已过期
state-superseded = 已被新计划取代
state-cancelled = 已取消
state-failed = 失败
state-degraded = 已应用，但不能正常工作
state-needs_attention = 需要关注：结局不明
state-resolved = 已由人了结

## 每个资源会怎样

verb-create = 新增
verb-update = 变更
verb-take-over = 接管并变更
verb-replace = 【替换】
verb-delete = 【删除】
verb-keep = 不变
card-because = 原因：
card-forced = 起因：
reason-tainted = 它被标记为 tainted
reason-cannot-update = 它不能就地修改
reason-replace-by-request = 有人要求重建
reason-replace-by-triggers = 它的触发条件
reason-forget = 只从状态中移除，它本身仍在
card-unknown = （应用后才知道）
card-moment = （计划的时刻）
card-kept = 另有 { $count } 个资源保持不变
card-size-lines = { $count } 行
card-size-fields = { $count } 个字段
card-hidden = （已隐藏，标记 { $mark }）
card-hidden-changed = （已隐藏，有变化）
card-hidden-unchanged = （已隐藏，无变化）
card-outputs = 输出值
card-found = 左边是现状，右边是已提交的：
card-root = 目录 { $folder }，共 { $count } 个文件，摘要 { $digest }
card-root-own = 它保留自己的后端和状态。验戳只按这些文件应用，不改写其中任何一个。
card-root-file = { $count } 行，摘要 { $digest }

## 有何不同

card-replaces = 本变更取代 { $change }，与它的不同之处：
card-revised = 与上一修订的不同之处：
card-no-difference = 将发生的事没有不同，只是重新计划了一次。
difference-rule = 审批规则（{ $field }）
card-absent = （无）

## 检查发现

card-findings = 检查发现
severity-note = 提示：
severity-warn = 警告：
severity-deny = 拒绝：

## 风险

risk-low = 风险：低
risk-moderate = 风险：中
risk-severe = 风险：【严重】
risk-delete = { $about } 将不复存在。
risk-replace = { $about } 将被销毁并重建。
risk-take-over = 将从现有管理者手中接管 { $about } 的字段。
risk-shared-kind = { $about } 被他人共用、对外可达或存有机密值。
risk-unknown-kind = 验戳不认识 { $about } 的类型，因此按严重处理。
risk-in-use = { $about } 可能正被使用，将在使用中被修改。

## 假定

card-assumptions = 没有人说过、因而假定的值
origin-said = 您所说
origin-default = 模板默认值
origin-environment = 来自环境配置
origin-memory = 沿用本次对话
origin-kept = 保持现值
origin-model = 由模型选定，没有人说过
origin-found = 取自现状，照原样采纳
origin-outside = 【来自外部文本】{ $source }

## 保留说明

card-caveats = 计划看不到或不能保证的
caveat-remote-unreachable = 目前无法连接远程仓库{ $about ->
    [none] {""}
   *[other] {" "}{ $about }
}；推送会一直重试到送达为止。
caveat-remote-moved = 分支 { $about } 与远程仓库已分叉：在有人合并之前，推送会一直等待。
caveat-unpushed-commits = 此前未推送的 { $about } 个提交会一并推送。
caveat-reduced-isolation = 在这台机器上，{ $about } 以较弱的隔离运行。
caveat-not-ours-stays = { $about } 已不归我们管理，将会保留。
caveat-adopts = { $about } 已经存在，将成为该组件的一部分。
caveat-not-dry-run = { $about } 无法事先在服务器上试运行，因为它的命名空间尚不存在。
caveat-check-fails = 配置自带的检查未通过：{ $about }
caveat-file-in-scratch = { $about } 是执行机器上的文件。那里只写临时目录，文件不会保留，下一次计划还会再要它。
caveat-made-anew = { $about } 无法就地修改：会先删除再重新创建，事先无法试运行。

## 退路

way-back-previous-version = 退路：撤销可完整恢复上一个版本。
way-back-not-everything = 退路：撤销能恢复配置，但【不能】恢复{ $what }。
way-back-reconcile = 退路：无法回到现状。现状只记录在这张卡片上，撤销不能带回。
way-back-root = 退路：验戳不保存这个目录的版本。请把文件改回原样，再计划一次。
lost-data = 其中的数据
lost-effects = 它已经做过的事
lost-secret-values = 当时引用所指的值
lost-pods = {" "}Pod 的状态和以往运行的日志
lost-history = 以往运行的历史
lost-machine = 其磁盘上的内容和地址
lost-machine-replaced = 被替换的机器的磁盘和地址
lost-old-versions = 期间已过期的对象旧版本
lost-identifiers = 其他资源引用它所用的标识
lost-private-key = 原来的密钥和证书：会生成新的

## 审批

rule = 审批：需要 { $count } 位角色为 { $roles } 的人批准（规则：{ $written_at }）
rule-itself = 批准：由规则本身批准（{ $rule }）；人仍然可以拒绝。
rule-else = 规则不能批准时：需要 { $count } 位角色为 { $roles } 的人
rule-approved = 由规则批准：{ $rule }
deciders = 还差 { $missing } 个批准，可由 { $people } 给出。
deciders-nobody = 还差 { $missing } 个批准，目前没有已知姓名的人可以给出。
rule-nobody = 审批：此处没有人可以批准（规则：{ $written_at }）
self-approval-allowed = { $people ->
    [none] 提出者和修改者可以自己批准。
   *[other] 由 { $people } 提出或修改，可以自己批准。
}
self-approval-forbidden = { $people ->
    [none] 提出者和修改者不能自己批准。
   *[other] 由 { $people } 提出或修改，不能自己批准。
}
card-until = 有效期至 { $absolute }（{ $relative }）
mark-approve = { $person } 于 { $at } 批准
mark-void = { $person } 于 { $at } 批准：无效，不再计数
mark-reject = { $person } 于 { $at } 驳回
card-digest = 摘要 { $digest }
card-confirm = 若要批准，请亲手输入组件名：{ $word } { $change } --confirm { $name }
card-resolve = 请查看目标，然后说：{ $word } { $change } 已生效 | 部分生效 | 未开始
card-undo = { $word } { $change } 会提出恢复上一个版本。
card-plan-again = { $word } { $change } 会按届时的现状重新提出它。

## 何时开始，在等什么

card-starts = 将于 { $at } 开始，最迟 { $until }
card-starts-window = 将在窗口“{ $window }”内开始：{ $at }，最迟 { $until }
card-start = 开始时间
card-start-at-once = 批准后立即
card-held-approval = 现在不能批准：
card-held-start = 暂缓：
card-passes = 例外“{ $exception }”让它通过冻结“{ $freeze }”
card-passes-approved-by = 一旦有角色为 { $roles } 的人批准，例外“{ $exception }”就让它通过冻结“{ $freeze }”
card-behind = 排在 { $change } 之后（{ $state }，已 { $length }）；队列中第 { $place } 个，共 { $waiting } 个

## 结果

card-verified = 检查结果：正常工作。
check-applied = 与所应用的一致
check-gone = 已消失
check-unchanged = 再次计划，没有要改的
card-not-verified = 检查结果：【不能】正常工作。
card-done = 失败之前已知改动了：
card-push-owed = 已生效，但尚未推送到远程仓库；会继续重试。
card-run = 执行 { $run }，用时 { $took }
evidence = 依据：

result-succeeded = { $component }：已完成并通过检查（{ $change }）。
result-discarded = { $component }：已撤回（{ $change }）。没有任何改动。
result-no_changes = { $component }：现状已是如此（{ $change }）。没有任何改动。
result-policy_denied = { $component }：被检查拒绝（{ $change }）。没有任何改动。
result-plan_failed = { $component }：无法计划（{ $change }）。没有任何改动。
result-rejected = { $component }：已驳回（{ $change }）。没有任何改动。
result-expired = { $component }：无人及时决定（{ $change }）。没有任何改动。
result-superseded = { $component }：计划已失效（{ $change }）。没有任何改动；随后会有新卡片。
result-cancelled = { $component }：已取消（{ $change }）。没有任何改动。
result-failed = { $component }：失败（{ $change }）。
result-degraded = { $component }：已应用，但不能正常工作（{ $change }）。
result-needs_attention = { $component }：已开始，但结局不明（{ $change }）。不会自动重新执行，请查看。
result-resolved = { $component }：已由人了结（{ $change }）。

## 进展

progress-committing = 正在提交 { $about }
progress-commit-found = 提交 { $about } 已经存在
progress-pushing = 正在推送到 { $about }
progress-reading-back = 正在读回 { $about }
progress-applying = 正在应用 { $about }
progress-deleting = 正在删除 { $about }
progress-waiting = 等待中：{ $about }
progress-waiting-gone = 等待 { $about } 消失
progress-ready = 已就绪：{ $about }
progress-refreshing = 正在读取 { $about }
progress-creating = 正在创建 { $about }
progress-updating = 正在变更 { $about }
progress-replacing = 正在重建 { $about }
progress-still = 仍在进行：{ $about }
progress-done = 已完成：{ $about }
progress-failed = 失败：{ $about }
progress-saving-state = 正在保存 { $about } 的状态
progress-second-plan = 正在再次计划 { $about }：应当没有要改的

## 详情

details-actions = 将发生的全部内容
details-commit = 记录本变更的提交所含文件
details-file = 文件 { $name }
details-withheld = （不显示：检查发现其中有机密）
details-no-newline = （末尾没有换行）

## 限度

budget-left-out = 此处有 { $count } 行未显示：批准前请查看详情。
budget-losses = { $change } 将删除或替换 { $count } 个资源，它们的名称在此放不下。请打开详情；不能从这条消息批准。
budget-elsewhere = { $change } 的卡片在此放不下。请打开详情；不能从这条消息批准。
