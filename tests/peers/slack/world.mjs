// The workspace that the stand-in plays: one team, one app, two people and what they can name, and all that happened.
// Used by every other part.
// Must never hold what a test did not ask for or cause.
import crypto from 'node:crypto';

export const BOT_TOKEN = process.env.BOT_TOKEN ?? 'xoxb-test';
export const APP_TOKEN = process.env.APP_TOKEN ?? 'xapp-test';
export const SIGNING_SECRET = process.env.SIGNING_SECRET ?? 'shhh';
// How long an envelope may stay unacknowledged before it comes again; Slack waits 3 s.
export const ACK_MS = Number(process.env.ACK_MS ?? 3000);
export const TEAM = 'T0001';
export const APP = 'A0001';
export const BOT = 'U0BOT';
export const BOT_ID = 'B0001';
export const CHANNEL = 'C0001';

export const world = {
  port: 0,
  log: [],
  sockets: new Set(),
  tickets: new Set(),
  envelopes: new Map(),
  messages: new Map(),
  ephemerals: [],
  reactions: [],
  views: new Map(),
  triggers: new Map(),
  responses: new Map(),
  files: new Map(),
  streams: new Map(),
  faults: [],
  people: new Map([['U0ADA', { name: 'ada', locale: 'en-US' }], ['U0BO', { name: 'bo', locale: 'zh-CN' }]]),
  groups: [{ id: 'S0OPS', handle: 'ops', users: ['U0ADA'] }],
  archived: new Set(),
  // Channels that the bot was not invited to.
  strange: new Set(),
  scopes: (process.env.SCOPES ?? '').split(',').filter(Boolean),
  revoked: false,
  streaming: process.env.STREAMING === '1',
  skew_s: 0,
};

let count = 0;
export const ts = () => `${Math.floor(Date.now() / 1000)}.${String(++count).padStart(6, '0')}`;
export const id = (prefix) => prefix + crypto.randomBytes(5).toString('hex').toUpperCase();
export const bad = (error, more = {}) => ({ ok: false, error, ...more });
export const direct = (channel) => channel.startsWith('D');

// What a press, command or shortcut brings besides: where to answer, and what opens a view.
export function origin({ channel = CHANNEL, ts: message, user = 'U0ADA', age_ms = 0 }) {
  const response = crypto.randomUUID();
  const trigger = `${++count}.${crypto.randomBytes(8).toString('hex')}`;
  world.responses.set(response, { left: 5, born: Date.now() - age_ms, channel, message, user });
  world.triggers.set(trigger, { born: Date.now() - age_ms });
  return { response_url: `http://127.0.0.1:${world.port}/actions/${response}`, trigger_id: trigger };
}
