// The control door of the stand-in: what tests make happen, and what they look at. POST or GET /_control/NAME, JSON.
// Called by slack.mjs.
// Must never be part of what is tested: no client of Slack knows it.
//
// mention {text, thread_ts?, user?, channel?, ts?, event_id?, copies?} · message {text, channel, thread_ts?, …} · event {event}
// press {ts, action_id, block_id?, value?, user?, age_ms?} · submit {view_id, values} · slash {command, text} · shortcut {ts}
// challenge {url} · with `url` each goes out as a signed HTTP request {bad_signature, unsigned, skew_s, timestamp, retry, body}
// frame {text}: byte for byte to the sockets · socket {reason?, cut?, close?, deaf?} · fault {method, times, status?,
// retry_after?, error?, delay_ms?, cut: 'before'|'after'} · set {archived?, strange?, revoked?, scopes?, streaming?, skew_s?, groups?}
// remove {channel, ts} · state · log · problems
import { APP, BOT, CHANNEL, TEAM, direct, id, origin, ts, world } from './world.mjs';
import { deliver } from './deliver.mjs';

const seconds = () => Math.floor(Date.now() / 1000);
const who = (user = 'U0ADA') => ({ id: user, username: world.people.get(user)?.name ?? user, name: world.people.get(user)?.name ?? user, team_id: TEAM });
const team = { id: TEAM, domain: 'ops' };

function said(options, type, text) {
  const channel = options.channel ?? CHANNEL;
  const message = { type, user: options.user ?? 'U0ADA', team: TEAM, text, ts: options.ts ?? ts(), channel, ...(options.thread_ts ? { thread_ts: options.thread_ts } : {}), ...(options.more ?? {}) };
  world.messages.set(`${channel}/${message.ts}`, { ...message, type: 'message' });
  const kind = type === 'message' ? { channel_type: direct(channel) ? 'im' : 'channel' } : {};
  const sent = control.event({ ...options, event: { ...message, ...kind, event_ts: message.ts } });
  return sent instanceof Promise ? sent.then((answer) => ({ ...answer, ts: message.ts })) : { ...sent, ts: message.ts };
}

export const control = {
  state: () => ({ sockets: world.sockets.size, messages: [...world.messages.values()], ephemerals: world.ephemerals, reactions: world.reactions, views: [...world.views.values()], files: [...world.files.values()], envelopes: [...world.envelopes.values()] }),
  log: () => world.log,
  problems: () => world.log.filter((entry) => entry.problems?.length),
  event: (o) => deliver('events_api', { token: 'x', team_id: TEAM, api_app_id: APP, type: 'event_callback', event_id: o.event_id ?? id('Ev'), event_time: seconds(), authorizations: [{ team_id: TEAM, user_id: BOT, is_bot: true, is_enterprise_install: false }], event: o.event }, o),
  mention: (o) => said(o, 'app_mention', `<@${BOT}> ${o.text}`),
  message: (o) => said(o, 'message', o.text),
  press: (o) => {
    const channel = o.channel ?? CHANNEL;
    const message = world.messages.get(`${channel}/${o.ts}`);
    const container = { type: 'message', message_ts: o.ts, channel_id: channel, is_ephemeral: !message, ...(message?.thread_ts ? { thread_ts: message.thread_ts } : {}) };
    const action = { type: 'button', action_id: o.action_id, block_id: o.block_id ?? 'b0', value: o.value, text: { type: 'plain_text', text: 'x' }, action_ts: o.action_ts ?? ts() };
    return deliver('interactive', { type: 'block_actions', team, user: who(o.user), api_app_id: APP, token: 'x', container, channel: { id: channel, name: 'ops' }, message, state: { values: {} }, ...origin(o), actions: [action] }, o);
  },
  submit: (o) => deliver('interactive', { type: 'view_submission', team, user: who(o.user), api_app_id: APP, token: 'x', trigger_id: origin(o).trigger_id, view: { ...world.views.get(o.view_id), state: { values: o.values ?? {} } }, response_urls: [] }, o),
  shortcut: (o) => {
    if (o.type === 'global') return deliver('interactive', { type: 'shortcut', callback_id: o.callback_id, team, user: who(o.user), token: 'x', action_ts: ts(), trigger_id: origin(o).trigger_id }, o);
    const channel = o.channel ?? CHANNEL;
    return deliver('interactive', { type: 'message_action', callback_id: o.callback_id ?? 'chop.ask', team, user: who(o.user), api_app_id: APP, token: 'x', action_ts: ts(), message_ts: o.ts, channel: { id: channel, name: 'ops' }, message: world.messages.get(`${channel}/${o.ts}`), ...origin(o) }, o);
  },
  slash: (o) => deliver('slash_commands', { token: 'x', team_id: TEAM, team_domain: 'ops', channel_id: o.channel ?? CHANNEL, channel_name: 'ops', user_id: o.user ?? 'U0ADA', user_name: who(o.user).name, command: o.command ?? '/chopmark', text: o.text ?? '', api_app_id: APP, is_enterprise_install: 'false', ...origin(o) }, o),
  challenge: (o) => deliver('events_api', { token: 'x', challenge: 'c-123', type: 'url_verification' }, o),
  frame: (o) => { for (const socket of world.sockets) socket.send(o.text); return {}; },
  socket: (o) => {
    for (const socket of world.sockets) {
      if (o.reason) socket.send(JSON.stringify({ type: 'disconnect', reason: o.reason, debug_info: { host: 'peer' } }));
      if (o.reason === 'refresh_requested' || o.close) setTimeout(() => socket.close(1000), 1000).unref();
      if (o.cut) socket.terminate();
      // Half closed: it is open on their side, hears nothing and answers no ping.
      if (o.deaf) { socket.deaf = true; socket._receiver.removeAllListeners('ping'); socket.removeAllListeners('message'); }
    }
    return {};
  },
  fault: (o) => { world.faults.push({ times: 1, ...o }); return {}; },
  set: ({ archived, strange, groups, people, ...rest }) => {
    for (const channel of archived ?? []) world.archived.add(channel);
    for (const channel of strange ?? []) world.strange.add(channel);
    if (groups) world.groups = groups;
    for (const [name, person] of Object.entries(people ?? {})) world.people.set(name, person);
    Object.assign(world, rest);
    return {};
  },
  remove: (o) => ({ removed: world.messages.delete(`${o.channel ?? CHANNEL}/${o.ts}`) }),
};
