// The judge of what is sent to Slack: the shape by JSON Schemas made from @slack/types, and by hand the lengths and
// counts that the documentation names and types cannot say.
// Used by methods.mjs on every message and view.
// Must never be lenient: what it lets pass a real workspace would refuse in front of people.
import fs from 'node:fs';
import Ajv from 'ajv';

const folder = process.env.SLACK_SCHEMAS ?? new URL('./schemas', import.meta.url).pathname;
const ajv = new Ajv({ strict: false, allErrors: true, allowUnionTypes: true });
const read = (name) => JSON.parse(fs.readFileSync(`${folder}/${name}.schema.json`));

// One schema for each type of block: an error then names the field and not the whole union.
const { definitions } = read('blocks');
const shapeOf = {};
for (const [name, definition] of Object.entries(definitions)) {
  const type = definition.properties?.type?.const;
  if (name.endsWith('Block') && type) shapeOf[type] = ajv.compile({ definitions, $ref: `#/definitions/${name}` });
}
const shapeOfView = ajv.compile(read('view'));

const length = (text) => [...(text ?? '')].length;

class Findings {
  list = [];
  longest(where, text, most) {
    if (length(text) > most) this.list.push(`rule ${where}: ${length(text)} characters, ${most} allowed`);
  }
  most(where, entries, most) {
    if ((entries?.length ?? 0) > most) this.list.push(`rule ${where}: ${entries.length} entries, ${most} allowed`);
  }
  when(bad, words) {
    if (bad) this.list.push(`rule ${words}`);
  }
}

function element(found, item, where) {
  found.longest(`${where} action_id`, item.action_id, 255);
  found.longest(`${where} placeholder`, item.placeholder?.text, 150);
  if (item.type === 'button') {
    found.longest(`${where} button text`, item.text?.text, 75);
    found.when(!length(item.text?.text), `${where} button without text`);
    found.longest(`${where} button value`, item.value, 2000);
    found.longest(`${where} url`, item.url, 3000);
    found.longest(`${where} accessibility_label`, item.accessibility_label, 75);
  }
  if (item.type === 'overflow') found.most(`${where} options`, item.options, 5);
  if (/select$/.test(item.type)) {
    found.most(`${where} options`, item.options, 100);
    found.when(item.type === 'static_select' && !item.options?.length && !item.option_groups?.length, `${where} no options`);
  }
  if (/^(radio_buttons|checkboxes)$/.test(item.type)) found.most(`${where} options`, item.options, 10);
  for (const option of item.options ?? []) {
    found.longest(`${where} option text`, option.text?.text, 75);
    found.longest(`${where} option value`, option.value, 150);
    found.longest(`${where} option description`, option.description?.text, 75);
  }
  found.when(item.type === 'plain_text_input' && (item.max_length ?? 0) > 3000, `${where} max_length above 3000`);
  if (item.confirm) {
    found.longest(`${where} confirm title`, item.confirm.title?.text, 100);
    found.longest(`${where} confirm text`, item.confirm.text?.text, 300);
    found.longest(`${where} confirm button`, item.confirm.confirm?.text, 30);
    found.longest(`${where} confirm deny`, item.confirm.deny?.text, 30);
  }
}

function block(found, item, where) {
  const shape = shapeOf[item.type];
  if (!shape) found.list.push(`spec ${where}: no such block`);
  else if (!shape(item)) {
    const say = (e) => `spec ${where}${e.instancePath} ${e.message} ${JSON.stringify(e.params.additionalProperty ?? '')}`;
    found.list.push(...shape.errors.slice(0, 4).map(say));
  }
  found.longest(`${where} block_id`, item.block_id, 255);
  if (item.type === 'section') {
    found.longest(`${where} text`, item.text?.text, 3000);
    found.most(`${where} fields`, item.fields, 10);
    for (const field of item.fields ?? []) found.longest(`${where} field`, field.text, 2000);
    found.when(!item.text && !item.fields, `${where} needs text or fields`);
    found.when(item.text && !length(item.text.text), `${where} empty text`);
  }
  if (item.type === 'header') found.longest(`${where} text`, item.text?.text, 150);
  if (item.type === 'markdown') found.longest(`${where} text`, item.text, 12000);
  if (item.type === 'context') {
    found.most(`${where} elements`, item.elements, 10);
    for (const part of item.elements ?? []) found.longest(`${where} element`, part.text, 2000);
  }
  if (item.type === 'input') {
    found.longest(`${where} label`, item.label?.text, 2000);
    found.longest(`${where} hint`, item.hint?.text, 2000);
  }
  if (item.type === 'actions') {
    found.most(`${where} elements`, item.elements, 25);
    found.when(!item.elements?.length, `${where} without elements`);
  }
}

export function blocks(list, most = 50) {
  const found = new Findings();
  if (!Array.isArray(list)) return ['rule blocks is not a list'];
  found.most('blocks', list, most);
  const ids = new Set();
  list.forEach((item, number) => {
    const where = `blocks[${number}](${item.type})`;
    block(found, item, where);
    found.when(item.block_id && ids.has(item.block_id), `block_id twice: ${item.block_id}`);
    ids.add(item.block_id);
    const elements = [item.type === 'actions' ? item.elements : [], item.accessory, item.type === 'input' ? item.element : []];
    const actions = new Set();
    for (const part of elements.flat().filter(Boolean)) {
      element(found, part, where);
      found.when(part.action_id && actions.has(part.action_id), `${where} action_id twice: ${part.action_id}`);
      actions.add(part.action_id);
    }
  });
  // All texts of a message together are refused somewhere above 13,000 characters (slackapi/bolt-js#2509).
  const texts = (value) => value === null || typeof value !== 'object' ? 0
    : Object.entries(value).reduce((sum, [key, part]) => sum + (key === 'text' && typeof part === 'string' ? length(part) : texts(part)), 0);
  found.when(most === 50 && texts(list) > 13000, `msg_blocks_too_long: ${texts(list)} characters`);
  return found.list;
}

// Texts in which Slack reads markup: a plain text and the parts of rich text show every character.
function marked(value) {
  if (value === null || typeof value !== 'object') return [];
  const own = value.type === 'mrkdwn' || value.type === 'markdown' ? [value.text] : [];
  return [...own, ...Object.values(value).flatMap(marked)];
}

export function message(body, { update = false, unfurls = false } = {}) {
  const found = new Findings();
  found.longest('text', body.text, 40000);
  found.longest('markdown_text', body.markdown_text, 12000);
  found.when(!update && !body.text && !body.blocks?.length && !body.markdown_text, 'no_text');
  found.when(body.markdown_text && (body.blocks || body.text), 'markdown_text goes alone');
  found.when(body.blocks && !body.text, 'no text beside blocks: notifications and screen readers get nothing');
  // Ours: nothing that people or models write may be fetched and shown as if it were part of our message.
  found.when(unfurls && (body.unfurl_links !== false || body.unfurl_media !== false), 'unfurls are not off');
  found.when(/<!(here|channel|everyone)/.test([body.text, body.markdown_text, ...marked(body.blocks)].join(' ')), 'mentions everybody');
  return [...found.list, ...(body.blocks ? blocks(body.blocks) : [])];
}

export function view(body) {
  const found = new Findings();
  if (!shapeOfView(body)) {
    const plain = shapeOfView.errors.filter((e) => e.keyword !== 'anyOf' && e.keyword !== 'const' && !e.instancePath.startsWith('/blocks'));
    found.list.push(...plain.slice(0, 3).map((e) => `spec view${e.instancePath} ${e.message} ${JSON.stringify(e.params.additionalProperty ?? '')}`));
  }
  found.longest('view title', body.title?.text, 24);
  found.longest('view submit', body.submit?.text, 24);
  found.longest('view close', body.close?.text, 24);
  found.longest('view callback_id', body.callback_id, 255);
  found.longest('view private_metadata', body.private_metadata, 3000);
  found.when(body.type === 'modal' && body.blocks?.some((b) => b.type === 'input') && !body.submit, 'a view with inputs needs submit');
  return [...found.list, ...blocks(body.blocks, 100)];
}
