"""Judges a record of the wire by botocore: its full service models, its serialisers, its parsers.

    python3 test/wire/judge.py RECORD.json

Requests: what botocore makes of the same input must be what the JavaScript SDK sent, member for member. Replies: botocore
parses them; no element or key may be unknown to the model, and what was parsed must hold to it. Prints one JSON object.
"""
import base64
import io
import json
import re
import sys
import xml.etree.ElementTree as ElementTree
from datetime import datetime
from urllib.parse import parse_qsl, unquote

import botocore
from botocore.awsrequest import HeadersDict
from botocore.loaders import Loader
from botocore.model import ServiceModel
from botocore.parsers import create_parser
from botocore.serialize import create_serializer
from botocore.validate import ParamValidator

# What AWS answers beyond its own models: the same list, with its reasons, is in simulator/aws/core/service-model.ts.
BEYOND = {
    ("ec2", "AttachmentStatus"): {"enum": ["available"]},
    ("ec2", "State"): {"enum": ["pending", "available", "deleting", "deleted"]},
    ("route53", "ResourceId"): {"max": 33},
    ("route53", "CreateHostedZoneResponse"): {"required": ["HostedZone", "ChangeInfo", "Location"]},
    ("route53", "TagList"): {"min": 0},
    ("acm", "TagList"): {"min": 0},
    ("ssm", "ParameterNameList"): {"min": 0},
    ("elbv2", "TagList"): {"min": 0},
    ("cognito-idp", "CustomAttributeNameType"): {"max": 27},
}
# Errors of every service: https://docs.aws.amazon.com/IAM/latest/APIReference/CommonErrors.html
COMMON = {"AccessDenied", "InternalFailure", "ServiceUnavailable", "Throttling", "ThrottlingException", "ValidationError", "ValidationException"}
SCALARS = {
    "integer": r"-?\d+", "long": r"-?\d+", "boolean": r"true|false",
    "float": r"-?\d+(\.\d+)?([eE][-+]?\d+)?", "double": r"-?\d+(\.\d+)?([eE][-+]?\d+)?",
    "timestamp": r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z",
}
loader = Loader()
models = {}


def model_of(service):
    if service not in models:
        models[service] = ServiceModel(loader.load_service_model(service, "service-2"), service)
    return models[service]


def protocol_of(model, headers):
    """CloudWatch speaks several, which their headers tell apart: simulator/aws/core/service-model.ts does the same."""
    if len(model.metadata["protocols"]) == 1:
        return model.metadata["protocol"]
    if headers.get("smithy-protocol") == "rpc-v2-cbor":
        return "smithy-rpc-v2-cbor"
    return "json" if "x-amz-target" in headers else "query"


def payload_of(shape):
    """The member that is the whole body of a REST message, if one is."""
    name = shape.serialization.get("payload") if shape is not None else None
    return None if name is None else shape.members[name]


def bytes_of(message):
    body = message["body"]
    return base64.b64decode(body) if message.get("bodyEncoding") == "base64" else body.encode()


# --- requests ---------------------------------------------------------------------------------------------------------

def judge_request(service, operation, given, request, found):
    model = model_of(service)
    wanted = model.operation_model(operation)
    if wanted.input_shape is None:
        found += [f"input {name} is not known here" for name in given]
        return
    report = ParamValidator().validate(given, wanted.input_shape)
    if report.has_errors():
        found += report.generate_report().splitlines()
    fits(service, given, wanted.input_shape, "input", found, {})
    protocol = protocol_of(model, request["headers"])
    ours = create_serializer(protocol, include_validation=False).serialize_to_request(given, wanted)
    invented = {
        member.serialization.get("queryName", member.serialization.get("name", name))
        for name, member in wanted.input_shape.members.items()
        if member.metadata.get("idempotencyToken") and name not in given
    }
    for what, expected, sent in parts(protocol, wanted, ours, request, invented):
        if expected != sent:
            found.append(f"{what}: botocore makes {shorten(expected)}, and sent was {shorten(sent)}")


def parts(protocol, wanted, ours, request, invented):
    """What has to be equal, pair by pair."""
    if protocol in ("query", "ec2"):
        sent = parse_qsl(request["body"], keep_blank_values=True)
        expected = {name: str(value) for name, value in ours["body"].items()}
        yield "number of parameters", len(dict(sent)), len(sent)
        yield "parameters", expected, {name: value for name, value in sent if name not in invented}
        return
    yield "method", ours["method"], request["method"]
    path, _, words = ours["url_path"].partition("?")
    yield "path", unquote(path).rstrip("/") or "/", unquote(request["path"]).rstrip("/") or "/"
    # The JavaScript SDK tells S3 the name of the operation, and nobody else does.
    sent = sorted((name, value) for name, value in parse_qsl(request["query"], keep_blank_values=True) if name != "x-id")
    yield "query", sorted(parse_qsl(words, keep_blank_values=True) + pairs(ours["query_string"])), sent
    for name, value in ours["headers"].items():
        if name.lower() != "content-type":
            # Between the items of a list there may be a blank: botocore writes none, the JavaScript SDK one.
            yield f"header {name}", without_blanks(str(value)), without_blanks(request["headers"].get(name.lower(), ""))
    payload = payload_of(wanted.input_shape)
    if payload is not None and payload.type_name in ("blob", "string"):
        yield "body", raw(ours["body"]), bytes_of(request)
    elif protocol in ("json", "rest-json"):
        body = json.loads(request["body"] or "{}")
        yield "body", json.loads(ours["body"] or "{}"), {name: value for name, value in body.items() if name not in invented}
    else:
        yield "body", tree(ours["body"]), tree(request["body"])


def without_blanks(header):
    return re.sub(r",\s+", ",", header)


def pairs(query):
    items = query.items() if isinstance(query, dict) else query or []
    return [(name, text(one)) for name, value in items for one in (value if isinstance(value, list) else [value])]


def raw(body):
    return body.encode() if isinstance(body, str) else bytes(body)


def text(value):
    return {True: "true", False: "false"}.get(value, str(value)) if isinstance(value, bool) else str(value)


def tree(document):
    """A document that compares: members in any order, items of a list in theirs."""
    if not document:
        return None
    def told(node):
        inner = sorted((told(child) for child in node), key=lambda one: one[0])
        return [node.tag, sorted(node.attrib.items()), (node.text or "") if not inner else "", inner]
    return told(ElementTree.fromstring(document))


# --- replies ----------------------------------------------------------------------------------------------------------

def judge_reply(service, operation, headers, reply, found):
    model = model_of(service)
    wanted = model.operation_model(operation)
    protocol = protocol_of(model, headers)
    body = bytes_of(reply)
    stream = io.BytesIO(body) if wanted.has_streaming_output and reply["status"] < 300 else body
    raw_reply = {"status_code": reply["status"], "headers": HeadersDict(reply["headers"]), "body": stream}
    parsed = create_parser(protocol).parse(raw_reply, wanted.output_shape)
    if reply["status"] >= 300:
        error = parsed.get("Error", {})
        modelled = {name for shape in wanted.error_shapes for name in (shape.name, shape.metadata.get("error", {}).get("code", shape.name))}
        codes = {error.get("Code"), error.get("QueryErrorCode")} - {None}
        # The models of EC2 and S3 lack most errors: the judge in simulator/aws/wire has their documentation's.
        if not codes or (service not in ("ec2", "s3") and not codes & (modelled | COMMON)):
            found.append(f"the error {sorted(codes)} is none of {sorted(modelled)}")
        return
    status = parsed.get("ResponseMetadata", {}).get("HTTPStatusCode")
    # Some operations tell the status as a member: then any that means success will do.
    members = wanted.output_shape.members.values() if wanted.output_shape else []
    tells_status = any(member.serialization.get("location") == "statusCode" for member in members)
    if not tells_status and status != (206 if "ContentRange" in parsed else wanted.http.get("responseCode") or 200):
        found.append(f"the status is {reply['status']}")
    parsed.pop("ResponseMetadata", None)
    if wanted.output_shape is None:
        return
    fits(service, parsed, wanted.output_shape, "reply", found, BEYOND)
    payload = payload_of(wanted.output_shape)
    if not body or (payload is not None and payload.type_name in ("blob", "string")):
        return
    if protocol in ("json", "rest-json"):
        json_keys(json.loads(body), payload or wanted.output_shape, "reply", found)
    elif protocol != "smithy-rpc-v2-cbor":
        xml_elements(result_of(wanted, protocol, body, found), payload or wanted.output_shape, "reply", found)


def local(node):
    return node.tag.split("}")[-1]


def result_of(wanted, protocol, body, found):
    root = ElementTree.fromstring(body)
    # What the root of a REST document is called, botocore does not know: the judge in simulator/aws/wire does.
    if protocol != "rest-xml" and local(root) != f"{wanted.name}Response":
        found.append(f"the reply is <{local(root)}>")
    wrapper = wanted.output_shape.serialization.get("resultWrapper")
    if protocol == "query" and wrapper:
        inside = [child for child in root if local(child) == wrapper]
        if len(inside) != 1 or {local(child) for child in root} - {wrapper, "ResponseMetadata"}:
            found.append(f"the reply holds {[local(child) for child in root]}")
        return inside[0] if inside else ElementTree.Element("none")
    for child in list(root):
        if local(child) in ("requestId", "ResponseMetadata"):
            root.remove(child)
    return root


def element_name(name, shape):
    if shape.type_name == "list" and shape.serialization.get("flattened"):
        name = shape.serialization.get("name", name)
        return shape.member.serialization.get("name", name)
    return shape.serialization.get("name", name)


def xml_elements(node, shape, path, found):
    children = list(node)
    if shape.type_name == "structure":
        members = {element_name(name, member): member for name, member in shape.members.items() if "location" not in member.serialization}
        for child in children:
            member = members.get(local(child))
            if member is None:
                found.append(f"{path}.{local(child)} is not known here")
            elif member.type_name == "list" and member.serialization.get("flattened"):
                xml_elements(child, member.member, f"{path}.{local(child)}", found)
            else:
                xml_elements(child, member, f"{path}.{local(child)}", found)
    elif shape.type_name == "list":
        item = shape.member.serialization.get("name", "member")
        for child in children:
            if local(child) != item:
                found.append(f"{path}.{local(child)} is not known here")
            xml_elements(child, shape.member, f"{path}.{item}", found)
    elif shape.type_name != "map" and children:
        found.append(f"{path}.{local(children[0])} is not known here")
    elif shape.type_name in SCALARS and not re.fullmatch(SCALARS[shape.type_name], node.text or ""):
        found.append(f"{path} is '{node.text}', which is no {shape.type_name}")


def json_keys(value, shape, path, found):
    kinds = {"structure": dict, "map": dict, "list": list, "string": str, "boolean": bool, "blob": str, "integer": int, "long": int}
    kind = kinds.get(shape.type_name, (int, float))
    if not isinstance(value, kind) or (isinstance(value, bool) and shape.type_name != "boolean"):
        found.append(f"{path} is {shorten(value)}, which is no {shape.type_name}")
    elif shape.type_name == "structure":
        for name, part in value.items():
            if name not in shape.members:
                found.append(f"{path}.{name} is not known here")
            else:
                json_keys(part, shape.members[name], f"{path}.{name}", found)
    elif shape.type_name == "list":
        for part in value:
            json_keys(part, shape.member, f"{path}.{shape.member.name}", found)
    elif shape.type_name == "map":
        for part in value.values():
            json_keys(part, shape.value, f"{path}.{shape.value.name}", found)


# --- values -----------------------------------------------------------------------------------------------------------

def fits(service, value, shape, path, found, beyond):
    """Required members, enums, lengths, ranges and patterns; botocore's own validator leaves out most of these."""
    more = beyond.get((service, shape.name), {})
    low, high = more.get("min", shape.metadata.get("min")), more.get("max", shape.metadata.get("max"))
    if shape.type_name == "structure":
        for name in more.get("required", shape.required_members):
            if name not in value:
                found.append(f"{path}.{name} is required")
        for name, part in value.items():
            if name in shape.members:
                fits(service, part, shape.members[name], f"{path}.{name}", found, beyond)
        return
    if shape.type_name == "list":
        for part in value:
            fits(service, part, shape.member, f"{path}.{shape.member.name}", found, beyond)
    elif shape.type_name == "map":
        for part in value.values():
            fits(service, part, shape.value, f"{path}.{shape.value.name}", found, beyond)
    # Inputs come from JSON, in which times are text; what is sent of them is compared with what botocore makes of it.
    elif shape.type_name == "timestamp" and not isinstance(value, datetime) and not re.fullmatch(SCALARS["timestamp"], str(value)):
        found.append(f"{path} is no timestamp")
    if shape.type_name == "string":
        enum = getattr(shape, "enum", [])
        if enum and value not in enum and value not in more.get("enum", []):
            found.append(f"{path} is '{value}', none of {enum[:20]}")
        pattern = shape.metadata.get("pattern")
        if pattern and not matches(pattern, value):
            found.append(f"{path} is '{value}', which does not match {pattern}")
    measure = value if isinstance(value, (int, float)) and not isinstance(value, bool) else len(value) if isinstance(value, (str, list, dict)) else None
    if measure is not None and ((low is not None and measure < low) or (high is not None and measure > high)):
        found.append(f"{path} measures {measure}, which is not within {low} and {high}")


def matches(pattern, value):
    python = re.sub(r"\\p\{IsAlphabetic\}|\\p\{L\}", "a-zA-Z", pattern)
    python = re.sub(r"\\u([0-9A-Fa-f]{4})", lambda one: re.escape(chr(int(one[1], 16))), python)
    try:
        return re.fullmatch(python, value) is not None
    except re.error:
        return True  # Written for Java's expressions: the judge in simulator/aws/wire reads more of them.


def shorten(value):
    told = json.dumps(value, default=str)
    return told if len(told) < 600 else told[:600] + " ..."


def id_of(reply):
    return reply["headers"].get("x-amzn-requestid") or reply["headers"].get("x-amz-request-id")


def from_json(value):
    return base64.b64decode(value["$bytes"]) if "$bytes" in value else value


def judge(record, misfits):
    by_id = {id_of(one["reply"]): one for one in record["exchanges"] if "reply" in one}
    requests, replies = 0, 0
    for command in record["sent"]:
        found, call = [], f"{command['service']}:{command['operation']}"
        exchange = by_id.get(command.get("requestId"))
        if exchange is None:
            found.append("no recorded request belongs to this input")
        else:
            judge_request(command["service"], command["operation"], command["input"], exchange["request"], found)
            requests += 1
        misfits.update(f"request of {call}: {one}" for one in found)
    for exchange in record["exchanges"]:
        if "reply" not in exchange:
            continue
        found = []
        try:
            judge_reply(exchange["service"], exchange["operation"], exchange["request"]["headers"], exchange["reply"], found)
        except Exception as error:  # botocore's parsers throw what they please at what they cannot read: that is the verdict.
            found.append(f"botocore cannot read it: {error!r}")
        replies += 1
        misfits.update(f"reply of {exchange['service']}:{exchange['operation']}: {one}" for one in found)
    return requests, replies


def main():
    with open(sys.argv[1]) as file:
        records = json.load(file, object_hook=from_json)
    misfits = set()
    judged = [judge(record, misfits) for record in records]
    requests, replies = (sum(column) for column in zip(*judged))
    json.dump({"version": botocore.__version__, "requests": requests, "replies": replies, "misfits": sorted(misfits)}, sys.stdout)


main()
