import { z } from 'zod';
import { text, whole } from './words.ts';

/** Security policies that offer nothing below TLS 1.2 (ELB.17 and the guide's table of protocols by policy). */
export const tlsPolicies = [
  'ELBSecurityPolicy-TLS13-1-2-2021-06',
  'ELBSecurityPolicy-TLS13-1-2-Res-2021-06',
  'ELBSecurityPolicy-TLS13-1-3-2021-06',
  'ELBSecurityPolicy-TLS13-1-2-FIPS-2023-04',
  'ELBSecurityPolicy-TLS13-1-2-Res-FIPS-2023-04',
  'ELBSecurityPolicy-TLS13-1-3-FIPS-2023-04',
  'ELBSecurityPolicy-FS-1-2-Res-2020-10',
  'ELBSecurityPolicy-TLS-1-2-2017-01',
] as const;

/** The load balancer: the only part of a store that the internet reaches. */
export const loadBalancer = z
  .strictObject({
    stickiness: z
      .strictObject({
        enabled: z
          .boolean()
          .default(true)
          .describe("Whether a client stays with its instance, by the load balancer's cookie."),
        durationSeconds: whole('How long the cookie lives.', 1, 604800).default(86400),
      })
      .prefault({})
      .describe('Whether and how long a client stays with one instance.'),
    idleTimeoutSeconds: whole('How long a connection without traffic stays open.', 1, 4000).default(60),
    deregistrationDelaySeconds: whole('How long an instance that leaves may finish its requests.', 0, 3600).default(60),
    deletionProtection: z
      .boolean()
      .default(true)
      .describe('Whether AWS refuses to delete the load balancer. The operator lifts it when the store is deleted.'),
    tlsPolicy: z
      .enum(tlsPolicies)
      .default('ELBSecurityPolicy-TLS13-1-2-2021-06')
      .describe('The TLS versions and ciphers on offer: none older than TLS 1.2.'),
    accessLogs: z
      .strictObject({
        bucket: text("An S3 bucket in the store's region whose policy lets Elastic Load Balancing write.", {
          max: 63,
          min: 3,
          pattern: '^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$',
          meaning: 'the name of an S3 bucket: lower-case letters, digits, dots and dashes',
          example: 'acme-access-logs',
        }),
        prefix: text('The folder in the bucket, without slashes at its ends.', {
          max: 255,
          min: 1,
          pattern: "^[A-Za-z0-9_.!*'()-]+(/[A-Za-z0-9_.!*'()-]+)*$",
          example: 'shops/acme',
        }).optional(),
      })
      .optional()
      .describe('Where access logs go. Left out: none are written.'),
  })
  .prefault({})
  .describe('The load balancer: the only part of a store that the internet reaches.');
