import fc from 'fast-check';
import { stopRuleNames, usualStopRules, verdict, type Causes, type StopFacts, type StopRule, type StopRules, type Threshold } from '../../domain/verdict.js';

const facts = (given: Partial<Record<StopRule, Causes>>, of = 1_000): StopFacts =>
  Object.fromEntries(stopRuleNames.map((rule) => [rule, given[rule] ?? { count: 0, of }])) as Record<StopRule, Causes>;
const only = (rule: StopRule, limits: Partial<StopRules[StopRule]>): StopRules => {
  const never = { hold: 'never', stop: 'never', atLeast: 20 } as const;
  return { ...(Object.fromEntries(stopRuleNames.map((each) => [each, never])) as Record<StopRule, StopRules[StopRule]>), [rule]: { ...never, ...limits } };
};
const answerOf = (rules: StopRules, given: StopFacts, between = false) => verdict(rules, given, between).answer;

describe('a verdict', () => {
  test.each<[Threshold, Causes, string]>([
    [3, { count: 2, of: 2 }, 'go'],
    [3, { count: 3, of: 3 }, 'hold'],
    ['10%', { count: 2, of: 21 }, 'go'],
    ['10%', { count: 2, of: 20 }, 'hold'],
    ['10%', { count: 19, of: 19 }, 'go'],
    ['never', { count: 99, of: 99 }, 'go'],
  ])('with hold %s of %j is %s', (hold, causes, answer) => {
    for (const rule of stopRuleNames) expect(answerOf(only(rule, { hold }), facts({ [rule]: causes }))).toBe(answer);
  });

  test('between two waves holds for a share of however few, and never stops for it', () => {
    const rules = only('failures', { hold: '10%', stop: '50%' });
    expect(answerOf(rules, facts({ failures: { count: 1, of: 1 } }))).toBe('go');
    expect(answerOf(rules, facts({ failures: { count: 1, of: 1 } }), true)).toBe('hold');
    expect(answerOf(rules, facts({ failures: { count: 1, of: 11 } }), true)).toBe('go');
  });

  test('names the rule that fired, its figures and the limit; a stop outweighs the hold of an earlier rule', () => {
    const rules = { ...only('failures', { hold: 1 }), bounced: { hold: 1, stop: 2, atLeast: 1 } } as const;
    const given = facts({ failures: { count: 5, of: 40 }, bounced: { count: 2, of: 40 } });
    expect(verdict(rules, given, false)).toEqual({ answer: 'stop', cause: { rule: 'bounced', count: 2, of: 40, limit: 2 } });
    expect(verdict(rules, { ...given, bounced: { count: 1, of: 40 } }, false)).toEqual({ answer: 'hold', cause: { rule: 'failures', count: 5, of: 40, limit: 1 } });
  });

  const threshold: fc.Arbitrary<Threshold> = fc.oneof(fc.integer({ min: 1, max: 500 }), fc.integer({ min: 1, max: 100 }).map((n) => `${n}%` as const), fc.constant('never' as const));
  const limits = fc.record({ hold: threshold, stop: threshold, atLeast: fc.integer({ min: 1, max: 500 }) });
  const anyRules = fc.record(Object.fromEntries(stopRuleNames.map((rule) => [rule, limits])) as Record<StopRule, typeof limits>);
  const causes = fc.nat(2_000).chain((of) => fc.record({ of: fc.constant(of), count: fc.nat(of) }));
  const anyFacts = fc.record(Object.fromEntries(stopRuleNames.map((rule) => [rule, causes])) as Record<StopRule, typeof causes>);

  test('never holds a campaign without a cause, whatever the rules are and however much was tried', () => {
    fc.assert(fc.property(anyRules, fc.nat(100_000), fc.boolean(), (rules, of, between) => expect(answerOf(rules, facts({}, of), between)).toBe('go')));
  });

  test('names only a rule that has a cause and has reached its limit', () => {
    fc.assert(
      fc.property(anyRules, anyFacts, fc.boolean(), (rules, given, between) => {
        const found = verdict(rules, given, between);
        if (found.answer === 'go') return;
        const { rule, count, of, limit } = found.cause;
        expect(limit).toBe(rules[rule][found.answer]);
        expect({ count, of }).toEqual(given[rule]);
        expect(count).toBeGreaterThan(0);
        expect(typeof limit === 'number' ? count >= limit : count / of >= Number.parseInt(String(limit), 10) / 100 - 1e-9).toBe(true);
      }),
    );
  });

  test('more of a cause never makes it milder', () => {
    const weight = { go: 0, hold: 1, stop: 2 } as const;
    fc.assert(
      fc.property(anyRules, anyFacts, fc.constantFrom(...stopRuleNames), fc.boolean(), (rules, given, rule, between) => {
        const worse = { ...given, [rule]: { of: given[rule].of + 1, count: given[rule].count + 1 } };
        expect(weight[answerOf(rules, worse, between)]).toBeGreaterThanOrEqual(weight[answerOf(rules, given, between)]);
      }),
    );
  });

  test('by the usual rules forgives one failure in a wave of ten after a good first wave, and not two', () => {
    expect(answerOf(usualStopRules, facts({ failures: { count: 1, of: 11 } }), true)).toBe('go');
    expect(answerOf(usualStopRules, facts({ failures: { count: 2, of: 11 } }), true)).toBe('hold');
  });
});
