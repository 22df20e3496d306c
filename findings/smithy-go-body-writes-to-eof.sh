#!/usr/bin/env bash
# The body of a smithy-go request answers WriteTo with io.EOF once it is closed; io.WriterTo has no EOF. The client closes it as soon as
# an answer begins, and net/http may still look for its end: it then takes the request for not written, and closes the connection under
# an answer that is longer than one read: "use of closed network connection", for a call that the service has done.
set -euo pipefail
dir=$(mktemp -d)
trap 'chmod -R u+w "$dir"; rm -rf "$dir"' EXIT
cd "$dir"
export GOFLAGS=-mod=mod
go mod init finding >/dev/null 2>&1
go get github.com/aws/smithy-go@v1.28.8 >/dev/null 2>&1
cat >main.go <<'GO'
package main

import (
	"bytes"
	"context"
	"fmt"
	"io"

	smithyhttp "github.com/aws/smithy-go/transport/http"
)

func main() {
	made, err := smithyhttp.NewStackRequest().(*smithyhttp.Request).SetStream(bytes.NewReader([]byte("{}")))
	if err != nil {
		panic(err)
	}
	body := made.Build(context.Background()).Body
	body.Close()
	_, err = io.Copy(io.Discard, body)
	fmt.Printf("io.Copy from a closed body: %v\n", err)
}
GO
echo "smithy-go 1.28.8"
go run . | tee said
grep -q 'closed body: EOF$' said || { echo "the behaviour has changed"; exit 1; }
