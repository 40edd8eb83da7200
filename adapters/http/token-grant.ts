import type { AxiosResponse } from 'axios';
import { z } from 'zod';
import type { Granted, TokenGrant } from '../../domain/credential.js';
import { classify, RelinkFailure } from '../../domain/failures.js';
import { header, patience, plainAxios, silence } from './client.js';

/** Nothing else of a vendor answers slower; a lock is held meanwhile. */
const MOST_TIMEOUT_MS = 60_000;

/** It becomes a header. */
const Token = z.string().regex(/^[\x21-\x7e]+$/);
const Seconds = z.coerce.number().positive().transform((seconds) => seconds * 1000);

/** RFC 6749, section 5.1; lifetimes of refresh tokens as https://developer.webex.com/docs/integrations has them. */
const Answer = z.object({ access_token: Token, expires_in: Seconds, refresh_token: Token.optional(), refresh_token_expires_in: Seconds.optional() });
/** RFC 6749, section 5.2. */
const Refusal = z.object({ error: z.literal(['invalid_client', 'unauthorized_client']) });

/** RFC 6749, section 6. One attempt per call; errors hold codes, never what was sent or came back. */
export function createTokenGrant({ url, timeoutMs }: { readonly url: string; readonly timeoutMs: number }): TokenGrant {
  const most = Math.min(timeoutMs, MOST_TIMEOUT_MS);
  const http = plainAxios(most);
  return async ({ clientId, clientSecret, refreshToken }) => {
    const form = new URLSearchParams({ grant_type: 'refresh_token', client_id: clientId, client_secret: clientSecret, refresh_token: refreshToken });
    const answer = await http.post<string>(url, form.toString(), { headers: { accept: 'application/json', 'content-type': 'application/x-www-form-urlencoded' }, signal: AbortSignal.timeout(most) }).catch((cause: unknown) => {
      throw silence(cause, 'POST');
    });
    const { status } = answer;
    if (status >= 200 && status < 300) return granted(answer, refreshToken);
    if (status === 400 || status === 401 || status === 403) return { refused: Refusal.safeParse(json(answer)).success ? 'ClientRefused' : 'RefreshRefused' };
    throw unanswered(answer);
  };
}

function granted(answer: AxiosResponse<string>, sent: string): Granted {
  const { data } = Answer.safeParse(json(answer));
  if (!data) throw new RelinkFailure('NetworkAmbiguous', 'the answer to a renewal of tokens cannot be read', { status: answer.status, trackingId: header(answer, 'trackingid') });
  const { access_token: accessToken, expires_in: accessLifeMs, refresh_token: refreshToken = sent, refresh_token_expires_in: refreshLifeMs } = data;
  return { accessToken, accessLifeMs, refreshToken, refreshLifeMs };
}

/** Whatever it is, it says nothing of the tokens, so it is asked again. */
function unanswered(answer: AxiosResponse<string>): RelinkFailure {
  const { status } = answer;
  const found = classify({ status, mayHaveTakenEffect: true });
  const type = found === 'RateLimited' || found === 'NetworkAmbiguous' ? found : 'VendorUnavailable';
  const retryAfterMs = type === 'RateLimited' ? patience(header(answer, 'retry-after')) : undefined;
  return new RelinkFailure(type, `a renewal of tokens came to status ${status}`, { status, trackingId: header(answer, 'trackingid'), retryAfterMs });
}

function json({ data }: AxiosResponse<string>): unknown {
  try {
    return JSON.parse(data);
  } catch {
    return undefined;
  }
}
