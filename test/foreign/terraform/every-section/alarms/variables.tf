# The alarms of one region, and the topic that they ring: an alarm reaches none of another region.

variable "common" {
  description = "What the alarms of all regions have in common."
  type = object({
    store       = string
    about       = string
    topic_name  = string
    topic_title = string
    names       = map(string)
    emails      = list(string)
    tags        = map(string)
  })
}

variable "rows" {
  type = list(object({
    what        = string
    says        = string
    threshold   = number
    minutes     = number
    period      = optional(number, 60)
    below       = optional(bool, false)
    missing     = optional(string, "missing")
    few_samples = optional(string)
    # Minutes that may not count, because their metrics come late.
    late = optional(number, 0)
    # Over the ids of the metrics; without one there is a single metric.
    expression = optional(string)
    metrics = list(object({
      id         = optional(string, "value")
      namespace  = string
      name       = string
      stat       = string
      dimensions = map(string)
    }))
  }))
}

output "rows" {
  value = var.rows
}

output "arns" {
  value = [for row in var.rows : aws_cloudwatch_metric_alarm.this[row.what].arn]
}
