"""Speaks to AWS as boto3 does: calls on standard input, what came of them on standard output, both JSON.

A call is {"service", "operation", "input", "settings"}: an operation by AWS's name, and settings of botocore's client.
Bytes are {"$bytes": base64}, times {"$time": ISO}. Answers are told without metadata, streams read to their end.
"""
import base64
import json
import re
import sys
from datetime import datetime, timezone

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError
from botocore.response import StreamingBody


def from_json(value):
    if "$bytes" in value:
        return base64.b64decode(value["$bytes"])
    if "$time" in value:
        return datetime.fromisoformat(value["$time"].replace("Z", "+00:00"))
    return value


def to_json(value):
    if isinstance(value, StreamingBody):
        value = value.read()
    if isinstance(value, bytes):
        return {"$bytes": base64.b64encode(value).decode()}
    if isinstance(value, datetime):
        return {"$time": value.astimezone(timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.000Z")}
    raise TypeError(type(value))


def without_account(request, **_):
    """botocore puts the account before any host of S3 Control, and 111122223333.127.0.0.1 is none."""
    request.url = re.sub(r"^http://\d{12}\.", "http://", request.url)


def speak(call):
    config = Config(retries={"total_max_attempts": 1}, **call.get("settings", {}))
    client = boto3.client(call["service"], config=config)
    client.meta.events.register("before-sign.s3-control", without_account)
    methods = {operation: method for method, operation in client.meta.method_to_api_mapping.items()}
    try:
        answer = getattr(client, methods[call["operation"]])(**call["input"])
    except ClientError as error:
        return {"error": error.response["Error"], "status": error.response["ResponseMetadata"]["HTTPStatusCode"]}
    return {"answer": {name: value for name, value in answer.items() if name != "ResponseMetadata"}}


json.dump([speak(call) for call in json.load(sys.stdin, object_hook=from_json)], sys.stdout, default=to_json)
