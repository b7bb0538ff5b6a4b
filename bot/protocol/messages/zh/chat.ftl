# 聊天平台在卡片和回答之外显示的文字。

confirm-approve = 批准 { $change }（变更 { $component }）吗？
confirm-resolve = 这将记录为此次执行的结果。您是否已查看真实情况？
resolution-applied = 已全部生效
resolution-partial = 部分生效
resolution-not-started = 完全未生效

# 下方引文是谁的话：模型的话绝不算我们的话。
chat-model-says = 以下是模型所说（不是验戳的话）：
# 变更的全部内容尚未进入话题时。
chat-approve-waits = 待将要发生的一切以文件或卡片形式出现在本话题中，此处才会出现“批准”。
chat-approve-elsewhere = 此处不提供批准：将要失去的内容在这张卡片上放不下。
# 比几条消息还长的文字。
chat-rest-in-file = { $count ->
   *[other] 其余 { $count } 行见文件 { $file }。
}
chat-file = 本次回答的全文，共 { $lines ->
   *[other] { $lines } 行
}
chat-guess = 可能是：{ $guess }
chat-still = 还在说……
# 按钮生效之前的对话框。
chat-confirm-title = 确定吗？
chat-confirm-no = 返回
