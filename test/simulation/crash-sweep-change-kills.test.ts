import { changing } from '../support/crash-scenarios.ts';
import { kills, sweeps } from './crash-sweep.ts';

sweeps(changing, kills);
