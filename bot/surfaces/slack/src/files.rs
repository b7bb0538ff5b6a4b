//! Files: an address is asked for, the bytes go there, then the file is shared.
//! Called when a post has files, such as the whole plan.
//! Must never share half a file: what was not taken whole is not shared.

use crate::{Inner, fault, names};
use chopmark_protocol::chat::{Attachment, Fault};
use serde_json::{Value, json};

/// Where files are shared.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Sharing<'s> {
    /// The channel.
    pub(crate) channel: &'s str,
    /// The thread.
    pub(crate) thread: Option<&'s str>,
    /// The line above them.
    pub(crate) comment: &'s str,
    /// Whether it was tried before.
    pub(crate) again: bool,
}

impl Inner {
    /// Shares files in one message. Slack names the message only later: the id is made of the first file's.
    pub(crate) async fn share(&self, files: &[Attachment], sharing: Sharing<'_>) -> Result<String, Fault> {
        let Some(first) = files.first() else { return Err(Fault::Invalid("no file".to_owned())) };
        if sharing.again
            && let Some(time) = self.found_file(sharing.channel, sharing.thread, &first.name).await?
        {
            return Ok(names::message(sharing.channel, &time));
        }
        let mut ids = Vec::new();
        for file in files {
            ids.push((self.sent(file).await?, file.name.as_str()));
        }
        let listed: Vec<Value> = ids.iter().map(|(id, name)| json!({"id": id, "title": name})).collect();
        let mut body = json!({"files": listed, "channel_id": sharing.channel, "initial_comment": sharing.comment});
        if let Some(thread) = sharing.thread {
            body["thread_ts"] = json!(thread);
        }
        self.web.call("files.completeUploadExternal", &body).await?;
        Ok(names::message(sharing.channel, &format!("file-{}", ids[0].0)))
    }

    async fn sent(&self, file: &Attachment) -> Result<String, Fault> {
        let length = file.text.len().to_string();
        let asked = [("filename", file.name.as_str()), ("length", &length), ("alt_txt", file.description.as_str())];
        let address = self.web.get("files.getUploadURLExternal", &asked).await?;
        let text = |key: &str| address.get(key).and_then(Value::as_str).map(str::to_owned);
        let (Some(to), Some(id)) = (text("upload_url"), text("file_id")) else {
            return Err(fault::later("an answer without an address"));
        };
        self.web.upload(&to, file.text.as_bytes()).await?;
        Ok(id)
    }
}
