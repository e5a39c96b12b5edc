# What rings, in the order of the dashboard.
locals {
  of_balancer = { LoadBalancer = aws_lb.this.arn_suffix }
  of_targets  = merge(local.of_balancer, { TargetGroup = aws_lb_target_group.this.arn_suffix })
  of_group    = { AutoScalingGroupName = aws_autoscaling_group.app.name }
  cache_nodes = sort(aws_elasticache_replication_group.this.member_clusters)

  servers = [
    { what = "database", says = "The database", id = aws_db_instance.primary.identifier },
    { what = "replica-1", says = "Read replica 1", id = aws_db_instance.replica["1"].identifier },
    { what = "replica-2", says = "Read replica 2", id = aws_db_instance.replica["2"].identifier },
  ]

  alarm_rows = concat(
    local.request_rows,
    flatten([for server in local.servers : [for row in local.server_rows : {
      what      = "${server.what}-${row.what}"
      says      = "${server.says} ${row.says}"
      threshold = row.threshold
      minutes   = row.minutes
      below     = row.what == "storage"
      metrics   = [{ namespace = "AWS/RDS", name = row.name, stat = row.stat, dimensions = { DBInstanceIdentifier = server.id } }]
    } if row.what != "lag" || server.what != "database"]]),
    local.cache_rows,
    [for what, queue in aws_sqs_queue.failed : {
      what      = "failed-${what}"
      says      = "Messages of topic ${what} could not be handled"
      threshold = 1
      minutes   = 1
      missing   = "notBreaching"
      metrics   = [{ namespace = "AWS/SQS", name = "ApproximateNumberOfMessagesVisible", stat = "Maximum", dimensions = { QueueName = queue.name } }]
    }],
    [merge(local.certificate_row, {
      what    = "certificate"
      says    = "The certificate of the store ${local.certificate_row.says}"
      metrics = [{ namespace = "AWS/CertificateManager", name = "DaysToExpiry", stat = "Minimum", dimensions = { CertificateArn = aws_acm_certificate.this.arn } }]
    })],
  )

  certificate_row = {
    says      = "is about to end: see how its renewal goes"
    threshold = 21
    minutes   = 1
    period    = 86400
    below     = true
    missing   = "ignore"
  }

  request_rows = [
    {
      what       = "server-errors"
      says       = "Too many requests fail on our side"
      threshold  = 2
      minutes    = 5
      late       = 2
      missing    = "notBreaching"
      expression = "IF(FILL(target, 0) + FILL(own, 0) < 5, 0, 100 * (FILL(target, 0) + FILL(own, 0)) / (FILL(requests, 0) + FILL(own, 0)))"
      metrics = [
        { id = "target", namespace = "AWS/ApplicationELB", name = "HTTPCode_Target_5XX_Count", stat = "Sum", dimensions = local.of_balancer },
        { id = "own", namespace = "AWS/ApplicationELB", name = "HTTPCode_ELB_5XX_Count", stat = "Sum", dimensions = local.of_balancer },
        { id = "requests", namespace = "AWS/ApplicationELB", name = "RequestCount", stat = "Sum", dimensions = local.of_balancer },
      ]
    },
    {
      what        = "latency"
      says        = "The slowest twentieth of requests takes too long"
      threshold   = 0.8
      minutes     = 10
      missing     = "notBreaching"
      few_samples = "ignore"
      metrics     = [{ namespace = "AWS/ApplicationELB", name = "TargetResponseTime", stat = "p95", dimensions = local.of_balancer }]
    },
    {
      what      = "unhealthy-hosts"
      says      = "Instances do not answer well"
      threshold = 1
      minutes   = 10
      missing   = "notBreaching"
      metrics   = [{ namespace = "AWS/ApplicationELB", name = "UnHealthyHostCount", stat = "Maximum", dimensions = local.of_targets }]
    },
    {
      what       = "group-full"
      says       = "The store cannot scale much further: raise compute.scaling.max"
      threshold  = 90
      minutes    = 15
      expression = "100 * serving / most"
      metrics = [
        { id = "serving", namespace = "AWS/AutoScaling", name = "GroupInServiceInstances", stat = "Maximum", dimensions = local.of_group },
        { id = "most", namespace = "AWS/AutoScaling", name = "GroupMaxSize", stat = "Maximum", dimensions = local.of_group },
      ]
    },
  ]

  server_rows = [
    { what = "cpu", says = "is too busy", name = "CPUUtilization", stat = "Average", threshold = 90, minutes = 15 },
    { what = "storage", says = "is running out of storage", name = "FreeStorageSpace", stat = "Minimum", threshold = 5368709120, minutes = 5 },
    { what = "connections", says = "has too many connections", name = "DatabaseConnections", stat = "Maximum", threshold = 300, minutes = 5 },
    { what = "lag", says = "is too far behind the database, or follows it no more", name = "ReplicaLag", stat = "Maximum", threshold = 60, minutes = 10 },
  ]

  # Of the nodes the worst.
  cache_rows = [for row in [
    { what = "cache-memory", says = "The cache is running out of memory", name = "DatabaseMemoryUsagePercentage", stat = "Maximum", threshold = 90 },
    { what = "cache-evictions", says = "The cache drops keys to make room", name = "Evictions", stat = "Sum", threshold = 1000 },
    ] : {
    what       = row.what
    says       = row.says
    threshold  = row.threshold
    minutes    = 15
    expression = "MAX([node1, node2])"
    metrics = [for at, node in local.cache_nodes :
      { id = "node${at + 1}", namespace = "AWS/ElastiCache", name = row.name, stat = row.stat, dimensions = { CacheClusterId = node } }
    ]
  }]

  edge_alarm_rows = [
    {
      what      = "cdn-errors"
      says      = "The CDN answers too many requests with a server error"
      threshold = 5
      minutes   = 5
      missing   = "notBreaching"
      metrics   = [{ namespace = "AWS/CloudFront", name = "5xxErrorRate", stat = "Average", dimensions = { DistributionId = aws_cloudfront_distribution.this.id, Region = "Global" } }]
    },
    merge(local.certificate_row, {
      what    = "edge-certificate"
      says    = "The certificate of the CDN ${local.certificate_row.says}"
      metrics = [{ namespace = "AWS/CertificateManager", name = "DaysToExpiry", stat = "Minimum", dimensions = { CertificateArn = aws_acm_certificate.edge.arn } }]
    }),
    {
      what      = "unreachable"
      says      = "The store cannot be reached from around the world"
      threshold = 1
      minutes   = 3
      below     = true
      metrics   = [{ namespace = "AWS/Route53", name = "HealthCheckStatus", stat = "Minimum", dimensions = { HealthCheckId = aws_route53_health_check.this.id } }]
    },
  ]
}
