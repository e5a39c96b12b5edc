import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { programs, run } from './needs.ts';

export interface Certificates {
  /** The authority, as a client is told of it: the bundle of RDS, and Amazon's for everybody. */
  readonly authority: string;
  readonly keyFile: string;
  readonly certificateFile: string;
  readonly key: string;
  readonly certificate: string;
}

/** A certificate for these hosts, by an authority that only the test knows. */
export function certificatesFor(hosts: readonly string[], folder: string): Certificates {
  const file = (name: string) => join(folder, name);
  const made = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'];
  const authority = file('authority.pem');
  run(programs.openssl, [...made, '-subj', '/CN=test', '-keyout', file('authority.key'), '-out', authority]);
  writeFileSync(file('names'), `subjectAltName=${hosts.map((host) => `DNS:${host}`).join(',')}`);
  const [keyFile, certificateFile, request] = [file('server.key'), file('server.pem'), file('request')];
  run(programs.openssl, ['req', ...made.slice(2, 7), '-subj', '/CN=server', '-keyout', keyFile, '-out', request]);
  const signed = ['-CA', authority, '-CAkey', file('authority.key'), '-CAcreateserial', '-days', '2'];
  run(programs.openssl, [
    'x509',
    '-req',
    '-in',
    request,
    ...signed,
    '-extfile',
    file('names'),
    '-out',
    certificateFile,
  ]);
  const [key, certificate] = [readFileSync(keyFile, 'utf8'), readFileSync(certificateFile, 'utf8')];
  return { authority, keyFile, certificateFile, key, certificate };
}
