import { createPublicKey, verify } from 'node:crypto';
import { NotSignedIn, parsed } from './signed-in.js';

/** Keys are read again for one that is not known, but not more often: anybody can name a key that there is not. */
const keysAgeMillis = 10_000;

/** Who is signed in may not do this. */
export class NotAllowed extends Error {
  name = 'NotAllowed';
}

/**
 * The groups of whoever is signed in. The load balancer tells none of them in `x-amzn-oidc-data`: they stand in the access
 * token of the user pool, `x-amzn-oidc-accesstoken`, which the load balancer sends beside it and does not sign.
 * https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-using-the-access-token.html
 */
export class Groups {
  #expected;
  #keysUrl;
  #keys = new Map();
  #readAt = -Infinity;

  /** In a store without sign-in nobody is in a group. */
  constructor({ identity }) {
    this.#expected = { iss: identity?.issuer, client_id: identity?.clientId, token_use: 'access' };
    this.#keysUrl = `${identity?.issuer}/.well-known/jwks.json`;
  }

  /** The groups of a person whom the load balancer has told of. Throws NotSignedIn. */
  async of({ sub }, token) {
    if (token === undefined) throw new NotSignedIn('no access token');
    const [head = '', body = '', signature = ''] = token.split('.');
    const { alg, kid } = parsed(head);
    const claims = parsed(body);
    for (const [name, value] of Object.entries({ ...this.#expected, sub }))
      if (value === undefined || claims[name] !== value) throw new NotSignedIn(`${name} is not as expected`);
    if (!(Number(claims.exp) * 1000 > Date.now())) throw new NotSignedIn('exp has passed');
    if (alg !== 'RS256') throw new NotSignedIn('alg is not as expected');
    if (!verify('sha256', Buffer.from(`${head}.${body}`), await this.#key(kid), Buffer.from(signature, 'base64url')))
      throw new NotSignedIn('the signature is wrong');
    // Who is in no group has no such claim.
    return claims['cognito:groups'] ?? [];
  }

  async #key(kid) {
    if (!this.#keys.has(kid) && Date.now() - this.#readAt > keysAgeMillis) await this.#readKeys();
    const key = this.#keys.get(kid);
    if (key === undefined) throw new NotSignedIn('the user pool has no such key');
    return key;
  }

  async #readKeys() {
    const answer = await fetch(this.#keysUrl, { signal: AbortSignal.timeout(3_000) });
    if (!answer.ok) throw new Error(`the keys of the user pool are not to be had: ${answer.status}`);
    const { keys } = await answer.json();
    this.#keys = new Map(keys.map((jwk) => [jwk.kid, createPublicKey({ key: jwk, format: 'jwk' })]));
    this.#readAt = Date.now();
  }
}
