### 助手自己说的话。参数：templates（名称）、change（编号）、environment（名称）。

talk-offline =
    我是离线规划器：没有模型，不联网，同样的话总是同样的回答。我只懂模板里描述的东西。没有你的批准，什么都不会执行。
talk-help =
    用一句话说出你想做的，例如：
    • 创建命名空间 shop
    • 在 shop 部署镜像 nginx:1.27，叫 cart，2 个副本，64Mi 内存，端口 8080
    • 把 cart 扩到 3 个副本 · 把 cart 的镜像换成 nginx:1.28 · 给 cart 128Mi 内存 · 重启 cart · 删除 cart
    • 撤销 cart 的上一次变更 · 今天改了什么？
    • dev 有什么漂移？ · 把 reports 恢复成提交的样子 · 保留现状 · 计划一下 network 目录
    • cart 健康吗？ · cart 的日志 · shop 里的事件 · 列出 shop 的 pod · 列出组件 · 列出模板
    • 解释这个变更 · 谁能批准它？
    每个变更都会先完整展示，等待“批准”命令。“帮助”命令会列出所有命令。
talk-decide =
    说话不算决定，这里也没有等待决定的变更。请用“批准”或“驳回”命令来决定。
talk-decide-change =
    说话不算决定。要会签 { $change }，请用它的卡片，或者输入命令：批准 { $change }
    不同意就输入：驳回 { $change }
talk-negated =
    好的：没有提出任何变更，什么都不会改。
talk-how-to =
    直接说出愿望就行，例如“把 cart 扩到 3 个副本”，你会看到计划：改什么、风险多大、怎么退回。
    没有批准之前什么都不会执行。
talk-one-component =
    一次只处理一个组件，请说出它的名字。“组件”命令会列出全部组件。
talk-keeps-name =
    组件不能改名。请用另一个名称新建，再删除这一个。
# change: 变更的编号
talk-keeps-name-change =
    组件不能改名。请先说 取消 { $change }，再用另一个名称把整句话说一遍。
talk-one-at-a-time =
    一次只做一个变更：这是第一个。等它有了决定，再说剩下的。
# words：句子里没有用到的词，各带引号
talk-unused = 这些话没有用到：{ $words }。
# template：模板标题；facts：它的组件总是怎样
talk-always = 本来就是这样，也会一直如此：{ $facts }。{ $template }的每个组件都是。没有提出任何变更。
# template：模板标题；fact：它的组件总是怎样；word：所要的相反说法
talk-against =
    这里做不到“{ $word }”：{ $template }的每个组件都是{ $fact }，没有参数能改变这一点。没有提出任何变更。
    如果就要{ $fact }，请去掉这个词再说一遍。
talk-unsure =
    我不确定你的意思，所以没有提出任何变更。最接近的模板：{ $templates }。
    例如：在 shop 部署镜像 nginx:1.27，叫 cart。说“帮助”可以看到更多。
talk-no-cluster =
    环境 { $environment } 没有配置集群：组件只提交到那里，由别的系统应用，所以这里读不到实际运行的情况。
talk-model-failed =
    模型 { $model } 未能应答（{ $code }；“解释 { $code }”可查看详情）。以下内容没有用到它。
talk-model-rests =
    模型 { $model } 连续多次失败（{ $code }），暂时不再请求。以下内容没有用到它。
talk-never-sent =
    { $environment } 的内容不会发送给任何模型：由离线规划器回答。

## 等待

reminder = { $change }（{ $component }）仍在等待决定：您可以批准它。有效期至 { $absolute }（{ $relative }）。
reminder-last = { $change }（{ $component }）即将过期，仍在等待决定：您可以批准它。有效期至 { $absolute }（{ $relative }）。
question-zone = 哪个时区？请带上时区再说一遍，例如“{ $word } { $change } { $example } Asia/Shanghai”。
