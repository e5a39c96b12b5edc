import { GetSecretValueCommand } from '@aws-sdk/client-secrets-manager';

/** User and password of the database, kept in memory until the database refuses them. */
export class DatabaseSecret {
  #client;
  #where;
  #current;

  /** `where` answers the ARN of the secret, whose place another one may have taken since. */
  constructor(client, where) {
    this.#client = client;
    this.#where = where;
  }

  /** All who ask at once share one call; a call that failed is made again by the next who asks. */
  read() {
    this.#current ??= this.#fetch().catch((error) => {
      this.#current = undefined;
      throw error;
    });
    return this.#current;
  }

  /** The database has refused `refused`: reads the secret again, unless somebody else has done so meanwhile. */
  async renew(refused) {
    if ((await this.read()) === refused) this.#current = undefined;
    return this.read();
  }

  async #fetch() {
    const { SecretString } = await this.#client.send(new GetSecretValueCommand({ SecretId: await this.#where() }));
    const { username, password } = JSON.parse(SecretString);
    return { username, password };
  }
}
