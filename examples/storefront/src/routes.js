import { NotAllowed } from './groups.js';
import { shopWindow } from './pages.js';
import { fresh } from './sessions.js';

/** A client has asked for something that cannot be. */
export class BadRequest extends Error {
  name = 'BadRequest';
}

const json = (status, body, headers = {}) => ({
  status,
  headers: { 'Content-Type': 'application/json', ...headers },
  body: JSON.stringify(body),
});

const notFound = () => json(404, { error: 'there is no such thing' });

/**
 * The cookies by which the load balancer knows who is signed in, ended: it shares 11 kB out among some of 4.
 * https://docs.aws.amazon.com/elasticloadbalancing/latest/application/listener-authenticate-users.html#authentication-logout-timeout
 */
const endedSignIn = [0, 1, 2, 3].map((n) => `AWSELBAuthSessionCookie-${n}=; Path=/; Max-Age=0; Secure; HttpOnly`);

/** A cookie has room for this many products. */
const linesAtMost = 50;

/** At most what fits a cookie and an integer of the database. */
function putIntoCart(lines, { productId, quantity }) {
  if (!Number.isInteger(productId) || productId < 1 || productId > 2 ** 31 - 1)
    throw new BadRequest('productId is no id of a product');
  if (!Number.isInteger(quantity) || quantity < 0 || quantity > 99)
    throw new BadRequest('quantity is not between 0 and 99');
  const { [productId]: _, ...others } = lines;
  const changed = quantity === 0 ? others : { ...others, [productId]: quantity };
  if (Object.keys(changed).length > linesAtMost) throw new BadRequest('the cart is full');
  return changed;
}

/** Signed in is whoever has signed up: what a group may do is asked of the group. Throws NotSignedIn and NotAllowed. */
async function allow(group, headers, { signedIn, groups }) {
  const person = await signedIn().claims(headers['x-amzn-oidc-data']);
  const has = await groups().of(person, headers['x-amzn-oidc-accesstoken']);
  if (!has.includes(group)) throw new NotAllowed(`this is for the group ${group}`);
}

/** What the storefront answers, by method and path: a function of the request's parts each. */
export const routes = ({ catalogue, sessions, signedIn, groups, orders, settings }) => ({
  'GET /': async () => {
    const { rows, from } = await catalogue.all();
    const headers = { 'Content-Type': 'text/html; charset=utf-8', 'Read-From': from };
    return { status: 200, headers, body: shopWindow(rows, settings()) };
  },
  'GET /products/:id': async ({ id }) => {
    const { rows, from } = await catalogue.one(id);
    return rows.length === 0 ? notFound() : json(200, rows[0], { 'Read-From': from });
  },
  'GET /cart': async ({ headers }) => json(200, (await sessions.open(headers.cookie)).lines),
  'PUT /cart': async ({ headers, body }) => {
    const session = await sessions.open(headers.cookie);
    const lines = putIntoCart(session.lines, await body());
    return json(200, lines, { 'Set-Cookie': sessions.cookie({ ...session, lines }) });
  },
  'POST /orders': async ({ headers }) => {
    const session = await sessions.open(headers.cookie);
    if (Object.keys(session.lines).length === 0) throw new BadRequest('the cart is empty');
    const order = await orders.place(session);
    return json(201, order, { 'Set-Cookie': sessions.cookie(fresh()) });
  },
  'POST /sign-out': async () => {
    const { identity, url } = settings();
    if (!identity) return notFound();
    const query = new URLSearchParams({ client_id: identity.clientId, logout_uri: `${url}/` });
    const headers = {
      Location: `https://${identity.domain}/logout?${query}`,
      'Set-Cookie': [...endedSignIn, sessions.cookie(fresh())],
    };
    return { status: 303, headers, body: '' };
  },
  'GET /account': async ({ headers }) => {
    const { sub, email } = await signedIn().claims(headers['x-amzn-oidc-data']);
    return json(200, { sub, email });
  },
  'GET /admin': async ({ headers }) => {
    await allow('admin', headers, { signedIn, groups });
    return json(200, await orders.newest());
  },
});
