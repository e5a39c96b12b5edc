import { healing } from '../support/crash-scenarios.ts';
import { losses, sweeps } from './crash-sweep.ts';

sweeps(healing, losses);
