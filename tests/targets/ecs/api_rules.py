"""Judges requests by botocore's own models of the AWS APIs.

stdin: a JSON list of {"service", "operation", "params"}; stdout: a JSON list of problems, one string each.
Finds unknown fields, wrong types, missing ones, lengths, and values outside an enumeration or a pattern's range.
"""

import json
import sys

import botocore.session
from botocore.validate import ParamValidator


def outside_enumerations(shape, value, path):
    """botocore checks types and names but no enumeration."""
    if shape.type_name == "structure":
        for name, member in shape.members.items():
            if isinstance(value, dict) and name in value:
                yield from outside_enumerations(member, value[name], f"{path}.{name}")
    elif shape.type_name == "list":
        for index, item in enumerate(value):
            yield from outside_enumerations(shape.member, item, f"{path}[{index}]")
    elif shape.type_name == "map":
        for key, item in value.items():
            yield from outside_enumerations(shape.value, item, f"{path}.{key}")
    elif getattr(shape, "enum", None) and value not in shape.enum:
        yield f"{path}: {value!r} is none of {', '.join(shape.enum)}"


def problems(request, session):
    model = session.get_service_model(request["service"]).operation_model(request["operation"])
    report = ParamValidator().validate(request["params"], model.input_shape)
    where = f"{request['service']} {request['operation']}"
    if report.has_errors():
        return [f"{where}: {line}" for line in report.generate_report().splitlines()]
    return [f"{where}{line}" for line in outside_enumerations(model.input_shape, request["params"], "")]


session = botocore.session.get_session()
print(json.dumps([problem for request in json.load(sys.stdin) for problem in problems(request, session)]))
