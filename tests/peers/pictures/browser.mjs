// A real browser without a screen, spoken to over its own pipe.
// Used by render.mjs.
// Must never open an address: pages are given to it as text.

import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

export class Browser {
  static async start() {
    const browser = new Browser();
    browser.home = mkdtempSync(join(tmpdir(), "chopmark-pictures-"));
    const program = process.env.CHOPMARK_TEST_CHROMIUM ?? "chromium";
    const flags = ["--headless=new", "--remote-debugging-pipe", "--disable-gpu", "--hide-scrollbars", "--no-first-run"];
    flags.push("--font-render-hinting=none", "--force-color-profile=srgb", "--disable-lcd-text");
    flags.push("--disable-background-networking", `--user-data-dir=${browser.home}`);
    // Its own sandbox does not work for root; the pages are ours.
    if (process.getuid?.() === 0) flags.push("--no-sandbox");
    browser.child = spawn(program, flags, { stdio: ["ignore", "ignore", "ignore", "pipe", "pipe"] });
    browser.ended = new Promise((resolve) => browser.child.once("close", resolve));
    browser.waiting = new Map();
    browser.number = 0;
    let held = Buffer.alloc(0);
    browser.child.stdio[4].on("data", (bytes) => {
      held = Buffer.concat([held, bytes]);
      for (let end = held.indexOf(0); end >= 0; end = held.indexOf(0)) {
        browser.#answer(JSON.parse(held.subarray(0, end).toString("utf8")));
        held = held.subarray(end + 1);
      }
    });
    browser.child.once("error", (error) => browser.#all((one) => one.reject(error)));
    browser.child.once("close", () => browser.#all((one) => one.reject(new Error("the browser ended"))));
    const { targetId } = await browser.#ask("Target.createTarget", { url: "about:blank" });
    const { sessionId } = await browser.#ask("Target.attachToTarget", { targetId, flatten: true });
    browser.session = sessionId;
    await browser.#ask("Page.enable");
    const { frameTree } = await browser.#ask("Page.getFrameTree");
    browser.frame = frameTree.frame.id;
    return browser;
  }

  async picture(html, width) {
    const screen = { width, height: 800, deviceScaleFactor: 1, mobile: false };
    await this.#ask("Emulation.setDeviceMetricsOverride", screen);
    await this.#ask("Page.setDocumentContent", { frameId: this.frame, html });
    const expression = "document.fonts.ready.then(() => Math.ceil(document.querySelector('main').getBoundingClientRect().height))";
    const measured = await this.#ask("Runtime.evaluate", { expression, awaitPromise: true });
    const height = measured.result.value;
    const clip = { x: 0, y: 0, width, height, scale: 1 };
    const shot = await this.#ask("Page.captureScreenshot", { format: "png", clip, captureBeyondViewport: true });
    return { height, png: Buffer.from(shot.data, "base64") };
  }

  async end() {
    await this.#ask("Browser.close").catch(() => {});
    await this.ended;
    rmSync(this.home, { recursive: true, force: true });
  }

  #ask(method, params = {}) {
    const id = ++this.number;
    const message = { id, method, params };
    if (this.session && !method.startsWith("Browser.")) message.sessionId = this.session;
    return new Promise((resolve, reject) => {
      this.waiting.set(id, { resolve, reject });
      this.child.stdio[3].write(`${JSON.stringify(message)}\0`);
    });
  }

  #answer(message) {
    const one = this.waiting.get(message.id);
    if (!one) return;
    this.waiting.delete(message.id);
    if (message.error) one.reject(new Error(message.error.message));
    else one.resolve(message.result);
  }

  #all(tell) {
    this.waiting.forEach(tell);
    this.waiting.clear();
  }
}
