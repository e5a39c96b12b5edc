# What further sections would say to the store: here there are none.
locals {
  data_ports      = ["5432"]
  more_names      = {}
  more_parameters = {}
  more_policies   = {}
  group_metrics   = null
}
