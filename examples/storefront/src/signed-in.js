import { verify } from 'node:crypto';

const keysAtMost = 16;

/** Why somebody is not taken for signed in. */
export class NotSignedIn extends Error {
  name = 'NotSignedIn';
}

/**
 * Who is signed in, by the header `x-amzn-oidc-data` of the load balancer. Anybody can send such a header on a path that
 * is not protected, or copy one of a load balancer of their own: it counts when AWS has signed it for ours.
 * https://docs.aws.amazon.com/elasticloadbalancing/latest/application/listener-authenticate-users.html#user-claims-encoding
 */
export class SignedIn {
  #expected;
  #keysUrl;
  #keys = new Map();

  /** Of a store without sign-in nobody is signed in. */
  constructor({ region, identity }) {
    this.#expected = { alg: 'ES256', signer: identity?.signer, iss: identity?.issuer, client: identity?.clientId };
    this.#keysUrl = `https://public-keys.auth.elb.${region}.amazonaws.com/`;
  }

  /** What the user pool says of the person. Throws NotSignedIn. */
  async claims(token) {
    if (token === undefined) throw new NotSignedIn('no header of the load balancer');
    const [head = '', body = '', signature = ''] = token.split('.');
    const header = parsed(head);
    for (const [name, value] of Object.entries(this.#expected))
      if (value === undefined || header[name] !== value) throw new NotSignedIn(`${name} is not as expected`);
    if (!(Number(header.exp) * 1000 > Date.now())) throw new NotSignedIn('exp has passed');
    const key = { key: await this.#key(header.kid), dsaEncoding: 'ieee-p1363' };
    // AWS pads its base64, which other JWTs do not, and signs it so: the text is verified as it came.
    if (!verify('sha256', Buffer.from(`${head}.${body}`), key, Buffer.from(signature, 'base64')))
      throw new NotSignedIn('the signature is wrong');
    return parsed(body);
  }

  /** The public key of the region by its id, which becomes a part of a URL: it is checked before. */
  async #key(kid) {
    if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(kid)) throw new NotSignedIn('kid is no id of a key');
    const known = this.#keys.get(kid);
    if (known) return known;
    const answer = await fetch(this.#keysUrl + kid, { signal: AbortSignal.timeout(3_000) });
    if (answer.status >= 500) throw new Error(`the keys of the load balancer are not to be had: ${answer.status}`);
    if (!answer.ok) throw new NotSignedIn('AWS has no such key');
    const key = await answer.text();
    if (this.#keys.size >= keysAtMost) this.#keys.clear();
    this.#keys.set(kid, key);
    return key;
  }
}

/** A part of a JWT. Throws NotSignedIn. */
export function parsed(part) {
  try {
    return Object(JSON.parse(Buffer.from(part, 'base64').toString()));
  } catch {
    throw new NotSignedIn('it is no JWT');
  }
}
