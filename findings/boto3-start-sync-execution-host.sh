#!/usr/bin/env bash
# boto3's StartSyncExecution puts "sync-" before the host of an endpoint that the caller gives
# (endpoint_url, AWS_ENDPOINT_URL), so that a local endpoint given as an address is not found.
# The prefix is the model's (endpoint.hostPrefix); Config(inject_host_prefix=False) turns it off.
set -euo pipefail
dir=$(mktemp -d); trap 'rm -rf "$dir"' EXIT
python3 -m venv "$dir/venv"
"$dir/venv/bin/pip" -q --disable-pip-version-check install boto3==1.44.5
"$dir/venv/bin/python" - <<'PY'
import boto3, botocore.config, botocore.exceptions, http.server, sys, threading

class Answer(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(200)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"{}")
    def log_message(self, *args): pass

server = http.server.HTTPServer(("127.0.0.1", 0), Answer)
threading.Thread(target=server.serve_forever, daemon=True).start()

def call(operation, **config):
    client = boto3.client("stepfunctions", region_name="us-east-1", aws_access_key_id="a", aws_secret_access_key="b",
                          endpoint_url=f"http://127.0.0.1:{server.server_port}",
                          config=botocore.config.Config(retries={"max_attempts": 0}, **config))
    try:
        getattr(client, operation)(stateMachineArn="arn:aws:states:us-east-1:111122223333:stateMachine:express")
        return "answered"
    except botocore.exceptions.EndpointConnectionError as problem:
        return "no connection: " + str(problem).replace(str(server.server_port), "PORT")

seen = [call("start_execution"), call("start_sync_execution"), call("start_sync_execution", inject_host_prefix=False)]
want = ["answered", 'no connection: Could not connect to the endpoint URL: "http://sync-127.0.0.1:PORT/"', "answered"]
print("boto3", boto3.__version__)
for operation, answer in zip(["start_execution", "start_sync_execution", "start_sync_execution without host prefixes"], seen):
    print(f"  {operation}: {answer}")
sys.exit(seen != want)
PY
