resource "aws_lb" "this" {
  name                       = local.names.balancer
  load_balancer_type         = "application"
  internal                   = local.inside
  subnets                    = [for subnet in(local.inside ? aws_subnet.app : aws_subnet.public) : subnet.id]
  security_groups            = [aws_security_group.alb.id]
  enable_deletion_protection = var.deletion_protection
  idle_timeout               = 60
  drop_invalid_header_fields = true
  desync_mitigation_mode     = "defensive"
  tags                       = local.tags
  depends_on                 = [aws_internet_gateway.this]
}

resource "aws_lb_target_group" "this" {
  name                 = local.names.targets
  vpc_id               = aws_vpc.this.id
  port                 = var.port
  protocol             = "HTTP"
  target_type          = "instance"
  deregistration_delay = 60
  tags                 = local.tags

  health_check {
    path                = "/healthz"
    healthy_threshold   = 2
    unhealthy_threshold = 3
    interval            = 10
    timeout             = 5
    matcher             = "200-399"
  }

  stickiness {
    type            = "lb_cookie"
    enabled         = true
    cookie_duration = 86400
  }
}

resource "aws_lb_listener" "https" {
  load_balancer_arn = aws_lb.this.arn
  port              = 443
  protocol          = "HTTPS"
  certificate_arn   = aws_acm_certificate_validation.this.certificate_arn
  ssl_policy        = "ELBSecurityPolicy-TLS13-1-2-2021-06"
  tags              = local.tags

  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.this.arn
  }
}
