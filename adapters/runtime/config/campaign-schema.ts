import { z } from 'zod';
import { usualEdits } from '../../../domain/edits.js';
import { lockMinutes } from '../../../domain/meeting.js';
import { stopRules, usualStopRules, type StopRule } from '../../../domain/verdict.js';
import { duration, durationOrNever, flag, instant, name, oneOf, text, whole } from './fields.js';
import { noticeWindows, writeWindows } from './window-schema.js';

const HOSTS = { error: 'must be all, a list of addresses, or { file: hosts.csv }; write one of these' };
const hosts = z.union([z.literal('all'), z.array(z.string()).min(1, HOSTS), z.strictObject({ file: z.string().min(1, HOSTS) })], HOSTS);
const SITES = { error: 'must be all or a list of sites; write one of these' };
const sites = z.union([z.literal('all'), z.array(z.string().min(1, SITES)).min(1, SITES)], SITES);
const WAVE = 'write a number of meetings, a share like 5%, or rest for all that are left';
const NO_WAVE = { error: `is not a wave; ${WAVE}` };
const share = z.templateLiteral([z.number(), '%'], NO_WAVE).refine((text) => /^([1-9]\d?|100)%$/.test(text), NO_WAVE);
const wave = z.union([z.int(NO_WAVE).min(1, NO_WAVE), share, z.literal('rest')], NO_WAVE);
const NO_CEILING = { error: 'is not a share; write one from 1% to 100%' };
const ceilingShare = z.templateLiteral([z.number(), '%'], NO_CEILING).refine((text) => /^([1-9]\d?|100)%$/.test(text), NO_CEILING);
const NO_SHARE = { error: 'is not a share; write one from 0% to 100%' };
const percent = z.templateLiteral([z.number(), '%'], NO_SHARE).refine((text) => /^(\d{1,2}|100)%$/.test(text), NO_SHARE);
const snapshot = z.strictObject({
  file: text('name a CSV or JSON file').describe('CSV with a column id, or JSON { takenAt, ids }; relative to this file'),
  takenAt: instant.optional().describe('when the inventory was taken, with its zone; required with CSV'),
});

const traces = (what: string) =>
  z
    .array(z.strictObject({ file: text('name a CSV file').describe('CSV with a column created and number, link, or host and start; relative to this file') }), { error: 'must be a list; write [{ file: dates.csv }]' })
    .default([])
    .describe(what);

const LIMIT = 'write a number of meetings, a share like 10%, or never';
const NO_LIMIT = { error: `is not a limit; ${LIMIT}` };
const limit = z.union([z.int(NO_LIMIT).min(1, NO_LIMIT), z.templateLiteral([z.number(), '%'], NO_LIMIT).refine((text) => /^([1-9]\d?|100)%$/.test(text), NO_LIMIT), z.literal('never')], NO_LIMIT);

const stopRule = (rule: StopRule) =>
  z
    .strictObject({
      hold: limit.default(usualStopRules[rule].hold).describe('from here on an operator must approve: a number, a share, or never'),
      stop: limit.default(usualStopRules[rule].stop).describe('from here on the campaign is stopped: a number, a share, or never'),
      atLeast: whole(1, 10_000_000).default(usualStopRules[rule].atLeast).describe('a share counts once so many were tried; between waves one to hold counts at once'),
    })
    .prefault({})
    .describe(stopRules[rule]);

const NO_LOCK = { error: `is no lock; write as-before, or after how many minutes: ${lockMinutes.join(', ')}` };
const automaticLock = z.union([z.literal('as-before'), z.literal([...lockMinutes])], NO_LOCK);

const NO_NUMBER = { error: 'is not a number of meetings; write one like 500, or never' };
const HEIR = 'name an address, like noor@example.org';
const departed = z
  .strictObject({
    find: flag.default(true).describe('whether meetings are looked for whose host left: one request for each number, link or id that calendars, mails and inventories name and no listed host has'),
    to: text(HEIR).optional().describe('who becomes their host before they are replaced, which cannot be taken back; without it they are refused'),
    sites: z
      .array(z.strictObject({ site: text('name a site, like example-north.webex.com'), to: text(HEIR).describe('instead of to above') }), { error: 'must be a list; write [{ site: example-north.webex.com, to: noor@example.org }]' })
      .default([])
      .describe('sites on which somebody else becomes their host'),
  })
  .prefault({})
  .describe('meetings whose host left, or may host no longer');

export const CampaignFile = z
  .strictObject({
    name: name.describe('a–z 0–9 -, at most 60; also the workflow id'),
    advisory: text('name a shipped advisory or a path').describe('a shipped advisory, or a path relative to this file'),
    identities: z.array(name, { error: 'must be a list; name identities of relink.yaml' }).min(1, { error: 'is empty; name at least one identity of relink.yaml' }).describe('names from relink.yaml'),
    scope: z
      .strictObject({
        hosts: hosts.default('all').describe('all, a list of addresses, or { file: hosts.csv } with a column host'),
        sites: sites.default('all').describe('all, or a list of sites'),
        personalRooms: flag.default(false).describe('whether personal rooms get another id; it needs scopes of its own, and old links die at once'),
        horizon: duration('how far ahead meetings are looked for', { usual: '5y', least: '1h', most: '10y' }),
      })
      .prefault({}),
    evidence: z
      .strictObject({
        unknown: oneOf('affected', 'review').default('affected').describe('meetings of which nothing shows the creation time'),
        snapshots: z.array(snapshot, { error: 'must be a list; write [{ file: inventory.csv, takenAt: 2024-05-28T00:00:00Z }]' }).default([]).describe('inventories taken at a known time'),
        calendar: traces('when the calendar events of meetings were created'),
        invitations: traces('when mails invited to meetings'),
      })
      .prefault({}),
    policy: z
      .strictObject({
        lobby: oneOf('required', 'as-before').default('required').describe('of a replacement'),
        joinBeforeHost: flag.default(false).describe('of a replacement'),
        publicListing: oneOf('as-before', 'never').default('as-before').describe('of a replacement: as the old meeting has it, or on no public list'),
        automaticLock: automaticLock.default('as-before').describe(`of a replacement: as the old meeting has it, or the minutes after which it locks itself: ${lockMinutes.join(', ')}`),
        entryTone: oneOf('as-before', 'beep', 'announce-name', 'none').default('as-before').describe('of a replacement: as the old meeting has it, or what those who are in by phone hear when somebody comes or goes'),
        audio: oneOf('as-before', 'computer-and-phone', 'computer-only').default('as-before').describe('of a replacement: as the old meeting has it, or how people may hear each other; computer-only lets nobody in by phone'),
        connectors: oneOf('text', 'probe').default('text').describe('how meetings of a calendar connector are told: by the text in their agenda, where only what that leaves open is asked about; or by a probe: each meeting is asked about by an edit that changes nothing, two requests more'),
        trackingCodes: oneOf('as-before', 'site-default').default('as-before').describe('of a replacement, where its site no longer takes a code as it was: the meeting is refused, or has the default of the site or none, and its organiser is told'),
      })
      .prefault({}),
    edits: z
      .strictObject({
        changed: oneOf('follow', 'hold').default(usualEdits.changed).describe('what the organiser changes in the old meeting during grace: changed in the new one too, or the meeting is held'),
        deleted: oneOf('follow', 'ask').default(usualEdits.deleted).describe('an organiser who deletes the old meeting during grace: the new one is deleted too, or they are asked first and the meeting is held'),
      })
      .prefault({})
      .describe('what becomes of a replacement when its organiser goes on with the old meeting'),
    departed,
    startGuard: duration('a meeting that starts within this time is not touched until it is over', { usual: '30m', least: '0s', most: '7d' }),
    grace: duration('how long old and new link are both valid after the organiser is told, at least: it ends with that of the other meetings of the host, up to notices.digestEvery later', { usual: '24h', least: '1s', most: '90d' }),
    notices: z
      .strictObject({
        language: oneOf('en', 'nl').default('en'),
        urgentWithin: duration('meetings starting within this time are told at once', { usual: '48h', least: '0s', most: '90d' }),
        digestEvery: duration('the others, one mail per organiser', { usual: '1h', least: '1s', most: '30d' }),
        announce: durationOrNever('so long before anything happens to their meetings organisers are told; what would start on its old link before that is not held up', { least: '1s', most: '90d' }),
      })
      .prefault({}),
    limits: z
      .strictObject({
        maxMeetings: whole(1, 10_000_000).default(20_000).describe('ceiling, checked before the first write'),
        maxShare: ceilingShare.default('100%').describe('another: of the meetings found that are not over, so many may be affected; 1% to 100%, which allows all'),
        maxConcurrent: whole(1, 500).default(20).describe('remediations at once per identity; 1 to 500'),
      })
      .prefault({}),
    rehearseAbove: z.union([z.int(NO_NUMBER).min(0, NO_NUMBER), z.literal('never')], NO_NUMBER).default('never').describe('a start that replaces more meetings than this asks for a rehearsal that passed; a number, or never'),
    waves: z.array(wave, { error: 'must be a list; write [1, 10, 100, rest]' }).min(1, { error: 'is empty; write [rest] for one wave' }).default([1, 10, 100, 'rest']).describe('how many meetings before the next wave begins; 5%: of all that wait when the plan is made; rest: all that are left'),
    stopRules: z
      .strictObject({
        failures: stopRule('failures'),
        unverified: stopRule('unverified'),
        duplicates: stopRule('duplicates'),
        bounced: stopRule('bounced'),
        reverted: stopRule('reverted'),
        quotaBurn: stopRule('quotaBurn'),
        exposedStarts: stopRule('exposedStarts'),
      })
      .prefault({})
      .describe('causes for which the campaign waits for a human, or stops; each counts what came since an operator last approved it'),
    approval: z
      .strictObject({
        firstWrite: flag.default(false).describe('asked before anything is made at the vendor'),
        waves: flag.default(false).describe('asked before each wave but the first'),
        firstDeletion: flag.default(false).describe('asked before the first old meeting is deleted'),
      })
      .prefault({})
      .describe('where the campaign waits for relink approve'),
    windows: z.strictObject({ writes: writeWindows, notices: noticeWindows }).prefault({}).describe('when the campaign may work, and how fast'),
    recheck: percent.default('5%').describe('of what is done, beside all of wave one, so much is looked at again in each rerun; 0% looks at nothing'),
  })
  .describe('A campaign: advisory, scope, policy. Durations: 500ms 30s 30m 24h 7d 5y');
