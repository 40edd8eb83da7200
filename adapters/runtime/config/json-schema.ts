import { z } from 'zod';
import { AdvisoryFile } from './advisory-file.js';
import { CampaignFile } from './campaign-schema.js';
import { RelinkFile } from './relink-file.js';

const files = { relink: RelinkFile, campaign: CampaignFile, advisory: AdvisoryFile };

/** JSON Schemas of the files that an operator writes, for editors: kept in `docs/schema`. What needs other files is checked at loading. */
export const jsonSchemas = (): readonly { readonly name: string; readonly text: string }[] =>
  Object.entries(files).map(([name, schema]) => ({
    name: `${name}.schema.json`,
    text: `${JSON.stringify(z.toJSONSchema(schema, { io: 'input', target: 'draft-7' }), null, 2)}\n`,
  }));
