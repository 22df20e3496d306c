#!/usr/bin/env bash
# S3 clients of the AWS SDK for C++ send the header x-amz-api-version with every request, which S3's API reference does not have. pyarrow
# is one. A server that refuses headers it does not know cannot serve it.
set -euo pipefail
dir=$(mktemp -d); trap 'rm -rf "$dir"' EXIT
python3 -m venv "$dir/venv"
"$dir/venv/bin/pip" -q --disable-pip-version-check install pyarrow==26.0.1
"$dir/venv/bin/python" - <<'PY'
import http.server, sys, threading
import pyarrow, pyarrow.fs

seen = []
class Server(http.server.BaseHTTPRequestHandler):
    def do_HEAD(self):
        seen.append(dict(self.headers))
        self.send_response(200)
        self.send_header("Content-Length", "1")
        self.send_header("Last-Modified", "Sat, 01 Jan 2000 00:00:00 GMT")
        self.end_headers()
    def log_message(self, *args):
        pass

server = http.server.HTTPServer(("127.0.0.1", 0), Server)
threading.Thread(target=server.serve_forever, daemon=True).start()
files = pyarrow.fs.S3FileSystem(access_key="a", secret_key="b", region="us-east-1", scheme="http", endpoint_override="127.0.0.1:%d" % server.server_port)
files.get_file_info("bucket/key")
version = [value for headers in seen for name, value in headers.items() if name.lower() == "x-amz-api-version"]
print("pyarrow", pyarrow.__version__)
print("  x-amz-api-version of HEAD bucket/key:", version)
sys.exit(not version)
PY
