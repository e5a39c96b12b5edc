import { GetSecretValueCommand } from '@aws-sdk/client-secrets-manager';

/** User and password of the database, kept in memory until the database refuses them. */
export class DatabaseSecret {
  #client;
  #arn;
  #current;

  constructor(client) {
    this.#client = client;
  }

  /** Where the secret is. Another one may take its place while the application runs. */
  use(arn) {
    if (arn !== this.#arn) this.#current = undefined;
    this.#arn = arn;
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
    const { SecretString } = await this.#client.send(new GetSecretValueCommand({ SecretId: this.#arn }));
    const { username, password } = JSON.parse(SecretString);
    return { username, password };
  }
}
