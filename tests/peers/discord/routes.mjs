// The HTTP API of the stand-in: what each route answers and changes.
// Called by discord.mjs for every request to /api, and for answers that came in a response.
// Must never do what was refused: judged first, done then.
import { ALL, APP, GUILD, PUBLIC, STRICT, bot, change, direct, guild, member, person, snowflake, stored, thread, world } from './world.mjs';
import { dispatch } from './gateway.mjs';
import * as rules from './rules.mjs';

export const fail = (status, code, message, errors) => ({ status, body: { code, message, ...(errors ? { errors: { _errors: errors.map((e) => ({ code: 'INVALID', message: e })) } } : {}) } });

// Refuses what the judge finds wrong, as Discord does, and remembers it: a test ends with nothing remembered.
function judged(request, problems, act) {
  request.problems.push(...problems);
  const hard = problems.filter((problem) => !problem.startsWith('warning'));
  return hard.length && STRICT ? fail(400, 50035, 'Invalid Form Body', hard) : act();
}

const NO_MESSAGE = fail(404, 10008, 'Unknown Message');
const NO_CHANNEL = fail(404, 10003, 'Unknown Channel');

// Why a channel answers nothing; none when it does.
function shut(id) {
  if (world.gone.includes(id) || !world.channels.has(id)) return NO_CHANNEL;
  if (world.hidden.includes(id)) return fail(403, 50001, 'Missing Access');
  return undefined;
}

// Why nothing can be written there; none when it can.
function barred(id) {
  const found = shut(id);
  if (found) return found;
  const there = world.channels.get(id);
  if (there.type === 1 && world.closed.includes(there.recipients[0].id)) return fail(403, 50007, 'Cannot send messages to this user');
  if (world.mute.includes(id)) return fail(403, 50013, 'Missing Permissions');
  if (there.thread_metadata?.archived) return fail(400, 50083, 'Thread is archived');
  return undefined;
}

// A message as others see it: one that one person sees is nobody else's.
const visible = (id, place) => { const message = world.messages.get(id); return message && !(message.flags & 64) && (!place || message.channel_id === place) ? message : undefined; };

// An interaction's token that is still good; answers may be edited and followed for 15 minutes.
const alive = (token) => { const it = world.interactions.get(token); return it && Date.now() - it.born <= 15 * 60e3 ? it : undefined; };

const AS_WEBHOOK = 'IncomingWebhookInteractionRequestSchema';

function callback(it, request) {
  const { type, data = {} } = request.json;
  const files = request.files;
  // Which press a message answers: Discord says so in the message itself.
  const origin = { interaction_metadata: { id: it.id, type: it.type, user: it.user, authorizing_integration_owners: {}, ...(it.message ? { interacted_message_id: it.message } : {}) } };
  const done = () => {
    it.answered = type;
    it.after_ms = Date.now() - it.born;
    if (type === 4) it.original = stored(it.channel_id, data, { files, over: origin }).id;
    if (type === 5) it.original = stored(it.channel_id, {}, { over: { ...origin, flags: (data.flags ?? 0) | 128 } }).id;
    if (type === 7) change(world.messages.get(it.message), data, files);
    if (type === 6 || type === 7) it.original = it.message;
    if (type === 8) it.choices = data.choices;
    if (type === 9) it.modal = data;
    return { status: 204 };
  };
  if ((type === 8) !== (it.type === 4)) return fail(400, 50035, 'choices answer typing, and nothing else does');
  if (type === 9) return it.type === 5 ? fail(400, 50035, 'a modal cannot answer a modal') : judged(request, rules.modal(data), done);
  if (type === 4) return judged(request, rules.message(data, { schema: AS_WEBHOOK, files: files.length }), done);
  if (type === 7) return judged(request, rules.message(data, { schema: 'IncomingWebhookUpdateForInteractionCallbackRequestPartialSchema', edit: true, files: files.length }), done);
  if (type === 8) return judged(request, rules.choices(data.choices), done);
  return done();
}

function post(place, request) {
  const why = barred(place);
  if (why) return why;
  return judged(request, rules.message(request.json, { files: request.files.length }), () => {
    const known = request.json.enforce_nonce && `${place}/${request.json.nonce}`;
    if (known && world.nonces.has(known)) return { body: world.messages.get(world.nonces.get(known)) };
    const message = stored(place, request.json, { files: request.files });
    if (known) world.nonces.set(known, message.id);
    const there = world.channels.get(place);
    dispatch('MESSAGE_CREATE', { ...message, ...(there.type === 1 ? {} : { guild_id: GUILD }) });
    return { body: message };
  });
}

function begin(place, id, request) {
  const why = shut(place);
  if (why) return why;
  if (world.no_threads.includes(place)) return fail(403, 50013, 'Missing Permissions');
  const root = visible(id, place);
  if (!root) return NO_MESSAGE;
  if (root.thread) return fail(400, 160004, 'A thread has already been created for this message');
  const name = request.json.name ?? '';
  if (!name || [...name].length > 100) return judged(request, [`rule a thread's name has 1 to 100 characters: ${name}`], () => ({}));
  root.thread = thread(id, place, name);
  dispatch('THREAD_CREATE', { ...root.thread, newly_created: true });
  return { status: 201, body: root.thread };
}

const registered = (scope) => world.commands.get(scope ?? '') ?? [];

export const routes = [
  ['GET', /^\/gateway(\/bot)?$/, (_, r) => ({ body: { url: `ws://127.0.0.1:${r.port}/gateway`, shards: 1, session_start_limit: { total: 1000, remaining: 999, reset_after: 0, max_concurrency: 1 } } })],
  ['GET', /^\/users\/@me$/, () => ({ body: { ...bot, verified: true, mfa_enabled: true, flags: 0, email: null, locale: 'en-US' } })],
  ['GET', /^\/users\/@me\/guilds$/, () => ({ body: world.servers ? [{ id: GUILD, name: 'Ops', icon: null, owner: false, permissions: world.permissions ?? ALL, features: [] }] : [] })],
  ['POST', /^\/users\/@me\/channels$/, (_, r) => ({ body: direct(r.json.recipient_id) })],
  ['GET', /^\/(oauth2\/applications|applications)\/@me$/, () => ({ body: { id: APP, name: 'chopmark', icon: null, description: '', bot_public: false, bot_require_code_grant: false, verify_key: PUBLIC, summary: '', team: null, owner: person(), flags: world.no_content ? 0 : 1 << 19 } })],
  ['GET', /^\/guilds\/(\d+)$/, () => ({ body: guild() })],
  ['GET', /^\/guilds\/(\d+)\/channels$/, () => ({ body: [...world.channels.values()].filter((c) => c.type === 0) })],
  ['GET', /^\/guilds\/(\d+)\/members\/(\d+)$/, ([, user]) => (user === APP ? { body: { ...member(), user: bot } } : world.members.has(user) ? { body: { ...member(world.members.get(user)), user: person({ id: user }) } } : fail(404, 10007, 'Unknown Member'))],
  ['GET', /^\/channels\/(\d+)$/, ([id]) => shut(id) ?? { body: world.channels.get(id) }],
  ['PATCH', /^\/channels\/(\d+)$/, ([id], r) => shut(id) ?? (Object.assign(world.channels.get(id).thread_metadata, r.json), { body: world.channels.get(id) })],
  ['POST', /^\/channels\/(\d+)\/typing$/, ([id]) => barred(id) ?? { status: 204 }],
  ['POST', /^\/channels\/(\d+)\/messages$/, ([id], r) => post(id, r)],
  ['GET', /^\/channels\/(\d+)\/messages\/(\d+)$/, ([place, id]) => shut(place) ?? (visible(id, place) ? { body: visible(id, place) } : NO_MESSAGE)],
  ['PATCH', /^\/channels\/(\d+)\/messages\/(\d+)$/, ([place, id], r) => barred(place) ?? (visible(id, place) ? judged(r, rules.message(r.json, { schema: 'MessageEditRequestPartialSchema', edit: true, files: r.files.length }), () => ({ body: change(visible(id, place), r.json, r.files) })) : NO_MESSAGE)],
  ['DELETE', /^\/channels\/(\d+)\/messages\/(\d+)$/, ([place, id]) => (visible(id, place) && world.messages.delete(id) ? { status: 204 } : NO_MESSAGE)],
  ['POST', /^\/channels\/(\d+)\/messages\/(\d+)\/threads$/, ([place, id], r) => begin(place, id, r)],
  ['GET', /^\/applications\/(\d+)(?:\/guilds\/(\d+))?\/commands$/, ([, scope]) => ({ body: registered(scope) })],
  ['PUT', /^\/applications\/(\d+)(?:\/guilds\/(\d+))?\/commands$/, ([, scope], r) => judged(r, rules.commands(r.json), () => {
    world.commands.set(scope ?? '', r.json.map((command) => ({ type: 1, options: [], default_member_permissions: null, dm_permission: true, nsfw: false, ...command, id: snowflake(), application_id: APP, version: snowflake() })));
    return { body: registered(scope) };
  })],
  ['POST', /^\/interactions\/(\d+)\/([^/]+)\/callback$/, ([id, token], r) => {
    const it = world.interactions.get(token);
    if (!it || it.id !== id || Date.now() - it.born > 3000) return fail(404, 10062, 'Unknown interaction');
    if (it.answered) return fail(400, 40060, 'Interaction has already been acknowledged.');
    return callback(it, r);
  }],
  ['POST', /^\/webhooks\/(\d+)\/([^/]+)$/, ([, token], r) => {
    const it = alive(token);
    if (!it) return fail(401, 50027, 'Invalid Webhook Token');
    if (!it.answered) return fail(404, 10015, 'Unknown Webhook');
    const over = { interaction_metadata: { id: it.id, type: it.type, user: it.user, authorizing_integration_owners: {}, original_response_message_id: it.original, ...(it.message ? { interacted_message_id: it.message } : {}) } };
    return judged(r, rules.message(r.json, { schema: AS_WEBHOOK, files: r.files.length }), () => ({ body: stored(it.channel_id, r.json, { files: r.files, over }) }));
  }],
  ['PATCH', /^\/webhooks\/(\d+)\/([^/]+)\/messages\/([^/]+)$/, ([, token, id], r) => {
    const it = alive(token);
    if (!it) return fail(401, 50027, 'Invalid Webhook Token');
    const message = world.messages.get(id === '@original' ? it.original : id);
    return message ? judged(r, rules.message(r.json, { schema: 'IncomingWebhookUpdateRequestPartialSchema', edit: true, files: r.files.length }), () => ({ body: change(message, r.json, r.files) })) : NO_MESSAGE;
  }],
  ['GET', /^\/webhooks\/(\d+)\/([^/]+)\/messages\/@original$/, ([, token]) => { const message = world.messages.get(alive(token)?.original); return message ? { body: message } : NO_MESSAGE; }],
];

