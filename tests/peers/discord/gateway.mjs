// The gateway of the stand-in: version 10, JSON, no compression; sessions that can be taken up again.
// Started by discord.mjs; events come from routes.mjs and control.mjs.
// Must never forget what it sent: whoever resumes hears it.
import crypto from 'node:crypto';
import { APP, GUILD, TOKEN, bot, guild, world } from './world.mjs';

const CONTENT = 1 << 15;

const send = (socket, op, d, t) => socket.readyState === 1 && socket.send(JSON.stringify({ op, d, t: t ?? null, s: op === 0 ? socket.session.seq : null }));

// Without the privileged intent the words are left out that nobody addressed to the bot.
function seen(session, t, d) {
  if (t !== 'MESSAGE_CREATE' || !d.guild_id || session.intents & CONTENT) return d;
  return d.author.id === APP || d.mentions.some((user) => user.id === APP) ? d : { ...d, content: '', components: [], embeds: [], attachments: [] };
}

export function dispatch(t, d, copies = 1) {
  for (const session of world.sessions.values()) {
    for (let copy = 0; copy < copies; copy++) {
      session.seq += 1;
      const event = seen(session, t, d);
      session.kept.push({ t, d: event, s: session.seq });
      if (session.kept.length > 500) session.kept.shift();
      if (session.socket) send(session.socket, 0, event, t);
    }
  }
}

// What tests do to open connections.
export function disturb({ op, code, resumable, text }) {
  for (const socket of world.sockets) {
    if (op === 'reconnect') send(socket, 7, null);
    else if (op === 'invalid') send(socket, 9, resumable ?? false);
    else if (op === 'cut') socket.terminate();
    else if (op === 'raw') socket.send(text);
    else socket.close(code ?? 4000, 'told to');
  }
  return {};
}

export function gateway(socket, request) {
  world.sockets.add(socket);
  world.log.push({ kind: 'connect', url: request.url });
  const address = `ws://127.0.0.1:${request.socket.localPort}/gateway`;
  socket.on('close', (code) => {
    world.sockets.delete(socket);
    if (socket.session?.socket === socket) socket.session.socket = null;
    world.log.push({ kind: 'closed', code });
  });
  send(socket, 10, { heartbeat_interval: Number(process.env.HEARTBEAT ?? 5000) });
  socket.on('message', (raw) => {
    const { op, d } = JSON.parse(raw);
    world.log.push({ kind: 'ws', op, ...(op === 2 ? { intents: d.intents, shard: d.shard } : {}) });
    if (op === 1 && !world.no_ack) send(socket, 11, null);
    if (op !== 2 && op !== 6) return;
    if (world.revoked || d.token.replace(/^Bot /, '') !== TOKEN) return socket.close(4004, 'Authentication failed.');
    if (op === 6) return resume(socket, d);
    if (world.no_content && d.intents & CONTENT) return socket.close(4014, 'Disallowed intent(s).');
    identify(socket, d, address);
  });
}

function resume(socket, d) {
  const session = world.sessions.get(d.session_id);
  if (!session || world.refuse_resume) return send(socket, 9, false);
  session.socket = socket;
  socket.session = session;
  for (const event of session.kept.filter((event) => event.s > d.seq)) socket.send(JSON.stringify({ op: 0, ...event }));
  session.seq += 1;
  send(socket, 0, {}, 'RESUMED');
}

function identify(socket, d, address) {
  const session = { id: crypto.randomUUID(), seq: 0, kept: [], socket, intents: d.intents };
  world.sessions.clear();
  world.sessions.set(session.id, session);
  socket.session = session;
  session.seq += 1;
  send(socket, 0, { v: 10, user: bot, guilds: [{ id: GUILD, unavailable: true }], session_id: session.id, resume_gateway_url: address, shard: d.shard ?? [0, 1], application: { id: APP, flags: 0 } }, 'READY');
  session.seq += 1;
  send(socket, 0, guild(), 'GUILD_CREATE');
}
