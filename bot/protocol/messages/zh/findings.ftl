# tools/checks 中各项检查的说明；`.remedy` 为处理办法。
finding-secret-in-clear = { $about } 的 { $path } 处含有疑似凭据的内容
    .remedy = 请把它放进 secret 组件（以引用方式：env:NAME 或 file:PATH），再在此处引用。
finding-namespace-escape = { $about } 会写入命名空间“{ $namespace }”，而该组件只能使用“{ $allowed }”
    .remedy = 请改用那个命名空间自己的组件。
finding-node-access = { $about } 要求 { $field }，会触及节点本身
    .remedy = 请去掉 { $field }。
finding-floating-tag = { $about } 使用的镜像 { $image } 标签会变动：明天的 Pod 可能与今天不同
    .remedy = 请写明版本或摘要。
finding-data-loss = { $about } 将被删除，其中的数据或对象也随之消失
    .remedy = 请先备份需要的内容：撤销只会重新创建，不会找回数据。
finding-many-deletes = { $about } 中将一次删除 { $count } 个资源
    .remedy = 批准前请先看完下面的删除清单。
finding-unreadable = 无法严格解析 { $about }：{ $reason }
    .remedy = 请修正模板：纯 YAML，每个文件一个对象，不用别名和标签。
finding-judge-failed = 检查项“{ $about }”自身出错，因此按拒绝处理
    .remedy = 请反馈此问题；在此期间不会执行任何变更。
