import type { FaultProfile } from '../../domain/rehearsal.js';
import { stopRuleNames } from '../../domain/verdict.js';
import { lagsOf } from '../stage/simulators.js';

/** What `relink demo` was asked for. */
export interface DemoOptions {
  readonly meetings: number;
  readonly hosts: number;
  readonly seed: number;
  readonly faults: FaultProfile;
  readonly kinds: KindsProfile;
  /** Simulated minutes per real minute, for the vendor's limits and waits. */
  readonly scale: number;
  /** In relink.yaml, in real time. Default: as long as the faults have it. */
  readonly listLag?: string;
  readonly chaos: boolean;
  readonly keep: boolean;
  readonly json: boolean;
}

export const kindsProfiles = ['usual', 'all'] as const;
export type KindsProfile = (typeof kindsProfiles)[number];

export const CAMPAIGN = 'demo';
export const ADVISORY = 'cisco-sa-webex-june-2024';

/** The vendor's own limit, and how much of it a careful operator takes. */
const VENDOR_RPM = 300;
const SHARE = 0.97;
const DAY_S = 24 * 60 * 60;

/** `a simulated minute lasts 3 s` */
export const scaleText = (scale: number): string => `a simulated minute lasts ${Number((60 / scale).toPrecision(2))} s`;

export interface DemoVendor {
  readonly baseUrl: string;
  readonly cutOff: string;
  /** Who gets what hosts who left had planned. */
  readonly heir: string;
}

/** The two files that an operator writes, for the simulated vendor; its limits in real time. */
export function demoFiles({ scale, faults, kinds, chaos, listLag }: DemoOptions, { baseUrl, cutOff, heir }: DemoVendor): { readonly relink: string; readonly campaign: string } {
  const lags = lagsOf(faults, scale);
  return {
    relink: `data: ./data
identities:
  - name: ops-1
    vendor: webex
    baseUrl: ${JSON.stringify(baseUrl)}
    token: { file: token }
    requestsPerMinute: ${Math.floor(VENDOR_RPM * scale * SHARE)}
    quotaWindow: ${Math.ceil(DAY_S / scale)}s
    listLag: ${listLag ?? lags.listLag}
    roomLag: ${lags.roomLag}
mail: { smtp: { url: { file: smtp } }, from: Meetings <meetings@example.org>, replyTo: helpdesk@example.org }
`,
    campaign: `name: ${CAMPAIGN}
advisory: ${ADVISORY}
identities: [ops-1]
evidence: { unknown: affected, snapshots: [{ file: inventory.csv, takenAt: ${JSON.stringify(cutOff)} }] }
scope: { personalRooms: ${kinds === 'all'} }
${kinds === 'all' ? `policy: { connectors: probe }\ndeparted: { to: ${heir} }\n` : ''}stopRules: { ${stopRuleNames.map((rule) => `${rule}: { hold: never }`).join(', ')} } # nobody is there to approve: what failed is told at the end
startGuard: 2m
grace: ${chaos ? 30 : 10}s
notices: { urgentWithin: 48h, digestEvery: 4s }
limits: { maxConcurrent: 20 }
waves: [1, 10, 100, rest]
`,
  };
}
