# What the sections of the store say to its web tier.
locals {
  section_names = merge({
    subnet_group = var.name
    parameters   = "${var.name}-postgres16"
    primary      = var.name
    password     = "${var.name}-database"
    replica_1    = "${var.name}-replica-1"
    replica_2    = "${var.name}-replica-2"
    pool         = var.name
    client       = var.name
    sign_in      = var.name
    bucket       = "${var.name}-content-${local.account}"
    edge_access  = "${var.name}-content"
    edge_origin  = var.name
  }, local.more_names)

  section_parameters = merge(
    local.database_parameters,
    local.identity_parameters,
    local.content_parameters,
    local.cdn_parameters,
    local.more_parameters,
  )

  section_policies = merge({
    database-secret = {
      Action   = ["secretsmanager:GetSecretValue"]
      Resource = [aws_secretsmanager_secret.database.arn]
    }
    content-objects = {
      Action   = ["s3:GetObject", "s3:PutObject", "s3:DeleteObject", "s3:AbortMultipartUpload"]
      Resource = ["${aws_s3_bucket.content.arn}/*"]
    }
    content-list = {
      Action   = ["s3:ListBucket", "s3:GetBucketLocation"]
      Resource = [aws_s3_bucket.content.arn]
    }
    refresh-cdn = {
      Action   = ["cloudfront:CreateInvalidation"]
      Resource = [aws_cloudfront_distribution.this.arn]
    }
  }, local.more_policies)

  # Whether the load balancer is reached from within the VPC alone.
  inside = true

  # What the records of the host point to.
  front = {
    dns_name = aws_cloudfront_distribution.this.domain_name
    zone_id  = aws_cloudfront_distribution.this.hosted_zone_id
  }
}
