package awsapi

import (
	"strings"
	"sync"
)

// Prefix is what IAM knows of the actions of one prefix, such as "glue".
type Prefix struct {
	Actions map[string]Action // by name, such as "StartJobRun"
	Types   map[string]string // ARN templates by resource type: "arn:${Partition}:glue:${Region}:${Account}:job/${JobName}"
}

// Action is one action of IAM.
type Action struct {
	Resources     []Resource
	ConditionKeys []string `json:"c"` // beside the global ones, with those of its resource types
	Dependent     []string `json:"d"` // actions that a caller needs too, such as "iam:PassRole"
}

// Resource is a resource type that an action can be allowed for; of an action without one, Resource is "*".
type Resource struct {
	Type     string
	Required bool
}

const iamFolder = "iam/"

var (
	loadingIAM sync.Mutex
	loadedIAM  = map[string]*Prefix{}
)

// IAM is what is known of the actions of a prefix.
func IAM(prefix string) (*Prefix, bool) {
	loadingIAM.Lock()
	defer loadingIAM.Unlock()
	if p, ok := loadedIAM[prefix]; ok {
		return p, p != nil
	}
	f, err := archive().Open(iamFolder + prefix)
	if err != nil {
		loadedIAM[prefix] = nil
		return nil, false
	}
	f.Close()
	var v struct {
		Actions map[string]struct {
			Action
			R [][2]any
		}
		Types map[string]string
	}
	read(iamFolder+prefix, &v)
	p := &Prefix{Actions: make(map[string]Action, len(v.Actions)), Types: v.Types}
	for name, a := range v.Actions {
		for _, r := range a.R {
			kind, _ := r[0].(string)
			required, _ := r[1].(float64)
			a.Resources = append(a.Resources, Resource{strings.TrimSuffix(kind, "*"), required == 1})
		}
		p.Actions[name] = a.Action
	}
	loadedIAM[prefix] = p
	return p, true
}
