import type { Client } from '@temporalio/client';
import type { Resume } from '../../domain/activities.js';
import { createSagaControl } from '../../worker/sagas.js';

/** What an open saga of the meeting is told. */
async function told(resume: Resume, release = false): Promise<string> {
  const signals: string[] = [];
  const workflow = {
    signalWithStart: (_: string, { signal, signalArgs }: { signal: { name: string }; signalArgs: unknown }) => {
      expect(signalArgs).toEqual(['spring']);
      return Promise.resolve(void signals.push(signal.name));
    },
  };
  await createSagaControl({ workflow } as unknown as Client).order({ campaign: 'spring', meeting: 'm', lane: 'ops-1', resume, release });
  return signals.join();
}

test('an open saga is told what a new one would begin with, and by which campaign', async () => {
  expect(await told('roll-back')).toBe('rollBack');
  expect(await told('start-afresh')).toBe('takeUpAgain');
  expect([await told('grace', true), await told('keep', true)]).toEqual(['releaseGrace', 'releaseGrace']);
  expect([await told('grace'), await told('retired'), await told('let-go')]).toEqual(['wake', 'wake', 'wake']);
});
