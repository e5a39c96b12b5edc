import { afterAll, expect } from 'vitest';
import { openFronts } from './open-fronts.ts';

// A set-up file of every test file: a front that a test leaves open would escape its judgement, which comes at its close.
afterAll(() => expect([...openFronts], 'fronts that no test closed').toEqual([]));
