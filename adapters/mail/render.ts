import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Eta, type TemplateFunction } from 'eta';
import { packageRoot } from '../runtime/package-root.js';
import type { Letter } from './letter.js';

/** The two templates are read from the sources at first use, because the compiler does not copy them. */
const load = (file: string, autoEscape: boolean): ((letter: Letter) => string) => {
  const eta = new Eta({ autoEscape });
  let template: TemplateFunction | undefined;
  return (letter) => {
    template ??= eta.compile(readFileSync(join(packageRoot(), 'adapters/mail/templates', file), 'utf8'));
    return eta.render(template, letter);
  };
};

const asText = load('letter.txt.eta', false);
const asHtml = load('letter.html.eta', true);

/** The same letter twice: as plain text, and as HTML in which everything of others is escaped and nothing is loaded from elsewhere. */
export const render = (letter: Letter): { text: string; html: string } => ({ text: asText(letter), html: asHtml(letter) });
