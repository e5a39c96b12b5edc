data "aws_ssm_parameter" "image" {
  name = var.image_parameter
}

data "aws_ami" "this" {
  filter {
    name   = "image-id"
    values = [data.aws_ssm_parameter.image.insecure_value]
  }
}

resource "aws_cloudwatch_log_group" "app" {
  name              = "${local.path}/app"
  retention_in_days = var.retention_days
  tags              = local.tags
}

resource "aws_ssm_parameter" "this" {
  for_each = merge({
    "load-balancer/dns-name" = { value = aws_lb.this.dns_name, why = "DNS name of the load balancer" }
    "host"                   = { value = var.host, why = "Host name of the store" }
    "url"                    = { value = "https://${var.host}", why = "URL of the store" }
    "region"                 = { value = local.region, why = "AWS region of the store" }
    "secrets/prefix"         = { value = "ecom/${var.namespace}/${var.name}/", why = "What the names of secrets for the application begin with" }
    "log-group"              = { value = aws_cloudwatch_log_group.app.name, why = "Log group for the application" }
  }, local.section_parameters)
  name        = "${local.path}/${each.key}"
  type        = "String"
  value       = each.value.value
  description = each.value.why
  tags        = local.tags
}

resource "aws_launch_template" "app" {
  name          = local.names.template
  image_id      = data.aws_ami.this.id
  instance_type = var.instance_type
  tags          = local.tags
  user_data = base64encode(<<-SCRIPT
    #!/bin/bash
    install -d -m 0755 /etc/ecom
    cat > /etc/ecom/environment <<'ECOM_ENVIRONMENT'
    ECOM_PARAMETERS="${local.path}/"
    ECOM_REGION="${local.region}"
    ECOM_STORE="${var.namespace}/${var.name}"
    PORT="${var.port}"
    ECOM_ENVIRONMENT
  SCRIPT
  )

  iam_instance_profile {
    arn = aws_iam_instance_profile.app.arn
  }

  metadata_options {
    http_endpoint               = "enabled"
    http_tokens                 = "required"
    http_put_response_hop_limit = 1
  }

  network_interfaces {
    device_index                = 0
    associate_public_ip_address = false
    delete_on_termination       = true
    security_groups             = [aws_security_group.app.id]
  }

  block_device_mappings {
    device_name = data.aws_ami.this.root_device_name

    ebs {
      encrypted             = true
      delete_on_termination = true
      volume_size           = 20
      volume_type           = "gp3"
    }
  }

  dynamic "tag_specifications" {
    for_each = ["instance", "volume", "network-interface"]

    content {
      resource_type = tag_specifications.value
      tags          = merge(local.tags, { Name = "${var.name}/app" })
    }
  }
}

resource "aws_autoscaling_group" "app" {
  name                      = local.names.group
  min_size                  = var.min_size
  max_size                  = var.max_size
  vpc_zone_identifier       = [for subnet in aws_subnet.app : subnet.id]
  target_group_arns         = [aws_lb_target_group.this.arn]
  health_check_type         = "ELB"
  health_check_grace_period = 120
  default_instance_warmup   = 120
  min_elb_capacity          = var.min_size
  enabled_metrics           = local.group_metrics

  launch_template {
    id      = aws_launch_template.app.id
    version = aws_launch_template.app.latest_version
  }

  instance_refresh {
    strategy = "Rolling"

    preferences {
      min_healthy_percentage = 90
      instance_warmup        = 120
    }
  }

  dynamic "tag" {
    for_each = merge(local.tags, { Name = "${var.name}/app" })

    content {
      key                 = tag.key
      value               = tag.value
      propagate_at_launch = true
    }
  }

  # Instances are of no use before they can reach out and read what they are told.
  depends_on = [
    aws_route.nat,
    aws_route_table_association.app,
    aws_vpc_endpoint.s3,
    aws_iam_role_policy.app,
    aws_ssm_parameter.this,
    aws_lb_listener.https,
  ]
}

resource "aws_autoscaling_policy" "cpu" {
  name                   = "cpu"
  autoscaling_group_name = aws_autoscaling_group.app.name
  policy_type            = "TargetTrackingScaling"

  target_tracking_configuration {
    target_value = var.cpu_percent

    predefined_metric_specification {
      predefined_metric_type = "ASGAverageCPUUtilization"
    }
  }
}
