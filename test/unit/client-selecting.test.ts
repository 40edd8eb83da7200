import { authorOf } from '../../client/author.js';
import { criteriaOf, selecting } from '../../client/commands/selecting.js';
import { createScreen } from '../../client/io.js';
import { verb } from '../../client/verb.js';

/** Options as a user types them. @returns what they were taken for, or what was said against them */
async function typed(...argv: readonly string[]): Promise<object | string> {
  const said: string[] = [];
  const screen = createScreen({ write: (text: string | Uint8Array) => said.push(String(text)) > 0 }, true);
  const command = selecting(verb({ name: 'retry', what: '', examples: [['', '']] }, screen));
  try {
    await command.parseAsync(argv, { from: 'user' });
  } catch {
    return said.join('');
  }
  const ledger = { orders: { hostKey: (address: string) => `key of ${address}` }, items: { select: () => Promise.resolve([{ meeting: 'abc1' }, { meeting: 'abd2' }]) } };
  const { config: _, ...options } = command.opts();
  return criteriaOf({ ledger, name: 'spring' } as never, options);
}

test('options select by state, class, host, wave and key; a host is only known by its key', async () => {
  expect(await typed()).toEqual({});
  expect(await typed('--state', 'failed,held', '--state', 'failed', '--class', 'VendorRefused', '--wave', '2', '--limit', '10')).toEqual({ states: ['failed', 'held'], failure: 'VendorRefused', wave: 2, limit: 10 });
  expect(await typed('--host', 'Noor@example.org', '--host', 'eve@example.org')).toEqual({ hosts: ['key of noor@example.org', 'key of eve@example.org'] });
  expect(await typed('--meeting', 'ABC', 'abd2')).toEqual({ meetings: ['abc1', 'abd2'] });
  expect(await typed('--failure', 'VendorRefused')).toEqual({ failure: 'VendorRefused' });
});

test.each([
  [['--state', 'faild'], 'did you mean failed?'],
  [['--state', ''], 'known are: found, unaffected'],
  [['--class', 'vendorrefused'], 'did you mean VendorRefused?'],
  [['--class', 'X'], 'known are: RateLimited'],
  [['--class', 'constructor'], 'There is no failure class constructor'],
  [['--host', 'noor'], 'Write it like noor@example.org'],
  [['--wave', '0'], 'Write a whole number from 1'],
  [['--limit', 'all'], 'Write a whole number from 1'],
  [['--class', 'VendorRefused', '--failure', 'VendorRefused'], 'cannot be used with option'],
])('%j is no selection, and the message says what is', async (argv, message) => expect(await typed(...argv)).toContain(message));

test('whoever gives no name orders under the one they are logged in with, and a reason is never asked for', () => {
  expect(authorOf({ by: 'Robin Vael', reason: 'why' })).toEqual({ by: 'Robin Vael', reason: 'why' });
  expect(authorOf({})).toEqual({ by: expect.stringMatching(/./), reason: null });
});
