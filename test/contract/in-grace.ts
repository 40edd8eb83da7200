import { HostLists } from '../../activities/host-lists.js';
import { createRemediation } from '../../activities/remediation.js';
import { createRetirement } from '../../activities/retirement.js';
import { compare, fieldsThatDiffer } from '../../domain/compare.js';
import type { EditPolicy } from '../../domain/edits.js';
import type { Digest, ItemRef } from '../../domain/ledger.js';
import type { MeetingIdentity, MeetingSnapshot } from '../../domain/meeting.js';
import { LedgerBench, unlimited } from '../support/ledger.js';
import { policy, subject, type Subject } from '../support/webex-answers.js';
import { readMeeting } from '../support/whole-job.js';
import { hostsOf, legacy as plan, start, stopAll, type Client, type Fields } from './simulator-client.js';

export const anna = { email: 'anna@guest.example.org' };

/** A meeting that was replaced, and whose organiser was told. */
export interface InGrace {
  readonly ref: ItemRef;
  readonly id: string;
  readonly made: MeetingIdentity;
  /** Copies it once more, after it was put back: @returns what it is taken from now. */
  copy(): Promise<MeetingSnapshot>;
  /** What the guard of the pivot comes to now, as if grace were over. */
  retire(released?: boolean): ReturnType<ReturnType<typeof createRetirement>['retireLegacy']>;
  letGo(): Promise<void>;
  /** The undos of an order to put it back, as the saga takes them. */
  putBack(): Promise<void>;
}

/** One simulated organiser, whose meetings are in grace. The file mocks Temporal's context. */
export class GraceBench {
  readonly ledgers = LedgerBench.inThisFile();
  client!: Client;
  webex!: Subject['webex'];
  hostEmail = '';

  /** Registers start and stop with jest. */
  static inThisFile(): GraceBench {
    const grace = new GraceBench();
    beforeAll(() => grace.start());
    afterAll(stopAll);
    return grace;
  }

  private async start(): Promise<void> {
    this.client = await start({ rpm: 10 ** 9, createsIdentity: 10 ** 9, createsHost: 10 ** 9 });
    [this.hostEmail = ''] = await hostsOf(this.client);
    this.webex = subject(this.client.simulators.webex.url, { token: this.client.simulators.webex.token }).webex;
  }

  /** @param planned what happens before it is copied */
  async meeting(more: Fields = {}, edits?: EditPolicy, planned: (id: string) => Promise<unknown> = () => Promise.resolve()): Promise<InGrace> {
    const { id } = await plan(this.client, this.hostEmail, { agenda: 'Bring the blorb', invitees: [anna], ...more });
    await planned(id);
    const { ledger } = this.ledgers;
    const ref = await this.ledgers.started(id, this.hostEmail, { graceMs: 3_600_000, ...(edits ? { edits } : {}) });
    const context = { ledger, vendor: this.webex, lists: new HostLists(this.webex), identity: 'ops-1', quota: unlimited, listLagMs: 0 };
    const steps = createRemediation(context);
    expect(await steps.snapshotLegacy(ref)).toMatchObject({ status: 'ready' });
    if (!(await steps.ensureReplacement(ref)).complete) await steps.carryOver(ref);
    await steps.verifyReplacement(ref);
    await this.ledgers.told(ref);
    const { replacement } = await ledger.items.get(ref);
    if (!replacement) throw new Error('nothing was made');
    const pivot = createRetirement(context);
    const copy = async () => {
      await ledger.items.move(ref, 'waiting');
      expect(await steps.snapshotLegacy(ref)).toMatchObject({ status: 'ready' });
      return (await ledger.items.readSnapshot(ref)).snapshot;
    };
    return { ref, id, made: replacement, copy, retire: (released = true) => pivot.retireLegacy({ ...ref, released }), letGo: () => pivot.letReplacementGo(ref), putBack: () => ledger.notices.retract(ref).then(() => steps.removeReplacement(ref)) };
  }

  edit = (id: string, changes: Fields) => this.client.control('POST', `meetings/${id}/edit`, changes);
  remove = (id: string) => this.client.control('POST', `meetings/${id}/delete`, {});
  exists = (identity: MeetingIdentity): Promise<boolean> => this.webex.exists(identity);

  /** What the organiser is going to be mailed now. */
  async mailed({ campaign }: ItemRef): Promise<readonly Digest[]> {
    const { notices } = this.ledgers.ledger;
    const ids = await notices.assign(campaign);
    const digests = await Promise.all(ids.map((id) => notices.open(id)));
    for (const id of ids) await notices.sent(id);
    return digests.flatMap((digest) => digest ?? []);
  }

  /** Fields in which the replacement is not as the old meeting is now. */
  async differing({ id, made }: InGrace): Promise<readonly string[]> {
    const legacy = await readMeeting(this.webex, { ...made, id });
    const { options: intended, ...known } = this.webex.intendedOptions(legacy, policy);
    return fieldsThatDiffer(compare({ legacy, replacement: await readMeeting(this.webex, made), intended, ...known, now: Date.now() }));
  }
}
