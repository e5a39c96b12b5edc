# The sections of a store that stand beside its web tier and need nothing of it but subnets: cache, notifications and
# monitoring.

variable "name" {
  type = string
}

variable "host" {
  description = "The host name that is looked at from outside."
  type        = string
}

variable "subnet_ids" {
  description = "Subnets for the cache, which exist."
  type        = list(string)
}
