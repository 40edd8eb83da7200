import fc from 'fast-check';
import { laneFor } from '../../domain/lanes.js';

const emails = fc.emailAddress();
const names = fc.uniqueArray(fc.stringMatching(/^[a-z0-9-]{1,12}$/), { minLength: 1, maxLength: 6 });

test('a host has one lane, whatever the order of identities and the case of the address', () => {
  fc.assert(
    fc.property(emails, names, (email, identities) => {
      const lane = laneFor(email, identities);
      expect(identities).toContain(lane);
      expect(laneFor(email.toUpperCase(), [...identities].reverse())).toBe(lane);
    }),
  );
});

test('a further identity takes hosts over, and moves no host between the others', () => {
  fc.assert(
    fc.property(emails, names, (email, identities) => {
      const before = laneFor(email, identities);
      expect([before, 'newcomer!']).toContain(laneFor(email, [...identities, 'newcomer!']));
    }),
  );
});

test('hosts spread over identities so that none has much more than its share', () => {
  const lanes = ['ops-1', 'ops-2', 'ops-3'];
  const counts = new Map(lanes.map((lane) => [lane, 0]));
  for (let i = 0; i < 3000; i++) {
    const lane = laneFor(`host${i}@example.org`, lanes);
    counts.set(lane, (counts.get(lane) ?? 0) + 1);
  }
  for (const count of counts.values()) expect(Math.abs(count - 1000)).toBeLessThan(150);
});
