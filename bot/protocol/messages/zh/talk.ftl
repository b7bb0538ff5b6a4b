### 对话中关于自身的话。

help-sentences = 想要什么，直接说即可，例如“把镜像 nginx:1.27 部署为 shop 里的 cart”或“cart 健康吗？”。没有人批准之前，什么都不会发生。可用的命令：
lang-pinned = 此后这里的回答都用中文。
ledger-exported = 已将 { $entries } 条记录写入 { $path }。
