#!/usr/bin/env bash
# CloudWatch's model names three protocols, RPC v2 CBOR first; boto3 takes the second, AWS JSON,
# and asks for errors of the Query protocol beside it (x-amzn-query-mode). A local endpoint that
# goes by the model's "protocol" does not understand it.
set -euo pipefail
dir=$(mktemp -d); trap 'rm -rf "$dir"' EXIT
python3 -m venv "$dir/venv"
"$dir/venv/bin/pip" -q --disable-pip-version-check install boto3==1.44.5 botocore==1.44.8
"$dir/venv/bin/python" - <<'PY'
import boto3, botocore, sys
client = boto3.client("cloudwatch", region_name="us-east-1", aws_access_key_id="a", aws_secret_access_key="b")
sent = {}
def stop(request, **_):
    sent.update({name.lower(): value if isinstance(value, str) else value.decode() for name, value in request.headers.items()})
    sent["url"] = request.url
    raise SystemExit
client.meta.events.register("before-send.cloudwatch.*", stop)
try:
    client.list_metrics()
except SystemExit:
    pass
metadata = client.meta.service_model.metadata
print("boto3", boto3.__version__, "botocore", botocore.__version__)
print("  the model: protocol", metadata["protocol"], "of", metadata["protocols"])
print("  the request:", sent["content-type"], sent.get("x-amz-target"), "x-amzn-query-mode:", sent.get("x-amzn-query-mode"))
sys.exit((metadata["protocol"], sent["content-type"], sent.get("x-amzn-query-mode")) != ("smithy-rpc-v2-cbor", "application/x-amz-json-1.0", "true"))
PY
