package s3

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/s3/types"
)

// State is what the buckets hold, for a world that goes on later. The bytes stay in the files that the paths name. Uploads in
// parts that are not complete are not kept.
type State struct {
	Sequence uint64                   `json:"sequence"`
	Buckets  map[string][]VersionKept `json:"buckets"` // the versions of a key newest first
}

// VersionKept is one version of an object, or a delete marker.
type VersionKept struct {
	Key      string            `json:"key"`
	ID       string            `json:"id"`
	Path     string            `json:"path,omitempty"` // below the bucket's directory, with slashes
	Size     int64             `json:"size"`
	ETag     string            `json:"etag,omitempty"`
	Modified time.Time         `json:"modified"`
	Marker   bool              `json:"marker,omitempty"`
	Headers  map[string]string `json:"headers,omitempty"` // Content-Type and the like
	Metadata map[string]string `json:"metadata,omitempty"`
	KMSKey   string            `json:"kmsKey,omitempty"`
	// BucketKey and Context are how the object was encrypted under the key.
	BucketKey bool              `json:"bucketKey,omitempty"`
	Context   map[string]string `json:"context,omitempty"`
	Tags      map[string]string `json:"tags,omitempty"`
	Parts     []int64           `json:"parts,omitempty"` // sizes of those that it was uploaded in
	// Checksum is absent where it is the default one and nobody has asked for it.
	Checksum *ChecksumKept `json:"checksum,omitempty"`
}

// ChecksumKept is the checksum of a version.
type ChecksumKept struct {
	Algorithm types.ChecksumAlgorithm `json:"algorithm"`
	Type      types.ChecksumType      `json:"type"`
	Sum       []byte                  `json:"sum"`
	Parts     [][]byte                `json:"parts,omitempty"` // those of the parts, of type COMPOSITE
}

// headers are the texts of a header by their names.
func (h *header) texts() map[string]*string {
	return map[string]*string{
		"Content-Type": &h.contentType, "Content-Encoding": &h.contentEncoding, "Content-Language": &h.contentLanguage,
		"Content-Disposition": &h.contentDisposition, "Cache-Control": &h.cacheControl, "Expires": &h.expires,
	}
}

// State is what the buckets hold now.
func (s *Service) State() (State, error) {
	state := State{Sequence: s.sequence, Buckets: map[string][]VersionKept{}}
	for name, b := range s.buckets {
		list := []VersionKept{}
		for _, key := range b.keys {
			for _, v := range b.byKey[key] {
				kept := VersionKept{
					Key: v.key, ID: v.id, Size: v.size, ETag: v.etag, Modified: v.modified, Marker: v.marker, Headers: map[string]string{},
					Metadata: v.header.metadata, KMSKey: v.header.kmsKey, BucketKey: v.header.bucketKey, Context: v.header.context, Tags: v.header.tags, Parts: v.parts,
				}
				if c := v.checksum; c.sum != nil {
					kept.Checksum = &ChecksumKept{c.algorithm, c.kind, c.sum, c.parts}
				}
				for header, text := range v.header.texts() {
					if *text != "" {
						kept.Headers[header] = *text
					}
				}
				if !v.marker && v.path == "" {
					return state, fmt.Errorf("s3://%s/%s is in no file: a world that keeps small objects in a spill cannot be saved", name, v.key)
				}
				if !v.marker {
					rel, err := filepath.Rel(b.dir, v.path)
					if err != nil {
						return state, err
					}
					kept.Path = filepath.ToSlash(rel)
				}
				list = append(list, kept)
			}
		}
		state.Buckets[name] = list
	}
	return state, nil
}

// Restore gives the buckets that will be deployed what they held before. It comes before the stack's resources.
func (s *Service) Restore(state State) {
	s.sequence = state.Sequence
	s.kept = state.Buckets
}

// Unclaimed are the buckets that held objects before and are not deployed any more, sorted.
func (s *Service) Unclaimed() []string {
	var names []string
	for name, list := range s.kept {
		if _, deployed := s.buckets[name]; !deployed && len(list) > 0 {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// restore fills a bucket's store with the versions that it held.
func (o *store) restore(list []VersionKept) error {
	for _, kept := range list {
		v := &version{key: kept.Key, id: kept.ID, size: kept.Size, etag: kept.ETag, modified: kept.Modified, marker: kept.Marker, parts: kept.Parts, header: header{
			metadata: kept.Metadata, kmsKey: kept.KMSKey, bucketKey: kept.BucketKey, context: kept.Context, tags: kept.Tags,
		}}
		if c := kept.Checksum; c != nil {
			v.checksum = checksum{c.Algorithm, c.Sum, c.Type, c.Parts}
		}
		for header, text := range v.header.texts() {
			*text = kept.Headers[header]
		}
		if !v.marker {
			rel := filepath.FromSlash(kept.Path)
			if !filepath.IsLocal(rel) {
				return fmt.Errorf("version %s of %s is kept at %q, which is not below %s", kept.ID, kept.Key, kept.Path, o.dir)
			}
			v.path = filepath.Join(o.dir, rel)
			if len(o.byKey[kept.Key]) == 0 {
				o.claim(strings.ToLower(kept.Path), kept.Key)
			}
		}
		if len(o.byKey[kept.Key]) == 0 {
			o.keys = append(o.keys, kept.Key)
		}
		o.byKey[kept.Key] = append(o.byKey[kept.Key], v)
	}
	slices.Sort(o.keys)
	return nil
}
