package wire

import (
	"crypto/rand"
	"encoding/base32"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	ststypes "github.com/aws/aws-sdk-go-v2/service/sts/types"

	"airline/local/door"
	"airline/local/wire/sigv4"
)

// Keys knows who has which access key. They are random, and gone with the process; those of users may be kept in a file.
type Keys struct {
	now  func() time.Time
	mu   sync.Mutex
	byID map[string]holder
	kept map[string]Profile // of users, by ARN, as an earlier process has made them
}

type holder struct {
	key       sigv4.Key
	principal door.Principal
}

func newKeys(now func() time.Time) *Keys { return &Keys{now: now, byID: map[string]holder{}} }

func (k *Keys) find(id string) (sigv4.Key, bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	h, ok := k.byID[id]
	return h.key, ok
}

func (k *Keys) principal(id string) door.Principal {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.byID[id].principal
}

// user makes a key without an end, or gives the one that an earlier process has made.
func (k *Keys) user(p door.Principal) Profile {
	if made, ok := k.kept[p.ARN]; ok {
		h := holder{principal: p}
		h.key.Secret = made.Secret
		k.mu.Lock()
		defer k.mu.Unlock()
		k.byID[made.ID] = h
		return made
	}
	return k.add("AKIA", holder{principal: p})
}

// load reads the keys that an earlier process has kept in a file; one that is not there yet holds none.
func (k *Keys) load(file string) error {
	text, err := os.ReadFile(file)
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err == nil {
		err = json.Unmarshal(text, &k.kept)
	}
	if err != nil {
		return fmt.Errorf("the access keys: %s: %w", file, err)
	}
	return nil
}

// save writes the keys of users into a file that its owner alone may read.
func (k *Keys) save(file string) error {
	k.mu.Lock()
	kept := map[string]Profile{}
	for id, h := range k.byID {
		if h.key.Token == "" {
			kept[h.principal.ARN] = Profile{id, h.key.Secret}
		}
	}
	k.kept = kept
	k.mu.Unlock()
	text, err := json.Marshal(kept)
	if err != nil {
		return err
	}
	if err := os.WriteFile(file+".new", text, 0o600); err != nil {
		return err
	}
	return os.Rename(file+".new", file)
}

// issue makes the key of a session.
func (k *Keys) issue(p door.Principal, valid time.Duration) ststypes.Credentials {
	h := holder{principal: p}
	h.key.Expires, h.key.Token = k.now().Add(valid).Truncate(time.Second), "IQoJ"+random(96)
	made := k.add("ASIA", h)
	return ststypes.Credentials{AccessKeyId: &made.ID, SecretAccessKey: &made.Secret, SessionToken: &h.key.Token, Expiration: aws.Time(h.key.Expires)}
}

func (k *Keys) add(prefix string, h holder) Profile {
	var b [10]byte
	rand.Read(b[:]) // never fails
	id := prefix + base32.StdEncoding.EncodeToString(b[:])
	h.key.Secret = random(30)
	k.mu.Lock()
	defer k.mu.Unlock()
	for old, other := range k.byID { // sessions that have ended a day ago
		if other.key.Token != "" && k.now().After(other.key.Expires.Add(24*time.Hour)) {
			delete(k.byID, old)
		}
	}
	k.byID[id] = h
	return Profile{ID: id, Secret: h.key.Secret}
}

func random(n int) string {
	b := make([]byte, n)
	rand.Read(b) // never fails
	return base64.StdEncoding.EncodeToString(b)
}
