// What plays Discord in tests: HTTP API v10, gateway v10 and a control door, on loopback.
// Started by a test with PORT=0; the first line it prints says where it is, as JSON.
// Must never reach a network, and never let a wrong request pass unremembered: a test ends with `problems` empty.
//
// PORT · TOKEN · HEARTBEAT (milliseconds) · BUCKET (posts a channel takes in five seconds) · STRICT=0 (only remember)
// TLS_CERT, TLS_KEY, TLS_PORT: the HTTP API over TLS besides, for clients that insist on the real name
import crypto from 'node:crypto';
import fs from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import { setTimeout as sleep } from 'node:timers/promises';
import { WebSocketServer } from 'ws';
import { control } from './control.mjs';
import { gateway } from './gateway.mjs';
import { routes } from './routes.mjs';
import { PUBLIC, TOKEN, world } from './world.mjs';

let port;

// One bucket for each method and channel: like the real ones, but simpler.
function limit(method, path) {
  const key = `${method} ${path.match(/^\/(channels|webhooks|applications)\/\d+/)?.[0] ?? path}`;
  const most = /^POST \/channels/.test(key) ? Number(process.env.BUCKET ?? 5) : 50;
  let bucket = world.buckets.get(key);
  if (!bucket || Date.now() > bucket.until) world.buckets.set(key, (bucket = { left: most, until: Date.now() + (most < 50 ? 5000 : 1000) }));
  bucket.left -= 1;
  const after = (bucket.until - Date.now()) / 1000;
  const name = crypto.createHash('sha256').update(key.split('/').slice(0, 2).join()).digest('hex').slice(0, 32);
  return { over: bucket.left < 0, after, headers: { 'x-ratelimit-limit': most, 'x-ratelimit-remaining': Math.max(0, bucket.left), 'x-ratelimit-reset': (bucket.until / 1000).toFixed(3), 'x-ratelimit-reset-after': after.toFixed(3), 'x-ratelimit-bucket': name } };
}

async function read(message, path) {
  const pieces = [];
  for await (const piece of message) pieces.push(piece);
  const raw = Buffer.concat(pieces);
  const request = { kind: 'http', at: Date.now(), method: message.method, path, port, json: {}, files: [], problems: [] };
  const type = message.headers['content-type'] ?? '';
  if (!type.startsWith('multipart/')) {
    if (raw.length) request.json = JSON.parse(raw);
    return request;
  }
  for (const [name, part] of await new Response(raw, { headers: { 'content-type': type } }).formData()) {
    if (name === 'payload_json') request.json = JSON.parse(part);
    else request.files.push({ field: name, name: part.name, size: part.size, type: part.type, text: await part.text() });
  }
  return request;
}

async function handle(message, response) {
  const url = new URL(message.url, 'http://x');
  const date = { date: new Date(Date.now() + world.skew_s * 1000).toUTCString() };
  const reply = (status, body, headers = {}) => {
    response.writeHead(status, { ...date, ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers });
    response.end(body === undefined ? '' : JSON.stringify(body));
  };
  if (url.pathname.startsWith('/_control/')) {
    const act = control[url.pathname.slice(10)];
    return act ? reply(200, await act((await read(message, url.pathname)).json)) : reply(404, {});
  }
  const path = url.pathname.replace(/^\/api(\/v\d+)?/, '');
  const request = await read(message, path);
  world.log.push(request);
  if (!url.pathname.startsWith('/api/v10/')) request.problems.push('rule not version 10');
  const answer = (status, body, headers) => reply((request.status = status), body, headers);

  const fault = world.faults.find((one) => one.times > 0 && new RegExp(one.path).test(path) && (!one.method || one.method === message.method));
  if (fault) {
    fault.times -= 1;
    request.fault = fault;
    if (fault.delay_ms) await sleep(fault.delay_ms);
    if (fault.cut === 'before') return message.socket.destroy();
  }
  const open = /^\/(interactions|webhooks|gateway$)/.test(path);
  if (!open && (world.revoked || message.headers.authorization?.replace(/^Bot /, '') !== TOKEN)) return answer(401, { code: 0, message: '401: Unauthorized' });
  const { over, after, headers } = limit(message.method, path);
  if (fault?.status === 429 || over) {
    const wait = fault?.retry_after ?? after;
    const global = fault?.global ? { 'x-ratelimit-global': 'true' } : {};
    return answer(429, { message: 'You are being rate limited.', retry_after: wait, global: !!fault?.global }, { ...headers, 'retry-after': Math.ceil(wait), 'x-ratelimit-remaining': 0, 'x-ratelimit-reset-after': wait, 'x-ratelimit-scope': fault?.global ? 'global' : 'user', ...global });
  }
  if (fault?.status) return answer(fault.status, { code: fault.code ?? 0, message: 'told to fail' });
  for (const [method, pattern, act] of routes) {
    const found = method === message.method && path.match(pattern);
    if (!found) continue;
    const { status = 200, body } = act(found.slice(1), request);
    request.status = status;
    return fault?.cut === 'after' ? message.socket.destroy() : answer(status, body, headers);
  }
  request.problems.push('no such route in this stand-in');
  answer(404, { code: 0, message: '404: Not Found' });
}

const serve = (message, response) => handle(message, response).catch((error) => {
  console.error(error);
  response.writeHead(500).end(JSON.stringify({ message: String(error) }));
});
const server = http.createServer(serve);
new WebSocketServer({ server, path: '/gateway' }).on('connection', gateway);
const tls = process.env.TLS_CERT && https.createServer({ cert: fs.readFileSync(process.env.TLS_CERT), key: fs.readFileSync(process.env.TLS_KEY) }, serve);
server.listen(Number(process.env.PORT ?? 0), '127.0.0.1', () => {
  port = server.address().port;
  const say = () => console.log(JSON.stringify({ url: `http://127.0.0.1:${port}`, ...(tls ? { tls: `127.0.0.1:${tls.address().port}` } : {}), public_key: PUBLIC, token: TOKEN }));
  if (tls) tls.listen(Number(process.env.TLS_PORT ?? 0), '127.0.0.1', say);
  else say();
});
