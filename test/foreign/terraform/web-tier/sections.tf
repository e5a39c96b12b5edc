# What the sections of a store say to its web tier: here there are none.
locals {
  section_names      = {}
  section_parameters = {}
  section_policies   = {}
  data_ports         = []
  group_metrics      = null

  # Whether the load balancer is reached from within the VPC alone.
  inside = false

  # What the records of the host point to.
  front = {
    dns_name = aws_lb.this.dns_name
    zone_id  = aws_lb.this.zone_id
  }
}
