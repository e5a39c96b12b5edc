import { AwsError } from '../core/aws-error.ts';
import { pageOf } from '../core/paging.ts';
import type { Request } from '../core/request.ts';
import { filtered, type Filter, type FilterTable } from './filters.ts';
import {
  launchTemplates,
  templateOf,
  versionOf,
  versionTold,
  type LaunchTemplate,
  type TemplateNamed,
  type TemplateVersion,
} from './launch-templates.ts';

interface DescribeVersions extends TemplateNamed {
  readonly Versions?: string[];
  readonly MinVersion?: string;
  readonly MaxVersion?: string;
  readonly Filters?: Filter[];
  readonly NextToken?: string;
  readonly MaxResults?: number;
}

interface Row {
  readonly template: LaunchTemplate;
  readonly version: TemplateVersion;
  readonly tags: Readonly<Record<string, string>>;
}

const filters: FilterTable<Row> = {
  'is-default-version': ({ template, version }) => [String(version.number === template.defaultVersion)],
  'image-id': ({ version }) => [version.data.ImageId],
  'instance-type': ({ version }) => [version.data.InstanceType],
  'create-time': ({ version }) => [new Date(version.createdAt).toISOString()],
};

/** Newest first. Without a template, only `$Latest` and `$Default` may be asked for, of all templates. */
export function describeVersions(input: DescribeVersions, request: Request) {
  const listed = request.listed(launchTemplates);
  const one = input.LaunchTemplateId !== undefined || input.LaunchTemplateName !== undefined;
  const aliases = input.Versions?.every((version) => version === '$Latest' || version === '$Default');
  if (!one && !aliases)
    throw new AwsError(
      'InvalidParameterCombination',
      'A launch template ID or name must be specified unless only $Latest and $Default versions are requested.',
    );
  const templates = one ? [templateOf(listed, input)] : listed;
  const rows = templates.flatMap((template) =>
    versionsAsked(template, input).map((version): Row => ({ template, version, tags: {} })),
  );
  const page = { token: input.NextToken, size: input.MaxResults, most: 200 };
  const { items, next } = pageOf(request.world, filtered(rows, input.Filters, filters), page);
  return {
    LaunchTemplateVersions: items.map(({ template, version }) => versionTold(template, version, request)),
    NextToken: next,
  };
}

function versionsAsked(template: LaunchTemplate, { Versions, MinVersion, MaxVersion }: DescribeVersions) {
  if (Versions && Versions.length > 0) {
    const asked = Versions.map((version) => versionOf(template, version));
    return [...new Set(asked)];
  }
  const [min, max] = [Number(MinVersion ?? 0), Number(MaxVersion ?? Infinity)];
  return template.versions.filter(({ number }) => number >= min && number <= max).reverse();
}
