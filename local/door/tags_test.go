package door_test

import (
	"errors"
	"fmt"
	"maps"
	"strings"
	"testing"

	"airline/local/door"
)

func TestTagged(t *testing.T) {
	bad, many := errors.New("bad"), errors.New("many")
	has := map[string]string{"a": "1", "b": "2"}
	fifty := make([][2]string, 48)
	for i := range fifty {
		fifty[i][0] = fmt.Sprint(i)
	}
	for name, c := range map[string]struct {
		more [][2]string
		want error
	}{
		"none":            {nil, nil},
		"longest":         {[][2]string{{strings.Repeat("é", 128), strings.Repeat("é", 256)}}, nil},
		"no key":          {[][2]string{{"", "1"}}, bad},
		"key too long":    {[][2]string{{strings.Repeat("k", 129), ""}}, bad},
		"value too long":  {[][2]string{{"k", strings.Repeat("v", 257)}}, bad},
		"fifty":           {fifty, nil},
		"fifty and again": {append(fifty[:48:48], [2]string{"a", "3"}), nil},
		"fifty-one":       {append(fifty[:48:48], [2]string{"c", "3"}), many},
	} {
		all, err := door.Tagged(has, c.more, func(tag [2]string) (key, value *string) { return &tag[0], &tag[1] }, bad, many)
		if err != c.want {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
		want := maps.Clone(has)
		for _, tag := range c.more {
			want[tag[0]] = tag[1]
		}
		if err == nil && !maps.Equal(all, want) {
			t.Errorf("%s: %v, want %v", name, all, want)
		}
	}
	if !maps.Equal(has, map[string]string{"a": "1", "b": "2"}) {
		t.Errorf("those before have changed to %v", has)
	}
}
