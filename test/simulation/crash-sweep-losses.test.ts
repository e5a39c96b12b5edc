import { losses } from '../support/crash-sweep/sweep.ts';
import { sweeps } from './crash-sweep.ts';

sweeps(losses);
