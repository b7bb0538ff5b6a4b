// The judge of what is sent to Discord: its own published description, the limits that @discordjs/builders knows, and
// by hand what the documentation says and both miss.
// Used by routes.mjs on every message, modal and command.
// Must never be lenient: what it lets pass the real one would refuse in front of people.
import * as builders from '@discordjs/builders';
import * as spec from 'discord-api-spec/zod';

const V2 = 1 << 15;
const TEXT = 10;
const length = (text) => [...(text ?? '')].length;
const bytes = (text) => Buffer.byteLength(text ?? '');

// Of a union's complaints the one that got furthest says what is wrong.
function deepest(issue, path = []) {
  const here = [...path, ...(issue.path ?? [])];
  if (issue.code === 'invalid_union' && issue.errors?.length) {
    const inner = issue.errors.flat().map((one) => deepest(one, here)).filter((text) => !/^type: |: Invalid input: expected "?\d/.test(text));
    if (inner.length) return inner.sort((one, other) => other.split('.').length - one.split('.').length)[0];
  }
  return `${here.join('.')}: ${issue.message}`;
}

function described(name, body) {
  const result = spec[name].safeParse(body);
  return result.success ? [] : result.error.issues.map((issue) => `description ${name} ${deepest(issue)}`);
}

class Findings {
  list = [];
  rule(broken, text) { if (broken) this.list.push(`rule ${text}`); }
  builders(what, act) {
    try { act(); } catch (error) { this.list.push(`builders ${what}: ${String(error.message ?? error).split('\n')[0]}`); }
  }
}

function walk(parts, visit) {
  for (const part of parts ?? []) {
    visit(part);
    walk(part.components, visit);
    if (part.component) walk([part.component], visit);
    if (part.accessory) walk([part.accessory], visit);
  }
}

function button(part, found) {
  found.rule(![5, 6].includes(part.style) && !part.custom_id, 'a button without custom_id');
  const check = builders.ComponentAssertions;
  found.builders('button', () => check.validateRequiredButtonParameters(part.style, part.label, part.emoji, part.custom_id, part.sku_id, part.url));
  if (part.label !== undefined) found.builders('button label', () => check.buttonLabelValidator.parse(part.label));
}

function select(part, found) {
  const options = part.options ?? [];
  found.builders('select', () => builders.ComponentAssertions.validateRequiredSelectMenuParameters(options, part.custom_id));
  found.rule(new Set(options.map((option) => option.value)).size !== options.length, 'a select whose values repeat');
}

function row(part, found, modal) {
  const kinds = (part.components ?? []).map((inner) => inner.type);
  found.rule(kinds.some((kind) => kind !== 2) && kinds.length > 1, 'a row holds up to 5 buttons or exactly one other thing');
  found.rule(!kinds.length, 'an empty row');
  found.rule(!modal && kinds.includes(4), 'text inputs live in modals only');
}

function components(parts, found, modal = false) {
  const ids = new Set();
  let count = 0;
  walk(parts, (part) => {
    count += 1;
    if (part.custom_id !== undefined) {
      found.builders('custom_id', () => builders.ComponentAssertions.customIdValidator.parse(part.custom_id));
      found.rule(ids.has(part.custom_id), `custom_id twice in one message: ${part.custom_id}`);
      ids.add(part.custom_id);
    }
    if (part.type === 1) row(part, found, modal);
    if (part.type === 2) button(part, found);
    if (part.type === 3) select(part, found);
    if (part.type === 4) found.builders('text input', () => builders.TextInputAssertions.validateRequiredParameters(part.custom_id, part.style, part.label ?? 'in a label'));
  });
  found.rule(count > 40, `${count} components, 40 allowed`);
}

function second(body, found) {
  found.rule(body.content || body.embeds?.length || body.poll || body.sticker_ids?.length, 'V2 messages take no content, embeds, poll or stickers');
  let characters = 0;
  let size = 0;
  walk(body.components, (part) => {
    if (part.type === TEXT) { characters += length(part.content); size += bytes(part.content); }
  });
  found.rule(characters > 4000, `V2 text of ${characters} characters, 4000 allowed`);
  found.rule(size > 9800, `V2 text of ${size} bytes; near 10170 the real one answers 500`);
}

function embeds(list, found) {
  const texts = list.flatMap((e) => [e.title, e.description, e.footer?.text, e.author?.name, ...(e.fields ?? []).flatMap((f) => [f.name, f.value])]);
  const sum = texts.reduce((all, text) => all + length(text), 0);
  found.rule(sum > 6000, `embeds of ${sum} characters, 6000 allowed`);
  const check = builders.EmbedAssertions;
  for (const embed of list) {
    if (embed.title) found.builders('embed title', () => check.titlePredicate.parse(embed.title));
    if (embed.description) found.builders('embed description', () => check.descriptionPredicate.parse(embed.description));
    for (const field of embed.fields ?? []) found.builders('embed field', () => check.embedFieldPredicate.parse(field));
  }
}

export function message(body, { schema = 'MessageCreateRequestSchema', files = 0, edit = false } = {}) {
  const found = new Findings();
  // The documentation allows numbers as ids of attachments, and the description does not.
  const attachments = body.attachments?.map((file) => ({ ...file, id: String(file.id) }));
  found.list.push(...described(schema, { ...body, ...(attachments ? { attachments } : {}) }));
  components(body.components, found);
  found.rule(length(body.content) > 2000, `content of ${length(body.content)} characters, a bot may send 2000`);
  const kinds = (body.components ?? []).map((part) => part.type);
  if ((body.flags ?? 0) & V2) second(body, found);
  else {
    found.rule(kinds.some((kind) => kind !== 1), 'components of the second generation without flag 32768');
    found.rule(kinds.length > 5, `${kinds.length} rows, 5 allowed`);
  }
  embeds(body.embeds ?? [], found);
  const something = body.content || body.embeds?.length || body.components?.length || files || body.poll || body.sticker_ids?.length;
  found.rule(!edit && !something, 'an empty message (code 50006)');
  found.rule(!edit && body.allowed_mentions === undefined, 'allowed_mentions is not set: everyone in the text would be notified');
  found.rule(body.enforce_nonce && !body.nonce, 'enforce_nonce without nonce');
  const named = (body.attachments ?? []).filter((file) => file.filename);
  found.rule(named.length !== files, `${files} files are sent, ${named.length} are named`);
  found.rule(named.some((file) => !file.description), 'a file without a description for those who cannot see it');
  return found.list;
}

export function modal(data) {
  const found = new Findings();
  found.list.push(...described('ModalInteractionCallbackRequestDataSchema', data));
  components(data.components, found, true);
  const check = builders.ModalAssertions;
  found.builders('modal', () => check.validateRequiredParameters(data.custom_id, data.title, (data.components ?? []).map((part) => builders.createComponentBuilder(part))));
  found.builders('modal title', () => check.titleValidator.parse(data.title));
  found.rule((data.components ?? []).length > 5, 'a modal takes 5 parts');
  return found.list;
}

export function choices(list) {
  const found = new Findings();
  found.rule(!Array.isArray(list) || list.length > 25, 'up to 25 choices');
  for (const { name, value } of list ?? []) found.rule(!name || length(name) > 100 || !value || length(value) > 100, `a choice of 1 to 100 characters: ${name} = ${value}`);
  return found.list;
}

const size = (option) => length(option.name) + length(option.description)
  + (option.choices ?? []).reduce((all, choice) => all + length(choice.name) + length(String(choice.value)), 0)
  + (option.options ?? []).reduce((all, inner) => all + size(inner), 0);

export function commands(list) {
  const found = new Findings();
  for (const command of list) {
    found.list.push(...described('ApplicationCommandUpdateRequestSchema', command).map((text) => `${command.name}: ${text}`));
    const slash = (command.type ?? 1) === 1;
    const check = slash ? builders.SlashCommandAssertions : builders.ContextMenuCommandAssertions;
    found.builders(`command ${command.name}`, () => check.validateName(command.name));
    if (slash) found.builders(`command ${command.name}`, () => check.validateDescription(command.description));
    found.rule(size(command) > 8000, `command ${command.name} holds ${size(command)} characters, 8000 allowed`);
    const optional = (command.options ?? []).map((option) => !option.required);
    found.rule(optional.some((one, at) => !one && optional.slice(0, at).includes(true)), `command ${command.name}: a required option after an optional one`);
  }
  const names = list.map((command) => `${command.type ?? 1}/${command.name}`);
  found.rule(new Set(names).size !== names.length, 'two commands of one name and type');
  return found.list;
}
