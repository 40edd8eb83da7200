import { classify } from '../../domain/failures.js';

describe('an answer of the vendor is classified by its status alone', () => {
  test.each([
    [200, undefined],
    [204, undefined],
    [400, 'VendorRefused'],
    [401, 'Unauthorised'],
    [403, 'Forbidden'],
    [404, 'MeetingGone'],
    [409, 'VendorRefused'],
    [423, 'RateLimited'],
    [429, 'RateLimited'],
  ] as const)('%i is %s', (status, failure) => {
    expect(classify({ status, mayHaveTakenEffect: true })).toBe(failure);
  });

  test('an outage is ambiguous only when the request may have taken effect', () => {
    for (const status of [408, 425, 503]) {
      expect(classify({ status, mayHaveTakenEffect: true })).toBe('NetworkAmbiguous');
      expect(classify({ status, mayHaveTakenEffect: false })).toBe('VendorUnavailable');
    }
    expect(classify({ mayHaveTakenEffect: true })).toBe('NetworkAmbiguous');
    expect(classify({ mayHaveTakenEffect: false })).toBe('VendorUnavailable');
  });
});
