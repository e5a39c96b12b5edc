#!/bin/bash
# Runs as root on the instance that becomes the image.
set -euo pipefail

dnf install --assumeyes nodejs22 nodejs22-npm amazon-cloudwatch-agent logrotate
node --version

useradd --system --home-dir /opt/storefront --shell /sbin/nologin storefront
install --directory --mode 0755 /opt/storefront
tar --extract --file /tmp/storefront.tar --directory /opt/storefront --no-same-owner
rm /tmp/storefront.tar
cd /opt/storefront
npm ci --omit=dev --ignore-scripts --no-audit --no-fund
curl --fail --silent --show-error --output rds-global-bundle.pem \
  https://truststore.pki.rds.amazonaws.com/global/global-bundle.pem
chown --recursive root:root . # The application may read itself, not change itself.
chmod --recursive u=rwX,go=rX .

install --mode 0644 image/storefront.service /etc/systemd/system/storefront.service
install --mode 0644 image/storefront.logrotate /etc/logrotate.d/storefront
systemctl enable storefront.service # It starts with the first instance of a store: here nobody tells it of one.
