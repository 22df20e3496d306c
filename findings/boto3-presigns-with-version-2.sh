#!/usr/bin/env bash
# S3 takes Signature Version 2 only in regions from before 2014 ("Specifying the Signature Version in Request Authentication",
# S3 User Guide), and boto3 signs every call with Version 4. Its presigned URLs are of Version 2 by default, where an endpoint is
# given too: a server that verifies Version 4 alone refuses what boto3 makes without being asked.
set -euo pipefail
dir=$(mktemp -d); trap 'rm -rf "$dir"' EXIT
python3 -m venv "$dir/venv"
"$dir/venv/bin/pip" install --quiet --disable-pip-version-check boto3==1.44.8
cat >"$dir/run.py" <<'PY'
import sys
import boto3
from botocore.config import Config

print("boto3", boto3.__version__)
def presigned(**more):
    client = boto3.client("s3", aws_access_key_id="a", aws_secret_access_key="b", region_name="us-east-1", **more)
    url = client.generate_presigned_url("get_object", Params={"Bucket": "bucket", "Key": "key"})
    return "Version 4" if "X-Amz-Signature=" in url else "Version 2" if "&Signature=" in url or "?Signature=" in url or "Signature=" in url else url
got = [presigned(), presigned(endpoint_url="http://127.0.0.1:4566"), presigned(config=Config(signature_version="s3v4"))]
for what, version in zip(("as it comes", "with an endpoint", "asked for Version 4"), got):
    print("  presigned URL,", what + ":", version)
sys.exit(0 if got == ["Version 2", "Version 2", "Version 4"] else 1)
PY
"$dir/venv/bin/python" "$dir/run.py"
