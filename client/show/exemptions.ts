import type { Exemption, ExemptionPreview, ExemptionReceipt } from '../../domain/exemptions.js';
import type { Colours } from '../io.js';
import { count, shortKey, table, time } from './format.js';

/** Status and plan show so many; the list shows all. */
const SHOWN = 10;

const HEAD = ['exempt', 'until', 'standing', 'meetings', 'by', 'at', 'reason'] as const;

/** Who left what alone, until when and why. @param addresses of hosts by id of the line, for whoever may see them */
export const exemptionTable = (exemptions: readonly Exemption[], colours: Colours, addresses: ReadonlyMap<number, string> = new Map()): readonly string[] =>
  exemptions.length === 0 ? [] : table(HEAD, exemptions.map((each) => cells(each, addresses)), colours);

const cells = ({ id, kind, key, until, standing, meetings, by, at, reason, removed }: Exemption, addresses: ReadonlyMap<number, string>): readonly (string | number)[] => [
  addresses.get(id) ?? `${kind} ${shortKey(key)}`,
  time(until),
  standing,
  meetings,
  by,
  time(at),
  removed === null ? reason : `${reason}; removed by ${removed.by} at ${time(removed.at)}: ${removed.reason}`,
];

/** Those in force, where they are not what the reader came for. */
export function exemptionLines(campaign: string, exemptions: readonly Exemption[] = [], colours: Colours): readonly string[] {
  const inForce = exemptions.filter(({ standing }) => standing === 'in force');
  const more = inForce.length - SHOWN;
  return [...exemptionTable(inForce.slice(0, SHOWN), colours), ...(more > 0 ? [`${more} more: \`relink exempt ${campaign} --list\``] : [])];
}

/** What an order about exemptions would do, before it is given. */
export function previewText(campaign: string, verb: 'exempt' | 'remove', subjects: number, { leave, underWay, return: back, settled, inForce }: ExemptionPreview): readonly string[] {
  const concerned = leave + underWay + back + settled;
  const begun = underWay === 0 ? [] : [`  ${count(underWay, 'is', 'are')} worked on or replaced already, and not touched; \`relink rollback ${campaign} --meeting KEY\` puts one back`];
  if (verb === 'remove') return [`Takes back an exemption in ${campaign}: ${count(back, 'meeting')} will be judged again by the next inventory.`, ...begun];
  return [
    `Exempts ${count(subjects, 'host or meeting', 'hosts and meetings')} in ${campaign}: ${count(concerned, 'meeting')} ${concerned === 1 ? 'is' : 'are'} concerned${concerned === 0 ? ' so far; see whether what you named is right' : ''}.`,
    ...(leave === 0 ? [] : [`  ${count(leave, 'waits and leaves', 'wait and leave')} the queue now`]),
    ...begun,
    ...(back === 0 ? [] : [`  ${count(back, 'is', 'are')} left alone already`]),
    ...(settled === 0 ? [] : [`  ${count(settled, 'is settled and stays', 'are settled and stay')} as before`]),
    ...(inForce === 0 ? [] : [`  ${count(inForce, 'exemption')} in force already: what you write now takes ${inForce === 1 ? 'its' : 'their'} place`]),
  ];
}

/** `3 exempted; 12 meetings left the queue; 2 are worked on or replaced already, and were not touched.` */
export function receiptText({ exempted, unchanged, left, underWay }: ExemptionReceipt): string {
  const parts = [
    `${exempted} exempted`,
    ...(unchanged === 0 ? [] : [`${unchanged} as before`]),
    `${count(left, 'meeting')} left the queue`,
    ...(underWay === 0 ? [] : [`${count(underWay, 'is', 'are')} worked on or replaced already, and ${underWay === 1 ? 'was' : 'were'} not touched`]),
  ];
  return `${parts.join('; ')}.`;
}
