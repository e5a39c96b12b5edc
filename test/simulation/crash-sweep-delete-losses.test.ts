import { deleting } from '../support/crash-scenarios.ts';
import { losses, sweeps } from './crash-sweep.ts';

sweeps(deleting, losses, true);
