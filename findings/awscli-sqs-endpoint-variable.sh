#!/usr/bin/env bash
# AWS_ENDPOINT_URL names the endpoint of all services (AWS SDKs and Tools Reference Guide, "Service-specific endpoints"). The
# aws command line calls SNS there, and SQS at sqs.<region>.amazonaws.com all the same; boto3 of the same release takes it for both.
set -euo pipefail
dir=$(mktemp -d); trap 'rm -rf "$dir"' EXIT
python3 -m venv "$dir/venv"
"$dir/venv/bin/pip" install --quiet --disable-pip-version-check awscli==1.46.3 boto3==1.44.8
cat >"$dir/run.py" <<'PY'
import http.server, os, subprocess, sys, threading
import boto3

seen = []

class Handler(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        seen.append(self.headers["Authorization"].split("/")[3])
        self.send_response(400)
        self.end_headers()
    def log_message(self, *_):
        pass

server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
threading.Thread(target=server.serve_forever, daemon=True).start()
env = {**os.environ, "AWS_ENDPOINT_URL": f"http://127.0.0.1:{server.server_port}", "AWS_ACCESS_KEY_ID": "a", "AWS_SECRET_ACCESS_KEY": "b",
       "AWS_DEFAULT_REGION": "eu-west-1", "AWS_MAX_ATTEMPTS": "1"}
os.environ.update(env)
aws = os.path.join(os.path.dirname(sys.executable), "aws")
print(subprocess.run([aws, "--version"], capture_output=True, text=True, env=env).stdout.strip())
for service, operation in ("sns", "list-topics"), ("sqs", "list-queues"):
    # No request may leave this machine: what is not for the endpoint goes to a proxy that is not there.
    subprocess.run([aws, service, operation], capture_output=True, env={**env, "HTTPS_PROXY": "http://127.0.0.1:9"}, timeout=60)
    print("  aws", service, operation + ":", "reaches the endpoint" if service in seen else "does not reach the endpoint")
by_command = list(seen)
seen.clear()
try:
    boto3.client("sqs").list_queues()
except Exception:
    pass
print("  boto3 sqs:", "reaches the endpoint" if "sqs" in seen else "does not reach the endpoint")
sys.exit(0 if by_command == ["sns"] and "sqs" in seen else 1)
PY
"$dir/venv/bin/python" "$dir/run.py"
