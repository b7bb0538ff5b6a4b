// A message of Discord, components and markup, in a dark look near to its client's.
// Used by render.mjs.
// Must never draw what Discord would not: markup that is escaped stays text.

export const discord = { width: 660, style: STYLE(), page };

const WORDS = {
  en: { app: "APP", when: "Today at 14:05" },
  zh: { app: "应用", when: "今天 14:05" },
};

function page(message, language) {
  const { app, when } = WORDS[language];
  const body = (message.components ?? []).map(component).join("") + (message.content ? `<div class="text">${markup(message.content)}</div>` : "");
  return `<div class="message"><div class="face">C</div><div class="body"><div class="who"><b>Chopmark</b><i>${app}</i><time>${when}</time></div>${body}</div></div>`;
}

function component(one) {
  switch (one.type) {
    case 1:
      return `<div class="row">${one.components.map(component).join("")}</div>`;
    case 2:
      return `<span class="button s${one.style}${one.disabled ? " off" : ""}">${one.emoji?.name ? `${one.emoji.name} ` : ""}${escape(one.label ?? "")}</span>`;
    case 9:
      return `<div class="section"><div>${one.components.map(component).join("")}</div>${component(one.accessory)}</div>`;
    case 10:
      return `<div class="text">${markup(one.content)}</div>`;
    case 13:
      return `<div class="file">📄 ${escape(one.file.url.replace("attachment://", ""))}</div>`;
    case 14:
      return `<div class="line${one.divider === false ? " none" : ""}${one.spacing === 2 ? " wide" : ""}"></div>`;
    case 17: {
      const colour = one.accent_color == null ? "#4e5058" : `#${one.accent_color.toString(16).padStart(6, "0")}`;
      return `<div class="container" style="border-left-color:${colour}">${one.components.map(component).join("")}</div>`;
    }
    default:
      throw new Error(`a component of type ${one.type}`);
  }
}

/** Blocks: fences, quotes, headings, small print, lists; everything else is a line. */
function markup(text) {
  let out = "";
  const parts = text.split(/```(?:([a-z]*)\n)?([\s\S]*?)\n?```\n?/);
  for (let at = 0; at < parts.length; at += 3) {
    out += lines(parts[at]);
    if (at + 2 < parts.length) out += fence(parts[at + 1], parts[at + 2]);
  }
  return out;
}

function lines(text) {
  if (text === "") return "";
  return text.replace(/\n$/, "").split("\n").map((line) => {
    const found = /^(-# |#{1,3} |> | *[-*] | *\d+\. )?(.*)$/s.exec(line);
    const [, mark, rest] = found;
    const body = inline(rest) || "&nbsp;";
    if (!mark) return `<p style="padding-left:${/^ */.exec(line)[0].length * 4}px">${body}</p>`;
    if (mark === "-# ") return `<p class="small">${body}</p>`;
    if (mark.startsWith("#")) return `<h${mark.length - 1}>${body}</h${mark.length - 1}>`;
    if (mark === "> ") return `<blockquote>${body}</blockquote>`;
    const depth = Math.floor((mark.length - mark.trimStart().length) / 2);
    return `<p class="item" style="margin-left:${8 + depth * 18}px"><span>${/\d/.test(mark) ? mark.trim() : depth ? "◦" : "•"}</span><span>${body}</span></p>`;
  }).join("");
}

function fence(language, text) {
  const colours = { "+": "plus", "-": "minus", "!": "bang" };
  const drawn = text.split("\n").map((line) => {
    const colour = language === "diff" ? colours[line[0]] : undefined;
    return colour ? `<span class="${colour}">${escape(line)}</span>` : escape(line);
  });
  return `<pre>${drawn.join("\n")}</pre>`;
}

const INLINE = [
  [/^\\([^a-zA-Z0-9\s])/, (m) => escape(m[1])],
  [/^``(.+?)``(?!`)/s, (m) => `<code>${escape(m[1].trim())}</code>`],
  [/^`([^`]+)`/, (m) => `<code>${escape(m[1])}</code>`],
  [/^\*\*([\s\S]+?)(?<!\\)\*\*/, (m) => `<b>${inline(m[1])}</b>`],
  [/^__([\s\S]+?)(?<!\\)__/, (m) => `<u>${inline(m[1])}</u>`],
  [/^~~([\s\S]+?)(?<!\\)~~/, (m) => `<s>${inline(m[1])}</s>`],
  [/^[*_]([^\s*_][\s\S]*?)(?<!\\)[*_]/, (m) => `<em>${inline(m[1])}</em>`],
  [/^\[([^\]]+)\]\(<?([^)>]+)>?\)/, (m) => `<a>${inline(m[1])}</a>`],
  [/^<@[&!]?(\d+)>/, () => `<span class="mention">@operator</span>`],
  [/^<t:(\d+)(?::([tTdDfFR]))?>/, (m) => `<span class="time">${new Date(m[1] * 1000).toISOString().slice(0, 16).replace("T", " ")}</span>`],
  [/^<(https?:[^>]+)>/, (m) => `<a>${escape(m[1])}</a>`],
];

function inline(text) {
  let out = "";
  while (text) {
    const found = INLINE.map(([pattern, draw]) => [pattern.exec(text), draw]).find(([match]) => match);
    if (found) {
      out += found[1](found[0]);
      text = text.slice(found[0][0].length);
    } else {
      const letter = String.fromCodePoint(text.codePointAt(0));
      out += escape(letter);
      text = text.slice(letter.length);
    }
  }
  return out;
}

function escape(text) {
  return text.replace(/[&<>"]/g, (c) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" })[c]);
}

function STYLE() {
  return `
html{background:#313338;color:#dbdee1;font-size:15px;line-height:1.36}
.message{display:flex;gap:14px;padding:14px 16px 16px}
.face{flex:none;width:40px;height:40px;border-radius:50%;background:#a3282e;color:#fff;font:700 20px/40px serif;text-align:center}
.body{flex:1;min-width:0}.who{margin-bottom:3px}.who b{color:#f2f3f5;font-weight:600}
.who i{font-style:normal;font-size:10px;font-weight:700;background:#5865f2;color:#fff;border-radius:4px;padding:1px 5px;margin:0 7px 0 5px;vertical-align:1px}
.who time{font-size:12px;color:#949ba4}
.container{background:#2b2d31;border:1px solid #3f4147;border-left:4px solid;border-radius:8px;padding:13px 14px;display:flex;flex-direction:column;gap:9px}
.text p,.text blockquote{white-space:pre-wrap;overflow-wrap:anywhere}
h1{font-size:22px}h2{font-size:18px}h3{font-size:16px}h1,h2,h3{color:#f2f3f5;margin:2px 0 4px;line-height:1.3}
b{color:#f2f3f5;font-weight:700}.small{font-size:12.5px;color:#a5abb3}.small b{color:#c4c9ce}
blockquote{border-left:4px solid #4e5058;padding-left:10px}
.item{display:flex;gap:8px}.item>span:first-child{flex:none;color:#b5bac1}
code{background:#1e1f22;border:1px solid #34363c;border-radius:4px;padding:0 4px;font-size:13px}
pre{background:#1e1f22;border:1px solid #202225;border-radius:5px;padding:8px 10px;margin:4px 0;font-size:13px;line-height:1.45;white-space:pre-wrap;overflow-wrap:anywhere}
.plus{color:#7ecb8f}.minus{color:#f07178}.bang{color:#e5b567}
.row{display:flex;flex-wrap:wrap;gap:8px}.button{border-radius:7px;padding:6px 14px;font-size:14px;font-weight:500;color:#fff;background:#4e5058}
.s1{background:#5865f2}.s3{background:#248046}.s4{background:#da373c}.off{opacity:.45}
.line{border-top:1px solid #44464d}.line.none{border:0}.line.wide{margin:5px 0}
.section{display:flex;gap:12px;justify-content:space-between}.file{background:#1e1f22;border-radius:6px;padding:10px}
.mention{background:#3c4270;color:#c9cdfb;border-radius:3px;padding:0 2px}.time{background:#3b3d43;border-radius:3px;padding:0 3px}a{color:#00a8fc}
`;
}
