/** What one attribute is at birth, and which values AWS takes for it. */
interface Attribute {
  readonly born: string;
  takes(value: string): boolean;
}

type Attributes = Readonly<Record<string, Attribute>>;

const oneOf = (born: string, ...others: string[]): Attribute => ({
  born,
  takes: (value) => value === born || others.includes(value),
});
const flag = (born: boolean): Attribute => oneOf(String(born), String(!born));
const text = (born = ''): Attribute => ({ born, takes: () => true });
const whole = (born: number, min: number, max: number, ...others: string[]): Attribute => ({
  born: String(born),
  takes: (value) => others.includes(value) || (/^\d+$/.test(value) && Number(value) >= min && Number(value) <= max),
});
const percentage: Attribute = {
  born: 'off',
  takes: (value) => value === 'off' || (/^\d+$/.test(value) && Number(value) >= 1 && Number(value) <= 100),
};
const prefixed = (prefix: string, attributes: Attributes): Attributes =>
  Object.fromEntries(Object.entries(attributes).map(([key, attribute]) => [`${prefix}.${key}`, attribute]));
const logs: Attributes = { 's3.enabled': flag(false), 's3.bucket': text(), 's3.prefix': text() };

/**
 * https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_LoadBalancerAttribute.html, without the
 * health check logs: AWS's model has room for twenty attributes in an answer.
 */
export const loadBalancerAttributes: Attributes = {
  ...prefixed('access_logs', logs),
  ...prefixed('connection_logs', logs),
  'idle_timeout.timeout_seconds': whole(60, 1, 4000),
  'client_keep_alive.seconds': whole(3600, 60, 604_800),
  'deletion_protection.enabled': flag(false),
  'load_balancing.cross_zone.enabled': oneOf('true'),
  'routing.http2.enabled': flag(true),
  'routing.http.drop_invalid_header_fields.enabled': flag(false),
  'routing.http.xff_client_port.enabled': flag(false),
  'routing.http.xff_header_processing.mode': oneOf('append', 'preserve', 'remove'),
  'routing.http.preserve_host_header.enabled': flag(false),
  'routing.http.desync_mitigation_mode': oneOf('defensive', 'monitor', 'strictest'),
  'routing.http.x_amzn_tls_version_and_cipher_suite.enabled': flag(false),
  'waf.fail_open.enabled': flag(false),
  'zonal_shift.config.enabled': flag(false),
  'ipv6.deny_all_igw_traffic': flag(false),
};

/** https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_TargetGroupAttribute.html */
export const targetGroupAttributes: Attributes = {
  'deregistration_delay.timeout_seconds': whole(300, 0, 3600),
  'stickiness.enabled': flag(false),
  'stickiness.type': oneOf('lb_cookie', 'app_cookie'),
  'stickiness.lb_cookie.duration_seconds': whole(86_400, 1, 604_800),
  'stickiness.app_cookie.duration_seconds': whole(86_400, 1, 604_800),
  'stickiness.app_cookie.cookie_name': { born: '', takes: (value) => !value.startsWith('AWSALB') },
  'slow_start.duration_seconds': whole(0, 30, 900, '0'),
  'load_balancing.algorithm.type': oneOf('round_robin', 'least_outstanding_requests', 'weighted_random'),
  'load_balancing.algorithm.anomaly_mitigation': oneOf('off', 'on'),
  'load_balancing.cross_zone.enabled': oneOf('use_load_balancer_configuration', 'true', 'false'),
  'target_group_health.dns_failover.minimum_healthy_targets.count': whole(1, 1, 1000, 'off'),
  'target_group_health.dns_failover.minimum_healthy_targets.percentage': percentage,
  'target_group_health.unhealthy_state_routing.minimum_healthy_targets.count': whole(1, 1, 1000),
  'target_group_health.unhealthy_state_routing.minimum_healthy_targets.percentage': percentage,
};

const clientCertificate = ['_serial_number', '_issuer', '_subject', '_validity', '_leaf', ''];
const responseHeaders = [
  'strict_transport_security',
  'access_control_allow_origin',
  'access_control_allow_methods',
  'access_control_allow_headers',
  'access_control_allow_credentials',
  'access_control_expose_headers',
  'access_control_max_age',
  'content_security_policy',
  'x_content_type_options',
  'x_frame_options',
];

/** https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_ListenerAttribute.html */
export const listenerAttributes = (protocol: string): Attributes => ({
  'routing.http.response.server.enabled': flag(true),
  ...Object.fromEntries(responseHeaders.map((name) => [`routing.http.response.${name}.header_value`, text()])),
  ...(protocol === 'HTTPS'
    ? {
        ...Object.fromEntries(
          clientCertificate.map((part) => [
            `routing.http.request.x_amzn_mtls_clientcert${part}.header_name`,
            text(`X-Amzn-Mtls-Clientcert${part.replace(/_(\w)/g, (_, letter: string) => `-${letter.toUpperCase()}`)}`),
          ]),
        ),
        'routing.http.request.x_amzn_tls_version.header_name': text('X-Amzn-Tls-Version'),
        'routing.http.request.x_amzn_tls_cipher_suite.header_name': text('X-Amzn-Tls-Cipher-Suite'),
      }
    : {}),
});

/** The values that a new load balancer, target group or listener has. */
export const bornWith = (attributes: Attributes): Record<string, string> =>
  Object.fromEntries(Object.entries(attributes).map(([key, { born }]) => [key, born]));

/** Why AWS refuses to set this attribute, or undefined when it takes it. */
export function objection(what: string, attributes: Attributes, key: string, value: string): string | undefined {
  const attribute = attributes[key];
  if (!attribute) return `${what} attribute key '${key}' is not recognized`;
  return attribute.takes(value) ? undefined : `'${value}' is not a valid value for attribute '${key}'`;
}
