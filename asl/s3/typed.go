package s3

import (
	"airline/asl"
	"airline/asl/internal/typed"
)

// How code that is generated writes the tasks.
func init() {
	typed.Register[GetObject](map[string]string{
		asl.SDK("s3", "getObject"): ".Task",
	})
	typed.Register[HeadObject](map[string]string{
		asl.SDK("s3", "headObject"): ".Task",
	})
	typed.Register[PutObject](map[string]string{
		asl.SDK("s3", "putObject"): ".Task",
	})
	typed.Register[ListObjects](map[string]string{
		asl.SDK("s3", "listObjectsV2"): ".Task",
	})
	typed.Register[ListObjectVersions](map[string]string{
		asl.SDK("s3", "listObjectVersions"): ".Task",
	})
}
