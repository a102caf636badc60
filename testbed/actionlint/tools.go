//go:build tools

// Package actionlint pins the program that testbed/tools builds, with all that it is made of: it has no code of its own.
package actionlint

import _ "github.com/rhysd/actionlint/cmd/actionlint"
