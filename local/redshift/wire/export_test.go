package wire

// Hashed is for tests that log in by themselves.
func Hashed(password, user string, salt [4]byte) string { return answer(Secret(password, user), salt) }
