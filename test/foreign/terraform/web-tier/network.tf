resource "aws_vpc" "this" {
  cidr_block           = var.cidr
  enable_dns_support   = true
  enable_dns_hostnames = true
  tags                 = merge(local.tags, { Name = var.name })
}

# Taking it into one's hands without a rule empties it.
resource "aws_default_security_group" "this" {
  vpc_id = aws_vpc.this.id
}

resource "aws_internet_gateway" "this" {
  vpc_id = aws_vpc.this.id
  tags   = merge(local.tags, { Name = var.name })
}

resource "aws_subnet" "public" {
  for_each          = local.zones
  vpc_id            = aws_vpc.this.id
  availability_zone = each.value
  cidr_block        = cidrsubnet(var.cidr, 4, 0 + index(keys(local.zones), each.key))
  tags              = merge(local.tags, { Name = "${var.name}/public-${each.key}" })
}

resource "aws_subnet" "app" {
  for_each          = local.zones
  vpc_id            = aws_vpc.this.id
  availability_zone = each.value
  cidr_block        = cidrsubnet(var.cidr, 4, 4 + index(keys(local.zones), each.key))
  tags              = merge(local.tags, { Name = "${var.name}/app-${each.key}" })
}

resource "aws_subnet" "data" {
  for_each          = local.zones
  vpc_id            = aws_vpc.this.id
  availability_zone = each.value
  cidr_block        = cidrsubnet(var.cidr, 4, 8 + index(keys(local.zones), each.key))
  tags              = merge(local.tags, { Name = "${var.name}/data-${each.key}" })
}

resource "aws_eip" "nat" {
  domain = "vpc"
  tags   = merge(local.tags, { Name = "${var.name}/nat-a" })
}

resource "aws_nat_gateway" "this" {
  subnet_id     = aws_subnet.public["a"].id
  allocation_id = aws_eip.nat.id
  tags          = merge(local.tags, { Name = "${var.name}/nat-a" })
  depends_on    = [aws_route.internet, aws_route_table_association.public]
}

resource "aws_vpc_endpoint" "s3" {
  vpc_id            = aws_vpc.this.id
  service_name      = "com.amazonaws.${local.region}.s3"
  vpc_endpoint_type = "Gateway"
  route_table_ids   = [for table in aws_route_table.app : table.id]
  tags              = merge(local.tags, { Name = "${var.name}/s3" })
}
