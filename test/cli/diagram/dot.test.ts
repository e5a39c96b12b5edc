import { Graphviz } from '@hpcc-js/wasm-graphviz';
import { expect, test } from 'vitest';
import { dotOf } from '../../../operator/cli/diagram/dot.ts';
import { largePicture, pictureWith } from './stores.ts';

test('Graphviz draws what DOT says, of several stores, and text stays text', async () => {
  const hostile = { ...pictureWith('minimal'), store: 'a"] x [label="\\' };
  const dot = dotOf([pictureWith('production'), largePicture(), pictureWith('existing-vpc'), hostile]);
  const svg = (await Graphviz.load()).layout(dot, 'svg', 'dot');
  expect(svg).toContain('Application Load Balancer');
  expect(svg).toContain('a&quot;] x [label=&quot;\\');
});
