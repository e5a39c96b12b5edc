# An image for the instances of a store: Amazon Linux 2023 with the storefront in it. build-image.sh runs this.

packer {
  required_plugins {
    amazon = {
      source  = "github.com/hashicorp/amazon"
      version = "~> 1.3"
    }
  }
}

variable "region" {
  type = string
}

variable "image_name" {
  type        = string
  description = "Says what is in it: build-image.sh makes it of the content."
}

variable "bundle" {
  type        = string
  description = "A tar file of the storefront."
}

data "amazon-parameterstore" "base" {
  name   = "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64"
  region = var.region
}

source "amazon-ebs" "storefront" {
  region        = var.region
  source_ami    = data.amazon-parameterstore.base.value
  instance_type = "t3.small"
  ssh_username  = "ec2-user"
  ami_name      = var.image_name
  imds_support  = "v2.0"

  metadata_options {
    http_endpoint = "enabled"
    http_tokens   = "required"
  }

  tags = {
    Name      = "storefront"
    base      = "{{ .SourceAMI }}"
    base_name = "{{ .SourceAMIName }}"
  }
}

build {
  sources = ["source.amazon-ebs.storefront"]

  provisioner "file" {
    source      = var.bundle
    destination = "/tmp/storefront.tar"
  }

  provisioner "shell" {
    script          = "${path.root}/install.sh"
    execute_command = "sudo bash '{{ .Path }}'"
  }
}
