// A stand-in for Slack on loopback: Web API, Socket Mode, response URLs, uploads and signed HTTP requests, judging every
// body that it is sent. The project's own form of a start that was proved with slack-morphism and with Slack's Bolt.
// Started by tests with PORT=0: prints one line of JSON with its address when it is ready.
// Must never be reached from outside this machine, nor reach out of it.
import http from 'node:http';
import { WebSocketServer } from 'ws';
import { APP_TOKEN, BOT_TOKEN, bad, world } from './world.mjs';
import { control } from './control.mjs';
import { granted, methods, scopes } from './methods.mjs';
import { opened } from './deliver.mjs';
import * as rules from './rules.mjs';

function parsed(type, raw, url) {
  if (type.includes('json')) return raw.length ? JSON.parse(raw) : {};
  const fields = Object.fromEntries([...url.searchParams, ...(type.includes('urlencoded') ? new URLSearchParams(raw.toString()) : [])]);
  for (const key of ['blocks', 'view', 'files', 'metadata']) if (typeof fields[key] === 'string') fields[key] = JSON.parse(fields[key]);
  return fields;
}

function faulty(request) {
  const fault = world.faults.find((f) => f.times > 0 && new RegExp(f.method).test(request.method));
  if (fault) { fault.times -= 1; request.fault = fault; }
  return fault;
}

// An answer to a response URL: five within thirty minutes.
function responded(response, body, request) {
  const origin = world.responses.get(response);
  if (!origin || origin.left-- <= 0 || Date.now() - origin.born > 30 * 60e3) return { status: 404, body: bad('expired_url') };
  const problems = rules.message(body, { update: body.delete_original });
  request.problems.push(...problems);
  if (problems.length) return { status: 400, body: bad('invalid_blocks') };
  const message = world.messages.get(`${origin.channel}/${origin.message}`);
  if (body.replace_original && message) Object.assign(message, { text: body.text ?? message.text, blocks: body.blocks ?? message.blocks });
  else if (body.response_type !== 'in_channel') world.ephemerals.push({ channel: origin.channel, user: origin.user, text: body.text, blocks: body.blocks, by: 'response_url' });
  return { status: 200, body: 'ok', type: 'text/plain' };
}

function method(name, token, request) {
  if (!methods[name]) { request.problems.push('no such method in this stand-in'); return bad('unknown_method'); }
  if (!token) return bad('not_authed');
  const wanted = name === 'apps.connections.open' ? APP_TOKEN : BOT_TOKEN;
  if (token !== wanted) return bad([BOT_TOKEN, APP_TOKEN].includes(token) ? 'not_allowed_token_type' : 'invalid_auth');
  if (world.revoked) return bad('token_revoked');
  const scope = scopes[name];
  if (scope && !granted().includes(scope)) return bad('missing_scope', { needed: scope, provided: granted().join(',') });
  return methods[name](request.body, request);
}

async function handle(incoming, outgoing) {
  const chunks = [];
  for await (const chunk of incoming) chunks.push(chunk);
  const raw = Buffer.concat(chunks), url = new URL(incoming.url, 'http://peer'), [, top, name, last] = url.pathname.split('/');
  const date = new Date(Date.now() + world.skew_s * 1000).toUTCString();
  const reply = (status, body, headers = {}) => {
    outgoing.writeHead(status, { 'content-type': 'application/json; charset=utf-8', date, 'x-oauth-scopes': granted().join(','), ...headers });
    outgoing.end(typeof body === 'string' ? body : JSON.stringify(body));
  };
  if (top === '_control') return control[name] ? reply(200, await control[name](raw.length ? JSON.parse(raw) : {})) : reply(404, {});
  const request = { at: Date.now(), method: top === 'api' ? name : top, body: top === 'upload' ? {} : parsed(incoming.headers['content-type'] ?? '', raw, url), problems: [] };
  world.log.push(request);
  const fault = faulty(request);
  if (fault?.delay_ms) await new Promise((done) => setTimeout(done, fault.delay_ms));
  if (fault?.cut === 'before') return incoming.socket.destroy();
  if (fault?.status === 429) return reply(429, bad('ratelimited'), { 'retry-after': String(fault.retry_after ?? 1) });
  if (fault?.status) return reply(fault.status, 'told to fail', { 'content-type': 'text/html' });
  if (fault?.error) return reply(200, bad(fault.error));
  if (top === 'upload') {
    Object.assign(world.files.get(last), { got: raw.length, text: raw.toString() });
    return fault?.cut ? incoming.socket.destroy() : reply(200, `OK - ${raw.length}`, { 'content-type': 'text/plain' });
  }
  if (top === 'actions') {
    const answer = responded(name, request.body, request);
    return fault?.cut ? incoming.socket.destroy() : reply(answer.status, answer.body, answer.type ? { 'content-type': answer.type } : {});
  }
  const answer = method(name, incoming.headers.authorization?.replace(/^Bearer /, ''), request);
  request.answer = answer.ok ? 'ok' : answer.error;
  return fault?.cut === 'after' ? incoming.socket.destroy() : reply(200, answer);
}

const server = http.createServer((incoming, outgoing) => handle(incoming, outgoing).catch((error) => { console.error(error); outgoing.writeHead(500); outgoing.end(String(error)); }));
new WebSocketServer({ server }).on('connection', (socket, incoming) => opened(socket, new URL(incoming.url, 'http://peer').searchParams.get('ticket')));
server.listen(Number(process.env.PORT ?? 0), '127.0.0.1', () => {
  world.port = server.address().port;
  console.log(JSON.stringify({ url: `http://127.0.0.1:${world.port}`, api: `http://127.0.0.1:${world.port}/api` }));
});
