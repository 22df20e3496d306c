package wire

// Hashed is for tests that log in by themselves.
var Hashed = hashed
