import { readFileSync } from 'node:fs';
import { z } from 'zod';
import type { Shape } from '../../../domain/shape.js';

/** What an organisation is to look like, without a word of what it is about: per host what an inventory is to find of theirs. */
export interface ShapedOrganisation extends Shape {
  /** What is excluded stands on these, so that a campaign for the other sites leaves it alone. */
  readonly apart: readonly string[];
  /** As many as a host has personal rooms, at least one. */
  readonly sites: readonly string[];
  /** Nothing begins sooner: it would begin while the rehearsal runs. Milliseconds. */
  readonly soonestMs: number;
}

const Meeting = z.strictObject({
  kind: z.enum(['single', 'series', 'webinar', 'personal-room', 'space', 'room']),
  finding: z.enum(['affected', 'unaffected', 'excluded', 'refused']),
  reason: z.string().nullable(),
  startsInMs: z.number().nullable(),
});
const names = z.array(z.string()).min(1);
const ShapeFile: z.ZodType<ShapedOrganisation> = z.strictObject({ hosts: z.array(z.array(Meeting)).min(1), apart: names, sites: names, soonestMs: z.number().nonnegative() });

/** @throws TypeError for a file that is none */
export function readShape(path: string): ShapedOrganisation {
  const { data, error } = ShapeFile.safeParse(JSON.parse(readFileSync(path, 'utf8')));
  if (!data) throw new TypeError(`${path} is not a shape: ${error.issues[0]?.path.join('.')} ${error.issues[0]?.message}`);
  return data;
}
