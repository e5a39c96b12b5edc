resource "aws_cloudwatch_log_group" "flow" {
  name              = "${local.path}/flow"
  retention_in_days = var.retention_days
  tags              = local.tags
}

resource "aws_iam_role" "flow" {
  name        = local.names.flow_role
  path        = var.iam_path
  description = "Writes the flow log of store ${var.namespace}/${var.name}"
  tags        = local.tags
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Principal = { Service = "vpc-flow-logs.amazonaws.com" }, Action = "sts:AssumeRole" }]
  })
}

resource "aws_iam_role_policy" "flow" {
  name = "write-flow-log"
  role = aws_iam_role.flow.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect   = "Allow"
        Action   = ["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"]
        Resource = [aws_cloudwatch_log_group.flow.arn, "${aws_cloudwatch_log_group.flow.arn}:*"]
      },
      { Effect = "Allow", Action = ["logs:DescribeLogGroups"], Resource = "*" },
    ]
  })
}

resource "aws_flow_log" "this" {
  vpc_id = aws_vpc.this.id
  # By name, as the operator says it: EC2 tells a flow log as it was asked for, and another word for it is another flow log.
  log_group_name = aws_cloudwatch_log_group.flow.name
  iam_role_arn   = aws_iam_role.flow.arn
  traffic_type   = "ALL"
  tags           = local.tags
  depends_on     = [aws_iam_role_policy.flow]
}
