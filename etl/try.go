package etl

import "sync"

// Try declares datasets for a test, those of a name that is declared in its place and others before all, until restore is called. The error
// is of the declarations. Nothing else may use the package meanwhile.
func Try(tried ...Declaration) (restore func(), err error) {
	before, files := declarations, allFiles
	restore = func() { declarations, allFiles = before, files }
	all := append([]Declaration{}, before...)
	for _, d := range tried {
		known := false
		for i := range all {
			if all[i].Name == d.Name {
				all[i], known = d, true
			}
		}
		if !known {
			all = append([]Declaration{d}, all...)
		}
	}
	declarations, allFiles = all, sync.OnceValues(makeFiles)
	for _, d := range tried {
		if err := d.Check(); err != nil {
			restore()
			return nil, err
		}
	}
	return restore, nil
}
