// Plays odd streams that scripted models cannot make, byte for byte: the base URL ADDRESS/NAME/v1 plays odd/NAME.sse.
// Started by a test with PORT=0; the first line it prints is its address. ADDRESS/_seen tells every request.
// Must never send a line that begins with `#`: it is an order. `# status 429` · `# header Retry-After: 2` ·
// `# wait 300` (milliseconds) · `# split` (the next line in two packets, cut inside a character) · `# cut`.
import fs from 'node:fs';
import http from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

const streams = new URL('./odd/', import.meta.url);
const seen = [];

async function text(request) {
  const pieces = [];
  for await (const piece of request) pieces.push(piece);
  return Buffer.concat(pieces).toString();
}

async function play(lines, response) {
  let status = 200;
  let split = false;
  const headers = { 'content-type': 'text/event-stream' };
  const begin = () => {
    if (response.headersSent) return;
    response.writeHead(status, headers);
    response.flushHeaders();
  };
  const orders = {
    status: (code) => { status = Number(code); },
    header: (line) => {
      const colon = line.indexOf(':');
      headers[line.slice(0, colon).toLowerCase()] = line.slice(colon + 1).trim();
    },
    wait: async (milliseconds) => { begin(); await sleep(Number(milliseconds)); },
    split: () => { split = true; },
    cut: async () => { begin(); await sleep(20); response.destroy(); },
  };
  for (const line of lines) {
    const order = line.match(/^# (\w+) ?(.*)$/m);
    if (order) {
      await orders[order[1]](order[2].trim());
      if (response.destroyed) return;
      continue;
    }
    begin();
    const bytes = Buffer.from(line);
    if (split) {
      // One byte past the middle is inside a character of three bytes in the streams that use it.
      const middle = (bytes.length >> 1) + 1;
      response.write(bytes.subarray(0, middle));
      await sleep(20);
      response.write(bytes.subarray(middle));
      split = false;
    } else {
      response.write(bytes);
    }
  }
  begin();
  response.end();
}

const server = http.createServer(async (request, response) => {
  if (request.url === '/_seen') return response.end(JSON.stringify(seen));
  const body = await text(request);
  const name = request.url.split('/')[1].replace(/[^a-z0-9-]/g, '');
  seen.push({ name, url: request.url, headers: request.headers, body: body && JSON.parse(body) });
  const file = new URL(`${name}.sse`, streams);
  if (!fs.existsSync(file)) return response.writeHead(404).end();
  await play(fs.readFileSync(file, 'utf8').split(/(?<=\n)/), response);
});
server.listen(Number(process.env.PORT ?? 0), '127.0.0.1', () => {
  console.log(`http://127.0.0.1:${server.address().port}`);
});
