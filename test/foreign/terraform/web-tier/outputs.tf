output "url" {
  value = "https://${var.host}"
}

output "load_balancer" {
  value = aws_lb.this.dns_name
}
