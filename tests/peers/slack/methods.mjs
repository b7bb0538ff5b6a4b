// The Web API of the stand-in: what each method answers and changes.
// Called by slack.mjs for every request to /api.
// Must never do what was refused: judged first, done then.
import { APP, BOT, BOT_ID, CHANNEL, TEAM, bad, direct, id, ts, world } from './world.mjs';
import * as rules from './rules.mjs';
import crypto from 'node:crypto';

// Refuses what the judge finds wrong, as Slack does, and remembers it: a test ends with nothing remembered.
function judged(request, problems, act) {
  request.problems.push(...problems);
  if (!problems.length) return act();
  const error = problems.some((p) => p.includes('view')) ? 'invalid_arguments' : 'invalid_blocks';
  return bad(error, { response_metadata: { messages: problems.map((p) => `[ERROR] ${p}`) } });
}

const user = (name) => {
  const person = world.people.get(name);
  return { id: name, team_id: TEAM, name: person?.name ?? 'chopmark', deleted: person?.deleted ?? false, real_name: person?.name, tz: 'Europe/Berlin', tz_offset: 3600, is_bot: name === BOT, locale: person?.locale, profile: { display_name: person?.name, real_name: person?.name } };
};
const conversation = (channel) => ({ id: channel, name: direct(channel) ? undefined : 'ops', is_channel: !direct(channel), is_im: direct(channel), is_private: false, is_archived: world.archived.has(channel), is_member: !world.strange.has(channel), num_members: 2 });
const page = (key, list) => ({ ok: true, [key]: list, response_metadata: { next_cursor: '' } });

// Why nothing can be written there; none when it can.
function closed(channel) {
  if (channel === 'C0GONE') return 'channel_not_found';
  if (world.archived.has(channel)) return 'is_archived';
  if (world.strange.has(channel)) return 'not_in_channel';
  return undefined;
}

export function post(channel, body, more = {}) {
  const message = { type: 'message', user: BOT, bot_id: BOT_ID, app_id: APP, team: TEAM, ts: ts(), channel, text: body.text ?? body.markdown_text ?? '', ...more };
  if (body.blocks) message.blocks = body.blocks.map((block, number) => ({ block_id: `b${number}`, ...block }));
  if (body.thread_ts) message.thread_ts = body.thread_ts;
  if (body.metadata) message.metadata = body.metadata;
  world.messages.set(`${channel}/${message.ts}`, message);
  return message;
}

function show(view, request) {
  const trigger = world.triggers.get(request.body.trigger_id);
  if (!trigger) return bad('invalid_trigger_id');
  if (Date.now() - trigger.born > 3000) return bad('expired_trigger_id');
  if (trigger.used) return bad('exchanged_trigger_id');
  trigger.used = true;
  const shown = { id: id('V'), team_id: TEAM, app_id: APP, bot_id: BOT_ID, root_view_id: 'V0', hash: `${Date.now()}.x`, state: { values: {} }, private_metadata: '', callback_id: '', ...view };
  world.views.set(shown.id, shown);
  return { ok: true, view: shown };
}

// Metadata is given only to who asks for it.
function history(body, list) {
  const all = body.include_all_metadata === true || body.include_all_metadata === 'true';
  const limit = Number(body.limit ?? 100);
  const seen = list.filter((m) => !body.oldest || Number(m.ts) > Number(body.oldest));
  const messages = seen.slice(0, limit).map(({ metadata, ...message }) => (all && metadata ? { ...message, metadata } : message));
  return { ...page('messages', messages), has_more: seen.length > limit };
}
const of = (channel) => [...world.messages.values()].filter((m) => m.channel === channel);

// The scope that each method asks for.
export const scopes = {
  'chat.postMessage': 'chat:write', 'chat.update': 'chat:write', 'chat.postEphemeral': 'chat:write', 'chat.delete': 'chat:write',
  'chat.startStream': 'chat:write', 'chat.appendStream': 'chat:write', 'chat.stopStream': 'chat:write',
  'files.getUploadURLExternal': 'files:write', 'files.completeUploadExternal': 'files:write',
  'users.info': 'users:read', 'users.conversations': 'channels:read', 'conversations.open': 'im:write',
  'conversations.history': 'channels:history', 'conversations.replies': 'channels:history',
  'reactions.add': 'reactions:write', 'usergroups.list': 'usergroups:read',
};
const known = [...new Set(Object.values(scopes)), 'app_mentions:read', 'commands', 'im:history', 'im:read', 'groups:read', 'groups:history', 'mpim:history', 'mpim:read', 'assistant:write'];
export const granted = () => (world.scopes.length ? world.scopes : known);

export const methods = {
  'auth.test': () => ({ ok: true, url: 'https://ops.slack.test/', team: 'Ops', user: 'chopmark', team_id: TEAM, user_id: BOT, bot_id: BOT_ID }),
  'apps.connections.open': () => {
    const ticket = crypto.randomUUID();
    world.tickets.add(ticket);
    return { ok: true, url: `ws://127.0.0.1:${world.port}/link/?ticket=${ticket}&app_id=${APP}` };
  },
  'chat.postMessage': (body, request) => closed(body.channel) ? bad(closed(body.channel)) : judged(request, rules.message(body, { unfurls: true }), () => {
    const message = post(body.channel, body);
    return { ok: true, channel: body.channel, ts: message.ts, message };
  }),
  'chat.update': (body, request) => {
    const message = world.messages.get(`${body.channel}/${body.ts}`);
    if (closed(body.channel)) return bad(closed(body.channel));
    if (!message) return bad('message_not_found');
    if (message.streaming) return bad('streaming_state_conflict');
    return judged(request, rules.message(body, { update: true }), () => {
      Object.assign(message, { text: body.text ?? message.text, blocks: body.blocks ?? message.blocks, metadata: body.metadata ?? message.metadata, edited: { user: BOT, ts: ts() }, edits: (message.edits ?? 0) + 1 });
      return { ok: true, channel: body.channel, ts: body.ts, text: message.text, message };
    });
  },
  'chat.postEphemeral': (body, request) => closed(body.channel) ? bad(closed(body.channel)) : !world.people.has(body.user) ? bad('user_not_in_channel') : judged(request, rules.message(body), () => {
    const message_ts = ts();
    world.ephemerals.push({ channel: body.channel, user: body.user, thread_ts: body.thread_ts, text: body.text, blocks: body.blocks, ts: message_ts, by: 'postEphemeral' });
    return { ok: true, message_ts };
  }),
  'chat.delete': (body) => world.messages.delete(`${body.channel}/${body.ts}`) ? { ok: true, channel: body.channel, ts: body.ts } : bad('message_not_found'),
  'chat.startStream': (body, request) => {
    if (!world.streaming) return bad('unknown_method');
    if (closed(body.channel)) return bad(closed(body.channel));
    if (!body.thread_ts) return bad('invalid_arguments');
    if (!direct(body.channel) && (!body.recipient_user_id || !body.recipient_team_id)) return bad('missing_recipient_user_id');
    return judged(request, rules.message(body, { update: true }), () => {
      const message = post(body.channel, body, { streaming: true });
      return { ok: true, channel: body.channel, ts: message.ts };
    });
  },
  'chat.appendStream': (body, request) => {
    const message = world.messages.get(`${body.channel}/${body.ts}`);
    if (!message) return bad('message_not_found');
    if (!message.streaming) return bad('message_not_in_streaming_state');
    return judged(request, rules.message(body, { update: true }), () => {
      message.text += body.markdown_text ?? '';
      return { ok: true, channel: body.channel, ts: body.ts };
    });
  },
  'chat.stopStream': (body) => {
    const message = world.messages.get(`${body.channel}/${body.ts}`);
    if (!message) return bad('message_not_found');
    if (!message.streaming) return bad('message_not_in_streaming_state');
    message.streaming = false;
    return { ok: true, channel: body.channel, ts: body.ts, message };
  },
  'views.open': (body, request) => judged(request, rules.view(body.view), () => show(body.view, request)),
  'views.update': (body, request) => {
    const view = world.views.get(body.view_id);
    if (!view) return bad('not_found');
    return judged(request, rules.view(body.view), () => ({ ok: true, view: Object.assign(view, body.view, { hash: `${Date.now()}.y` }) }));
  },
  'files.getUploadURLExternal': (body) => {
    const file = { id: id('F'), name: body.filename, want: Number(body.length), alt: body.alt_txt };
    world.files.set(file.id, file);
    return { ok: true, file_id: file.id, upload_url: `http://127.0.0.1:${world.port}/upload/v1/${file.id}` };
  },
  'files.completeUploadExternal': (body) => {
    const files = (body.files ?? []).map((file) => ({ ...world.files.get(file.id), title: file.title }));
    if (files.some((file) => file.got !== file.want)) return bad('file_upload_size_restricted');
    if (body.channel_id && closed(body.channel_id)) return bad(closed(body.channel_id));
    for (const file of files) Object.assign(world.files.get(file.id), { title: file.title, channel: body.channel_id, thread_ts: body.thread_ts });
    const shared = files.map((file) => ({ id: file.id, title: file.title, name: file.name, created: 1, timestamp: 1, size: file.got }));
    if (body.channel_id) post(body.channel_id, { text: body.initial_comment ?? '', thread_ts: body.thread_ts }, { files: shared, subtype: 'file_share' });
    return { ok: true, files: shared };
  },
  'users.info': (body) => world.people.has(body.user) ? { ok: true, user: user(body.user) } : bad('user_not_found'),
  'users.conversations': () => page('channels', [CHANNEL].filter((c) => !world.strange.has(c)).map(conversation)),
  'usergroups.list': () => ({ ok: true, usergroups: world.groups.map((group) => ({ team_id: TEAM, is_usergroup: true, name: group.handle, date_delete: 0, user_count: group.users.length, ...group })) }),
  'conversations.info': (body) => body.channel === 'C0GONE' ? bad('channel_not_found') : { ok: true, channel: conversation(body.channel) },
  'conversations.open': (body) => world.people.has(body.users) ? { ok: true, channel: { id: `D0${body.users.slice(2)}` } } : bad('user_not_found'),
  'conversations.history': (body) => closed(body.channel) ? bad(closed(body.channel)) : history(body, of(body.channel).filter((m) => !m.thread_ts || m.thread_ts === m.ts).reverse()),
  'conversations.replies': (body) => {
    const thread = of(body.channel).filter((m) => m.ts === body.ts || m.thread_ts === body.ts);
    return closed(body.channel) ? bad(closed(body.channel)) : thread.length ? history(body, thread) : bad('thread_not_found');
  },
  'reactions.add': (body) => {
    const same = (r) => r.name === body.name && r.channel === body.channel && r.timestamp === body.timestamp;
    if (!world.messages.has(`${body.channel}/${body.timestamp}`)) return bad('message_not_found');
    if (world.reactions.some(same)) return bad('already_reacted');
    world.reactions.push({ name: body.name, channel: body.channel, timestamp: body.timestamp });
    return { ok: true };
  },
  'assistant.threads.setStatus': (body) => (direct(body.channel_id) ? { ok: true } : bad('method_not_supported_for_channel_type')),
};
