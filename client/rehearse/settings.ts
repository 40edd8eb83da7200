import { InvalidArgumentError } from '@commander-js/extra-typings';
import type { FaultProfile } from '../../domain/rehearsal.js';

/** What `relink rehearse` was asked for. */
export interface RehearseOptions {
  readonly faults: FaultProfile;
  readonly seed: number;
  /** How much faster the vendor's limits and lags pass; absent: as fast as this machine keeps up with. */
  readonly scale?: number | undefined;
  /** Of the hosts, above 0 and at most 1. */
  readonly share: number;
  /** Settings by the vendor's own names that the site forces on every new meeting. */
  readonly siteForces: Readonly<Record<string, boolean>>;
}

/** `10%` */
export function shareOf(typed: string): number {
  const [, percent = '0'] = /^(\d{1,3})%$/.exec(typed.trim()) ?? [];
  const share = Number(percent) / 100;
  if (share <= 0 || share > 1) throw new InvalidArgumentError('Write a share of the hosts from 1% to 100%.');
  return share;
}

/** `enabledJoinBeforeHost=true,publicMeeting=false` */
export function forcedSettings(typed: string): Readonly<Record<string, boolean>> {
  const pairs = typed.split(',').map((pair) => /^\s*([A-Za-z]\w{0,60})=(true|false)\s*$/.exec(pair));
  return Object.fromEntries(
    pairs.map((pair) => {
      const [, name, value] = pair ?? [];
      if (name === undefined) throw new InvalidArgumentError('Write settings of a meeting by the vendor’s names, like enabledJoinBeforeHost=true, with commas.');
      return [name, value === 'true'] as const;
    }),
  );
}
