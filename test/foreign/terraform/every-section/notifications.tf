locals {
  # By what they tell of, their display names.
  topics = { alerts = "${var.name} alerts", orders = "Herald orders", stock = "${var.name} stock" }

  subscriptions = {
    "orders/email"  = "orders@example.com"
    "orders/sqs"    = "arn:aws:sqs:${local.region}:${local.account}:warehouse"
    "orders/lambda" = aws_lambda_function.this["orders"].arn
    "stock/lambda"  = aws_lambda_function.this["stock"].arn
    "alerts/sms"    = "+4915112345678"
    "alerts/https"  = "https://pager.example.com/herald"
    "alerts/lambda" = "arn:aws:lambda:${local.region}:${local.account}:function:pager"
  }

  notification_parameters = {
    for what, topic in aws_sns_topic.this :
    "notifications/${what}/arn" => { value = topic.arn, why = "ARN of the topic ${what}" }
  }
}

resource "aws_sns_topic" "this" {
  for_each          = local.topics
  name              = local.names["topic_${each.key}"]
  display_name      = each.value
  kms_master_key_id = "alias/aws/sns"
  signature_version = 2
  tags              = local.tags
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
        Resource = "arn:aws:sns:${local.region}:${local.account}:${local.names["topic_${each.key}"]}"
      },
      {
        Sid       = "TlsOnly"
        Effect    = "Deny"
        Principal = "*"
        Action    = "sns:Publish"
        Resource  = "arn:aws:sns:${local.region}:${local.account}:${local.names["topic_${each.key}"]}"
        Condition = { Bool = { "aws:SecureTransport" = "false" } }
      },
    ]
  })
}

resource "aws_sns_topic_subscription" "this" {
  for_each   = local.subscriptions
  topic_arn  = aws_sns_topic.this[split("/", each.key)[0]].arn
  protocol   = split("/", each.key)[1]
  endpoint   = each.value
  depends_on = [aws_lambda_permission.topic]
  # A function that is made with the store has a queue for what SNS could not deliver, too.
  redrive_policy = (
    split("/", each.key)[1] == "lambda" && contains(keys(local.functions), split("/", each.key)[0])
    ? jsonencode({ deadLetterTargetArn = aws_sqs_queue.failed[split("/", each.key)[0]].arn })
    : null
  )
}
