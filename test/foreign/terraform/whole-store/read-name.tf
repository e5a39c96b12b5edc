# The names inside the store's VPC: one to read the database by.
resource "aws_route53_zone" "inside" {
  name = "${var.name}.${var.namespace}.ecom.internal"
  tags = local.tags

  vpc {
    vpc_id = aws_vpc.this.id
  }
}

locals {
  reader = "database-reader.${aws_route53_zone.inside.name}"

  # A weight of zero is answered while all weights are zero: by the primary where there are no replicas.
  reader_hosts = merge(
    { primary = { host = aws_db_instance.primary.address, weight = 0 } },
    { for key, replica in aws_db_instance.replica : "replica-${key}" => { host = replica.address, weight = 1 } },
  )
}

resource "aws_route53_record" "reader" {
  for_each       = local.reader_hosts
  zone_id        = aws_route53_zone.inside.zone_id
  name           = local.reader
  type           = "CNAME"
  ttl            = 5
  records        = [each.value.host]
  set_identifier = each.value.host

  weighted_routing_policy {
    weight = each.value.weight
  }
}
