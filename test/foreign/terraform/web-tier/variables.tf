# One store: its web tier, as the operator composes it for `examples/minimal.yaml`; in `whole-store`, which has these files
# too, `examples/complete.yaml`; and in `every-section`, which has them all, that with cache, messages and
# monitoring. A module: whoever calls it sets up the provider, and may call it several times with another name and host.

variable "namespace" {
  type    = string
  default = "shops"
}

variable "name" {
  type = string
}

variable "names" {
  description = "Names of single resources, where they are not to be made from `name`."
  type        = map(string)
  default     = {}

  validation {
    condition     = length(setsubtract(keys(var.names), keys(local.default_names))) == 0
    error_message = "There is no resource of such a name."
  }
}

variable "iam_path" {
  type    = string
  default = "/"
}

variable "host" {
  description = "The host name of the store; it lies in the zone."
  type        = string
}

variable "zone" {
  description = "The hosted zone, which exists."
  type        = string
}

variable "cidr" {
  type    = string
  default = "10.0.0.0/16"
}

variable "image_parameter" {
  description = "The SSM parameter that holds the id of the image."
  type        = string
  default     = "/ecom/images/storefront"
}

variable "instance_type" {
  type    = string
  default = "m4.large"
}

variable "port" {
  type    = number
  default = 8080
}

variable "min_size" {
  type    = number
  default = 2
}

variable "max_size" {
  type    = number
  default = 10
}

variable "cpu_percent" {
  description = "The mean CPU that the group is scaled to."
  type        = number
  default     = 60
}

variable "retention_days" {
  type    = number
  default = 30
}

variable "deletion_protection" {
  description = "Of the load balancer, the database and the user pool; while it is on, nothing can be destroyed."
  type        = bool
  default     = false
}
