package workflow

import (
	"crypto/sha256"
	"encoding/hex"

	"airline/asl/jsonvalue"
	"airline/etl"
)

// LoadID is the identity of the load of an object version, as the machines compute it: the SHA-256 of bucket, key and version as a
// JSON array, in hexadecimal.
func LoadID(bucket, key, version string) string {
	return hash(jsonvalue.String([]any{bucket, key, version}))
}

// LoadFolder is where, in the staging bucket, an execution keeps what is written of a load: its manifest and its rejects.
func LoadFolder(loadID, execution string) string {
	return etl.LoadPrefix(loadID) + hash(execution) + "/"
}

func hash(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}
