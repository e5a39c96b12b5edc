import { describe, expect, test } from 'vitest';
import { XMLValidator } from 'fast-xml-parser';
import { arrowsOf } from '../../../operator/cli/diagram/arrows.ts';
import { svgOf } from '../../../operator/cli/diagram/draw-svg.ts';
import { layoutOf } from '../../../operator/cli/diagram/layout.ts';
import type { Picture } from '../../../operator/cli/diagram/picture.ts';
import { bottom, right, type Rect } from '../../../operator/cli/diagram/sizes.ts';
import { widthOf } from '../../../operator/cli/diagram/svg.ts';
import { largePicture, pictureWith } from './stores.ts';

const long = `${'a-very-long-label-'.repeat(3)}x.`.repeat(3);
const zoneNames = ['ap-southeast-1a', 'ap-southeast-1b', 'ap-southeast-1c', 'ap-southeast-1d'];
const subnetIds = (tier: number) =>
  Array.from({ length: 12 }, (_, n) => `subnet-0a1b2c3d4e5f60${tier}${String(n).padStart(2, '0')}`);

const pictures: Readonly<Record<string, Picture>> = {
  minimal: pictureWith('minimal'),
  production: pictureWith('production'),
  'in a given VPC': pictureWith('existing-vpc'),
  'in three zones, with a gateway in each': pictureWith('minimal', { network: { zones: 3, nat: 'perZone' } }),
  'in four zones, with the longest addresses': pictureWith('production', {
    network: { zoneNames, nat: 'perZone', cidr: '172.31.192.0/22' },
  }),
  'with no way out': pictureWith('minimal', {
    network: { nat: 'none', flowLogs: { enabled: false, retentionDays: 30 } },
  }),
  'with long names': pictureWith('production', {
    domain: { host: `${long}example.com`, aliases: [`w.${long}example.com`] },
  }),
  'in twelve given subnets': pictureWith('existing-vpc', {
    network: {
      existing: {
        vpcId: 'vpc-0a1b2c3d4e5f60718',
        publicSubnetIds: subnetIds(1),
        appSubnetIds: subnetIds(2).slice(0, 3),
        dataSubnetIds: subnetIds(3).slice(0, 2),
      },
    },
  }),
  'with all that comes next': largePicture(),
};

interface Placed extends Rect {
  readonly what: string;
}

const meet = (a: Rect, b: Rect): boolean => a.x < right(b) && b.x < right(a) && a.y < bottom(b) && b.y < bottom(a);

const collisions = (all: readonly Placed[]): string[] =>
  all.flatMap((a, at) => all.slice(at + 1).flatMap((b) => (meet(a, b) ? [`${a.what} and ${b.what}`] : [])));

const unescaped = (text: string): string =>
  text
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&amp;', '&');

/** Every text as the rectangle that it may fill. */
const textsOf = (svg: string): Placed[] =>
  [...svg.matchAll(/<text ([^>]*)>([^<]*)<\/text>/g)].map(([, attributes = '', content = '']) => {
    const of = (name: string) => new RegExp(`${name}="([^"]*)"`).exec(attributes)?.[1];
    const size = Number(of('font-size'));
    const w = widthOf(unescaped(content), { size, bold: of('font-weight') === '700' });
    const x = Number(of('x')) - (of('text-anchor') === 'middle' ? w / 2 : 0);
    return { what: unescaped(content), x, y: Number(of('y')) - size, w, h: size + 3 };
  });

/** The legs of an arrow, as thin rectangles. */
const legsOf = ({ points, ports }: ReturnType<typeof arrowsOf>[number]): Placed[] =>
  points.slice(1).map(([x, y], at) => {
    const [px, py] = points[at] as readonly [number, number];
    const [w, h] = [Math.abs(x - px), Math.abs(y - py)];
    const [left, top] = [Math.min(x, px), Math.min(y, py)];
    // The ends touch what they lead from and to; the sides are half as wide as the line.
    const rect = w > 0 ? { x: left, y: top - 1, w, h: 2 } : { x: left - 1, y: top, w: 2, h };
    return { what: `the arrow for ${ports}`, ...rect };
  });

describe.each(Object.entries(pictures))('the picture of a store %s', (_name, picture) => {
  const svg = svgOf(picture);
  const layout = layoutOf(picture);
  const arrows = arrowsOf(picture, layout);
  const [, width, height] = /viewBox="0 0 (\d+) (\d+)"/.exec(svg) as unknown as [string, string, string];
  const texts = textsOf(svg);
  const boxes = layout.boxes.map(({ box, rect }): Placed => ({ what: box.title, ...rect }));
  const actors = layout.actors.map(({ actor, rect }): Placed => ({ what: actor.title, ...rect }));

  test('is well-formed XML, and the same each time', () => {
    expect(XMLValidator.validate(svg)).toBe(true);
    expect(svgOf(picture)).toBe(svg);
    expect(svg).not.toMatch(/NaN|undefined|null|Infinity/);
  });

  test('keeps every text and box inside it', () => {
    const outside = [...texts, ...boxes, ...actors].filter(
      (placed) => placed.x < 0 || placed.y < 0 || right(placed) > Number(width) || bottom(placed) > Number(height),
    );
    expect(outside).toEqual([]);
  });

  test('lets no text meet another text', () => expect(collisions(texts)).toEqual([]));

  test('lets no box meet another box, and no text leave its box', () => {
    expect(collisions([...boxes, ...actors])).toEqual([]);
    const straddling = texts.flatMap((text) =>
      boxes
        .filter(
          (box) =>
            meet(text, box) &&
            (text.x < box.x || right(text) > right(box) || text.y < box.y || bottom(text) > bottom(box)),
        )
        .map((box) => `${text.what} across ${box.what}`),
    );
    expect(straddling).toEqual([]);
  });

  test('lets no arrow run through a text, its own ports aside, or through a box that it does not lead to', () => {
    const labels = new Set(arrows.map(({ label: [x, y] }) => `${x} ${y + 4}`));
    const others = texts.filter(({ x, w, y, h }) => !labels.has(`${x + w / 2} ${y + h - 3}`));
    const border = new Set(layout.boxes.filter(({ box }) => box.spot.at === 'border').map(({ box }) => box.title));
    const legs = arrows.flatMap(legsOf);
    const hits = legs.flatMap((leg) =>
      others.filter((text) => !border.has(text.what) && meet(leg, text)).map(({ what }) => [leg.what, what]),
    );
    expect(hits).toEqual([]);
    const through = legs.flatMap((leg) =>
      boxes.filter((box) => !border.has(box.what) && meet(leg, box)).map(({ what }) => [leg.what, what]),
    );
    expect(through).toEqual([]);
  });
});

describe('what a user writes', () => {
  test('is text in a picture and never markup', () => {
    const hostile = `</text><script>alert("1")</script>&'\u0000\ud800`;
    const given = pictureWith('minimal');
    const svg = svgOf({ ...given, store: hostile, boxes: given.boxes.map((box) => ({ ...box, facts: [hostile] })) });
    expect(XMLValidator.validate(svg)).toBe(true);
    expect(svg).not.toContain('<script');
    expect(svg).not.toMatch(/\u0000|\ud800/);
  });

  test('is never wider than reckoned, in the widest of the common fonts', () => {
    const [regular, bold] = metrics as [number[], number[]];
    for (const [at, ems] of regular.entries()) {
      const character = String.fromCharCode(32 + at);
      expect([character, widthOf(character, { size: 1000 })]).toEqual([
        character,
        expect.toSatisfy((w: number) => w >= ems),
      ]);
    }
    const sample = 'Application Load Balancer 10.20.0.0/16 Security group Auto Scaling NAT gateway IAM role VPC';
    const real = [...sample].reduce((sum, character) => sum + (bold[character.charCodeAt(0) - 32] as number), 0);
    expect(widthOf(sample, { size: 1000, bold: true })).toBeGreaterThanOrEqual(real);
  });
});

/** The advance widths of DejaVu Sans and DejaVu Sans Bold from space to tilde, in thousandths of an em. */
const metrics = [
  '318 401 460 838 637 951 780 275 391 391 500 838 318 361 318 337 637 637 637 637 637 637 637 637 637 637 337 337 838 838 838 531 1000 685 687 699 771 632 576 775 752 295 295 656 558 863 749 788 604 788 695 635 611 732 685 989 686 611 686 391 337 391 838 500 500 613 635 550 635 616 353 635 634 278 278 580 278 975 634 612 635 635 412 521 393 634 592 818 592 592 525 637 337 637 838',
  '349 457 521 838 696 1002 873 307 458 458 523 838 380 416 380 366 696 696 696 696 696 696 696 696 696 696 400 400 838 838 838 581 1000 774 763 734 831 684 684 821 837 373 373 775 638 996 837 851 733 851 771 721 683 813 774 1104 771 725 726 458 366 458 838 500 500 675 716 593 716 679 436 716 712 343 343 666 343 1042 712 688 716 716 494 596 479 712 652 924 646 652 583 712 366 712 838',
].map((line) => line.split(' ').map(Number));
