resource "aws_security_group" "alb" {
  name        = local.names.alb_group
  description = "Load balancer of store ${var.name}"
  vpc_id      = aws_vpc.this.id
  tags        = local.tags
}

resource "aws_vpc_security_group_egress_rule" "alb" {
  security_group_id            = aws_security_group.alb.id
  ip_protocol                  = "tcp"
  from_port                    = var.port
  to_port                      = var.port
  referenced_security_group_id = aws_security_group.app.id
  description                  = "to the application"
}

resource "aws_security_group" "app" {
  name        = local.names.app_group
  description = "Instances of store ${var.name}"
  vpc_id      = aws_vpc.this.id
  tags        = local.tags
}

resource "aws_vpc_security_group_ingress_rule" "app" {
  security_group_id            = aws_security_group.app.id
  ip_protocol                  = "tcp"
  from_port                    = var.port
  to_port                      = var.port
  referenced_security_group_id = aws_security_group.alb.id
  description                  = "from the load balancer"
}

resource "aws_vpc_security_group_egress_rule" "app" {
  security_group_id = aws_security_group.app.id
  ip_protocol       = "-1"
  cidr_ipv4         = "0.0.0.0/0"
  description       = "to AWS and partners"
}

resource "aws_security_group" "data" {
  name        = local.names.data_group
  description = "Databases and caches of store ${var.name}"
  vpc_id      = aws_vpc.this.id
  tags        = local.tags
}

resource "aws_vpc_security_group_ingress_rule" "data" {
  for_each                     = toset(local.data_ports)
  security_group_id            = aws_security_group.data.id
  ip_protocol                  = "tcp"
  from_port                    = each.key
  to_port                      = each.key
  referenced_security_group_id = aws_security_group.app.id
  description                  = "from the application"
}
