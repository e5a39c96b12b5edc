import { creating } from '../support/crash-scenarios.ts';
import { kills, sweeps } from './crash-sweep.ts';

sweeps(creating('examples/minimal.yaml'), kills);
