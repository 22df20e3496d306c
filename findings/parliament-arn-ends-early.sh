#!/usr/bin/env bash
# A Resource may end in * before its sixth part ("arn:aws:ec2:*": IAM takes it and the * stands for
# the rest; IAM User Guide, "Resource"). parliament reports INVALID_ARN.
set -euo pipefail
dir=$(mktemp -d); trap 'rm -rf "$dir"' EXIT
python3 -m venv "$dir/venv"
"$dir/venv/bin/pip" -q --disable-pip-version-check install parliament==1.6.4 'setuptools<81'
"$dir/venv/bin/python" -W ignore - <<'PY'
import importlib.metadata, json, parliament, sys
def findings(resource):
    document = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "ec2:StartInstances", "Resource": resource}]}
    return sorted(finding.issue for finding in parliament.analyze_policy_string(json.dumps(document)).findings)
print("parliament", importlib.metadata.version("parliament"))
early, full = findings("arn:aws:ec2:*"), findings("arn:aws:ec2:*:*:*")
print("  arn:aws:ec2:*    ", early)
print("  arn:aws:ec2:*:*:*", full)
sys.exit(not ("INVALID_ARN" in early and "INVALID_ARN" not in full))
PY
