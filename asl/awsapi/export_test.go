package awsapi

// Forget drops what was read, so that a benchmark reads it again.
func Forget() {
	loading.Lock()
	defer loading.Unlock()
	clear(loaded)
}
