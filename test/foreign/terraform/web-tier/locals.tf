data "aws_caller_identity" "this" {}

data "aws_region" "this" {}

data "aws_availability_zones" "offered" {
  state = "available"

  filter {
    name   = "opt-in-status"
    values = ["opt-in-not-required"]
  }
}

locals {
  account = data.aws_caller_identity.this.account_id
  region  = data.aws_region.this.name
  path    = "/ecom/${var.namespace}/${var.name}"
  zones   = { a = data.aws_availability_zones.offered.names[0], b = data.aws_availability_zones.offered.names[1] }
  # By what they name; the names of single resources may be given.
  default_names = merge({
    alb_group  = "${var.name}-alb"
    app_group  = "${var.name}-app"
    data_group = "${var.name}-data"
    flow_role  = "${var.name}-flow-log"
    app_role   = "${var.name}-app"
    profile    = "${var.name}-app"
    balancer   = var.name
    targets    = var.name
    template   = "${var.name}-app"
    group      = "${var.name}-app"
  }, local.section_names)
  names = merge(local.default_names, var.names)
  tags  = { "ecom.io/store" = "${var.namespace}/${var.name}" }
}
