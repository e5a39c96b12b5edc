#!/bin/bash
# Has CloudWatch's agent send the log to the log group of the store.
set -euo pipefail

group=$(aws ssm get-parameter --region "$ECOM_REGION" --name "${ECOM_PARAMETERS}log-group" --query Parameter.Value --output text)
config=/opt/aws/amazon-cloudwatch-agent/etc/storefront.json
cat >"$config" <<JSON
{
  "agent": { "region": "$ECOM_REGION" },
  "logs": {
    "logs_collected": {
      "files": {
        "collect_list": [
          {
            "file_path": "/var/log/storefront/storefront.log",
            "log_group_name": "$group",
            "log_stream_name": "{instance_id}"
          }
        ]
      }
    }
  }
}
JSON
/opt/aws/amazon-cloudwatch-agent/bin/amazon-cloudwatch-agent-ctl -a fetch-config -m ec2 -s -c "file:$config"
