import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { WorkflowNotFoundError } from '@temporalio/client';
import { laneId, wake } from '../../workflows/messages.js';
import { NOTHING_WRONG, Rehearsal, type StatusJson } from '../support/rehearsal.js';

const campaign = 'startGuard: 1m\ngrace: 3s\nnotices: { digestEvery: 2s }\nlimits: { maxConcurrent: 8 }\nwaves: [rest]\n';
const NAMES = ['story', 'second'] as const;
const FILES = ['campaign.yaml', 'second.yaml'] as const;

/** A lane whose meetings are all with the other campaign looks once a minute: the test does not wait so long. */
const wakeLanes = (rehearsal: Rehearsal): Promise<void> =>
  rehearsal.onTemporal(async ({ workflow }) => {
    for (const name of NAMES) {
      await workflow.getHandle(laneId(name, 'ops-1')).signal(wake).catch((cause: unknown) => {
        if (!(cause instanceof WorkflowNotFoundError)) throw cause;
      });
    }
  });

const statusOf = async (rehearsal: Rehearsal, name: string): Promise<StatusJson> => JSON.parse(await rehearsal.must('status', name, '--json')) as StatusJson;

test('two campaigns over the same meetings share an identity fairly, and no meeting is touched twice', async () => {
  const rehearsal = await Rehearsal.start({ meetings: 60, hosts: 10, seed: 11, faults: 'none', scale: 10, campaign });
  try {
    const first = await readFile(join(rehearsal.folder, 'campaign.yaml'), 'utf8');
    await writeFile(join(rehearsal.folder, 'second.yaml'), first.replace('name: story', 'name: second'));
    for (const file of FILES) await rehearsal.must('plan', file);
    await Promise.all(FILES.map((file) => rehearsal.must('start', '--yes', file)));
    let both: readonly StatusJson[];
    do {
      await wakeLanes(rehearsal);
      both = await Promise.all(NAMES.map((name) => statusOf(rehearsal, name)));
    } while (!both.every(({ phase }) => phase === 'finished'));

    const done = both.map(({ counts }) => counts['done'] ?? 0);
    const { found = 0, unaffected = 0, refused = 0 } = both[0]?.counts ?? {};
    const affected = found - unaffected - refused;
    expect(done.reduce((sum, n) => sum + n)).toBe(affected);
    expect(Math.min(...done)).toBeGreaterThan(affected / 5);
    for (const { counts } of both) expect((counts['done'] ?? 0) + (counts['gone'] ?? 0)).toBe(affected);
    expect(await rehearsal.audit()).toEqual(NOTHING_WRONG);
  } finally {
    await rehearsal.stop();
  }
});
