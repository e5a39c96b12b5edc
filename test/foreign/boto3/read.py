"""Reads AWS as boto3 does: calls on standard input, what came of them on standard output, both JSON.

A call is {"service", "operation", "parameters", "query", "region"?}: an operation by boto3's name, and where in the answer stands
what is asked (JMESPath). Parameters are validated by botocore before they are sent. Of an operation with pages all are
read. Each answer must fit botocore's own shape of the operation, and nothing on the wire may be lost on the way into it.
"""
import json
import sys
import xml.etree.ElementTree as xml

import boto3
import jmespath
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from botocore.handlers import json_decode_policies
from botocore.validate import ParamValidator

CONFIG = Config(retries={"total_max_attempts": 1}, parameter_validation=True)
# Written around an answer, and no part of it.
ENVELOPE = {"ResponseMetadata", "requestId"}
# Values that AWS answers although its own model does not have them, by shape.
# simulator/aws/core/service-model.ts says where each is seen.
ALSO_ANSWERED = {
    "AttachmentStatus": {"available"},
    "NetworkInterfaceType": {"nat_gateway"},
    "State": {"pending", "available", "deleting", "deleted"},
}


def told(element):
    """How many elements and attributes of an XML document say something."""
    if element.tag.split("}")[-1] in ENVELOPE:
        return 0
    own = len(element.attrib)
    if len(element) == 0:
        return own + (1 if (element.text or "") != "" else 0)
    return own + sum(told(child) for child in element)


def understood(shape, value):
    """How many values of an answer would be an element of their own in XML."""
    if shape.type_name == "structure":
        members = shape.members
        inside = [name for name in value if name in members and "location" not in members[name].serialization]
        return sum(understood(members[name], value[name]) for name in inside)
    if shape.type_name == "list":
        return sum(understood(shape.member, item) for item in value)
    if shape.type_name == "map":
        return sum(1 + understood(shape.value, item) for item in value.values())
    return 0 if value == "" else 1


def strangers(shape, value, path):
    """What stands in a JSON document and not in the shape."""
    if shape.type_name == "structure":
        unknown = [f"{path}.{name}" for name in value if name not in shape.members]
        known = [name for name in value if name in shape.members and value[name] is not None]
        return unknown + [found for name in known for found in strangers(shape.members[name], value[name], f"{path}.{name}")]
    if shape.type_name == "list":
        return [found for item in value for found in strangers(shape.member, item, f"{path}[]")]
    if shape.type_name == "map":
        return [found for item in value.values() for found in strangers(shape.value, item, f"{path}[]")]
    return []


def unlisted(shape, value, path):
    """Strings that are none of the values which the shape allows; botocore's validator does not look at those."""
    if shape.type_name == "structure":
        return [found for name in value if name in shape.members for found in unlisted(shape.members[name], value[name], f"{path}.{name}")]
    if shape.type_name == "list":
        return [found for item in value for found in unlisted(shape.member, item, f"{path}[]")]
    if shape.type_name == "map":
        return [found for item in value.values() for found in unlisted(shape.value, item, f"{path}[]")]
    allowed = set(getattr(shape, "enum", None) or [])
    if not allowed or value in allowed | ALSO_ANSWERED.get(shape.name, set()):
        return []
    return [f"{path} is {value}"]


class Reader:
    def __init__(self):
        self.clients = {}
        self.wire = None

    def client(self, service, region=None):
        if (service, region) not in self.clients:
            client = boto3.client(service, region_name=region, config=CONFIG)
            client.meta.events.register("before-parse", self.keep)
            # Policy documents stay the text that the model says they are.
            client.meta.events.unregister("after-call.iam", json_decode_policies)
            self.clients[service, region] = client
        return self.clients[service, region]

    def keep(self, response_dict, **_):
        self.wire = response_dict["body"]

    def read(self, call):
        client = self.client(call["service"], call.get("region"))
        name = call["operation"]
        operation = client.meta.service_model.operation_model(client.meta.method_to_api_mapping[name])
        wrong, found, pages = [], [], 0
        try:
            for answer in self.answers(client, name, call["parameters"]):
                pages += 1
                wrong += self.judge(client, operation, answer)
                query = jmespath.search(call["query"], answer)
                found += query if isinstance(query, list) else [query]
        except (BotoCoreError, ClientError) as error:
            wrong.append(f"{operation.name}: {error}")
        return {"wrong": wrong, "found": found, "pages": pages}

    @staticmethod
    def answers(client, name, parameters):
        if client.can_paginate(name):
            yield from client.get_paginator(name).paginate(**parameters)
        else:
            yield getattr(client, name)(**parameters)

    def judge(self, client, operation, answer):
        shape = operation.output_shape
        answer = {name: value for name, value in answer.items() if name != "ResponseMetadata"}
        report = ParamValidator().validate(answer, shape)
        found = report.generate_report().splitlines() if report.has_errors() else []
        # Lengths and ranges bind who asks: AWS itself answers empty lists where its model has at least one.
        wrong = [line for line in found if not line.startswith(("Invalid length", "Invalid range"))]
        wrong += unlisted(shape, answer, operation.name)
        protocol = client.meta.service_model.metadata["protocol"]
        payload = shape.serialization.get("payload")
        if protocol == "smithy-rpc-v2-cbor":
            # What is unknown to it, botocore drops; the judge in simulator/aws/wire does not.
            return wrong
        if not isinstance(self.wire, bytes) or not self.wire or (payload and shape.members[payload].type_name != "structure"):
            return wrong
        if protocol in ("json", "rest-json"):
            return wrong + strangers(shape.members[payload] if payload else shape, json.loads(self.wire), operation.name)
        on_the_wire, here = told(xml.fromstring(self.wire)), understood(shape, answer)
        if on_the_wire != here:
            wrong.append(f"{operation.name}: {on_the_wire} values were sent and {here} understood")
        return wrong


def main():
    reader = Reader()
    json.dump([reader.read(call) for call in json.load(sys.stdin)], sys.stdout, default=str)


if __name__ == "__main__":
    main()
