import { changing } from '../support/crash-scenarios.ts';
import { losses, sweeps } from './crash-sweep.ts';

sweeps(changing, losses);
