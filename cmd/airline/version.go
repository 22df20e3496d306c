package main

// version is the release that CHANGELOG.md describes first; airline --version prints it.
const version = "0.2.0"
