/**
 * Writes one line of JSON for one thing that happened. Only what the caller names is written: no headers, no bodies, no
 * objects of libraries, which may hold credentials.
 */
export function log(level, message, fields = {}) {
  process.stdout.write(`${JSON.stringify({ time: new Date().toISOString(), level, message, ...fields })}\n`);
}

/** What a log tells of an error. The rest of it (a request, a configuration, a token) may be a secret. */
export const told = (error) => ({
  error: error.name,
  code: error.code,
  reason: error.message || error.errors?.map(({ message }) => message).join('; '),
});
