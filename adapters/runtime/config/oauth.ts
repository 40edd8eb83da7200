import { z } from 'zod';
import { PLACES, place, placeOf, secret, text, UNSAID, type SecretSource } from './fields.js';

const CLIENT_ID = 'write the client id that the vendor gave the app';

/** An app that an administrator authorised once: its tokens are renewed by us. The client id is no secret. */
export const oauth = z.strictObject(
  {
    clientId: text(CLIENT_ID).refine((written) => /^[\x21-\x7e]*$/.test(written), { error: `has blanks or letters that no client id has; ${CLIENT_ID}` }).describe('of the app at the vendor'),
    clientSecret: secret.describe('where the secret of the app is'),
    refreshToken: secret.describe('where the refresh token is that the authorisation gave; what the vendor gives after it is kept sealed in the ledger'),
  },
  { error: ({ code }) => (code === 'invalid_type' ? 'must be keys with values; write { clientId, clientSecret: { env: NAME }, refreshToken: { env: NAME } }' : undefined) },
);

/** relink.yaml's `oauth`, with the places of its secrets. */
export interface OauthConfig {
  readonly clientId: string;
  readonly clientSecret: SecretSource;
  readonly refreshToken: SecretSource;
}

/** Where an access token is, or how it is come by. */
export const token = z
  .strictObject({ ...place, oauth: oauth.optional() }, { error: UNSAID })
  .refine((written) => Object.values(written).filter((value) => value !== undefined).length === 1, { error: `must name one place; ${PLACES}` })
  .meta({ minProperties: 1, maxProperties: 1 })
  .transform(({ oauth: app, ...written }): SecretSource | { readonly oauth: OauthConfig } => (app === undefined ? placeOf(written) : { oauth: app }));
