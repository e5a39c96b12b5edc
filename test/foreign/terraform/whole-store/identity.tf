resource "aws_cognito_user_pool" "this" {
  name                     = local.names.pool
  username_attributes      = ["email"]
  auto_verified_attributes = ["email"]
  mfa_configuration        = "OPTIONAL"
  user_pool_tier           = "ESSENTIALS"
  deletion_protection      = var.deletion_protection ? "ACTIVE" : "INACTIVE"
  tags                     = local.tags

  password_policy {
    minimum_length                   = 12
    require_lowercase                = true
    require_uppercase                = true
    require_numbers                  = true
    require_symbols                  = true
    temporary_password_validity_days = 7
  }

  software_token_mfa_configuration {
    enabled = true
  }

  user_pool_add_ons {
    advanced_security_mode = "OFF"
  }

  account_recovery_setting {
    recovery_mechanism {
      name     = "verified_email"
      priority = 1
    }
  }

  admin_create_user_config {
    allow_admin_create_user_only = false
  }

  schema {
    name                = "email"
    attribute_data_type = "String"
    required            = true
    mutable             = true

    string_attribute_constraints {
      min_length = "0"
      max_length = "2048"
    }
  }
}

resource "aws_cognito_user_group" "this" {
  for_each     = toset(["admin", "customer", "merchant"])
  user_pool_id = aws_cognito_user_pool.this.id
  name         = each.key
}

resource "aws_cognito_user_pool_domain" "this" {
  user_pool_id = aws_cognito_user_pool.this.id
  domain       = local.names.sign_in
}

resource "aws_cognito_user_pool_client" "this" {
  user_pool_id                         = aws_cognito_user_pool.this.id
  name                                 = local.names.client
  generate_secret                      = true
  callback_urls                        = ["https://${var.host}/oauth2/idpresponse"]
  logout_urls                          = ["https://${var.host}/"]
  allowed_oauth_flows_user_pool_client = true
  allowed_oauth_flows                  = ["code"]
  allowed_oauth_scopes                 = ["aws.cognito.signin.user.admin", "email", "openid", "profile"]
  supported_identity_providers         = ["COGNITO"]
  explicit_auth_flows                  = ["ALLOW_REFRESH_TOKEN_AUTH", "ALLOW_USER_SRP_AUTH"]
  prevent_user_existence_errors        = "ENABLED"
  enable_token_revocation              = true

  lifecycle {
    # Whether there is a secret is said at birth, and an import does not read it: it would be made anew.
    ignore_changes = [generate_secret]
  }
}

# A rule's place follows from its path: one that comes or goes moves no other.
resource "aws_lb_listener_rule" "sign_in" {
  for_each     = toset(["/account", "/account/*", "/admin", "/admin/*"])
  listener_arn = aws_lb_listener.https.arn
  priority     = 200 + parseint(substr(sha256(each.key), 0, 8), 16) % 800
  tags         = local.tags

  condition {
    path_pattern {
      values = [each.key]
    }
  }

  action {
    type  = "authenticate-cognito"
    order = 1

    authenticate_cognito {
      user_pool_arn              = aws_cognito_user_pool.this.arn
      user_pool_client_id        = aws_cognito_user_pool_client.this.id
      user_pool_domain           = aws_cognito_user_pool_domain.this.domain
      scope                      = "aws.cognito.signin.user.admin email openid profile"
      session_timeout            = 43200
      session_cookie_name        = "AWSELBAuthSessionCookie"
      on_unauthenticated_request = "authenticate"
    }
  }

  action {
    type             = "forward"
    order            = 2
    target_group_arn = aws_lb_target_group.this.arn
  }
}

resource "aws_vpc_security_group_egress_rule" "sign_in" {
  security_group_id = aws_security_group.alb.id
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
  cidr_ipv4         = "0.0.0.0/0"
  description       = "to Cognito, for whoever signs in"
}

locals {
  identity_parameters = {
    "identity/user-pool-id" = { value = aws_cognito_user_pool.this.id, why = "Id of the user pool" }
    "identity/client-id"    = { value = aws_cognito_user_pool_client.this.id, why = "Client id: the audience of tokens" }
    "identity/domain"       = { value = "${aws_cognito_user_pool_domain.this.domain}.auth.${local.region}.amazoncognito.com", why = "Host name of the sign-in and sign-out pages" }
    "identity/issuer"       = { value = "https://${aws_cognito_user_pool.this.endpoint}", why = "Issuer of tokens: its keys verify them" }
    "identity/signer"       = { value = aws_lb.this.arn, why = "Who signs x-amzn-oidc-data" }
  }
}
