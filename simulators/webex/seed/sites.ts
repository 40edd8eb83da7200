/** The organisation's sites; most people know the first one only. */
export const mainSite = 'example.webex.com';
export const secondSite = 'example-north.webex.com';
export const foreignSite = 'partner-example.webex.com';

export const zones = ['Europe/Amsterdam', 'Europe/Berlin', 'Europe/London', 'America/New_York', 'Australia/Sydney', 'Asia/Tokyo', 'UTC'] as const;
