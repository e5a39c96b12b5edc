import { healing } from '../support/crash-scenarios.ts';
import { kills, sweeps } from './crash-sweep.ts';

sweeps(healing, kills);
