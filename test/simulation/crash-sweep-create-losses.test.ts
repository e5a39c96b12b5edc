import { creating } from '../support/crash-scenarios.ts';
import { losses, sweeps } from './crash-sweep.ts';

sweeps(creating('examples/minimal.yaml'), losses);
