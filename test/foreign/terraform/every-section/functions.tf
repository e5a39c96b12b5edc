locals {
  # On what they are called, and what the archive or the image of each is told.
  functions = {
    orders = { image = null, key = "on-order.zip", handler = "index.handler", runtime = "nodejs22.x", memory = 256, seconds = 30, days = 30 }
    stock = {
      image = "${local.account}.dkr.ecr.${local.region}.amazonaws.com/on-stock:1.4.0"
      key   = null, handler = null, runtime = null, memory = 512, seconds = 60, days = 90
    }
  }
}

resource "aws_cloudwatch_log_group" "function" {
  for_each          = local.functions
  name              = "${local.path}/functions/${each.key}"
  retention_in_days = each.value.days
  tags              = local.tags
}

# Where messages go that a function could not handle.
resource "aws_sqs_queue" "failed" {
  for_each                  = local.functions
  name                      = local.names["failed_${each.key}"]
  message_retention_seconds = 1209600
  sqs_managed_sse_enabled   = true
  tags                      = local.tags
}

resource "aws_sqs_queue_policy" "failed" {
  for_each  = aws_sqs_queue.failed
  queue_url = each.value.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid       = "OwnAccount"
        Effect    = "Allow"
        Principal = { AWS = "arn:aws:iam::${local.account}:root" }
        Action    = "sqs:*"
        Resource  = each.value.arn
      },
      {
        Sid       = "UndeliveredMessages"
        Effect    = "Allow"
        Principal = { Service = "sns.amazonaws.com" }
        Action    = "sqs:SendMessage"
        Resource  = each.value.arn
        Condition = { ArnEquals = { "aws:SourceArn" = aws_sns_topic.this[each.key].arn } }
      },
      {
        Sid       = "TlsOnly"
        Effect    = "Deny"
        Principal = "*"
        Action    = "sqs:*"
        Resource  = each.value.arn
        Condition = { Bool = { "aws:SecureTransport" = "false" } }
      },
    ]
  })
}

resource "aws_iam_role" "function" {
  for_each    = local.functions
  name        = local.names["function_role_${each.key}"]
  path        = var.iam_path
  description = "Function on ${each.key} of store ${var.namespace}/${var.name}"
  tags        = local.tags
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Principal = { Service = "lambda.amazonaws.com" }, Action = "sts:AssumeRole" }]
  })
}

resource "aws_iam_role_policy" "function_logs" {
  for_each = aws_iam_role.function
  name     = "own-logs"
  role     = each.value.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect   = "Allow"
      Action   = ["logs:CreateLogStream", "logs:PutLogEvents"]
      Resource = [aws_cloudwatch_log_group.function[each.key].arn, "${aws_cloudwatch_log_group.function[each.key].arn}:*"]
    }]
  })
}

resource "aws_iam_role_policy" "function_failed" {
  for_each = aws_iam_role.function
  name     = "failed-messages"
  role     = each.value.id
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = ["sqs:SendMessage"], Resource = [aws_sqs_queue.failed[each.key].arn] }]
  })
}

resource "aws_lambda_function" "this" {
  for_each      = local.functions
  function_name = local.names["function_${each.key}"]
  package_type  = each.value.image == null ? "Zip" : "Image"
  image_uri     = each.value.image
  s3_bucket     = each.value.image == null ? "example-code" : null
  s3_key        = each.value.key
  handler       = each.value.handler
  runtime       = each.value.runtime
  memory_size   = each.value.memory
  timeout       = each.value.seconds
  role          = aws_iam_role.function[each.key].arn
  tags          = local.tags
  depends_on    = [aws_iam_role_policy.function_logs, aws_iam_role_policy.function_failed]

  logging_config {
    log_format = "JSON"
    log_group  = aws_cloudwatch_log_group.function[each.key].name
  }

  dead_letter_config {
    target_arn = aws_sqs_queue.failed[each.key].arn
  }
}

resource "aws_lambda_permission" "topic" {
  for_each      = aws_lambda_function.this
  statement_id  = local.names["permission_${each.key}"]
  action        = "lambda:InvokeFunction"
  function_name = each.value.function_name
  principal     = "sns.amazonaws.com"
  source_arn    = aws_sns_topic.this[each.key].arn
}
