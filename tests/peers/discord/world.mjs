// What the stand-in for Discord knows: who and what there is, and everything that happened.
// Read and changed by every other part of it.
// Must never be kept beyond one process: each test has a world of its own.
import crypto from 'node:crypto';

export const TOKEN = process.env.TOKEN ?? 'TEST.TOKEN.x';
export const APP = '900';
export const GUILD = '200';
export const CHANNEL = '300';
export const STRICT = process.env.STRICT !== '0';

export const keys = crypto.generateKeyPairSync('ed25519');
export const PUBLIC = keys.publicKey.export({ format: 'der', type: 'spki' }).subarray(-32).toString('hex');

// Ids tell the moment, and grow.
let last = 0n;
export const snowflake = () => {
  const now = BigInt(Date.now() - 1420070400000) << 22n;
  last = now > last ? now : last + 1n;
  return String(last);
};
export const iso = () => new Date().toISOString().replace('Z', '000+00:00');

export const bot = { id: APP, username: 'chopmark', discriminator: '0', global_name: null, avatar: null, bot: true };
export const person = (user = {}) => ({ id: '400', username: 'ada', discriminator: '0', global_name: 'Ada', avatar: null, ...user });
export const member = (roles = []) => ({ roles, joined_at: iso(), deaf: false, mute: false, flags: 0, pending: false, permissions: '2147483647', nick: null, avatar: null });

// Every permission: what a bot may do unless a test takes it away.
export const ALL = String((1n << 50n) - 1n);

export const world = {
  log: [],
  messages: new Map(),
  commands: new Map(),
  interactions: new Map(),
  faults: [],
  sessions: new Map(),
  sockets: new Set(),
  buckets: new Map(),
  nonces: new Map(),
  channels: new Map(),
  members: new Map(),
  // Switches of the control door.
  no_ack: false, refuse_resume: false, no_content: false, revoked: false, skew_s: 0, servers: 1,
  // Ids of channels that answer so, and of people whose direct messages are closed.
  gone: [], hidden: [], mute: [], no_threads: [], closed: [],
};

export const channel = (id, extra = {}) => ({ id, type: 0, guild_id: GUILD, name: 'ops', position: 0, permission_overwrites: [], nsfw: false, topic: null, last_message_id: null, rate_limit_per_user: 0, parent_id: null, flags: 0, ...extra });
world.channels.set(CHANNEL, channel(CHANNEL));
world.channels.set('301', channel('301', { name: 'alerts' }));

export function thread(id, parent, name) {
  const made = channel(id, { type: 11, parent_id: parent, name, owner_id: APP, message_count: 0, member_count: 1, thread_metadata: { archived: false, auto_archive_duration: 1440, archive_timestamp: iso(), locked: false, create_timestamp: iso() } });
  world.channels.set(id, made);
  return made;
}

// The direct messages with somebody: an id that tells whose.
export function direct(user) {
  const id = `70${user}`;
  if (!world.channels.has(id)) world.channels.set(id, { id, type: 1, last_message_id: null, flags: 0, recipients: [person({ id: user })] });
  return world.channels.get(id);
}

const roles = [{ id: GUILD, name: '@everyone', color: 0, colors: { primary_color: 0, secondary_color: null, tertiary_color: null }, hoist: false, position: 0, permissions: ALL, managed: false, mentionable: false, flags: 0 }];
export const guild = () => ({ id: GUILD, name: 'Ops', icon: null, splash: null, discovery_splash: null, owner_id: '400', afk_channel_id: null, afk_timeout: 300, verification_level: 0, default_message_notifications: 0, explicit_content_filter: 0, roles, emojis: [], features: [], mfa_level: 0, application_id: null, system_channel_id: null, system_channel_flags: 0, rules_channel_id: null, vanity_url_code: null, description: null, banner: null, premium_tier: 0, preferred_locale: 'en-US', public_updates_channel_id: null, nsfw_level: 0, premium_progress_bar_enabled: false, safety_alerts_channel_id: null, joined_at: iso(), large: false, unavailable: false, member_count: 2, voice_states: [], members: [{ ...member(), user: bot }], channels: [...world.channels.values()].filter((c) => c.type === 0), threads: [], presences: [], stage_instances: [], guild_scheduled_events: [], stickers: [], soundboard_sounds: [] });

function number(parts) {
  let next = 0;
  const one = (part) => ({ ...part, id: part.id ?? ++next, ...(part.components ? { components: part.components.map(one) } : {}), ...(part.accessory ? { accessory: one(part.accessory) } : {}) });
  return parts.map(one);
}

const attached = (files) => files.map((file, at) => ({ id: snowflake(), filename: file.name, size: file.size, url: `http://127.0.0.1/cdn/${at}`, proxy_url: `http://127.0.0.1/cdn/${at}`, text: file.text }));

export function stored(place, body, { files = [], over = {} } = {}) {
  const message = { id: snowflake(), channel_id: place, author: bot, content: body.content ?? '', timestamp: iso(), edited_timestamp: null, tts: false, mention_everyone: false, mentions: [], mention_roles: [], attachments: attached(files), embeds: (body.embeds ?? []).map((e) => ({ type: 'rich', ...e })), components: number(body.components ?? []), pinned: false, type: 0, flags: body.flags ?? 0, nonce: body.nonce, ...over };
  world.messages.set(message.id, message);
  return message;
}

export function change(message, body, files = []) {
  for (const field of ['content', 'embeds']) if (body[field] !== undefined && body[field] !== null) message[field] = body[field];
  // Who sees a message is settled when it is made.
  if (body.flags) message.flags = (body.flags & ~64) | (message.flags & 64);
  if (body.content === null) message.content = '';
  if (body.components) message.components = number(body.components);
  message.attachments.push(...attached(files));
  message.flags &= ~128;
  message.edited_timestamp = iso();
  return message;
}
