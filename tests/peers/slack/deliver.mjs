// How the stand-in delivers: over Socket Mode, again until it is acknowledged, or as signed HTTP requests.
// Called by control.mjs; slack.mjs hands it the sockets' frames.
// Must never forget what it sent and when that was acknowledged: tests read it.
import crypto from 'node:crypto';
import { ACK_MS, APP, SIGNING_SECRET, world } from './world.mjs';
import * as rules from './rules.mjs';

export function deliver(type, payload, options = {}) {
  if (options.url) return overHttp(type, payload, options);
  const envelope = { envelope_id: crypto.randomUUID(), type, accepts_response_payload: type !== 'events_api', payload };
  const kept = { id: envelope.envelope_id, type, acks: [], sent: [] };
  world.envelopes.set(envelope.envelope_id, kept);
  const send = (attempt) => {
    const open = [...world.sockets].filter((socket) => socket.readyState === 1 && !socket.deaf);
    const socket = open[kept.sent.length % Math.max(1, open.length)];
    kept.sent.push({ attempt, at: Date.now(), had_socket: Boolean(socket) });
    const retry = type === 'events_api' ? { retry_attempt: attempt, retry_reason: attempt ? 'timeout' : '' } : {};
    socket?.send(JSON.stringify({ ...envelope, ...retry }));
    if (type === 'events_api' && attempt < 3) setTimeout(() => { if (!kept.acks.length) send(attempt + 1); }, ACK_MS).unref();
  };
  for (let copy = 0; copy < (options.copies ?? 1); copy++) send(0);
  return { envelope_id: envelope.envelope_id };
}

async function overHttp(type, payload, options) {
  const moment = String(options.timestamp ?? Math.floor(Date.now() / 1000) - (options.skew_s ?? 0));
  const event = type === 'events_api';
  const form = type === 'interactive' ? `payload=${encodeURIComponent(JSON.stringify(payload))}` : new URLSearchParams(payload).toString();
  const body = options.body ?? (event ? JSON.stringify(payload) : form);
  const mac = crypto.createHmac('sha256', SIGNING_SECRET).update(`v0:${moment}:${body}${options.bad_signature ? 'x' : ''}`).digest('hex');
  const headers = { 'content-type': event ? 'application/json' : 'application/x-www-form-urlencoded' };
  if (!options.unsigned) Object.assign(headers, { 'x-slack-signature': `v0=${mac}`, 'x-slack-request-timestamp': moment });
  if (options.retry) Object.assign(headers, { 'x-slack-retry-num': String(options.retry), 'x-slack-retry-reason': 'http_timeout' });
  const answers = [];
  for (let copy = 0; copy < (options.copies ?? 1); copy++) {
    const answer = await fetch(options.url, { method: 'POST', body, headers, signal: AbortSignal.timeout(3000) });
    answers.push({ status: answer.status, answer: await answer.text() });
  }
  return answers.at(-1);
}

export function opened(socket, ticket) {
  if (!world.tickets.delete(ticket)) return socket.close(4001, 'bad ticket');
  world.sockets.add(socket);
  world.log.push({ method: 'socket', at: Date.now(), problems: [] });
  socket.on('close', () => world.sockets.delete(socket));
  socket.on('message', (raw) => acknowledged(JSON.parse(raw)));
  socket.send(JSON.stringify({ type: 'hello', num_connections: world.sockets.size, debug_info: { host: 'peer', build_number: 1, approximate_connection_time: 18060 }, connection_info: { app_id: APP } }));
}

function acknowledged(frame) {
  const kept = world.envelopes.get(frame.envelope_id);
  if (!kept) return world.log.push({ method: 'stray', body: frame, problems: ['answers no envelope'] });
  const problems = frame.payload?.blocks || frame.payload?.text ? rules.message(frame.payload, { update: true }) : [];
  kept.acks.push({ ms: Date.now() - kept.sent.at(-1).at, payload: frame.payload });
  world.log.push({ method: 'ack', body: frame, problems });
}
