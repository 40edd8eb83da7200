const RELINK = `# Where things are. Durations: 500ms 30s 30m 24h 7d 5y. Secrets only by reference: { env: NAME } or { file: path }.
data: ./.relink                      # embedded Temporal and Postgres, keys, reports; relative to this file
identities:                          # credentials at the vendor; rate and quota belong to each
  - name: ops-1                      # required; a-z 0-9 -, at most 60 characters
    vendor: webex                    # required; webex
    baseUrl: https://webexapis.com/v1 # https; http only on this machine
    token: { env: WEBEX_OPS1_TOKEN } # named after vendor and identity; or { file: token.txt }, read anew for each request
    # in place of token, an app whose tokens Relink renews; what the vendor gives is kept sealed in the ledger:
    # oauth: { clientId: C0ffee, clientSecret: { env: WEBEX_OPS1_SECRET }, refreshToken: { file: refresh-token.txt } }
    requestsPerMinute: 240           # 1 and up; the vendor allows 300
    # meetings created within quotaWindow, 1 and up each; reserve: percent that first attempts leave for repeats, 0 to 50
    createsPerDay: { identity: 3000, host: 800, reserve: 6 }
    quotaWindow: 24h                 # the rolling window of createsPerDay; 1s to 30d
    listLag: 1m                      # how long the vendor's lists may lag behind its writes; 0s to 1h
    roomLag: 31m                     # how long the vendor may show what a personal room was before it got another id; 0s to 1d
    timeout: 30s                     # of one request; 100ms to 10m
mail:
  smtp: { url: { env: SMTP_URL } }   # where the URL is: smtps://user:password@mail.example.org
  from: Meetings <meetings@example.org> # required
  replyTo: helpdesk@example.org      # whom organisers may ask; without it the sender
`;

const CAMPAIGN = `# One remediation: advisory, scope, policy. Durations: 500ms 30s 30m 24h 7d 5y.
name: webex-june-2024                # required; a-z 0-9 -, at most 60 characters; also the workflow id
advisory: cisco-sa-webex-june-2024   # required; a shipped one, or a path beside this file
identities: [ops-1]                  # required; names from relink.yaml
scope:
  hosts: all                         # all, a list of addresses, or { file: hosts.csv } with a column host
  sites: all                         # all, or a list of sites
  personalRooms: false               # whether personal rooms get another id; it needs scopes of its own, and old links die at once
  horizon: 5y                        # how far ahead meetings are looked for; 1h to 10y
evidence:
  unknown: affected                  # meetings of which nothing shows the creation time: affected or review
  snapshots: []                      # inventories: [{ file: inventory.csv, takenAt: 2024-05-28T00:00:00Z }]
  calendar: []                       # when calendar events were created: [{ file: calendar.csv }]
  invitations: []                    # when mails invited: [{ file: mails.csv }]; columns: created and number, link, or host and start
policy:
  lobby: required                    # of a replacement: required or as-before
  joinBeforeHost: false              # of a replacement: true or false
  publicListing: as-before           # of a replacement: as-before, or never: on no public list
  automaticLock: as-before           # of a replacement: as-before, or the minutes after which it locks itself: 0, 5, 10, 15 or 20
  entryTone: as-before               # of a replacement, for those who are in by phone: as-before, beep, announce-name or none
  audio: as-before                   # of a replacement: as-before, computer-and-phone, or computer-only: nobody by phone
  connectors: text                   # how meetings of a calendar connector are told: text, or probe: each is asked about by an edit that changes nothing
  trackingCodes: as-before           # or site-default: what its site no longer takes gives way to the site's default; else such a meeting is refused
edits:                               # an organiser goes on with the old meeting during grace
  changed: follow                    # changed in the new one too, or held where that cannot be; or hold: always held
  deleted: follow                    # the new one is deleted too; or ask: they are asked first, and it is held until you pass the answer on
departed:                            # meetings whose host left, or may host no longer
  find: true                         # look for them: a request for each number, link or id in evidence that no listed host has; true or false
  # to: noor@example.org             # who becomes their host before they are replaced, which cannot be taken back; without it they are refused
  sites: []                          # where somebody else does: [{ site: example-north.webex.com, to: robin@example.org }]
startGuard: 30m                      # a meeting that starts within this time is not touched until it is over; 0s to 7d
grace: 24h                           # how long old and new link are both valid after the mail, at least: up to digestEvery more, with the other meetings of the host; 1s to 90d
notices:
  language: en                       # en or nl
  urgentWithin: 48h                  # meetings starting within this time are told at once; 0s to 90d
  digestEvery: 1h                    # the others, one mail per organiser; 1s to 30d
  announce: never                    # or 3d: so long before anything happens to their meetings organisers are told; 1s to 90d
limits:
  maxMeetings: 20000                 # ceiling, checked before the first write; 1 and up
  maxShare: 100%                     # another: of the meetings found that are not over, so many may be affected; 1% to 100%, which allows all
  maxConcurrent: 20                  # remediations at once per identity; 1 to 500
rehearseAbove: never                 # a start that replaces more meetings than this asks for a rehearsal that passed (relink rehearse): a number, or never
waves: [1, 10, 100, rest]            # how many meetings before the next wave begins; 5%: of all that wait; rest: all that are left
stopRules:                           # when to wait for an approval (hold), or to stop: a number, a share of what was tried, or never
  failures: { hold: 10%, stop: 50%, atLeast: 20 } # failed or held; a share counts once atLeast were tried, between waves at once
  unverified: { hold: 5%, stop: 25%, atLeast: 20 } # the replacement differed, or the old link still answered
  duplicates: { hold: 3, stop: 25, atLeast: 20 } # meetings that had a second replacement for a moment
  bounced: { hold: 10%, stop: 50%, atLeast: 20 } # meetings whose organiser no mail reaches
  reverted: { hold: 10%, stop: never, atLeast: 20 } # edited, or the replacement deleted, by somebody during grace
  quotaBurn: { hold: 50%, stop: never, atLeast: 50 } # of the creations that count, those that made nothing
  exposedStarts: { hold: never, stop: never, atLeast: 20 } # meetings that began on an old link
approval:                            # where to wait for relink approve: true or false
  firstWrite: false                  # before anything is made at the vendor
  waves: false                       # before each wave but the first
  firstDeletion: false               # before the first old meeting is deleted
windows:                             # when to work: [{ days: [mon, tue], hours: 22:00-06:00, zone: Europe/Amsterdam }]; empty: always
  # hours that end before they begin end on the next day; rate: 120/m is the most requests a minute of each identity meanwhile;
  # rate: 0 is a freeze: [{ days: [sat, sun], zone: UTC, rate: 0 }, { dates: 2026-12-24 to 2027-01-03, zone: UTC, rate: 0 }]
  writes: []                         # when meetings may be begun and old ones deleted
  notices: []                        # when mails may go out; of rates only 0
recheck: 5%                          # of what is done, beside all of wave one, looked at again in each rerun; 0% to 100%
`;

/** What `relink init` writes: every key with its default, unit and range. They load as they are. */
export const initFiles = (): readonly { readonly name: string; readonly text: string }[] => [
  { name: 'relink.yaml', text: RELINK },
  { name: 'campaign.yaml', text: CAMPAIGN },
];
