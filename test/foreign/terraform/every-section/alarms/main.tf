data "aws_caller_identity" "this" {}

data "aws_region" "this" {}

locals {
  account   = data.aws_caller_identity.this.account_id
  topic_arn = "arn:aws:sns:${data.aws_region.this.name}:${local.account}:${var.common.topic_name}"
}

# CloudWatch cannot use AWS's own key of SNS.
resource "aws_sns_topic" "this" {
  name              = var.common.topic_name
  display_name      = var.common.topic_title
  signature_version = 2
  tags              = var.common.tags
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid       = "OwnAccount"
        Effect    = "Allow"
        Principal = { AWS = "arn:aws:iam::${local.account}:root" }
        Action = [
          "sns:Publish", "sns:Subscribe", "sns:ListSubscriptionsByTopic",
          "sns:GetTopicAttributes", "sns:SetTopicAttributes", "sns:DeleteTopic",
        ]
        Resource = local.topic_arn
      },
      {
        Sid       = "Services"
        Effect    = "Allow"
        Principal = { Service = ["cloudwatch.amazonaws.com"] }
        Action    = "sns:Publish"
        Resource  = local.topic_arn
        Condition = { StringEquals = { "aws:SourceAccount" = local.account } }
      },
      {
        Sid       = "TlsOnly"
        Effect    = "Deny"
        Principal = "*"
        Action    = "sns:Publish"
        Resource  = local.topic_arn
        Condition = { Bool = { "aws:SecureTransport" = "false" } }
      },
    ]
  })
}

resource "aws_sns_topic_subscription" "this" {
  for_each  = toset(var.common.emails)
  topic_arn = aws_sns_topic.this.arn
  protocol  = "email"
  endpoint  = each.key
}

resource "aws_cloudwatch_metric_alarm" "this" {
  for_each            = { for row in var.rows : row.what => row }
  alarm_name          = lookup(var.common.names, each.key, "${var.common.store}/${each.key}")
  alarm_description   = "${each.value.says}. ${var.common.about}"
  comparison_operator = each.value.below ? "LessThanThreshold" : "GreaterThanOrEqualToThreshold"
  threshold           = each.value.threshold
  evaluation_periods  = each.value.minutes + each.value.late
  datapoints_to_alarm = each.value.minutes
  treat_missing_data  = each.value.missing
  alarm_actions       = [aws_sns_topic.this.arn]
  ok_actions          = [aws_sns_topic.this.arn]
  tags                = var.common.tags

  evaluate_low_sample_count_percentiles = each.value.few_samples

  namespace          = each.value.expression == null ? each.value.metrics[0].namespace : null
  metric_name        = each.value.expression == null ? each.value.metrics[0].name : null
  dimensions         = each.value.expression == null ? each.value.metrics[0].dimensions : null
  period             = each.value.expression == null ? each.value.period : null
  statistic          = each.value.expression == null && !startswith(each.value.metrics[0].stat, "p") ? each.value.metrics[0].stat : null
  extended_statistic = each.value.expression == null && startswith(each.value.metrics[0].stat, "p") ? each.value.metrics[0].stat : null

  dynamic "metric_query" {
    for_each = each.value.expression == null ? [] : each.value.metrics

    content {
      id          = metric_query.value.id
      return_data = false

      metric {
        namespace   = metric_query.value.namespace
        metric_name = metric_query.value.name
        dimensions  = metric_query.value.dimensions
        period      = 60
        stat        = metric_query.value.stat
      }
    }
  }

  dynamic "metric_query" {
    for_each = each.value.expression == null ? [] : [each.value.expression]

    content {
      id          = "result"
      expression  = metric_query.value
      return_data = true
    }
  }
}
