resource "aws_route53_health_check" "this" {
  type              = "HTTPS"
  fqdn              = var.host
  port              = 443
  resource_path     = "/healthz"
  request_interval  = 30
  failure_threshold = 3
  enable_sni        = true
}

resource "aws_cloudwatch_metric_alarm" "evictions" {
  alarm_name          = "${var.name}-evictions"
  namespace           = "AWS/ElastiCache"
  metric_name         = "Evictions"
  statistic           = "Sum"
  period              = 300
  evaluation_periods  = 3
  comparison_operator = "GreaterThanThreshold"
  threshold           = 100
  treat_missing_data  = "notBreaching"
  alarm_actions       = [aws_sns_topic.orders.arn]
  dimensions          = { CacheClusterId = "${var.name}-001" }
}

resource "aws_cloudwatch_dashboard" "this" {
  dashboard_name = var.name
  dashboard_body = jsonencode({
    widgets = [{
      type   = "metric"
      x      = 0
      y      = 0
      width  = 12
      height = 6
      properties = {
        region  = "eu-central-1"
        title   = "Evictions"
        metrics = [["AWS/ElastiCache", "Evictions", "CacheClusterId", "${var.name}-001"]]
      }
    }]
  })
}
