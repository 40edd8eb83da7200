import pc from 'picocolors';
import { emptyCounts, reconciles, type Counts, type State } from '../../domain/states.js';
import { createScreen } from '../../client/io.js';
import { board, statusText } from '../../client/show/status.js';
import { faultOf } from '../../client/steer/follow.js';
import type { Status, StatusFigures } from '../../client/show/status-figures.js';

const plain = pc.createColors(false);
const NOW = Date.parse('2026-11-24T00:00:00.000Z');

function counts(given: Partial<Record<State, number>>): Counts {
  const found = Object.values(given).reduce((sum, n) => sum + n, 0);
  return { ...emptyCounts(), ...given, found };
}

function figures(given: Partial<Record<State, number>>, status: Partial<Status> = {}): StatusFigures {
  const all = counts(given);
  return {
    order: 'go',
    warnings: [],
    status: {
      campaign: 'spring-clean',
      phase: 'remediating',
      counts: all,
      reconciles: reconciles(all),
      failures: {},
      notices: { queued: 3, sent: 41, bounced: 0 },
      quota: [{ identity: 'ops-1', createsUsed: 104, createsLimit: 3000, quietUntil: null }],
      eta: '2026-11-24T03:10:00.000Z',
      exposedStarts: 0,
      wave: { current: 2, last: 4 },
      rate: { replaced: 12, most: [{ identity: 'ops-1', requestsPerMinute: 240 }] },
      deadline: '2026-11-25T09:00:00.000Z',
      foreseen: { planned: '2026-11-24T02:50:00.000Z', earlier: { at: '2026-11-23T22:58:00.000Z', endsAt: '2026-11-24T03:15:00.000Z' } },
      workflowFailure: null,
      ...status,
    },
  };
}

test('the board shows phase, wave, time to go, and how many of the affected are finished', () => {
  const { block, line } = board(figures({ unaffected: 60, refused: 4, waiting: 100, running: 6, replaced: 60, done: 38, held: 1 }), plain, 100, NOW);
  expect(block[0]).toBe('spring-clean  remediating, wave 2 of 4  about 3 h 10 min to go');
  expect(block[1]).toContain(' 38 of 205 affected');
  expect(block[2]).toBe('unaffected 60  refused 4  waiting 100  running 6  replaced 60  done 38  held 1');
  expect(block).toContain('Identity ops-1: 104 of 3000 creations.');
  expect(line).toContain('remediating, wave 2 of 4: unaffected 60,');
});

test('the bar is as long as it was asked for, whatever the counts are', () => {
  for (const given of [{}, { waiting: 7 }, { done: 3 }, { waiting: 1, running: 1, replaced: 1, retired: 1, done: 1, held: 1 }]) {
    const [, bar = ''] = board(figures(given), plain, 64, NOW).block;
    expect(bar.match(/[█▓▒░]/g)).toHaveLength(40);
  }
});

test('a status that does not reconcile says so, in text, board and line', () => {
  const wrong = figures({ done: 2 }, { reconciles: false });
  expect(statusText(wrong, plain, NOW).join('\n')).toContain('The counts do not reconcile');
  expect(board(wrong, plain, 80, NOW).block.join('\n')).toContain('The counts do not reconcile');
  expect(board(wrong, plain, 80, NOW).line).toContain('DOES NOT RECONCILE');
  expect(faultOf(wrong)).toContain('do not reconcile');
});

test('the status names each failure with what to do about it', () => {
  const text = statusText(figures({ failed: 2 }, { failures: { VendorRefused: 2 } }), plain, NOW).join('\n');
  expect(text).toContain('VendorRefused 2: read the tracking id with `relink show`');
});

test('an order that the campaign has not carried out yet stands beside the phase', () => {
  expect(board({ ...figures({ waiting: 1 }), order: 'stop' }, plain, 80, NOW).block[0]).toContain('remediating (order: stop)');
  const paused = { ...figures({ waiting: 1 }, { phase: 'paused', eta: null }), order: 'pause' } as const;
  expect(board(paused, plain, 80, NOW).block[0]).toBe('spring-clean  paused');
});

test('a campaign ended well when it is finished with nothing failed or held, or put back on an order', () => {
  expect(faultOf(figures({ done: 3 }, { phase: 'finished' }))).toBeNull();
  expect(faultOf({ ...figures({ 'rolled-back': 3 }, { phase: 'stopped' }), order: 'rollback' })).toBeNull();
  expect(faultOf({ ...figures({ replaced: 3 }, { phase: 'stopped' }), order: 'stop' })).toContain('`relink start spring-clean`');
  expect(faultOf(figures({ done: 2, held: 1 }, { phase: 'finished' }))).toContain('1 are held');
});

function screenOn(stream: { isTTY?: boolean; rows?: number; columns?: number }) {
  const written: string[] = [];
  return { written, screen: createScreen({ ...stream, write: (text: string | Uint8Array) => written.push(String(text)) > 0 }, false) };
}

test('on a terminal the next board takes the place of the last, and what was printed between stays', () => {
  const { written, screen } = screenOn({ isTTY: true, rows: 24 });
  const drawing = { block: ['one', 'two'], line: 'short' };
  screen.draw(drawing);
  screen.draw(drawing);
  screen.line('news');
  screen.draw(drawing);
  expect(written).toEqual(['one\ntwo\n', '\u001B[2F\u001B[0Jone\ntwo\n', 'news\n', 'one\ntwo\n']);
});

test('a board never is higher than the terminal', () => {
  const { written, screen } = screenOn({ isTTY: true, rows: 3 });
  screen.draw({ block: ['1', '2', '3', '4'], line: '' });
  expect(written).toEqual(['1\n2\n']);
});

test('where there is no terminal a line is printed when it changes, without colours', () => {
  const { written, screen } = screenOn({});
  for (const line of ['a', 'a', 'b']) screen.draw({ block: [screen.colours.red('never')], line: screen.colours.red(line) });
  expect(written).toEqual(['a\n', 'b\n']);
});

test('tokens that are renewed by themselves are shown with their ends, and what is to be done about them stands in text, board and line', () => {
  const credentials = [{ identity: 'ops-1', accessExpiresAt: '2026-12-01T00:00:00.000Z', refreshExpiresAt: '2027-02-20T00:00:00.000Z', problem: 'RefreshLost: cut off; authorise anew' }];
  const troubled = { ...figures({ waiting: 2 }, { credentials }), warnings: ['ops-1: RefreshLost: cut off; authorise anew'] };
  const text = statusText(troubled, plain, NOW).join('\n');
  expect(text).toContain('Identity ops-1: access token until 2026-12-01 00:00 UTC, refresh token until 2027-02-20 00:00 UTC.');
  expect(text).toContain('ops-1: RefreshLost: cut off; authorise anew');
  expect(board(troubled, plain, 80, NOW).block).toContain('ops-1: RefreshLost: cut off; authorise anew');
  expect(board(troubled, plain, 80, NOW).line).toContain('; ops-1: RefreshLost: cut off');
});

test('a throttle stands in text, board and line; who gave it and why, in text and board', () => {
  const order = { id: 1, limit: 'requests', of: 'ops-1', value: 0, at: '2026-11-24T00:00:00.000Z', by: 'Ada', reason: 'an outage' } as const;
  const slow = figures({ waiting: 2 }, { throttles: [order], throttleOrders: [order], eta: null });
  for (const text of [statusText(slow, plain, NOW).join('\n'), board(slow, plain, 80, NOW).block.join('\n')]) expect(text).toMatch(/Throttled: identity ops-1: frozen.*by Ada at 2026-11-24T00:00:00.000Z: an outage/);
  expect(board(slow, plain, 80, NOW).line).toContain('remediating, wave 2 of 4, throttled (identity ops-1: frozen, nothing is asked of the vendor): waiting 2');
});

test('meetings that another campaign is at stand in the line too', () => {
  expect(board(figures({ waiting: 9 }, { elsewhere: 3 }), plain, 80, NOW).line).toContain('remediating, wave 2 of 4, 3 with another campaign: waiting 9');
});

test('who was told ahead stands in text and board, and from when on links are replaced also in the line', () => {
  const ahead = figures({ waiting: 9 }, { announcements: { organisers: 3, meetings: 7, bounced: 1, toTell: { organisers: 1, meetings: 1 }, tooSoon: 1, firstAt: '2026-11-27T07:00:00.000Z' } });
  for (const text of [statusText(ahead, plain, NOW).join('\n'), board(ahead, plain, 80, NOW).block.join('\n')]) {
    expect(text).toContain('Announced to 3 organisers (7 meetings); 1 organiser could not be reached; their first link is replaced at 2026-11-27T07:00:00.000Z at the earliest.');
    expect(text).toContain('To be announced to 1 organiser: 1 meeting, not begun before.');
    expect(text).toContain('1 waiting meeting not held up by the announcement: the start is too soon.');
  }
  expect(board(ahead, plain, 80, NOW).line).toContain('announced, nothing before 2026-11-27 07:00 UTC: waiting 9');
});

test('windows stand in text, board and line with what they leave and until when', () => {
  const until = '2026-11-24T19:00:00.000Z';
  const closed = figures({ waiting: 2 }, { windows: [{ of: 'writes', rate: 0, window: 'sat, sun 00:00-24:00 UTC', until }, { of: 'notices', rate: 0, window: null, until: '2026-11-24T07:00:00.000Z' }] });
  for (const text of [statusText(closed, plain, NOW).join('\n'), board(closed, plain, 80, NOW).block.join('\n')]) {
    expect(text).toContain('Window sat, sun 00:00-24:00 UTC, until 2026-11-24T19:00:00.000Z: nothing is begun or deleted.');
    expect(text).toContain('Outside its windows for notices, until 2026-11-24T07:00:00.000Z: nobody is mailed.');
  }
  expect(board(closed, plain, 80, NOW).line).toContain('closed by its windows until 2026-11-24 19:00 UTC: waiting 2');
  const slow = figures({ waiting: 2 }, { windows: [{ of: 'writes', rate: 60, window: 'every day 08:00-18:00 UTC', until }] });
  expect(statusText(slow, plain, NOW)).toContain('Window every day 08:00-18:00 UTC, until 2026-11-24T19:00:00.000Z: at most 60 requests a minute of each identity.');
  expect(board(slow, plain, 80, NOW).line).toContain('at most 60 requests a minute by its windows until 2026-11-24 19:00 UTC: waiting 2');
  const open = figures({ waiting: 2 }, { windows: [{ of: 'writes', rate: null, window: null, until: null }] });
  expect(board(open, plain, 80, NOW).line).toContain('remediating, wave 2 of 4: waiting 2');
});
