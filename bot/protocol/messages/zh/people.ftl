### 人员与权限：关联身份、权限解释、令牌。

## 关联身份。参数：code、minutes、identity、person。

link-offered = 代码是 { $code }。{ $minutes } 分钟内输入“关联 { $code }”的人从此就是 { $person }：请用另一个身份亲自输入，不要给任何人看。
link-joined = { $identity } 从现在起就是 { $person }。“取消关联”可以解除。
link-parted = { $identity } 又是独立的人了。通过它批准而尚未开始的变更，其批准不再有效。

## 权限解释。参数：person、roles、action、about、grant、patterns、rule、others。

access-person = { $person }（{ $id }）
access-roles = 角色：{ $roles }
access-no-roles = 没有角色：没有任何角色的人什么都不能做。
access-yes = 可以：{ $person } 可以{ $action }。
access-no = 不可以：{ $person } 不能{ $action }。
access-action-ask = { $about ->
        [none] 查看和询问整个安装的情况
       *[other] 查看和询问 { $about }
    }
access-action-propose = { $about ->
        [none] 提出涉及整个安装的变更
       *[other] 提出对 { $about } 的变更
    }
access-action-approve = { $about ->
        [none] 在任何地方批准
       *[other] 批准 { $about }
    }
access-action-cancel = { $about ->
        [none] 停止一切
       *[other] 停止别人在 { $about } 提出的变更
    }
access-action-administer = { $about ->
        [none] 管理整个安装
       *[other] 管理 { $about }
    }
access-grant = 权限来自 { $place } 的授权。
access-lacks-role = 这个人没有任何角色。
access-lacks-action = 没有授权把它给这个人的任何角色。
access-lacks-action-roles = 拥有它的角色：{ $would }。
access-lacks-environment = 这个人的授权只到这些环境：{ $would }。
access-lacks-template = 这个人在那里的授权只到这些模板：{ $would }。
access-lacks-component = 这个人在那里的授权只到这些组件：{ $would }。
access-rule-counts = { $place } 的审批规则承认这个人。
access-rule-no-role = { $place } 的审批规则只承认这些角色：{ $approvers }。
access-rule-nobody = { $place } 的审批规则不承认任何人。
access-rule-own-change = { $place } 的审批规则不承认变更的提出者和修改者。
access-rule-approves-itself = { $place } 的规则自行批准这类变更；人只能驳回。
access-others = 可以的人：{ $others }。
access-others-nobody = 目前没有人可以。

## 令牌。参数：file、name。

token-unknown = 配置里没有这个哈希的令牌
token-expired = 已经过期
token-readable = 这台机器的其他用户能读到它的文件
token-unreadable = 无法读取它的文件
token-form = 文件里必须只有令牌这一行
token-made = 令牌已写入 { $file }。请妥善保管：谁有它，谁就是那个人。请管理配置的人加上：
token-use = 这样使用：chopmark --approver-token-file { $file } chat

## 批准在开始时为何无效。

void-forged = 它针对的是另一个计划，或者没有封印
void-person = 这个人已经没有任何角色
void-identity = 所用的身份或令牌已不属于这个人
void-role = 规则不再承认这个人的角色
void-right = 这个人的授权不再到达这个变更
void-author = 这个人提出或修改过它
void-earlier = 之前的一次开始已判定它无效
