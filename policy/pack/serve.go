package pack

import "github.com/pulumi/pulumi/sdk/v3/go/pulumi/policyx"

// Serve answers the engine until it is done.
func Serve() error { return policyx.Main(New) }
