// Writes the description of what Discord takes as JSON Schemas, in the shape of its OpenAPI document.
// Run by `install` in the folder of the modules.
// Must never be edited by hand: it is made from the package that follows Discord's own description.
import fs from 'node:fs';
import * as spec from 'discord-api-spec/zod';
import { z } from 'zod';

const named = z.registry();
for (const [name, schema] of Object.entries(spec)) {
  if (name.endsWith('Schema') && schema?._zod) named.add(schema, { id: name.slice(0, -'Schema'.length) });
}
const { schemas } = z.toJSONSchema(named, { uri: (id) => `#/components/schemas/${id}`, unrepresentable: 'any', io: 'input' });
// Each would be a document of its own: within one they are parts.
for (const schema of Object.values(schemas)) for (const field of ['$schema', '$id', 'id']) delete schema[field];
fs.writeFileSync('openapi.json', JSON.stringify({ openapi: '3.1.0', components: { schemas } }));
