"""Reduces botocore's service models to the operations the simulator knows: shapes and constraints only, no prose.

Developers run it when an operation is added to simulator/aws/models/operations.json (needs botocore from PyPI):
    python3 scripts/reduce-models.py
The result is committed, so that running the simulator needs no Python.
"""
import json
from pathlib import Path

import botocore
from botocore.loaders import Loader

FOLDER = Path(__file__).resolve().parent.parent / "simulator" / "aws" / "models"
METADATA = ["apiVersion", "endpointPrefix", "jsonVersion", "protocol", "protocols", "serviceId", "signingName", "targetPrefix", "xmlNamespace"]
SHAPE = ["type", "required", "enum", "min", "max", "pattern", "flattened", "timestampFormat", "payload", "locationName", "error", "exception", "box"]
MEMBER = ["shape", "locationName", "location", "queryName", "flattened", "idempotencyToken", "xmlAttribute", "xmlNamespace", "timestampFormat"]


def pick(source, keys):
    return {key: source[key] for key in keys if key in source and source[key] not in ({}, [], None)}


def reduce_member(member):
    return pick(member, MEMBER)


def reduce_shape(shape):
    reduced = pick(shape, SHAPE)
    if "xmlNamespace" in shape:
        reduced["xmlNamespace"] = shape["xmlNamespace"]
    if "members" in shape:
        reduced["members"] = {name: reduce_member(member) for name, member in shape["members"].items()}
    for part in ("member", "key", "value"):
        if part in shape:
            reduced[part] = reduce_member(shape[part])
    return reduced


def references(shape):
    members = list(shape.get("members", {}).values()) + [shape[part] for part in ("member", "key", "value") if part in shape]
    return [member["shape"] for member in members]


def reduce_service(loader, service, names):
    model = loader.load_service_model(service, "service-2")
    wanted = sorted(model["operations"]) if names == "*" else sorted(names)
    operations, todo = {}, []
    for name in wanted:
        operation = model["operations"][name]
        entry = {"http": pick(operation["http"], ["method", "requestUri", "responseCode"])}
        for side in ("input", "output"):
            if side in operation:
                entry[side] = pick(operation[side], ["shape", "resultWrapper", "locationName", "xmlNamespace"])
                todo.append(operation[side]["shape"])
        if "httpChecksum" in operation:
            entry["httpChecksum"] = operation["httpChecksum"]
        entry["errors"] = [error["shape"] for error in operation.get("errors", [])]
        todo += entry["errors"]
        operations[name] = entry
    shapes = {}
    while todo:
        name = todo.pop()
        if name not in shapes:
            shapes[name] = reduce_shape(model["shapes"][name])
            todo += references(model["shapes"][name])
    metadata = pick(model["metadata"], METADATA)
    if len(metadata["protocols"]) == 1:
        del metadata["protocols"]
    if "awsQueryCompatible" in model["metadata"]:
        metadata["awsQueryCompatible"] = True
    return {
        "metadata": metadata,
        "operations": operations,
        "shapes": {name: shapes[name] for name in sorted(shapes)},
    }


def main():
    loader = Loader()
    wanted = json.loads((FOLDER / "operations.json").read_text())
    for service, names in wanted.items():
        reduced = reduce_service(loader, service, names)
        (FOLDER / f"{service}.json").write_text(json.dumps(reduced, separators=(",", ":"), sort_keys=False) + "\n")
        print(service, len(reduced["operations"]), "operations", len(reduced["shapes"]), "shapes")
    (FOLDER / "NOTICE").write_text(
        "The JSON files in this folder are reduced from the service models of botocore "
        f"{botocore.__version__} (https://github.com/boto/botocore),\n"
        "Copyright Amazon.com, Inc. or its affiliates, Apache License 2.0. Prose was left out; names and constraints are unchanged.\n"
    )


if __name__ == "__main__":
    main()
