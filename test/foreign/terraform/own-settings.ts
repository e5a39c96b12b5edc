const behaviour = 'how Terraform itself goes about it; AWS keeps nothing of it';

/** What an import shows as different although AWS has it as the configuration does: by type and attribute, why. */
export const terraformsOwn: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  aws_autoscaling_group: {
    force_delete: behaviour,
    force_delete_warm_pool: behaviour,
    ignore_failed_scaling_activities: behaviour,
    min_elb_capacity: behaviour,
    wait_for_capacity_timeout: behaviour,
    instance_refresh: 'is started by the one who changes the group, and is no part of it',
    'capacity_reservation_specification.0.capacity_reservation_preference': 'nothing, said as null and as ""',
    'launch_template.0.version': 'unknown with the version of the launch template',
  },
  aws_cloudfront_origin_access_control: {
    description: 'it has no tags: the operator says there whose it is',
  },
  aws_cloudfront_vpc_origin: { etag: 'called unknown because tags change' },
  aws_db_instance: {
    apply_immediately: behaviour,
    engine_version: 'an import takes the version that RDS chose for the one that was asked for',
    password: 'RDS tells nobody: an import finds none',
  },
  aws_db_parameter_group: {
    parameter: 'one that the engine has anyway is told as set by nobody, and an import finds none',
  },
  aws_elasticache_replication_group: {
    auth_token_update_strategy: behaviour,
    description: 'nobody is told its tags while it is being made: the operator says there whose it is',
  },
  aws_elasticache_user: {
    no_password_required: 'AWS tells of the way to sign in as one setting, and so does the import',
  },
  aws_lambda_function: {
    publish: behaviour,
    s3_bucket: 'AWS copies the archive and tells nobody where it was: an import finds none',
    s3_key: 'AWS copies the archive and tells nobody where it was: an import finds none',
    last_modified: 'called unknown because the archive seems to be another',
  },
  // Whatever changes of a launch template, be it a tag, Terraform expects another version.
  aws_launch_template: {
    latest_version: 'called unknown because tags change',
    description: 'of the version, which has no tags: the operator says there whose it is',
  },
  aws_secretsmanager_secret: { force_overwrite_replica_secret: behaviour, recovery_window_in_days: behaviour },
  // Its own tests pass it over: ImportStateVerifyIgnore in internal/service/elbv2/listener_test.go.
  aws_lb_listener: {
    'default_action.0.forward': 'AWS tells a single target group in two ways, and so does the import',
  },
  aws_lb_target_group: {
    lambda_multi_value_headers_enabled: 'a default for another type of targets, which AWS does not tell of this one',
    proxy_protocol_v2: 'a default for another protocol, which AWS does not tell of this one',
  },
  aws_route53_zone: {
    comment: 'whose it is until its tags are there: the operator says it in the call that makes it',
    force_destroy: behaviour,
  },
  aws_s3_bucket: { force_destroy: behaviour },
  aws_sns_topic_subscription: { confirmation_timeout_in_minutes: behaviour, endpoint_auto_confirms: behaviour },
  aws_sqs_queue: {
    max_message_size: 'AWS raised what a queue takes to 1 MiB, and this provider can say no more than 256 KiB',
  },
  aws_security_group: { revoke_rules_on_delete: behaviour },
};

/** It stands for the waiting until a certificate is issued: it is nothing in AWS, and cannot be imported. */
export const noResource = 'aws_acm_certificate_validation';

export const isTag = (attribute: string): boolean => /^(tags|tags_all|tag)(\.|$)/.test(attribute);
