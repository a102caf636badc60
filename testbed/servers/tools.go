//go:build tools

// Package servers pins the programs that testbed/binaries builds: it has no code of its own.
package servers

import (
	_ "go.etcd.io/etcd/server/v3"
	_ "k8s.io/kubernetes/cmd/kube-apiserver"
)
