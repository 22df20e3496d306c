package gocode

// HasService tells whether there are typed tasks in the package of that name.
func HasService(pkg string) bool { return packages()[pkg] != "" }

// OperationErrors is the table of errors by operation and name.
func OperationErrors() map[[2]string]string {
	m := map[[2]string]string{}
	for k, v := range operationErrors {
		m[[2]string{k.operation, k.name}] = v
	}
	return m
}
