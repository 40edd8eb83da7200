import fc from 'fast-check';
import { emptyCounts, isLegal, reconciles, settledStates, states, transitions, type State } from '../../domain/states.js';

/** States that can be reached from `from`, by way of none of `without`. */
function reachable(from: State, without: readonly State[] = []): ReadonlySet<State> {
  const seen = new Set<State>();
  const open: State[] = [from];
  for (let state = open.pop(); state !== undefined; state = open.pop()) {
    for (const next of transitions[state]) {
      if (seen.has(next) || without.includes(next)) continue;
      seen.add(next);
      open.push(next);
    }
  }
  return seen;
}

describe('the table of transitions', () => {
  test('reaches every state from the finding, and none comes back to it', () => {
    expect([...reachable('found')].toSorted()).toEqual(states.filter((state) => state !== 'found').toSorted());
  });

  test('ends at done, and at gone unless it is found again', () => {
    expect(states.filter((state) => transitions[state].length === 0)).toEqual(['done']);
    expect(transitions.gone).toEqual(['waiting', 'refused']);
  });

  test('deletes no old meeting that was not replaced: nothing is retired or done but by way of replaced or a hold', () => {
    const past = reachable('found', ['replaced', 'held']);
    expect([past.has('retired'), past.has('done')]).toEqual([false, false]);
  });

  test('goes only forward from the deletion, unless a human holds it', () => {
    expect([...reachable('retired', ['held'])]).toEqual(['done']);
  });

  test('lets every meeting that is not over come to an end', () => {
    for (const state of states) if (transitions[state].length > 0) expect([...reachable(state)].some((next) => (settledStates as readonly State[]).includes(next))).toBe(true);
  });

  test('names no state twice and allows exactly what it names', () => {
    for (const from of states) {
      expect(new Set(transitions[from]).size).toBe(transitions[from].length);
      for (const to of states) expect(isLegal(from, to)).toBe(transitions[from].includes(to));
    }
  });
});

describe('conservation', () => {
  const counted = fc.array(fc.constantFrom(...states.filter((state) => state !== 'found')));
  const countOf = (meetings: readonly State[]) => {
    const counts = emptyCounts();
    for (const state of meetings) counts[state]++;
    counts.found = meetings.length;
    return counts;
  };

  test('holds when every meeting is in one state', () => fc.assert(fc.property(counted, (meetings) => reconciles(countOf(meetings)))));

  test('does not hold when a meeting is lost or counted twice', () => {
    fc.assert(
      fc.property(counted, fc.constantFrom(...states), fc.constantFrom(-1, 1), (meetings, state, by) => {
        const counts = countOf(meetings);
        counts[state] += by;
        return !reconciles(counts);
      }),
    );
  });
});
