resource "aws_elasticache_subnet_group" "this" {
  name        = local.names.cache_subnet_group
  description = "Cache of store ${var.namespace}/${var.name}"
  subnet_ids  = [for subnet in aws_subnet.data : subnet.id]
  tags        = local.tags
}

resource "aws_elasticache_parameter_group" "this" {
  name        = local.names.cache_parameters
  family      = "valkey8"
  description = "Cache of store ${var.namespace}/${var.name}"
  tags        = local.tags
}

resource "aws_elasticache_user" "this" {
  user_id       = local.names.cache_user
  user_name     = local.names.cache_user
  engine        = "valkey"
  access_string = "on ~* &* +@all -@admin"
  tags          = local.tags

  authentication_mode {
    type = "iam"
  }
}

resource "aws_elasticache_user_group" "this" {
  user_group_id = local.names.cache_users
  engine        = "valkey"
  user_ids      = [aws_elasticache_user.this.user_id]
  tags          = local.tags
}

resource "aws_elasticache_replication_group" "this" {
  replication_group_id       = local.names.cache_group
  description                = "Cache of store ${var.namespace}/${var.name}"
  engine                     = "valkey"
  engine_version             = "8.0"
  node_type                  = "cache.t4g.small"
  num_cache_clusters         = 2
  port                       = 6379
  automatic_failover_enabled = true
  multi_az_enabled           = true
  at_rest_encryption_enabled = true
  transit_encryption_enabled = true
  transit_encryption_mode    = "required"
  auto_minor_version_upgrade = true
  snapshot_retention_limit   = 1
  subnet_group_name          = aws_elasticache_subnet_group.this.name
  parameter_group_name       = aws_elasticache_parameter_group.this.name
  security_group_ids         = [aws_security_group.data.id]
  user_group_ids             = [aws_elasticache_user_group.this.user_group_id]
  tags                       = local.tags
}

locals {
  cache_parameters = {
    "cache/engine"      = { value = aws_elasticache_replication_group.this.engine, why = "Engine of the cache" }
    "cache/name"        = { value = aws_elasticache_replication_group.this.id, why = "Name of the cache: tokens of IAM are signed for it" }
    "cache/host"        = { value = aws_elasticache_replication_group.this.primary_endpoint_address, why = "Host of the cache that takes writes" }
    "cache/reader-host" = { value = aws_elasticache_replication_group.this.reader_endpoint_address, why = "Host that spreads reads over the replicas of the cache" }
    "cache/port"        = { value = tostring(aws_elasticache_replication_group.this.port), why = "Port of the cache" }
    "cache/user"        = { value = aws_elasticache_user.this.user_name, why = "User of the application in the cache" }
  }
}
