import fc from 'fast-check';
import { inDoubt } from '../../domain/doubt.js';
import type { FailureType } from '../../domain/failures.js';
import type { StepEvent, StepName } from '../../domain/states.js';

const event = (step: StepName, state: StepEvent['state'], at: number, failure: FailureType | null = null): StepEvent => ({
  step,
  state,
  at: new Date(at).toISOString(),
  attempt: 1,
  trackingId: null,
  failure,
  note: null,
});
const since = (...events: StepEvent[]) => inDoubt(events, 'replace', 'remove replacement');
const instant = (at: number) => new Date(at).toISOString();

describe('a creation is in doubt', () => {
  test('not before the first attempt', () => expect(since(event('snapshot', 'started', 1), event('snapshot', 'done', 2))).toBeNull());
  test('when an attempt began and never ended, because the worker died', () => expect(since(event('replace', 'started', 5))).toEqual({ since: instant(5), open: true }));
  test('when an attempt ended in silence', () => {
    expect(since(event('replace', 'started', 5), event('replace', 'failed', 6, 'NetworkAmbiguous'))).toEqual({ since: instant(6), open: false });
  });
  test('when an attempt ended in an error of our own', () => {
    expect(since(event('replace', 'started', 5), event('replace', 'failed', 6))).toEqual({ since: instant(6), open: false });
  });
  test('still, when a refused attempt follows a lost one', () => {
    const lost = event('replace', 'started', 5);
    expect(since(lost, event('replace', 'started', 7), event('replace', 'failed', 8, 'RateLimited'))).toEqual({ since: instant(7), open: false });
  });
  test('not when the vendor refused every attempt', () => {
    expect(since(event('replace', 'started', 5), event('replace', 'failed', 6, 'RateLimited'))).toBeNull();
  });
  test('from the end of the last attempt that may have reached the vendor, not from its beginning', () => {
    expect(since(event('replace', 'started', 1), event('replace', 'failed', 3, 'NetworkAmbiguous'), event('replace', 'started', 5), event('replace', 'failed', 90, 'NetworkAmbiguous'))).toEqual({ since: instant(90), open: false });
  });
  test('no longer once the replacement was removed', () => {
    expect(since(event('replace', 'started', 5), event('remove replacement', 'started', 6), event('remove replacement', 'done', 7))).toBeNull();
  });

  test('exactly when some attempt since the last removal may have reached the vendor', () => {
    const ends = fc.constantFrom<'lost' | 'silent' | 'refused' | 'removed'>('lost', 'silent', 'refused', 'removed');
    fc.assert(
      fc.property(fc.array(ends, { maxLength: 20 }), (history) => {
        const events = history.flatMap((end, i) => {
          if (end === 'removed') return [event('remove replacement', 'started', i), event('remove replacement', 'done', i)];
          const begin = event('replace', 'started', i);
          return end === 'lost' ? [begin] : [begin, event('replace', 'failed', i, end === 'silent' ? 'NetworkAmbiguous' : 'VendorRefused')];
        });
        const sinceRemoval = history.slice(history.lastIndexOf('removed') + 1);
        expect(since(...events) !== null).toBe(sinceRemoval.some((end) => end === 'lost' || end === 'silent'));
      }),
    );
  });
});
