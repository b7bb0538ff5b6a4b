### 问题：发生了什么；`.changed` 说明改了什么、没改什么；`.next` 是下一步。
### 占位值即问题所带的事实；消息按某值分支时，缺失的值写作 `none`。

## 说的话

# Facts: length, limit (bytes)
cm-1001 = 请求长 { $length } 字节，最多接受 { $limit } 字节。
    .changed = 没有任何改动；这一行没有继续读取。
    .next = 请说得短一些；很长的值应放进仓库里的文件。
# Facts: position (of the first bad byte, counted from 1)
cm-1002 = 这一行不是有效的 UTF-8：第 { $position } 个字节有误。
    .changed = 没有任何改动；这一行未被接受。
    .next = 请把终端或写入这一行的程序设为 UTF-8 后重新发送。
# Facts: change
cm-1003 = 没有变更 { $change }。
    .changed = 没有任何改动。
    .next = 用 `变更` 可列出所有变更及其编号。
# Facts: component, nearest (names, or nothing)
cm-1004 = 没有组件 { $component }。
    .changed = 没有任何改动。
    .next = { $nearest ->
        [none] 用 `组件` 可列出现有组件。
       *[other] 您是指 { $nearest } 吗？用 `组件` 可列出现有组件。
    }
# Facts: environment, nearest or known (names, or nothing)
cm-1005 = 没有环境 { $environment }。
    .changed = 没有任何改动。
    .next = { $nearest ->
        [none] { $known ->
            [none] 请使用 config.toml 中已有的环境，或在其中添加。
           *[other] 已有环境：{ $known }。请选用其一，或在 config.toml 中添加。
        }
       *[other] 您是指 { $nearest } 吗？请使用它，或在 config.toml 中添加新环境。
    }
# Facts: what (the identifier's name), text, rule (a sentence, or a key of those below), most
cm-1006 = “{ $text }”不是有效的 { $what }，规则是：{ $rule ->
        [letter-first] 以字母开头的名称，因为会创建同名的 Service
        [shorter] 在这个模板中最多 { $most } 个字符
        [group-cluster] 分组“cluster”，因为它不属于任何命名空间
        [group-namespace] 命名空间：“cluster”只用于不属于任何命名空间的组件
        [reserved-namespace] 既不是“cluster”、也不以“kube-”开头的名称，这些是保留的
       *[other] { $rule }
    }。
    .changed = 没有任何改动。
    .next = 请换一个符合规则的名称再说一遍。
# Facts: object, environment
cm-1007 = { $environment } 中没有对象 { $object }。
    .changed = 没有任何改动。
    .next = 请先列出对象，例如“列出 shop 的 Pod”，再使用列表中的名称。
# Facts: text
cm-1008 = { $text ->
        [none] 没有听懂这个命令。
       *[other] 没有听懂命令“{ $text }”。
    }
    .changed = 没有任何改动。
    .next = 用 `帮助` 可列出命令；其他事情直接说即可。
# Facts: component, version, nearest (or nothing)
cm-1009 = { $component ->
        [none] 没有版本 { $version }。
       *[other] { $component } 没有版本 { $version }。
    }
    .changed = 没有任何改动。
    .next = { $nearest ->
        [none] 请查看该组件，其历史列出了所有版本。
       *[other] 您是指 { $nearest } 吗？组件的历史列出了所有版本。
    }
# Facts: what (the command, or nothing), change (or nothing)
cm-1010 = { $change ->
        [none] { $what ->
            [none] 这里没有这句话可以指的东西。
           *[other] 这里没有可以执行 { $what } 的东西。
        }
       *[other] { $change } 中没有这句话可以指的东西。
    }
    .changed = 没有任何改动。
    .next = 请用编号指明变更；用 `变更` 可列出它们。

# Facts: person, known
cm-1011 = 没有叫“{ $person }”的人。
    .changed = 没有任何改动。
    .next = { $known ->
        [none] 没有人拥有角色：请看配置里的 [people]。
       *[other] 已知：{ $known }。也可以用 terminal:1000 这样的身份。
    }

## 配置与数据

# Facts: file, line, column, reason
cm-2001 = { $line ->
        [none] { $file } 无法作为配置读取：{ $reason }。
       *[other] { $file } 第 { $line } 行第 { $column } 列：{ $reason }。
    }
    .changed = 没有任何改动。配置无法解析期间，谁都不能批准，也不会开始任何执行。
    .next = 请改正这一行再试；`chopmark doctor` 会检查该文件。
# Facts: file, line, column, key, nearest, allowed
cm-2002 = { $file } 第 { $line } 行第 { $column } 列：没有“{ $key }”这个键。
    .changed = 没有任何改动。配置无法解析期间，谁都不能批准，也不会开始任何执行。
    .next = { $nearest ->
        [none] 此处允许：{ $allowed }。
       *[other] 您是指“{ $nearest }”吗？此处允许：{ $allowed }。
    }
# Facts: file, line, column, key, value, expected, nearest (or nothing)
cm-2003 = { $line ->
        [none] “{ $key }”不能是 { $value }。
       *[other] { $file } 第 { $line } 行第 { $column } 列：“{ $key }”不能是 { $value }。
    }
    .changed = 没有任何改动。配置无法解析期间，谁都不能批准，也不会开始任何执行。
    .next = { $nearest ->
        [none] 应为：{ $expected }。
       *[other] 应为：{ $expected }。您是指“{ $nearest }”吗？
    }
# Facts: path, reason
cm-2004 = 无法写入 { $path }：{ $reason }。
    .changed = 没有任何改动。
    .next = 请给当前用户写权限，或用 --data 指定别的目录。
# Facts: path, reason (or nothing)
cm-2005 = { $reason ->
        [none] 找不到也无法创建数据目录 { $path }。
       *[other] 找不到也无法创建数据目录 { $path }：{ $reason }。
    }
    .changed = 没有任何改动。
    .next = 请用 --data 指定当前用户可写的目录，或设置 HOME。
# Facts: file, reason
cm-2006 = 无法读取配置 { $file }：{ $reason }。
    .changed = 没有任何改动。没有它，谁都不能批准，也不会开始任何执行。
    .next = 请恢复该文件，或用 --config 指定另一个；`chopmark init` 会写一份新的。
# Facts: file, line, column, role, roles, nearest
cm-2007 = { $line ->
        [none] 这里提到角色“{ $role }”，但没有人拥有它。
       *[other] { $file } 第 { $line } 行第 { $column } 列：这里提到角色“{ $role }”，但没有人拥有它。
    }
    .changed = 没有任何改动。配置无法解析期间，谁都不能批准，也不会开始任何执行。
    .next = { $nearest ->
        [none] 请在 [people] 中把该角色给某人，或选用：{ $roles }。
       *[other] 您是指“{ $nearest }”吗？否则请在 [people] 中把该角色给某人。
    }
# Facts: file, line, column, key
cm-2008 = { $line ->
        [none] 缺少键“{ $key }”。
       *[other] { $file } 第 { $line } 行第 { $column } 列：这里缺少键“{ $key }”。
    }
    .changed = 没有任何改动。配置无法解析期间，谁都不能批准，也不会开始任何执行。
    .next = 请补上该键；验戳自带的 config.toml 解释了每一个键。

cm-2009 = { $file } 第 { $line } 行的批准规则“{ $rule }”需要 { $needed } 个人，但最多只有 { $have } 个人能算数。
    .changed = 没有任何改动。配置无法解析期间，谁都不能批准，也不会开始任何执行。
    .next = 请给更多人它的角色之一，减少所需人数，或允许提出者自己批准（self_approval = true）。

cm-2010 = 没有配置任何聊天平台，因此没有可服务的对象。
    .changed = 没有启动任何东西。
    .next = 请运行 `chopmark init discord` 或 `chopmark init slack`，或在配置中写入 [discord] 或 [slack]。要在这里对话，请运行 `chopmark`。
# Facts: address, reason
cm-2011 = 无法在 { $address } 上接受调用：{ $reason }。
    .changed = 没有启动任何东西。
    .next = 请在 [http] listen 下换一个地址，或结束占用它的程序。

## 模板与取值

# Facts: template, nearest
cm-3001 = 没有模板 { $template }。
    .changed = 没有任何改动。
    .next = { $nearest ->
        [none] 用 `模板` 可列出现有模板。
       *[other] 您是指 { $nearest } 吗？用 `模板` 可列出现有模板。
    }
# Facts: template, parameter, nearest
cm-3002 = 模板 { $template } 没有参数“{ $parameter }”。
    .changed = 没有任何改动。
    .next = { $nearest ->
        [none] 用 `模板 { $template }` 可列出它的参数。
       *[other] 您是指“{ $nearest }”吗？用 `模板 { $template }` 可列出全部参数。
    }
# Facts: parameter, value, rule, least, most, options
cm-3003 = “{ $parameter }”不能是 { $value }{ $rule ->
        [none] 。
        [integer] ：必须是整数。
        [port] ：必须是端口（整数）。
        [bounds] ：超出范围。
        [cpu] ：必须是处理器用量，例如 250m 或 2。
        [memory] ：必须是内存大小，例如 64Mi 或 1Gi。
        [duration] ：必须是时长，例如 90s、5m 或 1h30m。
        [schedule] ：必须是五段的 cron 时间表，例如 0 2 * * *，或 @daily。
        [image] ：必须是镜像引用，例如 nginx:1.27。
        [name] ：必须由 1 到 63 个小写字母、数字和连字符组成，首尾为字母或数字。
        [host] ：必须是域名，例如 shop.example.com。
        [path] ：必须是 URL 路径，例如 /healthz。
        [cidr] ：必须是地址段，例如 10.0.0.0/16，且从前缀所指的地址开始。
        [ipv4] ：必须是 IPv4 地址，例如 203.0.113.10。
        [ipv6] ：必须是 IPv6 地址，例如 2001:db8::10。
        [time_zone] ：必须是时区，例如 Asia/Shanghai。
        [bool] ：必须是 true 或 false。
        [choice] ：不在可选值之中。
        [text] ：必须是文本。
        [map] ：必须是名称和值，例如 MODE=production。
        [list] ：必须是列表。
        [many] ：条目太多。
        [long] ：太长（按字节计）。
        [variable] ：名称必须是环境变量名：字母、数字、点、连字符和下划线，不能以数字开头。
        [file] ：键必须由字母、数字、点、连字符和下划线组成。
        [order] ：不能大于 { $most }。
        [pointer] ：必须是 JSON 指针，例如 /spec/replicas。
        [untouchable] ：补丁不能修改这个字段。
       *[other] ：{ $rule }。
    }
    .changed = 没有任何改动。
    .next = { $options ->
        [none] { $least ->
            [none] { $most ->
                [none] 请换一个符合规则的值再说一遍。
               *[other] 请换一个不大于 { $most } 的值再说一遍。
            }
           *[other] { $most ->
                [none] 请换一个不小于 { $least } 的值再说一遍。
               *[other] 请换一个 { $least } 到 { $most } 之间的值再说一遍。
            }
        }
       *[other] 请从中选择：{ $options }。
    }
# Facts: template, parameter
cm-3004 = { $template } 需要“{ $parameter }”的值。
    .changed = 没有任何改动。
    .next = 请带上这个值再说一遍。
# Facts: template, file, line, reason, remedy
cm-3005 = 模板 { $template } 无法加载：{ $file }{ $line ->
        [none] {""}
       *[other] {" "}第 { $line } 行
    }：{ $reason }。
    .changed = 没有任何改动；其他模板不受影响。
    .next = { $remedy ->
        [none] 请改正该文件；`chopmark templates check` 可检查。
       *[other] { $remedy } `chopmark templates check` 可检查。
    }
# Facts: template, environment
cm-3006 = { $environment } 中不允许使用模板 { $template }。
    .changed = 没有任何改动。
    .next = 请换一个环境，或在 config.toml 中为 { $environment } 允许该模板。
# Facts: template, file (or nothing), reason
cm-3007 = { $template } 渲染出的内容与模板声明不符：{ $file ->
        [none] { $reason }
       *[other] { $file }：{ $reason }
    }。
    .changed = 没有任何改动；草稿已丢弃。
    .next = 这是模板的缺陷：`chopmark templates check { $template }` 会指出位置。
# Facts: component
cm-3008 = { $component } 已经存在。
    .changed = 没有任何改动。
    .next = 请改为修改它，例如“把 { $component } 扩到 3 个副本”，或换一个名称。
# Facts: environment
cm-3009 = 密钥在应用变更时才填入，而{ $environment ->
        [none] 该环境
       *[other] 环境 { $environment }{" "}
    }通过 git 生效（gitops），那样就得把密钥的值提交进仓库。
    .changed = 没有任何改动；没有读取任何密钥。
    .next = 请使用 apply 模式的环境，或让应用该仓库的系统提供密钥。
# Facts: component
cm-3010 = { $component } 已经是这些值，没有可改的。
    .changed = 没有任何改动。
    .next = 查看该组件即可看到它的值。
# Facts: parameter, reference
cm-3011 = { $parameter ->
        [none] “{ $reference }”不是密钥的引用。
       *[other] “{ $parameter }”不是密钥的引用。
    }
    .changed = 没有任何改动；没有读取任何密钥。
    .next = 环境变量请写 env:名称，文件请写 file:路径；绝不要写密钥本身。
# Facts: component
cm-3012 = { $component ->
        [none] 它不运行任何 Pod，没有可重启的。
       *[other] { $component } 不运行任何 Pod，没有可重启的。
    }
    .changed = 没有任何改动。
    .next = 请改为修改某个值；只有带工作负载的组件才能重启。
# Facts: change
cm-3013 = { $change ->
        [none] 等待中的变更没有可以修改的值。
       *[other] { $change } 没有可以修改的值。
    }
    .changed = 没有任何改动；该变更仍照原样等待。
    .next = 请取消它，再说您想要什么。
# Facts: template, provider, version, supported
cm-3014 = { $template } 没有适用于 { $provider } { $version } 的变体。
    .changed = 没有任何改动。
    .next = { $supported ->
        [none] 请在镜像中换一个 { $provider } 的版本，或换一个模板。
       *[other] 它适用于 { $supported }：请在镜像中放入这个版本的 { $provider }，或换一个模板。
    }
# Facts: component, about (what cannot be written as a value)
cm-3015 = { $component } 不能保留现状：{ $about ->
        [none] 偏离之处不是模板的参数
       *[other] { $about } 不是模板的参数
    }。
    .changed = 没有任何改动：已提交的和现有的都没有动。
    .next = 说“把 { $component } 恢复成提交的样子”可回到已提交的状态，或用话语修改组件的某个值。
# Facts: component
cm-3016 = { $component } 是已有的 Terraform 目录，它的文件不由验戳来写。
    .changed = 没有任何改动。
    .next = 请自行修改目录里的文件，然后说“计划一下 { $component }”；卡片会显示结果。

## 程序、仓库、集群

# Facts: program
cm-4001 = 程序 { $program } 没有安装，或不在搜索路径中。
    .changed = 没有任何改动。
    .next = 请安装 { $program }；`chopmark doctor` 会检查。
# Facts: program, reason
cm-4002 = 程序 { $program } 失败：{ $reason }。
    .changed = 失败之前改动的内容列在卡片上，此外没有改动。
    .next = 请看原因，消除后再说一遍。
# Facts: program, seconds, output
cm-4003 = 程序 { $program } 超过 { $seconds } 秒，已被停止{ $output ->
        [none] 。
       *[other] ；它最后的输出：{ $output }
    }
    .changed = 在此之前改动的内容列在卡片上，此外没有改动。
    .next = 请查明它在等什么，然后再说一遍。
# Facts: path, reason
cm-4004 = 仓库 { $path } 无法使用：{ $reason }。
    .changed = 没有任何改动。
    .next = 请修好仓库或改正 config.toml 中的地址；`chopmark doctor` 会检查。
# Facts: path, files
cm-4005 = 仓库 { $path } 有未提交的改动：{ $files }。
    .changed = 没有任何改动；这些未提交的内容原样保留。
    .next = 请自行提交或丢弃这些改动，然后再说一遍。
# Facts: remote, reason
cm-4006 = { $remote ->
        [none] 无法连接远程仓库：{ $reason }。
       *[other] 无法连接远程仓库 { $remote }：{ $reason }。
    }
    .changed = 没有任何改动。
    .next = 请检查网络和凭据；稍后再试可能有用。
# Facts: remote, branch, what
cm-4007 = { $branch ->
        [none] 远程仓库自上次读取后有了新提交。
       *[other] 远程仓库的分支 { $branch } 自上次读取后有了新提交。
    }
    .changed = 远程仓库没有任何改动。
    .next = 请更新本地分支后再说一遍；新卡片会显示差异。
# Facts: cluster (its context), reason
cm-4008 = 无法连接集群 { $cluster }：{ $reason }。
    .changed = 没有任何改动。
    .next = 请确认它在运行、kubeconfig 的上下文正确；`chopmark doctor` 会尝试连接。稍后再试可能有用。
# Facts: about, reason
cm-4009 = 集群拒绝了 { $about }：{ $reason }。
    .changed = { $about } 没有改动；在它之前完成的内容列在卡片上。
    .next = 请按集群所说改正，然后再说一遍。
# Facts: about, fields, owner
cm-4010 = { $about }：{ $fields } 归 { $owner } 所有。
    .changed = { $about } 没有改动。
    .next = 请让 { $owner } 修改该字段，或要求接管它：接管会在卡片上单列一行。
# Facts: about or object, owner or manager
cm-4011 = { $object ->
        [none] { $about }
       *[other] { $object }
    } 由 { $manager ->
        [none] { $owner }
       *[other] { $manager }
    } 管理。
    .changed = 它没有改动：在这里改，会在那里被改回去。
    .next = 请在管理它的地方修改。
# Facts: namespace, environment
cm-4012 = { $environment } 中不存在命名空间 { $namespace }。
    .changed = 没有任何改动。
    .next = 请先说“在 { $environment } 创建命名空间 { $namespace }”。
# Facts: reference, reason
cm-4013 = 无法读取 { $reference } 所指的密钥：{ $reason }。
    .changed = 没有任何改动。
    .next = 请为执行应用的进程设置该变量或文件，然后再说一遍。
# Facts: about, trouble, reason
cm-4014 = { $about } 没有就绪：{ $reason }。
    .changed = 变更已应用，与卡片所示一致，但不能正常工作。
    .next = 请消除原因后再次变更，或撤销：上一个版本仍在记录中。
# Facts: about or object, reason
cm-4015 = { $object ->
        [none] { $about }
       *[other] { $object }
    } 与应用时不一致{ $reason ->
        [none] 。
       *[other] ：{ $reason }。
    }
    .changed = 变更已应用；此后有别的东西改了它，或它未被原样接受。
    .next = 请查明还有谁在改它，再重新提出或撤销。
# Facts: cluster, right
cm-4016 = { $cluster } 的凭据缺少权限：{ $right }。
    .changed = 没有任何改动。
    .next = 请授予该身份这项权限；`chopmark init kubernetes` 会打印所需内容。
# Facts: environment
cm-4017 = 环境 { $environment } 没有集群。
    .changed = 没有任何改动。
    .next = 请询问有集群的环境，或在 config.toml 中为 { $environment } 配置集群。
# Facts: kind, environment
cm-4018 = { $environment } 的集群不认识类型 { $kind }。
    .changed = 没有任何改动。
    .next = 请检查拼写；扩展的类型只在装有该扩展的集群中存在。
# Facts: environment
cm-4020 = 环境 { $environment } 没有使用 Terraform。
    .changed = 没有任何改动。
    .next = 请在 config.toml 中为 { $environment } 加上 [environments.{ $environment }.terraform]，或换一个有它的环境。
# Facts: provider, place
cm-4021 = 提供方插件 { $provider } 不在插件来源中{ $place ->
        [none] 。
       *[other] ：{ $place }。
    }
    .changed = 没有任何改动；没有下载任何东西。
    .next = 请把该插件放进镜像，或在 config.toml 中为该环境允许联网；`chopmark doctor` 会列出已有的。
# Facts: about, before, now
cm-4022 = { $before ->
        [none] { $now ->
            [none] { $about } 的状态文件已不是原来那份。
           *[other] { $about } 的状态文件无法读取：{ $now }。
        }
       *[other] { $about } 的状态文件已不是原来那份：之前是 { $before }，现在是 { $now }。
    }
    .changed = 没有任何改动：状态文件和它描述的资源都没有动。
    .next = 请查明是谁写过或删除了它；验戳保留的每个旧版本都在数据目录里。然后再说一遍。
# Facts: backend, reason
cm-4023 = 无法连接状态后端 { $backend }：{ $reason }。
    .changed = 没有任何改动。
    .next = 请检查它的地址和凭据；稍后再试可能有用。
# Facts: holder, id, since
cm-4024 = { $holder ->
        [none] 有人
       *[other] { $holder }{" "}
    }{ $since ->
        [none] {""}
       *[other] 自 { $since } 起
    }持有状态锁{ $id ->
        [none] 。
       *[other] （锁 { $id }）。
    }
    .changed = 没有任何改动；锁原样保留。
    .next = 请等对方完成后再说一遍。只有确认没有人在操作，才可以手工解除这把锁。
# Facts: about, reason
cm-4025 = 提供方拒绝了{ $about ->
        [none] 请求
       *[other] {" "}{ $about }
    }：{ $reason }。
    .changed = 在它之前完成的内容列在卡片上，此外没有改动。
    .next = 请按提供方所说改正，然后再说一遍。
# Facts: done, about, reason
cm-4026 = 应用在中途停下{ $about ->
        [none] {""}
       *[other] （{ $about }）
    }：{ $reason }。
    .changed = { $done ->
        [none] 在此之前完成的已记入状态文件，其余尚未开始。
       *[other] 已完成并记入状态文件：{ $done }。其余尚未开始。
    }
    .next = 请消除原因后再说一遍同样的请求：新计划只包含尚缺的部分。撤销可退回已完成的部分。
# Facts: copy, reason
cm-4027 = 状态文件无法保存：{ $reason }。
    .changed = 已应用的内容都在，但保存的状态文件不完全知道它们。{ $copy ->
        [none] {""}
       *[other] 新的状态保存在 { $copy }。
    }
    .next = 请消除原因，并在再次计划之前把保留的副本放回后端。
# Facts: file, line, what, rule
cm-4028 = { $file }{ $line ->
        [none] {""}
       *[other] {" "}第 { $line } 行
    }：不允许 { $what }{ $rule ->
        [none] 。
       *[other] （{ $rule }）。
    }
    .changed = 没有任何改动；没有任何程序读取过这份配置。
    .next = 请从文件中去掉它，然后再说一遍。
# Facts: file, line, reason
cm-4029 = { $file ->
        [none] 配置无效：{ $reason }。
       *[other] { $file }{ $line ->
            [none] {""}
           *[other] {" "}第 { $line } 行
        }：{ $reason }。
    }
    .changed = 没有任何改动。
    .next = 请改正该文件，然后再说一遍。
# Facts: folder, reason
cm-4030 = 无法把目录 { $folder } 当作 Terraform 目录读取：{ $reason }。
    .changed = 没有任何改动。
    .next = 请给出一个含有 .tf 文件、并且当前用户可读的目录。
# Facts: change
cm-4031 = { $change ->
        [none] 保留的计划
       *[other] { $change } 保留的计划
    }已不在，或不是会签过的那一份。
    .changed = 没有任何改动；只有展示过的计划才会被应用。
    .next = 请再说一遍同样的请求：会重新计划，并先展示给您看。

## 决定

# Facts: person, roles
cm-5001 = { $person } 无权这样做{ $roles ->
        [none] 。
       *[other] ：需要角色 { $roles }。
    }
    .changed = 没有任何改动；没有记录任何决定，这次尝试已记入账本。
    .next = 请找有权的人；问“谁可以批准这个变更？”会列出他们。
# Facts: change, others
cm-5002 = { $change } 的提出者和修改者不能自己批准。
    .changed = 没有任何改动；没有记录任何决定，这次尝试已记入账本。
    .next = { $others ->
        [none] 现在没有其他人可以批准：请看 config.toml 中的规则。
       *[other] 请找其中一位：{ $others }。
    }
# Facts: change
cm-5003 = { $change } 的计划已过期。
    .changed = 没有任何改动；它不能再被批准或开始。
    .next = “重新计划 { $change }”会按现在的情况重新计划。
# Facts: change, revision (the newest)
cm-5004 = 这个决定针对的是旧卡片：{ $change } 现在是修订 { $revision }。
    .changed = 没有任何改动；新旧修订都没有记录决定。
    .next = 请看最新卡片（`查看 { $change }`）再做决定。
# Facts: change, state
cm-5005 = { $change } 不允许这样做：它的状态是 { $state }。
    .changed = 没有任何改动。
    .next = 用 `查看 { $change }` 可看到它的状态和可做的事。
# Facts: change, name
cm-5006 = { $change } 属于严重风险：批准时要亲手输入组件名。
    .changed = 没有任何改动；没有记录任何决定。
    .next = 请看清会删除什么，然后说 `批准 { $change } --confirm { $name }`。
# Facts: rule (the finding's id), about
cm-5007 = 计划被 { $rule } 拒绝：{ $about }。
    .changed = 没有任何改动；它不能被批准。
    .next = 请按卡片上的办法处理，然后再说一遍。
# Facts: change
cm-5008 = 对 { $change } 的这个决定已经计入。
    .changed = 没有任何改动；它仍只算一次。
    .next = 用 `查看 { $change }` 可看到它的状态。
# Facts: person
cm-5009 = { $person } 驳回了它。
    .changed = 没有任何改动。
    .next = 请修改请求后再说一遍。

cm-5010 = { $person } 无权{ $action ->
        [ask] 查看或询问 { $about }
        [propose] 提出对 { $about } 的变更
        [approve] 对 { $about } 作决定
        [cancel] 停止别人请求的事（{ $about }）
       *[other] 管理 { $about }
    }：{ $missing ->
        [role] 没有任何角色。
        [anything] 没有任何授权让其看到任何东西。
        [whole] 需要对一切的授权。
        [action] 需要以下角色之一：{ $allowed }。
        [environment] 其角色只到环境 { $allowed }。
        [template] 其角色只到模板 { $allowed }。
       *[other] 其角色只到组件 { $allowed }。
    }
    .changed = 没有任何改动；这次尝试已记入账本。
    .next = 请找{ $administrators ->
        [none] 管理这个安装的人
       *[other] 管理这个安装的 { $administrators }
    }。“chopmark access explain” 会说明原因。

cm-5011 = 冻结“{ $freeze }”生效中{ $reason ->
        [none] 。
       *[other] ：{ $reason }。
    }
    .changed = 没有任何改动；没有记录任何决定。
    .next = 它在 { $until } 结束。可以把变更安排在那之后，或查看 { $written_at } 处的例外。

cm-5012 = { $where ->
        [none] 这个安装
       *[other] 环境 { $where } 
    }是只读的：只有提议和计划，别无其他。
    .changed = 没有任何改动；没有记录任何决定。
    .next = 团队准备好以后，由管理配置的人设置 read_only = false。

cm-5013 = 一切都已停止：{ $by } 于 { $at } 按下了停止开关{ $why ->
        [none] 。
       *[other] ：{ $why }。
    }
    .changed = 没有任何改动；解除之前不会开始任何执行。
    .next = 由有管理权限的人解除：“恢复一切”。

cm-5014 = { $change } 没有在它的窗口 { $window } 内开始，窗口已经结束。
    .changed = 没有任何改动。
    .next = 可以要求重新计划：“重新计划 { $change }”。

cm-5015 = { $change } 在 { $expires } 过期，早于它可以开始的时间（{ $window }）。
    .changed = 没有任何改动；没有记录任何决定。
    .next = 请选更早的时间，或让批准规则的有效期更长（expires_after）。

cm-5016 = “{ $window }”不是这个环境的窗口，也不是时间。
    .changed = 没有任何改动。
    .next = { $known ->
        [none] 请说带时区的时间，例如 2026-12-01 22:00 Asia/Shanghai。
       *[other] 请说 { $known } 之一，或带时区的时间，例如 2026-12-01 22:00 Asia/Shanghai。
    }

cm-5017 = 没有什么被停止。
    .changed = 没有任何改动。
    .next = “状态”会说明什么在等待、什么在执行。

cm-5018 = 这个代码无效。
    .changed = 没有任何改动；这次尝试已记入账本。
    .next = 代码只能用一次，十分钟内有效，错五次就关闭。用“关联”要一个新的。

cm-5019 = 令牌被拒绝：{ $reason }。
    .changed = 没有任何改动。
    .next = 请向管理这个安装的人要一个新的：“chopmark access token NAME”。

cm-5020 = { $whose ->
        [channel] 这个频道
       *[other] 你
    }一分钟内的请求太多（上限是 { $limit }）。
    .changed = 没有任何改动；这个请求没有处理。
    .next = 请在 { $seconds } 秒后再试。

cm-5021 = 今天的 token 已用完：{ $spent } / { $limit }。
    .changed = 没有任何改动。命令照常可用，程序内的规划器也可用。
    .next = 世界协调时零点重新计数；上限是 tokens_per_day。

cm-5022 = 你已有 { $limit } 个变更在等待。
    .changed = 没有任何改动。
    .next = 请先取消一些，或先让它们得到决定。

cm-5023 = { $identity } 已经属于 { $person }{ $by ->
        [configuration] ：配置是这样写的。
       *[other] 。
    }
    .changed = 没有任何改动。
    .next = { $by ->
        [configuration] 由管理配置的人来改。
       *[other] 请先用“取消关联”解除。
    }

cm-5024 = { $identity } 拥有 { $person } 没有的角色（{ $roles }）：关联会让 { $person } 得到更多权限。
    .changed = 没有任何改动；代码已用掉，这次尝试已记入账本。
    .next = 管理配置的人可以直接写：identities = ["{ $identity }"]。

cm-5025 = 这件事针对聊天平台的频道，而这里不是频道。
    .changed = 没有改动任何东西。
    .next = 请在 Discord 或 Slack 的频道里说。

cm-5026 = 这里有多个变更在等待：{ $changes }。
    .changed = 没有改动任何东西；没有作出任何决定。
    .next = 请指明是哪一个，例如“批准 chg-7f3k”，或按其卡片上的按钮。

## 执行

# Facts: code, or what, before, after; about and reason from the cluster
cm-6001 = { $code ->
        [none] { $what ->
            [none] 计划已失效：展示之后 { $about } 变了{ $reason ->
                [none] 。
               *[other] （{ $reason }）。
            }
           *[other] 计划已失效：展示之后 { $what } 变了{ $detail ->
                [none] 。
               *[other] （{ $detail }）。
            }
        }
       *[other] 无法查明计划是否仍然有效（{ $code }）。
    }
    .changed = 没有任何改动；对旧计划的批准作废。
    .next = 新卡片最先说明差异，请批准新的那张。

# Facts: change and holder, or run
cm-6002 = { $run ->
        [none] 另一次执行占用着 { $change } 的目标：{ $holder }。
       *[other] 执行 { $run } 仍在进行。
    }
    .changed = 没有任何改动；该变更在等待。
    .next = 那次执行结束后它会自行开始；`取消` 可撤回。
# Facts: change, run, observed or reason
cm-6003 = 执行 { $run } 结束时没有留下结果{ $observed ->
        [none] { $reason ->
            [none] 。
           *[other] ：{ $reason }。
        }
       *[other] ；已查询真实系统，结果是：{ $observed }。
    }
    .changed = 无法确知；查到的内容列在卡片上。不会自动重新执行任何东西。
    .next = { $change ->
        [none] 请查看目标，然后说 `了结`，加上变更编号和 已生效、部分生效 或 未开始。
       *[other] 请查看目标，然后说 `了结 { $change } 已生效`、`部分生效` 或 `未开始`。
    }
# Facts: change
cm-6004 = { $change ->
        [none] 存储的内容与会签的摘要不符。
       *[other] { $change } 存储的内容与会签的摘要不符。
    }
    .changed = 没有任何改动；它不会被执行。
    .next = 有人或程序改动了数据库：请运行 `chopmark audit verify`，并查明谁能访问。
# Facts: change or run
cm-6005 = { $change ->
        [none] { $run }
       *[other] { $change }
    } 的启动凭票已被使用：一个修订最多执行一次。
    .changed = 这次尝试没有任何改动。
    .next = 请 `查看` 该变更：它的执行与结果都在卡片上。
# Facts: have, needed, or why
cm-6006 = { $have ->
        [none] 开始时审批规则未满足{ $why ->
            [none] 。
           *[other] ：{ $why }。
        }
       *[other] 开始时只有 { $have } 个批准有效，需要 { $needed } 个{ $people ->
            [none] 。
           *[other] 。无效：{ $people }：{ $reason }。
        }
    }
    .changed = 没有任何改动；作过的决定仍在记录里。
    .next = 批准之后权限或规则有变；请重新批准，或问谁可以批准。
# Facts: program, reason
cm-6007 = { $program ->
        [none] 无法启动执行应用的进程：{ $reason }。
       *[other] 无法启动 { $program }：{ $reason }。
    }
    .changed = 没有任何改动。
    .next = 请消除原因（常见为内存或进程数限制）；会再次尝试。
# Facts: remote, reason
cm-6008 = { $remote ->
        [none] 提交已完成并生效，但推送失败：{ $reason }。
       *[other] 提交已完成并生效，但推送到 { $remote } 失败：{ $reason }。
    }
    .changed = 变更已生效，只是远程仓库尚不知道。
    .next = 只会重试推送；若一直如此，请检查网络和凭据。
# Facts: person, switch, why
cm-6009 = { $person } { $switch ->
        [pulled] 停止了一切{ $why ->
            [none] 。
           *[other] ：{ $why }。
        }
       *[other] 取消了它。
    }
    .changed = 若尚未开始，则没有任何改动；否则卡片列出已完成的内容。
    .next = 若仍需要，请再说一遍。

## 记录

# Facts: found, known (versions)
cm-7001 = 数据库的格式是 { $found }，本程序只认识到 { $known }。
    .changed = 没有任何改动；数据库未被触碰。
    .next = 请使用写下它的较新程序，或用 --data 指定别的数据目录。
# Facts: attempt, path
cm-7002 = { $path ->
        [none] 磁盘已满。
       *[other] { $path } 所在的磁盘已满。
    }
    .changed = 什么都没有记录，所以什么都没有开始；之前的记录完好。
    .next = 请腾出空间后再做一次。
# Facts: attempt, reason
cm-7003 = 数据库无法使用{ $attempt ->
        [none] {""}
       *[other] （操作：{ $attempt }）
    }：{ $reason }。
    .changed = 什么都没有记录，所以什么都没有开始。
    .next = `chopmark doctor` 会检查数据目录；最稳妥的第一步是先复制一份。
# Facts: entry, kind, reason; or fault
cm-7004 = { $entry ->
        [none] 账本未通过验证{ $fault ->
            [none] 。
           *[other] ：{ $fault }。
        }
       *[other] 账本未通过验证：第 { $entry } 条有问题（{ $kind }）：{ $reason }。
    }
    .changed = 验证没有做任何改动。
    .next = 请原样保留一份数据目录，并与最近的检查点或导出比对。
# Facts: attempt, reason
cm-7005 = 别人先动了它。
    .changed = 这次尝试没有任何改动。
    .next = 请看它现在的状态，若仍需要就再做一次。

## 模型与工具

# Facts: reason
cm-8001 = 模型没有应答：{ $reason }。
    .changed = 没有任何改动。命令、审批和执行不受影响。
    .next = 请再问一次，或使用命令；`帮助` 可列出命令。
# Facts: tool, nearest
cm-8002 = 没有工具 { $tool }。
    .changed = 没有任何改动。
    .next = { $nearest ->
        [none] 这是模型要求的；请换一种说法。
       *[other] 模型可能是指 { $nearest }；请换一种说法。
    }
# Facts: tool, fault
cm-8003 = { $tool } 的参数不合要求：{ $fault }。
    .changed = 没有任何改动。
    .next = 请把名称和值说完整，再说一遍。
# Facts: limit
cm-8004 = 这个请求需要的工具调用超过 { $limit } 次，已停止。
    .changed = 没有任何改动。
    .next = 请一次只要求一件事。
# Facts: model
cm-8005 = 模型 { $model } 拒绝了它的密钥。
    .changed = 没有任何改动。命令、审批和执行不受影响。
    .next = 请设置 config.toml 中 { $model } 所引用的密钥；`chopmark doctor` 会尝试。
# Facts: model, name
cm-8006 = { $model } 的服务器不认识模型 { $name }。
    .changed = 没有任何改动。
    .next = 请在 config.toml 中改正 { $model } 的模型名；`chopmark doctor` 会尝试。
# Facts: model
cm-8007 = 这段对话超出了 { $model } 一次能读的长度。
    .changed = 没有任何改动；对话内容没有丢失。
    .next = 请说得简短些，或另开一段对话，或换一个窗口更大的模型。
# Facts: model
cm-8008 = 模型 { $model } 什么也没有回答。
    .changed = 没有任何改动。
    .next = 请再问一次或换一种说法；命令不需要模型。
# Facts: model, limit
cm-8009 = 模型 { $model } 的回答超过 { $limit }，已被截断。
    .changed = 没有任何改动；那份回答没有被采用。
    .next = 请再问一次，每次只要求一件事。
# Facts: model, reason
cm-8010 = { $model } 的服务器繁忙，或配额已用完：{ $reason }。
    .changed = 没有任何改动。
    .next = 请稍后再问，或在 config.toml 中指定备用模型。
# Facts: model, reason
cm-8011 = 无法连接 { $model } 的服务器：{ $reason }。
    .changed = 没有任何改动。命令、审批和执行不受影响。
    .next = 请检查地址和网络；`chopmark doctor` 会尝试连接。
# Facts: model
cm-8012 = { $model } 的回答中断了。
    .changed = 没有任何改动；中断的回答没有被采用。
    .next = 请再问一次。
# Facts: model, limit
cm-8013 = 这个请求会用掉 { $model } 超过 { $limit } 个 token，已停止。
    .changed = 没有任何改动。
    .next = 请一次只要求一件事，或在 config.toml 中提高上限。
# Facts: environment
cm-8014 = 环境 { $environment } 的内容不得发送给模型。
    .changed = 没有任何改动；什么也没有发送。
    .next = 请用离线规划器能懂的简单句子来说（`帮助` 里有例子），或使用命令。
# Facts: platform, reason
cm-8021 = { $platform } 拒绝了我们的令牌：{ $reason }。
    .changed = 没有任何改动。变更仍然有效；没有 { $platform } 时终端照常可用。
    .next = 请查看应用是否仍已安装，再换一个新令牌：`chopmark init { $platform }`、`chopmark doctor`。
# Facts: platform, right
cm-8022 = { $platform } 不允许我们这样做：缺少 { $right }。
    .changed = 没有任何改动。变更仍然有效。
    .next = 请 { $platform } 的管理员加上它；`chopmark doctor` 会列出缺少的全部。
# Facts: platform, reason
cm-8023 = 无法连接 { $platform }：{ $reason }。
    .changed = 没有任何改动。要说的话已保存，待其恢复应答后送出。
    .next = 请稍候；若持续如此，请检查网络和平台的状态页。`chopmark doctor` 会尝试连接。
# Facts: platform, reason
cm-8024 = { $platform } 不接受我们的一条消息：{ $reason }。
    .changed = 该消息没有显示。它所涉及的变更保持不变；账本中有全部记录。
    .next = 请用 `show` 或 `status` 再问一次。如果再次发生，请报告：这是我们的错误。
# Facts: platform, channel, reason
cm-8025 = 原本要在 { $platform } 的 { $channel } 里说的话，已无法在那里说：{ $reason }。
    .changed = 没有任何改动。变更保持不变。
    .next = 请让机器人重新进入该频道，或在它可以发言的地方用 `show` 查看该变更。

## 验戳自身

# Facts: what or reason or error
cm-9001 = 发生了不该发生的事：{ $what ->
        [none] { $reason ->
            [none] { $error }
           *[other] { $reason }
        }
       *[other] { $what }
    }。
    .changed = 除卡片和账本所载，没有任何改动。
    .next = 请重试；若仍如此，请附上此代码和上面的文字报告。
