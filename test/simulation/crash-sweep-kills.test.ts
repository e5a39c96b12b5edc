import { kills } from '../support/crash-sweep/sweep.ts';
import { sweeps } from './crash-sweep.ts';

sweeps(kills);
