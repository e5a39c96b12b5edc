variable "alarm_names" {
  description = "Names of alarms by what they are about, where they are not to be made from `name`."
  type        = map(string)
  default     = {}
}

resource "aws_route53_health_check" "this" {
  type              = "HTTPS"
  fqdn              = var.host
  port              = 443
  resource_path     = "/healthz"
  request_interval  = 10
  failure_threshold = 2
  enable_sni        = true
  tags              = local.tags
  depends_on        = [aws_autoscaling_group.app]
}

locals {
  alarms = {
    store       = "${var.namespace}/${var.name}"
    about       = "Store ${var.namespace}/${var.name}, ${var.host}, in ${local.region}."
    topic_name  = local.names.alarms_topic
    topic_title = "Store ${var.name}"
    names       = var.alarm_names
    emails      = ["ops@example.com"]
    tags        = local.tags
  }
}

module "alarms" {
  source = "./alarms"
  common = local.alarms
  rows   = local.alarm_rows
}

# Route 53 and CloudFront publish what they measure in us-east-1, and alarms see nothing elsewhere.
module "edge_alarms" {
  source    = "./alarms"
  providers = { aws = aws.us_east_1 }
  common    = local.alarms
  rows      = local.edge_alarm_rows
}

locals {
  graphs = concat(
    [for row in module.alarms.rows : merge(row, { region = local.region })],
    [for row in module.edge_alarms.rows : merge(row, { region = "us-east-1" })],
  )
}

resource "aws_cloudwatch_dashboard" "this" {
  dashboard_name = local.names.dashboard
  dashboard_body = jsonencode({
    widgets = concat(
      [
        {
          type       = "text", x = 0, y = 0, width = 24, height = 2
          properties = { markdown = "# ${var.namespace}/${var.name}\n${var.host} in ${local.region}. Kept by the EcomStore operator: what is changed here is changed back." }
        },
        {
          type       = "alarm", x = 0, y = 2, width = 24, height = 3
          properties = { title = "Alarms", alarms = concat(module.alarms.arns, module.edge_alarms.arns) }
        },
      ],
      [for at, row in local.graphs : {
        type = "metric", x = at % 3 * 8, y = 5 + floor(at / 3) * 6, width = 8, height = 6
        properties = {
          title = row.says, region = row.region, view = "timeSeries", stacked = false, period = row.period
          metrics = concat(
            row.expression == null ? [] : [[{ expression = row.expression, label = row.what, id = "result" }]],
            [for one in row.metrics : concat(
              [one.namespace, one.name],
              flatten([for name, value in one.dimensions : [name, value]]),
              [{ id = one.id, stat = one.stat, visible = row.expression == null }],
            )],
          )
          annotations = { horizontal = [{ label = "alarm", value = row.threshold }] }
        }
      }],
    )
  })
}
