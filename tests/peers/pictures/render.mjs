// Draws messages of chat platforms as pictures, in a look of our own that is near to each platform's.
// Called with a folder of messages, PLATFORM/NAME-LANGUAGE.json, and the folder for the pictures; needs Debian's
// packages chromium, pngquant, fonts-noto-cjk and fonts-noto-color-emoji (CHOPMARK_TEST_CHROMIUM names another browser).
// Must never show what is not in the message: an element that it does not know ends it.

import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { Browser } from "./browser.mjs";
import { discord } from "./discord.mjs";
import { marked } from "./png.mjs";
import { slack } from "./slack.mjs";

const [from, to] = process.argv.slice(2);
if (!from || !to) throw new Error("render.mjs FOLDER_OF_MESSAGES FOLDER_OF_PICTURES");

// A picture taller than this shows its beginning and its end, and says so by a torn edge.
const TALLEST = 1500;
const BEGINNING = 760;
const END = 560;

const BASE = `
*{box-sizing:border-box;margin:0;padding:0}
html{font-family:"Noto Sans","Noto Sans CJK SC","DejaVu Sans",sans-serif;-webkit-font-smoothing:antialiased}
main{display:inline-block;width:100%}
code,pre{font-family:"Noto Sans Mono","DejaVu Sans Mono","Noto Sans Mono CJK SC",monospace}
`;
const TORN = `
.part{overflow:hidden}.first{height:${BEGINNING}px}.last{height:${END}px;position:relative}
.last>div{position:absolute;bottom:0;left:0;right:0}
.tear{text-align:center;font-size:22px;line-height:26px;opacity:.6;border-top:2px dashed;border-bottom:2px dashed;margin:2px 0}
`;

const looks = { discord, slack };
const browser = await Browser.start();
let count = 0;
try {
  for (const [platform, look] of Object.entries(looks)) {
    const pictures = join(to, platform);
    rmSync(pictures, { recursive: true, force: true });
    mkdirSync(pictures, { recursive: true });
    for (const file of readdirSync(join(from, platform)).sort()) {
      const name = basename(file, ".json");
      const text = readFileSync(join(from, platform, file), "utf8");
      const language = name.slice(-2);
      const page = look.page(JSON.parse(text), language);
      let picture = await browser.picture(html(page, look.style, language, ""), look.width);
      if (picture.height > TALLEST) {
        picture = await browser.picture(html(torn(page), look.style, language, TORN), look.width);
      }
      const digest = createHash("sha256").update(text).digest("hex");
      writeFileSync(join(pictures, `${name}.png`), marked(small(picture.png), "Source", digest));
      count += 1;
    }
  }
} finally {
  await browser.end();
}
console.log(`${count} pictures`);

function html(body, style, language, more) {
  const lang = language === "zh" ? "zh-CN" : "en";
  return `<!doctype html><html lang="${lang}"><meta charset="utf-8"><style>${BASE}${style}${more}</style><main>${body}</main></html>`;
}

// The same picture with as many colours as text on a plain ground needs: a third of the bytes.
function small(png) {
  const done = spawnSync("pngquant", ["--quality", "60-95", "--speed", "1", "--strip", "48", "-"], { input: png, maxBuffer: 1 << 26 });
  if (done.status !== 0) throw new Error(`pngquant: ${done.error ?? done.stderr}`);
  return done.stdout;
}

function torn(page) {
  return `<div class="part first">${page}</div><div class="tear">⋯</div><div class="part last"><div>${page}</div></div>`;
}
