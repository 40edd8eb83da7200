import { settingVerdicts } from '../../domain/settings.js';

const verdicts = (legacy: object, intended: object, shown: object, open?: readonly string[]) =>
  Object.fromEntries(settingVerdicts({ codes: legacy }, { codes: intended }, { codes: shown }, open).map(({ field, verdict }) => [field, verdict]));

describe('settings that hold others', () => {
  test('may have only those members that are intended', () => expect(verdicts({ a: '1' }, { a: '1' }, { a: '1', b: '2' })).toEqual({ 'codes.a': 'equal', 'codes.b': 'different' }));
  test('may be given more by the vendor where they are open', () => expect(verdicts({ a: '1' }, { a: '1' }, { a: '1', b: '2' }, ['codes'])).toEqual({ 'codes.a': 'equal', 'codes.b': 'intended' }));
  test('must show what is intended, open or not', () => expect(verdicts({ a: '1', b: '2' }, { a: '1', b: '2' }, { a: '3' }, ['codes'])).toEqual({ 'codes.a': 'different', 'codes.b': 'different' }));
  test('are open only by their own name', () => expect(verdicts({}, {}, { b: '2' }, ['code', 'codes.b'])).toEqual({ 'codes.b': 'different' }));
});
