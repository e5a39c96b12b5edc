#!/bin/bash
# Bakes the storefront into an image, and tells the stores of it: build-image.sh [REGION [PARAMETER]]
# The parameter is the one that spec.compute.image.ssmParameter names; the stores that read it roll the image out.
# Needs Packer and the AWS CLI, with credentials. Run again it makes nothing twice: an image is named after what is in
# it, and one that is there is taken. FRESH=1 makes a new one all the same, for a newer base.
set -euo pipefail

region=${1:-eu-central-1}
parameter=${2:-/ecom/images/storefront}
image=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# The same content is the same tar, whenever and by whomever it is made.
tar --create --file "$work/storefront.tar" --directory "$image/.." --sort=name --mtime=@0 --owner=0 --group=0 \
  --numeric-owner --mode='u=rwX,go=rX' package.json package-lock.json main.js src image
name=storefront-$(sha256sum "$work/storefront.tar" | cut -c 1-16)
if [ -n "${FRESH:-}" ]; then name=$name-$(date -u +%Y%m%d%H%M%S); fi

found() {
  aws ec2 describe-images --region "$region" --owners self --output text \
    --filters "Name=name,Values=$name" Name=state,Values=available --query 'Images[0].ImageId'
}

id=$(found)
if [ "$id" = None ]; then
  packer init "$image/storefront.pkr.hcl"
  packer build -var "region=$region" -var "image_name=$name" -var "bundle=$work/storefront.tar" \
    "$image/storefront.pkr.hcl"
  id=$(found)
fi
if [[ ! $id =~ ^ami-[0-9a-f]+$ ]]; then
  echo "there is no image named $name" >&2
  exit 1
fi

held=$(aws ssm get-parameters --region "$region" --names "$parameter" --query 'Parameters[0].Value' --output text)
if [ "$held" != "$id" ]; then
  aws ssm put-parameter --region "$region" --name "$parameter" --type String --value "$id" --overwrite >/dev/null
fi
echo "$parameter is $id ($name)"
