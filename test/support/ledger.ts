import { meetingKey } from '../../adapters/ledger/index.js';
import type { SagaControl } from '../../activities/orders.js';
import type { CampaignSpec } from '../../domain/campaign.js';
import type { Finding, ItemRef, Quota } from '../../domain/ledger.js';
import type { MeetingIdentity } from '../../domain/meeting.js';
import { startTestLedger, type TestLedger } from './postgres.js';
import { aFinding, aSnapshot, aSpec, anIdentity } from './specs.js';

export const aHost = { email: 'secret.host@example.org', displayName: 'secret-name', sites: ['secret-site.example.org'] };
export const unlimited: Quota = { identity: 1000, host: 1000, windowMs: 3_600_000 };
/** `ms` from now, as an instant; negative is past. */
export const inMs = (ms: number): string => new Date(Date.now() + ms).toISOString();
/** Of a campaign whose sagas and workflow nobody runs. */
export const noSagas: SagaControl = { order: () => Promise.resolve(), isOpen: () => Promise.resolve(true), goOn: () => Promise.resolve() };
const HOUR = 3_600_000;

let serial = 0;
export const aName = (): string => `c${++serial}`;

/** A ledger and the moves that tests begin with. `store` is there once `beforeAll` of the file has run. */
export class LedgerBench {
  #store: TestLedger | undefined;

  get store(): TestLedger {
    if (!this.#store) throw new Error('the ledger was not started');
    return this.#store;
  }
  get ledger(): TestLedger['ledger'] {
    return this.store.ledger;
  }

  /** Registers start and stop with jest. */
  static inThisFile(): LedgerBench {
    const bench = new LedgerBench();
    beforeAll(async () => void (bench.#store = await startTestLedger()));
    afterAll(() => bench.#store?.stop());
    return bench;
  }

  ref(campaign: string, identity: MeetingIdentity): ItemRef {
    return { campaign, meeting: meetingKey(this.store.keyring, identity) };
  }

  /** What an inventory found with the host. */
  async find(campaign: string, findings: readonly Finding[], { lane = 'ops-1', host = aHost } = {}): Promise<void> {
    await this.ledger.inventory.finishHost({ campaign, token: 'run', lane, host, findings, unreadable: [] });
  }

  /** A campaign with so many waiting meetings, an hour apart, in waves. */
  async campaign(meetings: number, changes: Partial<CampaignSpec> = {}): Promise<{ name: string; refs: readonly ItemRef[] }> {
    const name = aName();
    const findings = Array.from({ length: meetings }, (_, i) => aFinding(`${name}-${i}`, { startsAt: inMs((i + 1) * HOUR) }));
    await this.ledger.campaigns.save(aSpec(name, changes));
    await this.ledger.inventory.begin(name, 'run');
    await this.ledger.inventory.addHosts(name, 'run', [{ host: aHost, lane: 'ops-1' }]);
    await this.find(name, findings);
    await this.ledger.plans.assignWaves(name);
    return { name, refs: findings.map(({ identity }) => this.ref(name, identity)) };
  }

  /** A campaign that was started, of one meeting that the vendor has: it waits for its turn. */
  async started(id: string, hostEmail: string, changes: Partial<CampaignSpec> = {}): Promise<ItemRef> {
    const name = aName();
    const identity = { ...anIdentity(id, hostEmail), id };
    await this.ledger.campaigns.save(aSpec(name, changes));
    await this.ledger.inventory.begin(name, 'run');
    await this.ledger.inventory.addHosts(name, 'run', [{ host: aHost, lane: 'ops-1' }]);
    await this.find(name, [aFinding(id, { identity })]);
    await this.ledger.plans.assignWaves(name);
    await this.ledger.campaigns.begin(name);
    return this.ref(name, identity);
  }

  claim(campaign: string, claim: string, limit: number, { quota = unlimited, wave = 1 } = {}) {
    return this.ledger.items.claim({ campaign, lane: 'ops-1', wave, limit, claim, quota });
  }

  /** A meeting that is replaced and verified. */
  async replaced(ref: ItemRef, id = ref.meeting): Promise<void> {
    await this.ledger.items.move(ref, 'running');
    await this.ledger.items.saveSnapshot(ref, aSnapshot(id), inMs(7 * 24 * HOUR));
    await this.ledger.items.saveReplacement(ref, anIdentity(`new-${id}`));
    await this.ledger.items.move(ref, 'replaced', { verifiedAt: inMs(0), graceEndsAt: inMs(0) });
  }

  /** The organiser has the mail. */
  async told(ref: ItemRef): Promise<void> {
    await this.ledger.notices.queue(ref, 'replaced', []);
    for (const digest of await this.ledger.notices.assign(ref.campaign, ref)) await this.ledger.notices.sent(digest);
  }

  async stateOf(ref: ItemRef): Promise<string> {
    return (await this.ledger.items.get(ref)).state;
  }
}
