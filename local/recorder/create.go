package recorder

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
)

// attributes are what AWS adds to a resource when it is created.
type attributes = map[string]any

// model tells what id and attributes AWS gives to a resource with the recorded inputs.
type model func(w surroundings, r *Resource) (id string, added attributes)

// create answers for a custom resource. A type without a model is an error.
func (w surroundings) create(r *Resource) (string, attributes, error) {
	m, ok := models[r.Type]
	if !ok {
		return "", nil, fmt.Errorf("resource %s %q: the recorder has no model of the type; add one to local/recorder/models.go",
			r.Type, r.Name)
	}
	id, added := m(w, r)
	return id, added, nil
}

// named is the model of a resource whose id is its physical name and whose ARN is built from that name:
// arn:aws:<service>:<region>:<account>:<kind><name>.
func named(property, service, kind string) model {
	return func(w surroundings, r *Resource) (string, attributes) {
		name := physicalName(r, property)
		return name, attributes{property: name, "id": name, "arn": w.arn(service, kind+name)}
	}
}

// part is the model of a resource that only configures another one, named by its input: the id is that name.
func part(property string) model {
	return func(_ surroundings, r *Resource) (string, attributes) {
		id := r.String(property)
		return id, attributes{"id": id}
	}
}

// numbered is the model of a resource whose id AWS makes up, such as "subnet-0123...": prefix and 17 digits.
func numbered(prefix, service, kind string) model {
	return func(w surroundings, r *Resource) (string, attributes) {
		id := prefix + hash(17, r.URN)
		return id, attributes{"id": id, "arn": w.arn(service, kind+id)}
	}
}

// physicalName is the name the program chose, or one made as Pulumi makes it: the logical name and seven digits.
func physicalName(r *Resource, property string) string {
	if name := r.String(property); name != "" {
		return name
	}
	return r.Name + "-" + hash(7, r.URN)
}

// queueName is the physical name of a queue or topic. Pulumi ends the name that it makes for a FIFO one, whose property is given, as AWS
// asks for.
func queueName(r *Resource, fifo string) string {
	name := physicalName(r, "name")
	if is, _ := r.Get(fifo); is == true && r.String("name") == "" {
		name += ".fifo"
	}
	return name
}

// hash gives n hexadecimal digits (at most 64) that depend on nothing but the seed.
func hash(n int, seed string) string {
	sum := sha256.Sum256([]byte(seed))
	return hex.EncodeToString(sum[:])[:n]
}

// uuid gives a UUID that depends on nothing but the seed.
func uuid(seed string) string {
	h := hash(32, seed)
	return strings.Join([]string{h[:8], h[8:12], h[12:16], h[16:20], h[20:32]}, "-")
}
