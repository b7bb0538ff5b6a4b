// The control door of the stand-in: what tests make happen, and what they look at. POST or GET /_control/NAME, JSON.
// Called by discord.mjs.
// Must never be part of what is tested: no client of Discord knows it.
//
// message {content, mention?, channel_id?, dm?, user?, roles?, bot?, copies?} · press {custom_id, message_id, values?, channel_id?, user?,
// roles?, copies?, age_ms?} · modal {custom_id, fields, message_id?} · slash {name, options, dm?} · this {message_id} (the command on a
// message) · autocomplete {name, options} · ping · with `url` these go out as signed HTTP interactions {bad_signature, unsigned, skew_s, body}
// event {t, d, copies?} · gateway {op: reconnect|invalid|cut|close|raw, code?, resumable?, text?} · set {any switch of world.mjs}
// fault {path, method?, times, status?, code?, retry_after?, global?, delay_ms?, cut: 'before'|'after'} · archive {channel_id} ·
// remove {message_id} · member {user, roles} · state · log · problems
import crypto from 'node:crypto';
import { APP, CHANNEL, GUILD, PUBLIC, bot, channel, direct, iso, keys, member, person, snowflake, stored, world } from './world.mjs';
import { disturb, dispatch } from './gateway.mjs';
import { routes } from './routes.mjs';

const place = (options) => (options.dm ? direct(person(options.user).id).id : options.channel_id ?? CHANNEL);

function interaction(type, data, options = {}) {
  const where = place(options);
  const user = person(options.user);
  const inside = options.dm ? { user, context: 1 } : { guild_id: GUILD, guild: { id: GUILD, locale: 'en-US', features: [] }, member: { ...member(options.roles), user }, guild_locale: 'en-US', context: 0 };
  const there = world.channels.get(where) ?? channel(where);
  const it = { id: snowflake(), application_id: APP, type, data, ...inside, channel_id: where, channel: { ...there, permissions: '2147483647' }, token: crypto.randomBytes(24).toString('base64url'), version: 1, app_permissions: '2147483647', locale: options.locale ?? 'en-US', entitlements: [], authorizing_integration_owners: { 0: GUILD }, attachment_size_limit: 10485760 };
  if (options.message_id) it.message = world.messages.get(options.message_id);
  world.interactions.set(it.token, { id: it.id, type, user, born: Date.now() - (options.age_ms ?? 0), channel_id: where, message: options.message_id });
  return it;
}

async function deliver(it, options) {
  if (!options.url) {
    dispatch('INTERACTION_CREATE', it, options.copies ?? 1);
    return { id: it.id, token: it.token };
  }
  const moment = String(Math.floor(Date.now() / 1000) - (options.skew_s ?? 0));
  const text = options.body ?? JSON.stringify(it);
  const signature = crypto.sign(null, Buffer.from(moment + text + (options.bad_signature ? 'x' : '')), keys.privateKey).toString('hex');
  const signed = options.unsigned ? {} : { 'x-signature-ed25519': signature, 'x-signature-timestamp': moment };
  if (options.sign_only) return { id: it.id, token: it.token, headers: signed, body: text };
  const response = await fetch(options.url, { method: 'POST', headers: { 'content-type': 'application/json', ...signed }, body: text, signal: AbortSignal.timeout(3000) });
  return answered({ token: it.token, id: it.id, status: response.status, answer: await response.text() });
}

// An answer in a response counts as the callback.
function answered({ id, token, status, answer }) {
  const body = status === 200 && answer.startsWith('{') ? JSON.parse(answer) : {};
  if (body.type > 1) {
    const request = { kind: 'http', at: Date.now(), method: 'ANSWER', path: `/interactions/${id}/${token}/callback`, json: body, files: [], problems: [] };
    world.log.push(request);
    request.status = routes.find(([, path]) => path.test(request.path))[2]([id, token], request).status ?? 200;
  }
  return { id, token, status, answer };
}

const field = ([custom_id, value], at) => ({ type: 1, id: 2 * at + 1, components: [{ type: 4, id: 2 * at + 2, custom_id, value }] });

export const control = {
  state: () => ({ sockets: world.sockets.size, sessions: [...world.sessions.values()].map(({ id, seq, intents }) => ({ id, seq, intents })), messages: [...world.messages.values()], interactions: [...world.interactions.values()], channels: [...world.channels.values()], commands: Object.fromEntries(world.commands), public_key: PUBLIC }),
  log: () => world.log,
  problems: () => world.log.filter((entry) => entry.problems?.length).map(({ method, path, problems }) => ({ method, path, problems })),
  message: (options) => {
    const author = { ...person(options.user), ...(options.bot ? { bot: true } : {}) };
    const where = place(options);
    const message = stored(where, options, { over: { author, ...(options.over ?? {}) } });
    const inside = options.dm ? {} : { guild_id: GUILD, member: member(options.roles) };
    const event = { ...message, ...inside, mentions: options.mention ? [{ ...bot, ...(options.dm ? {} : { member: member() }) }] : [] };
    dispatch('MESSAGE_CREATE', event, options.copies);
    return message;
  },
  press: (options) => deliver(interaction(3, { component_type: options.values ? 3 : 2, custom_id: options.custom_id, id: 2, ...(options.values ? { values: options.values } : {}) }, options), options),
  modal: (options) => deliver(interaction(5, { custom_id: options.custom_id, components: Object.entries(options.fields ?? {}).map(field) }, options), options),
  slash: (options) => deliver(interaction(2, { id: '500', name: options.name, type: 1, guild_id: GUILD, options: options.options ?? [] }, options), options),
  this: (options) => deliver(interaction(2, { id: '501', name: options.name, type: 3, guild_id: GUILD, target_id: options.message_id, resolved: { messages: { [options.message_id]: world.messages.get(options.message_id) } } }, { ...options, message_id: undefined }), options),
  autocomplete: (options) => deliver(interaction(4, { id: '500', name: options.name, type: 1, options: options.options ?? [] }, options), options),
  ping: (options) => deliver({ id: snowflake(), application_id: APP, type: 1, token: 'ping', version: 1 }, options),
  answered,
  event: (options) => { dispatch(options.t, options.d, options.copies); return {}; },
  gateway: disturb,
  set: (options) => { Object.assign(world, options); return {}; },
  fault: (options) => { world.faults.push({ times: 1, ...options }); return {}; },
  archive: ({ channel_id }) => { Object.assign(world.channels.get(channel_id).thread_metadata, { archived: true, archive_timestamp: iso() }); return {}; },
  remove: ({ message_id }) => { world.messages.delete(message_id); dispatch('MESSAGE_DELETE', { id: message_id, channel_id: CHANNEL, guild_id: GUILD }); return {}; },
  member: ({ user, roles }) => { world.members.set(user, roles); return {}; },
};
