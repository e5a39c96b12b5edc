resource "aws_db_subnet_group" "this" {
  name        = local.names.subnet_group
  description = "Databases of store ${var.namespace}/${var.name}"
  subnet_ids  = [for subnet in aws_subnet.data : subnet.id]
  tags        = local.tags
}

resource "aws_db_parameter_group" "this" {
  name        = local.names.parameters
  family      = "postgres16"
  description = "Databases of store ${var.namespace}/${var.name}"
  tags        = local.tags

  parameter {
    name  = "rds.force_ssl"
    value = "1"
  }
}

variable "database_password" {
  description = "Of the database's master user."
  type        = string
  sensitive   = true
  default     = "made-up-for-a-simulated-database"
}

# RDS makes no read replicas of a database whose password it keeps itself.
resource "aws_secretsmanager_secret" "database" {
  name                    = local.names.password
  description             = "User and password of the database of store ${var.namespace}/${var.name}"
  recovery_window_in_days = 0
  tags                    = local.tags
}

resource "aws_secretsmanager_secret_version" "database" {
  secret_id     = aws_secretsmanager_secret.database.id
  secret_string = jsonencode({ username = "shopadmin", password = var.database_password })
}

resource "aws_db_instance" "primary" {
  identifier                          = local.names.primary
  engine                              = "postgres"
  engine_version                      = "16"
  instance_class                      = "db.t4g.medium"
  db_name                             = "shop"
  username                            = "shopadmin"
  password                            = var.database_password
  db_subnet_group_name                = aws_db_subnet_group.this.name
  parameter_group_name                = aws_db_parameter_group.this.name
  vpc_security_group_ids              = [aws_security_group.data.id]
  publicly_accessible                 = false
  multi_az                            = true
  storage_type                        = "gp3"
  allocated_storage                   = 50
  max_allocated_storage               = 500
  storage_encrypted                   = true
  backup_retention_period             = 7
  copy_tags_to_snapshot               = true
  iam_database_authentication_enabled = true
  auto_minor_version_upgrade          = true
  enabled_cloudwatch_logs_exports     = ["postgresql", "upgrade"]
  deletion_protection                 = var.deletion_protection
  skip_final_snapshot                 = true
  tags                                = local.tags
}

resource "aws_db_instance" "replica" {
  for_each                            = { 1 = "b", 2 = "a" }
  identifier                          = local.names["replica_${each.key}"]
  replicate_source_db                 = aws_db_instance.primary.identifier
  instance_class                      = "db.t4g.medium"
  availability_zone                   = local.zones[each.value]
  parameter_group_name                = aws_db_parameter_group.this.name
  vpc_security_group_ids              = [aws_security_group.data.id]
  publicly_accessible                 = false
  max_allocated_storage               = 500
  storage_encrypted                   = true
  copy_tags_to_snapshot               = true
  iam_database_authentication_enabled = true
  auto_minor_version_upgrade          = true
  enabled_cloudwatch_logs_exports     = ["postgresql", "upgrade"]
  skip_final_snapshot                 = true
  tags                                = local.tags
}

locals {
  database_parameters = merge({
    "database/engine"     = { value = aws_db_instance.primary.engine, why = "Engine of the database" }
    "database/name"       = { value = aws_db_instance.primary.db_name, why = "Name of the database" }
    "database/writer"     = { value = aws_db_instance.primary.address, why = "Host of the database that takes writes" }
    "database/reader"     = { value = local.reader, why = "Name that leads to the replicas in turn, to the writer while there is none" }
    "database/port"       = { value = tostring(aws_db_instance.primary.port), why = "Port of the database and its replicas" }
    "database/secret-arn" = { value = aws_secretsmanager_secret.database.arn, why = "Secret with the user and the password of the database" }
    }, {
    for key, replica in aws_db_instance.replica :
    "database/replica-${key}" => { value = replica.address, why = "Host of a read replica of the database" }
  })
}
