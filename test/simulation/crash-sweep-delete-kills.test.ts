import { deleting } from '../support/crash-scenarios.ts';
import { kills, sweeps } from './crash-sweep.ts';

sweeps(deleting, kills, true);
