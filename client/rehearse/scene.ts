import type { IdentityConfig, RelinkConfig } from '../../adapters/runtime/config/index.js';
import { cutOff } from '../../domain/advisory.js';
import type { CampaignSpec } from '../../domain/campaign.js';
import type { Shape, ShapedMeeting } from '../../domain/shape.js';
import { lagsOf, type Simulators } from '../stage/simulators.js';
import type { StageSettings } from '../stage/stage.js';
import type { RehearseOptions } from './settings.js';
import type { Tempo } from './tempo.js';

/** What is rehearsed, and how fast. */
export interface Scene extends Pick<RehearseOptions, 'faults' | 'seed' | 'share'>, Tempo {
  /** Of the plan, or a sample of it. */
  readonly shape: Shape;
  readonly spec: CampaignSpec;
  readonly config: RelinkConfig;
}

const DAY_MS = 86_400_000;
/** What relink.yaml allows at least. */
const SHORTEST_MS = 1_000;
/** Longer nobody waits for a room to show its new id: half an hour at the vendor. Seconds. */
const ROOM_LAG_S = 20;
const MOST_RPM = 1_000_000;
/** The campaign takes that much of what the vendor allows. */
const TAKEN = 0.97;
/** What begins sooner is rehearsed as if it began then, so that nothing begins, and is put off, while the rehearsal runs. */
const LONGEST_REHEARSAL_MS = 6 * 3_600_000;

/** Rooms of the host who has most of them. */
function mostRooms({ hosts }: Shape, isAffected: boolean): number {
  const isOne = ({ kind, finding }: ShapedMeeting): boolean => kind === 'room' && (finding === 'affected') === isAffected;
  return hosts.reduce((most, meetings) => Math.max(most, meetings.filter(isOne).length), 0);
}
const siteNames = (stem: string, count: number): readonly string[] => Array.from({ length: Math.max(1, count) }, (_, i) => (i === 0 ? `${stem}.webex.com` : `${stem}-${i + 1}.webex.com`));
const sitesOf = (shape: Shape): readonly string[] => siteNames('example', mostRooms(shape, true));
const apartOf = (shape: Shape): readonly string[] => siteNames('apart-example', mostRooms(shape, false));

const identitiesOf = ({ config, spec }: Pick<Scene, 'config' | 'spec'>): readonly IdentityConfig[] => config.identities.filter(({ name }) => spec.identities.includes(name));

/** The stage on which a scene is played: a vendor that has its shape and allows what the operator's file says, a sample of it to a sample. */
export function stageFor(scene: Scene): StageSettings {
  const { shape, spec, faults, seed } = scene;
  const organisation = { hosts: shape.hosts, sites: sitesOf(shape), apart: apartOf(shape), soonestMs: 2 * spec.startGuardMs + LONGEST_REHEARSAL_MS };
  const identities = identitiesOf(scene).map((identity) => limited(identity, scene));
  const scale = vendorScale(scene);
  const most = (of: (identity: (typeof identities)[number]) => number): number => Math.max(...identities.map(of));
  const flags = {
    shape: 'shape.json',
    identities: identities.length,
    scale,
    rpm: Math.ceil(most(({ requestsPerMinute }) => requestsPerMinute) / scale / TAKEN),
    'creates-identity': most(({ createsPerDay }) => createsPerDay.identity),
    'creates-host': most(({ createsPerDay }) => createsPerDay.host),
    cutoff: cutOff(spec.advisory),
    faults,
    seed,
    'room-lag': Math.min(1_800, ROOM_LAG_S * scale),
    ...(spec.scope.personalRooms === true ? { supports: 'room' } : {}),
  };
  return {
    purpose: 'rehearsal',
    keep: false,
    props: { 'shape.json': JSON.stringify(organisation) },
    simulators: Object.entries(flags).flatMap(([name, value]) => [`--${name}`, String(value)]),
    files: ({ vendorUrl, tokens, smtpUrl }) =>
      Promise.resolve({
        'relink.yaml': JSON.stringify({
          data: './data',
          identities: identities.map((identity, i) => ({ ...identity, baseUrl: vendorUrl, token: { file: `token-${i + 1}` } })),
          mail: { smtp: { url: { file: 'smtp' } }, from: 'Meetings <meetings@example.org>' },
        }),
        smtp: smtpUrl,
        ...Object.fromEntries(tokens.map((token, i) => [`token-${i + 1}`, token])),
      }),
  };
}

/** The vendor knows days, whatever window a file has. */
const vendorScale = (scene: Scene): number => (DAY_MS * scene.scale) / Math.max(...identitiesOf(scene).map(({ quotaWindowMs }) => quotaWindowMs));

function limited({ name, vendor, requestsPerMinute, createsPerDay, timeoutMs }: IdentityConfig, scene: Scene) {
  const { scale, share, faults } = scene;
  const { listLag, roomLag } = lagsOf(faults, vendorScale(scene), ROOM_LAG_S);
  return {
    name,
    vendor,
    requestsPerMinute: Math.min(MOST_RPM, Math.max(1, Math.floor(requestsPerMinute * scale * share))),
    createsPerDay: { ...createsPerDay, identity: Math.max(1, Math.round(createsPerDay.identity * share)) },
    quotaWindow: `${Math.max(SHORTEST_MS, Math.ceil(DAY_MS / vendorScale(scene)))}ms`,
    timeout: `${timeoutMs}ms`,
    listLag,
    roomLag,
  };
}

/** The campaign as its file says, with waits of the tempo and without windows, about the meetings of the stage. */
export async function campaignFor({ spec, shape, graceMs, digestEveryMs }: Scene, simulators: Pick<Simulators, 'inventory'>): Promise<CampaignSpec> {
  const takenAt = cutOff(spec.advisory);
  const [, ...ids] = (await simulators.inventory(takenAt)).split('\n').filter(Boolean);
  return {
    ...spec,
    scope: { ...spec.scope, hosts: 'all', sites: sitesOf(shape) },
    departed: { find: false }, // they are played as what their hosts still have
    evidence: { unknown: spec.evidence.unknown, snapshots: [{ takenAt, ids }] },
    graceMs,
    limits: { ...spec.limits, maxShare: undefined }, // the plan was held against it: a sample may have another share
    notices: { ...spec.notices, digestEveryMs, ...(spec.notices.announceMs === undefined ? {} : { announceMs: SHORTEST_MS }) },
    windows: undefined,
  };
}
