import { readFileSync } from 'node:fs';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SNSClient } from '@aws-sdk/client-sns';
import { SSMClient } from '@aws-sdk/client-ssm';
import { Cache } from './src/cache.js';
import { Catalogue } from './src/catalogue.js';
import { Database } from './src/database.js';
import { Groups } from './src/groups.js';
import { log, told } from './src/log.js';
import { Orders } from './src/orders.js';
import { routes } from './src/routes.js';
import { prepare } from './src/schema.js';
import { DatabaseSecret } from './src/secret.js';
import { serve } from './src/server.js';
import { Sessions } from './src/sessions.js';
import { readSettings } from './src/settings.js';
import { SignedIn } from './src/signed-in.js';

/** What changes in a store is read again: when a part of it is lost, but not more often than this, */
const settingsAgeMillis = 10_000;
/** and now and then. */
const settingsBeatMillis = 5 * 60_000;
/** Less than systemd waits (`TimeoutStopSec` in image/storefront.service). */
const drainMillis = 25_000;

const {
  ECOM_PARAMETERS: path,
  ECOM_REGION: region,
  PORT = '8080',
  RDS_CA_BUNDLE: caFile = '/opt/storefront/rds-global-bundle.pem',
  KEEP_ALIVE_SECONDS = '75',
} = process.env;

/** Puts everything together, and answers how to end it. What fails here ends the process: systemd starts another. */
async function start() {
  const ssm = new SSMClient({ region });
  const { credentials } = ssm.config;
  const secret = new DatabaseSecret(
    new SecretsManagerClient({ region }),
    async () => (await readSettings(ssm, path)).database.secretArn,
  );
  const database = new Database({ secret, ca: readFileSync(caFile, 'utf8'), onLost: lookAgain });
  const cache = new Cache({ region, credentials, onLost: lookAgain });
  let settings, signedIn, groups, lookedAt;

  async function look() {
    lookedAt = Date.now();
    settings = await readSettings(ssm, path);
    await database.use(settings.database);
    cache.use(settings.cache);
    signedIn = new SignedIn(settings);
    groups = new Groups(settings);
  }

  function lookAgain() {
    if (Date.now() - lookedAt < settingsAgeMillis) return;
    look().catch((error) => log('warn', 'the settings of the store are not to be had', told(error)));
  }

  await look();
  setInterval(lookAgain, settingsBeatMillis).unref();
  await prepare(database);
  const sessions = new Sessions({ database });
  await sessions.readKeys();
  const orders = new Orders({ database, cache, sns: new SNSClient({ region }), topic: settings.ordersTopic });
  const server = serve({
    routes: routes({
      ...{ sessions, orders, catalogue: new Catalogue({ database, cache }) },
      ...{ signedIn: () => signedIn, groups: () => groups, settings: () => settings },
    }),
    port: Number(PORT),
    keepAliveSeconds: Number(KEEP_ALIVE_SECONDS),
  });
  log('info', 'serving', { port: await server.listening });

  return async () => {
    await server.drain();
    await orders.end();
    cache.end();
    await database.end();
  };
}

const isRunning = start();
isRunning.catch((error) => {
  log('error', 'the storefront cannot start', told(error));
  process.exit(1);
});

for (const signal of ['SIGTERM', 'SIGINT'])
  process.once(signal, () => {
    log('info', 'draining', { signal });
    setTimeout(() => {
      log('error', 'not drained in time');
      process.exit(1);
    }, drainMillis).unref();
    void isRunning
      .then((end) => end())
      .then(() => {
        log('info', 'drained');
        process.exit(0);
      });
  });
