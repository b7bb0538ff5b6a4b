### tools/checks 的检查者对计划的说法；`.remedy` 说明怎么办。

finding-secret-in-clear = { $about } 在 { $field } 处有疑似凭据的内容。
    .remedy = 请以引用方式（env:名称 或 file:路径）放进密钥组件，再在此处引用它。
finding-outside-namespace = { $about } 不在该组件自己的命名空间 { $namespace } 之内。
    .remedy = 请改用那个命名空间的组件。
finding-privileged-container = { $about } 在 { $field } 处要求特权容器。
    .remedy = 请去掉：特权容器等同于节点本身。
finding-host-path = { $about } 在 { $field } 处挂载了节点的路径。
    .remedy = 请改用集群的卷。
finding-host-namespace = { $about } 在 { $field } 处使用了节点自身的网络、进程或端口。
    .remedy = 请去掉；Service 会给 Pod 地址。
finding-added-capability = { $about } 在 { $field } 处增加了高权限能力。
    .remedy = 请去掉；无害的能力见 Pod 安全标准的 baseline 级别。
finding-floating-tag = { $about } 使用的镜像 { $image } 标签会漂移：明天的 Pod 可能与今天不同。
    .remedy = 请指定版本或摘要。
finding-namespace-goes = { $about } 将消失，其中的一切也随之消失，无论由谁创建。
    .remedy = 请先查看其中有什么，并保留需要的。
finding-data-goes = { $about } 将消失，该 { $kind } 的数据也随之消失。
    .remedy = 请先备份需要的数据：撤销会重新创建它，但里面是空的。
finding-blast-radius = { $about } 有 { $count } 个资源将消失或重建。
    .remedy = 它们已在上面逐一列出。
finding-unreadable-object = { $about } 无法按严格规则读取：{ $reason }。
    .remedy = 请修正模板：纯 YAML，一个文件一个对象，不用别名或标签。
finding-not-what-runs = 将要执行的与 { $about } 的文件所写不符。
    .remedy = 请报告此问题；在此期间不会应用任何东西。
finding-judge-failed = 检查者“{ $judge }”出错，因此拒绝。
    .remedy = 请报告此问题；在此期间不会应用任何东西。
