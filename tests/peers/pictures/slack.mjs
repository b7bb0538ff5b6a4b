// A message of Slack, block by block, in a light look near to its client's.
// Used by render.mjs.
// Must never draw what Slack would not: only mrkdwn texts have markup.

export const slack = { width: 660, style: STYLE(), page };

const WORDS = {
  en: { app: "APP", when: "2:05 PM" },
  zh: { app: "应用", when: "14:05" },
};

function page(message, language) {
  const { app, when } = WORDS[language];
  const blocks = (message.blocks ?? message.attachments?.[0]?.blocks ?? []).map(block).join("");
  return `<div class="message"><div class="face">C</div><div class="body"><div class="who"><b>Chopmark</b><i>${app}</i><time>${when}</time></div>${blocks}</div></div>`;
}

function block(one) {
  switch (one.type) {
    case "header":
      return `<h2>${text(one.text)}</h2>`;
    case "section": {
      const fields = one.fields ? `<div class="fields">${one.fields.map((field) => `<div>${text(field)}</div>`).join("")}</div>` : "";
      return `<div class="section">${one.text ? `<div>${text(one.text)}</div>` : ""}${fields}${one.accessory ? element(one.accessory) : ""}</div>`;
    }
    case "context":
      return `<div class="context">${one.elements.map(text).join(" ")}</div>`;
    case "divider":
      return `<hr>`;
    case "actions":
      return `<div class="row">${one.elements.map(element).join("")}</div>`;
    case "rich_text":
      return `<div class="rich">${one.elements.map(rich).join("")}</div>`;
    default:
      throw new Error(`a block of type ${one.type}`);
  }
}

function element(one) {
  if (one.type === "overflow") return `<span class="button more">⋯</span>`;
  if (one.type !== "button") throw new Error(`an element of type ${one.type}`);
  return `<span class="button ${one.style ?? ""}">${text(one.text)}</span>`;
}

function rich(one) {
  switch (one.type) {
    case "rich_text_section":
      return `<div class="part">${one.elements.map(run).join("")}</div>`;
    case "rich_text_quote":
      return `<blockquote>${one.elements.map(run).join("")}</blockquote>`;
    case "rich_text_preformatted":
      return `<pre class="${one.border ? "bar" : ""}">${one.elements.map(run).join("")}</pre>`;
    case "rich_text_list":
      return `<ul style="margin-left:${20 + (one.indent ?? 0) * 22}px" class="l${one.indent ?? 0}">${one.elements.map((item) => `<li>${item.elements.map(run).join("")}</li>`).join("")}</ul>`;
    default:
      throw new Error(`a part of type ${one.type}`);
  }
}

function run(one) {
  switch (one.type) {
    case "text": {
      const wraps = [["code", "code"], ["bold", "b"], ["italic", "em"], ["strike", "s"]];
      return wraps.reduce((drawn, [style, tag]) => (one.style?.[style] ? `<${tag}>${drawn}</${tag}>` : drawn), escape(one.text));
    }
    case "user":
      return `<span class="mention">@ada</span>`;
    case "usergroup":
      return `<span class="mention">@operator</span>`;
    case "link":
      return `<a>${escape(one.text ?? one.url)}</a>`;
    case "emoji":
      return one.unicode ? one.unicode.split("-").map((code) => String.fromCodePoint(parseInt(code, 16))).join("") : `:${one.name}:`;
    case "date":
      return escape(one.fallback ?? "");
    default:
      throw new Error(`a run of type ${one.type}`);
  }
}

function text(one) {
  if (one.type === "plain_text") return escape(one.text).replace(/\n/g, "<br>");
  if (one.type !== "mrkdwn") throw new Error(`a text of type ${one.type}`);
  return one.text
    .replace(/```([\s\S]*?)```/g, "<pre>$1</pre>")
    .replace(/`([^`\n]+)`/g, "<code>$1</code>")
    .replace(/(^|\W)\*([^*\n]+)\*(?=\W|$)/g, "$1<b>$2</b>")
    .replace(/(^|\W)_([^_\n]+)_(?=\W|$)/g, "$1<em>$2</em>")
    .replace(/<!date\^\d+\^[^|]*\|([^>]*)>/g, "$1")
    .replace(/\n/g, "<br>");
}

function escape(words) {
  return words.replace(/[&<>"]/g, (c) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" })[c]);
}

function STYLE() {
  return `
html{background:#fff;color:#1d1c1d;font-size:15px;line-height:1.46}
.message{display:flex;gap:9px;padding:12px 18px 16px}
.face{flex:none;width:36px;height:36px;border-radius:6px;background:#a3282e;color:#fff;font:700 19px/36px serif;text-align:center}
.body{flex:1;min-width:0;display:flex;flex-direction:column;gap:8px}
.who b{font-weight:800}.who i{font-style:normal;font-size:10px;font-weight:700;background:#e8e8e8;color:#616061;border-radius:2px;padding:1px 4px;margin:0 7px 0 6px;vertical-align:1px}
.who time{font-size:12px;color:#616061}
h2{font-size:18px;font-weight:800;line-height:1.3;overflow-wrap:anywhere}
.context{font-size:13px;color:#616061}.rich,.section{overflow-wrap:anywhere}.rich .part{white-space:pre-wrap}
.rich{display:flex;flex-direction:column;gap:4px}
.fields{display:grid;grid-template-columns:1fr 1fr;gap:8px}
b{font-weight:700}code{background:#f6f6f6;border:1px solid #dedede;border-radius:3px;color:#c01343;padding:1px 3px;font-size:12px}
pre{background:#f8f8f8;border:1px solid #dedede;border-radius:4px;padding:7px 9px;font-size:12px;line-height:1.5;white-space:pre-wrap;overflow-wrap:anywhere}
pre.bar{border:0;border-left:4px solid #ddd;border-radius:0}
blockquote{border-left:4px solid #ddd;padding-left:12px;white-space:pre-wrap}
ul{padding:0}li{white-space:pre-wrap}.l1{list-style:circle}.l2{list-style:square}
hr{border:0;border-top:1px solid #ddd}
.row{display:flex;flex-wrap:wrap;gap:8px}.button{border:1px solid #bcbbbc;border-radius:8px;padding:5px 12px;font-size:14px;font-weight:700;background:#fff}
.primary{background:#007a5a;border-color:#007a5a;color:#fff}.danger{background:#e01e5a;border-color:#e01e5a;color:#fff}
.mention{background:#e8f5fa;color:#1264a3;border-radius:3px;padding:0 2px}a{color:#1264a3}
`;
}
