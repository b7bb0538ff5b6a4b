# 聊天平台在卡片和回答之外显示的文字。

confirm-approve = 批准 { $change }（变更 { $component }）吗？
confirm-resolve = 这将记录为此次执行的结果。您是否已查看真实情况？
resolution-applied = 已全部生效
resolution-partial = 部分生效
resolution-not-started = 完全未生效
