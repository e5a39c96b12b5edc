import { z } from 'zod';
import { cache } from './cache.ts';
import { cdn } from './cdn.ts';
import { compute } from './compute.ts';
import { content } from './content.ts';
import { database } from './database.ts';
import { domain } from './domain.ts';
import { identity } from './identity.ts';
import { loadBalancer } from './load-balancer.ts';
import { monitoring } from './monitoring.ts';
import { network } from './network.ts';
import { notifications } from './notifications.ts';
import { policy } from './policy.ts';
import { status } from './status.ts';
import { rule, text, withRules } from './words.ts';

/**
 * Names that AWS gives to regions of the standard partition. Which of them exist, `regions.ts` tells: an enumeration here
 * would leave a store that names another one, and was accepted before, unable to be changed or let go.
 */
export const regionPattern =
  '^(af|ap|ca|eu|il|me|mx|sa|us)-(central|north|south|east|west|northeast|northwest|southeast|southwest)-[0-9]$';

const region = withRules(
  text('The AWS region, of the standard partition. Cannot change.', {
    max: 20,
    pattern: regionPattern,
    meaning: 'a region of the standard partition',
    example: 'eu-central-1',
  }),
  [
    rule('self == oldSelf', {
      wrong: 'region cannot change while the store lives',
      remedy: 'make another store there, and move the host name over when it is ready',
      reason: 'FieldValueForbidden',
    }),
  ],
);

/**
 * What CloudFront keeps is told to everybody, and asked for once: no path of it may need a sign-in. Patterns are compared
 * by what stands before their first wildcard, so a few that never meet are refused too.
 */
const keptPrefix = "path.split('*')[0].split('?')[0]";
const isKeptFromNobody = `self.identity.protectedPaths.all(guarded, !guarded.startsWith(${keptPrefix}) && !(guarded.endsWith('*') && path.startsWith(guarded.split('*')[0])))`;

/**
 * Where people come back with the code that signs them in, for which the load balancer asks.
 * https://docs.aws.amazon.com/elasticloadbalancing/latest/application/listener-authenticate-users.html
 */
const keepsNoCode = `size(self.identity.protectedPaths) == 0 || !'/oauth2/idpresponse'.startsWith(${keptPrefix})`;

/** "Array Members: Maximum number of 100 items": https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_CreateUserPoolClient.html */
const atMost100 = '!has(self.identity) || (1 + size(self.domain.aliases)) * size(self.identity.signOutPaths) <= 100';

/**
 * Who asks a load balancer by TLS 1.2 at most: CloudFront, and Route 53's health checks where there is no CDN.
 * https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_OriginSslProtocols.html and
 * https://docs.aws.amazon.com/Route53/latest/APIReference/API_HealthCheckConfig.html
 */
const isAskedByOlderTls = 'has(self.cdn) || has(self.monitoring) && self.monitoring.healthCheck.enabled';

/** What a user says of a store. A section is here once it is composed. */
const spec = withRules(
  z
    .strictObject({
      region,
      domain,
      network,
      compute,
      loadBalancer,
      database: database.optional(),
      cache: cache.optional(),
      content: content.optional(),
      cdn: cdn.optional(),
      identity,
      notifications: notifications.optional(),
      monitoring: monitoring.optional(),
      policy,
    })
    .describe('What the store is to be. The operator makes AWS match it.'),
  [
    rule(
      "!has(self.domain.certificateArn) || self.domain.certificateArn.startsWith('arn:aws:acm:' + self.region + ':')",
      {
        wrong: 'the certificate lives in another region than the store',
        remedy: "give a certificate of the store's region, or leave certificateArn out",
        at: '.domain.certificateArn',
      },
    ),
    rule("!has(self.identity) || !has(self.identity.adopt) || self.identity.adopt.startsWith(self.region + '_')", {
      wrong: 'the user pool to adopt lives in another region than the store',
      remedy: "give the id of a pool in the store's region, or leave adopt out",
      at: '.identity.adopt',
    }),
    rule(`!has(self.cdn) || !has(self.identity) || self.cdn.staticPaths.all(path, ${isKeptFromNobody})`, {
      wrong: 'a static path covers a protected one: CloudFront would show it to everybody, signed in or not',
      remedy: 'leave the path out of cdn.staticPaths or out of identity.protectedPaths',
      at: '.cdn.staticPaths',
    }),
    rule(`!has(self.cdn) || !has(self.identity) || self.cdn.staticPaths.all(path, ${keepsNoCode})`, {
      wrong:
        'a static path covers /oauth2/idpresponse: CloudFront would keep the code that signs people in from the store',
      remedy: 'leave the path out of cdn.staticPaths',
      at: '.cdn.staticPaths',
    }),
    // S3 answers a request for the root of a bucket with the list of its keys.
    // https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/DefaultRootObject.html
    rule("!has(self.cdn) || !has(self.content) || self.cdn.staticPaths.all(path, !path.matches('^/[*]+$'))", {
      wrong:
        'a static path covers the front page: CloudFront would show the names of all that lies in the bucket there',
      remedy: 'give the paths of what is in the bucket, as /static/*',
      at: '.cdn.staticPaths',
    }),
    rule(atMost100, {
      wrong:
        'people could be sent to more than 100 URLs after they have signed out, which is more than Cognito takes: each host and alias has all of signOutPaths',
      remedy: 'leave out signOutPaths or domain.aliases',
      at: '.identity.signOutPaths',
    }),
    rule("!has(self.cdn) || !has(self.identity) || self.network.nat != 'none' || has(self.network.existing)", {
      wrong:
        'with a CDN the load balancer is inside the network, and without NAT it does not reach Cognito for sign-in',
      remedy: 'set network.nat to single or perZone, or leave out identity',
      at: '.network.nat',
    }),
    rule(
      "!has(self.notifications) || !has(self.notifications.kmsKeyArn) || self.notifications.kmsKeyArn.startsWith('arn:aws:kms:' + self.region + ':')",
      {
        wrong: 'the key of the messages lives in another region than the store',
        remedy: "give a key of the store's region, or leave kmsKeyArn out",
        at: '.notifications.kmsKeyArn',
      },
    ),
    rule(
      "!has(self.monitoring) || !has(self.monitoring.notify.topicArn) || self.monitoring.notify.topicArn.startsWith('arn:aws:sns:' + self.region + ':')",
      {
        wrong: 'the topic lives in another region than the store, where its alarms do not reach it',
        remedy: "give a topic of the store's region",
        at: '.monitoring.notify.topicArn',
      },
    ),
    rule(
      "!has(self.monitoring) || !has(self.monitoring.notify.topicArn) || has(self.monitoring.notify.usEast1TopicArn) || self.region == 'us-east-1' || size(self.monitoring.notify.emails) > 0 || (!self.monitoring.healthCheck.enabled && !has(self.cdn))",
      {
        wrong: 'alarms of the health check and of the CDN live in us-east-1, where they do not reach the topic',
        remedy: 'give a topic of us-east-1 as usEast1TopicArn, or emails, or turn the health check off',
        at: '.monitoring.notify.usEast1TopicArn',
        reason: 'FieldValueRequired',
      },
    ),
    rule(`!self.loadBalancer.tlsPolicy.startsWith('ELBSecurityPolicy-TLS13-1-3-') || !(${isAskedByOlderTls})`, {
      wrong: 'the policy offers TLS 1.3 alone, and CloudFront and the health checks of Route 53 ask by TLS 1.2 at most',
      remedy: 'choose a policy that offers TLS 1.2 too, or leave out cdn and turn monitoring.healthCheck off',
      at: '.loadBalancer.tlsPolicy',
    }),
    rule("self.region != 'us-east-1' || !has(self.monitoring) || !has(self.monitoring.notify.usEast1TopicArn)", {
      wrong: 'the store is in us-east-1 itself, so it has one topic only',
      remedy: 'give it as topicArn',
      at: '.monitoring.notify.usEast1TopicArn',
      reason: 'FieldValueForbidden',
    }),
    rule('!has(self.network.zoneNames) || self.network.zoneNames.all(zone, zone.startsWith(self.region))', {
      wrong: 'a zone of zoneNames is not in the region of the store',
      remedy: 'name zones of the region, as eu-central-1a in eu-central-1',
      at: '.network.zoneNames',
    }),
  ],
);

const metadata = z.object({
  name: text('The name of the store: the AWS names of its resources begin with it.', {
    max: 40,
    pattern: '^[a-z0-9]([a-z0-9-]*[a-z0-9])?$',
    meaning: 'made of lower-case letters, digits, and dashes between them',
    example: 'acme',
  }),
});

/** The one source of what an EcomStore is: the CRD is generated from it, the types are inferred from it. */
export const ecomStore = z
  .strictObject({ metadata, spec, status })
  .describe(
    'One e-commerce store on AWS: the operator makes AWS match it, keeps it matching, and takes it down safely.',
  );

/** The CRD's schema as zod sees it, for type inference. */
export type SpecSchema = typeof spec;
export type StatusSchema = typeof status;
