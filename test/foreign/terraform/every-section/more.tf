# What cache, messages and monitoring say to the rest of the store.
locals {
  data_ports    = ["5432", "6379"]
  group_metrics = ["GroupDesiredCapacity", "GroupInServiceInstances", "GroupMaxSize"]

  more_names = merge({
    cache_subnet_group = "${var.name}-cache"
    cache_parameters   = "${var.name}-valkey8"
    cache_user         = "${var.name}-shopper"
    cache_users        = "${var.name}-users"
    cache_group        = var.name
    alarms_topic       = "${var.name}-alarms"
    dashboard          = var.name
    },
    { for what in keys(local.topics) : "topic_${what}" => "${var.name}-${what}" },
    { for what in keys(local.functions) : "failed_${what}" => "${var.name}-failed-${what}" },
    { for what in keys(local.functions) : "function_role_${what}" => "${var.name}-on-${what}" },
    { for what in keys(local.functions) : "function_${what}" => "${var.name}-on-${what}" },
    { for what in keys(local.functions) : "permission_${what}" => "topic" },
  )

  more_parameters = merge(local.cache_parameters, local.notification_parameters)

  more_policies = {
    cache-connect = {
      Action   = ["elasticache:Connect"]
      Resource = [aws_elasticache_replication_group.this.arn, aws_elasticache_user.this.arn]
    }
    publish-messages = {
      Action   = ["sns:Publish"]
      Resource = [for topic in aws_sns_topic.this : topic.arn]
    }
  }
}
