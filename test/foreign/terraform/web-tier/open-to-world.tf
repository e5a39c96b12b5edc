# Nothing stands before the load balancer.
resource "aws_vpc_security_group_ingress_rule" "world" {
  for_each = {
    https4 = { port = 443, v4 = "0.0.0.0/0", v6 = null, why = "HTTPS from the world" }
    https6 = { port = 443, v4 = null, v6 = "::/0", why = "HTTPS from the world" }
    http4  = { port = 80, v4 = "0.0.0.0/0", v6 = null, why = "HTTP from the world, only to be redirected" }
    http6  = { port = 80, v4 = null, v6 = "::/0", why = "HTTP from the world, only to be redirected" }
  }
  security_group_id = aws_security_group.alb.id
  ip_protocol       = "tcp"
  from_port         = each.value.port
  to_port           = each.value.port
  cidr_ipv4         = each.value.v4
  cidr_ipv6         = each.value.v6
  description       = each.value.why
  tags              = local.tags
}

resource "aws_lb_listener" "http" {
  load_balancer_arn = aws_lb.this.arn
  port              = 80
  protocol          = "HTTP"
  tags              = local.tags

  default_action {
    type = "redirect"

    redirect {
      protocol    = "HTTPS"
      port        = "443"
      status_code = "HTTP_301"
    }
  }
}
