// Loaded before the storefront: AWS's names lead to the servers of the test. TLS still asks for the names.
import dns from 'node:dns/promises';
import { readFileSync } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import net from 'node:net';

const routes = JSON.parse(process.env.TEST_ROUTES);

const rerouted = (options) => {
  const port = routes[`${options.host}:${options.port}`];
  if (port !== undefined) return { ...options, host: '127.0.0.1', port };
  if (options.host === '127.0.0.1') return options;
  throw new Error(`the test has no ${options.host}:${options.port}`);
};

const { connect } = net.Socket.prototype;
net.Socket.prototype.connect = function (first, ...others) {
  // Node's own form: a marked array of options and callback.
  if (Array.isArray(first)) first[0] = rerouted(first[0]);
  else if (typeof first === 'object') first = rerouted(first);
  else return connect.call(this, rerouted({ port: first, host: others[0] }), ...others.slice(1));
  return connect.call(this, first, ...others);
};

let turn = 0;
dns.resolveCname = async (name) => {
  const hosts = JSON.parse(readFileSync(process.env.TEST_NAMES, 'utf8'))[name];
  if (hosts === undefined) throw new Error(`the test has no name ${name}`);
  return [hosts[turn++ % hosts.length]];
};
syncBuiltinESMExports();
