package ast

import "strings"

// result is the shape of a state's result; nil when there never is one.
func (s *stateFlow) result(effective *shape) *shape {
	st := s.st
	switch st.Type {
	case TypePass:
		out := s.optional(st.Parameters, effective, "/Parameters")
		if st.Result.IsSet() {
			return shapeOf(st.Result.Value(), s.origin("/Result"))
		}
		return out
	case TypeTask:
		s.optional(st.Parameters, effective, "/Parameters")
		return s.output()
	case TypeParallel:
		input := s.optional(st.Parameters, effective, "/Parameters")
		items := make([]*shape, len(st.Branches))
		for i, b := range st.Branches {
			if items[i] = s.scope(b, s.numbered(s.at+"/Branches", i), s.scopeLang, []fact{{data: input, vars: s.now.vars}}); items[i] == nil {
				return nil
			}
		}
		return listOf(items)
	}
	s.items(effective)
	return someList
}

// items follows the data into the processor of a Map.
func (s *stateFlow) items(effective *shape) {
	st, item := s.st, anything
	if text, ok := st.ItemsPath.Text(); ok {
		s.look(text, effective, "/ItemsPath")
	}
	if r := st.ItemReader; r != nil {
		s.optional(r.Parameters, effective, "/ItemReader/Parameters")
		item = itemOf(r)
	}
	if w := st.ResultWriter; w != nil {
		s.optional(w.Parameters, effective, "/ResultWriter/Parameters")
	}
	for _, f := range []struct {
		selector Field
		field    string
	}{{st.Parameters, "/Parameters"}, {st.ItemSelector, "/ItemSelector"}} {
		if f.selector.IsSet() {
			item = s.optional(f.selector, effective, f.field)
		}
	}
	if st.ItemBatcher != nil {
		s.optional(st.ItemBatcher.BatchInput, effective, "/ItemBatcher/BatchInput")
		item = anything
	}
	start := fact{data: item, vars: s.now.vars}
	if st.Distributed() {
		start.vars = nil // each item is an execution of its own
	}
	at := s.at + "/ItemProcessor"
	if st.ItemProcessor == nil {
		at = s.at + "/Iterator"
	}
	s.scope(st.Processor(), at, s.scopeLang, []fact{start})
}

// itemOf is the shape of the items that a reader gives: known of a listing of
// objects ("ItemReader (Map)", Step Functions guide) and of rows with given
// headers.
func itemOf(r *ItemReader) *shape {
	var c ReaderConfig
	if r.ReaderConfig != nil {
		c = *r.ReaderConfig
	}
	var names []string
	switch _, operation, _ := strings.Cut(r.Resource, ":s3:"); {
	case operation == "listObjectsV2" && !c.Transformation.IsSet():
		names = []string{"ChecksumAlgorithm", "ChecksumType", "Etag", "Key", "LastModified", "Owner", "RestoreStatus", "Size", "StorageClass"}
	case operation == "getObject" && c.CSVHeaders.IsSet():
		list, ok := c.CSVHeaders.Value().([]any)
		if !ok {
			return anything
		}
		for _, v := range list {
			name, ok := v.(string)
			if !ok || HasPlaceholder(name) {
				return anything
			}
			names = append(names, name)
		}
	default:
		return anything
	}
	fields := map[string]slot{}
	for _, n := range names {
		fields[n] = slot{anything, true}
	}
	return object(origin{"items that the Map reads", ""}, fields)
}

// output is the shape of the task's result.
func (s *stateFlow) output() *shape {
	out, ok := s.outputs[s.st.Resource]
	if !ok {
		out = anything
		if s.results != nil {
			out = knownOutput(s.st.Resource, s.results(s.st.Resource))
		}
		if out == anything {
			out = outputOf(s.st.Resource)
		}
		s.outputs[s.st.Resource] = out
	}
	return out
}
