resource "aws_iam_role" "app" {
  name        = local.names.app_role
  path        = var.iam_path
  description = "Instances of store ${var.namespace}/${var.name}"
  tags        = local.tags
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Principal = { Service = "ec2.amazonaws.com" }, Action = "sts:AssumeRole" }]
  })
}

locals {
  parameters_arn = "arn:aws:ssm:${local.region}:${local.account}:parameter${local.path}"
  app_policies = merge({
    own-parameters = {
      Action   = ["ssm:GetParameter", "ssm:GetParameters", "ssm:GetParametersByPath"]
      Resource = [local.parameters_arn, "${local.parameters_arn}/*"]
    }
    own-logs = {
      Action   = ["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"]
      Resource = [aws_cloudwatch_log_group.app.arn, "${aws_cloudwatch_log_group.app.arn}:*"]
    }
    own-secrets = {
      Action   = ["secretsmanager:GetSecretValue"]
      Resource = ["arn:aws:secretsmanager:${local.region}:${local.account}:secret:ecom/${var.namespace}/${var.name}/*"]
    }
    session-manager = {
      Action = [
        "ssm:UpdateInstanceInformation",
        "ssmmessages:CreateControlChannel",
        "ssmmessages:CreateDataChannel",
        "ssmmessages:OpenControlChannel",
        "ssmmessages:OpenDataChannel",
      ]
      Resource = ["*"]
    }
  }, local.section_policies)
}

resource "aws_iam_role_policy" "app" {
  for_each = local.app_policies
  name     = each.key
  role     = aws_iam_role.app.id
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [merge({ Effect = "Allow" }, each.value)]
  })
}

resource "aws_iam_instance_profile" "app" {
  name = local.names.profile
  path = var.iam_path
  role = aws_iam_role.app.name
  tags = local.tags
}
