import { InputError, type ExemptionLine } from '../../adapters/runtime/config/index.js';
import type { Exemption, ExemptionGrant, ExemptionPreview, ExemptionReceipt, ExemptionSubject, Steering } from '../../domain/exemptions.js';
import { refusedByLedger, WrongUse } from '../errors.js';
import type { CampaignSession } from '../session.js';
import { fullKey, type Told } from './orders.js';
import { tell } from './wake.js';

export type Wanted = Omit<ExemptionGrant, 'seen'>;

/** Keys of all meetings of the campaign, for those that were typed in part. */
export const keysOf = async ({ ledger, name }: CampaignSession): Promise<readonly string[]> => (await ledger.items.select(name, {})).map(({ meeting }) => meeting);

export const resolved = (subject: ExemptionSubject, keys: readonly string[]): ExemptionSubject => ('host' in subject ? subject : { meeting: fullKey(subject.meeting, keys) });

/**
 * Lines of a file with keys in full, each host and meeting once.
 * @throws WrongUse with one message for every line that is not right
 */
export function wantedIn(file: string, lines: readonly ExemptionLine[], faults: readonly InputError[], keys: readonly string[]): readonly Wanted[] {
  const troubles = [...faults];
  const seen = new Set<string>();
  const wanted: Wanted[] = [];
  for (const { line, ...rest } of lines) {
    const key = Object.keys(rest.subject)[0];
    try {
      const subject = resolved(rest.subject, keys);
      const name = JSON.stringify(subject);
      if (seen.has(name)) throw new InputError({ file, line, key, problem: 'repeats an entry', remedy: 'list each host and each meeting once' });
      seen.add(name);
      wanted.push({ ...rest, subject });
    } catch (cause: unknown) {
      if (!(cause instanceof WrongUse || cause instanceof InputError)) throw cause;
      troubles.push(cause instanceof InputError ? cause : new InputError({ file, line, key, problem: 'is not the key of one meeting of this campaign', remedy: '`relink report` lists the keys; write as much as is unique' }));
    }
  }
  if (troubles.length > 0) throw new WrongUse(faultText(troubles));
  return wanted;
}

const SHOWN = 20;

function faultText(faults: readonly InputError[]): string {
  const inOrder = faults.toSorted((a, b) => (a.fault.line ?? 0) - (b.fault.line ?? 0));
  const more = faults.length - SHOWN;
  return [...inOrder.slice(0, SHOWN).map(({ message }) => message), ...(more > 0 ? [`and ${more} more lines`] : []), 'nothing was changed'].join('\n');
}

/** Into the ledger, which alone decides; Temporal learns that it should look, and nothing of what or who. @throws JobFailed when another operator was first */
export async function exempt(session: CampaignSession, wanted: readonly Wanted[], { seen }: ExemptionPreview): Promise<Told<ExemptionReceipt>> {
  const grants = wanted.map((each, i) => ({ ...each, seen: seen[i] ?? 0 }));
  const given = await session.ledger.exemptions.grant(session.name, grants).catch(refusedByLedger);
  return { given, isTold: given.left === 0 || (await tell(session)) };
}

/** @throws JobFailed when nothing is in force, or another operator was first */
export const takeBack = ({ ledger, name }: CampaignSession, subject: ExemptionSubject, { seen }: ExemptionPreview, steering: Steering): Promise<Exemption> =>
  ledger.exemptions.remove(name, subject, seen[0] ?? 0, steering).catch(refusedByLedger);
